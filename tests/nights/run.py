#!/usr/bin/python3
"""Forty simulated days of two servers, whose logs are rotated like anyone's, and a job a
night: some nights it is killed, some it does not run. The store must be, byte for byte,
what one run over all files makes.

    tests/nights/run.py FOOTFALL [--seed TEXT] [--keep DIR]

Server 1 rotates in the morning, server 2 at midnight; both compress a night later, keep
a week, and do not rotate an empty log. Two days are without a line. The seed is taken
from the clock and printed.
"""

import argparse
import datetime
import gzip
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import time
from typing import Dict, List, Optional

SIMULATE = pathlib.Path(__file__).resolve().parent.parent / "sim/simulate.py"
START = datetime.datetime(2026, 3, 2)
DAYS, NIGHTS = 40, 30
QUIET = (17, 25)
ROTATES_AT = {1: datetime.timedelta(hours=6, minutes=25), 2: datetime.timedelta(0)}
KEPT = 8
SITE = "www.example.org"
TIME = re.compile(rb"\[(\d\d)/(Mar|Apr)/(2026):([01]\d|2[0-3]):([0-5]\d):([0-5]\d) "
                  rb"\+0000\] ")
MONTHS = {b"Mar": 3, b"Apr": 4}


class Wrong(Exception):
    pass


def need(condition: bool, what: str) -> None:
    if not condition:
        raise Wrong(what)


def time_of(line: bytes) -> Optional[datetime.datetime]:
    """None for the lines that cannot be read."""
    found = TIME.search(line)
    if not found:
        return None
    day, month, *rest = found.groups()
    year, hour, minute, second = map(int, rest)
    try:
        return datetime.datetime(year, MONTHS[month], int(day), hour, minute, second)
    except ValueError:
        return None


class Server:
    """A server's log as it comes to be."""

    def __init__(self, number: int, folder: pathlib.Path, text: bytes):
        self.folder, self.number = folder, number
        self.name = f"access-{number}.log"
        self.lines = text.splitlines(keepends=True)
        self.at = 0
        self.pieces: List[bytes] = []  # all that were rotated, in order
        folder.mkdir(exist_ok=True)
        (folder / self.name).touch()

    def write_until(self, moment: datetime.datetime) -> None:
        """Writes the lines up to the first one of that moment or later."""
        begin = self.at
        while self.at < len(self.lines):
            its = time_of(self.lines[self.at])
            if its and its >= moment:
                break
            self.at += 1
        with open(self.folder / self.name, "ab") as file:
            file.write(b"".join(self.lines[begin:self.at]))

    def rotate(self) -> None:
        log = self.folder / self.name
        if log.stat().st_size == 0:
            return
        for i in range(KEPT, 1, -1):
            old = self.folder / f"{self.name}.{i}.gz"
            if old.exists():
                old.rename(self.folder / f"{self.name}.{i + 1}.gz")
        (self.folder / f"{self.name}.{KEPT + 1}.gz").unlink(missing_ok=True)
        last = self.folder / f"{self.name}.1"
        if last.exists():
            with gzip.open(self.folder / f"{self.name}.2.gz", "wb", 6) as packed:
                packed.write(last.read_bytes())
            last.unlink()
        self.pieces.append(log.read_bytes())
        log.rename(last)
        log.touch()

    def save_all(self, folder: pathlib.Path) -> List[str]:
        """All there ever was, in the same pieces."""
        files = []
        for i, piece in enumerate([*self.pieces, (self.folder / self.name).read_bytes()]):
            path = folder / f"{self.number}-{i:02}.log"
            path.write_bytes(piece)
            files.append(str(path))
        return files


def simulate(seed: str, folder: pathlib.Path) -> Dict[int, bytes]:
    subprocess.run([sys.executable, SIMULATE, "--seed", seed, "--days", str(DAYS),
                    "--visitors", "70", "--servers", "2", "--rotate", "--no-truth",
                    "--start", START.date().isoformat(), "--site", SITE, "--jobs", "2",
                    "--out", folder], check=True, stderr=subprocess.DEVNULL)
    # Few visitors: the first of the first day may come so late that its beginning would
    # be missing.
    first = (f'192.0.2.1 - - [{START:%d/%b/%Y}:00:00:00 +0000] "GET / HTTP/1.1" 200 5 '
             '"-" "Mozilla/5.0"\n').encode("ascii")
    text = {}
    for number in (1, 2):
        days = [START.date() + datetime.timedelta(days=day) for day in range(DAYS)
                if day not in QUIET]
        text[number] = first + b"".join((folder / f"access-{number}-{day}.log").read_bytes()
                                for day in days)
    return text


