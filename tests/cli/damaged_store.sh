# A damaged, a foreign and a newer-looking file in the store are told and left out.
for day in 02 03 04 05; do busy $day; done >a.log
footfall rollup "$late" --store s a.log
truncate -s -3 s/site/2026-03-03.internal.cbor
echo 'not a rollup' >s/site/2026-03-04.internal.cbor
: >s/site/README
footfall report --store s -o x.json
status=$?
lines <x.json
exit $status
