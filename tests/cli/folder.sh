# A folder stands for its files, hidden ones and folders in it left out; it is no rollup.
mkdir logs logs/older empty
busy 02 >logs/b.log
busy 03 | gzip >logs/a.log.gz
busy 04 >logs/.hidden.log
busy 05 >logs/older/c.log
footfall run "$late" -o x.json logs
lines <x.json
try footfall run empty
try footfall inspect logs
try footfall report logs
