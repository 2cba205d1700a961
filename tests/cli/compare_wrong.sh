# Spans that are none, and rollups that cannot be compared.
for day in 02 03 09; do busy $day; done >a.log
footfall rollup "$late" --store s a.log
for compare in '' yesterday previous..year 2026-03-02 2026-03-02.. ..2026-03-02 \
    2026-03-03..2026-03-02 2026-02-30..2026-03-01 2026-03-02...2026-03-03 \
    2026-03-02..2026-03-03..2026-03-04 10000-01-01..10000-01-02; do
    try footfall report --store s --compare "$compare"
done
footfall rollup "$late" --period week --store weeks a.log
try footfall report --store weeks --compare 2026-03-03..2026-03-09
footfall run "$late" --period month --to 2026-03-31 -o month.cbor a.log
try footfall report month.cbor --compare 2026-03-03..2026-04-29
footfall run "$late" --tz Asia/Kolkata --from 2026-03-02 --to 2026-03-02 -o zone.cbor a.log
try footfall report --from 2026-03-03 --compare previous s/site/2026-03-03*.cbor zone.cbor
try footfall run --compare previous a.log
try footfall report --from 0001-01-01 --compare 0000-12-01..0000-12-02 s/site/*.cbor
