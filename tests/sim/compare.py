#!/usr/bin/env python3
"""Holds a JSON report of footfall against the simulator's truth; demands equality.

    compare.py /tmp/logs/truth.json report.json

Prints each difference (20 at most) and exits 1; or "N comparisons, all equal" and 0.
Not compared, because the definitions leave them to footfall: countries' rows, the
labels of depth and duration buckets, the median, pages_per_visit. The totals of those
tables are compared.
"""

import argparse
import json
import sys
from typing import Any, Dict, List, Optional, Tuple

import release
from release import Key, Table

MOST_SHOWN = 20
# Tables whose labels are footfall's: only their total is known.
TOTAL_ONLY = ("visit_depth", "visit_duration")
# Tables of the report with a row for each visit, of which the truth has no cells.
BY_VISIT = ("countries",)
ROBOT_TABLES = {
    "robots": ("declared", "ai", "scanner", "behaving"),
    "ai_crawlers": ("ai",),
}


class Comparison:
    """Counts comparisons and remembers what differs."""

    def __init__(self) -> None:
        self.done = 0
        self.differences: List[str] = []

    def equal(self, what: str, truth: Any, reported: Any) -> None:
        self.done += 1
        if truth != reported or isinstance(truth, bool) != isinstance(reported, bool):
            self.differences.append(f"{what}: truth {truth!r}, report {reported!r}")

    def finish(self) -> int:
        for line in self.differences[:MOST_SHOWN]:
            print(line)
        hidden = len(self.differences) - MOST_SHOWN
        if hidden > 0:
            print(f"... and {hidden} more")
        if self.differences:
            print(f"{self.done} comparisons, {len(self.differences)} differ")
            return 1
        print(f"{self.done} comparisons, all equal")
        return 0


class Sum:
    """Released tables of several days, added as a report adds them."""

    def __init__(self) -> None:
        self.rows: Dict[Key, Dict[str, int]] = {}
        self.other: Optional[int] = None
        self.total: Optional[int] = None
        self.has_cells = False

    def add(self, table: Table) -> None:
        for key, measures in table.rows.items():
            row = self.rows.setdefault(key, dict.fromkeys([*measures, "periods"], 0))
            for name, amount in measures.items():
                row[name] += amount
            row["periods"] += 1
        self.other = (self.other or 0) + table.other
        self.total = (self.total or 0) + table.total


def sum_table(truth: dict, name: str) -> Sum:
    """A table of the truth over all days that have tables."""
    summed = Sum()
    for day in truth["days"]:
        if not release.has_tables(day) or name not in day["tables"]:
            continue
        cells = release.read_cells(day, name)
        summed.has_cells |= bool(cells)
        table = release.release_table(cells, name, day["networks"])
        if table:
            summed.add(table)
    return summed


def sum_total(truth: dict, name: str) -> Sum:
    """The same where only the total is known."""
    summed = Sum()
    for day in truth["days"]:
        if release.has_tables(day):
            cells = release.read_cells(day, name)
            summed.has_cells |= bool(cells)
            if release.could_stand(cells, name, day["networks"]):
                summed.add(Table({}, 0, sum(cell.sums[0] for cell in cells.values())))
    return summed


def report_key(row: dict) -> Key:
    key = row["key"]
    return (key,) if isinstance(key, str) else tuple(key)


def shown(key: Key) -> str:
    return key[0] if len(key) == 1 else "[" + ", ".join(key) + "]"


def compare_reconciliation(check: Comparison, truth: dict, report: dict) -> None:
    lines = truth["reconciliation"]
    days = truth["days"]
    found = report["reconciliation"]
    kinds = {
        kind: sum(day["human_by_kind"][kind] for day in days)
        for kind in days[0]["human_by_kind"]
    }
    classes = {
        name: sum(day["robots_by_class"][name] for day in days)
        for name in days[0]["robots_by_class"]
    }
    whole = {
        "lines": lines["lines"],
        "human": sum(kinds.values()),
        "robots": sum(classes.values()),
        "malformed": lines["malformed"],
        "duplicate": 0,
        "outside": 0,
        "excluded": lines["excluded"],
        "blank": lines["blank"],
    }
    check.equal(
        "truth adds up to the line",
        lines["lines"],
        sum(whole.values()) - lines["lines"],
    )
    for name, value in whole.items():
        check.equal(f"reconciliation.{name}", value, found.get(name))
    for group, values in (("human_by_kind", kinds), ("robots_by_class", classes)):
        for name in sorted(set(values) | set(found[group])):
            check.equal(
                f"reconciliation.{group}.{name}",
                values.get(name),
                found[group].get(name),
            )


def compare_totals(check: Comparison, truth: dict, report: dict) -> None:
    days = truth["days"]
    standing = [day for day in days if release.has_totals(day)]
    for name in days[0]["totals"]:
        value = sum(day["totals"][name] for day in standing) if standing else None
        check.equal(f"totals.{name}", value, (report["totals"] or {}).get(name))
    dates = [day["date"] for day in report["days"]]
    check.equal("dates of days", [day["date"] for day in days], dates)
    by_date = dict(zip(dates, report["days"]))
    for day in days:
        found = by_date.get(day["date"], {})
        for name, value in day["totals"].items():
            check.equal(
                f"days {day['date']} {name}",
                value if release.has_totals(day) else None,
                found.get(name),
            )


