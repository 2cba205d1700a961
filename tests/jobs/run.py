#!/usr/bin/python3
"""The same logs read by 1, 2, 3 and 7 threads, and through a pipe: the rollups must be
the same bytes, and so must all that is said on stdout and stderr.

    tests/jobs/run.py FOOTFALL [WORD...]

The logs are made so that what depends on a line's neighbours stands at the borders of
the pieces that threads take: lines without a time, comments that change the fields,
duplicates, lines out of order over days. WORDs pick cases. Exit 1 if anything differs.
"""

import gzip
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import time
from typing import BinaryIO, Callable, Dict, Iterator, List, NamedTuple, Optional

JOBS = (1, 2, 3, 7)
AGENTS = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0.0.0 Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "GPTBot/1.2 (+https://openai.com/gptbot)",
    "-",
]
REFERRERS = ["-", "https://www.google.com/", "https://www.example.org/page/3",
             "https://news.example.net/today", "https://chatgpt.com/"]
DAY = 86400


class Case(NamedTuple):
    """Files by name, and whether their text may also come through a pipe."""

    files: Dict[str, bytes]
    pipes: bool = True
    options: List[str] = []
    says: Optional[str] = None  # a part of stderr


class Hit(NamedTuple):
    second: int
    client: str
    target: str
    status: int
    size: int
    referrer: str
    agent: str


def clock(second: int) -> str:
    day, rest = divmod(second, DAY)
    return (f"{2 + day:02}/Mar/2026:{rest // 3600:02}:{rest // 60 % 60:02}:"
            f"{rest % 60:02} +0000")


