#!/usr/bin/python3
"""What goes wrong at night, each as a case: a disk that fills, a process that dies, logs
that vanish, a clock that jumps.

    tests/fault/run.py FOOTFALL INTERPOSE [--kills N] [NAME...]

INTERPOSE is the library made of interpose.c. After each fault the store must hold whole
rollups or none, and a run after it must make the same bytes as one that nothing befell.
Prints what fails; exit 1 if anything does. Without names, all cases.
"""

import argparse
import contextlib
import os
import pathlib
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from typing import Callable, Dict, Iterator, List, Optional

AGENT = ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 "
         "(KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36")
LATE = ["--now", "2026-04-01T00:00:00Z"]
DONE, FAILED, LOOK = 0, 1, 3
DISK = "write,fsync,rename,mkdir"
WORDS = {"ENOSPC": "No space left on device", "EIO": "Input/output error",
         "EACCES": "Permission denied", "EROFS": "Read-only file system"}


class Wrong(Exception):
    pass


def need(condition: bool, what: str) -> None:
    if not condition:
        raise Wrong(what)


def line(day: int, second: int, client: str, path: str) -> str:
    clock = f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
    return (f'{client} - - [{day:02}/Mar/2026:{clock} +0000] "GET {path} HTTP/1.1" 200 '
            f'100 "-" "{AGENT}"\n')


def busy(day: int) -> str:
    """Sixty visitors of as many networks, two pages each."""
    return "".join(line(day, i * 600 + at, f"10.{i}.0.1", path)
                   for i in range(60) for at, path in ((1, "/"), (9, "/about")))


class Night:
    """A folder with logs, a store, and the store as it should be."""

    def __init__(self, program: str, library: str, path: pathlib.Path):
        self.program, self.library, self.path = program, library, path
        # What never ends may take so much; a sanitizer takes its share too.
        is_plain = b"__asan_init" not in pathlib.Path(program).read_bytes()
        self.most_kilobytes = (120 if is_plain else 800) << 10
        self.logs = []
        for day in (2, 3, 4):
            log = path / f"access-{day}.log"
            log.write_text(busy(day), encoding="ascii")
            self.logs.append(str(log))
        self.store = path / "store"
        need(self.rollup() == DONE, "the unbroken run failed")
        self.want = self.rollups()
        need(len(self.want) == 3, "the unbroken run made no three rollups")
        self.clear()

    def clear(self) -> None:
        shutil.rmtree(self.store, ignore_errors=True)

    def environment(self, faults: Dict[str, str]) -> Dict[str, str]:
        mark = self.path / "mark"
        settings = {f"FAULT_{key}": value for key, value in faults.items()}
        if faults:
            mark.unlink(missing_ok=True)
            settings.update(LD_PRELOAD=self.library, FAULT_MARK=str(mark),
                            ASAN_OPTIONS=os.environ.get("ASAN_OPTIONS", "")
                            + ":verify_asan_link_order=0")
        return {**os.environ, "LC_ALL": "C.UTF-8", **settings}

    def run(self, *arguments: str, **faults: str) -> subprocess.CompletedProcess:
        done = subprocess.run([self.program, *arguments], capture_output=True,
                              env=self.environment(faults), check=False, timeout=60,
                              stdin=subprocess.DEVNULL, encoding="utf-8")
        need("Sanitizer" not in done.stderr and "runtime error" not in done.stderr,
             done.stderr)
        return done

    def is_hit(self) -> bool:
        return (self.path / "mark").exists()

    def nightly(self, *arguments: str) -> List[str]:
        return ["rollup", *LATE, "--store", str(self.store), *arguments]

    def rollup(self, **faults: str) -> int:
        return self.run(*self.nightly(*self.logs), **faults).returncode

    def files(self) -> List[str]:
        folder = self.store / "site"
        return sorted(os.listdir(folder)) if folder.exists() else []

    def rollups(self) -> Dict[str, bytes]:
        return {name: (self.store / "site" / name).read_bytes()
                for name in self.files() if name.endswith(".cbor")}

    def check_whole(self, what: str) -> None:
        """Under a final name is what belongs there, or nothing."""
        for name, content in self.rollups().items():
            need(content == self.want[name], f"{what}: {name} is not as it should be")
        for name in self.files():
            need(name.endswith((".cbor", ".tmp")) or name in ("lock", "sources"),
                 f"{what}: {name} is left")

    def check_again(self, what: str) -> None:
        """A run after it makes everything good."""
        done = self.run(*self.nightly(*self.logs))
        need(done.returncode == DONE, f"{what}: run again: {done.stderr}")
        need("damaged" not in done.stderr, f"{what}: run again: {done.stderr}")
        need(self.rollups() == self.want, f"{what}: run again: other rollups")
        need(not [name for name in self.files() if name.endswith(".tmp")],
             f"{what}: run again: leftovers")


