# A pipe whose beginning failed says why once, and leaves no store behind.
footfall ingest no/such.log | footfall aggregate --store none
echo "status ${PIPESTATUS[*]}"
footfall aggregate --store none </dev/null
echo "status $?"
[ ! -e none ]
