# No standard output at all.
busy 02 >a.log
footfall run "$late" a.log >&-
echo "exit $?"
footfall run "$late" -o x.json a.log >&- && lines <x.json
