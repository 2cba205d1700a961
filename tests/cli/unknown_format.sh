# A file in no known format counts as malformed whole; the others are counted.
for ((i = 0; i < 50; i++)); do echo "nothing like a log $i"; done >odd.log
busy 02 >a.log
try footfall run "$late" odd.log
try footfall run "$late" -o x.json odd.log a.log
lines <x.json
