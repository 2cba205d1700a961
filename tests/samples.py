#!/usr/bin/python3
"""Runs footfall on samples/*.log and compares the JSON report with samples/*.expected,
whose form samples/README.md describes. Prints what differs; exit 1 if anything does.

    tests/samples.py FOOTFALL [NAME...]
"""

import json
import pathlib
import re
import subprocess
import sys

SAMPLES = pathlib.Path(__file__).resolve().parent.parent / "samples"
KINDS = ["page_views", "assets", "downloads", "download_parts", "other_ok", "redirects",
         "client_errors", "server_errors"]
CLASSES = (["human", "robots", "malformed", "duplicate", "outside", "excluded", "blank"]
           + ["human_by_kind." + kind for kind in KINDS]
           + ["robots_by_class." + name
              for name in ("declared", "ai", "scanner", "behaving")])


def read_expected(path):
    """Options, exit status, and a dict from path to the value as JSON writes it."""
    options, status = [], 0
    values = {"reconciliation." + name: "0" for name in CLASSES}
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        match = re.fullmatch(r"(\S+?(?:\[[^]]*\]\S*)?) (.+)", line)
        if not match:
            raise ValueError(f"{path}: cannot read '{line}'")
        name, value = match.groups()
        if name == "options":
            options = value.split()
        elif name == "exit":
            status = int(value)
        else:
            values[name] = value
    return options, status, values


def row_of(items, key):
    """The row of a table, or the day of a list, that `key` names."""
    for item in items:
        if item.get("key", item.get("date")) == key:
            return item
    return None


def look_up(report, path):
    """The value at a path such as tables.pages[/about].visits, as JSON writes it."""
    value = report
    match = re.fullmatch(r"([^[]*)(?:\[([^]]*)\])?\.?(.*)", path)
    before, key, after = match.groups()
    for name in before.split("."):
        value = value[name]
    if key is not None:
        value = row_of(value["rows"] if isinstance(value, dict) else value, key)
        if value is None:
            return "no such row"
        for name in filter(None, after.split(".")):
            value = value[name]
    return value if isinstance(value, str) else json.dumps(value)


def differences(footfall, name):
    options, status, values = read_expected(SAMPLES / f"{name}.expected")
    command = [footfall, "run", *options, str(SAMPLES / f"{name}.log"), "-o", "-"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode != status:
        yield f"exit {run.returncode}, not {status}: {run.stderr.strip()}"
    if not run.stdout:
        return
    report = json.loads(run.stdout)
    for path, expected in values.items():
        try:
            found = look_up(report, path)
        except (KeyError, TypeError):
            found = "not there"
        if found != expected:
            yield f"{path}: {found}, not {expected}"


def main(footfall, names):
    names = names or sorted(path.stem for path in SAMPLES.glob("*.expected"))
    failed = 0
    for name in names:
        found = list(differences(footfall, name))
        failed += bool(found)
        for line in found:
            print(f"{name}: {line}")
    print(f"{len(names) - failed} samples as expected, {failed} not")
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2:]))
