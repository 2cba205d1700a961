#!/usr/bin/python3
"""Sums up a meson testlog.json: what failed with what it printed, what was skipped and
why, and a last line "N passed, N failed[, N skipped]"."""

import json
import sys

SHOWN_LINES = 60
PASSED = {"OK", "EXPECTEDFAIL"}


def tail(text):
    return "\n".join("    " + line for line in text.splitlines()[-SHOWN_LINES:])


def main(path):
    with open(path, encoding="utf-8") as log:
        tests = [json.loads(line) for line in log if line.strip()]
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    for test in tests:
        result = test["result"]
        printed = "\n".join(filter(None, [test.get("stdout"), test.get("stderr")]))
        if result in PASSED:
            counts["passed"] += 1
        elif result == "SKIP":
            counts["skipped"] += 1
            lines = printed.strip().splitlines()
            print(f"skipped {test['name']}: {lines[-1] if lines else 'no reason given'}")
        else:
            counts["failed"] += 1
            print(f"FAIL {test['name']} ({result}, {test['duration']:.1f} s)")
            print(tail(printed))
    slowest = max(tests, key=lambda test: test["duration"], default=None)
    if slowest and slowest["duration"] > 10:
        print(f"slowest: {slowest['name']}, {slowest['duration']:.0f} s")
    end = ", {skipped} skipped" if counts["skipped"] else ""
    print(("{passed} passed, {failed} failed" + end).format(**counts))


main(sys.argv[1])
