# Read before each case: small logs to run on. All days are in March 2026.
# shellcheck shell=bash disable=SC2034 # the cases use these

agent='Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)'
agent+=' Chrome/126.0.0.0 Safari/537.36'
late='--now=2026-04-01T00:00:00Z'

# One combined line. Usage: line DAY TIME CLIENT PATH [STATUS]
line() {
    printf '%s - - [%s/Mar/2026:%s +0000] "GET %s HTTP/1.1" %s 100 "-" "%s"\n' \
        "$3" "$1" "$2" "$4" "${5:-200}" "$agent"
}

# Sixty visitors of sixty networks who see two pages, from the day's first minute on.
# Usage: busy DAY
busy() {
    local i
    for ((i = 1; i <= 60; i++)); do
        line "$1" "00:$(printf '%02d' "$((i - 1))"):01" "10.$i.0.1" /
        line "$1" "00:$(printf '%02d' "$((i - 1))"):09" "10.$i.0.1" /about
    done
}

# Runs a command and says how it ended.
try() {
    "$@"
    echo "exit $?"
}

# What a JSON report on stdin says of its lines.
lines() {
    /usr/bin/python3 -c '
import json, sys
report = json.load(sys.stdin)
lines = {k: v for k, v in report["reconciliation"].items() if v and type(v) is int}
print(report["from"], report["to"], report["period"], lines,
      "provisional" if report["provisional"] else "")'
}

# A simulated log of some days of www.example.org. Usage: simulate FIRST_DAY DAYS >LOG
simulate() {
    local out
    out=$(mktemp -d -p .)
    /usr/bin/python3 "${BASH_ENV%/cli/*}/sim/simulate.py" --no-truth --seed "$1" \
        --start "$1" --days "$2" --visitors 90 --out "$out" 2>simulate.txt
    cat "$out/access.log"
    rm -r "$out"
}

# What a JSON report is compared with, and whether that is what a report on those days
# alone says. Usage: compared REPORT [ALONE]
compared() {
    /usr/bin/python3 -c '
import json, sys
report, *alone = [json.load(open(name)) for name in sys.argv[1:]]
other = report["comparison"]
print(report["from"], report["to"], "with", other["from"], other["to"],
      "periods", other["periods"], "of", report["period"])
for one in alone:
    same = [other[name] == one[name] for name in ("from", "to", "totals", "tables")]
    print("as by itself:", same, other["periods"] == len(one["days"]))' "$@"
}

# The data that a page holds, as JSON. Usage: unpack_page PAGE
unpack_page() {
    /usr/bin/python3 -c '
import base64, re, sys, zlib
page = open(sys.argv[1], encoding="utf-8").read()
block = re.search("<script [^>]*id=\"data\">([^<]*)</script>", page)[1]
sys.stdout.write(zlib.decompress(base64.b64decode(block)).decode("utf-8"))' "$1"
}