def check_sentence(done: subprocess.CompletedProcess, word: str, what: str) -> None:
    last = done.stderr.rstrip("\n").split("\n")[-1]
    need(done.returncode == FAILED, f"{what}: exit {done.returncode}: {done.stderr}")
    need(last.startswith("footfall: ") and word in last, f"{what}: says {last!r}")


def each_call(night: Night, attempt: Callable[[Dict[str, str]], None],
              **faults: str) -> int:
    """Attempts with the first, second, ... call failing until none is reached."""
    for at in range(1, 2000):
        attempt({**faults, "AT": str(at)})
        if not night.is_hit():
            return at - 1
    raise Wrong("there is no end of calls")


# ---- disks ----


def full_disk(night: Night) -> None:
    def attempt(faults: Dict[str, str]) -> None:
        night.clear()
        done = night.run(*night.nightly(*night.logs), **faults)
        what = f"{faults}"
        if night.is_hit():
            check_sentence(done, WORDS[faults["HOW"]], what)
            need(str(night.store) in done.stderr, f"{what}: says not where")
            need(not [n for n in night.files() if n.endswith(".tmp")],
                 f"{what}: leftovers")
        night.check_whole(what)
        night.check_again(what)

    for how, more in (("ENOSPC", {}), ("ENOSPC", {"STAYS": "1"}), ("EIO", {})):
        n = each_call(night, attempt, CALLS=DISK, PATH=str(night.store), HOW=how, **more)
        need(n >= 20, f"only {n} calls that a disk can refuse")
        n = each_call(night, attempt, CALLS="close", PATH=".tmp", HOW=how, **more)
        need(n > 3, f"only {n} files closed")


def short_writes(night: Night) -> None:
    """A write that takes half is no fault."""
    night.rollup(CALLS="write", PATH=str(night.store), HOW="SHORT", AT="1", STAYS="1")
    need(night.is_hit() and night.rollups() == night.want, "half a rollup")


def full_disk_for_reports(night: Night) -> None:
    folder = night.path / "out"
    names = ("x.json", "x.html", "x.csv", "x.txt", "x.cbor")

    def fill(content: Optional[str]) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for name in names if content else ():
            (folder / name).write_text(content, encoding="ascii")

    def arguments() -> List[str]:
        outputs = [word for name in names for word in ("-o", str(folder / name))]
        return ["run", *LATE, *outputs, *night.logs]

    fill(None)
    night.run(*arguments())
    want = {name: (folder / name).read_bytes() for name in names}

    def attempt(faults: Dict[str, str]) -> None:
        fill("old\n")
        done = night.run(*arguments(), **faults)
        what = f"{faults}"
        if night.is_hit():
            check_sentence(done, WORDS[faults["HOW"]], what)
        for name in names:
            need((folder / name).read_bytes() in (want[name], b"old\n"),
                 f"{what}: {name} is half")
        need(sorted(os.listdir(folder)) == sorted(names), f"{what}: leftovers")

    for more in ({}, {"STAYS": "1"}):
        n = each_call(night, attempt, CALLS=DISK, PATH=str(folder), HOW="ENOSPC", **more)
        need(n >= 20, f"only {n} calls that a disk can refuse")


