#!/usr/bin/python3
"""What strangers, broken clocks and full disks do to `footfall live`: days are closed
and kept as if nothing had been, memory stays in its bounds, and what cannot be written
is said and read on over.

    hostile.py FOOTFALL CLOCK_LIBRARY
"""
import datetime
import json
import os
import pathlib
import re
import resource
import subprocess
import sys
import tempfile
import time

import watching
from watching import AGENT, check, crowd, line, verdict, wait_for

FOOTFALL, CLOCK = (str(pathlib.Path(path).resolve()) for path in sys.argv[1:3])
SITE = [*watching.SITE, "--now", "2026-04-01T00:00:00Z"]
DAY = "2026-03-0{}.internal.cbor"


def start(*arguments, **streams) -> subprocess.Popen:
    return watching.start(FOOTFALL, "live", *SITE, *arguments, **streams)


def dated(date: datetime.date) -> bytes:
    return (f'192.0.2.9 - - [{date:%d/%b/%Y}:10:00:00 +0000] "GET / HTTP/1.1" 200 5 '
            f'"-" "{AGENT}"\n').encode()


def stored(store: pathlib.Path, given: bytes) -> tuple[dict[str, bytes], str]:
    """The store's days after the lines, by name, and what was said."""
    process = start("--store", store, stdout=subprocess.DEVNULL)
    try:
        _, said = process.communicate(given, timeout=60)
    except subprocess.TimeoutExpired:
        process.kill()
        _, said = process.communicate()
    # Strays of a day that is closed are late; more than 1 % are worth a look.
    late = re.search(rb"(\d+) lines? came after", said)
    is_look = late and int(late[1]) * 100 > given.count(b"\n")
    check(process.returncode == (3 if is_look else 0),
          f"{store.name}: {process.returncode} {said!r}")
    made = {path.name: path.read_bytes() for path in store.glob("*/*.cbor")}
    return made, said.decode()


def test_broken_clocks(folder: pathlib.Path) -> None:
    honest = [crowd(2, "00:00:01"), crowd(2, "23:50:00"), crowd(3, "00:10:30"),
              crowd(3, "23:59:00"), crowd(4, "00:30:00")]
    good, _ = stored(folder / "good", b"".join(honest))
    check(set(good) == {DAY.format(n) for n in (2, 3, 4)}, f"good: {sorted(good)}")
    # What a line of 1970, of 2038 or of some days off does: nothing, wherever it is and
    # however many there are together.
    for what, date, n in [("1970", datetime.date(1970, 1, 1), 50),
                          ("last year", datetime.date(2025, 12, 1), 50),
                          ("one of last year", datetime.date(2025, 12, 1), 1),
                          ("tomorrow", datetime.date(2026, 3, 9), 9),
                          ("the future", datetime.date(2038, 1, 19), 200)]:
        strays = dated(date) * n
        # With ten and more to begin with, months without a line are a gap.
        for place in range(what == "last year", len(honest) + 1):
            made, said = stored(folder / f"{what} {place}", b"".join(
                [*honest[:place], strays, *honest[place:]]))
            check(made == good, f"{what}, {n} at place {place}: {sorted(made)}")
            check("3 new, 0 there already" in said, f"{what} at place {place}: {said}")
    # Days of a wrong year, one of them far ahead: they end, and the right ones follow.
    wrong = [dated(datetime.date(1970, 1, day)) * n for day, n in ((1, 20), (3, 20),
                                                                   (30, 1), (3, 5))]
    made, _ = stored(folder / "wrong year", b"".join([*wrong, *honest]))
    check(set(good) <= set(made), f"a wrong year: {sorted(made)}")
    # A machine that learns the time after some lines has not seen the day's beginning.
    for date in datetime.date(1970, 1, 1), datetime.date(2026, 2, 20):
        made, _ = stored(folder / f"began {date}", b"".join(
            [dated(date) * 3, crowd(2, "10:00:00"), *honest[1:]]))
        check(set(made) == set(good) - {DAY.format(2)}, f"began {date}: {sorted(made)}")


def test_clock_is_set(folder: pathlib.Path) -> None:
    """A machine that comes up in 1970 and learns the time later: what it has read by
    then is not believed, and the days after that are closed and kept."""
    mark, store = folder / "set", folder / "clock"
    process = watching.start(FOOTFALL, "live", *watching.SITE, "--store", store,
                             stdout=subprocess.DEVNULL,
                             env={**os.environ, "LD_PRELOAD": CLOCK,
                                  "CLOCK_IS_SET": str(mark)})
    watching.drip(process, [crowd(2, "00:00:01")])
    time.sleep(0.2)
    mark.touch()
    watching.drip(process, [crowd(2, "23:50:00"), crowd(3, "00:10:30"),
                            crowd(3, "23:59:00"), crowd(4, "00:30:00")])
    process.stdin.close()
    said = process.stderr.read()
    check(process.wait() == 0, f"the clock is set: {said!r}")
    names = {path.name for path in store.glob("*/*.cbor")}
    check(DAY.format(3) in names and DAY.format(2) not in names,
          f"the clock is set: {sorted(names)} {said!r}")


