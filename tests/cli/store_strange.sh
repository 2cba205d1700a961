# What a newer footfall wrote, what is foreign and what is damaged is named and left out
# (exit status 3), of the comparison too; other files and folders are nobody's business.
for day in 02 03 04 05 06 09; do busy $day; done >a.log
footfall rollup "$late" --store s a.log
cd s/site || exit
printf '\2' | dd of=2026-03-05.internal.cbor bs=1 seek=20 conv=notrunc status=none
truncate -s -3 2026-03-03.internal.cbor
echo 'not a rollup' >2026-03-02.internal.cbor
cp 2026-03-09.internal.cbor 2026-03-10.internal.cbor
cat 2026-03-09.internal.cbor 2026-03-09.internal.cbor >2026-03-11.internal.cbor
mkdir 2026-03-12.internal.cbor
ln -s nowhere 2026-03-13.internal.cbor
: >2026-03-14.internal.cbor
echo text >README
mkdir 2025
cd ../..
try footfall report --store s -o x.json
lines <x.json
try footfall report --store s --from 2026-03-04 --to 2026-03-05 --compare previous \
    -o x.json
lines <x.json
compared x.json
try footfall report --store s --from 2026-03-05 --to 2026-03-05
