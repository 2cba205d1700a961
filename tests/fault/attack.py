#!/usr/bin/python3
"""A day under attack, by hand: ten million lines of ever new URLs, agents, referrers,
search terms and addresses, among which a few hundred people read the same pages.

usage: attack.py FOOTFALL [--lines N] [--memory SIZE]

The process must stay within its bound and the people's pages in the report, and every
line be in it. Prints lines, seconds, peak memory."""

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

PAGES = ["/", "/about", "/blog/today", "/docs/start"]
BROWSER = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0.0.0 Safari/537.36"
)


def line(client: str, second: int, path: str, status: int, referrer: str, agent: str):
    clock = f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
    return (
        f'{client} - - [02/Mar/2026:{clock} +0000] "GET {path} HTTP/1.1" {status} 512 '
        f'"{referrer}" "{agent}"\n'
    )


def attack(dice: random.Random, second: int) -> str:
    new = f"{dice.getrandbits(60):x}"
    client = f"198.51.100.{dice.randrange(256)}"
    if dice.random() < 0.1:
        client = ".".join(str(dice.randrange(1, 224)) for _ in range(4))
    path, status = [
        (f"/{new}", 200),
        (f"/blog/{new}", 200),
        (f"/search?q={new}", 200),
        (f"/{new}/x.php", 404),
    ][dice.randrange(4)]
    agent = BROWSER.replace("126", str(dice.randrange(10**9)))
    return line(client, second, path, status, f"https://{new}.example/", agent)


def lines(n: int) -> Iterator[str]:
    dice = random.Random(8)
    for i in range(n):
        second = i * 86000 // n
        if i % 1000 == 0:
            person = i // 1000 % 300
            client = f"203.0.{person % 50}.{person}"
            yield line(client, second, PAGES[i // 1000 % 4], 200, "-", BROWSER)
        else:
            yield attack(dice, second)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("footfall")
    parser.add_argument("--lines", type=int, default=10_000_000)
    parser.add_argument("--memory", default="1G")
    args = parser.parse_args()
    unit = {"M": 20, "G": 30}[args.memory[-1]]
    bound = int(args.memory[:-1]) << unit
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "report.json"
        command = [args.footfall, "run", "-", "--site", "www.example.org"]
        command += ["--memory", args.memory, "-o", str(out)]
        run = subprocess.Popen(
            command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert run.stdin and run.stderr
        for text in lines(args.lines):
            run.stdin.write(text)
        run.stdin.close()
        said = run.stderr.read()
        assert run.wait() in (0, 3), said
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        report = json.loads(out.read_text())
    peak = usage.ru_maxrss * 1024
    print(f"{args.lines} lines, {usage.ru_utime:.1f} s, {peak >> 20} MiB of {args.memory}")
    print(said, end="")
    rows = {row["key"] for row in report["tables"]["pages"]["rows"]}
    failed = []
    if peak > bound:
        failed.append("over its bound")
    # The smallest row may have to go into "other".
    if len(set(PAGES) - rows) > 1:
        failed.append(f"pages are missing: {sorted(set(PAGES) - rows)}")
    if report["reconciliation"]["lines"] != args.lines:
        failed.append("lines are missing")
    if "--memory was reached" not in said and args.lines > 5_000_000:
        failed.append("it does not say that memory was short")
    print("\n".join(failed) or "ok")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
