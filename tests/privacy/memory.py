#!/usr/bin/python3
"""Looks for people in the memory of a footfall that has done its work.

    tests/privacy/memory.py FOOTFALL PAUSE [NAME...]

PAUSE is the library made of pause.c: it stops the program when main has returned, before
the memory goes back to the system. Logs of each compression and many formats, from files
and from a pipe, carry addresses, agents, queries, referrers, names; none of them, no key
that was drawn, no other secret and no token that a key made of a planted visitor may be
found in any readable page, and no memory may be freed with a planted word in it. Where the log comes by a pipe the program is also looked at
half way: then they must be there, or nothing was looked at.

Exit 1 and what was found where; 77 where the system shows no process another's memory.
"""

import argparse
import bz2
import fcntl
import gzip
import ipaddress
import json
import lzma
import os
import pathlib
import random
import re
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
from typing import Callable, Dict, Iterator, List, NamedTuple, Optional, Tuple

CHROME = ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like "
          "Gecko) Chrome/126.0.0.0 Safari/537.36")
DAYS = (2, 3, 4)
V4, V6, NAME = 2, 3, 4  # enum ff_client


class Planted(NamedTuple):
    """A visitor, and what of its lines nobody may find."""
    client: str
    agent: str
    path: str
    query: str
    referrer: str
    user: str = "-"


PLANTED = [
    Planted("203.0.113.77", "Plantedbrowser/7.3 (unusual edition)", "/plantedpath-a",
            "plantedparam=plantedvalue", "https://plantedsub.example/plantedref?x=1",
            "planteduser"),
    Planted("198.51.100.213", CHROME + " Plantedtoken/9", "/search",
            "q=plantedterm+plantedword", "https://www.google.com/search?q=plantedasked"),
    Planted("2001:db8:5ca1:ab1e:77:66:55:44", "Plantedsix/1.0 (x; plantedsix)",
            "/plantedfolder/plantedfile.pdf", "utm_source=plantedutm",
            "https://www.plantedsite.org/plantedlanding"),
    Planted("client-77.planted.example", "Plantedbot/2.0 (+http://planted.example/bot)",
            "/users/plantedname", "e=planted%40mail.example",
            "https://t.co/plantedshort"),
    Planted("192.0.2.201", "plantedagent \\\"quoted\\\" \\\\ end",
            "/plantedlost%20page", "a=%E2%82%ACplantedeuro", "-"),
]
# Each holds nothing but what is planted: "planted" is looked for in any case.
WORD = b"planted"
FORWARDED = "203.0.113.78"
# Harmless but for their tokens: their number makes tables grow.
CROWD = [Planted(f"198.18.{i % 250}.{i // 250}", f"{CHROME} Extra/{i}",
                 f"/page-{i % 40}", f"n={i}", "-") for i in range(700)]


def siphash(key: bytes, message: bytes) -> bytes:
    """SipHash-2-4 as its authors give it (Aumasson and Bernstein, 2012)."""
    mask = (1 << 64) - 1
    k0, k1 = struct.unpack("<QQ", key)
    v = [k0 ^ 0x736F6D6570736575, k1 ^ 0x646F72616E646F6D,
         k0 ^ 0x6C7967656E657261, k1 ^ 0x7465646279746573]

    def turn(x: int, by: int) -> int:
        return (x << by | x >> (64 - by)) & mask

    def rounds(n: int) -> None:
        for _ in range(n):
            v[0] = (v[0] + v[1]) & mask
            v[1] = turn(v[1], 13) ^ v[0]
            v[0] = turn(v[0], 32)
            v[2] = (v[2] + v[3]) & mask
            v[3] = turn(v[3], 16) ^ v[2]
            v[0] = (v[0] + v[3]) & mask
            v[3] = turn(v[3], 21) ^ v[0]
            v[2] = (v[2] + v[1]) & mask
            v[1] = turn(v[1], 17) ^ v[2]
            v[2] = turn(v[2], 32)

    padded = message + bytes(7 - len(message) % 8) + bytes([len(message) & 255])
    for (word,) in struct.iter_unpack("<Q", padded):
        v[3] ^= word
        rounds(2)
        v[0] ^= word
    v[2] ^= 0xFF
    rounds(4)
    return struct.pack("<Q", v[0] ^ v[1] ^ v[2] ^ v[3])


