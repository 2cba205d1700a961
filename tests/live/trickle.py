#!/usr/bin/python3
"""A log that comes in small pieces, as a server writes it: `footfall ingest` hands each
hit on within a second, of compressed streams as soon as a decoder can give it; and
`footfall live` makes of lines that come one by one what `footfall run` makes of all of
them, in every format.

    trickle.py FOOTFALL
"""
import bz2
import ctypes
import io
import json
import lzma
import os
import pathlib
import random
import select
import subprocess
import sys
import tempfile
import time
import zlib
from typing import Callable, Iterator, Optional

import cbor2

import watching
from watching import AGENT, check, drip, line, start, verdict

FOOTFALL = str(pathlib.Path(sys.argv[1]).resolve())
SITE = [*watching.SITE, "--now", "2026-04-01T00:00:00Z"]
Pack = Callable[[bytes], bytes]


# ---- each hit within a second ----

class Hits:
    """Counts the hits that `footfall ingest` has handed on."""

    def __init__(self, process: subprocess.Popen):
        self.fd = process.stdout.fileno()
        self.bytes = b""
        self.n = 0

    def _take_items(self) -> None:
        while self.bytes:
            file = io.BytesIO(self.bytes)
            try:
                item = cbor2.loads(cbor2.load(file).value)
            except cbor2.CBORDecodeEOF:
                return
            self.bytes = self.bytes[file.tell():]
            if item[0] == 0:  # a frame
                self.n += item[12]

    def seconds_until(self, n: int) -> float:
        began = time.monotonic()
        while self.n < n and time.monotonic() - began < 5:
            if select.select([self.fd], [], [], 0.1)[0]:
                got = os.read(self.fd, 1 << 20)
                if not got:
                    break
                self.bytes += got
                self._take_items()
        return time.monotonic() - began if self.n >= n else 99


def plain(data: bytes) -> bytes:
    return data


def gzip_flushed():
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    return lambda data: packer.compress(data) + packer.flush(zlib.Z_SYNC_FLUSH)


class Zstd:
    """libzstd's own, one way or the other."""
    CONTINUE, FLUSH = 0, 1

    class Buffer(ctypes.Structure):
        _fields_ = [("at", ctypes.c_char_p), ("size", ctypes.c_size_t),
                    ("pos", ctypes.c_size_t)]

    def __init__(self, library: ctypes.CDLL, what: str) -> None:
        self.library = library
        create = getattr(library, f"ZSTD_create{what}Ctx")
        create.restype = ctypes.c_void_p
        self.context = ctypes.c_void_p(create())

    def _step(self, call: str, data: bytes, *how: int) -> bytes:
        room = ctypes.create_string_buffer(1 << 20)
        out = self.Buffer(ctypes.cast(room, ctypes.c_char_p), len(room), 0)
        given = self.Buffer(data, len(data), 0)
        getattr(self.library, call)(self.context, ctypes.byref(out),
                                    ctypes.byref(given), *how)
        assert given.pos == given.size and out.pos < out.size
        return room.raw[:out.pos]

    def pack(self, how: int) -> Pack:
        return lambda data: self._step("ZSTD_compressStream2", data, how)

    def decompress(self, data: bytes) -> bytes:
        return self._step("ZSTD_decompressStream", data)


def zstd_library() -> Optional[ctypes.CDLL]:
    try:
        return ctypes.CDLL("libzstd.so.1")
    except OSError:
        return None


def zstd_flushed() -> Optional[Pack]:
    library = zstd_library()
    return library and Zstd(library, "C").pack(Zstd.FLUSH)


def members(data: bytes) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    return packer.compress(data) + packer.flush()


def test_each_hit() -> None:
    """Lines with a second between them, and lines that leave no pause to rest in."""
    for what, pack in [("plain", plain), ("gzip, flushed", gzip_flushed()),
                       ("gzip, a member a line", members), ("zstd", zstd_flushed())]:
        if not pack:
            continue
        process = start(FOOTFALL, "ingest", "-")
        hits = Hits(process)
        seconds = []
        for n in range(1, 5):
            text = line(2, f"10:00:{n:02}", "192.0.2.1")
            os.write(process.stdin.fileno(), pack(text))
            seconds.append(hits.seconds_until(n))
            time.sleep(0.05 * n)
        check(max(seconds) < 1, f"{what}: hits come after {seconds} s")
        process.kill()
        process.wait()
    process = start(FOOTFALL, "ingest", "-")
    hits = Hits(process)
    written: list[float] = []
    late = 0.0
    for n in range(1, 41):
        os.write(process.stdin.fileno(), line(2, f"10:00:{n:02}", "192.0.2.1"))
        written.append(time.monotonic())
        time.sleep(0.03)
        if select.select([process.stdout], [], [], 0)[0]:
            hits.seconds_until(hits.n + 1)
        if hits.n < n:
            late = max(late, time.monotonic() - written[hits.n])
    check(late < 1, f"a steady stream's hits wait {late:.2f} s")
    check(hits.n > 10, f"only {hits.n} hits have come")
    process.stdin.close()
    hits.seconds_until(40)
    check(hits.n == 40 and process.wait() == 0, "the end")


