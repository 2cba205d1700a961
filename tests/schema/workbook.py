#!/usr/bin/python3
"""Holds a workbook against the JSON report of the same rollups, cell by cell.

    tests/schema/workbook.py REPORT.json REPORT.xlsx

Read by openpyxl: each table that stands is a sheet, its rows have the JSON's keys as
text and its measures as numbers, nothing is a formula, and days and lines are there.
Prints what differs; exit 1 if anything does.
"""

import datetime
import json
import sys
from typing import Any, Dict, List

import openpyxl


def keys_of(row: Dict[str, Any]) -> List[str]:
    return row["key"] if isinstance(row["key"], list) else [str(row["key"])]


def check_table(sheet: Any, table: Dict[str, Any], faults: List[str]) -> None:
    lines = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=2)]
    if len(lines) < len(table["rows"]):
        faults.append(f"{sheet.title}: {len(lines)} of {len(table['rows'])} rows")
        return
    for number, row in enumerate(table["rows"]):
        keys = keys_of(row)
        measures = [v for k, v in row.items() if k not in ("key", "periods")]
        there = [c if c is not None else "" for c in lines[number][:len(keys)]] + \
            lines[number][len(keys):len(keys) + len(measures)]
        if there != keys + measures:
            faults.append(f"{sheet.title}: row {number + 1} is another than in JSON")
    other = next(iter((table["other"] or {}).values()), 0)
    extra = lines[len(table["rows"]):]
    if [line[0] for line in extra] != (["(other)"] if other else []):
        faults.append(f"{sheet.title}: {len(extra)} rows behind the table's")


def check_days(sheet: Any, report: Dict[str, Any], faults: List[str]) -> None:
    names = ["visitors", "visits", "page_views", "bounces", "downloads",
             "site_searches", "median_visit_seconds", "bytes"]
    if report["profile"] == "partner":
        names.pop()
    for line, day in zip(sheet.iter_rows(min_row=2, values_only=True), report["days"]):
        expected = [day.get(name) for name in names]
        if line[0].date() != datetime.date.fromisoformat(day["date"]) or \
                list(line[1:]) + [None] * (len(names) + 1 - len(line)) != expected:
            faults.append(f"Days: {day['date']} is another than in JSON")
    if sheet.max_row != len(report["days"]) + 1:
        faults.append(f"Days: {sheet.max_row - 1} of {len(report['days'])}")


def main(report_path: str, workbook_path: str) -> int:
    with open(report_path, encoding="utf-8") as file:
        report = json.load(file)
    book = openpyxl.load_workbook(workbook_path)
    faults: List[str] = []
    there = {n: t for n, t in report["tables"].items() if t["total"] is not None}
    expected = ["Summary", "Days", *there, "Lines", "Privacy"]
    if book.sheetnames != expected:
        faults.append(f"the sheets are {book.sheetnames}, not {expected}")
    for name in set(there) & set(book.sheetnames):
        check_table(book[name], there[name], faults)
    check_days(book["Days"], report, faults)
    lines = [row[-1] for row in book["Lines"].iter_rows(min_row=2, values_only=True)]
    if lines[-1] != report["reconciliation"]["lines"]:
        faults.append("Lines: the sum is another than in JSON")
    for sheet in book:
        faults += [f"{sheet.title}: {cell.coordinate} is a formula"
                   for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
