#!/usr/bin/python3
"""How fast footfall is, beside its peers: one table.

    tests/bench/run.py FOOTFALL [--quick] [--huge] [--zlib FOOTFALL] [--stages STAGES]
                       [--lines N,N...] [--beside N] [--visitors N,N...] [--jobs N,N...]
                       [--rounds N] [--keep DIR] [WORD...]

A day of a simulated site is read whole, in several sizes (--lines; --huge adds 10^8 lines,
a day of 10^7 ten times: 28 GB) and by some threads; one of --beside lines also in other
formats and compressions, by other crowds, ten times under other dates, by Debian's
goaccess, awstats, webalizer and analog, by zcat and wc; and with --stages, stage by stage.
--zlib is another build, one without ISA-L. --quick is what README's claims stand on, in
some minutes. Each row is the median of so many rounds, in turns, so that all see the same
machine; with user and system time, the peak of resident memory, and how many lines each
says that it counted. WORDs pick rows. Exit 1 if a tool fails or counts other lines; one
that is not installed (samples/setup bench) is said to be missing.
"""

import argparse
import json
import os
import pathlib
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from typing import Callable, Dict, Iterator, List, NamedTuple, Optional, Tuple

import logs
from logs import SITE

AWSTATS = "/usr/lib/cgi-bin/awstats.pl"
# A process begins with the peak of the one it was forked from, and Python's is large.
TIME = "/usr/bin/time"
HUGE = 100_000_000


class Row(NamedTuple):
    what: str
    command: List[str]
    lines: int
    # Lines that the tool says it counted, from its folder and its stdout.
    counted: Callable[[pathlib.Path, str], Optional[int]]


class Measure(NamedTuple):
    wall: float
    cpu: float
    kib: int


class Result(NamedTuple):
    """Of all rounds of a row."""

    row: Row
    wall: float
    cpu: float
    kib: int
    counted: Optional[int]


def footfall_lines(folder: pathlib.Path, _: str) -> int:
    report = json.loads((folder / "out.json").read_text(encoding="ascii"))
    return report["reconciliation"]["lines"]


def printed_number(pattern: str) -> Callable[[pathlib.Path, str], Optional[int]]:
    def count(_: pathlib.Path, stdout: str) -> Optional[int]:
        match = re.search(pattern, stdout)
        return int(match.group(1).replace(",", "")) if match else None
    return count


def goaccess_lines(folder: pathlib.Path, _: str) -> int:
    report = json.loads((folder / "goaccess.json").read_text(encoding="latin-1"))
    return report["general"]["total_requests"]


def nothing(_: pathlib.Path, __: str) -> None:
    return None


def footfall(program: str, what: str, log: pathlib.Path, lines: int,
             *options: str) -> Row:
    return Row(what, [program, "run", str(log), "--site", SITE, *options, "-o",
                      "out.json"], lines, footfall_lines)


def peers(log: pathlib.Path, lines: int, folder: pathlib.Path) -> Iterator[Row]:
    """Each counts what it counts with as little else as it can be made to do."""
    yield Row("wc -l", ["wc", "-l", str(log)], lines, printed_number(r"(\d+)"))
    yield Row("analog", ["analog", "-G", "+CLOGFORMAT COMBINED", "+CDNS NONE",
                         "+COUTFILE analog.html", str(log)], lines, nothing)
    yield Row("goaccess", ["goaccess", str(log), "--log-format=COMBINED",
                           "--no-progress", "--no-global-config", "-o",
                           "goaccess.json"], lines, goaccess_lines)
    yield Row("webalizer", ["webalizer", "-Q", "-o", ".", "-F", "clf", "-N", "0", "-p",
                            "-n", SITE, str(log)], lines, nothing)
    (folder / "awstats.bench.conf").write_text(
        f'LogFile="{log}"\nLogType=W\nLogFormat=1\nSiteDomain="{SITE}"\n'
        f'HostAliases="{SITE}"\nDNSLookup=0\nDirData="."\n', encoding="ascii")
    yield Row("awstats", [AWSTATS, "-config=bench", f"-configdir={folder}", "-update"],
              lines, printed_number(r"Parsed lines in file: (\d+)"))


