# Several reports from one run; "-" is JSON on stdout.
busy 02 >a.log
footfall run "$late" -o x.json -o x.csv -o x.html -o x.txt -o x.cbor -o - a.log >stdout
cmp stdout x.json
head -c 15 x.html
echo
head -n 1 x.csv
head -n 1 x.txt
footfall run "$late" a.log | cmp - x.txt
footfall report x.cbor -o y.json && cmp x.json y.json
ls
