#!/usr/bin/python3
"""How fast footfall is, beside its peers: one table.

    tests/bench/run.py FOOTFALL [--stages STAGES] [--lines N,N...] [--visitors N,N...]
                       [--jobs N,N...] [--rounds N] [--keep DIR] [WORD...]

A day of a simulated site is read whole and, with --stages, stage by stage; in several
sizes, crowds, formats and compressions; by some threads; and by Debian's goaccess,
awstats, webalizer and analog, zcat and wc, as far as they are there (samples/setup
bench). Each row is the median of so many rounds, in turns, so that all see the same
machine; with user and system time, the peak of resident memory, and how many lines each
says that it counted. WORDs pick rows. Exit 1 if a tool fails or counts other lines.
"""

import argparse
import contextlib
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
import zlib
from typing import Callable, Dict, Iterator, List, NamedTuple, Optional, TextIO, Tuple

HERE = pathlib.Path(__file__).resolve().parent
SIMULATE = HERE.parent / "sim/simulate.py"
SITE = "www.example.org"
LINES_A_VISITOR = 20.7  # of the simulator
AWSTATS = "/usr/lib/cgi-bin/awstats.pl"
COMBINED = re.compile(r'(\S+) - - \[([^]]+)\] "(.*?)" (\d+) (\S+) "(.*?)" "(.*)"')


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


def simulate(folder: pathlib.Path, visitors: int) -> pathlib.Path:
    """A day's log of about so many human visitors."""
    log = folder / f"{visitors}-visitors.log"
    if not log.exists():
        out = folder / "out"
        subprocess.run([sys.executable, SIMULATE, "--seed", "bench", "--days", "1",
                        "--visitors", str(visitors), "--site", SITE, "--no-truth",
                        "--jobs", "1", "--out", out], check=True,
                       stderr=subprocess.DEVNULL)
        (out / "access.log").rename(log)
        shutil.rmtree(out)
    return log


@contextlib.contextmanager
def change(log: pathlib.Path, to: pathlib.Path) -> Iterator[Tuple[TextIO, TextIO]]:
    """Both opened, byte for byte; `to` is there when it is whole."""
    part = to.with_suffix(".tmp")
    with log.open(encoding="latin-1", newline="\n") as lines, \
            part.open("w", encoding="latin-1", newline="\n") as out:
        yield lines, out
    part.rename(to)


def thin(log: pathlib.Path, visitors: int) -> pathlib.Path:
    """The same lines by fewer visitors: so many different clients."""
    to = log.with_name(f"by-{visitors}.log")
    if to.exists():
        return to
    with change(log, to) as (lines, out):
        for line in lines:
            client, _, rest = line.partition(" ")
            if not rest:
                out.write(line)
                continue
            n = zlib.crc32(client.encode()) % visitors
            out.write(f"198.{18 + (n >> 16 & 1)}.{n >> 8 & 255}.{n & 255} {rest}")
    return to


def as_json(match: "re.Match[str]") -> str:
    client, clock, request, status, size, referrer, agent = match.groups()
    return json.dumps({"time_local": clock, "remote_addr": client, "request": request,
                       "status": int(status), "body_bytes_sent": int(size) if size.isdigit() else 0,
                       "http_referer": referrer, "http_user_agent": agent})


def as_common(match: "re.Match[str]") -> str:
    client, clock, request, status, size, _, _ = match.groups()
    return f'{client} - - [{clock}] "{request}" {status} {size}'


def as_ltsv(match: "re.Match[str]") -> str:
    client, clock, request, status, size, referrer, agent = match.groups()
    return (f"time:[{clock}]\thost:{client}\treq:{request}\tstatus:{status}\tsize:{size}"
            f"\treferer:{referrer}\tua:{agent}")


def rewrite(log: pathlib.Path, name: str,
            form: Callable[["re.Match[str]"], str]) -> pathlib.Path:
    to = log.with_name(f"{log.stem}-{name}.log")
    if to.exists():
        return to
    with change(log, to) as (lines, out):
        for line in lines:
            match = COMBINED.match(line)
            out.write((form(match) if match else line.rstrip("\n")) + "\n")
    return to


def pack(log: pathlib.Path, ending: str, command: List[str]) -> pathlib.Path:
    to = pathlib.Path(f"{log}.{ending}")
    if not to.exists():
        with log.open("rb") as text, to.open("wb") as out:
            subprocess.run(command, stdin=text, stdout=out, check=True)
    return to


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


def footfall(program: str, what: str, log: pathlib.Path, lines: int,
             *options: str) -> Row:
    return Row(what, [program, "run", str(log), "--site", SITE, *options, "-o",
                      "out.json"], lines, footfall_lines)


def peers(log: pathlib.Path, lines: int, folder: pathlib.Path) -> Iterator[Row]:
    """Each counts what it counts with as little else as it can be made to do."""
    def nothing(_: pathlib.Path, __: str) -> None:
        return None
    yield Row("wc -l", ["wc", "-l", str(log)], lines, printed_number(r"(\d+)"))
    if shutil.which("analog"):
        yield Row("analog", ["analog", "-G", "+CLOGFORMAT COMBINED", "+CDNS NONE",
                             "+COUTFILE analog.html", str(log)], lines, nothing)
    if shutil.which("webalizer"):
        yield Row("webalizer", ["webalizer", "-Q", "-o", ".", "-F", "clf", "-N", "0",
                                "-p", "-n", SITE, str(log)], lines, nothing)
    if shutil.which("goaccess"):
        yield Row("goaccess", ["goaccess", str(log), "--log-format=COMBINED",
                               "--no-progress", "--no-global-config", "-o",
                               "goaccess.json"], lines, goaccess_lines)
    if os.path.exists(AWSTATS):
        (folder / "awstats.bench.conf").write_text(
            f'LogFile="{log}"\nLogType=W\nLogFormat=1\nSiteDomain="{SITE}"\n'
            f'HostAliases="{SITE}"\nDNSLookup=0\nDirData="."\n', encoding="ascii")
        yield Row("awstats", [AWSTATS, "-config=bench", f"-configdir={folder}",
                              "-update"], lines,
                  printed_number(r"Parsed lines in file: (\d+)"))