def size_rows(args: argparse.Namespace, folder: pathlib.Path) -> Iterator[Row]:
    for size in args.lines:
        log = logs.simulate(folder, min(size, HUGE // 10))
        if size >= HUGE:
            log = logs.repeat(log, size // (HUGE // 10))
        lines = logs.count_lines(log)
        for jobs in args.jobs:
            yield footfall(args.footfall, f"{size:.0e} lines, {jobs} jobs", log, lines,
                           "--jobs", str(jobs))


def all_rows(args: argparse.Namespace, folder: pathlib.Path) -> Iterator[Row]:
    """The rows of the table; logs are made as they are asked for."""
    def run(what: str, log: pathlib.Path, lines: int, *options: str) -> Row:
        return footfall(args.footfall, what, log, lines, *options)
    yield from size_rows(args, folder)
    log = logs.simulate(folder, args.beside)
    lines = logs.count_lines(log)
    yield run("combined", log, lines)
    yield Row("ingest | aggregate", [
        "sh", "-c", f'"$0" ingest --site {SITE} "$1" | "$0" aggregate -o out.json',
        args.footfall, str(log)], lines, footfall_lines)
    for name in ["json"] if args.quick else logs.FORMS:
        yield run(name, logs.rewrite(log, name), lines)
    yield run("10 days", logs.repeat(log, 10), 10 * lines)
    for clients in [] if args.quick else args.visitors:
        crowd = log if clients < args.beside else logs.simulate(folder, clients)
        n = lines if clients < args.beside else logs.count_lines(crowd)
        yield run(f"{clients:.0e} clients", logs.spread(crowd, clients, n), n)
    for ending in ["gz"] if args.quick else logs.PACKERS:
        if shutil.which(logs.PACKERS[ending][0]):
            yield run(ending, logs.pack(log, ending), lines)
    packed = logs.pack(log, "gz")
    if args.zlib:
        yield footfall(args.zlib, "gz by zlib", packed, lines)
    yield Row("zcat", ["zcat", str(packed)], lines, nothing)
    for row in peers(log, lines, folder):
        if row.what in ("webalizer", "awstats") and args.quick:
            continue
        if shutil.which(row.command[0]):
            yield row
        else:
            print(f"{row.what} is not installed: no row")


def measure(row: Row, folder: pathlib.Path) -> Tuple[Measure, str]:
    out = folder / "stdout"
    is_filter = row.what == "zcat"
    for state in (*folder.glob("webalizer.*"), *folder.glob("awstats*.txt")):
        state.unlink()  # it would go on where it was
    with open(os.devnull if is_filter else out, "wb") as stdout:
        begin = time.monotonic()
        process = subprocess.Popen([TIME, "-q", "-f", "%M", "-o", "peak", *row.command],
                                   cwd=folder, stdout=stdout, stderr=subprocess.PIPE)
        assert process.stderr
        said = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 3):
        raise SystemExit(f"{row.what}: exit {process.returncode}: {said!r}")
    peak = int((folder / "peak").read_text(encoding="ascii"))
    return (Measure(wall, usage.ru_utime + usage.ru_stime, peak),
            "" if is_filter else out.read_text(encoding="latin-1"))


def measure_all(rows: List[Row], rounds: int, folder: pathlib.Path) -> List[Result]:
    took: List[List[Measure]] = [[] for _ in rows]
    counted: List[Optional[int]] = [None] * len(rows)
    for _ in range(rounds):
        for i, row in enumerate(rows):
            result, stdout = measure(row, folder)
            took[i].append(result)
            counted[i] = row.counted(folder, stdout)
    return [Result(row, statistics.median(m.wall for m in took[i]),
                   statistics.median(m.cpu for m in took[i]),
                   max(m.kib for m in took[i]), counted[i])
            for i, row in enumerate(rows)]


def machine() -> str:
    model = re.search(r"model name\s*: (.*)",
                      pathlib.Path("/proc/cpuinfo").read_text(encoding="ascii"))
    return (f"{model.group(1) if model else platform.machine()}, "
            f"{len(os.sched_getaffinity(0))} processors, {platform.release()}")


def versions(footfall_program: str) -> str:
    own = subprocess.run([footfall_program, "--version"], capture_output=True, text=True,
                         check=True).stdout.splitlines()[0]
    done = subprocess.run(["dpkg-query", "-W", "-f", "${Package} ${Version}, ",
                           "analog", "awstats", "goaccess", "webalizer", "gzip"],
                          capture_output=True, text=True, check=False)
    return f"{own}, {done.stdout.rstrip(', ')}"


def print_table(results: List[Result]) -> bool:
    is_good = True
    print(f"{'':24} {'lines':>10} {'counted':>10} {'wall s':>8} {'M lines/s':>9} "
          f"{'CPU s':>7} {'peak MB':>8}")
    for r in results:
        count = r.counted if r.counted is not None else "-"
        print(f"{r.row.what:24} {r.row.lines:10} {count:>10} {r.wall:8.3f} "
              f"{r.row.lines / r.wall / 1e6:9.2f} {r.cpu:7.3f} {r.kib / 1024:8.1f}")
        if r.row.command[1:2] == ["run"] and r.counted != r.row.lines:
            print(f"{r.row.what}: counted {r.counted} of {r.row.lines} lines")
            is_good = False
    return is_good


def print_ratios(results: List[Result]) -> None:
    """What is claimed of one row beside another, where both are there."""
    by_name = {r.row.what: r for r in results}
    for one, other in (("goaccess", "combined"), ("analog", "combined"),
                       ("webalizer", "combined"), ("awstats", "combined"),
                       ("gz", "zcat"), ("gz by zlib", "zcat"), ("json", "combined"),
                       ("10 days", "combined")):
        if one in by_name and other in by_name:
            a, b = by_name[one], by_name[other]
            print(f"{one} takes {a.wall / b.wall:.2f} times the time of {other}, "
                  f"{a.kib / b.kib:.2f} times its memory")


def numbers(text: str) -> List[int]:
    return [int(float(word)) for word in text.split(",")]


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        usage=argparse.SUPPRESS, description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("footfall")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--huge", action="store_true")
    parser.add_argument("--zlib")
    parser.add_argument("--stages")
    parser.add_argument("--lines", type=numbers)
    parser.add_argument("--beside", type=lambda text: int(float(text)), default=1_000_000)
    parser.add_argument("--visitors", type=numbers, default=[1000, 100_000, 10_000_000])
    parser.add_argument("--jobs", type=numbers,
                        default=sorted({1, len(os.sched_getaffinity(0))}))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--keep", type=pathlib.Path)
    parser.add_argument("words", nargs="*")
    args = parser.parse_intermixed_args()
    if not args.lines:
        args.lines = ([args.beside] if args.quick else
                      [100_000, 1_000_000, 10_000_000])
    if args.huge:
        args.lines.append(HUGE)
    args.footfall = str(pathlib.Path(args.footfall).resolve())
    args.zlib = args.zlib and str(pathlib.Path(args.zlib).resolve())
    return args


def main() -> int:
    args = parse()
    if not os.path.exists(TIME):
        raise SystemExit(f"{TIME} is not installed (samples/setup bench)")
    with tempfile.TemporaryDirectory() as scratch:
        folder = (args.keep or pathlib.Path(scratch)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        rows = [row for row in all_rows(args, folder)
                if not args.words or any(word in row.what for word in args.words)]
        results = measure_all(rows, args.rounds, folder)
        print(f"{machine()}\n{versions(args.footfall)}\nmedians of {args.rounds}")
        is_good = print_table(results)
        print_ratios(results)
        if args.stages:
            log = logs.simulate(folder, args.beside)
            subprocess.run([args.stages, "all", log, str(args.rounds)], check=True)
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