def read_only_store(night: Night) -> None:
    for how in ("EROFS", "EACCES"):
        night.clear()
        done = night.run(*night.nightly(*night.logs), CALLS=DISK + ",open,unlink", AT="1",
                         PATH=str(night.store), HOW=how, STAYS="1")
        check_sentence(done, WORDS[how], how)
        need(not night.files(), f"{how}: something was written")

        def attempt(faults: Dict[str, str]) -> None:
            night.clear()
            done = night.run(*night.nightly(*night.logs), **faults)
            if night.is_hit():
                check_sentence(done, WORDS[faults["HOW"]], f"{faults}")
            night.check_whole(f"{faults}")
            night.check_again(f"{faults}")

        each_call(night, attempt, CALLS="open", PATH=str(night.store), HOW=how)
    if os.geteuid() != 0:
        night.clear()
        night.store.mkdir(mode=0o555)
        done = night.run(*night.nightly(*night.logs))
        check_sentence(done, WORDS["EACCES"], "a folder without w")


# ---- deaths ----


def killed_at_each_call(night: Night) -> None:
    def attempt(faults: Dict[str, str]) -> None:
        night.clear()
        done = night.run(*night.nightly(*night.logs), **faults)
        what = f"{faults}"
        need(done.returncode == (-signal.SIGKILL if night.is_hit() else DONE),
             f"{what}: exit {done.returncode}: {done.stderr}")
        night.check_whole(what)
        night.check_again(what)

    for how in ("KILL", "DIES"):
        n = each_call(night, attempt, CALLS="all", PATH=str(night.path), HOW=how)
        need(n > 60, f"only {n} calls to die at")


def killed_at_random(night: Night, kills: int = 100) -> None:
    """Killed again and again, over days that the store has or has not."""
    began = time.monotonic()
    night.rollup()
    whole = time.monotonic() - began
    rng = random.Random(4)
    night.clear()
    for i in range(kills):
        if i % 10 == 0:
            night.clear()
        running = subprocess.Popen([night.program, *night.nightly(*night.logs)],
                                   stderr=subprocess.DEVNULL)
        try:
            running.wait(rng.random() * whole)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()
        night.check_whole(f"kill {i}")
        if i % 10 == 9:
            night.check_again(f"kill {i}")


def terminated(night: Night) -> None:
    """SIGTERM, SIGINT and SIGHUP leave nothing behind that the next run cannot take."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        night.clear()
        with held(night, CALLS="rename", PATH="2026-03-03") as running:
            running.send_signal(number)
            running.wait(10)
        night.check_whole(f"signal {number}")
        night.check_again(f"signal {number}")


# ---- logs that change ----


def heed_signals() -> None:
    """A test that is run by nohup or in the background inherits signals ignored."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


@contextlib.contextmanager
def held(night: Night, arguments: Optional[List[str]] = None,
         **faults: str) -> Iterator[subprocess.Popen]:
    """A nightly job that waits at a call until the block is left."""
    gate = night.path / "gate"
    gate.touch()
    env = night.environment({"AT": "1", **faults, "WAIT": str(gate)})
    running = subprocess.Popen(
        [night.program, *(arguments or night.nightly(*night.logs))], env=env,
        stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, encoding="utf-8",
        preexec_fn=heed_signals)
    for _ in range(2000):
        if night.is_hit() or running.poll() is not None:
            break
        time.sleep(0.005)
    try:
        yield running
    finally:
        gate.unlink()
        running.stderr_text = running.communicate(timeout=60)[1]


