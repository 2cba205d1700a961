#!/usr/bin/env bash
# Visits by footfall and by Debian's webalizer (30 minutes, as footfall's) on the same
# logs. Prints a line a log: its name, footfall's visits by humans, webalizer's visits.
#
#   tests/peers/webalizer.sh FOOTFALL LOG...
#
# Webalizer knows a visitor by address only, counts robots in, and begins a visit with a
# page by extension (.htm, .html, .php, .cgi, none), so it is meant to differ.
set -euo pipefail

(($# >= 2)) || {
    sed -n '2,/^set/{/^set/!s/^# \{0,1\}//p}' "$0"
    exit 2
}
command -v webalizer >/dev/null || {
    echo "no webalizer: apt-get install webalizer"
    exit 77
}
footfall=$(realpath "$1")
shift
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Months of Webalizer's history file: month, year, hits, files, sites, kB, first day,
# last day, pages, visits.
webalizer_visits() {
    local out
    out=$(mktemp -d -p "$scratch")
    printf '%s\n' 'VisitTimeout 1800' 'HistoryName history' >"$out/conf"
    (cd "$out" && webalizer -c conf -Q -o . -F clf -n site "$1") \
        >"$out/log" 2>&1 || true
    awk '$1 ~ /^[0-9]+$/ { visits += $10 } END { print visits + 0 }' "$out/history"
}

footfall_visits() {
    "$footfall" run --now 2030-01-01T00:00:00Z -o - "$1" 2>/dev/null |
        /usr/bin/python3 -c '
import json, sys
report = json.load(sys.stdin)
totals = report["totals"] or {"visits": "-"}
withheld = sum(day["visits"] is None for day in report["days"])
print(totals["visits"], f"({withheld} days withheld)" if withheld else "")'
}

printf '%-50s %10s %10s\n' log footfall webalizer
for log in "$@"; do
    log=$(realpath "$log")
    printf '%-50s %10s %10s\n' "$(basename "$log")" "$(footfall_visits "$log")" \
        "$(webalizer_visits "$log")"
done