assert siphash(bytes(range(16)), bytes(range(15))) == \
    bytes.fromhex("e545be4961ca29a1"), "the authors' vector"


def packed(client: str) -> Optional[bytes]:
    try:
        return ipaddress.ip_address(client).packed
    except ValueError:
        return None


def messages(planted: Planted, agent: bytes) -> Tuple[bytes, bytes]:
    """What the network's and the visitor's half of a token are made of."""
    address = packed(planted.client)
    if address is None:
        name = planted.client.encode()
        rest = name.split(b".", 1)[1]
        return (bytes([NAME, len(rest)]) + rest,
                bytes([NAME, len(name)]) + name + agent)
    if len(address) == 4:
        return bytes([V4]) + address[:3], bytes([V4]) + address + agent
    return bytes([V6]) + address[:6], bytes([V6]) + address[:8] + agent


class Secrets:
    """What is looked for: texts, and bytes that may be anywhere data is."""

    def __init__(self) -> None:
        self.texts: Dict[bytes, str] = {WORD: "a planted word"}
        self.bytes: Dict[bytes, str] = {}
        for client in [p.client for p in PLANTED] + [FORWARDED]:
            self.texts[client.encode()] = f"the address {client}"
            address = packed(client)
            if address:
                self.bytes[address] = f"{client} in binary"
                self.bytes[address[::-1]] = f"{client} in binary, reversed"
            if address and len(address) == 16:
                self.bytes[address[:8]] = f"the network of {client}"

    def add_random(self, path: pathlib.Path, visitors: List[Planted]) -> int:
        """What pause.c saw drawn. Of libsodium: first the mark that it puts behind its
        locked memory, which stays in its own data; then the keys, in pairs. Of the
        system: what tables are hashed under, if it is long. Gives the number of keys.
        """
        data = path.read_bytes() if path.exists() else b""
        drawn: Dict[int, List[bytes]] = {ord("k"): [], ord("s"): []}
        while data:
            length = data[1]
            drawn[data[0]].append(bytes(255 - b for b in data[2:2 + length]))
            data = data[2 + length:]
        keys = drawn[ord("k")][1:]
        self.bytes.update({key: "a key" for key in keys})
        self.bytes.update({secret[:16]: "a secret of tables"
                           for secret in drawn[ord("s")] if len(secret) > 64})
        for net, visitor in zip(keys[::2], keys[1::2]):
            for planted in visitors:
                part = siphash(net, planted.agent.encode())
                n, v = messages(planted, part)
                self.bytes[part] = f"the agent's part of {planted.client}'s token"
                self.bytes[siphash(net, n)] = f"the network of {planted.client}"
                self.bytes[siphash(visitor, v)] = f"the token of {planted.client}"
        return len(keys)


class Mapping(NamedTuple):
    start: int
    end: int
    mode: str
    name: str

    def holds_data(self) -> bool:
        return "w" in self.mode or not self.name.startswith("/")


def mappings(pid: int) -> Iterator[Mapping]:
    for row in pathlib.Path(f"/proc/{pid}/maps").read_text().splitlines():
        place, mode, _, _, _, *name = row.split(None, 5)
        start, end = (int(x, 16) for x in place.split("-"))
        yield Mapping(start, end, mode, name[0] if name else "")


def around(data: bytes, at: int) -> str:
    return re.sub(rb"[^ -~]", b".", data[max(0, at - 24):at + 40]).decode()


PIECE = 1 << 16


def written(data: bytes) -> Iterator[Tuple[int, bytes]]:
    """What is not all zeros, and where: most mappings are hardly touched. Some bytes
    more, for what ends in zeros."""
    begin = None
    for at in range(0, len(data) + PIECE, PIECE):
        is_zero = not data[at:at + PIECE].strip(b"\0")
        if is_zero and begin is not None:
            yield begin, data[begin:at + 256]
            begin = None
        elif not is_zero and begin is None:
            begin = at


