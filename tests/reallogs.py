#!/usr/bin/python3
"""Runs footfall over the real logs that lie beside the project, where they do: no
crash, and every line in a class. Prints counts, never a line.

    tests/reallogs.py FOOTFALL [FOLDER]

Exit status 77 (skipped) where there is no such folder.
"""

import json
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
FOLDER = HERE.parent.parent / "shared" / "data" / "logs"
# Logs of which nearly every line must be read.
GOOD = ("apache-combined-elastic-10k", "apache-combined-hurence")
NOW = ["--now", "2030-01-01T00:00:00Z"]
KINDS = ("human", "robots", "malformed", "duplicate", "outside", "excluded", "blank")


def lines_in(path: pathlib.Path) -> int:
    """Lines, one without an end at the file's end included."""
    data = path.read_bytes()
    return data.count(b"\n") + (not data.endswith(b"\n") and len(data) > 0)


def run(footfall: str, *arguments) -> subprocess.CompletedProcess:
    return subprocess.run([footfall, *map(str, arguments)], capture_output=True,
                          check=False, timeout=300)


def fault_of(path: pathlib.Path, footfall: str) -> str:
    """Runs one file in both ways; "" or what is wrong. Prints its counts."""
    done = run(footfall, "run", *NOW, "-o", "-", path)
    error = done.stderr.decode("utf-8", "replace")
    if "Sanitizer" in error or "runtime error" in error:
        return error
    if done.returncode == 1 and "nothing to report" in error:
        print(f"{path.name}: {lines_in(path)} lines, none in a format we know")
        return ""
    if done.returncode not in (0, 3):
        return f"exit {done.returncode}: {error}"
    lines = json.loads(done.stdout)["reconciliation"]
    print(f"{path.name}: " + ", ".join(f"{lines[kind]} {kind}" for kind in KINDS
                                       if lines[kind]))
    if lines["lines"] != lines_in(path):
        return f"{lines['lines']} lines reported, {lines_in(path)} in the file"
    if lines["lines"] != sum(lines[kind] for kind in KINDS):
        return "the classes do not add up to the lines"
    if path.name.startswith(GOOD) and lines["malformed"] * 1000 >= lines["lines"]:
        return f"{lines['malformed']} of {lines['lines']} lines malformed"
    text = run(footfall, "run", *NOW, "--period", "month", path)
    if text.returncode not in (0, 3):
        return f"text by month: exit {text.returncode}: {text.stderr.decode('utf-8')}"
    return ""


def main(arguments) -> int:
    footfall = str(pathlib.Path(arguments[0]).resolve())
    folder = pathlib.Path(arguments[1]) if len(arguments) > 1 else FOLDER
    logs = sorted(path for path in folder.glob("*") if path.suffix in (".log", ".gz"))
    if not logs:
        print(f"no logs in {os.path.relpath(folder)}: real logs are not tried")
        return 77
    faults = [f"{path.name}: {fault}" for path in logs
              for fault in [fault_of(path, footfall)] if fault]
    together = run(footfall, "run", *NOW, "-o", "-", *logs)
    if together.returncode not in (0, 3):
        faults.append(f"all at once: exit {together.returncode}")
    else:
        lines = json.loads(together.stdout)["reconciliation"]["lines"]
        if lines != sum(map(lines_in, logs)):
            faults.append(f"all at once: {lines} lines of {sum(map(lines_in, logs))}")
    for fault in faults:
        print(fault)
    print(f"{len(logs)} logs, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
