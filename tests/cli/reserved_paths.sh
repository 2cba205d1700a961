# Requested paths that look like what rare ones fold into.
{
    busy 02
    for ((i = 1; i <= 20; i++)); do
        line 02 "02:00:01" "10.$i.0.2" '/blog/*'
        line 02 "02:00:02" "10.$i.0.2" '/(other)'
        line 02 "02:00:03" "10.$i.0.2" "/blog/post-$i"
    done
} >a.log
footfall run "$late" -o x.cbor -o x.csv a.log
grep -E ',pages,.*page_views' x.csv