def look(pid: int, secrets: Secrets) -> List[str]:
    """Every hit in the memory of a process that stands still."""
    hits = []
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for m in mappings(pid):
            if m.name in ("[vvar]", "[vsyscall]"):
                continue
            try:
                data = os.pread(memory.fileno(), m.end - m.start, m.start)
            except OSError:
                continue  # a guard page, or beyond a file's end
            for begin, piece in written(data):
                folded = piece.lower()
                sought = [(text, what, folded) for text, what in secrets.texts.items()]
                if m.holds_data():
                    sought += [(n, what, piece) for n, what in secrets.bytes.items()]
                for needle, what, where in sought:
                    at = where.find(needle)
                    if at >= 0:
                        hits.append(f"{what} at {m.start + begin + at:x} in "
                                    f"{m.name or 'a mapping'} of {m.end - m.start} "
                                    f"bytes: {around(piece, at)}")
    return hits


# Logs. A line is of a day, a second, a client, an agent, a target, a referrer, a user.

class Line(NamedTuple):
    day: int
    second: int
    who: Planted

    def clock(self) -> str:
        return f"{self.second // 3600:02}:{self.second // 60 % 60:02}:" \
               f"{self.second % 60:02}"

    def clf_time(self) -> str:
        return f"{self.day:02}/Mar/2026:{self.clock()} +0000"

    def target(self) -> str:
        return self.who.path + ("?" + self.who.query if self.who.query else "")

    def status(self) -> int:
        return 404 if "lost" in self.who.path else 200


def combined(line: Line) -> str:
    w = line.who
    return (f'{w.client} - {w.user} [{line.clf_time()}] "GET {line.target()} HTTP/1.1" '
            f'{line.status()} 512 "{w.referrer}" "{w.agent}"')


def forwarded(line: Line) -> str:
    """The client stands behind a proxy."""
    client = line.who.client if packed(line.who.client) else FORWARDED
    proxied = line._replace(who=line.who._replace(client="192.0.2.1"))
    return f'{combined(proxied)} "{client}"'


def nginx_json(line: Line) -> str:
    w = line.who
    row = json.dumps({"time_local": line.clf_time(), "remote_addr": w.client,
                      "remote_user": w.user,
                      "request": f"GET {line.target()} HTTP/1.1",
                      "status": str(line.status()), "body_bytes_sent": "512",
                      "http_referer": w.referrer, "http_user_agent": w.agent})
    # Escaped as some writers do, so that it has to be undone.
    return row.replace("/", "\\/").replace("ant", "\\u0061nt")


def docker(line: Line) -> str:
    return json.dumps({"log": combined(line) + "\n", "stream": "stdout",
                       "time": f"2026-03-{line.day:02}T{line.clock()}.1Z"},
                      separators=(",", ":"))


def ltsv(line: Line) -> str:
    w = line.who
    return (f"time:[{line.clf_time()}]\thost:{w.client}\tuser:{w.user}\t"
            f"req:GET {line.target()} HTTP/1.1\tstatus:{line.status()}\tsize:512\t"
            f"referer:{w.referrer}\tua:{w.agent}")


def w3c(line: Line) -> str:
    w = line.who
    return (f"2026-03-{line.day:02} {line.clock()} {w.client} {w.user} GET "
            f"{w.path} {w.query or '-'} {line.status()} 512 "
            f"{w.agent.replace(' ', '+')} {w.referrer}")


W3C_HEAD = ("#Fields: date time c-ip cs-username cs-method cs-uri-stem cs-uri-query "
            "sc-status sc-bytes cs(User-Agent) cs(Referer)\n")


