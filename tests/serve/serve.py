#!/usr/bin/python3
"""footfall serve from outside: what it answers, to whom, and what it survives.

    tests/serve/serve.py FOOTFALL

Makes a store of simulated logs, serves it, and asks: the reports are the bytes of
footfall report; tags, gzip and methods are as HTTP has them; paths stay inside, requests
that are wrong or too large are refused, a thousand idle and slow clients do no harm; off
loopback it takes a token. Prints what is wrong; exit 1 if anything is.
"""

import base64
import concurrent.futures
import gzip
import http.client
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from typing import Dict, List, Optional, Tuple

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SITE = "www.example.org"
NOW = ["--now", "2026-04-01T00:00:00Z"]
TOKEN = "a token of the team's own"
# What must come back for a raw request: one of these statuses, or a closed connection.
MALFORMED = (
    b"\r\n\r\n", b"\0\0\0\0", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\nX\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00", b"GET /%zz%00%ff HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"A" * 70000, b"GET /" + b"a" * 70000 + b" HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 9000 + b"\r\n",
)
OUTSIDE = ("/..", "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", f"/{SITE}/../../x",
           f"/{SITE}/2026-03-02.internal.cbor", f"/{SITE}/sources", f"/{SITE}/lock",
           f"/{SITE}/report", f"/{SITE}/report.cbor", f"/{SITE}/reportx.json",
           f"/{SITE}/x/report.json", "//", "/x/", f"/{SITE}%00/", f"/{SITE}%2f",
           f"/{SITE}/report.json%00.html", "/" + SITE.upper() + "/")


