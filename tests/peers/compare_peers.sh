#!/usr/bin/env bash
# What GoAccess, AWStats and Webalizer themselves make of a log, beside what
# `footfall explain` says that they would. Debian's packages, their own defaults.
#
#   tests/peers/compare_peers.sh FOOTFALL [LOG]
#
# LOG is in combined format; without one, a simulated week is taken. The log is counted
# as it is and again in order of time, without the lines that have none: AWStats and
# Webalizer drop lines that come out of order, and one of 25:61:12 makes AWStats drop
# hours. What is left then is due to their lists of robots and pages. Prints a line a
# tool and figure: what the tool counts, what explain says, the difference. The row of
# lines says how many lines the tool took: explain counts all that it can read.
set -euo pipefail

(($# == 1 || $# == 2)) || {
    sed -n '2,/^set/{/^set/!s/^# \{0,1\}//p}' "$0"
    exit 2
}
awstats=/usr/lib/cgi-bin/awstats.pl
for tool in goaccess webalizer "$awstats"; do
    command -v "$tool" >/dev/null || {
        echo "no $tool: apt-get install goaccess webalizer awstats"
        exit 77
    }
done
footfall=$(realpath "$1")
here=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

in_order() {
    /usr/bin/python3 -c '
import re, sys
from datetime import datetime
stamp = re.compile(rb"\[(\d\d/\w\w\w/\d{4}:\d\d:\d\d:\d\d) [+-]\d{4}\]")
lines = []
for line in sys.stdin.buffer:
    match = stamp.search(line)
    try:
        time = datetime.strptime(match[1].decode(), "%d/%b/%Y:%H:%M:%S")
    except (TypeError, ValueError):
        continue
    lines.append((time, line))
lines.sort(key=lambda pair: pair[0])
sys.stdout.buffer.writelines(line for _, line in lines)'
}

# Each prints: lines taken, visitors, visits.
goaccess_counts() {
    goaccess "$1" --log-format=COMBINED --no-ip-validation --num-tests=0 --no-progress \
        --no-global-config -o "$scratch/goaccess.json" >"$scratch/goaccess.out" 2>&1
    /usr/bin/python3 -c '
import json, sys
general = json.load(open(sys.argv[1]))["general"]
print(general["valid_requests"], general["unique_visitors"], "-")' \
        "$scratch/goaccess.json"
}

awstats_counts() {
    local dir=$scratch/awstats
    rm -rf "$dir" && mkdir "$dir"
    cat >"$dir/awstats.peer.conf" <<END
LogFile="$1"
LogType=W
LogFormat=1
SiteDomain="www.example.org"
DNSLookup=0
DirData="$dir"
NotPageList="css js class gif jpg jpeg png bmp ico rss xml swf eot woff woff2"
ValidHTTPCodes="200 304"
SkipHosts=""
END
    "$awstats" -config=peer -configdir="$dir" -update >"$dir/out"
    awk '/new qualified records/ { lines = $2 }
         $1 == "TotalUnique" { visitors += $2 }
         $1 == "TotalVisits" { visits += $2 }
         END { print lines, visitors + 0, visits + 0 }' "$dir/out" "$dir"/awstats0*.txt
}

webalizer_counts() {
    local dir=$scratch/webalizer
    rm -rf "$dir" && mkdir "$dir"
    printf '%s\n' 'VisitTimeout 1800' 'HistoryName history' 'PageType htm*' \
        'PageType cgi' 'PageType php' 'PageType php3' >"$dir/conf"
    (cd "$dir" && webalizer -c conf -Q -o . -F clf -n site "$1") >"$dir/log" 2>&1 ||
        true
    awk '$1 ~ /^[0-9]+$/ { hits += $3; sites += $5; visits += $10 }
         END { print hits + 0, sites + 0, visits + 0 }' "$dir/history"
}

# lines, visitors and visits as explain says them for a tool.
explained() {
    awk -v tool="$1" '
        { gsub(",", "") }
        /^  lines  +[0-9]+  +100.0 %/ { lines = $2 }
        $1 == tool && $2 ~ /^[0-9]+$/ { print lines, $2, $3 }' "$scratch/explained"
}

row() {
    awk -v name="$1" -v real="$2" -v said="$3" 'BEGIN {
        difference = real ~ /^[0-9]+$/ && said ~ /^[0-9]+$/ && real > 0 \
            ? sprintf("%+.2f %%", 100 * (said - real) / real) : "-"
        printf "%-24s %12s %12s %10s\n", name, real, said, difference }'
}

compare() {
    local tool real said
    "$footfall" explain "$2" >"$scratch/explained" 2>/dev/null || (($? == 3))
    printf '\n%s\n%-24s %12s %12s %10s\n' "$1" '' 'the tool' explain difference
    for tool in GoAccess AWStats Webalizer; do
        read -ra real < <("${tool,,}_counts" "$2")
        read -ra said < <(explained "$tool")
        row "$tool lines" "${real[0]}" "${said[0]}"
        row "$tool visitors" "${real[1]}" "${said[1]}"
        [[ $tool == GoAccess ]] || row "$tool visits" "${real[2]}" "${said[2]}"
    done
}

log=${2:-}
if [[ ! $log ]]; then
    /usr/bin/python3 "$here/../sim/simulate.py" --seed peers --days 7 --visitors 2000 \
        --start 2026-03-02 --no-truth --out "$scratch/sim" >/dev/null 2>&1
    log=$scratch/sim/access.log
fi
log=$(realpath "$log")
goaccess --version | head -n 1
dpkg-query -W -f '${Package} ${Version}\n' awstats webalizer 2>/dev/null || true
in_order <"$log" >"$scratch/in_order.log"
compare 'The log as it is' "$log"
compare 'The same lines in order of time' "$scratch/in_order.log"
