# Days that the store does not have are said; if it has none of them, the exit status
# is 3.
for day in 02 04 05 06; do busy $day; done >a.log
footfall rollup "$late" --store s a.log
rm s/site/2026-03-03.internal.cbor
try footfall report --store s --from 2026-03-05 --to 2026-03-06 \
    --compare previous -o x.json -o x.txt -o x.html
compared x.json
sed -n '4,7p' x.txt
unpack_page x.html | grep -oE '"(span|compare)":[^]]*]'
for compare in year 2026-01-01..2026-01-31; do
    try footfall report --store s --from 2026-03-05 --compare $compare -o x.json \
        -o x.txt -o x.html
    compared x.json
    sed -n '4,5p' x.txt
    unpack_page x.html | grep -oE '"(span|compare)":[^]]*]'
    ! grep -q 'change' x.txt
done
