# A log that cannot be opened stops the run before anything is written.
line 02 00:00:01 10.0.0.1 / >a.log
ln -s loop loop
try footfall run a.log missing.log -o x.json
try footfall run a.log/b.log
try footfall run loop
try footfall rollup --store s missing.log
try footfall report --store missing
try footfall report missing.cbor
try footfall inspect missing.cbor
ls
