#!/usr/bin/python3
"""Logs that hold the same lines more than once, and how many requests are counted.

    tests/overlap/table.py FOOTFALL [--peers] [--keep DIR] [WORD...]

Prints a table: what the files are, the requests there were, and what footfall counts;
with --peers also Debian's goaccess and webalizer, given the files as their manuals say
(goaccess: files as arguments, compressed ones through a pipe, --persist and --restore
from one run to the next; webalizer: one file after another with -p). footfall counts
from its store; a case of one run is also counted by `footfall run`, in both orders of
the arguments. WORDs pick cases. Exit 1 if footfall is wrong anywhere.
"""

import argparse
import bz2
import gzip
import json
import lzma
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from typing import Callable, List, NamedTuple, Optional

DAY = "02/Mar/2026"
# Nights: only after the last one the day is over.
OPEN, OVER = "2026-03-02T23:00:00Z", "2026-03-03T00:30:00Z"
AGENT = ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 "
         "(KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36")
PACK = {".gz": gzip.compress, ".xz": lzma.compress, ".bz2": bz2.compress}
UNPACK = {".gz": ["zcat"], ".xz": ["xzcat"], ".bz2": ["bzcat"], ".zst": ["zstdcat"]}


class Run(NamedTuple):
    """One run of a tool: its files; `piped` gives them on stdin; `grows` writes to one
    of them meanwhile. `for_peers`: their files, if not these."""

    files: List[str]
    piped: bool = False
    grows: Optional[Callable[[], None]] = None
    for_peers: Optional[List[str]] = None
    before: Optional[Callable[[], None]] = None


class Case(NamedTuple):
    name: str
    truth: int
    runs: List[Run]


def line(number: int, second: int, server: int = 1, path: str = "") -> str:
    clock = f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
    return (f'10.{server}.{number // 250 % 250}.{number % 250} - - [{DAY}:{clock} +0000]'
            f' "GET {path or f"/page-{number}"} HTTP/1.1" 200 {1000 + number} "-" '
            f'"{AGENT}"\n')


