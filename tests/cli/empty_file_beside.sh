# An empty file beside others changes nothing.
busy 02 >a.log
: >b.log
footfall run "$late" -o a.cbor a.log
footfall run "$late" -o b.cbor b.log a.log
cmp a.cbor b.cbor
