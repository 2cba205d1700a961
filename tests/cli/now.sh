# A day is over ten minutes after its end by the clock, or when the logs go on.
busy 02 >a.log
for now in 2026-03-02T12:00:00Z 2026-03-03T00:09:59Z 2026-03-03T00:10:00Z; do
    footfall run --now $now -o x.json a.log
    lines <x.json
    footfall rollup --now $now --store s a.log
done
ls s/site
