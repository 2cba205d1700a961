# Half a gzip file: what was there is counted, and stderr says where it ends.
busy 02 | gzip -n >a.gz
head -c 500 a.gz >cut.gz
footfall run "$late" -o x.json cut.gz
status=$?
lines <x.json
exit $status
