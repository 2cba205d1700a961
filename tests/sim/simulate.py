#!/usr/bin/env python3
"""Simulates a site's access logs and writes down the exact truth about them.

    simulate.py --seed 1 --days 14 --visitors 3000 --out /tmp/logs --servers 2 --gzip

gives access-1.log.gz, access-2.log.gz and truth.json in /tmp/logs (compare.py holds a
report of footfall against the latter). The same arguments give the same bytes.

Each day is made by itself (so days can be made by several processes), from random
streams named by seed, day and purpose. Visitors who come in the last hour may stay over
midnight: their stream is played in both days, and each day takes its own lines of it.
The logs end with the last day's midnight; with --overrun they go on to the end of the
visits that run over it, which gives one more day with few visitors.
"""

import argparse
import datetime
import json
import multiprocessing
import os
import random
import shutil
import sys
import time
import zlib
from typing import Callable, List, NamedTuple, Tuple

from population import LogDay, Population, Server
from robots import Noise, Robots
from truth import DAY, Day
from visitors import Visitor, World
from website import Website

# Last bytes of addresses: populations share networks, but never an address.
DAY_HOSTS, OTHER_HOSTS = range(1, 170), range(170, 200)
NIGHT_HOSTS = (range(200, 227), range(227, 254))  # of even and odd days
SLICE = 600  # seconds of the day made before they are written
NIGHT = 23 * 3600  # from here on visitors may stay over midnight
FOREVER = 1 << 40
# Share of a day's visitors by hour (UTC).
BY_HOUR = (
    10,
    7,
    5,
    4,
    5,
    9,
    18,
    32,
    48,
    58,
    62,
    60,
    56,
    58,
    60,
    58,
    55,
    52,
    50,
    52,
    50,
    40,
    28,
    18,
)
FORMATS = ("common", "combined", "combined_language", "vhost_combined", "mixed")


class Plan(NamedTuple):
    """What the arguments ask for; goes to the processes."""

    seed: str
    start: datetime.date
    days: int
    visitors: int
    servers: List[Server]
    site: str
    out: str
    is_gzip: bool
    has_truth: bool
    noise: int


class DayResult(NamedTuple):
    """What one day's process gives back."""

    parts: List[str]
    lines: int
    malformed: int
    blank: int
    excluded: int
    truth: dict


