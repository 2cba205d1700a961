"""The logs that the benchmark reads: simulated, and the same in other forms. Each is made
when it is first asked for, and found in the folder after that."""

import contextlib
import datetime
import json
import pathlib
import re
import shutil
import subprocess
import sys
import zlib
from typing import BinaryIO, Callable, Iterator, List, TextIO, Tuple

SIMULATE = pathlib.Path(__file__).resolve().parent.parent / "sim/simulate.py"
SITE = "www.example.org"
START = datetime.date(2026, 3, 2)
LINES_A_VISITOR = 20.7  # of the simulator
COMBINED = re.compile(r'(\S+) - - \[([^]]+)\] "(.*?)" (\d+) (\S+) "(.*?)" "(.*)"')


def simulate(folder: pathlib.Path, lines: int) -> pathlib.Path:
    """A day's log of about so many lines."""
    visitors = max(1, int(lines / LINES_A_VISITOR))
    log = folder / f"{visitors}-visitors.log"
    if not log.exists():
        out = folder / "out"
        subprocess.run([sys.executable, SIMULATE, "--seed", "bench", "--days", "1",
                        "--start", START.isoformat(), "--visitors", str(visitors),
                        "--site", SITE, "--no-truth", "--out", out], check=True,
                       stderr=subprocess.DEVNULL)
        (out / "access.log").rename(log)
        shutil.rmtree(out)
    return log


def count_lines(log: pathlib.Path) -> int:
    with log.open("rb") as text:
        return sum(part.count(b"\n") for part in iter(lambda: text.read(1 << 20), b""))


@contextlib.contextmanager
def write(to: pathlib.Path) -> Iterator[BinaryIO]:
    """`to` is there when it is whole."""
    part = to.with_name(to.name + ".tmp")
    with part.open("wb") as out:
        yield out
    part.rename(to)


@contextlib.contextmanager
def change(log: pathlib.Path, to: pathlib.Path) -> Iterator[Tuple[TextIO, TextIO]]:
    """Both opened, byte for byte."""
    part = to.with_name(to.name + ".tmp")
    with log.open(encoding="latin-1", newline="\n") as lines, \
            part.open("w", encoding="latin-1", newline="\n") as out:
        yield lines, out
    part.rename(to)


def clf_date(date: datetime.date) -> bytes:
    return date.strftime("[%d/%b/%Y:").encode("ascii")


def repeat(log: pathlib.Path, days: int) -> pathlib.Path:
    """The day again under the dates of the following days, in one file."""
    to = log.with_name(f"{log.stem}-{days}-days.log")
    if to.exists():
        return to
    first = clf_date(START)
    with write(to) as out:
        for day in range(days):
            date = clf_date(START + datetime.timedelta(day))
            with log.open("rb") as text:
                for lines in iter(lambda: text.readlines(1 << 22), []):
                    out.write(b"".join(lines).replace(first, date))
    return to


def spread(log: pathlib.Path, clients: int, lines: int) -> pathlib.Path:
    """The same lines by so many clients. If the log's own are fewer, each line has one of
    its own: no visit of more than a line, nothing that was seen a moment ago."""
    to = log.with_name(f"{log.stem}-by-{clients}.log")
    if to.exists():
        return to
    is_own = clients > lines / LINES_A_VISITOR
    with change(log, to) as (text, out):
        for i, line in enumerate(text):
            client, _, rest = line.partition(" ")
            if not rest:
                out.write(line)
                continue
            n = (i * 2654435761 if is_own else zlib.crc32(client.encode())) % clients
            out.write(f"{20 + (n >> 24)}.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255} {rest}")
    return to


def as_json(match: "re.Match[str]") -> str:
    client, clock, request, status, size, referrer, agent = match.groups()
    return json.dumps({"time_local": clock, "remote_addr": client, "request": request,
                       "status": int(status),
                       "body_bytes_sent": int(size) if size.isdigit() else 0,
                       "http_referer": referrer, "http_user_agent": agent})


def as_common(match: "re.Match[str]") -> str:
    client, clock, request, status, size, _, _ = match.groups()
    return f'{client} - - [{clock}] "{request}" {status} {size}'


def as_ltsv(match: "re.Match[str]") -> str:
    client, clock, request, status, size, referrer, agent = match.groups()
    return (f"time:[{clock}]\thost:{client}\treq:{request}\tstatus:{status}\tsize:{size}"
            f"\treferer:{referrer}\tua:{agent}")


FORMS = {"common": as_common, "json": as_json, "ltsv": as_ltsv}


def rewrite(log: pathlib.Path, name: str) -> pathlib.Path:
    """In another format."""
    form: Callable[["re.Match[str]"], str] = FORMS[name]
    to = log.with_name(f"{log.stem}-{name}.log")
    if to.exists():
        return to
    with change(log, to) as (lines, out):
        for line in lines:
            match = COMBINED.match(line)
            out.write((form(match) if match else line.rstrip("\n")) + "\n")
    return to


PACKERS = {"gz": ["gzip", "-6"], "zst": ["zstd", "-q", "-3"], "bz2": ["bzip2"],
           "xz": ["xz", "-T0", "-1"]}


def pack(log: pathlib.Path, ending: str) -> pathlib.Path:
    command: List[str] = PACKERS[ending]
    to = pathlib.Path(f"{log}.{ending}")
    if not to.exists():
        with log.open("rb") as text, write(to) as out:
            subprocess.run(command, stdin=text, stdout=out, check=True)
    return to