def change_at_each_open(night: Night, change: Callable[[pathlib.Path], None],
                        words: List[str]) -> None:
    log = pathlib.Path(night.logs[1])
    kept = log.read_bytes()
    for at in range(1, 100):
        night.clear()
        with held(night, CALLS="open", PATH=log.name, AT=str(at)) as running:
            is_hit = night.is_hit()
            if is_hit:
                change(log)
        what = f"{change.__name__} at open {at}"
        log.unlink(missing_ok=True)
        log.write_bytes(kept)
        if not is_hit:
            need(at > 2, f"{what}: opened only {at - 1} times")
            return
        text = running.stderr_text
        if at > 1:
            need(running.returncode == FAILED, f"{what}: exit {running.returncode}")
            need(log.name in text and any(word in text for word in words),
                 f"{what}: says {text!r}")
            night.check_whole(what)
            night.check_again(what)


def vanished(night: Night) -> None:
    change_at_each_open(night, pathlib.Path.unlink, ["No such file"])


def replaced(night: Night) -> None:
    def rotate(log: pathlib.Path) -> None:
        log.rename(f"{log}.1")
        log.write_text(busy(9), encoding="ascii")

    change_at_each_open(night, rotate, ["was replaced"])


def truncated(night: Night) -> None:
    def truncate(log: pathlib.Path) -> None:
        os.truncate(log, 1000)

    change_at_each_open(night, truncate, ["became shorter"])


def truncated_while_read(night: Night) -> None:
    """The file has been opened, and some of it has been read: by one reader after the
    other, or, being large, by each where it stands."""
    log = pathlib.Path(night.logs[1])
    for calls, times, least in (("read", 40, 3), ("pread", 200, 10)):
        log.write_text(busy(3) * times, encoding="ascii")
        truncate_while(night, log, calls, least)


def truncate_while(night: Night, log: pathlib.Path, calls: str, least: int) -> None:
    kept = log.read_bytes()
    for at in range(1, 100):
        night.clear()
        with held(night, CALLS=calls, PATH=log.name, AT=str(at)) as running:
            is_hit = night.is_hit()
            if is_hit:
                os.truncate(log, 5000)
        log.write_bytes(kept)
        if not is_hit:
            need(at > least, f"only {at - 1} calls of {calls}")
            return
        # The last read of a file says that there is no more: then nothing is missing.
        need(running.returncode in (FAILED, DONE), f"exit {running.returncode}")
        need(running.returncode == DONE or "became shorter" in running.stderr_text,
             f"says {running.stderr_text!r}")
        if running.returncode == FAILED:
            need("2026-03-03.internal.cbor" not in night.files(), "half a day is kept")


def unreadable_while_read(night: Night) -> None:
    """EIO at each read of a log so large that its readers read it where they stand."""
    log = pathlib.Path(night.logs[1])
    log.write_text(busy(3) * 200, encoding="ascii")

    def attempt(faults: Dict[str, str]) -> None:
        night.clear()
        done = night.run(*night.nightly(*night.logs), **faults)
        if night.is_hit():
            check_sentence(done, WORDS[faults["HOW"]], f"{faults}")
            need(log.name in done.stderr, f"{faults}: says not which")
            need("2026-03-03.internal.cbor" not in night.files(), "half a day is kept")

    n = each_call(night, attempt, CALLS="pread", PATH=log.name, HOW="EIO")
    need(n >= 10, f"only {n} calls")


def unreadable_log(night: Night) -> None:
    """EIO and EACCES at each open and read of a log."""

    def attempt(faults: Dict[str, str]) -> None:
        night.clear()
        done = night.run(*night.nightly(*night.logs), **faults)
        if night.is_hit():
            check_sentence(done, WORDS[faults["HOW"]], f"{faults}")
            need("access-3.log" in done.stderr, f"{faults}: says not which")
        night.check_whole(f"{faults}")
        night.check_again(f"{faults}")

    for calls, how in (("read", "EIO"), ("open", "EACCES"), ("open", "EIO")):
        n = each_call(night, attempt, CALLS=calls, PATH="access-3.log", HOW=how)
        need(n >= 2, f"only {n} calls of {calls}")


# ---- the store by hand, the clock, two at once ----


