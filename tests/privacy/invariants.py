#!/usr/bin/python3
"""What must not matter in a log does not (tests/privacy/README.md: T5, T14).

    tests/privacy/invariants.py FOOTFALL

Lines of different visitors change places within their second, and lines are dealt to
several files: the same rollups, byte for byte. A visitor who opts out (Sec-GPC, DNT), or
is excluded, leaves the report as it is without that visitor's lines, but for the number
of lines excluded. Exit 1 and what differs.
"""

import json
import pathlib
import random
import subprocess
import sys
import tempfile
from typing import Dict, List, NamedTuple, Set

AGENTS = ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like "
          "Gecko) Chrome/126.0.0.0 Safari/537.36",
          "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0")
PAGES = ("/", "/about", "/blog/a", "/blog/b", "/docs/x", "/search?q=hats", "/a.pdf")
REFERRERS = ("", "https://www.google.com/", "https://news-site.com/x")
VISITORS, SEEDS = 160, 12


class Line(NamedTuple):
    second: int
    visitor: int
    text: str


def log(seed: int, opted_out: Set[int]) -> List[Line]:
    """Two days of nginx's JSON, in order of time; many lines share a second."""
    drawn = random.Random(seed)
    lines = []
    for visitor in range(VISITORS):
        agent = drawn.choice(AGENTS)
        client = f"198.18.{visitor % 60}.{visitor // 60}"
        for _ in range(drawn.randint(1, 8)):
            second = drawn.randrange(600) * 288
            row = {"msec": 1772409600 + second, "remote_addr": client,
                   "request": f"GET {drawn.choice(PAGES)} HTTP/1.1",
                   "status": drawn.choice((200, 200, 200, 304, 404)),
                   "body_bytes_sent": drawn.randrange(5000),
                   "http_referer": drawn.choice(REFERRERS), "http_user_agent": agent,
                   "http_sec_gpc": "", "http_dnt": ""}
            if visitor in opted_out:
                row[drawn.choice(("http_sec_gpc", "http_dnt"))] = "1"
            lines.append(Line(second, visitor, json.dumps(row)))
    return sorted(lines, key=lambda line: line.second)


def shuffled(lines: List[Line], drawn: random.Random) -> List[Line]:
    """One visitor's lines of a second keep their order: which page was first is told by
    nothing else."""
    rank = {(line.second, line.visitor): drawn.random() for line in lines}
    return sorted(lines, key=lambda line: (line.second, rank[line.second, line.visitor]))


def dealt(lines: List[Line], drawn: random.Random) -> List[List[Line]]:
    """To three files; a visitor's lines of a second to one, as a server writes them."""
    place = {(line.second, line.visitor): drawn.randrange(3) for line in lines}
    return [[line for line in lines if place[line.second, line.visitor] == i]
            for i in range(3)]


class Runner:
    def __init__(self, program: str, folder: pathlib.Path):
        self.program, self.folder = program, folder

    def run(self, files: List[List[Line]], form: str, *options: str) -> bytes:
        paths = []
        for i, lines in enumerate(files):
            path = self.folder / f"{i}.log"
            path.write_text("".join(line.text + "\n" for line in lines))
            paths.append(str(path))
        out = self.folder / f"out.{form}"
        done = subprocess.run([self.program, "run", *options, *paths, "-o", str(out)],
                              capture_output=True, encoding="utf-8", check=False)
        if done.returncode != 0:
            sys.exit(f"exit {done.returncode}: {done.stderr}")
        return out.read_bytes()

    def report(self, lines: List[Line], *options: str) -> Dict:
        return json.loads(self.run([lines], "json", *options))


def without_excluded(report: Dict) -> Dict:
    counts = report["reconciliation"]
    counts["lines"] -= counts["excluded"]
    counts["excluded"] = 0
    return report


def order_does_not_matter(runner: Runner, seed: int) -> List[str]:
    drawn = random.Random(seed)
    lines = log(seed, set())
    want = runner.run([lines], "cbor")
    found = []
    if runner.run([shuffled(lines, drawn)], "cbor") != want:
        found.append("lines in another order give other rollups")
    if runner.run(dealt(shuffled(lines, drawn), drawn), "cbor") != want:
        found.append("lines in three files give other rollups")
    return found


def who_opts_out_is_not_there(runner: Runner, seed: int) -> List[str]:
    drawn = random.Random(seed)
    out = set(drawn.sample(range(VISITORS), 1 if seed % 2 else 40))
    lines = log(seed, out)
    rest = [line for line in lines if line.visitor not in out]
    report, want = runner.report(lines), runner.report(rest)
    excluded = report["reconciliation"]["excluded"]
    found = []
    if excluded != len(lines) - len(rest) or want["reconciliation"]["excluded"]:
        found.append(f"{excluded} lines are excluded, of {len(lines) - len(rest)}")
    if without_excluded(report) != want:
        found.append("those who opt out leave a trace")
    # The same for a network that the operator excludes.
    nets = [str(n) for n in drawn.sample(range(60), 5)]
    options = [part for n in nets for part in ("--exclude-net", f"198.18.{n}.0/24")]
    lines = log(seed, set())
    rest = [line for line in lines if str(line.visitor % 60) not in nets]
    if without_excluded(runner.report(lines, *options)) != runner.report(rest):
        found.append("those who are excluded leave a trace")
    return found


def main() -> None:
    program = str(pathlib.Path(sys.argv[1]).resolve())
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        runner = Runner(program, pathlib.Path(folder))
        for seed in range(SEEDS):
            for check in (order_does_not_matter, who_opts_out_is_not_there):
                for what in check(runner, seed):
                    print(f"log {seed}: {what}")
                    wrong += 1
    print(f"{wrong} wrong")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
