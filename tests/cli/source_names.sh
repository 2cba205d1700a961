# A referrer's domain that looks like personal data is counted, not named: what run
# writes stands in audit.
{
    busy 02
    for i in {1..60}; do
        for domain in 4111111111111111.example xn--80ahbyhddgb3aa.example 1234567.example \
            blog.example.org; do
            line 02 "01:$(printf %02d "$((i - 1))"):00" "10.$i.0.1" /p |
                sed "s|\"-\"|\"https://$domain/x\"|; s|537.36\"|$domain\"|"
        done
    done
} >a.log
footfall run "$late" --site x.example -o a.cbor -o a.csv a.log
grep ,sources,.*visits a.csv
try footfall audit a.cbor | sed 's|[0-9]* checks|checks|'
