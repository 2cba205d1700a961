#!/usr/bin/python3
"""Plants secrets in every field of a log and looks for them in every byte of output.

    tests/privacy/canaries.py FOOTFALL [--keep DIR]

Three kinds of secrets: what must never come out however many visitors send it
(addresses, agents, queries, and personal data in paths by the rules of ingest/scrub.h),
sent by 1,000 visitors of 500 networks; what is held back because few send it (any word),
sent by one visitor, by nine, and by many of few networks; and words in lines that cannot
be read. Popular harmless words must come out, or the test has looked at nothing. Prints
what was found where, and exits 1.
"""

import argparse
import base64
import gzip
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
import zlib
from typing import Dict, Iterator, List, NamedTuple, Tuple

from needles import Secret

CHROME = ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like "
          "Gecko) Chrome/126.0.0.0 Safari/537.36")
NOW = ["--now", "2026-04-01T00:00:00Z"]
SITE = "www.garden.example"
# A page, a term, a source: these must come out.
HARMLESS = ("pelargonium", "hydrangea", "news-site.com")


class Plant(NamedTuple):
    """A secret, and the fields of a line that hold it."""
    secret: str
    target: str = "/pelargonium"
    referrer: str = "-"
    agent: str = CHROME
    user: str = "-"
    language: str = "en"
    status: int = 200
    method: str = "GET"


def in_path(secret: str, written: str = "", around: str = "/mail/%s/view") -> Plant:
    return Plant(secret, target=around % (written or secret))


# What must not come out even if everybody sends it.
NEVER = [
    # Paths: personal data by its shape.
    in_path("canary.person@mail-canary.example"),
    in_path("percent.canary@canary.example", "percent.canary%40canary.example"),
    in_path("twice.canary@canary.example", "twice.canary%2540canary.example"),
    in_path("at.canary(at)mail-canary.example"),
    in_path("inside.canary@mail-canary.example", around="/a-%s-b.html"),
    in_path("canaryname", around="/user/%s"),
    in_path("Canary.Member", around="/members/%s/posts"),
    in_path("canaryhome", around="/~%s/index.html"),
    in_path("canaryhandle", around="/@%s"),
    in_path("order77canary", around="/order/%s"),
    in_path("eyJhbGciOiJub25l.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJl", around="/t/%s"),
    in_path("AKIACANARYCANARY0042", around="/k/%s"),
    in_path("sk_live_canaryCANARY0123456", around="/k/%s"),
    in_path("ghp_canaryCANARY0123456789canaryCANARY0123", around="/k/%s"),
    in_path("c0ffee00-dead-beef-cafe-0123456789ab", around="/v/%s"),
    in_path("02:c0:ff:ee:ca:fe", around="/mac/%s"),
    in_path("c0ffee00deadbeefcafe", around="/h/%s"),
    in_path("DE89370400440532013000", around="/pay/%s"),
    in_path("4111 1111 1111 1111", "4111%201111%201111%201111", around="/pay/%s"),
    in_path("203.0.113.201", around="/from/%s"),
    in_path("2001:db8:ca4a:17::7", around="/from/%s"),
    in_path("2001:DB8:0:0:CA4A:0:0:8", around="/from/%s"),
    in_path("+4930901820555", around="/call/%s"),
    in_path("123-45-6789", around="/ssn/%s"),
    in_path("AB123456C", around="/ni/%s"),
    in_path("52.520008,13.404954", around="/at/%s"),
    in_path("98765432109", around="/n/%s"),
    in_path("Xk9fQ2canaryZr7LmW4p", around="/t/%s"),
    # What a path is cut of.
    in_path("canaryfragment", around="/pelargonium#%s"),
    in_path("canarymatrix", around="/pelargonium;sid=%s"),
    in_path("canarylogin", around="http://%s:pw@www.garden.example/pelargonium"),
    # Queries.
    in_path("canaryquery", around="/pelargonium?token=%s"),
    in_path("query.canary@mail-canary.example", around="/pelargonium?email=%s"),
    in_path("utm.canary@mail-canary.example", around="/pelargonium?utm_source=%s"),
    in_path("canaryutmterm", around="/pelargonium?utm_source=news&utm_term=%s"),
    in_path("utm.c@mail-canary.example", around="/?utm_source=news&utm_campaign=%s"),
    # Not-found pages and files.
    Plant("lost.canary@mail-canary.example", "/x/lost.canary@mail-canary.example",
          status=404),
    in_path("file.canary@mail-canary.example", around="/get/%s.pdf"),
    # Search terms.
    in_path("term.canary@mail-canary.example", "term.canary%40mail-canary.example",
            around="/search?q=%s"),
    in_path("canary 030 9018205", "canary+030+9018205", around="/search?q=%s"),
    in_path("ab12cd34canary", around="/search?q=%s"),
    in_path("10 canary road 90210", "10+canary+road+90210", around="/search?q=%s"),
    in_path("canary://term", around="/search?q=%s"),
    # Referrers: all but the registrable domain.
    Plant("canaryrefpath", referrer="https://a.news-site.com/canaryrefpath/x"),
    Plant("canaryrefquery", referrer="https://a.news-site.com/?q=canaryrefquery"),
    Plant("canarysubdomain", referrer="https://canarysubdomain.news-site.com/"),
    Plant("canaryreflogin", referrer="https://canaryreflogin:pw@www.news-site.com/"),
    Plant("198.51.100.199", referrer="http://198.51.100.199/x"),
    Plant("canaryintranet", referrer="http://canaryintranet.corp/x"),
    Plant("canaryownref", referrer="https://www.garden.example/canaryownref?x=1"),
    Plant("g.canary@mail-canary.example",
          referrer="https://www.google.com/search?q=g.canary%40mail-canary.example"),
    Plant("canaryapp", referrer="android-app://com.canaryapp.private/"),
    # Other fields.
    Plant("canaryuser", user="canaryuser"),
    Plant("canary user with spaces", user="canary user with spaces"),
    Plant("CanaryBrowser", agent="CanaryBrowser/7.1 (canary edition)"),
    Plant("CanaryToken77", agent=CHROME + " CanaryToken77"),
    Plant("boss@canarybot.example",
          agent="Mozilla/5.0 (compatible; Canarybot/1.0; "
                "+mailto:boss@canarybot.example)"),
    Plant("googlecanary", agent="Googlebot/2.1 (+http://www.google.com/bot.html) "
                                "googlecanary"),
    Plant("zz-canarylang", language="zz-canarylang,en;q=0.5"),
    Plant("CANARYMETHOD", method="CANARYMETHOD"),
]

