#!/usr/bin/env python3
"""Tests of the simulator: its truth against the reference's count, its determinism,
and that compare.py finds what differs. Run it as it is; it needs only Python."""

import contextlib
import copy
import hashlib
import io
import json
import os
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import compare
import reference
import release
import simulate

LABELS = os.path.join(HERE, "labels.json")


def make_logs(folder: str, *arguments: str) -> dict:
    """Simulates into `folder`; gives the truth."""
    with contextlib.redirect_stderr(io.StringIO()):
        simulate.main(["--out", folder, *arguments])
    with open(os.path.join(folder, "truth.json"), encoding="utf-8") as file:
        return json.load(file)


def count_logs(folder: str, truth: dict, site) -> dict:
    paths = [os.path.join(folder, name) for name in truth["files"]]
    counted = reference.count_logs(paths, site, reference.Labels(LABELS))
    return json.loads(json.dumps(counted))


def digests(folder: str) -> dict:
    found = {}
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), "rb") as file:
            found[name] = hashlib.sha256(file.read()).hexdigest()
    return found


class TruthIsTheReferences(unittest.TestCase):
    """What the simulator planned is what the definitions count in its logs: every cell
    of every table, with its very visitors."""

    maxDiff = 2000

    def check(self, *arguments: str, site="www.example.org") -> None:
        with tempfile.TemporaryDirectory() as folder:
            truth = make_logs(folder, *arguments)
            counted = count_logs(folder, truth, site)
            self.assertEqual(truth["reconciliation"], counted["reconciliation"])
            self.assertEqual(len(truth["days"]), len(counted["days"]))
            for day, other in zip(truth["days"], counted["days"]):
                self.assertEqual(sorted(day["tables"]), sorted(other["tables"]))
                for name in day["tables"]:
                    self.assertEqual(day["tables"][name], other["tables"][name], name)
                self.assertEqual(day, other)

    def test_combined(self):
        self.check("--seed", "1", "--days", "2", "--visitors", "500")

    def test_own_host_is_found_by_assets(self):
        self.check("--seed", "2", "--visitors", "300", site=None)

    def test_two_servers_mixed_gzip_other_zone(self):
        self.check(
            "--seed",
            "3",
            "--days",
            "3",
            "--visitors",
            "300",
            "--servers",
            "2",
            "--gzip",
            "--zone",
            "+0100",
        )

    def test_common(self):
        self.check(
            "--seed", "4", "--days", "2", "--visitors", "300", "--format", "common"
        )

    def test_language_with_few_visitors(self):
        self.check(
            "--seed",
            "5",
            "--days",
            "3",
            "--visitors",
            "30",
            "--overrun",
            "--format",
            "combined_language",
            "--start",
            "2025-12-30",
        )

    def test_vhosts_rotated(self):
        self.check(
            "--seed",
            "6",
            "--days",
            "2",
            "--visitors",
            "300",
            "--servers",
            "2",
            "--format",
            "vhost_combined",
            "--rotate",
            "--overrun",
        )


class SimulatorIsDeterministic(unittest.TestCase):
    def test_same_bytes_from_several_processes(self):
        arguments = (
            "--seed",
            "7",
            "--days",
            "3",
            "--visitors",
            "100",
            "--servers",
            "2",
            "--gzip",
        )
        with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
            make_logs(one, *arguments)
            make_logs(two, *arguments, "--jobs", "3")
            self.assertEqual(digests(one), digests(two))

    def test_same_log_without_truth(self):
        arguments = ("--seed", "8", "--days", "2", "--visitors", "200")
        with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
            make_logs(one, *arguments)
            with contextlib.redirect_stderr(io.StringIO()):
                simulate.main(["--out", two, *arguments, "--no-truth"])
            self.assertEqual(digests(one)["access.log"], digests(two)["access.log"])
            self.assertFalse(os.path.exists(os.path.join(two, "truth.json")))


def cells_of(spec: dict) -> dict:
    """{key: [visitors]} to cells whose additive measure is the number of visitors."""
    cells = {}
    for key, visitors in spec.items():
        cell = release.Cell(1)
        cell.sums = [len(visitors)]
        cell.visitors = cell.visits = set(visitors)
        cells[key] = cell
    return cells


class Release(unittest.TestCase):
    """The algorithm by cases small enough to see."""

    each_its_own = list(range(200))  # visitor i is of network i

    def release(self, spec, name="exit_pages", networks=None):
        return release.release_table(
            cells_of(spec), name, networks or self.each_its_own
        )

    def test_threshold_of_visitors_and_networks(self):
        table = self.release({("/a/x",): range(10)})
        self.assertEqual(
            ({("/a/x",): {"visits": 10, "visitors": 10}}, 0, 10), tuple(table)
        )
        self.assertIsNone(self.release({("/a/x",): range(9)}))
        self.assertIsNone(
            self.release({("/a/x",): range(20)}, networks=[0, 1, 2, 3] * 50)
        )

    def test_rare_pages_fold_into_their_section(self):
        table = self.release({("/a/x",): range(6), ("/a/y",): range(4, 12)})
        self.assertEqual({("/a/*",): {"visits": 14, "visitors": 12}}, table.rows)

    def test_other_pulls_in_the_smallest_row(self):
        rows = {
            (f"/{c}/x",): range(20 * i, 20 * i + 10 + i) for i, c in enumerate("abcd")
        }
        table = self.release({**rows, ("/rare",): [199]})
        self.assertEqual({("/b/x",), ("/c/x",), ("/d/x",)}, set(table.rows))
        self.assertEqual((11, 47), (table.other, table.total))

    def test_smallest_row_is_the_first_by_key_of_equals(self):
        rows = {
            ("/b/x",): range(10),
            ("/a/y",): range(10, 20),
            ("/a/x",): range(20, 30),
        }
        table = self.release({**rows, ("/rare",): range(9)})
        self.assertEqual({("/a/y",), ("/b/x",)}, set(table.rows))
        self.assertEqual(19, table.other)

    def test_withheld_terms_are_other(self):
        table = self.release({("a",): range(25), (): range(30, 50)}, "site_searches")
        self.assertEqual((20, 45), (table.other, table.total))
        self.assertIsNone(
            self.release({("a",): range(25), (): []}, "external_searches", [0] * 200)
        )

    def test_folds(self):
        self.assertEqual("/", release.section("/"))
        self.assertEqual("/about/*", release.section("/about"))
        self.assertEqual("/blog/*", release.section("/blog/"))
        self.assertEqual(
            ("Chrome Mobile",), release.fold_browser(("Chrome Mobile 126",))
        )
        self.assertEqual(("site", "(other)"), release.fold_source(("site", "a.de")))