def memory_of(process: subprocess.Popen) -> int:
    """MiB at most so far."""
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) >> 10


def most_memory(pieces: list[bytes], *options) -> int:
    process = start(*options, stdout=subprocess.DEVNULL)
    watching.drip(process, pieces)
    time.sleep(0.2)
    most = memory_of(process)
    process.stdin.close()
    check(process.wait() == 0, f"memory: {process.stderr.read()!r}")
    return most


def test_many(folder: pathlib.Path) -> None:
    """Days without number, and clients."""
    first = datetime.date(1970, 1, 1)
    days = b"".join(dated(first + datetime.timedelta(i * 7919 % 2900000))
                    for i in range(3000))
    store = folder / "many"
    most = most_memory([crowd(2, "00:00:01"), days, crowd(3, "00:30:00")],
                       "--store", store)
    check({path.name for path in store.glob("*/*.cbor")} ==
          {DAY.format(2), DAY.format(3)}, "many days: the store")
    check(most < 120, f"many days take {most} MiB")
    tail = f' - - [02/Mar/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "{AGENT}"\n'
    clients = "".join(f"{i >> 16 & 255}.{i >> 8 & 255}.{i & 255}.1{tail}"
                      for i in range(1 << 16, 9 << 16)).encode()
    pieces = [clients[i:i + (1 << 20)] for i in range(0, len(clients), 1 << 20)]
    made = folder / "clients.json"
    most = most_memory(pieces, "-o", made, "--memory", "32M")
    counted = json.loads(made.read_bytes())["reconciliation"]["human"]
    check(counted == 8 << 16, f"{counted} lines of half a million clients")
    check(most < 64, f"half a million clients take {most} MiB of 32")
    print(f"half a million clients in {most} MiB")


def test_no_lines(folder: pathlib.Path) -> None:
    """What is no line of a log, in all sizes, and nobody who reads: run's figures."""
    given = [crowd(2, "10:00:00"), b"\0" * 100_000, b"\n" * 70_000, b"x" * 10_000_000,
             crowd(2, "10:00:01"), b"\r\n\0\n\x1b[31m\n", crowd(2, "10:00:02")[:-30]]
    process = start("-o", folder / "live.json")
    process.stdout.close()
    watching.drip(process, given)
    process.stdin.close()
    shown = process.stderr.read()
    done = subprocess.run([FOOTFALL, "run", "-", *SITE,
                           "-o", folder / "run.json"], input=b"".join(given),
                          capture_output=True, check=False)
    check(process.wait() == done.returncode, "no lines: status")
    check((folder / "live.json").read_bytes() == (folder / "run.json").read_bytes(),
          "no lines: not run's figures")
    check(b"\x1b" not in shown and b"xxx" not in shown, "no lines: they are shown")


def test_full_disk(folder: pathlib.Path) -> None:
    """The store and the page cannot be written any more: it says so and reads on."""
    store, page = folder / "full", folder / "full.html"

    def limit(size: int) -> tuple[int, tuple[int, int]]:
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        return resource.RLIMIT_FSIZE, (size, hard)

    process = start("--store", store, "--html", page, "--grace", "1",
                    preexec_fn=lambda: resource.setrlimit(*limit(200)))
    process.stdin.write(crowd(2, "00:00:01") + crowd(2, "23:59:59") +
                        crowd(3, "00:00:05"))
    os.set_blocking(process.stderr.fileno(), False)
    said = b""

    def has_said() -> bool:
        nonlocal said
        said += process.stderr.read() or b""
        return b"2026-03-02" in said and b"full.html" in said

    check(wait_for(has_said), f"full disk: {said!r}")
    process.stdin.write(crowd(3, "23:59:59") + crowd(4, "00:00:05"))
    resource.prlimit(process.pid, *limit(1 << 30))
    check(wait_for(page.exists), "full disk: no page once there is room")
    process.stdin.close()
    status = process.wait()
    check(status == 3, f"full disk: status {status}")
    names = sorted(path.name for path in folder.glob("full/*/*"))
    check(DAY.format(3) in names and DAY.format(2) not in names, f"full disk: {names}")
    check(not [name for name in names if name.endswith(".tmp")], f"leftovers: {names}")


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        for test in (test_broken_clocks, test_clock_is_set, test_many, test_no_lines,
                     test_full_disk):
            test(pathlib.Path(folder))
    return verdict("nothing of it matters")


if __name__ == "__main__":
    sys.exit(main())