# Words that only their rarity hides: %s is made anew for each visitor group.
RARE = [
    Plant("%s-page", "/about-%s-page"), Plant("%s-folder", "/%s-folder/x"),
    Plant("%s-lost", "/%s-lost", status=404), Plant("%s-file", "/get/%s-file.pdf"),
    Plant("%s words", "/search?q=%s+words"),
    Plant("%s-utm", "/pelargonium?utm_source=%s-utm&utm_campaign=%s-c"),
    Plant("%s-domain", referrer="https://www.%s-domain.com/"),
    Plant("%s engine", referrer="https://www.bing.com/search?q=%s+engine"),
    Plant("%s-style", "/%s-style.css", referrer="https://%s-style.example/"),
]

# Lines that cannot be read.
GARBAGE = [
    "garbagecanary", "203.0.113.77 - - [not a time] garbagecanary",
    '203.0.113.77 - - [02/Mar/2026:10:00:00 +0000] "GET /garbagecanary',
    '203.0.113.77 - - [02/Mar/2026:10:00:00 +0000] "GET / HTTP/1.1" garbagecanary 5 '
    '"-" "-" "en"',
    '203.0.113.77 - - [99/Mar/2026:10:00:00 +0000] "GET /garbagecanary HTTP/1.1" 200 5 '
    '"-" "-" "en"',
    'garbage canary@x - - [02/Mar/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "-" '
    '"-"',
    "# garbagecanary in a comment",
]
# A request that is none is a hit with a status.
NO_REQUEST = ["\\x16\\x03\\x01garbagecanary", "garbagecanary"]


