# Two profiles of one day in a store; a report reads the one that is asked for.
busy 02 >a.log
busy 02 | sed 's/10\.\([0-9]*\)\.0\.1/10.1\1.0.1/' >>a.log
line 02 01:00:00 10.1.0.1 /rare >>a.log
line 02 01:00:00 10.2.0.1 /gone 404 >>a.log
for profile in internal partner; do
    try footfall rollup "$late" --geo none --profile $profile --store s a.log
    footfall report --store s --profile $profile -o - | lines
done
ls s/site
footfall report --store s --profile partner -o x.json -o x.txt -o x.html
grep -o '"profile": .*' x.json
grep -A 1 'Profile partner' x.txt
unpack_page x.html | grep -o '"profile":"partner"'
grep -c 'data sent\|Not found\|Response times' x.txt
try footfall report s/site/*.cbor
footfall run "$late" --geo none --profile partner -o y.cbor a.log
cmp y.cbor s/site/2026-03-02.partner.cbor
# Floors.
try footfall run --profile public a.log
try footfall run --k 9 a.log
try footfall run --profile partner --k 19 a.log
try footfall run --profile partner --k 22 a.log
try footfall rollup --store s --period month --kn 14 a.log
footfall run "$late" --k 25 --kn 6 -o - a.log | grep '"kn*"'
