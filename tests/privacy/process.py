#!/usr/bin/python3
"""What the system lets footfall do, and others do to it.

    tests/privacy/process.py FOOTFALL

Core dumps are off and the process is not dumpable before a log is opened; memory that
may not be locked ends it with a sentence, 64 KiB are enough for the keys of three years;
no file is opened for writing but the named outputs, and no folder for temporary files is
needed. Exit 1 and what is wrong; a part that the system does not allow is named.
"""

import ctypes
import datetime
import os
import pathlib
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from typing import Callable, Dict, List, Optional, Set

AGENT = ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like "
         "Gecko) Chrome/126.0.0.0 Safari/537.36")
NOW = ["--now", "2030-01-01T00:00:00Z"]
PR_CAPBSET_DROP, CAP_IPC_LOCK = 24, 14
NOBODY = 65534


class Wrong(Exception):
    pass


def need(condition: bool, what: str) -> None:
    if not condition:
        raise Wrong(what)


def line(day: datetime.date, second: int, client: str) -> str:
    clock = f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
    return (f'{client} - - [{day:%d/%b/%Y}:{clock} +0000] "GET /page HTTP/1.1" 200 100 '
            f'"-" "{AGENT}"\n')


def log_of(n_days: int, visitors: int = 60) -> str:
    first = datetime.date(2026, 3, 2)
    return "".join(line(first + datetime.timedelta(days), i * 600, f"10.{i}.0.1")
                   for days in range(n_days) for i in range(visitors))


def wait_until_it_waits(pid: int) -> None:
    """For the log: it sleeps, and its program has been loaded."""
    for _ in range(4000):
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
        state = stat.rsplit(")", 1)[1].split()[0]
        if "(footfall)" in stat and state == "S":
            return
        time.sleep(0.005)
    raise Wrong("it does not wait for its log")


def with_paused(command: List[str], look: Callable[[int], None],
                user: Optional[int] = None) -> None:
    """Runs `look` while the command waits for a log that nobody writes."""
    process = subprocess.Popen(command, stdin=subprocess.PIPE, user=user,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               preexec_fn=lambda: resource.setrlimit(
                                   resource.RLIMIT_CORE,
                                   (resource.RLIM_INFINITY, resource.RLIM_INFINITY)))
    try:
        wait_until_it_waits(process.pid)
        look(process.pid)
    finally:
        process.kill()
        process.wait()
        process.stdin.close()


def check_core_limit(pid: int) -> None:
    limits = pathlib.Path(f"/proc/{pid}/limits").read_text()
    found = re.search(r"^Max core file size\s+(\S+)\s+(\S+)", limits, re.M)
    need(found is not None and found.groups() == ("0", "0"),
         f"core dumps are allowed: {found and found.group(0)}")


def check_not_dumpable(pid: int) -> None:
    """The files of a process that is not dumpable are root's, whoever runs it."""
    owner = os.stat(f"/proc/{pid}/mem").st_uid
    need(owner == 0, f"the process is dumpable: its memory is user {owner}'s")


def no_dumps(program: str, folder: pathlib.Path) -> None:
    fifo = folder / "fifo.log"
    os.mkfifo(fifo)
    for log in ("-", str(fifo)):
        for command in (["run"], ["explain"],
                        ["rollup", *NOW, "--store", str(folder / "store")]):
            with_paused([program, *command, log], check_core_limit)


def not_dumpable(program: str, folder: pathlib.Path) -> None:
    if os.getuid():
        with_paused([program, "run", "-"], check_not_dumpable)
        return
    os.chmod(folder, 0o755)
    copy = folder / "footfall"
    shutil.copy(program, copy)
    with_paused([str(copy), "run", "--geo", "none", "-"], check_not_dumpable, NOBODY)


def lock_at_most(kib: int) -> Callable[[], None]:
    """For preexec_fn: root may lock what it likes but for a capability."""
    libc = ctypes.CDLL(None, use_errno=True)

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_MEMLOCK, (kib << 10, kib << 10))
        if os.getuid() == 0:
            libc.prctl(PR_CAPBSET_DROP, CAP_IPC_LOCK, 0, 0, 0)
    return limit


