#!/usr/bin/python3
"""Hostile keys in a rollup are inert in each export, seen by who reads it.

    tests/schema/hostile.py FOOTFALL

No log can give such keys, since they are scrubbed; but a rollup may be anybody's. Keys of
a good rollup become markup, formulas, terminal escapes, marks that turn the reading
direction and very long ones; then JSON, CSV, XLSX and text are parsed: as many rows,
nothing a formula, nothing that a terminal acts on. (tests/browser has the page.)
"""

import csv
import json
import pathlib
import subprocess
import sys
import tempfile
import unicodedata
from typing import Any, List

import cbor2
import openpyxl

SAMPLE = pathlib.Path(__file__).resolve().parent.parent.parent / "samples/search.log"
KEYS = ["<script>alert(1)</script>", "</script><img src=x onerror=alert(1)>",
        "=cmd|' /C calc'!A0", "+1+1", "-1-1", "@SUM(A1)", "=HYPERLINK(\"http://x\")",
        "/a\u202eb", "/\u2066x\u2069", "/\ufeff", "\uff1d1+1", "{{7*7}}", "/\"quote\",comma",
        "'", "/" + "x" * 1000, "/%s%n", "&amp;&lt;", "]]>", "/\u2028line"]
PAGES, BODY, TABLES = 0, 3, 2


def make_hostile(path: pathlib.Path, n: int) -> List[str]:
    """Puts keys in the place of the rows of pages, in the order that rollups have."""
    rollup = cbor2.loads(path.read_bytes())
    table = rollup[BODY][TABLES][PAGES]
    total = table[2]
    keys = KEYS[n:n + 8]
    counts = [total // len(keys)] * len(keys)
    counts[0] += total - sum(counts)
    rows = [[key, count, count, min(count, 60)] for key, count in zip(keys, counts)]
    table[0] = sorted(rows, key=lambda row: (-row[1], row[0].encode()))
    table[1] = 0
    path.write_bytes(b"\xd9\xd9\xf7" + cbor2.dumps(rollup, canonical=True))
    return keys


def is_active(text: str) -> bool:
    """What a terminal or a reader's eye would be led by."""
    return any(unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") for c in text)


def check(folder: pathlib.Path, keys: List[str]) -> List[str]:
    faults = []
    report = json.loads((folder / "x.json").read_text("utf-8"))
    there = [row["key"] for row in report["tables"]["pages"]["rows"]]
    if sorted(there) != sorted(keys):
        faults.append("JSON: the keys are not those of the rollup")
    with open(folder / "x.csv", encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))
    pages = [line for line in lines if line[1] == "pages" and line[3] == "page_views"]
    if len(pages) != len(keys) or any(len(line) != 5 for line in lines):
        faults.append(f"CSV: {len(pages)} rows of pages, not {len(keys)}")
    for line in lines:
        for cell in line:
            if is_active(cell) or unicodedata.normalize("NFKC", cell)[:1] in list("=+-@"):
                faults.append(f"CSV: {cell[:20]!r} is not inert")
    sheet: Any = openpyxl.load_workbook(folder / "x.xlsx")["pages"]
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    if len(cells) != len(keys):
        faults.append(f"XLSX: {len(cells)} rows of pages, not {len(keys)}")
    for cell in cells:
        if cell.data_type != "s" or is_active(cell.value):
            faults.append(f"XLSX: {cell.value[:20]!r} is not inert")
    for name in ("x.txt", "brief.txt"):
        text = (folder / name).read_text("utf-8")
        if any(is_active(line) for line in text.split("\n")):
            faults.append(f"{name}: not inert")
    return faults


def main(footfall: str) -> int:
    footfall, faults = str(pathlib.Path(footfall).resolve()), []
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        rollup = folder / "x.cbor"

        def run(*options: object) -> None:
            done = subprocess.run([footfall, *map(str, options)], capture_output=True,
                                  check=False, text=True)
            if done.returncode != 0:
                faults.append(f"{options[0]}: exit {done.returncode}: {done.stderr}")

        for n in range(0, len(KEYS), 8):
            run("run", "--now", "2026-04-01T00:00:00Z", "-o", rollup, SAMPLE)
            keys = make_hostile(rollup, n)
            outputs = [w for e in ("json", "csv", "xlsx", "txt")
                       for w in ("-o", folder / f"x.{e}")]
            run("report", *outputs, rollup)
            run("report", "--brief", "-o", folder / "brief.txt", rollup)
            if not faults:
                faults += check(folder, keys)
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
