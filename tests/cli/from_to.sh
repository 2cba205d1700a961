# Days that are not asked for are outside.
for day in 02 03 04; do busy $day; done >a.log
for days in '--from=2026-03-03' '--to=2026-03-03' '--from=2026-03-03 --to=2026-03-03' \
    '--from=2026-04-01'; do
    echo "$days"
    # shellcheck disable=SC2086 # two words
    try footfall run "$late" $days -o x.json a.log
    [[ ! -e x.json ]] || lines <x.json
    rm -f x.json
done 2>&1