def rows(days: Tuple[int, ...], write: Callable[[Line], str],
         head: str = "") -> str:
    """The planted visitors among a crowd, and lines of theirs that nobody can read."""
    drawn = random.Random(7)
    lines = []
    for day in days:
        for i, who in enumerate(CROWD):
            lines += [Line(day, 60 * i + 3, who), Line(day, 60 * i + 40, who)]
        for _ in range(3):
            lines += [Line(day, drawn.randrange(86400), who) for who in PLANTED]
        # Beginnings and ends are kept apart: to compare files, to read times.
        lines += [Line(day, second, who) for second in (0, 86399) for who in PLANTED]
    lines.sort(key=lambda line: (line.day, line.second))
    out = [write(line) for line in lines]
    out.insert(len(out) // 2, f"{PLANTED[0].client} plantedgarbage {CHROME}")
    out.insert(len(out) // 3, "plantedjunk " * 40)
    return head + "\n".join(out) + "\n"


def zstd(data: bytes) -> bytes:
    return subprocess.run(["zstd", "-q", "-c"], input=data, capture_output=True,
                          check=True).stdout


PACKERS: Dict[str, Callable[[bytes], bytes]] = {
    "": lambda data: data, ".gz": gzip.compress, ".zst": zstd, ".xz": lzma.compress,
    ".bz2": bz2.compress}


class Case(NamedTuple):
    command: str
    files: Dict[str, str]  # name -> text; the ending tells the compression
    options: Tuple[str, ...] = ()
    is_piped: bool = False  # the one file comes on standard input
    tokens: List[Planted] = PLANTED  # visitors whose lines are as they are


def cases() -> Dict[str, Case]:
    plain = rows(DAYS, combined)
    many = {f"{day}.log": rows((day,), combined) for day in DAYS}
    many["copy.log.gz"] = many["2.log"]
    many["both.log"] = many["3.log"][len(many["3.log"]) // 2:] + many["4.log"]
    many["mixed.log"] = "".join(
        a + "\n" + b + "\n" for a, b in zip(rows((2,), combined).splitlines(),
                                            rows((2,), forwarded).splitlines()))
    found = {f"run{ending or ' plain'}": Case("run", {"a.log" + ending: plain})
             for ending in PACKERS}
    found.update({f"pipe{ending or ' plain'}":
                  Case("run", {"a.log" + ending: plain}, is_piped=True)
                  for ending in PACKERS})
    found.update({
        "cut": Case("run", {"cut.log.gz": plain}),
        "many": Case("run", many),
        "forwarded": Case("run", {"a.log": rows(DAYS, forwarded)},
                          ("--client-from", "forwarded"), tokens=[]),
        "json": Case("run", {"a.log": rows(DAYS, nginx_json)}, tokens=[]),
        "json pipe": Case("run", {"a.log": rows(DAYS, nginx_json)}, is_piped=True,
                          tokens=[]),
        "docker": Case("run", {"a.log": rows(DAYS, docker)}, tokens=[]),
        "ltsv": Case("run", {"a.log": rows(DAYS, ltsv)}, tokens=[]),
        "w3c": Case("run", {"a.log": rows(DAYS, w3c, W3C_HEAD)}, tokens=[]),
        "server format": Case(
            "run", {"a.log": plain},
            ("--format", '%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i"')),
        "excluded": Case("run", {"a.log": plain},
                         ("--exclude-path", "/page-1*", "--exclude-agent", "Extra/7",
                          "--exclude-net", "198.18.9.0/24")),
        "crowd": Case("run", {"a.log": plain}, tokens=CROWD[::5]),
        "week": Case("run", {"a.log": plain}, ("--period", "week")),
        "rollup": Case("rollup", many, ("--now", "2026-04-01T00:00:00Z", "--partial")),
        "explain": Case("explain", {"a.log": plain, "b.log.gz": plain}),
    })
    return found


class Wrong(Exception):
    pass


def wait_for(pid: int, state: str) -> None:
    for _ in range(6000):
        now = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        if now == state:
            return
        if now == "Z":
            raise Wrong("it ended before it was looked at")
        time.sleep(0.005)
    raise Wrong(f"not in state {state} after 30 seconds")


def look_half_way(pid: int, random_file: pathlib.Path,
                  visitors: List[Planted]) -> None:
    """What must be gone at the end must be here now."""
    secrets = Secrets()
    n_keys = secrets.add_random(random_file, visitors)
    hits = look(pid, secrets)
    wanted = ["a planted word", f"the address {PLANTED[0].client}", "a key"]
    wanted += [f"the token of {visitor.client}" for visitor in visitors]
    for what in wanted:
        if not any(hit.startswith(what) for hit in hits):
            raise Wrong(f"half way {what} is not found: the look is blind")
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    locked = re.search(r"^VmLck:\s*(\d+) kB", status, re.M)
    if not n_keys or not locked or int(locked.group(1)) == 0:
        raise Wrong("half way no memory is locked")


def feed(process: subprocess.Popen, data: bytes,
         half_way: Optional[Callable[[], None]]) -> None:
    """Writes a log to standard input; calls `half_way` when two thirds are taken."""
    pipe = process.stdin
    assert pipe is not None
    part = len(data) * 2 // 3 if half_way else 0
    if half_way:
        pipe.write(data[:part])
        pipe.flush()
        while struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)))[0]:
            time.sleep(0.005)
        wait_for(process.pid, "S")
        half_way()
    pipe.write(data[part:])
    pipe.close()


