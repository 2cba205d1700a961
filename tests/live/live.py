#!/usr/bin/python3
"""`footfall live` from outside: its totals at the end of input against `footfall run`,
what it puts into a store and when, signals, the page, memory and speed.

    live.py FOOTFALL
"""
import bisect
import datetime
import gzip
import itertools
import json
import os
import pathlib
import random
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time

import watching
from watching import check, crowd, line, verdict, wait_for

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOOTFALL = str(pathlib.Path(sys.argv[1]).resolve())
SITE = [*watching.SITE, "--now", "2026-04-01T00:00:00Z"]
READ_BYTES = 256 << 10  # FF_LINE_MAX: lines are read together up to so much text


def simulate(folder: pathlib.Path, *arguments: str) -> bytes:
    """One server's log, as it was written."""
    subprocess.run([sys.executable, ROOT / "tests" / "sim" / "simulate.py",
                    "--no-truth", "--out", folder, *arguments], check=True,
                   capture_output=True)
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir())
                    if "log" in path.name)


def start(*arguments, **streams) -> subprocess.Popen:
    return watching.start(FOOTFALL, "live", *arguments, **streams)


def live(*arguments, given: bytes) -> subprocess.CompletedProcess:
    return subprocess.run([FOOTFALL, "live", *map(str, arguments)], input=given,
                          capture_output=True, check=False)


def rollups(store: pathlib.Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in store.glob("*/*.cbor")}


def test_end_of_input(folder: pathlib.Path) -> bytes:
    """The totals are run's on the same lines."""
    log = simulate(folder / "a", "--seed", "3", "--days", "3", "--visitors", "300",
                   "--malformed", "40")
    vhost = simulate(folder / "b", "--seed", "4", "--days", "2", "--visitors", "150",
                     "--format", "vhost_combined")
    berlin = ["--tz", "Europe/Berlin", "--period", "week", "--profile", "partner"]
    for what, given, options in [
            ("combined", log, SITE), ("gzip", gzip.compress(log), SITE),
            ("virtual hosts", vhost, SITE), ("weeks", log, SITE + berlin),
            ("goal", log, SITE + ["--goal", "all=/*"]), ("cut off", log[:-100], SITE)]:
        made = [folder / "run.json", folder / "live.json"]
        by_run = subprocess.run([FOOTFALL, "run", "-", *options, "-o", made[0]],
                                input=given, capture_output=True, check=False)
        by_live = live(*options, "-o", made[1], given=given)
        check(by_live.returncode == by_run.returncode == 0, f"{what}: status")
        check(made[0].read_bytes() == made[1].read_bytes(), f"{what}: not run's")
    return log


def shuffled(log: bytes, seconds: int) -> tuple[bytes, list[tuple[str, str]]]:
    """Each line up to so many seconds late, and of each its own time and the latest of
    those that come before it; a line without a time has that of the line before."""
    rng = random.Random(7)
    at = datetime.datetime(2026, 3, 2)
    lines = []
    for text in log.splitlines(keepends=True):
        found = re.search(rb"\[(\d+/Mar/2026:[0-2]\d:[0-5]\d:\d+) \+0000\]", text)
        if found:
            at = datetime.datetime.strptime(found[1].decode(), "%d/%b/%Y:%H:%M:%S")
        lines.append((at + datetime.timedelta(seconds=rng.random() * seconds), at, text))
    lines.sort(key=lambda line: line[0])
    latest = itertools.accumulate((line[1] for line in lines), max, initial=at.min)
    return b"".join(line[2] for line in lines), list(zip((l[1] for l in lines), latest))


