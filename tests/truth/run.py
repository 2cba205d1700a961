#!/usr/bin/python3
"""Simulates logs of many shapes, runs footfall on them and demands the exact truth;
then demands that no other way to give it the same lines gives other figures.

    tests/truth/run.py FOOTFALL [--seeds TEXT,TEXT...] [--jobs N] [--keep DIR]

One seed is taken from the clock, so that not only known ones are tried; it is printed,
and --seeds repeats it. Prints what differs; exit 1 if anything does.
"""

import argparse
import csv
import gzip
import ipaddress
import json
import multiprocessing.pool
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import time
from typing import Callable, List

HERE = pathlib.Path(__file__).resolve().parent
SIM = HERE.parent / "sim"
SITE = "www.example.org"
NOW = ["--now", "2026-04-01T00:00:00Z"]
# Lines that a run knows of and rollups do not.
RUN_LINES = ("duplicate", "outside")

# Name, options of the simulator. k is 10 visitors, tables begin at 50.
SHAPES = {
    "plain": "--visitors 1200",
    "gzip": "--visitors 900 --gzip",
    "common": "--visitors 700 --format common",
    "language": "--visitors 700 --format combined_language",
    "hosts": "--visitors 700 --format vhost_combined",
    "two": "--visitors 500 --days 2 --servers 2 --gzip",
    "zones": "--visitors 400 --days 3 --servers 2 --zone -0500 --overrun",
    "rotated": "--visitors 250 --days 4 --servers 2 --rotate --gzip --zone +0100",
    "overrun": "--visitors 400 --days 2 --format combined --overrun",
    "under k": "--visitors 9",
    "few": "--visitors 30 --days 2 --overrun",
    "about 5k": "--visitors 60 --days 2",
    "small": "--visitors 110 --days 3",
    "dirty": "--visitors 200 --malformed 2000",
}
# Shapes that the seeds take in turn after the first one, which has all.
SOME = ("plain", "zones", "rotated", "hosts", "small")


class Failed(Exception):
    pass


def need(condition: bool, what: str) -> None:
    if not condition:
        raise Failed(what)


class Ground:
    """The program under test and a folder to work in."""

    def __init__(self, footfall: str, folder: pathlib.Path):
        self.footfall = footfall
        self.folder = folder

    def simulate(self, name: str, seed: str, options: str) -> pathlib.Path:
        folder = self.folder / name.replace(" ", "-")
        done = subprocess.run([sys.executable, SIM / "simulate.py", "--seed", seed,
                               "--out", folder, "--site", SITE, *options.split()],
                              capture_output=True, text=True, check=False)
        need(done.returncode == 0, f"the simulator failed: {done.stderr}")
        return folder

    def run(self, *arguments, stdin=None, statuses=(0, 3)) -> str:
        """Runs a command of footfall; gives its standard output."""
        done = subprocess.run([self.footfall, *map(str, arguments)], input=stdin,
                              capture_output=True, check=False)
        need(done.returncode in statuses, "exit %d of footfall %s: %s" % (
            done.returncode, " ".join(map(str, arguments)),
            done.stderr.decode("utf-8", "replace")))
        return done.stdout.decode("utf-8")

    def rollups(self, *logs, stdin=None) -> bytes:
        """What `run` makes of the logs, as CBOR."""
        with tempfile.NamedTemporaryFile(dir=self.folder, suffix=".cbor") as file:
            self.run("run", "--site", SITE, *NOW, "-o", file.name, *logs, stdin=stdin)
            return pathlib.Path(file.name).read_bytes()


def logs_of(folder: pathlib.Path) -> List[pathlib.Path]:
    names = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["files"]
    return [folder / name for name in names]


def plain(path: pathlib.Path) -> bytes:
    data = path.read_bytes()
    return gzip.decompress(data) if path.suffix == ".gz" else data


def check_truth(ground: Ground, name: str, seed: str) -> None:
    """One simulated log against its truth."""
    folder = ground.simulate(f"{name}-{seed}", seed, SHAPES[name])
    report = folder / "report.json"
    logs = logs_of(folder)
    ground.run("run", "--site", SITE, *NOW, "-o", report, *logs)
    compare(folder, report)
    if len(logs) == 1:
        for data in (logs[0].read_bytes(), plain(logs[0])):
            ground.run("run", "--site", SITE, *NOW, "-o", report, "-", stdin=data)
            compare(folder, report)


def compare(folder: pathlib.Path, report: pathlib.Path) -> None:
    done = subprocess.run([sys.executable, SIM / "compare.py", folder / "truth.json",
                           report], capture_output=True, text=True, check=False)
    need(done.returncode == 0, done.stdout + done.stderr)


def without_run_lines(report: dict) -> dict:
    lines = dict(report["reconciliation"])
    for name in RUN_LINES:
        lines["lines"] -= lines[name]
        lines[name] = 0
    return {**report, "reconciliation": lines}


