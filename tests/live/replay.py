#!/usr/bin/python3
"""Replays a log at some times its speed: writes its lines as they would come then.

    replay.py LOG --speed 500                       onto standard output
    replay.py LOG --speed 500 --watch FOOTFALL      into `footfall live`: its memory
                                                    must stay flat, and its store have
                                                    each day as the day ends, the bytes
                                                    that `footfall rollup` writes
    replay.py --days 2 --visitors 300 ...           of a simulated log

The log is of the common log format family, in order of time but for some seconds.
"""
import argparse
import contextlib
import datetime
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
from typing import BinaryIO, Callable, Iterator

from watching import SITE, check, start, verdict

SIMULATE = pathlib.Path(__file__).resolve().parents[1] / "sim" / "simulate.py"
STAMP = re.compile(rb"\[(\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\]")
STAMP_FORM = "%d/%b/%Y:%H:%M:%S %z"
NOW = ["--now", "2027-01-01T00:00:00Z"]
SLICE = 0.02  # lines of so many seconds are written together


def times(lines: BinaryIO) -> Iterator[tuple[float, bytes]]:
    """Each line and when it was written; without a time it is the one before's."""
    at, seen = 0.0, b""
    for text in lines:
        found = STAMP.search(text)
        if found and found[1] != seen:
            seen = found[1]
            with contextlib.suppress(ValueError):  # there is no such time
                at = datetime.datetime.strptime(seen.decode(), STAMP_FORM).timestamp()
        yield at, text


def replay(lines: BinaryIO, speed: float, write: Callable[[bytes], object],
           meanwhile: Callable[[], None]) -> None:
    began = time.monotonic()
    first, due, waiting = None, 0.0, []
    for at, text in times(lines):
        first = at if first is None else first
        due = max(due, (at - first) / speed)
        ahead = began + due - time.monotonic()
        if ahead > SLICE:
            write(b"".join(waiting))
            waiting.clear()
            meanwhile()
            time.sleep(max(began + due - time.monotonic(), 0))
        waiting.append(text)
        if len(waiting) > 500:
            write(b"".join(waiting))
            waiting.clear()
            meanwhile()
    write(b"".join(waiting))


class Memory:
    """KiB of a process, every so many seconds."""

    def __init__(self, pid: int, every: float):
        self.status = pathlib.Path(f"/proc/{pid}/status")
        self.every = every
        self.next = 0.0
        self.samples: list[int] = []

    def look(self) -> None:
        now = time.monotonic()
        if now < self.next:
            return
        self.next = now + self.every
        text = self.status.read_text(encoding="utf-8")
        self.samples.append(int(re.search(r"VmRSS:\s+(\d+)", text)[1]))

    def most(self, first: float, last: float) -> int:
        """MiB, of a part of the samples."""
        n = len(self.samples)
        return max(self.samples[int(n * first):int(n * last)], default=0) >> 10


def days_of(store: pathlib.Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in store.glob("*/*.cbor")}


def watch(footfall: str, log: pathlib.Path, speed: float, folder: pathlib.Path) -> None:
    store, by_job = folder / "live", folder / "job"
    job = subprocess.run([footfall, "rollup", *SITE, *NOW, "--store", by_job, log],
                         capture_output=True, check=False)
    days = days_of(by_job)
    check(job.returncode == 0 and len(days) > 1, f"rollup says {job.stderr!r}")
    began = time.monotonic()
    process = start(footfall, "live", *SITE, *NOW, "--store", store, "--html",
                    folder / "live.html", stdout=subprocess.DEVNULL)
    memory = Memory(process.pid, min(5, 3600 / speed))
    with open(log, "rb") as lines:
        replay(lines, speed, lambda data: os.write(process.stdin.fileno(), data),
               memory.look)
    seconds = time.monotonic() - began
    closed = len(days_of(store))
    process.stdin.close()
    said = process.stderr.read()
    check(process.wait() == 0, f"live says {said!r}")
    check(closed == len(days) - 1,
          f"{closed} of {len(days)} days are closed as they end")
    check(days_of(store) == days, "the store's days are not those of rollup")
    share = 1 / len(days)
    least, most = memory.most(0, share), memory.most(1 - share, 1)
    check(most < least * 1.3 + 4, f"memory grows from {least} to {most} MiB")
    print(f"{len(days)} days in {seconds:.0f} s; {len(memory.samples)} samples of "
          f"memory: {least} MiB at most on the first day, {most} on the last, "
          f"{memory.most(0, 1)} at all")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("log", nargs="?", type=pathlib.Path)
    parser.add_argument("--speed", type=float, default=500)
    parser.add_argument("--watch", metavar="FOOTFALL")
    parser.add_argument("--days", type=int)
    parser.add_argument("--visitors", type=int, default=300)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        if options.days:
            subprocess.run([sys.executable, SIMULATE, "--no-truth", "--out",
                            folder / "sim", "--seed", "replay",
                            "--days", str(options.days), "--visitors",
                            str(options.visitors)], check=True, capture_output=True)
            options.log = folder / "sim" / "access.log"
        if options.watch:
            watch(str(pathlib.Path(options.watch).resolve()), options.log,
                  options.speed, folder)
            return verdict("days end as they should")
        with open(options.log, "rb") as lines:
            replay(lines, options.speed, sys.stdout.buffer.write,
                   sys.stdout.buffer.flush)
    return 0


if __name__ == "__main__":
    sys.exit(main())