def test_late(folder: pathlib.Path, log: bytes) -> None:
    """Disorder within --grace changes nothing; lines that come later than that after
    their day's end are counted, said and shown, and every line is in one class."""
    def counted(given: bytes, grace: int, what: str) -> tuple[dict, dict, int]:
        made = [folder / "late_run.json", folder / "late_live.json"]
        subprocess.run([FOOTFALL, "run", "-", *SITE, "-o", made[0]], input=given,
                       capture_output=True, check=True)
        done = live(*SITE, "--grace", grace, "-o", made[1], given=given)
        reports = [json.loads(path.read_text(encoding="utf-8")) for path in made]
        by_run, by_live = (report["reconciliation"] for report in reports)
        late = by_live["outside"]
        said = re.search(rb"(\d+) lines? came after", done.stderr)
        shown = re.search(rb" lines, (\d+) late\n$", done.stdout)
        check(all((int(found[1]) if found else 0) == late for found in (said, shown)),
              f"{what}: {late} late: {done.stderr!r} {done.stdout!r}")
        check(late > 0 or made[0].read_bytes() == made[1].read_bytes(),
              f"{what}: not run's")
        check(done.returncode == (3 if late * 100 > by_live["lines"] else 0),
              f"{what}: status {done.returncode}")
        return by_run, by_live, late

    def count_late(times: list, grace: int, together: int) -> int:
        """Lines that come after the one that closes their day, but for so many."""
        so_far = [latest for _, latest in times]
        closed_by = (bisect.bisect_left(
            so_far, at.replace(hour=0, minute=0, second=0) +
            datetime.timedelta(days=1, seconds=grace)) for at, _ in times)
        return sum(i >= closing + together for i, closing in enumerate(closed_by))

    for seconds, grace in (500, 600), (5000, 6000), (3000, 600), (30000, 600):
        what = f"up to {seconds} s late, grace {grace}"
        given, times = shuffled(log, seconds)
        by_run, by_live, late = counted(given, grace, what)
        # What was read together with the line that closed the day is not too late.
        together = READ_BYTES * len(times) // len(given)
        least, most = count_late(times, grace, together), count_late(times, grace, 0)
        check(least <= late <= most, f"{what}: {late} late, {least} to {most}")
        check(by_live["lines"] == by_run["lines"] == log.count(b"\n"),
              f"{what}: lines {by_live}")
        lost = [by_run[name] - by_live[name]
                for name in ("human", "robots", "malformed", "excluded", "blank")]
        check(sum(lost) == late, f"{what}: {lost} lost, {late} late")
    # To the second; lines without a time go with the line before.
    some = b"".join(line(2, "23:59:59", f"192.0.{i}.7") for i in range(7))
    for last, late in ("00:09:59", 0), ("00:10:00", 10):
        process = start(*SITE, "-o", folder / "second.json")
        watching.drip(process, [crowd(2, "23:59:00"), crowd(3, last),
                                some + b"\n" * 3])
        process.stdin.close()
        check(process.wait() == (3 if late else 0), f"{last}: status")
        made = json.loads((folder / "second.json").read_text(encoding="utf-8"))
        check(made["reconciliation"]["outside"] == late,
              f"{last}: {made['reconciliation']}")


