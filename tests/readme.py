#!/usr/bin/python3
"""Runs the commands of README.md, so that they cannot rot: in its indented blocks, lines
that begin with footfall, build/footfall or a cat into it. Each must end with status 0; what
README shows behind a "$ " command must be lines of its output, in that order. It happens in
a scratch folder with build/footfall, samples/ and logs of the names that README uses.

    tests/readme.py FOOTFALL
"""

import gzip
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
STORE = "/var/lib/footfall"
COMMAND = re.compile(r"((build/)?footfall|z?cat \S+ \|.*footfall) ")
PLACEHOLDER = re.compile(r"\b(LOG|DIR|FILE|NAME|ROLLUP|COMMAND)\b")


def commands(text):
    """(command, lines shown behind it) of each command in an indented block."""
    found = []
    is_example = False
    for line in text.splitlines():
        if not line.startswith("    "):
            is_example = False
            continue
        line = line.strip()
        is_prompt = line.startswith("$ ")
        command = line.removeprefix("$ ")
        if COMMAND.match(command) and not PLACEHOLDER.search(command):
            found.append((command, []))
            is_example = is_prompt
        elif is_example and line != "...":
            found[-1][1].append(line)
    return found


def furnish(folder, footfall):
    """The folder that README's reader is in: a day of logs, plain and compressed."""
    for name in ("build", "archive", "store"):
        (folder / name).mkdir()
    (folder / "build" / "footfall").symlink_to(footfall)
    (folder / "footfall").symlink_to(footfall)
    (folder / "samples").symlink_to(ROOT / "samples")
    log = (ROOT / "samples" / "search.log").read_bytes()
    # The day is whole where its logs begin in its first hour.
    first = re.sub(rb":\d\d:\d\d:\d\d ", b":00:00:01 ", log.splitlines(True)[0])
    for name in ("access.log", "other.log"):
        (folder / name).write_bytes(first + log)
    for name in ("access.log.gz", "access.log.1.gz", "archive/old.gz"):
        with gzip.open(folder / name, "wb") as out:
            out.write(first + log)
    subprocess.run([footfall, "run", "access.log", "-o", "report.cbor"], cwd=folder,
                   capture_output=True, check=False)


def missing_lines(shown, printed):
    """The first line shown that does not come behind the one before it, or None."""
    rest = iter([line.strip() for line in printed.splitlines()])
    for line in shown:
        if line and line not in rest:
            return line
    return None


def trouble(command, shown, folder):
    command = command.replace(STORE, "store")
    if re.search("footfall serve ", command):  # it ends when it is told to
        command = "timeout --preserve-status 5 " + command
    run = subprocess.run(
        ["bash", "-o", "pipefail", "-c", 'PATH="$PWD:$PATH"\n' + command],
        cwd=folder, capture_output=True, text=True, errors="replace", check=False)
    if run.returncode:
        return f"exit {run.returncode}: {run.stderr.strip()}"
    line = missing_lines(shown, run.stdout)
    return f"does not print, or not in this order: {line}" if line else None


def main(footfall):
    readme = ROOT / "README.md"
    if not readme.exists():
        print("there is no README.md")
        return 77
    found = commands(readme.read_text(encoding="utf-8"))
    failed = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        furnish(folder, pathlib.Path(footfall).resolve())
        for command, shown in found:
            what = trouble(command, shown, folder)
            if what:
                failed += 1
                print(f"{command}\n    {what}")
    print(f"{len(found) - failed} commands of README.md ran, {failed} failed")
    return 1 if failed or not found else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
