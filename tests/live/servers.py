#!/usr/bin/python3
"""Real servers write into `footfall live`: Apache httpd through a pipe of its own,
nginx through a fifo. As many page views, visitors and lines are counted as there were;
a graceful restart, a restart and a reader that is started again lose no more than they
must, and a server never waits.

    servers.py FOOTFALL

They listen on loopback, as nobody where the test is root. A server that is not
installed is left out; skipped (77) without both.
"""
import contextlib
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from typing import Iterator

from watching import AGENT, SITE, check, verdict, wait_for

MODULES = pathlib.Path("/usr/lib/apache2/modules")
APACHE = """
ServerRoot "{folder}"
ServerName www.example.org
Listen 127.0.0.1:{port}
PidFile {folder}/apache.pid
Mutex file:{folder}
ErrorLog {folder}/error.log
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule remoteip_module {modules}/mod_remoteip.so
RemoteIPHeader X-Forwarded-For
RemoteIPInternalProxy 127.0.0.1
DocumentRoot "{folder}/www"
LogFormat "%h %l %u %t \\"%r\\" %>s %O \\"-\\" \\"%{{User-Agent}}i\\"" combined
CustomLog "|{footfall} live \\
    {options} -o {folder}/report.json --html {folder}/live.html" combined
"""
NGINX = """
daemon off;
worker_processes 2;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
    client_body_temp_path {folder}/t1;
    proxy_temp_path {folder}/t2;
    fastcgi_temp_path {folder}/t3;
    uwsgi_temp_path {folder}/t4;
    scgi_temp_path {folder}/t5;
    access_log {folder}/access.fifo combined;
    set_real_ip_from 127.0.0.1;
    real_ip_header X-Forwarded-For;
    server {{ listen 127.0.0.1:{port}; root {folder}/www; }}
}}
"""
VISITORS = 60


def noon() -> list[str]:
    """A zone in which it is about noon, so that no day ends during the test."""
    return ["--tz", f"Etc/GMT{time.gmtime().tm_hour - 12:+}"]


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Ground:
    """A folder that whoever runs the servers may write to."""

    def __init__(self, folder: pathlib.Path, footfall: pathlib.Path):
        self.folder = folder
        self.port = free_port()
        self.who = {"user": "nobody", "group": "nogroup"} if os.getuid() == 0 else {}
        self.report = folder / "report.json"
        self.page = folder / "live.html"
        self.footfall = str(folder / "footfall")
        (folder / "www").mkdir()
        for name in "index.html", "a.html":
            (folder / "www" / name).write_text("<p>here\n")
        shutil.copy(footfall, folder)
        with contextlib.suppress(FileNotFoundError):
            shutil.copy(footfall.parent / "country.mmdb", folder)
        if self.who:
            subprocess.run(["chown", "-R", "nobody:nogroup", folder], check=True)

    def start(self, *command, **more) -> subprocess.Popen:
        return subprocess.Popen(list(map(str, command)), **self.who, **more)

    def write(self, name: str, text: str) -> pathlib.Path:
        path = self.folder / name
        path.write_text(text.format(
            folder=self.folder, port=self.port, modules=MODULES,
            footfall=self.footfall, options=" ".join([*SITE, *noon()])))
        return path

    def is_up(self) -> bool:
        with socket.socket() as one:
            return one.connect_ex(("127.0.0.1", self.port)) == 0

    def ask(self, n: int) -> int:
        """So many page views by all visitors in turn; how many were answered."""
        answered = 0
        for i in range(n):
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            connection.request("GET", "/a.html", headers={
                "User-Agent": AGENT, "X-Forwarded-For": f"198.51.{i % VISITORS}.7"})
            answered += connection.getresponse().status == 200
            connection.close()
        return answered

    def ask_and_see(self, n: int, what: str) -> None:
        """All are answered, and the page is there soon after."""
        self.page.unlink(missing_ok=True)
        check(self.ask(n) == n, f"{what}: requests")
        check(wait_for(self.page.exists), f"{what}: no page")

    def take_report(self, what: str, views: int) -> None:
        """Waits for live's end: its report has the page views and all visitors."""
        if not wait_for(self.report.exists):
            check(False, f"{what}: no report")
            return
        report = json.loads(self.report.read_bytes())
        self.report.unlink()
        totals, lines = report["totals"], report["reconciliation"]["lines"]
        check((totals["visitors"], totals["page_views"], lines) ==
              (VISITORS, views, views), f"{what}: {totals} {lines} lines, not {views}")

    def said(self) -> str:
        return (self.folder / "error.log").read_text(encoding="utf-8")