def test_store(folder: pathlib.Path, log: bytes) -> None:
    """A replay puts in what the nightly job does."""
    path = folder / "access.log"
    path.write_bytes(log)
    subprocess.run([FOOTFALL, "rollup", *SITE, "--store", folder / "job", path],
                   check=True, capture_output=True)
    store = folder / "store"
    done = live(*SITE, "--store", store, given=log)
    check(done.returncode == 0, "replay: status")
    check(len(rollups(store)) == 3 and rollups(store) == rollups(folder / "job"),
          "replay: not what rollup writes")
    # From the middle on: the first day is not whole, though the store has the one
    # before it.
    half = log[len(log) // 6:].split(b"\n", 1)[1]
    live(*SITE, "--store", folder / "half", given=crowd(1, "00:00:01"))
    done = live(*SITE, "--store", folder / "half", given=half)
    check(sorted(rollups(folder / "half")) ==
          ["2026-03-01.internal.cbor", "2026-03-03.internal.cbor",
           "2026-03-04.internal.cbor"],
          "a day that was not seen whole is in the store")
    # A day that another has put there stays as it is.
    before = rollups(store)
    done = live(*SITE, "--store", store, given=crowd(2, "00:00:01") + log)
    check(b"0 new, 3 there already" in done.stderr and rollups(store) == before,
          "a day in the store is replaced")


def test_quiet_night(folder: pathlib.Path) -> None:
    """A period closes by the clock when no line comes; a quiet day gets a rollup too;
    a line whose time is far off closes nothing."""
    store = folder / "quiet"
    process = start(*SITE, "--store", store, "--grace", "2")
    process.stdin.write(crowd(2, "00:00:01") + crowd(2, "23:59:58"))
    process.stdin.write(line(30, "12:00:00", "198.51.100.1"))
    process.stdin.flush()
    time.sleep(1)
    check(not rollups(store), "a line far off closes a day")
    check(wait_for(lambda: len(rollups(store)) == 1), "a quiet night closes the day")
    process.stdin.write(crowd(4, "00:00:10"))
    process.stdin.flush()
    check(wait_for(lambda: len(rollups(store)) == 2), "the quiet day has a rollup")
    process.stdin.close()
    check(process.wait() == 0, "quiet: status")


def test_no_time(folder: pathlib.Path) -> None:
    """A line without a time is counted in its day before the day closes, though what
    was read together with it begins with it."""
    made = folder / "no_time.json"
    process = start(*SITE, "-o", made)
    for part in (crowd(2, "23:59:58"), b"no line\n" + crowd(2, "23:59:59"),
                 crowd(3, "00:20:00")):
        process.stdin.write(part)
        process.stdin.flush()
        time.sleep(0.3)
    process.stdin.close()
    check(process.wait() == 0, "no time: status")
    lines = json.loads(made.read_text(encoding="utf-8"))["reconciliation"]
    check((lines["malformed"], lines["outside"]) == (1, 0), f"no time: {lines}")


def test_signals(folder: pathlib.Path, log: bytes) -> None:
    for number in signal.SIGTERM, signal.SIGINT, signal.SIGHUP:
        for given in b"", crowd(2, "10:00:00"), log:
            made = folder / f"{number}.json"
            process = start(*SITE, "-o", made, "--store", folder / "signals")
            process.stdin.write(given)
            process.stdin.flush()
            time.sleep(0.3)
            began = time.monotonic()
            process.send_signal(number)
            check(process.wait() == 0, f"{number.name}: status")
            check(time.monotonic() - began < 5, f"{number.name}: slow")
            check(made.exists() == bool(given), f"{number.name}: no report")
            process.stdin.close()
    # The last day may have gone on: nobody knows.
    check(sorted(rollups(folder / "signals")) ==
          ["2026-03-02.internal.cbor", "2026-03-03.internal.cbor"],
          "a signal ends a day")


def test_drained(folder: pathlib.Path) -> None:
    """What a server has written before a signal is counted, and nobody who writes waits
    for a reader that is busy a while."""
    made = folder / "drained.json"
    many = crowd(2, "10:00:01") * 100
    process = start(*SITE, "-o", made, "--html", folder / "drained.html")
    process.stdin.write(crowd(2, "10:00:00"))
    check(wait_for((folder / "drained.html").exists), "drained: it does not begin")
    process.send_signal(signal.SIGSTOP)
    os.set_blocking(process.stdin.fileno(), False)
    written = process.stdin.write(many) or 0
    check(written == len(many), f"drained: it waits after {written} bytes")
    process.send_signal(signal.SIGTERM)
    process.send_signal(signal.SIGCONT)
    check(process.wait() == 0, "drained: status")
    counted = json.loads(made.read_text(encoding="utf-8"))["reconciliation"]["lines"]
    check(counted == 60 + many.count(b"\n"), f"drained: {counted} lines")


def test_page(folder: pathlib.Path) -> None:
    """It is there within seconds, always whole, and says that it is not the last."""
    page = folder / "live.html"
    process = start(*SITE, "--html", page)
    process.stdin.write(crowd(2, "10:00:00"))
    process.stdin.flush()
    check(wait_for(page.exists), "no page")
    seen = set()
    end = time.monotonic() + 7
    while time.monotonic() < end:
        text = page.read_bytes()
        check(text.rstrip().endswith(b"</html>"), "half a page")
        seen.add(text)
        process.stdin.write(crowd(2, "10:00:01"))
        process.stdin.flush()
        time.sleep(0.1)
    check(len(seen) > 1, "the page is not written again")
    check(not any(b"connect-src 'none'" in text for text in seen),
          "the page does not look for a newer one")
    process.stdin.close()
    check(process.wait() == 0, "page: status")
    check(b"connect-src 'none'" in page.read_bytes(), "the last page looks for another")
    check(not list(folder.glob("*.tmp")), "leftovers")


def test_line(folder: pathlib.Path) -> None:
    done = live(*SITE, given=crowd(2, "10:00:00"))
    check(re.fullmatch(rb"2026-03-02 10:00:00  60 visitors  60 visits  60 page views  "
                       rb"\S+ lines/s  60 lines\n", done.stdout) is not None,
          f"line: {done.stdout!r}")
    few = live(*SITE, given=line(2, "10:00:00", "192.0.2.1") * 12)
    check(b"too few visitors to tell" in few.stdout, f"line: {few.stdout!r}")


def test_stalled(log: bytes) -> None:
    """Whoever reads the lines sleeps: all is read all the same, and it ends."""
    read, write = os.pipe()
    os.set_blocking(write, False)
    try:
        while True:
            os.write(write, b"x" * 1000)
    except BlockingIOError:
        os.set_blocking(write, True)
    process = start(*SITE, stdout=write)
    process.stdin.write(log)
    process.stdin.close()
    check(wait_for(lambda: process.poll() is not None), "it waits for a reader")
    process.kill()
    os.close(read), os.close(write)


def seconds_and_memory(given: bytes, *options) -> tuple[float, int]:
    """CPU time of the process that reads and of its children, and its memory in KiB."""
    # A sanitizer keeps what was freed, to see whether it is used.
    frees = os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=0"
    process = start(*SITE, *options, stdout=subprocess.DEVNULL,
                    env={**os.environ, "ASAN_OPTIONS": frees})
    process.stdin.write(given)
    process.stdin.flush()
    time.sleep(0.5)
    told = pathlib.Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    process.stdin.close()
    _, status, used = os.wait4(process.pid, 0)
    check(status == 0, "speed: status")
    most = re.search(r"VmHWM:\s+(\d+) kB", told)
    return used.ru_utime + used.ru_stime, int(most[1])


def test_speed_and_memory(folder: pathlib.Path) -> None:
    week = simulate(folder / "week", "--seed", "5", "--days", "7", "--visitors", "400")
    lines = week.split(b"\n")
    day = b"\n".join(at for at in lines if b"/Mar/2026" in at and b"[03/" in at)
    _, of_day = seconds_and_memory(day + b"\n")
    _, of_week = seconds_and_memory(week)
    print(f"a day takes {of_day >> 10} MiB, a week {of_week >> 10}")
    check(of_week < of_day * 1.3, "memory grows with the days")
    # So many clients more, each line as often: a busy server's log in order of time.
    busy = b"".join(b"%d%s\n" % (100 + i, at[at.find(b"."):])
                    for at in lines if re.match(rb"\d+\.\d+\.", at)
                    for i in range(8))
    used, _ = seconds_and_memory(busy, "--html", folder / "busy.html")
    rate = busy.count(b"\n") / used
    print(f"{rate:.0f} lines a second of CPU time, {busy.count(10)} lines")
    check(rate > 200_000, "slow")


def test_usage(folder: pathlib.Path) -> None:
    check(live("a", "b", given=b"").returncode == 2, "two logs")
    check(live("-o", "-", given=b"").returncode == 2, "-o -")
    check(live("--site", "a/b", "--store", folder, given=b"").returncode == 2, "site")
    check(live("--jobs", "2", given=b"").returncode == 2, "--jobs")
    master, slave = os.openpty()
    for arguments in [], ["-"]:
        done = subprocess.run([FOOTFALL, "live", *arguments], stdin=slave, timeout=20,
                              capture_output=True, check=False)
        check(done.returncode == 2 and b"tail -F" in done.stderr,
              f"a terminal to read {arguments}: {done.stderr!r}")
    os.close(master), os.close(slave)
    for arguments, said in ([], b"nothing to show\n"), (["-o", folder / "nothing.json"],
                                                        b"nothing to show or to write\n"):
        done = live(*arguments, given=b"")
        check(done.returncode == 0 and done.stderr.endswith(said) and
              not (folder / "nothing.json").exists(), f"nothing: {done.stderr!r}")
    done = live(*SITE, "--store", "/proc/none", "--lead", "86400", given=
                crowd(2, "10:00:00") + crowd(3, "10:00:00"))
    check(done.returncode == 3 and b"/proc/none" in done.stderr, "a store that fails")


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        log = test_end_of_input(folder)
        test_late(folder, log)
        test_store(folder, log)
        test_quiet_night(folder)
        test_no_time(folder)
        test_signals(folder, log)
        test_drained(folder)
        test_page(folder)
        test_line(folder)
        test_stalled(log)
        test_speed_and_memory(folder)
        test_usage(folder)
    return verdict("live counts as run does")


if __name__ == "__main__":
    sys.exit(main())
