# When one report cannot be written, an older one in its place stays.
busy 02 >a.log
echo old >x.json
footfall run "$late" -o missing/x.csv -o x.json a.log
status=$?
cat x.json
ls
exit $status