@contextlib.contextmanager
def ended(process: subprocess.Popen) -> Iterator[subprocess.Popen]:
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def test_apache(ground: Ground, server: str) -> None:
    conf = ground.write("apache.conf", APACHE)
    with ended(ground.start(server, "-f", conf, "-D", "FOREGROUND",
                            stdout=subprocess.DEVNULL)) as apache:
        check(wait_for(ground.is_up), "apache: it does not start")
        ground.ask_and_see(150, "apache")
        apache.send_signal(signal.SIGUSR1)
        ground.take_report("apache, graceful restart", 150)
        ground.ask_and_see(90, "apache, after the restart")
        apache.send_signal(signal.SIGHUP)
        ground.take_report("apache, restart", 90)
        check(wait_for(ground.is_up), "apache: it does not start again")
        ground.ask_and_see(120, "apache, after another restart")
        apache.send_signal(signal.SIGTERM)
        ground.take_report("apache, end", 120)
        check(wait_for(lambda: apache.poll() is not None), "apache: it does not end")
    for word in "unexpectedly", "footfall:", "SIGKILL":
        check(word not in ground.said(), f"apache says {ground.said()}")


def test_nginx(ground: Ground, server: str) -> None:
    conf = ground.write("nginx.conf", NGINX)
    fifo = ground.folder / "access.fifo"
    os.mkfifo(fifo)
    fifo.chmod(0o666)
    started = [server, "-e", ground.folder / "error.log", "-c", conf]


    def read(how: str) -> subprocess.Popen:
        options = [*SITE, *noon(), "-o", ground.report, "--html", ground.page]
        return ground.start("/bin/sh", "-c", f'exec "$0" live "$@" {how} {fifo}',
                            ground.footfall, *options, stdout=subprocess.DEVNULL)

    # A reader that holds the fifo open: nginx comes and goes.
    with ended(read("<>")) as reader:
        for n in range(2):
            with ended(ground.start(*started)) as nginx:
                check(wait_for(ground.is_up), "nginx: it does not start")
                check(ground.ask(60) == 60, "nginx: requests")
                nginx.send_signal(signal.SIGHUP)
                check(ground.ask(60) == 60, "nginx: requests while it reloads")
                nginx.send_signal(signal.SIGQUIT)
                check(wait_for(lambda: nginx.poll() is not None), "nginx: no end")
        check(reader.poll() is None, "nginx: the reader ends with it")
        reader.send_signal(signal.SIGTERM)
        ground.take_report("nginx, twice", 240)
        check(reader.wait() == 0, "nginx: the reader's status")
    def is_reading(reader: subprocess.Popen) -> bool:
        """The shell has opened the fifo."""
        return os.readlink(f"/proc/{reader.pid}/exe") == ground.footfall

    # A plain reader starts again while nginx goes on, and ends with it.
    with ended(read("<")) as first, ended(ground.start(*started)) as nginx:
        check(wait_for(ground.is_up), "nginx: it does not start")
        ground.ask_and_see(90, "nginx")
        first.send_signal(signal.SIGTERM)
        ground.take_report("nginx, first reader", 90)
        check(first.wait() == 0, "nginx: the first reader's status")
        check(ground.ask(30) == 30, "nginx: requests that nobody counts")
        with ended(read("<")) as second:
            check(wait_for(lambda: is_reading(second)), "nginx: no second reader")
            check(ground.ask(120) == 120, "nginx: requests after a reader's restart")
            nginx.send_signal(signal.SIGQUIT)
            ground.take_report("nginx, second reader", 120)
            check(second.wait() == 0, "nginx: the second reader's status")


def main(footfall: str) -> int:
    servers = [(test, found) for test, name in ((test_apache, "apache2"),
                                                (test_nginx, "nginx"))
               if (found := shutil.which(name, path="/usr/sbin:/usr/bin"))]
    if not servers:
        print("skipped: neither apache2 nor nginx (samples/setup test)")
        return 77
    for test, server in servers:
        with tempfile.TemporaryDirectory() as name:
            os.chmod(name, 0o755)
            test(Ground(pathlib.Path(name), pathlib.Path(footfall).resolve()), server)
    return verdict(f"{len(servers)} servers are counted to the line")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