def little_lockable_memory(program: str, folder: pathlib.Path) -> None:
    log = folder / "a.log"
    log.write_text(log_of(1100, visitors=1), encoding="ascii")
    for kib, want in ((0, 1), (64, 0)):
        done = subprocess.run([program, "run", str(log), "-o", str(folder / "o.json")],
                              preexec_fn=lock_at_most(kib), capture_output=True,
                              encoding="utf-8", check=False)
        need(done.returncode == want, f"{kib} KiB: exit {done.returncode}, not {want}: "
             f"{done.stderr}")
        says = "cannot be locked in memory" in done.stderr and "0 KiB" in done.stderr
        need(says == (kib == 0), f"{kib} KiB: {done.stderr or 'nothing'} on stderr")
        need((folder / "o.json").exists() == (kib > 0), f"{kib} KiB: o.json")


# Calls that make, change or remove files, and where their path is.
WRITERS = re.compile(r"""^(?:\d+\s+)?(?P<call>openat|open|creat|mkdir|mkdirat|mknod|
    mknodat|rename|renameat|renameat2|link|linkat|symlink|symlinkat|unlink|unlinkat|
    truncate|memfd_create|chmod|fchmodat)\((?P<arguments>.*)\)\s*=\s*(?P<result>-?\d+)""",
                     re.X)
OPENED_TO_READ = re.compile(r"O_RDONLY(?!.*(O_CREAT|O_TRUNC|O_TMPFILE))")


def written(trace: str) -> Set[str]:
    """Paths that were, or were tried to be, made or changed."""
    paths = set()
    for row in trace.splitlines():
        call = WRITERS.match(row)
        if not call:
            continue
        arguments = call["arguments"]
        if call["call"].startswith("open") and OPENED_TO_READ.search(arguments):
            continue
        paths.update(re.findall(r'"([^"]*)"', arguments) or [row])
    return paths


def strace(command: List[str], folder: pathlib.Path) -> Set[str]:
    trace = folder / "trace"
    # Neither a folder for temporary files nor a home that one can write to.
    environment = {**os.environ, "TMPDIR": "/proc", "HOME": "/proc", "TMP": "/proc"}
    done = subprocess.run(["strace", "-f", "-o", str(trace), "-e", "trace=file,"
                           "memfd_create", *command], capture_output=True,
                          encoding="utf-8", env=environment, check=False)
    if "ptrace" in done.stderr:
        print("not looked at: strace may not trace here")
        sys.exit(77)
    need(done.returncode == 0, f"{command[1]}: exit {done.returncode}: {done.stderr}")
    return written(trace.read_text())


def named_outputs_only(program: str, folder: pathlib.Path) -> None:
    log, store = folder / "a.log", folder / "store"
    log.write_text(log_of(3), encoding="ascii")
    subprocess.run(["gzip", "-k", str(log)], check=True)
    logs = [str(log), str(log) + ".gz"]
    outputs = [str(folder / f"report.{ending}")
               for ending in ("html", "json", "csv", "txt", "cbor")]
    wants: Dict[str, tuple] = {
        "run": (["run", *logs], set()),
        "run -o": (["run", *logs, *(part for o in outputs for part in ("-o", o))],
                   set(outputs)),
        "explain": (["explain", *logs], set()),
        "rollup": (["rollup", *NOW, "--store", str(store), *logs], {str(store)}),
    }
    for name, (arguments, allowed) in wants.items():
        paths = strace([program, *arguments], folder)
        if name == "rollup":  # which makes the folders above, too, if need be
            strays = {p for p in paths
                      if not p.startswith(str(store)) and pathlib.Path(p) not in
                      store.parents}
        else:  # an output is written beside its name and renamed
            strays = {p for p in paths
                      if not any(p == a or re.fullmatch(re.escape(a) + r"\.[\w.]*tmp", p)
                                 for a in allowed)}
        need(not strays, f"{name} writes {sorted(strays)}")
        need(all(a in paths for a in allowed), f"{name} does not write {allowed}: the "
             "look is blind")
    names = sorted(p.name for p in (store / "site").iterdir())
    need(names == ["2026-03-02.internal.cbor", "2026-03-03.internal.cbor",
                   "2026-03-04.internal.cbor", "lock", "sources"],
         f"the store holds {names}")


def main() -> None:
    program = str(pathlib.Path(sys.argv[1]).resolve())
    wrong = 0
    for part in (no_dumps, not_dumpable, little_lockable_memory, named_outputs_only):
        with tempfile.TemporaryDirectory() as folder:
            try:
                part(program, pathlib.Path(folder))
            except Wrong as error:
                wrong += 1
                print(f"{part.__name__}: {error}")
    print(f"{wrong} parts are wrong")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