class Server:
    def __init__(self, footfall: str, *options: str) -> None:
        self.process = subprocess.Popen(
            [footfall, "serve", "--listen", "127.0.0.1:0", *options],
            stderr=subprocess.PIPE, text=True)
        line = self.process.stderr.readline()
        found = re.search(r":(\d+)/$", line.strip())
        assert found, line
        self.port = int(found.group(1))

    def ask(self, path: str, method: str = "GET", **headers: str
            ) -> Tuple[int, Dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.putrequest(method, path, skip_host="Host" in headers,
                              skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, body

    def raw(self, data: bytes) -> bytes:
        """What comes back; nothing if the connection is closed."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as client:
            try:
                client.sendall(data)
                client.shutdown(socket.SHUT_WR)
                return client.recv(4096)
            except OSError:
                return b""

    def open_files(self) -> int:
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        status = self.process.wait(timeout=20)
        self.process.stderr.close()
        return status


class Checks:
    def __init__(self) -> None:
        self.n, self.faults = 0, []  # type: int, List[str]

    def that(self, holds: bool, what: str) -> None:
        self.n += 1
        if not holds:
            self.faults.append(what)


def run(*command: object) -> subprocess.CompletedProcess:
    return subprocess.run(list(map(str, command)), capture_output=True, check=False)


def make_store(footfall: str, folder: pathlib.Path, days: int = 3) -> pathlib.Path:
    run("python3", ROOT / "tests/sim/simulate.py", "--seed", "serve", "--days", days,
        "--visitors", "300", "--out", folder / "sim")
    store = folder / "store"
    done = run(footfall, "rollup", "--store", store, "--site", SITE, *NOW,
               *sorted((folder / "sim").glob("*.log")))
    assert done.returncode == 0, done.stderr
    return store


def check_reports(check: Checks, server: Server, footfall: str, store: pathlib.Path,
                  folder: pathlib.Path) -> None:
    """The same bytes as footfall report, in each form, also packed."""
    spans = {"": [], "?from=2026-03-03": ["--from", "2026-03-03"],
             "?from=2026-03-03&to=2026-03-03&compare=previous":
             ["--from", "2026-03-03", "--to", "2026-03-03", "--compare", "previous"]}
    for query, options in spans.items():
        for ending in ("json", "csv", "txt", "xlsx", "html"):
            path = folder / f"x.{ending}"
            run(footfall, "report", "--store", store, *options, "-o", path)
            target = f"/{SITE}/report.{ending}{query}"
            status, headers, body = server.ask(target)
            check.that(status == 200 and body == path.read_bytes(), f"{target}: bytes")
            check.that(headers.get("x-content-type-options") == "nosniff" and
                       "frame-ancestors" in headers.get("content-security-policy", ""),
                       f"{target}: headers")
            _, headers, packed = server.ask(target, Accept_Encoding="br, gzip")
            check.that(headers.get("content-encoding") == "gzip" and
                       gzip.decompress(packed) == body, f"{target}: packed")
            _, headers, plain = server.ask(target, Accept_Encoding="gzip;q=0")
            check.that(plain == body, f"{target}: not packed")
            tag = headers["etag"]
            status, _, nothing = server.ask(target, If_None_Match=f'"x", {tag}')
            check.that(status == 304 and not nothing, f"{target}: tag")
            status, headers, nothing = server.ask(target, "HEAD")
            check.that(status == 200 and not nothing and
                       int(headers["content-length"]) == len(body), f"{target}: HEAD")
    check.that(server.ask(f"/{SITE}/")[2] == server.ask(f"/{SITE}/report.html")[2],
               "the page is the HTML report")


def check_refusals(check: Checks, server: Server) -> None:
    for path in OUTSIDE:
        status, _, body = server.ask(path)
        check.that(status == 404 and b"root:" not in body, f"{path}: {status}")
    for query in ("from=2026-02-30", "to=x", "compare=now", "from=2026-03-04&to=2026-03-02"):
        check.that(server.ask(f"/{SITE}/report.json?{query}")[0] == 400, f"{query}: not 400")
    check.that(server.ask(f"/{SITE}/report.json?from=2030-01-01")[0] == 404,
               "days without rollups: not 404")
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "TRACE", "BREW"):
        status, headers, _ = server.ask("/", method)
        check.that(status == 405 and headers.get("allow") == "GET, HEAD", f"{method}: {status}")
    for host in ("evil.example", "evil.example:80", "127.0.0.1.evil.example", "192.0.2.1", ""):
        check.that(server.ask("/", Host=host)[0] == 421, f"Host {host} is answered")
    for host in ("localhost", "127.0.0.1:1", "[::1]:7880"):
        check.that(server.ask("/", Host=host)[0] == 302, f"Host {host} is not answered")
    for data in MALFORMED:
        answer = server.raw(data)
        check.that(not answer or re.match(rb"HTTP/1\.1 (4\d\d|50\d)", answer) is not None
                   or answer.startswith(b"HTTP/1.0 4"),
                   f"{data[:40]!r}: {answer[:40]!r}")
    check.that(server.ask("/robots.txt")[2].endswith(b"Disallow: /\n"), "robots.txt")


def check_crowd(check: Checks, server: Server) -> None:
    """A thousand idle clients, and slow ones, beside people who ask."""
    idle = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(1000)]
    for client in idle[:100]:
        client.sendall(b"GET / HTT")
    started = time.monotonic()
    status = server.ask(f"/{SITE}/report.json")[0]
    check.that(status == 200 and time.monotonic() - started < 10,
               "not answered beside 1,000 idle clients")
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(
            lambda i: server.ask(f"/{SITE}/report.{('json', 'csv', 'html', 'txt')[i % 4]}"
                                 f"?from=2026-03-0{2 + i % 3}")[0], range(200)))
    check.that(statuses == [200] * 200, "not all of 200 were answered at once")
    for client in idle:
        client.close()
    for _ in range(900):  # who is silent is let go after 30 s, seen leaving or not
        if server.open_files() < 60:
            break
        time.sleep(0.05)
    check.that(server.open_files() < 60, f"{server.open_files()} files are open still")


def check_change(check: Checks, server: Server, store: pathlib.Path) -> None:
    """A day that goes from the store goes from the answers; so does a site."""
    before = server.ask(f"/{SITE}/report.json")
    (store / SITE / "2026-03-04.internal.cbor").unlink()
    after = server.ask(f"/{SITE}/report.json", If_None_Match=before[1]["etag"])
    check.that(after[0] == 200 and after[2] != before[2], "an old report was kept")
    (store / SITE / "2026-03-03.internal.cbor").write_bytes(b"nonsense")
    check.that(b"2026-03-03" not in server.ask(f"/{SITE}/report.csv")[2],
               "a damaged rollup is in a report")
    (store / "two").mkdir()
    check.that(b'href="two/"' in server.ask("/")[2], "a second site is not listed")
    check.that(server.ask("/two/")[0] == 404, "a site without rollups has a page")


def check_token(check: Checks, footfall: str, store: pathlib.Path,
                folder: pathlib.Path) -> None:
    token = folder / "token"
    token.write_text(TOKEN + "\n")
    token.chmod(0o644)
    serve = (footfall, "serve", "--store", store, "--token-file", token)
    check.that(run(*serve).returncode == 2, "a token that everybody may read")
    token.chmod(0o600)
    check.that(run(footfall, "serve", "--store", store, "--listen", "0.0.0.0:0").returncode
               == 2, "off loopback without a token")
    server = Server(footfall, "--store", str(store), "--token-file", str(token))

    def status(value: Optional[str]) -> int:
        headers = {"Authorization": value} if value is not None else {}
        return server.ask("/robots.txt", Host="stats.example.org", **headers)[0]

    def basic(text: str) -> str:
        return "Basic " + base64.b64encode(text.encode()).decode()

    for good in ("Bearer " + TOKEN, basic("anyone:" + TOKEN), basic(":" + TOKEN)):
        check.that(status(good) == 200, f"{good[:9]} is refused")
    for bad in (None, "", "Bearer", "Bearer " + TOKEN[:-1], "Bearer " + TOKEN + "x", TOKEN,
                basic(TOKEN), basic("a:" + TOKEN + ":"), "Basic %%%", basic("a:" * 400),
                "Bearer " + "x" * 5000):
        check.that(status(bad) == 401, f"{(bad or 'nothing')[:9]} is admitted")
    check.that(server.stop(signal.SIGINT) == 0, "SIGINT: not status 0")
    token.write_text("short\n")
    check.that(run(*serve).returncode == 2, "a token of five bytes")


def main(footfall: str) -> int:
    footfall, check = str(pathlib.Path(footfall).resolve()), Checks()
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        store = make_store(footfall, folder)
        server = Server(footfall, "--store", str(store))
        check_reports(check, server, footfall, store, folder)
        check_refusals(check, server)
        check_crowd(check, server)
        check_change(check, server, store)
        check.that(server.stop() == 0, "SIGTERM: not status 0")
        check_token(check, footfall, store, folder)
        for listen in ("", "7880", "127.0.0.1", "127.0.0.1:x", "127.0.0.1:70000", "[::1", "x:1"):
            check.that(run(footfall, "serve", "--store", store, "--listen", listen)
                       .returncode == 2, f"--listen {listen} is taken")
        check.that(run(footfall, "serve", "--store", folder / "no").returncode == 1,
                   "a store that is not there")
    for fault in check.faults:
        print(fault)
    print(f"{check.n} checks, {len(check.faults)} failed")
    return 1 if check.faults else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
