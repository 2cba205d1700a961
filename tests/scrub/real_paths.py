#!/usr/bin/python3
"""How many paths of the real logs that lie beside the project are changed, by which
rule: a rule that hides much of what sites really have does not see personal data but
things. Prints counts, never a path.

    tests/scrub/real_paths.py READ_KEYS [FOLDER]

Exit status 77 (skipped) where there is no such folder; 1 where a rule changes more than
its share (LIMITS, per mille) of the distinct paths of pages, downloads and what was not
found. The limits are what a reading of the changed ones found to be right, with room.
"""

import collections
import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
FOLDER = HERE.parent.parent.parent / "shared" / "data" / "logs"
REQUEST = re.compile(rb'"(?:GET|HEAD|POST) (\S[^"]*?)(?: HTTP/[\d.]+)?"')
# {long}: lists of filters as one segment, of a shop.
LIMITS = {"{long}": 20, "{num}": 6, "{id}": 5, "{token}": 3, "{ip}": 3, "(invalid)": 3}
OTHERS = 1  # any rule not named


def targets_of(logs: list) -> list:
    """Distinct paths, in order; queries and fragments cut off."""
    found = (REQUEST.search(line) for log in logs
             for line in log.read_bytes().splitlines())
    return sorted({re.split(rb"[?#]", match[1])[0] for match in found if match})


def main(arguments: list) -> int:
    folder = pathlib.Path(arguments[1]) if len(arguments) > 1 else FOLDER
    logs = sorted(folder.glob("*.log"))
    if not logs:
        print(f"no logs in {os.path.relpath(folder)}: real paths are not tried")
        return 77
    targets = targets_of(logs)
    done = subprocess.run([arguments[0], "key"], check=True, capture_output=True,
                          input=b"".join(target + b"\n" for target in targets))
    kept = [line.split(b"\t", 1) for line in done.stdout.split(b"\n")[:-1]]
    assert len(kept) == len(targets)
    keys = [key.decode() for kind, key in kept if kind != b"asset"]
    changed = collections.Counter()
    for key in keys:
        rules = set(re.findall(r"\{[a-z]+\}|^\(invalid\)$", key))
        changed.update(rules)
        changed["any"] += bool(rules)
    print(f"{len(keys)} distinct paths, {changed.pop('any')} changed:",
          ", ".join(f"{rule} {n}" for rule, n in changed.most_common()))
    over = [rule for rule, n in changed.items()
            if n * 1000 > LIMITS.get(rule, OTHERS) * len(keys)]
    print("more than their share:", ", ".join(over) or "none")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
