# A campaign whose name is withheld and campaigns that are rare are one row, not two
# (found by tests/privacy: the rollup could not be written).
{
    busy 02
    for ((i = 1; i <= 20; i++)); do
        line 02 "02:00:01" "10.$i.0.2" '/?utm_source=a@b.example'
        line 02 "02:00:01" "10.$i.0.3" "/?utm_source=rare$i"
    done
} >a.log
footfall run "$late" -o x.cbor -o x.csv a.log
grep campaign x.csv
