# Days are those of --tz, the report says so, and two zones are not added up.
line 02 23:30:00 10.0.0.1 / >a.log
footfall run --tz Asia/Tokyo "$late" a.log -o tokyo.cbor -o tokyo.json 2>/dev/null
footfall run "$late" a.log -o utc.cbor -o - 2>/dev/null | grep -e '"time_zone"' -e '"from"'
grep -e '"time_zone"' -e '"from"' tokyo.json
footfall report tokyo.cbor | grep 'Time zone'
footfall report tokyo.cbor -o page.html && grep -o '(Asia/Tokyo)' page.html | head -n 1
try footfall report utc.cbor tokyo.cbor
# A log of another zone is a reason to say so, but for who has named one.
sed 's/+0000/+0530/' a.log >b.log
try footfall run "$late" b.log >out
try footfall run "$late" --tz UTC b.log >out
