# A report does not go over what it is made of.
busy 02 >log.txt
ln -s log.txt other.csv
try footfall run "$late" -o log.txt log.txt
try footfall run "$late" -o other.csv log.txt
footfall run "$late" -o x.cbor log.txt
try footfall report -o x.cbor x.cbor
wc -l <log.txt
