# Corrupt in its middle, and with a wrong checksum.
busy 02 >a.log
gzip -n <a.log >a.gz
size=$(stat -c %s a.gz)
{ head -c $((size / 2)) a.gz; printf '\377\377\377\377\377\377\377\377'
    tail -c +$((size / 2 + 9)) a.gz; } >middle.gz
{ head -c $((size - 8)) a.gz; printf 'abcd'; tail -c 4 a.gz; } >sum.gz
try footfall run "$late" -o x.json middle.gz 2>&1 | grep -o 'middle.gz: corrupt at byte'
try footfall run "$late" -o sum.json sum.gz
lines <sum.json