def pack(name: str, text: str) -> bytes:
    data = PACKERS[name.partition(".log")[2]](text.encode())
    return data[:len(data) // 2] if name.startswith("cut") else data


def run(program: str, library: str, case: Case, folder: pathlib.Path) -> List[str]:
    contents = {str(folder / name): pack(name, text)
                for name, text in case.files.items()}
    for path, content in contents.items():
        pathlib.Path(path).write_bytes(content)
    random_file = folder / "random"
    options = [*case.options]
    if case.command == "rollup":
        options += ["--store", str(folder / "store")]
    with open(folder / "out", "wb") as out, open(folder / "err", "wb") as err:
        process = subprocess.Popen(
            [program, case.command, *options, *(["-"] if case.is_piped else contents)],
            stdin=subprocess.PIPE if case.is_piped else subprocess.DEVNULL, stdout=out,
            stderr=err, env={**os.environ, "LC_ALL": "C.UTF-8", "LD_PRELOAD": library,
                             # Meson has what is freed overwritten.
                             "MALLOC_PERTURB_": "0",
                             "PAUSE_RANDOM": str(random_file),
                             "PAUSE_FREED": str(folder / "freed")})
        try:
            if case.is_piped:
                [(path, content)] = contents.items()
                feed(process, content, path.endswith(".log") and (
                    lambda: look_half_way(process.pid, random_file, case.tokens))
                    or None)
            wait_for(process.pid, "T")
            secrets = Secrets()
            if secrets.add_random(random_file, case.tokens) == 0:
                raise Wrong("no key was drawn")
            hits = look(process.pid, secrets)
        finally:
            if process.stdin and not process.stdin.closed:
                process.stdin.close()
            process.send_signal(signal.SIGCONT)
            status = process.wait(timeout=60)
    if status not in (0, 3):
        raise Wrong(f"exit {status}: {(folder / 'err').read_text()}")
    freed = folder / "freed"
    if freed.exists():
        hits += [f"freed with a planted word: {n}" for n in
                 freed.read_text().splitlines()]
    return hits


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("footfall")
    parser.add_argument("pause")
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    program, library = (str(pathlib.Path(p).resolve())
                        for p in (arguments.footfall, arguments.pause))
    wrong = 0
    for name, case in cases().items():
        if arguments.names and name not in arguments.names:
            continue
        with tempfile.TemporaryDirectory() as folder:
            try:
                found = run(program, library, case, pathlib.Path(folder))
            except Wrong as error:
                found = [str(error)]
            except PermissionError as error:
                print(f"the memory cannot be looked at: {error}")
                sys.exit(77)
        wrong += bool(found)
        for hit in found:
            print(f"{name}: {hit}")
    print(f"{wrong} of the cases are wrong")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
