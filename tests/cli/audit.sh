# Good rollups hold; each way of tampering is found, and by the second reader too. What is
# for partners is good enough to be called internal.
rollup=${BASH_ENV%/cli/*}/rollup
for i in 1 2; do
    for page in / /about /user/x '/a/b%40c.de/'; do busy 02 | sed "s|10\.|1$i$i.|;s|GET /about|GET $page|"; done
done >a.log
for profile in internal partner; do
    footfall run "$late" --geo none --site example.org --profile $profile -o $profile.cbor a.log
    try footfall audit $profile.cbor
    mkdir $profile
    /usr/bin/python3 "$rollup/tamper.py" $profile.cbor $profile
    for bad in "$profile"/*.cbor; do
        footfall audit "$bad" 2>&1
        echo "$? and $(/usr/bin/python3 "$rollup/check_rollup.py" "$bad" >/dev/null 2>&1; echo $?)"
    done
done
cat internal.cbor internal.cbor >both.cbor
try footfall audit both.cbor internal/email.cbor missing.cbor
try footfall audit a.log
try footfall audit
