# Weeks begin on Monday; a month is a month.
busy 01 >a.log
busy 02 >>a.log
busy 09 >>a.log
for period in day week month; do
    footfall run "$late" --period $period -o x.json a.log
    lines <x.json
    footfall rollup "$late" --period $period --store $period a.log
    find $period -type f | sort
done