def count_lines(log: pathlib.Path) -> int:
    with log.open("rb") as text:
        return sum(part.count(b"\n") for part in iter(lambda: text.read(1 << 20), b""))


def all_rows(args: argparse.Namespace, folder: pathlib.Path) -> Iterator[Row]:
    """The rows of the table; logs are made as they are asked for."""
    def run(what: str, log: pathlib.Path, lines: int, *options: str) -> Row:
        return footfall(args.footfall, what, log, lines, *options)
    log = None
    for size in args.lines:
        log = simulate(folder, max(1, int(size / LINES_A_VISITOR)))
        lines = count_lines(log)
        for jobs in args.jobs:
            yield run(f"{size:.0e} lines, {jobs} jobs", log, lines, "--jobs", str(jobs))
    assert log
    for visitors in args.visitors:
        yield run(f"{visitors} clients", thin(log, visitors), lines)
    for name, form in (("common", as_common), ("json", as_json), ("ltsv", as_ltsv)):
        yield run(name, rewrite(log, name, form), lines)
    for ending, command in (("gz", ["gzip", "-6"]), ("zst", ["zstd", "-q", "-3"]),
                            ("bz2", ["bzip2"]), ("xz", ["xz", "-T0", "-1"])):
        if shutil.which(command[0]):
            yield run(ending, pack(log, ending, command), lines)
    packed = pack(log, "gz", ["gzip", "-6"])
    yield Row("zcat", ["zcat", str(packed)], lines, lambda folder, stdout: None)
    yield from peers(log, lines, folder)


def measure(row: Row, folder: pathlib.Path) -> Tuple[Measure, str]:
    out = folder / "stdout"
    is_filter = row.what == "zcat"
    for state in (*folder.glob("webalizer.*"), *folder.glob("awstats*.txt")):
        state.unlink()  # it would go on where it was
    with open(os.devnull if is_filter else out, "wb") as stdout:
        begin = time.monotonic()
        process = subprocess.Popen(row.command, cwd=folder, stdout=stdout,
                                   stderr=subprocess.PIPE)
        assert process.stderr
        said = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 3):
        raise SystemExit(f"{row.what}: exit {process.returncode}: {said!r}")
    return (Measure(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss),
            "" if is_filter else out.read_text(encoding="latin-1"))


def machine() -> str:
    model = re.search(r"model name\s*: (.*)",
                      pathlib.Path("/proc/cpuinfo").read_text(encoding="ascii"))
    return (f"{model.group(1) if model else platform.machine()}, "
            f"{len(os.sched_getaffinity(0))} processors, {platform.release()}")


def versions() -> str:
    done = subprocess.run(["dpkg-query", "-W", "-f", "${Package} ${Version}, ",
                           "analog", "awstats", "goaccess", "webalizer", "gzip"],
                          capture_output=True, text=True, check=False)
    return done.stdout.rstrip(", ")


def print_table(rows: List[Row], took: Dict[str, List[Measure]],
                counted: Dict[str, Optional[int]]) -> bool:
    is_good = True
    print(f"{'':24} {'lines':>10} {'counted':>10} {'wall s':>8} {'M lines/s':>9} "
          f"{'CPU s':>7} {'peak MB':>8}")
    for row in rows:
        wall = statistics.median(m.wall for m in took[row.what])
        cpu = statistics.median(m.cpu for m in took[row.what])
        peak = max(m.kib for m in took[row.what])
        count = counted[row.what]
        print(f"{row.what:24} {row.lines:10} {count if count is not None else '-':>10} "
              f"{wall:8.3f} {row.lines / wall / 1e6:9.2f} {cpu:7.3f} "
              f"{peak / 1024:8.1f}")
        if row.command[1:2] == ["run"] and count != row.lines:
            print(f"{row.what}: counted {count} of {row.lines} lines")
            is_good = False
    return is_good


def numbers(text: str) -> List[int]:
    return [int(float(word)) for word in text.split(",")]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("footfall")
    parser.add_argument("--stages")
    parser.add_argument("--lines", type=numbers, default=[100_000, 1_000_000])
    parser.add_argument("--visitors", type=numbers, default=[1000, 100_000])
    parser.add_argument("--jobs", type=numbers,
                        default=sorted({1, len(os.sched_getaffinity(0))}))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--keep", type=pathlib.Path)
    parser.add_argument("words", nargs="*")
    args = parser.parse_intermixed_args()
    args.footfall = str(pathlib.Path(args.footfall).resolve())
    with tempfile.TemporaryDirectory() as scratch:
        folder = (args.keep or pathlib.Path(scratch)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        rows = [row for row in all_rows(args, folder)
                if not args.words or any(word in row.what for word in args.words)]
        took: Dict[str, List[Measure]] = {row.what: [] for row in rows}
        counted: Dict[str, Optional[int]] = {}
        for _ in range(args.rounds):
            for row in rows:
                result, stdout = measure(row, folder)
                took[row.what].append(result)
                counted[row.what] = row.counted(folder, stdout)
        print(f"{machine()}\n{versions()}\nmedians of {args.rounds}")
        is_good = print_table(rows, took, counted)
        if args.stages:
            log = simulate(folder, max(1, int(args.lines[-1] / LINES_A_VISITOR)))
            subprocess.run([args.stages, "all", log, str(args.rounds)], check=True)
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