# ---- compressors that are not told to flush ----

def unflushed() -> Iterator[tuple[str, Pack, Pack]]:
    """What packs a log as it grows, and another's decoder for what has come of it."""
    yield ("gzip", zlib.compressobj(6, zlib.DEFLATED, 31).compress,
           zlib.decompressobj(31).decompress)
    yield "bzip2", bz2.BZ2Compressor(1).compress, bz2.BZ2Decompressor().decompress
    yield "xz", lzma.LZMACompressor(preset=0).compress, lzma.LZMADecompressor().decompress
    library = zstd_library()
    if library:
        yield ("zstd", Zstd(library, "C").pack(Zstd.CONTINUE),
               Zstd(library, "D").decompress)


def test_unflushed() -> None:
    """Of what a compressor has let go, each line shows that a decoder can give."""
    for what, pack, unpack in unflushed():
        process = start(FOOTFALL, "ingest", "-")
        hits = Hits(process)
        rng, given, steps = random.Random(1), 0, 0
        for i in range(400):
            packed = pack(b"".join(
                line(2, "10:00:00", f"192.0.2.{rng.randrange(250)}",
                     f"/{rng.randbytes(40).hex()}") for _ in range(100)))
            if not packed:
                continue
            os.write(process.stdin.fileno(), packed)
            more = unpack(packed).count(b"\n")
            given += more
            if not more:
                continue
            seconds = hits.seconds_until(given)
            check(seconds < 1.5, f"{what}: {hits.n} of {given} lines after {seconds} s")
            steps += 1
            if steps == 3 or seconds > 5:
                break
        check(steps == 3 and hits.n < (i + 1) * 100,
              f"{what}: {steps} times lines came, {hits.n} of {(i + 1) * 100}")
        process.kill()
        process.wait()


# ---- every format, line by line ----

def combined(t: dict) -> str:
    return ('{ip} - - [{clf} +0000] "{method} {target} HTTP/1.1" {status} {bytes} '
            '"{referrer}" "{agent}"').format(**t)


def syslog(text: str, t: dict) -> str:
    return f"<190>Mar  2 {t['at']} web nginx: {text}"


FORMATS = {
    "common": lambda t: '{ip} - - [{clf} +0000] "{method} {target} HTTP/1.1" {status} '
                        '{bytes}'.format(**t),
    "combined": combined,
    "virtual hosts": lambda t: f"www.example.org:443 {combined(t)}",
    "language": lambda t: f'{combined(t)} "de-AT,de;q=0.9"',
    "syslog": lambda t: syslog(combined(t), t),
    "Docker": lambda t: json.dumps({"log": combined(t) + "\n", "stream": "stdout",
                                    "time": f"{t['day']}T{t['at']}.5Z"},
                                   separators=(",", ":")),
    "JSON": lambda t: json.dumps({
        "time_iso8601": f"{t['day']}T{t['at']}+00:00", "remote_addr": t["ip"],
        "request": f"{t['method']} {t['target']} HTTP/2.0", "status": t["status"],
        "body_bytes_sent": t["bytes"], "http_referer": t["referrer"],
        "http_user_agent": t["agent"]}),
    "Caddy": lambda t: json.dumps({
        "level": "info", "ts": t["seconds"] + 0.25, "logger": "http.log.access",
        "msg": "handled request", "request": {
            "remote_ip": t["ip"], "client_ip": t["ip"], "proto": "HTTP/2.0",
            "method": t["method"], "host": "www.example.org", "uri": t["target"],
            "headers": {"User-Agent": [t["agent"]], "Referer": [t["referrer"]]}},
        "duration": 0.01, "size": t["bytes"], "status": t["status"]}),
    "LTSV": lambda t: "time:{clf} +0000\thost:{ip}\treq:{method} {target} HTTP/1.1\t"
                      "status:{status}\tsize:{bytes}\treferer:{referrer}\t"
                      "ua:{agent}".format(**t),
    "W3C": lambda t: "{day} {at} {ip} {method} {path} {query} {status} {plus}".format(
        plus=t["agent"].replace(" ", "+"), **t),
    "ELB": lambda t: 'https {day}T{at}.100000Z app/www/50dc6c495c0c9188 {ip}:2817 '
                     '10.0.0.1:80 0.001 0.002 0.000 {status} {status} 34 {bytes} '
                     '"{method} https://www.example.org:443{target} HTTP/1.1" '
                     '"{agent}" - - - "-" "www.example.org" "-" 0 '
                     '{day}T{at}.000000Z "forward" "-" "-" "-" "-" "-" "-"'.format(**t),
    "HAProxy": lambda t: "<134>Mar  2 {at} lb haproxy[1]: {ip}:33317 [{clf}.655] "
                         "front back/web 10/0/30/69/109 {status} {bytes} - - ---- "
                         '1/1/1/1/0 0/0 "{method} {target} HTTP/1.1"'.format(**t),
    "Squid": lambda t: "{seconds}.120 35 {ip} TCP_MISS/{status} {bytes} {method} "
                       "http://www.example.org{target} - HIER_DIRECT/192.0.2.9 "
                       "text/html".format(**t),
}
W3C_HEAD = ["#Software: Microsoft Internet Information Services 10.0", "#Version: 1.0",
            "#Date: 2026-03-02 10:00:00",
            "#Fields: date time c-ip cs-method cs-uri-stem cs-uri-query sc-status "
            "cs(User-Agent)"]