def piece(begin: int, end: int, server: int = 1) -> List[str]:
    """Requests of one server's log, three in two seconds."""
    return [line(i, i * 2 // 3, server) for i in range(begin, end)]


class Folder:
    """Where a case's files are."""

    def __init__(self, path: pathlib.Path):
        self.path = path
        path.mkdir(parents=True)

    def put(self, name: str, lines: List[str], mode: str = "wb") -> str:
        text = "".join(lines).encode("ascii")
        path = self.path / name
        if path.suffix == ".zst":
            text = subprocess.run(["zstd", "-q"], input=text, check=True,
                                  capture_output=True).stdout
        elif path.suffix in PACK:
            text = PACK[path.suffix](text)
        with open(path, mode) as file:
            file.write(text)
        return str(path)


# ---- the cases ----


def named_twice(folder: Folder) -> Case:
    log = folder.put("access.log", piece(0, 500))
    return Case("a file named twice", 500, [Run([log, log])])


def and_its_gzip(folder: Folder) -> Case:
    files = [folder.put(name, piece(0, 500)) for name in ("access.log", "access.log.gz")]
    return Case("a file and its gzip", 500, [Run(files)])


def rotated_prefix(folder: Folder) -> Case:
    files = [folder.put("access.log.1", piece(0, 300)),
             folder.put("access.log", piece(0, 500))]
    return Case("a rotated beginning, and the file that grew on", 500, [Run(files)])


def halves(folder: Folder) -> Case:
    files = [folder.put("a.log", piece(0, 300)), folder.put("b.log", piece(200, 500))]
    return Case("two halves that overlap by 100 lines", 500, [Run(files)])


def halves_other_names(folder: Folder) -> Case:
    files = [folder.put("a.log", piece(200, 500)), folder.put("b.log", piece(0, 300))]
    return Case("the same, the later one first", 500, [Run(files)])


def part_inside(folder: Folder) -> Case:
    files = [folder.put("all.log", piece(0, 500)), folder.put("part.log", piece(150, 350))]
    return Case("a part inside another", 500, [Run(files)])


def nine_pieces(folder: Folder) -> Case:
    names = [f"piece-{i}.log" for i in range(9)]
    random.Random(9).shuffle(names)
    files = [folder.put(name, piece(max(0, i * 100 - 70), i * 100 + 100))
             for i, name in enumerate(names)]
    return Case("nine pieces, each 70 lines into the one before, shuffled", 900,
                [Run(sorted(files))])


def joined_and_its_parts(folder: Folder) -> Case:
    files = [folder.put("a.log", piece(0, 250)), folder.put("b.log", piece(250, 500)),
             folder.put("joined.log", piece(0, 500))]
    return Case("two logs, and the two joined", 500, [Run(files)])


def two_servers(folder: Folder) -> Case:
    files = [folder.put(f"server-{i}.log", piece(0, 500, i)) for i in (1, 2)]
    return Case("two servers' hours merged", 1000, [Run(files)])


def health_checks(folder: Folder) -> Case:
    files = []
    for server in (1, 2):
        lines = [line(7, second, 9, "/health") for second in range(0, 3600, 10)]
        lines[180 * server - 1:180 * server - 1] = [
            line(i, 1800 * server - 1710, server) for i in range(20)]
        files.append(folder.put(f"server-{server}.log", lines))
    return Case("two servers' identical health checks, 20 visitors each", 760,
                [Run(files)])


def copytruncate(folder: Folder) -> Case:
    log = folder.put("access.log", piece(0, 300))

    def rotate() -> None:
        folder.put("access.log.1", piece(0, 300))
        folder.put("access.log", piece(300, 400), "r+b")
        with open(log, "r+b") as file:
            file.truncate(len("".join(piece(300, 400))))

    return Case("copytruncate between two nights", 400,
                [Run([log]), Run([log, log + ".1"], before=rotate)])


def grows_while_read(folder: Folder) -> Case:
    log = folder.put("access.log", piece(0, 60000))

    def grow() -> None:
        with open(log, "ab", buffering=0) as file:
            text = "".join(piece(60000, 64000)).encode("ascii")
            for at in range(0, len(text), 9973):
                file.write(text[at:at + 9973])
                time.sleep(0.002)

    return Case("a file that grows while it is read, and the night after", 64000,
                [Run([log], grows=grow), Run([log])])


def compressions(folder: Folder) -> Case:
    names = ["access.log.gz", "access.log.xz", "access.log.bz2"]
    if shutil.which("zstd"):
        names.append("access.log.zst")
    files = [folder.put(name, piece(0, 500)) for name in names]
    return Case("one log under " + ", ".join(n.rsplit(".", 1)[1] for n in names), 500,
                [Run(files)])


def cut_copy(folder: Folder) -> Case:
    copy = piece(0, 300)
    copy[-1] = copy[-1][:120]
    files = [folder.put("access.log", piece(0, 500)), folder.put("copy.log", copy)]
    return Case("a copy that was made within a line", 500, [Run(files)])


def disordered(folder: Folder) -> Case:
    """The whole begins with a line that is younger than the next ones, as logs of slow
    requests do; so the part seems to begin before it."""
    lines = [line(900, 30), *piece(0, 500)]
    files = [folder.put("whole.log", lines), folder.put("part.log", lines[1:400])]
    return Case("a part of a log whose first line is out of order", 501, [Run(files)])


def same_second(n: int) -> List[str]:
    return [line(i, 3600 + (i > 2)) for i in range(n)]


def peer_a(folder: Folder) -> Case:
    log = folder.put("access.log", same_second(5))
    return Case("A: the same file again", 5, [Run([log]), Run([log])])


def peer_b(folder: Folder) -> Case:
    log = folder.put("access.log", same_second(5))
    packed = folder.put("access.log.1.gz", same_second(5))
    return Case("B: rotated and gzipped", 5, [Run([log]), Run([packed])])


def peer_c(folder: Folder) -> Case:
    log = folder.put("access.log", same_second(5))
    packed = folder.put("access.log.1.gz", same_second(6))
    return Case("C: one line more in the last second, then gzipped", 6,
                [Run([log]), Run([packed])])


def peer_d(folder: Folder) -> Case:
    files = [folder.put(f"{n}.log", same_second(n)) for n in (4, 6)]
    return Case("D: 4 lines by pipe, then all 6 by pipe", 6,
                [Run(files[:1], piped=True), Run(files[1:], piped=True)])


def second_server(folder: Folder) -> List[str]:
    return [folder.put("a.log", same_second(5)),
            folder.put("b.log", [line(i, 1800 + i, 2) for i in range(2)])]


def peer_e(folder: Folder) -> Case:
    a, b = second_server(folder)
    return Case("E: then a second server's log", 7,
                [Run([a]), Run([a, b], for_peers=[b])])


def peer_e2(folder: Folder) -> Case:
    a, b = second_server(folder)
    return Case("E2: the same by pipe", 7,
                [Run([a], piped=True), Run([a, b], piped=True, for_peers=[b])])


def peer_f(folder: Folder) -> Case:
    log = folder.put("access.log", same_second(5))
    return Case("F: a file of 5 lines named twice", 5, [Run([log, log])])


def peer_g(folder: Folder) -> Case:
    files = [folder.put(name, same_second(5)) for name in ("a.log", "a.log.gz")]
    return Case("G: a file of 5 lines and its gzip", 5, [Run(files)])


CASES = (named_twice, and_its_gzip, rotated_prefix, halves, halves_other_names,
         part_inside, nine_pieces, joined_and_its_parts, two_servers, health_checks,
         copytruncate, grows_while_read, compressions, cut_copy, disordered, peer_a,
         peer_b, peer_c, peer_d, peer_e, peer_e2, peer_f, peer_g)


# ---- the tools ----


def call(command: List[str], run: Run, stdin: bytes = b"") -> bytes:
    """Runs a command while the run's file grows; gives its stdout."""
    writer = threading.Thread(target=run.grows) if run.grows else None
    if writer:
        writer.start()
    done = subprocess.run(command, input=stdin, capture_output=True, check=False,
                          timeout=60)
    if writer:
        writer.join()
    if done.returncode not in (0, 3):
        raise RuntimeError(f"{command}: {done.returncode}: {done.stderr!r}")
    return done.stdout


def text_of(path: str) -> bytes:
    unpack = UNPACK.get(pathlib.Path(path).suffix)
    if not unpack:
        return pathlib.Path(path).read_bytes()
    return subprocess.run(unpack, stdin=open(path, "rb"), capture_output=True,
                          check=True).stdout


def counted(report: bytes) -> int:
    lines = json.loads(report)["reconciliation"]
    return lines["human"] + lines["robots"] + lines["malformed"]


def footfall(program: str, case: Case, scratch: pathlib.Path) -> List[int]:
    """What it counts, each way."""
    store, results = str(scratch / "store"), []
    for run in case.runs:
        if run.before:
            run.before()
        now = OVER if run is case.runs[-1] else OPEN
        files = ["-"] if run.piped else run.files
        stdin = b"".join(map(text_of, run.files)) if run.piped else b""
        call([program, "rollup", "--now", now, "--store", store, *files], run, stdin)
    results.append(counted(call([program, "report", "--store", store, "-o", "-"],
                                Run([]))))
    if len(case.runs) == 1:
        files = case.runs[0].files
        for order in (files, files[::-1]):
            results.append(counted(call([program, "run", "--now", OVER, "-o", "-",
                                         *order], Run([]))))
    return results


def goaccess(case: Case, scratch: pathlib.Path) -> int:
    base = ["goaccess", "--no-global-config", "--log-format=COMBINED", "--no-progress",
            "--no-parsing-spinner", "-o", str(scratch / "goaccess.json")]
    data = scratch / "goaccess"
    data.mkdir()
    for i, run in enumerate(case.runs):
        if run.before:
            run.before()
        files = run.for_peers or run.files
        plain = [] if run.piped else [f for f in files
                                      if pathlib.Path(f).suffix not in UNPACK]
        piped = [f for f in files if f not in plain]
        keep = ["--persist", "--db-path", str(data)] if len(case.runs) > 1 else []
        keep += ["--restore"] if i else []
        call([*base, *keep, *plain, *(["-"] if piped else [])], run,
             b"".join(map(text_of, piped)))
    report = json.loads((scratch / "goaccess.json").read_text(encoding="utf-8"))
    return report["general"]["total_requests"]


def webalizer(case: Case, scratch: pathlib.Path) -> int:
    data = scratch / "webalizer"
    data.mkdir()
    config = scratch / "webalizer.conf"
    config.write_text("HistoryName webalizer.hist\n", encoding="ascii")
    base = ["webalizer", "-c", str(config), "-p", "-Q", "-o", str(data)]
    for run in case.runs:
        if run.before:
            run.before()
        for name in run.for_peers or run.files:
            suffix = pathlib.Path(name).suffix
            if run.piped or (suffix in UNPACK and suffix != ".gz"):
                call([*base, "-"], run, text_of(name))
            else:
                call([*base, name], run)
    hits = 0
    for row in (data / "webalizer.hist").read_text(encoding="ascii").splitlines():
        fields = row.split()
        if len(fields) >= 3 and fields[:2] == ["3", "2026"]:
            hits = int(fields[2])
    return hits


def figure(value: int, truth: int) -> str:
    return f"{value}" if value == truth else f"**{value}**"


def try_case(make: Callable[[Folder], Case], program: str, has_peers: bool,
             scratch: pathlib.Path) -> bool:
    """Prints a row; false if footfall is wrong."""
    name = make.__name__
    case = make(Folder(scratch / name / "footfall"))
    own = footfall(program, case, scratch / name)
    wrong = [value for value in own if value != case.truth]
    row = [case.name, str(case.truth), figure((wrong or own)[0], case.truth)]
    if has_peers:
        for tool in (goaccess, webalizer):
            fresh = make(Folder(scratch / name / f"for-{tool.__name__}"))
            row.append(figure(tool(fresh, scratch / name), case.truth))
    print("| " + " | ".join(row) + " |", flush=True)
    return not wrong


def main(arguments: List[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("footfall")
    parser.add_argument("words", nargs="*")
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--keep", type=pathlib.Path)
    options = parser.parse_intermixed_args(arguments)
    program = str(pathlib.Path(options.footfall).resolve())
    head = ["the files", "requests", "footfall"]
    head += ["goaccess", "webalizer"] if options.peers else []
    print("| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    wanted = [case for case in CASES if not options.words
              or any(word in case.__name__ for word in options.words)]
    with tempfile.TemporaryDirectory() as scratch:
        right = sum(try_case(case, program, options.peers,
                             options.keep or pathlib.Path(scratch)) for case in wanted)
    print(f"{len(wanted)} cases, footfall is right in {right}")
    return 0 if right == len(wanted) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
