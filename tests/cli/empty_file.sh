# No line at all: nothing to report, and nothing for the store.
: >a.log
try footfall run --now 2026-03-03T00:00:00Z a.log
gzip -n a.log
try footfall run --now 2026-03-03T00:00:00Z a.log.gz
try footfall run --now 2026-03-03T00:00:00Z -
try footfall rollup --now 2026-03-03T00:00:00Z --store s a.log.gz
