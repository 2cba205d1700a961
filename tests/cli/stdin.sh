# Standard input, packed or not.
busy 02 >a.log
footfall run "$late" -o a.cbor a.log
footfall run "$late" -o b.cbor - <a.log
gzip -c a.log | footfall run "$late" -o c.cbor -
cmp a.cbor b.cbor && cmp a.cbor c.cbor
