# Garbage behind a gzip member is damage; zeros are padding.
busy 02 | gzip -n >a.gz
{ cat a.gz; printf 'not gzip'; } >garbage.gz
{ cat a.gz; head -c 512 /dev/zero; } >padded.gz
try footfall run "$late" -o x.json garbage.gz
lines <x.json
try footfall run "$late" -o x.json padded.gz
lines <x.json
