# A rollup that is given by name must be whole.
busy 02 >a.log
footfall run "$late" -o x.cbor a.log
head -c 100 x.cbor >cut.cbor
{ cat x.cbor; echo; } >more.cbor
: >empty.cbor
for name in cut more empty; do
    try footfall report $name.cbor
    try footfall inspect $name.cbor | tail -n 1
done
try footfall report a.log
