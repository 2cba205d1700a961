# A report over a store says what the run over the same logs says, for days, weeks and
# months, and for each of several sites.
simulate 2026-03-28 5 >a.log
for period in day week month; do
    for site in www.example.org other.example; do
        footfall rollup --now 2026-06-01T00:00:00Z --period $period --partial \
            --store $period --site $site a.log 2>/dev/null
        footfall run --now 2026-06-01T00:00:00Z --period $period --site $site \
            -o run.json a.log
        footfall report --store $period --site $site -o store.json
        /usr/bin/python3 -c '
import json
run, store = json.load(open("run.json")), json.load(open("store.json"))
print(store["site"], store["from"], store["to"], len(store["days"]), "x",
      store["period"], "same" if run == store else "differ")'
    done
done
try footfall report --store day
# Whole periods between the days: no week or month is cut.
footfall report --store week --site other.example --from 2026-03-24 | sed -n '1p'
footfall report --store month --site other.example --to 2026-04-29 | sed -n '1p'
footfall report --store day --site other.example --from 2026-03-29 --to 2026-03-31 |
    sed -n '1p'
try footfall report --store month --site other.example --from 2026-03-02 --to 2026-04-29