N_LINES = 240


def requests() -> list[dict]:
    """Two days of sixty people, each in a network of its own, in some disorder."""
    made = []
    for i in range(N_LINES):
        day, second = 2 + i * 2 // N_LINES, (i * 61 + i % 3 * 40) % 86400
        at = f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
        path, query = [("/", "-"), ("/a/b.html", "-"), ("/find", "q=tea"),
                       ("/logo.png", "-")][i % 4]
        made.append({
            "ip": f"198.51.{i % 60}.7" if i % 7 else f"2001:db8:{i % 60}::7",
            "day": f"2026-03-{day:02}", "at": at, "clf": f"{day:02}/Mar/2026:{at}",
            "seconds": 1772409600 + (day - 2) * 86400 + second, "method": "GET",
            "path": path, "query": query, "status": 404 if i % 11 == 3 else 200,
            "target": path if query == "-" else f"{path}?{query}", "bytes": 100 + i,
            "referrer": ["https://www.example.org/", "https://search.example/"][i % 2],
            "agent": AGENT})
    return made


def logs() -> dict[str, list[bytes]]:
    """Lines by format; the format is seen in the first that is one."""
    made = {}
    for name, write in FORMATS.items():
        lines = [write(request) for request in requests()]
        if name == "W3C":
            head = "\n".join(W3C_HEAD)
            lines = [head, *lines[:100], head, *lines[100:]]
        made[name] = [f"{text}\n".encode() for text in lines]
    strays = made["combined"].copy()
    for at, text in [(0, b"\n"), (0, b"a banner\n"), (50, b"\x16\x03\x01\n"),
                     (90, b"\n")]:
        strays.insert(at, text)
    made["combined behind a banner"] = strays
    return made


def test_formats(folder: pathlib.Path) -> None:
    for name, lines in logs().items():
        whole, live = folder / "run.json", folder / "live.json"
        done = subprocess.run([FOOTFALL, "run", "-", *SITE, "-o", whole],
                              input=b"".join(lines), capture_output=True, check=False)
        process = start(FOOTFALL, "live", *SITE, "-o", live)
        drip(process, lines)
        process.stdin.close()
        said = process.stderr.read()
        check((process.wait(), said) == (done.returncode, done.stderr),
              f"{name}: live says {process.returncode} {said!r}, run "
              f"{done.returncode} {done.stderr!r}")
        check(live.exists() and live.read_bytes() == whole.read_bytes(),
              f"{name}: line by line it is not run's")
        counted = json.loads(whole.read_bytes())["reconciliation"]
        strays = 0 if name in FORMATS else 2
        check((counted["human"], counted["malformed"]) == (N_LINES, strays),
              f"{name}: {counted}")


def main() -> int:
    test_each_hit()
    test_unflushed()
    with tempfile.TemporaryDirectory() as folder:
        test_formats(pathlib.Path(folder))
    return verdict("it is as good in small pieces")


if __name__ == "__main__":
    sys.exit(main())