def hits(count: int, days: float, seed: str) -> Iterator[Hit]:
    """A crowd on a small site, in order of time."""
    rng = random.Random(seed)
    for n in range(count):
        visitor = rng.randrange(count // 8)
        kind = rng.random()
        if kind < .4:
            target, status = f"/page/{rng.randrange(40)}", 200
        elif kind < .8:
            target, status = f"/style/{rng.randrange(9)}.css", 200
        elif kind < .85:
            target, status = f"/search?q=term+{rng.randrange(5)}", 200
        elif kind < .9:
            target, status = f"/file-{rng.randrange(4)}.pdf", 206
        elif kind < .95:
            target, status = f"/gone/{rng.randrange(20)}", 404
        else:
            target, status = "/robots.txt", 200
        client = (f"192.0.2.{visitor % 250}", f"198.51.{visitor % 250}.{visitor % 199}",
                  f"2001:db8:{visitor % 99:x}:{visitor:x}::1",
                  f"h{visitor}.pool{visitor % 50}.example.net")[visitor % 4]
        yield Hit(int(n * days * DAY / count), client, target, status,
                  rng.randrange(90000), rng.choice(REFERRERS), rng.choice(AGENTS))


def combined(hit: Hit) -> str:
    return (f'{hit.client} - - [{clock(hit.second)}] "GET {hit.target} HTTP/1.1" '
            f'{hit.status} {hit.size} "{hit.referrer}" "{hit.agent}"\n')


def vhost(hit: Hit) -> str:
    return "www.example.org:443 " + combined(hit)


def syslog(hit: Hit) -> str:
    rest = hit.second % DAY
    return (f"Mar  {2 + hit.second // DAY} {rest // 3600:02}:{rest // 60 % 60:02}:"
            f"{rest % 60:02} web nginx: {combined(hit)}")


def as_json(hit: Hit) -> str:
    fields = {"time_local": clock(hit.second), "remote_addr": hit.client,
              "request": f"GET {hit.target} HTTP/1.1", "status": hit.status,
              "body_bytes_sent": hit.size, "http_referer": hit.referrer}
    if hit.agent != "-":
        fields["http_user_agent"] = hit.agent
    return json.dumps(fields) + "\n"


def w3c(rows: List[Hit], every: int) -> Iterator[str]:
    """The order of the fields changes every so many lines."""
    orders = ("date time c-ip cs-method cs-uri-stem cs-uri-query sc-status sc-bytes "
              "cs(User-Agent) cs(Referer)",
              "time date sc-status cs-uri-stem cs-uri-query cs-method c-ip "
              "cs(User-Agent)")
    for n, hit in enumerate(rows):
        order = orders[n // every % 2]
        if n % every == 0:
            yield f"#Version: 1.0\n#Fields: {order}\n"
        path, _, query = hit.target.partition("?")
        rest = hit.second % DAY
        values = {"date": f"2026-03-{2 + hit.second // DAY:02}",
                  "time": f"{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}",
                  "c-ip": hit.client, "cs-method": "GET", "cs-uri-stem": path,
                  "cs-uri-query": query or "-", "sc-status": str(hit.status),
                  "sc-bytes": str(hit.size),
                  "cs(User-Agent)": hit.agent.replace(" ", "+"),
                  "cs(Referer)": hit.referrer}
        yield " ".join(values[name] for name in order.split()) + "\n"


def text(rows: Iterator[Hit], form: Callable[[Hit], str] = combined) -> bytes:
    return "".join(map(form, rows)).encode()


def dirty() -> Case:
    """Runs of lines without a time, over the pieces' borders and over midnight."""
    rng = random.Random("dirty")
    lines: List[str] = []
    first = 0
    for n, hit in enumerate(hits(20000, 3, "dirty")):
        lines.append(combined(hit))
        if n > 9000 and rng.random() < .002:
            first = first or len(lines) + 1
            for _ in range(rng.randrange(1, 400)):
                lines.append(rng.choice(["what is this\n", "\n", "# a remark\n",
                                         combined(hit).replace("/Mar/", "/Foo/")]))
    lines.insert(100, "x" * 300000 + "\n")
    return Case({"a.log": "".join(lines).encode()}, says="the first is line 101,")


def midnight() -> Case:
    """A day's dirt is longer than a piece: the next piece begins in it, and its first
    line with a time is of the next day. A pipe has its borders elsewhere."""
    lines: List[str] = []
    day = 0
    for hit in hits(9000, 4, "midnight"):
        if hit.second // DAY > day:
            day = hit.second // DAY
            lines.append(("dirt at midnight" * 5 + "\n") * 5000)
        lines.append(combined(hit))
    return Case({"a.log": "".join(lines).encode()}, says="15000 of 24000 lines")


def only_dirt_first() -> Case:
    """A piece and more before the first line that has a time."""
    return Case({"a.log": b"no line\n" * 50000 + text(hits(4000, 1, "late"))},
                options=["--format", "combined"])


def overlap() -> Case:
    """A copy, two halves that overlap, and a second server's log."""
    whole = [combined(hit) for hit in hits(24000, 2, "overlap")]
    other = text(hits(12000, 2, "other"))
    return Case({"whole.log": "".join(whole[:9000]).encode(),
                 "halves.1": "".join(whole[:14000]).encode(),
                 "halves.2.gz": gzip.compress("".join(whole[12000:]).encode()),
                 "other.log": other, "copy.log.gz": gzip.compress(other)}, pipes=False)


def mixed() -> Case:
    rows = list(hits(16000, 1, "mixed"))
    forms = [combined, vhost]
    return Case({"a.log": "".join(forms[n // 37 % 2](hit) for n, hit in enumerate(rows))
                 .encode()})


def fields_change() -> Case:
    rows = list(hits(24000, 2, "fields"))
    return Case({"a.log": "".join(w3c(rows, 701)).encode()})


def agents_come_late() -> Case:
    """JSON lines without an agent tell nothing of it until a round of reading has had
    one."""
    rows = list(hits(20000, 1, "json"))
    lines = [as_json(hit._replace(agent="-") if n < 9000 else hit)
             for n, hit in enumerate(rows)]
    return Case({"a.log": "".join(lines).encode()})


def agents_left_out() -> Case:
    """JSON lines whose first ones tell that a line without an agent has an empty one;
    dirt, escapes and members that change their order between them."""
    rng = random.Random("left out")
    lines = []
    for hit in hits(24000, 2, "left out"):
        members = list(json.loads(as_json(hit)).items())
        if rng.random() < .2:
            rng.shuffle(members)
        line = json.dumps(dict(members), separators=rng.choice([(", ", ": "), (",", ":")]))
        if rng.random() < .04:
            line = rng.choice(["{", "{}", line[:99], line.replace("GET", "\\u0047ET")])
        lines.append(line + "\n")
    return Case({"a.log": "".join(lines).encode()}, says="cannot be read as nginx_json")


def damaged() -> Case:
    packed = gzip.compress(text(hits(30000, 2, "damaged")))
    return Case({"a.log.gz": packed[:-len(packed) // 3]}, pipes=False,
                says="cut off at byte")


def banner_first() -> Case:
    """In no known format for more than a piece: it goes on in one."""
    return Case({"a.log": b"=" * 79 + b"\n" + b"a banner of some sort\n" * 30000 +
                 text(hits(12000, 1, "banner"))})


def over_rounds() -> Case:
    """Several rounds of reading, of which one closes days early, and lines that come
    days too late for that."""
    lines = [combined(hit).rsplit(' "', 2)[0] + "\n" for hit in
             hits(240000, 5, "rounds")]
    late = lines[:300]
    lines = [line * 7 for line in lines]
    lines[235000:235000] = late
    return Case({"a.log": "".join(lines).encode()}, pipes=False,
                says="300 lines came more than two hours out of order")


CASES: Dict[str, Callable[[], Case]] = {
    "combined": lambda: Case({"a.log": text(hits(24000, 2, "plain"))}),
    "common": lambda: Case({"a.log": b"\n".join(
        line.rsplit(b' "', 2)[0] for line in text(hits(24000, 1, "c")).splitlines())}),
    "hosts": lambda: Case({"a.log": text(hits(16000, 1, "hosts"), vhost)}),
    "syslog": lambda: Case({"a.log": text(hits(16000, 1, "syslog"), syslog)}),
    "servers": lambda: Case({f"{n}.log": text(hits(9000, 2, f"server {n}"))
                             for n in range(4)}, pipes=False),
    "dirty": dirty,
    "midnight": midnight,
    "only dirt first": only_dirt_first,
    "overlap": overlap,
    "mixed": mixed,
    "fields change": fields_change,
    "agents come late": agents_come_late,
    "agents left out": agents_left_out,
    "damaged": damaged,
    "banner first": banner_first,
    "over rounds": over_rounds,
}


def give(to: BinaryIO, text: bytes, drips: bool) -> None:
    """The first line for itself, if it drips: what a log is, it must not tell alone."""
    first = text.index(b"\n") + 1 if drips else 0
    to.write(text[:first])
    to.flush()
    time.sleep(.05 if drips else 0)
    to.write(text[first:])
    to.close()


def run(footfall: str, folder: pathlib.Path, case: Case, jobs: int,
        way: str) -> List[bytes]:
    """The rollups, stdout, stderr, exit status."""
    names = sorted(case.files)
    command = [footfall, "run", "--jobs", str(jobs), "--now", "2026-04-01T00:00:00Z",
               "--site", "www.example.org", *case.options, "-o", "out.cbor", "-o", "-"]
    with subprocess.Popen([*command, *(["-"] if way else names)], cwd=folder,
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE) as running:
        give(running.stdin, case.files[names[0]] if way else b"", way == "dripped")
        running.stdin = None
        report, said = running.communicate(timeout=120)
    return [(folder / "out.cbor").read_bytes(), report,
            said.replace(b"standard input", names[0].encode()),
            str(running.returncode).encode()]


def check(footfall: str, name: str, folder: pathlib.Path) -> List[str]:
    case = CASES[name]()
    for file, content in case.files.items():
        (folder / file).write_bytes(content)
    wanted = run(footfall, folder, case, 1, "")
    wrong = []
    if case.says and case.says.encode() not in wanted[2]:
        wrong.append(f"{name}: does not say {case.says!r}: {wanted[2]!r}")
    if json.loads(wanted[1])["totals"]["visits"] < 100:
        wrong.append(f"{name}: there are no visits to speak of")
    ways = [(jobs, "") for jobs in JOBS[1:] * 2]
    ways += [(1, "piped"), (3, "piped"), (2, "dripped")] if case.pipes else []
    for jobs, way in ways:
        got = run(footfall, folder, case, jobs, way)
        for what, one, other in zip(("rollups", "report", "stderr", "status"), wanted,
                                    got):
            if one != other:
                wrong.append(f"{name}: --jobs {jobs} {way}: other "
                             f"{what}" + (f": {one!r} {other!r}" if what == "stderr"
                                          else ""))
    return wrong


def main(arguments: List[str]) -> int:
    footfall = str(pathlib.Path(arguments[0]).resolve())
    words = arguments[1:]
    wrong = []
    for name in CASES:
        if words and not any(word in name for word in words):
            continue
        with tempfile.TemporaryDirectory() as folder:
            wrong += check(footfall, name, pathlib.Path(folder))
    print("\n".join(wrong) or "all the same")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
