# Output that cannot be written is an error, in every way of writing.
busy 02 >a.log
footfall run "$late" -o x.cbor a.log
footfall run "$late" a.log >/dev/full
echo "exit $?"
footfall run "$late" -o - a.log >/dev/full
echo "exit $?"
footfall run "$late" -o /dev/full a.log
echo "exit $?"
footfall report x.cbor >/dev/full
echo "exit $?"
footfall inspect x.cbor >/dev/full
echo "exit $?"
footfall --version >/dev/full
echo "exit $?"
footfall --help >/dev/full
echo "exit $?"
footfall run --help >/dev/full
echo "exit $?"
