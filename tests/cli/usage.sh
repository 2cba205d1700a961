# What no command can make sense of is a usage error, told in a sentence.
line 02 00:00:01 10.0.0.1 / >a.log
try footfall nonsense 2>&1 | sed -n '1p;$p'
try footfall run
try footfall run --nonsense a.log
try footfall run -x a.log
try footfall run a.log -o
try footfall run a.log --site
try footfall rollup a.log
try footfall rollup --store
try footfall rollup --store s
try footfall rollup --store s --site ../up a.log
try footfall rollup --store s -o x.json a.log
try footfall report
try footfall report --store s x.cbor
try footfall inspect
try footfall run --format nonsense a.log
ls
