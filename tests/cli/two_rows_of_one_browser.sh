# A browser without a version and rare versions of it are one row, not two.
safari() {
    sed "s|\"Mozilla.*|\"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) \
AppleWebKit/605.1.15 (KHTML, like Gecko) ${1}Safari/605.1.15\"|"
}
{
    busy 02
    for ((i = 1; i <= 20; i++)); do
        line 02 "02:00:01" "10.$i.0.2" / | safari ''
        line 02 "02:00:01" "10.$i.0.3" / | safari "Version/$i.0 "
    done
} >a.log
footfall run "$late" -o x.cbor -o x.csv a.log
grep browsers x.csv