def rollups(store: pathlib.Path) -> Dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (store / SITE).glob("*.cbor")}


class Nights:
    def __init__(self, program: str, scratch: pathlib.Path, seed: str):
        self.program, self.scratch = program, scratch
        self.rng = random.Random(seed)
        self.store = scratch / "store"
        text = simulate(seed, scratch / "simulated")
        self.servers = [Server(number, scratch / "log", text[number])
                        for number in (1, 2)]
        self.seconds = 0.05
        self.kills = 0
        self.has_run = False

    def command(self, now: datetime.datetime, store: pathlib.Path,
                files: List[str]) -> List[str]:
        return [self.program, "rollup", "--now", now.isoformat() + "Z", "--site", SITE,
                "--store", str(store), *files]

    def job(self, now: datetime.datetime) -> None:
        files = sorted(map(str, (self.scratch / "log").iterdir()))
        self.rng.shuffle(files)
        command = self.command(now, self.store, files)
        for _ in range(self.rng.choice((0, 0, 1, 3))):
            with subprocess.Popen(command, stderr=subprocess.DEVNULL) as running:
                time.sleep(self.rng.random() * self.seconds)
                running.kill()
            self.kills += 1
        if self.rng.random() < 0.1:
            return  # the machine was off, or what was killed is not run again
        began = time.monotonic()
        done = subprocess.run(command, capture_output=True, check=False, timeout=60,
                              encoding="utf-8")
        self.seconds = time.monotonic() - began
        # One bad line in a log of three is told; and the first time, that the day
        # before the week that was kept has no beginning.
        is_first = "its beginning is in none of the logs" in done.stderr
        need(done.returncode == 0 or "lines cannot be read" in done.stderr
             or (is_first and not self.has_run),
             f"night {now}: exit {done.returncode}: {done.stderr}")
        self.has_run = True

    def day(self, day: int, has_job: bool) -> None:
        """From half past midnight to the next one, and the night's job then."""
        begin = START + datetime.timedelta(days=day)
        end = begin + datetime.timedelta(days=1)
        for server in self.servers:
            if server.number == 1:
                server.write_until(begin + ROTATES_AT[1])
                server.rotate()
            server.write_until(end)
            if server.number == 2:
                server.rotate()
            server.write_until(end + datetime.timedelta(minutes=30))
        if has_job:
            self.job(end + datetime.timedelta(minutes=30))

    def play(self) -> None:
        for day in range(DAYS):
            # What was kept when the first night came is a week.
            self.day(day, day >= DAYS - NIGHTS)
        end = START + datetime.timedelta(days=DAYS, minutes=30)
        self.rng = random.Random(1)  # which does run
        self.job(end)
        self.compare(end)

    def compare(self, end: datetime.datetime) -> None:
        archive, unbroken = self.scratch / "archive", self.scratch / "unbroken"
        archive.mkdir()
        files = [file for server in self.servers for file in server.save_all(archive)]
        done = subprocess.run(self.command(end, unbroken, files), capture_output=True,
                              check=False, encoding="utf-8")
        need(done.returncode == 0 or "lines cannot be read" in done.stderr,
             f"unbroken: exit {done.returncode}: {done.stderr}")
        want, have = rollups(unbroken), rollups(self.store)
        need(len(want) == DAYS, f"{len(want)} days in the unbroken store")
        first = START.date() + datetime.timedelta(days=DAYS - NIGHTS)
        need(len(have) >= NIGHTS, f"{len(have)} days in the store of the nights")
        for name in sorted(want):
            if name >= first.isoformat():
                need(name in have, f"{name} is missing")
        for name, content in have.items():
            need(content == want[name], f"{name} differs")


def main(arguments: List[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("footfall")
    parser.add_argument("--seed", default=str(int(time.time())))
    parser.add_argument("--keep", type=pathlib.Path)
    options = parser.parse_args(arguments)
    program = str(pathlib.Path(options.footfall).resolve())
    with tempfile.TemporaryDirectory() as scratch:
        nights = Nights(program, options.keep or pathlib.Path(scratch), options.seed)
        try:
            nights.play()
        except Wrong as fault:
            print(f"seed {options.seed}: {fault}")
            return 1
        print(f"seed {options.seed}: {NIGHTS} nights, {nights.kills} kills, "
              f"{len(rollups(nights.store))} rollups as in the unbroken run")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