def compare_sums(
    check: Comparison,
    name: str,
    truth: Sum,
    found: dict,
    measure: str,
    is_total_only: bool,
) -> None:
    """`other` and `total`. Where no day has anything in the table (no campaign, say), a
    table of nothing and no table say the same."""
    other = found["other"] and found["other"][measure]
    total = found["total"] and found["total"][measure]
    if not truth.has_cells:
        other, total = other or None, total or None
        truth.other = truth.total = None
    check.equal(f"{name} total", truth.total, total)
    if is_total_only:
        rows = sum(row[measure] for row in found["rows"])
        check.equal(
            f"{name} rows and other", total, None if total is None else rows + other
        )
    else:
        check.equal(f"{name} other", truth.other, other)


def compare_table(check: Comparison, truth: dict, report: dict, name: str) -> None:
    rules = release.TABLES[name]
    is_total_only = name in TOTAL_ONLY
    summed = sum_total(truth, name) if is_total_only else sum_table(truth, name)
    found = report["tables"][name]
    compare_sums(check, name, summed, found, rules.summed[0], is_total_only)
    rows = [(report_key(row), row) for row in found["rows"]]
    ranks = [(-row[rules.summed[0]], release.order(key)) for key, row in rows]
    if is_total_only:
        return
    check.equal(f"{name} is in order", sorted(ranks), ranks)
    by_key = dict(rows)
    check.equal(f"{name} has each key once", len(by_key), len(rows))
    for key in sorted(set(by_key) | set(summed.rows)):
        want, got = summed.rows.get(key), by_key.get(key)
        if want is None or got is None:
            check.equal(f"{name} {shown(key)}", want and "a row", got and "a row")
            continue
        for measure, value in want.items():
            if measure != "periods" or len(truth["days"]) > 1 or "periods" in got:
                check.equal(f"{name} {shown(key)} {measure}", value, got.get(measure))


def compare_visits(check: Comparison, truth: dict, report: dict, name: str) -> None:
    """Tables that divide all visits in a way that the truth does not know."""
    found = report["tables"][name]
    standing = [
        day
        for day in truth["days"]
        if release.has_tables(day) and len(set(day["networks"])) >= release.KN
    ]
    visits = sum(day["totals"]["visits"] for day in standing) if standing else None
    total = found["total"] and found["total"]["visits"]
    check.equal(f"{name} total", visits, total)
    if total is not None:
        rows = sum(row["visits"] for row in found["rows"])
        check.equal(f"{name} rows and other", total, rows + found["other"]["visits"])


def compare_robots(check: Comparison, truth: dict, report: dict, name: str) -> None:
    """Robots by name: a closed list without thresholds."""
    want: Dict[str, List[int]] = {}
    for day in truth["days"]:
        for robot, (kind, *amounts) in day["robots"].items():
            if kind in ROBOT_TABLES[name]:
                sums = want.get(robot, [0, 0, 0])
                want[robot] = [a + b for a, b in zip(sums, amounts)]
    found = report["tables"][name]
    got = {
        report_key(row)[0]: [row["hits"], row["page_views"], row["bytes"]]
        for row in found["rows"]
    }
    for robot in sorted(set(want) | set(got)):
        check.equal(
            f"{name} {robot} [hits, page_views, bytes]", want.get(robot), got.get(robot)
        )
    check.equal(f"{name} other", 0, (found["other"] or {"hits": 0})["hits"])
    check.equal(
        f"{name} total",
        sum(row[0] for row in want.values()),
        (found["total"] or {"hits": 0})["hits"],
    )


def compare(truth: dict, report: dict, skipped: Tuple[str, ...]) -> Comparison:
    check = Comparison()
    check.equal("k", release.K, report["k"])
    check.equal("kn", release.KN, report["kn"])
    check.equal("profile", "internal", report["profile"])
    compare_reconciliation(check, truth, report)
    compare_totals(check, truth, report)
    known = truth["days"][0]["tables"]
    for name in release.TABLES:
        if name in known and name not in skipped:
            compare_table(check, truth, report, name)
    for name in BY_VISIT + tuple(
        name for name in ("browsers", "systems", "devices") if name not in known
    ):
        if name not in skipped:
            compare_visits(check, truth, report, name)
    for name in ROBOT_TABLES:
        if name not in skipped:
            compare_robots(check, truth, report, name)
    return check


def main(arguments: List[str]) -> int:
    parser = argparse.ArgumentParser(description="Compares a report with the truth.")
    parser.add_argument("truth")
    parser.add_argument("report")
    parser.add_argument(
        "--skip", default="", metavar="TABLE,...", help="tables not to compare"
    )
    options = parser.parse_args(arguments)
    with open(options.truth, encoding="utf-8") as file:
        truth = json.load(file)
    with open(options.report, encoding="utf-8") as file:
        report = json.load(file)
    return compare(truth, report, tuple(options.skip.split(","))).finish()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
