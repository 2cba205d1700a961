# Half of the page views are on pages that one visitor saw: one sentence a run, which
# names the longer period if there is one.
for day in 2 3 4; do
    busy 0$day | sed "s|^10|1$day|" | awk '{ sub("/about", "/rare" NR "/") } 1'
done >a.log
for period in day week month; do
    try footfall run "$late" --geo none --period $period -o $period.json a.log
done
busy 02 >b.log
try footfall run "$late" --geo none -o none.json b.log
