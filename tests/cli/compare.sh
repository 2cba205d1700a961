# --compare shows a second span: it has the figures of a report on it alone, and the
# first span keeps its own.
{ simulate 2025-03-03 2; simulate 2026-03-02 6; } >a.log
footfall rollup --now 2027-01-01T00:00:00Z --store s --site www.example.org a.log
# Usage: held FROM TO OTHER OTHER_FROM OTHER_TO
held() {
    echo "$1 $2 $3"
    footfall report --store s --from "$1" --to "$2" --compare "$3" -o x.json -o x.csv
    footfall report --store s --from "$4" --to "$5" -o y.json
    compared x.json y.json
    footfall report --store s --from "$1" --to "$2" -o z.json -o z.csv
    cmp x.csv z.csv
    diff <(sed '/^  "comparison"/,$d' x.json) <(sed '/^  "comparison"/,$d' z.json)
}
held 2026-03-05 2026-03-07 previous 2026-03-02 2026-03-04
held 2026-03-07 2026-03-07 previous 2026-03-06 2026-03-06
held 2026-03-02 2026-03-03 year 2025-03-03 2025-03-04
held 2026-03-06 2026-03-07 2026-03-02..2026-03-05 2026-03-02 2026-03-05
held 2026-03-02 2026-03-03 2026-03-04..2026-03-04 2026-03-04 2026-03-04
# Both spans may have days in common.
held 2026-03-03 2026-03-05 2026-03-02..2026-03-04 2026-03-02 2026-03-04
# A store that ends sooner than what was asked for: two days, so two days before.
footfall report --store s --from 2026-03-06 --to 2026-03-31 --compare previous -o x.json
compared x.json
footfall report --store s --from 2026-03-05 --compare previous | sed -n '4,7p'
footfall report --store s --from 2026-03-06 --to 2026-03-07 \
    --compare 2026-03-02..2026-03-05 | sed -n '4,5p'
# The same from files, in any order.
footfall report --from 2026-03-05 --compare previous -o x.json \
    $(printf '%s\n' s/www.example.org/2026-*.cbor | tac)
compared x.json
