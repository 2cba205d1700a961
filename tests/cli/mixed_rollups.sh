# Rollups of two sites, two lengths, or one day twice make no report.
busy 02 >a.log
footfall run "$late" -o a.cbor a.log
footfall run "$late" --site other -o other.cbor a.log
footfall run "$late" --period week -o week.cbor a.log
try footfall report a.cbor other.cbor
try footfall report a.cbor week.cbor
try footfall report a.cbor a.cbor
footfall rollup "$late" --store s --site a.example a.log
footfall rollup "$late" --store s --site b.example a.log
try footfall report --store s
footfall report --store s --site b.example | head -n 1
try footfall report --store s --site c.example
try footfall report --store s --site b.example --from 2026-03-03