class Log:
    """Lines of one day, ten a second, and the addresses and host names in them."""

    def __init__(self):
        self.lines: List[str] = []
        self.clients: Dict[str, None] = {}
        self.tenths = 600

    def new_visits(self) -> None:
        """Lets half an hour go by, so that the next lines have sources of their own."""
        self.tenths += 18010

    def add(self, client: str, plant: Plant) -> None:
        self.clients[client] = None
        self.tenths += 1
        at = self.tenths // 10
        self.lines.append(
            f"{client} - {plant.user} [02/Mar/2026:{at // 3600:02}:{at // 60 % 60:02}:"
            f'{at % 60:02} +0000] "{plant.method} {plant.target} HTTP/1.1" '
            f'{plant.status} 512 "{plant.referrer}" "{plant.agent}" "{plant.language}"')

    def add_raw(self, line: str) -> None:
        self.lines.append(line)

    def bytes(self) -> bytes:
        return ("\n".join(self.lines) + "\n").encode("latin-1")


def popular_client(i: int) -> str:
    """1,000 clients of 500 networks, two of each; a tenth IPv6, a tenth host names."""
    network, twin = i // 2, i % 2
    if network % 10 == 0:
        return f"2001:db8:{0xca00 + network:x}:{twin}::17"
    if network % 10 == 1:
        return f"dsl{twin}-canaryclient.pool{network}.isp-canary.example"
    return f"100.{64 + network // 250}.{network % 250}.{17 + twin}"


def plant_popular(log: Log, secrets: List[str]) -> None:
    ordinary = [Plant("", "/pelargonium"), Plant("", "/search?q=hydrangea"),
                Plant("", "/hydrangea-care"),
                Plant("", "/main.css", f"https://{SITE}/pelargonium")]
    for i in range(1000):
        for plant in ordinary:
            log.add(popular_client(i), plant)
    for plant in NEVER:
        secrets.append(plant.secret)
        if plant.referrer != "-" or "utm_" in plant.target:
            log.new_visits()
        for i in range(1000):
            log.add(popular_client(i), plant)


def plant_rare(log: Log, secrets: List[str]) -> None:
    """By one visitor; by nine (under k); by 40 of four networks (under kn)."""
    groups = {"lonelycanary": [f"192.0.2.{n}" for n in (9,)],
              "ninecanary": [f"192.88.{n}.77" for n in range(9)],
              "campuscanary": [f"198.18.{n % 4}.{n + 1}" for n in range(40)]}
    for word, clients in groups.items():
        secrets.append(word)
        for plant in RARE:
            texts = {name: value.replace("%s", word)
                     for name, value in plant._asdict().items()
                     if isinstance(value, str)}
            made = plant._replace(**texts)
            if made.referrer != "-" or "utm_" in made.target:
                log.new_visits()
            for client in clients:
                log.add(client, made)
    for plant in NEVER[::3]:
        log.add("2001:DB8:CA4A:FFFF:0:0:0:1", plant)


def plant_garbage(log: Log, secrets: List[str]) -> None:
    secrets += ["garbagecanary", "garbage canary", "203.0.113.77"]
    for line in GARBAGE * 300:
        log.add_raw(line)
    for request in NO_REQUEST:
        for i in range(1000):
            log.add_raw(f"{popular_client(i)} - - [02/Mar/2026:22:00:00 +0000] "
                        f'"{request}" 400 5 "-" "{CHROME}" "en"')


