#!/usr/bin/python3
"""A guard against getting slower: instructions a line, which do not depend on how busy
the machine is.

    tests/bench/instructions.py FOOTFALL

Callgrind counts what `footfall run` executes on a simulated log and on one twice as
long; the difference, by the lines, must stay under a ceiling. It knows no AVX-512, so
the same is counted on every machine with AVX2. Prints the figures; exit 1 over one of
the ceilings, 77 (skipped) without valgrind.
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
from typing import List

import logs

SIMULATE = pathlib.Path(__file__).resolve().parent.parent / "sim/simulate.py"
SITE = "www.example.org"
LINES = 20000
# What it is now and a tenth more. Lower them when it gets faster.
CEILINGS = {"combined": 1870, "gz": 2530, "json": 2780}


def count(footfall: str, log: pathlib.Path, folder: pathlib.Path) -> int:
    done = subprocess.run(
        ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/callgrind",
         footfall, "run", "--jobs", "1", str(log), "--site", SITE, "-o",
         str(folder / "out.cbor")], capture_output=True, text=True, check=True)
    match = re.search(r"refs:\s+([\d,]+)", done.stderr)
    assert match, done.stderr
    return int(match.group(1).replace(",", ""))


def main(arguments: List[str]) -> int:
    if not shutil.which("valgrind"):
        print("no valgrind")
        return 77
    is_good = True
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        subprocess.run([sys.executable, SIMULATE, "--seed", "instructions", "--days",
                        "1", "--visitors", "2100", "--site", SITE, "--no-truth",
                        "--jobs", "1", "--out", folder], check=True,
                       stderr=subprocess.DEVNULL)
        lines = (folder / "access.log").read_bytes().splitlines(keepends=True)
        assert len(lines) >= 2 * LINES
        for name, ceiling in CEILINGS.items():
            counts = []
            for size in (LINES, 2 * LINES):
                log = folder / f"{size}.log"
                log.write_bytes(b"".join(lines[:size]))
                if name == "json":
                    log = logs.rewrite(log, name)
                elif name == "gz":
                    subprocess.run(["gzip", "-f", log], check=True)
                    log = folder / f"{size}.log.gz"
                counts.append(count(arguments[0], log, folder))
            each = (counts[1] - counts[0]) / LINES
            print(f"{name}: {each:.0f} instructions a line, at most {ceiling}")
            is_good &= each <= ceiling
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
