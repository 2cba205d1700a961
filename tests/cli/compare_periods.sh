# Weeks are held against weeks, months against months, however many days these have.
for day in 02 09 16 23; do busy $day; done >a.log
footfall rollup "$late" --period week --store weeks a.log
footfall report --store weeks --from 2026-03-16 --compare previous -o x.json
compared x.json
# From the middle of a week on, and named days: whole weeks only.
footfall report --store weeks --from 2026-03-12 --to 2026-03-22 \
    --compare 2026-02-25..2026-03-10 -o x.json
compared x.json
footfall report --store weeks --from 2026-03-16 --compare previous | sed -n '4p'
may=--now=2026-05-01T00:00:00Z
for month in Jan Feb Mar; do busy 02 | sed "s|/Mar/|/$month/|"; done >b.log
busy 02 | sed 's|/Mar/2026|/Mar/2025|' >c.log
footfall rollup "$may" --period month --partial --store months b.log
footfall rollup "$may" --period month --partial --store months c.log
footfall report --store months --from 2026-02-01 --to 2026-02-28 --compare previous -o x.json
compared x.json
footfall report --store months --from 2026-03-01 --compare previous -o x.json
compared x.json
footfall report --store months --from 2026-03-01 --compare year -o x.json
compared x.json
footfall report --store months --from 2026-01-01 --compare year | sed -n '4,6p'