class DayMaker:
    """Makes the logs of one day. `index` counts from 0; the day after the last one is
    only what runs over from it."""

    def __init__(self, plan: Plan, index: int):
        self.plan = plan
        self.index = index
        self.date = plan.start + datetime.timedelta(days=index)
        formats = {server.format for server in plan.servers}
        has_referrer = "common" not in formats
        self.day = Day(self.date.isoformat(), has_referrer) if plan.has_truth else None
        self.log = LogDay(self.date, plan.servers, index >= plan.days - 1)
        self.world = World(Website(plan.site, has_referrer), has_referrer)
        self.noise = Noise(
            self.log, self._stream("noise", index), self.world, self.date.year
        )

    def _stream(self, purpose: str, index: int) -> random.Random:
        return random.Random(f"{self.plan.seed}/{index}/{purpose}")

    def _population(self, rng: random.Random, hosts: range) -> Population:
        return Population(
            rng, self.plan.visitors, hosts, self.log, self.day, self.plan.site
        )

    def _visitors_of(self, index: int) -> int:
        """Visitors of a day: fewer at the weekend."""
        is_weekend = (self.plan.start + datetime.timedelta(days=index)).weekday() >= 5
        return self.plan.visitors * (4 if is_weekend else 5) // 5

    def _night(self, index: int) -> None:
        """Visitors who come in the last hour of day `index`, seen from this day."""
        rng = self._stream("night", index)
        people = self._population(rng, NIGHT_HOSTS[index % 2])
        n = self._visitors_of(index) * BY_HOUR[23] // sum(BY_HOUR)
        offset = (index - self.index) * DAY
        for _ in range(n):
            client = people.client()
            client.limit = FOREVER
            t = offset + NIGHT + int(rng.random() * (DAY - NIGHT))
            Visitor(self.world, client, rng, t).come()

    def _by_day(self) -> Tuple[Callable[[int], None], List[int]]:
        """The day's visitors: what lets one come, and how many by slice."""
        rng = self._stream("day", self.index)
        people = self._population(rng, DAY_HOSTS)

        def come(t: int) -> None:
            client = people.client()
            client.limit = DAY - 2 * 3600
            Visitor(self.world, client, rng, t).come()

        n = self._visitors_of(self.index)
        total = sum(BY_HOUR) * (3600 // SLICE)
        counts, shares = [], 0
        for part in range(NIGHT // SLICE):
            weight = BY_HOUR[part * SLICE // 3600]
            counts.append((shares + weight) * n // total - shares * n // total)
            shares += weight
        return come, counts

    def _others(self) -> List[Tuple[int, Callable[[int], None]]]:
        """Robots, near misses and noise, each with its time."""
        rng = self._stream("robots", self.index)
        people = self._population(rng, OTHER_HOSTS)
        robots = Robots(self.world, people, rng, self.day, self.log)
        v, noise = self.plan.visitors, self.noise
        rows = [
            (max(4, v // 90), DAY - 600, robots.crawler),
            (max(2, v // 500), DAY - 600, robots.agentless),
            (max(2, v // 800), DAY - 600, lambda t: robots.scanner(t, 20)),
            (
                max(2, v // 800),
                DAY - 600,
                lambda t: robots.scanner(t, 21 + int(40 * rng.random())),
            ),
            (2, DAY - 600, lambda t: robots.scanner(t, 19)),
            (2, DAY - 600, lambda t: robots.scanner(t, 20, 1)),
            (1, DAY - 600, lambda t: robots.scanner(t, 55, 2)),
            (max(2, v // 900), DAY - 30000, robots.late_confession),
            (max(3, v // 200), DAY - 600, robots.nobody),
            (max(1, v // 1000), DAY - 600, robots.nameless_robot),
            (max(4, v // 100), DAY - 600, robots.garbage),
            (2, DAY - 600, robots.odd_method),
            (3, DAY - 600, lambda t: self._campus(robots, rng, t)),
            (self.plan.noise or max(4, v // 100), DAY, noise.malformed_line),
            (max(3, v // 200), DAY, noise.blank_line),
            (max(3, v // 300), DAY, noise.other_host_line),
        ]
        if self.index % 3 == 0:
            rows += [
                (1, 60000, lambda t: robots.reader(t, 1001)),
                (1, 60000, lambda t: robots.reader(t, 1000)),
                (1, 60000, lambda t: robots.reader(t, 600, 2)),
            ]
        events = [
            (int(rng.random() * end), act) for n, end, act in rows for _ in range(n)
        ]
        events.sort(key=lambda event: event[0])
        return events

    def _campus(self, robots: Robots, rng: random.Random, t: int) -> None:
        """Fourteen people of one network read the same page: enough visitors for a row,
        but (three such networks) not enough networks."""
        robots.network += 1
        network = f"10.20.{robots.network & 255}"
        for _ in range(14):
            client = robots.people.client(network)
            client.limit = t
            visitor = Visitor(self.world, client, rng, t)
            visitor.begin_visit()
            visitor.go(self.world.site.campus_page)

    def make(self) -> DayResult:
        """Plays the day and writes it, a slice at a time."""
        paths = [
            os.path.join(self.plan.out, f"part-{s}-{self.index}.tmp")
            for s in range(len(self.plan.servers))
        ]
        writers = [Writer(path, self.plan.is_gzip) for path in paths]
        if self.index > 0:
            self._night(self.index - 1)
        if self.index < self.plan.days:
            self._play(writers)
        self._flush(writers, 0 if self.index >= self.plan.days else NIGHT, DAY)
        lines = sum(writer.close() for writer in writers)
        if self.day:
            self.day.close()
        return DayResult(
            paths,
            lines,
            self.noise.malformed,
            self.noise.blank,
            self.noise.excluded,
            self.day.to_json() if self.day else {},
        )

    def _play(self, writers: List["Writer"]) -> None:
        come, counts = self._by_day()
        others = self._others()
        arrivals = self._stream("arrivals", self.index).random
        done = 0
        for part, n in enumerate(counts):
            begin = part * SLICE
            for _ in range(n):
                come(begin + int(arrivals() * SLICE))
            while done < len(others) and others[done][0] < begin + SLICE:
                others[done][1](others[done][0])
                done += 1
            self._flush(writers, begin, begin + SLICE)
        for t, act in others[done:]:
            act(t)
        self._night(self.index)

    def _flush(self, writers: List["Writer"], begin: int, end: int) -> None:
        for server, writer in enumerate(writers):
            for at in range(begin, end, SLICE):
                writer.write(self.log.take(server, at, at + SLICE))


class Writer:
    """One part of a log file, plain or a gzip member without time or name."""

    def __init__(self, path: str, is_gzip: bool):
        self.file = open(path, "wb")
        self.packer = zlib.compressobj(3, zlib.DEFLATED, 31) if is_gzip else None
        self.lines = 0

    def write(self, text: str) -> None:
        self.lines += text.count("\n")
        data = text.encode("latin-1")
        self.file.write(self.packer.compress(data) if self.packer else data)

    def close(self) -> int:
        """Gives the number of lines."""
        if self.packer:
            self.file.write(self.packer.flush())
        self.file.close()
        return self.lines


def make_day(job: Tuple[Plan, int]) -> DayResult:
    plan, index = job
    return DayMaker(plan, index).make()


def log_name(plan: Plan, server: int, date: datetime.date, is_rotated: bool) -> str:
    name = "access" if len(plan.servers) == 1 else f"access-{server + 1}"
    if is_rotated:
        name += f"-{date.isoformat()}"
    return os.path.join(plan.out, name + (".log.gz" if plan.is_gzip else ".log"))


def append_parts(
    plan: Plan, result: DayResult, index: int, is_rotated: bool, files: List[str]
) -> None:
    """Adds a day's parts to the log files; `files` lists those begun."""
    date = plan.start + datetime.timedelta(days=index)
    for server, part in enumerate(result.parts):
        name = log_name(plan, server, date, is_rotated)
        if name not in files:
            files.append(name)
            os.replace(part, name)
            continue
        with open(name, "ab") as log, open(part, "rb") as more:
            shutil.copyfileobj(more, log, 1 << 20)
        os.remove(part)


def simulate(plan: Plan, jobs: int, is_rotated: bool, has_overrun: bool) -> dict:
    """Writes the logs; gives the truth."""
    os.makedirs(plan.out, exist_ok=True)
    work = [(plan, index) for index in range(plan.days + has_overrun)]
    truth = {
        "version": 1,
        "seed": plan.seed,
        "site": plan.site,
        "formats": [server.format for server in plan.servers],
        "reconciliation": dict.fromkeys(("lines", "malformed", "blank", "excluded"), 0),
        "files": [],
        "days": [],
    }
    sums, files = truth["reconciliation"], []
    pool = multiprocessing.Pool(min(jobs, len(work))) if jobs > 1 else None
    results = pool.imap(make_day, work) if pool else map(make_day, work)
    for index, result in enumerate(results):
        append_parts(plan, result, index, is_rotated, files)
        for name in sums:
            sums[name] += getattr(result, name)
        if result.truth and any(
            (
                *result.truth["human_by_kind"].values(),
                *result.truth["robots_by_class"].values(),
            )
        ):
            truth["days"].append(result.truth)
    if pool:
        pool.close()
        pool.join()
    truth["files"] = [os.path.basename(name) for name in files]
    return truth


def servers_of(options: argparse.Namespace) -> List[Server]:
    kind = options.format or ("mixed" if options.servers == 2 else "combined")
    first = "combined" if kind == "mixed" else kind
    servers = [Server(first)]
    if options.servers == 2:
        servers.append(
            Server("combined_language" if kind == "mixed" else first, options.zone)
        )
    return servers


def parse_options(arguments: List[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Simulates access logs with known truth."
    )
    parser.add_argument("--seed", default="1", help="any text")
    parser.add_argument("--days", type=int, default=1)
    parser.add_argument(
        "--visitors", type=int, default=1000, help="humans a working day"
    )
    parser.add_argument(
        "--out", required=True, help="folder for the logs and truth.json"
    )
    parser.add_argument(
        "--start", type=datetime.date.fromisoformat, default=datetime.date(2026, 3, 2)
    )
    parser.add_argument("--servers", type=int, choices=(1, 2), default=1)
    parser.add_argument("--gzip", action="store_true")
    parser.add_argument("--rotate", action="store_true", help="a file a day and server")
    parser.add_argument(
        "--format",
        choices=FORMATS,
        help="default: combined; with two servers mixed (the second one "
        "logs Accept-Language)",
    )
    parser.add_argument(
        "--zone",
        choices=("+0000", "+0100", "-0500"),
        default="+0000",
        help="time zone that the second server logs in",
    )
    parser.add_argument("--site", default="www.example.org")
    parser.add_argument("--malformed", type=int, default=0, help="such lines a day")
    parser.add_argument(
        "--overrun",
        action="store_true",
        help="go on to the end of visits that run over the last midnight",
    )
    parser.add_argument("--no-truth", action="store_true", help="logs only, faster")
    parser.add_argument("--jobs", type=int, default=1)
    return parser.parse_args(arguments)


def main(arguments: List[str]) -> int:
    options = parse_options(arguments)
    began = time.monotonic()
    plan = Plan(
        options.seed,
        options.start,
        options.days,
        options.visitors,
        servers_of(options),
        options.site,
        options.out,
        options.gzip,
        not options.no_truth,
        options.malformed,
    )
    truth = simulate(plan, options.jobs, options.rotate, options.overrun)
    if plan.has_truth:
        with open(os.path.join(plan.out, "truth.json"), "w", encoding="utf-8") as file:
            json.dump(truth, file, separators=(",", ":"))
            file.write("\n")
    seconds = time.monotonic() - began
    lines = truth["reconciliation"]["lines"]
    print(
        f"{lines} lines in {seconds:.1f} s ({lines / seconds:.0f} lines/s): "
        + " ".join(truth["files"]),
        file=sys.stderr,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