def report_of(truth: dict) -> dict:
    """A report as footfall would give it, made of the truth."""
    days = truth["days"]
    lines = truth["reconciliation"]
    human = {
        kind: sum(day["human_by_kind"][kind] for day in days)
        for kind in days[0]["human_by_kind"]
    }
    robots = {
        name: sum(day["robots_by_class"][name] for day in days)
        for name in days[0]["robots_by_class"]
    }
    totals = [
        day["totals"] if release.has_totals(day) else dict.fromkeys(day["totals"])
        for day in days
    ]
    report = {
        "k": 10,
        "kn": 5,
        "profile": "internal",
        "reconciliation": {
            **lines,
            "human": sum(human.values()),
            "robots": sum(robots.values()),
            "duplicate": 0,
            "outside": 0,
            "human_by_kind": human,
            "robots_by_class": robots,
        },
        "totals": {name: sum(day[name] or 0 for day in totals) for name in totals[0]},
        "days": [{"date": day["date"], **total} for day, total in zip(days, totals)],
        "tables": {},
    }
    for name, rules in release.TABLES.items():
        if name in days[0]["tables"]:
            report["tables"][name] = table_json(compare.sum_table(truth, name), rules)
    visits = sum(day["totals"]["visits"] for day in days)
    report["tables"]["countries"] = {
        "rows": [],
        "other": {"visits": visits},
        "total": {"visits": visits},
    }
    for name, classes in compare.ROBOT_TABLES.items():
        report["tables"][name] = robots_json(days, classes)
    return report


def table_json(table: compare.Sum, rules: release.TableRules) -> dict:
    measure = rules.summed[0]
    rows = [
        {"key": key[0] if len(key) == 1 else list(key), **row}
        for key, row in sorted(
            table.rows.items(),
            key=lambda item: (-item[1][measure], release.order(item[0])),
        )
    ]
    return {
        "rows": rows,
        "other": None if table.other is None else {measure: table.other},
        "total": None if table.total is None else {measure: table.total},
    }


def robots_json(days: list, classes: tuple) -> dict:
    rows: dict = {}
    for day in days:
        for name, (kind, *amounts) in day["robots"].items():
            if kind in classes:
                rows[name] = [a + b for a, b in zip(rows.get(name, [0, 0, 0]), amounts)]
    return {
        "rows": [
            {"key": name, **dict(zip(("hits", "page_views", "bytes"), row))}
            for name, row in rows.items()
        ],
        "other": {"hits": 0},
        "total": {"hits": sum(row[0] for row in rows.values())},
    }


class Compare(unittest.TestCase):
    """A report of the truth is equal to it; any other is not."""

    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory() as folder:
            cls.truth = make_logs(
                folder,
                "--seed",
                "9",
                "--days",
                "2",
                "--visitors",
                "600",
                "--servers",
                "2",
            )
        cls.report = report_of(cls.truth)

    def differences(self, change) -> list:
        report = copy.deepcopy(self.report)
        change(report)
        return compare.compare(self.truth, report, ()).differences

    def test_equal(self):
        check = compare.compare(self.truth, self.report, ())
        self.assertEqual([], check.differences)
        self.assertGreater(check.done, 1000)

    def test_finds_differences(self):
        def off_by_one(row, name):
            row[name] += 1

        for change in (
            lambda r: off_by_one(r["reconciliation"], "lines"),
            lambda r: off_by_one(r["reconciliation"]["human_by_kind"], "assets"),
            lambda r: off_by_one(r["totals"], "visitors"),
            lambda r: off_by_one(r["days"][1], "bounces"),
            lambda r: off_by_one(r["tables"]["pages"]["rows"][3], "visits"),
            lambda r: off_by_one(r["tables"]["sources"]["rows"][0], "periods"),
            lambda r: off_by_one(r["tables"]["transitions"]["other"], "transitions"),
            lambda r: off_by_one(r["tables"]["visit_duration"]["total"], "visits"),
            lambda r: off_by_one(r["tables"]["robots"]["rows"][0], "bytes"),
            lambda r: r["tables"]["pages"]["rows"].pop(),
            lambda r: r["tables"]["pages"]["rows"].reverse(),
            lambda r: r["days"].pop(),
        ):
            self.assertNotEqual([], self.differences(change))


if __name__ == "__main__":
    unittest.main()
