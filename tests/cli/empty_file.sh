# No line at all: nothing to report, and nothing for the store.
: >a.log
try footfall run a.log
gzip -n a.log
try footfall run a.log.gz
try footfall run -
try footfall rollup --store s a.log.gz