class Ground:
    """Runs footfall and keeps all bytes that came out, by name."""

    def __init__(self, footfall: str, folder: pathlib.Path):
        self.footfall = footfall
        self.folder = folder
        self.outputs: Dict[str, bytes] = {}

    def run(self, name: str, *arguments, stdin=None, prefix=()) -> int:
        command = [*prefix, self.footfall, *map(str, arguments)]
        done = subprocess.run(command, input=stdin, capture_output=True, check=False,
                              cwd=self.folder)
        self.outputs[name + ": stdout"] = done.stdout
        self.outputs[name + ": stderr"] = done.stderr
        if done.returncode not in (0, 1, 2, 3):
            raise SystemExit(f"{name}: status {done.returncode}: {done.stderr[-2000:]}")
        return done.returncode

    def take(self, *folders: str) -> None:
        """Keeps all files of folders, and their names."""
        for folder in folders:
            for path in (self.folder / folder).rglob("*"):
                self.outputs[str(path.name) + ": its name"] = path.name.encode()
                if path.is_file():
                    self.keep(str(path.relative_to(self.folder)), path)

    def keep(self, name: str, path: pathlib.Path) -> None:
        """A file's bytes; those of a workbook unpacked too."""
        self.outputs[name] = path.read_bytes()
        if path.suffix == ".html":
            self.outputs[f"{name}: unpacked"] = unpack(self.outputs[name])
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as packed:
                self.outputs[name] += b"".join(map(packed.read, packed.namelist()))

    def dump(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def unpack(page: bytes) -> bytes:
    """The data that a page holds."""
    block = re.search(rb'<script [^>]*id="data">([^<]*)</script>', page)
    assert block, "a page without data"
    return zlib.decompress(base64.b64decode(block[1]))


def run_all(ground: Ground, log: Log) -> None:
    """Every command and form over the log, over broken versions of it, and errors."""
    data = log.bytes()
    (ground.folder / "out").mkdir()
    (ground.folder / "in.log").write_bytes(data)
    packed = gzip.compress(data, 1)
    (ground.folder / "cut.gz").write_bytes(packed[:len(packed) * 3 // 4])
    (ground.folder / "flipped.gz").write_bytes(
        packed[:len(packed) // 2] + bytes(64) + packed[len(packed) // 2 + 64:])
    (ground.folder / "unknown.log").write_text("garbagecanary, nothing else\n" * 50)
    outputs = [word for ending in ("json", "csv", "txt", "html", "xlsx",
                                               "cbor")
               for word in ("-o", f"out/run.{ending}")]
    status = ground.run("run", "run", "--site", SITE, *NOW, "--rows", "1000000",
                        *outputs, "in.log")
    assert status == 3, status
    for period in ("day", "week", "month"):
        ground.run(f"run by {period}", "run", *NOW, "--period", period, "--rows",
                   "1000000", "in.log")
        ground.run(f"JSON by {period}", "run", *NOW, "--period", period, "-o", "-",
                   "in.log")
    ground.run("brief", "run", *NOW, "--brief", "in.log")
    ground.run("stdin", "run", "--progress", "-o", "-", "-", stdin=data)
    ground.run("rollup", "rollup", "--store", "store", "--site", SITE, *NOW, "in.log")
    ground.run("report", "report", "--store", "store", "--rows", "1000000")
    ground.run("report JSON", "report", "--store", "store", "-o", "-")
    ground.run("inspect", "inspect", "out/run.cbor")
    ground.run("audit", "audit", "out/run.cbor")
    ground.run("audit of no rollup", "audit", "in.log")
    ground.run("rules", "explain", "--rules")
    ground.run("formats", "explain", "--formats")
    explained = ("in.log", "cut.gz", "flipped.gz", "unknown.log")
    ground.run("explain", "explain", *NOW, "--site", SITE, *explained)
    ground.run("explain stdin", "explain", "--progress", *NOW, "-", stdin=data)
    ground.run("explain badly", "explain", *NOW, "--format", "w3c", "in.log")
    for bad in ("cut.gz", "flipped.gz", "unknown.log"):
        ground.run(bad, "run", *NOW, "-o", "-", bad)
    ground.run("wrong format", "run", *NOW, "--format", "vhost_combined", "in.log")
    ground.run("not a rollup", "report", "in.log")
    ground.run("not to inspect", "inspect", "in.log")
    ground.run("cannot write", "run", "-o", "nowhere/x.json", "in.log")
    ground.take("out", "store")


# strace prints strings whole and in hexadecimal: "\x66\x6f\x6f".
CALL = re.compile(r'^(?:\d+ +)?(\w+)\((.*)$')
STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
OUTWARD = "write,pwrite64,writev,pwritev,sendto,sendmsg,sendfile,connect,socket"
NAMING = "open,openat,creat,rename,renameat,renameat2,link,linkat,symlink,mkdir,mkdirat"


def traced_calls(path: pathlib.Path) -> Iterator[Tuple[str, str, List[bytes]]]:
    for line in path.read_text(encoding="latin-1").splitlines():
        match = CALL.match(line)
        if match:
            texts = [bytes.fromhex(text.replace("\\x", ""))
                     for text in STRING.findall(match[2])]
            yield match[1], match[2], texts


def trace(ground: Ground) -> List[str]:
    """What the program does to the world beside its outputs, by strace."""
    if not shutil.which("strace"):
        print("no strace: what is written beside the outputs is not looked at")
        return []
    os.environ["ASAN_OPTIONS"] = "detect_leaks=0"     # it cannot work under strace
    report = ground.folder / "trace.txt"
    strace = ["strace", "-f", "-xx", "-s", "100000000", "-o", str(report), "-e",
              f"trace={OUTWARD},{NAMING}"]
    (ground.folder / "traced").mkdir()
    (ground.folder / "tmp").mkdir()
    os.environ["TMPDIR"] = str(ground.folder / "tmp")
    status = ground.run("traced run", "run", *NOW, "--site", SITE, "-o",
                        "traced/a.html", "-o", "traced/a.cbor", "in.log", prefix=strace)
    if status not in (0, 3):
        print("strace cannot trace here: what is written is not looked at")
        return []
    faults, names, written = [], [], []
    for call, arguments, texts in traced_calls(report):
        if call in ("socket", "connect", "sendto", "sendmsg"):
            faults.append(f"strace: {call}({arguments[:80]}")
        elif call in OUTWARD:
            written += texts
        elif (not call.startswith("open")
              or re.search("O_WRONLY|O_RDWR|O_CREAT", arguments)):
            names += texts
    for name in names:
        if not re.match(rb"(\./)?traced(/|$)|/dev/(tty|null)$", name):
            faults.append(f"strace: opens {name.decode('latin-1')} for writing")
    ground.outputs["all that is written, by strace"] = b"".join(written)
    ground.outputs["names of what is written, by strace"] = b"\n".join(names)
    if b"pelargonium" not in b"".join(written):
        faults.append("strace: not even a harmless word is seen to be written")
    return faults


def check_itself(secrets: List[Secret]) -> List[str]:
    """The needles find what they are for."""
    faults = []
    for secret in secrets:
        for needle in (*secret.exact, *secret.folded):
            data = b"\x00before" + needle + b"after"
            if not secret.found_in(data, data.lower()):
                faults.append(f"self-check: {needle} is not found")
    return faults


def check_harmless(ground: Ground) -> List[str]:
    """Popular words are in everything that holds tables."""
    faults = []
    for name in ("out/run.json", "out/run.csv", "out/run.txt",
                 "out/run.html: unpacked", "out/run.cbor", "out/run.xlsx",
                 f"store/{SITE}/2026-03-02.internal.cbor",
                 "inspect: stdout", "report: stdout", "report JSON: stdout",
                 "stdin: stdout", "JSON by week: stdout", "run by month: stdout"):
        for word in HARMLESS:
            if not Secret(word).found_in(ground.outputs[name],
                                         ground.outputs[name].lower()):
                faults.append(f"self-check: {name} does not even hold {word}")
    return faults


def main(arguments: List[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("footfall")
    parser.add_argument("--keep", help="a folder to work in, which is kept")
    options = parser.parse_args(arguments)
    folder = pathlib.Path(options.keep or tempfile.mkdtemp())
    folder.mkdir(exist_ok=True)
    ground = Ground(str(pathlib.Path(options.footfall).resolve()), folder)
    log, texts = Log(), []
    plant_popular(log, texts)
    plant_rare(log, texts)
    plant_garbage(log, texts)
    run_all(ground, log)
    clients = list(log.clients)
    texts += clients[:80] + clients[-80:] + ["isp-canary", "canaryclient"]
    secrets = [Secret(text) for text in dict.fromkeys(texts)]
    faults = trace(ground) + check_itself(secrets) + check_harmless(ground)
    for name, data in ground.outputs.items():
        folded = data.lower()
        for secret in secrets:
            faults += [f"{name}: holds '{secret.text}' ({way})"
                       for way in secret.found_in(data, folded)]
    if not options.keep:
        ground.dump()
    for fault in faults[:60]:
        print(fault)
    print(f"{len(secrets)} secrets in {len(log.lines)} lines, {len(ground.outputs)} "
          f"outputs looked at, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