def half_written_by_hand(night: Night) -> None:
    """It is left alone and named, by the job and by the report; deleted, it is made."""
    name = "2026-03-03.internal.cbor"
    whole = night.want[name]
    for content in (b"", whole[:1], whole[:len(whole) // 2], whole[:-1], whole + b"\0",
                    whole + whole, b"by hand\n", bytes(1000)):
        night.clear()
        night.rollup()
        path = night.store / "site" / name
        path.write_bytes(content)
        (night.store / "site" / "sources").unlink()
        done = night.run(*night.nightly(*night.logs))
        what = f"{len(content)} bytes"
        need(done.returncode == LOOK and name in done.stderr and "delete it"
             in done.stderr, f"{what}: exit {done.returncode}, says {done.stderr!r}")
        need(path.read_bytes() == content, f"{what}: it was changed")
        done = night.run("report", "--store", str(night.store), "-o", "-")
        need(done.returncode == LOOK and name in done.stderr,
             f"{what}: report: exit {done.returncode}, says {done.stderr!r}")
        path.unlink()
        night.check_again(what)
        path.write_bytes(content)
        done = night.run(*night.nightly("--replace", *night.logs))
        if content != whole + whole:  # that one can be read, and so replaced
            check_sentence(done, "delete it", what)


def two_at_once(night: Night) -> None:
    for call, path in (("rename", "2026-03-02"), ("rename", "2026-03-04"),
                       ("open", "access-2.log")):
        night.clear()
        with held(night, CALLS=call, PATH=path) as first:
            need(night.is_hit(), f"{call}: not reached")
            second = subprocess.Popen([night.program, *night.nightly(*night.logs)],
                                      stderr=subprocess.PIPE, encoding="utf-8")
            told = second.stderr.readline()
            need(f"held by process {first.pid}; waiting" in told,
                 f"the second says {told!r}")
            need(second.poll() is None, "the second does not wait")
        rest = second.communicate(timeout=60)[1]
        need(first.returncode == DONE and second.returncode == DONE,
             f"exit {first.returncode}, {second.returncode}: {rest}")
        need("0 new" in rest, f"the second says {rest!r}")
        need(night.rollups() == night.want, "other rollups")


def many_at_once(night: Night) -> None:
    jobs = [subprocess.Popen([night.program, *night.nightly(*night.logs)],
                             stderr=subprocess.DEVNULL) for _ in range(8)]
    need([job.wait(60) for job in jobs] == [DONE] * 8, "one of eight failed")
    need(night.rollups() == night.want, "other rollups")


def clock_jumps(night: Night) -> None:
    def at(now: str, *logs: str) -> subprocess.CompletedProcess:
        return night.run("rollup", "--now", now, "--store", str(night.store),
                         *(logs or night.logs))

    # Behind: only what the logs themselves reach over.
    need(at("1999-01-01T00:00:00Z").returncode == DONE, "a clock behind")
    need(sorted(night.rollups()) == sorted(night.want)[:2], "a clock behind")
    night.check_whole("a clock behind")
    # The grace has not passed; it has.
    at("2026-03-05T00:09:59Z")
    need(len(night.rollups()) == 2, "a second before the grace is over")
    at("2026-03-05T00:10:00Z")
    need(night.rollups() == night.want, "the grace is over")
    # Back again, and far ahead: what is there stays.
    for now in ("2026-03-03T12:00:00Z", "1970-01-01T00:00:00Z", "9000-01-01T00:00:00Z"):
        need(at(now).returncode == DONE and night.rollups() == night.want, now)
    # Ahead in the middle of a day: half of it is taken for all. The rest is told.
    night.clear()
    log = pathlib.Path(night.logs[2])
    whole = log.read_text(encoding="ascii")
    log.write_text("".join(whole.splitlines(True)[:50]), encoding="ascii")
    need(at("2026-03-09T00:00:00Z").returncode == DONE, "a clock ahead")
    log.write_text(whole, encoding="ascii")
    done = at("2026-03-05T03:00:00Z")
    need(done.returncode == LOOK and "70 lines are of periods" in done.stderr,
         f"lines after a clock ahead: {done.stderr!r}")
    need(night.run(*night.nightly("--replace", *night.logs)).returncode == DONE,
         "--replace")
    view = night.run("report", "--store", str(night.store), "-o", "-").stdout
    need('"human": 360' in view or '"human":360' in view, "--replace: not all lines")


# ---- pipes and streams ----


def closed_streams(night: Night) -> None:
    """With standard streams closed, no message ends up in a file."""
    for closed in ((1,), (2,), (0, 1), (1, 2), (0, 1, 2)):
        night.clear()

        def close(numbers: tuple = closed) -> None:
            for number in numbers:
                os.close(number)

        logs = [*night.logs, str(night.path / "nonsense.log")]
        pathlib.Path(logs[-1]).write_text("nonsense\n" * 5, encoding="ascii")
        done = subprocess.run([night.program, *night.nightly(*logs)], check=False,
                              stderr=subprocess.DEVNULL, preexec_fn=close, timeout=60)
        need(done.returncode == LOOK, f"without {closed}: exit {done.returncode}")
        need(night.rollups() == night.want, f"without {closed}: other rollups")
        for path in (night.store / "site").iterdir():
            need(b"footfall:" not in path.read_bytes(), f"without {closed}: {path}")
        for log in night.logs:
            need("footfall:" not in pathlib.Path(log).read_text(encoding="ascii"), log)
    done = subprocess.run([night.program, "run", *LATE, *night.logs], check=False,
                          stderr=subprocess.PIPE, preexec_fn=lambda: os.close(1),
                          timeout=60)
    need(done.returncode == FAILED, f"run without stdout: exit {done.returncode}")


@contextlib.contextmanager
def fifo(night: Night, give: Callable[[object], None]) -> Iterator[str]:
    path = night.path / "fifo"
    path.unlink(missing_ok=True)
    os.mkfifo(path)

    def feed() -> None:
        with contextlib.suppress(BrokenPipeError), open(path, "wb", buffering=0) as file:
            give(file)

    feeder = threading.Thread(target=feed, daemon=True)
    feeder.start()
    yield str(path)
    feeder.join(10)
    path.unlink()


def fifo_as_input(night: Night) -> None:
    for logs in (night.logs[:1], night.logs):
        text = "".join(pathlib.Path(log).read_text(encoding="ascii") for log in logs)

        def give(file: object, content: bytes = text.encode("ascii")) -> None:
            for at in range(0, len(content), 777):
                file.write(content[at:at + 777])

        with fifo(night, give) as path:
            done = night.run(*night.nightly(path))
            need(done.returncode == DONE, f"exit {done.returncode}: {done.stderr}")
        night.check_whole("fifo")
    need(night.rollups() == night.want, "fifo: other rollups")
    # A pipe that gives more than the store was made from is told.
    more = text + line(4, 86000, "10.99.0.1", "/new")
    with fifo(night, lambda file: file.write(more.encode("ascii"))) as path:
        done = night.run(*night.nightly(path))
    need(done.returncode == LOOK and "1 line is of periods" in done.stderr,
         f"one line more: exit {done.returncode}: {done.stderr}")


def peak_kilobytes(running: subprocess.Popen) -> int:
    status = pathlib.Path(f"/proc/{running.pid}/status").read_text(encoding="ascii")
    return int(next(row.split()[1] for row in status.splitlines()
                    if row.startswith("VmHWM")))


def endless(night: Night, block: bytes, arguments: List[str]) -> None:
    """What never ends is read in bounded memory until someone ends it."""

    def give(file: object) -> None:
        while True:
            file.write(block)

    with fifo(night, give) as path:
        with subprocess.Popen([night.program, *arguments, "--memory", "32M", path],
                              stderr=subprocess.PIPE) as running:
            time.sleep(3)
            peak = peak_kilobytes(running)
            need(running.poll() is None, "it ended")
            running.kill()
    need(peak < 120 << 10, f"peak memory is {peak} KB")


def endless_fifo(night: Night) -> None:
    lines = "".join(line(2, i % 86400, f"10.{i % 250}.0.1", f"/page-{i % 40}")
                    for i in range(0, 86400, 37)).encode("ascii")
    for command in (["run", *LATE], night.nightly()):
        for block in (lines, b"\n" * 65536, b"x" * 65536, bytes(65536)):
            endless(night, block, command)


def newlines(night: Night) -> None:
    """Blank lines, many: counted, and nothing else."""
    log = night.path / "newlines.log"
    n = 64 << 20
    with open(log, "wb") as file:
        for _ in range(64):
            file.write(b"\n" * (1 << 20))
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    done = night.run("run", *LATE, "-o", "-", str(log), *night.logs)
    after = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    need(f'"blank": {n}' in done.stdout or f'"blank":{n}' in done.stdout,
         f"blank lines are lost: exit {done.returncode}: {done.stderr}")
    need(after < before + 32768, f"peak memory went from {before} to {after} KB")


def write_days(night: Night, days: List[int], per_day: int) -> List[pathlib.Path]:
    """Logs of many visitors, the same each day; in pieces, as a process begins with the
    peak of who started it."""
    logs = [night.path / f"archive-{day}.log" for day in days]
    with contextlib.ExitStack() as stack:
        files = [stack.enter_context(open(log, "wb")) for log in logs]
        for begin in range(0, per_day, 10000):
            text = "".join(line(99, i * 80000 // per_day,
                                f"10.{i // 9 % 250}.{i // 2250 % 250}.{i // 562500}",
                                f"/p{i % 40}")
                           for i in range(begin, begin + 10000)).encode("ascii")
            for day, file in zip(days, files):
                file.write(text.replace(b"[99/", b"[%02d/" % day))
    return logs


def long_archive(night: Night) -> None:
    """Large days in a row take the memory of one. A day of them is closed early, so
    that the next one's lines are beside it for a while."""
    per_day = 1200000
    logs = write_days(night, [2, 3, 4], per_day)
    peaks = []
    for given in (logs[:1], logs):
        out = night.path / "archive.json"
        command = [night.program, "run", *LATE, "--jobs", "1", "-o", out, *given]
        with subprocess.Popen(command) as running:
            _, status, usage = os.wait4(running.pid, 0)
            running.returncode = os.waitstatus_to_exitcode(status)
        need(running.returncode == DONE, f"exit {running.returncode}")
        views = re.search(r'"page_views": ?(\d+)', out.read_text(encoding="utf-8"))
        need(int(views.group(1)) == per_day * len(given), "lines are lost")
        peaks.append(usage.ru_maxrss)
    need(peaks[1] < peaks[0] * 1.2, f"memory goes from {peaks[0]} to {peaks[1]} KB")


CASES = (full_disk, short_writes, full_disk_for_reports, read_only_store,
         killed_at_each_call, killed_at_random, terminated, vanished, replaced, truncated,
         truncated_while_read, unreadable_while_read, unreadable_log,
         half_written_by_hand, two_at_once, many_at_once, clock_jumps, closed_streams,
         fifo_as_input, endless_fifo, newlines, long_archive)


def main(arguments: List[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("footfall")
    parser.add_argument("interpose")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--kills", type=int, default=100)
    options = parser.parse_intermixed_args(arguments)
    program, library = (str(pathlib.Path(path).resolve())
                        for path in (options.footfall, options.interpose))
    failed = 0
    for case in CASES:
        if options.names and case.__name__ not in options.names:
            continue
        began = time.monotonic()
        try:
            with tempfile.TemporaryDirectory() as scratch:
                night = Night(program, library, pathlib.Path(scratch).resolve())
                if case is killed_at_random:
                    killed_at_random(night, options.kills)
                else:
                    case(night)
            print(f"{case.__name__}: good, {time.monotonic() - began:.1f} s", flush=True)
        except Wrong as fault:
            failed += 1
            print(f"{case.__name__}: {fault}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