def load(path: pathlib.Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def check_forms(ground: Ground, folder: pathlib.Path) -> None:
    """A run, its rollups read again, and a store say the same in every form."""
    logs, store = logs_of(folder), folder / "store"
    outputs = [folder / f"run.{ending}" for ending in ("json", "csv", "cbor", "html",
                                                       "txt")]
    options = [word for path in outputs for word in ("-o", path)]
    ground.run("run", "--site", SITE, *NOW, *options, *logs)
    report = load(folder / "run.json")
    need(not report["provisional"], "a run over whole days is provisional")

    ground.run("rollup", "--store", store, "--site", SITE, *NOW, *logs)
    files = sorted((store / SITE).glob("*.cbor"))
    need(b"".join(file.read_bytes() for file in files)
         == (folder / "run.cbor").read_bytes(), "the store's files are not the run's")
    for how in (["--store", store], files, [folder / "run.cbor"], files[::-1]):
        for ending in ("json", "csv", "txt", "html"):
            again = folder / f"again.{ending}"
            ground.run("report", "-o", again, *how)
            need(again.read_bytes() == (folder / f"run.{ending}").read_bytes(),
                 f"report {how} differs from run in {ending}")
    need(ground.run("run", "--site", SITE, *NOW, *logs)
         == (folder / "run.txt").read_text(encoding="utf-8"), "stdout is not run.txt")
    stdout = ground.run("run", "--site", SITE, *NOW, "-o", "-", *logs)
    need(json.loads(stdout) == report, "-o - is not run.json")
    before = {file: file.read_bytes() for file in files}
    ground.run("rollup", "--store", store, "--site", SITE, *NOW, *reversed(logs))
    need(before == {file: file.read_bytes() for file in (store / SITE).glob("*.cbor")},
         "a second night changed the store")
    check_days(ground, folder, report)
    check_csv(folder, report)


def check_days(ground: Ground, folder: pathlib.Path, report: dict) -> None:
    """Each day alone: from the logs (the others' lines are outside), from the store."""
    logs, one = logs_of(folder), folder / "one.json"
    for day in report["days"]:
        chosen = ["--from", day["date"], "--to", day["date"]]
        ground.run("run", "--site", SITE, *NOW, *chosen, "-o", one, *logs)
        from_logs = load(one)
        need(from_logs["reconciliation"]["lines"] == report["reconciliation"]["lines"],
             f"{day['date']}: lines are lost outside of it")
        ground.run("report", "--store", folder / "store", *chosen, "-o", one)
        need(without_run_lines(from_logs) == load(one),
             f"{day['date']}: the logs and the store differ")
        need([*load(one)["days"]] == [day], f"{day['date']} differs alone")


def check_csv(folder: pathlib.Path, report: dict) -> None:
    """The CSV's sums over days are the JSON's figures."""
    sums = {}
    with open(folder / "run.csv", newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            where = row["table"], row["key"], row["metric"]
            sums[where] = sums.get(where, 0) + float(row["value"])
    lines = sum(value for (table, _, _), value in sums.items()
                if table == "reconciliation")
    need(lines == report["reconciliation"]["lines"], "CSV: lines")
    for name, value in report["totals"].items():
        if name not in ("median_visit_seconds", "pages_per_visit"):
            need(sums["totals", "", name] == value, f"CSV: totals.{name}")
    for name, table in report["tables"].items():
        if table["total"] is None:
            continue
        (measure, total), = table["total"].items()
        have = sum(value for (where, _, metric), value in sums.items()
                   if (where, metric) == (name, measure))
        need(have == total, f"CSV: {name} adds up to {have}, not {total}")
        have = len([1 for where, key, metric in sums
                    if (where, metric) == (name, measure) and key != "(other)"])
        need(have == len(table["rows"]), f"CSV: {have} rows of {name}")


LINE = re.compile(rb"(?:\S+:\d+ )?(\S+) \S+ .*?\[([^\]]+)\] (.*)")


def visitor_of(line: bytes):
    """The time of a line and whose it is; None if no such line."""
    match = LINE.fullmatch(line)
    if not match or line.startswith(b"#"):
        return None
    client, when, rest = match.groups()
    try:
        address = ipaddress.ip_address(client.decode("latin-1"))
        if address.version == 6:
            client = address.packed[:8]
    except ValueError:
        pass
    quoted = re.findall(rb'"((?:[^"\\]|\\.)*)"', rest)
    # The agent is the third one; what follows it (a language) is no part of a visitor.
    return when, (client, quoted[2] if len(quoted) > 2 else b"")


def shuffled(data: bytes, rng: random.Random) -> bytes:
    """Changes the order of different visitors' lines within runs of one second."""
    lines = data.splitlines(keepends=True)
    out, run, second = [], [], None
    for line in [*lines, b""]:
        found = visitor_of(line.rstrip(b"\n"))
        if run and (not found or found[0] != second):
            order = {visitor: rng.random() for visitor, _ in run}
            out += [one for _, one in sorted(run, key=lambda item: order[item[0]])]
            run = []
        if found:
            second = found[0]
            run.append((found[1], line))
        else:
            out.append(line)
    return b"".join(out)


def split_points(lines: List[bytes], rng: random.Random) -> List[int]:
    """Where to cut a log: before a readable line, with enough lines in both parts for
    their format to be seen."""
    points = [at for at in range(100, len(lines) - 100)
              if visitor_of(lines[at].rstrip(b"\n"))]
    return [points[0], points[-1], *rng.sample(points, 4)]


def members(data: bytes, rng: random.Random) -> bytes:
    """A gzip file of many members, cut anywhere; an empty one and padding last."""
    cuts = sorted(rng.sample(range(1, len(data)), 40))
    parts = [data[a:b] for a, b in zip([0, *cuts], [*cuts, len(data)])]
    return b"".join(gzip.compress(part, rng.randrange(10))
                    for part in [*parts, b""]) + bytes(512)


def check_ways(ground: Ground, folder: pathlib.Path, seed: str) -> None:
    """The same lines in other files, orders and packings give the same rollups."""
    rng = random.Random(seed)
    logs = logs_of(folder)
    want = ground.rollups(*logs)
    for _ in range(3):
        rng.shuffle(logs)
        need(ground.rollups(*logs) == want, f"the order of files matters: {logs}")
    log = max(logs, key=lambda path: path.stat().st_size)
    others = [path for path in logs if path != log]
    data = plain(log)
    lines = data.splitlines(keepends=True)
    first, second = folder / "first.log", folder / "second.log"
    for at in split_points(lines, rng):
        first.write_bytes(b"".join(lines[:at]))
        second.write_bytes(b"".join(lines[at:]))
        need(ground.rollups(*others, first, second) == want,
             f"{log} cut at line {at} differs")
    ways = {
        "shuffled within seconds": shuffled(data, rng),
        "of many members": members(data, rng),
        "without its last newline": data.rstrip(b"\n"),
        "with CR before LF": data.replace(b"\n", b"\r\n"),
    }
    for what, changed in ways.items():
        first.write_bytes(changed)
        need(ground.rollups(*others, first) == want, f"{log} {what} differs")
        need(ground.rollups(*others, "-", stdin=changed) == want,
             f"{log} {what}, from a pipe, differs")


def check_long(ground: Ground, folder: pathlib.Path) -> None:
    """Weeks and months, whose truth the simulator does not know: what must be the same
    as by days is, and rows need two and three times as many visitors."""
    by_day = load(folder / "run.json")["reconciliation"]
    for period, k in (("week", 20), ("month", 30)):
        path = folder / f"{period}.json"
        ground.run("run", "--site", SITE, *NOW, "--period", period, "-o", path,
                   *logs_of(folder))
        report = load(path)
        lines = report["reconciliation"]
        need(report["k"] == k and report["kn"] * 2 == k, f"{period}: k and kn")
        for name in ("lines", "malformed", "excluded", "blank"):
            need(lines[name] == by_day[name], f"{period}: {name}")
        need(lines["human"] + lines["robots"] == by_day["human"] + by_day["robots"],
             f"{period}: hits")
        for table in report["tables"].values():
            for row in table["rows"]:
                need(row.get("visitors", k) >= k, f"{period}: {row} is under k")


def check_all(ground: Ground, seed: str) -> None:
    folder = ground.simulate(f"ways-{seed}", seed,
                             "--visitors 300 --days 3 --servers 2 --rotate --gzip")
    check_forms(ground, folder)
    check_ways(ground, folder, seed)
    check_long(ground, folder)


def jobs_of(seeds: List[str]) -> List[tuple]:
    jobs: List[tuple] = [("forms and ways", seed, check_all)
                         for seed in sorted({seeds[0], seeds[-1]})]
    for index, seed in enumerate(seeds):
        for name in SHAPES if index == 0 else SOME:
            jobs.append((name, seed, name))
    return jobs


def main(arguments: List[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("footfall")
    parser.add_argument("--seeds", help="instead of two known ones and the clock's")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--keep", help="a folder to work in, which is kept")
    options = parser.parse_args(arguments)
    clock = f"clock-{time.time_ns()}"
    seeds = options.seeds.split(",") if options.seeds else ["truth", "7", clock]
    print("seeds:", ",".join(seeds), flush=True)
    scratch = tempfile.TemporaryDirectory() if not options.keep else None
    ground = Ground(str(pathlib.Path(options.footfall).resolve()),
                    pathlib.Path(options.keep or scratch.name))

    def work(job: tuple) -> str:
        name, seed, check = job
        try:
            if isinstance(check, Callable):
                check(ground, seed)
            else:
                check_truth(ground, check, seed)
        except Failed as failed:
            return f"{name}, seed {seed}: {failed}"
        return ""

    jobs = jobs_of(seeds)
    with multiprocessing.pool.ThreadPool(options.jobs) as pool:
        failures = [text for text in pool.imap(work, jobs, chunksize=1) if text]
    for text in failures:
        print(text)
    print(f"{len(jobs)} truths, {len(failures)} failed")
    if scratch:
        scratch.cleanup()
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
