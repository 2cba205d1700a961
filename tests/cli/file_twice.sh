# The same file named twice (duplicates by content are a later issue).
busy 02 >a.log
footfall run "$late" -o x.json a.log a.log
lines <x.json
