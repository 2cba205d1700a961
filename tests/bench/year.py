#!/usr/bin/python3
"""A year of logs in one command, then thirty nights: time and peak memory of each.

    tests/bench/year.py FOOTFALL [--visitors N] [--days N] [--nights N] [--keep DIR]

Simulates a week of two servers and repeats it under other dates, a gz a day and server;
so the totals are known, and the store's are held against them. Each night is given all
there are, with a limit of 64 open files. Prints a table; exit 1 if a total is wrong.
"""

import argparse
import datetime
import json
import multiprocessing.pool
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import zlib
from typing import Dict, List, NamedTuple, Tuple

SIMULATE = pathlib.Path(__file__).resolve().parent.parent / "sim/simulate.py"
WEEK = datetime.date(2026, 3, 2)
START = datetime.date(2024, 12, 30)
SITE = "www.example.org"
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
NAMES = ("visitors", "visits", "page_views")


def clf(date: datetime.date) -> bytes:
    return f"[{date.day:02}/{MONTHS[date.month - 1]}/{date.year}:".encode("ascii")


class Logs:
    """The week, and the days made of it."""

    def __init__(self, folder: pathlib.Path, visitors: int):
        week = folder / "week"
        self.folder = folder / "log"
        self.folder.mkdir(parents=True)
        subprocess.run([sys.executable, SIMULATE, "--seed", "year", "--days", "7",
                        "--visitors", str(visitors), "--servers", "2", "--rotate",
                        "--site", SITE, "--jobs", "2", "--out", week], check=True,
                       stderr=subprocess.DEVNULL)
        self.text = {(server, day): (week / f"access-{server}-{self.date(day)}.log")
                     .read_bytes() for server in (1, 2) for day in range(7)}
        for server in (1, 2):
            self.put_in_their_day(server)
        truth = json.loads((week / "truth.json").read_text(encoding="ascii"))
        self.truth = truth["days"]

    def put_in_their_day(self, server: int) -> None:
        """A request of 23:59:59 may be logged after midnight: its day gets it."""
        for day in range(1, 7):
            before = clf(self.date(day - 1))
            lines = self.text[server, day].splitlines(keepends=True)
            strays = [n for n, line in enumerate(lines[:50])
                      if before + b"23:59:" in line]
            self.text[server, day - 1] += b"".join(lines[n] for n in strays)
            self.text[server, day] = b"".join(line for n, line in enumerate(lines)
                                              if n not in strays)

    @staticmethod
    def date(day: int) -> datetime.date:
        return WEEK + datetime.timedelta(days=day)

    def make(self, job: Tuple[int, int]) -> Tuple[str, int]:
        """A server's log of the n-th day; its lines too."""
        server, n = job
        date = START + datetime.timedelta(days=n)
        day = n % 7
        text = self.text[server, day].replace(clf(self.date(day)), clf(date))
        packer = zlib.compressobj(1, zlib.DEFLATED, 31)
        path = self.folder / f"access-{server}.log-{date:%Y%m%d}.gz"
        path.write_bytes(packer.compress(text) + packer.flush())
        return str(path), text.count(b"\n")

    def make_days(self, begin: int, end: int) -> Tuple[List[str], int]:
        jobs = [(server, n) for n in range(begin, end) for server in (1, 2)]
        with multiprocessing.pool.ThreadPool(2) as pool:
            made = pool.map(self.make, jobs)
        return [path for path, _ in made], sum(lines for _, lines in made)


class Cost(NamedTuple):
    seconds: float
    megabytes: float


# By a process of its own: the peak of one that is forked begins with its parent's.
MEASURE = """
import resource, subprocess, sys, time
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
began = time.monotonic()
status = subprocess.run(sys.argv[1:], check=False).returncode
print(time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(status)
"""


def measure(command: List[str]) -> Cost:
    done = subprocess.run([sys.executable, "-c", MEASURE, *command], check=False,
                          capture_output=True, encoding="utf-8")
    if done.returncode:
        raise RuntimeError(f"exit {done.returncode}: {done.stderr}")
    seconds, kilobytes = done.stdout.split()
    return Cost(float(seconds), int(kilobytes) / 1024)


def wrong_totals(program: str, store: pathlib.Path, logs: Logs, days: int) -> List[str]:
    """What of the report is not the truth, summed over the days."""
    report = json.loads(subprocess.run(
        [program, "report", "--store", str(store), "-o", "-"], check=True,
        capture_output=True).stdout)
    wrong = []
    want: Dict[str, int] = {}
    for n in range(days):
        day = logs.truth[n % 7]
        for name in ("human_by_kind", "robots_by_class"):
            for key, value in day[name].items():
                want[key] = want.get(key, 0) + value
    lines = report["reconciliation"]
    have = {**lines["human_by_kind"], **lines["robots_by_class"]}
    for key, value in want.items():
        if have[key] != value:
            wrong.append(f"{key}: {have[key]}, not {value}")
    if len(report["days"]) != days:
        wrong.append(f"{len(report['days'])} days, not {days}")
    return wrong


def middle(values: List[float]) -> float:
    return sorted(values)[len(values) // 2]


def main(arguments: List[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("footfall")
    parser.add_argument("--visitors", type=int, default=1600, help="a working day")
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--nights", type=int, default=30)
    parser.add_argument("--keep", type=pathlib.Path)
    options = parser.parse_args(arguments)
    program = str(pathlib.Path(options.footfall).resolve())
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or pathlib.Path(scratch)
        began = time.monotonic()
        logs = Logs(folder, options.visitors)
        files, lines = logs.make_days(0, options.days)
        size = sum(os.path.getsize(path) for path in files)
        print(f"{lines} lines in {len(files)} files of {size >> 20} MiB, made in "
              f"{time.monotonic() - began:.0f} s", flush=True)
        store = folder / "store"

        def night(n: int) -> Cost:
            now = START + datetime.timedelta(days=n)
            return measure([program, "rollup", "--now", f"{now}T00:30:00Z", "--site",
                            SITE, "--store", str(store), *files])

        first = night(options.days)
        nights = []
        for n in range(options.days, options.days + options.nights):
            files += logs.make_days(n, n + 1)[0]
            nights.append(night(n + 1))
        again = night(options.days + options.nights)
        stored = sum(path.stat().st_size for path in (store / SITE).iterdir())
        sources = (store / SITE / "sources").stat().st_size
        days = options.days + options.nights
        wrong = wrong_totals(program, store, logs, days)
    print("| run | seconds | peak MB |\n|---|---|---|")
    print(f"| first, {options.days} days | {first.seconds:.1f} | {first.megabytes:.0f} |")
    seconds = [cost.seconds for cost in nights]
    peak = [cost.megabytes for cost in nights]
    print(f"| a night, of {options.nights}: median | {middle(seconds):.2f} | "
          f"{middle(peak):.0f} |")
    print(f"| the slowest and the largest | {max(seconds):.2f} | {max(peak):.0f} |")
    print(f"| the last night again | {again.seconds:.2f} | {again.megabytes:.0f} |")
    print(f"{lines / first.seconds / 1e6:.2f} M lines/s; the store has "
          f"{stored >> 10} KiB for {days} days, {sources >> 10} of them `sources`")
    for text in wrong:
        print(f"wrong: {text}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
