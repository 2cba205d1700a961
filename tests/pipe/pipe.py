#!/usr/bin/python3
"""`footfall ingest | footfall aggregate` against `footfall run` on the same logs: the
same bytes, for samples and simulated logs of several formats, compressions, period
lengths and profiles; in less than twice the time; and what happens when the pipe breaks.

    pipe.py FOOTFALL [jobs]     jobs: only what several threads on each side make
"""
import gzip
import io
import os
import pathlib
import re
import resource
import subprocess
import sys
import tempfile
import time

import cbor2

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOOTFALL = str(pathlib.Path(sys.argv[1]).resolve())
FORMS = ["json", "csv", "cbor", "txt"]
DAY = "2026-03-02T"
failed = 0


def check(is_so: bool, what: str) -> None:
    global failed
    if not is_so:
        failed += 1
        print(f"FAILED: {what}")


def footfall(*arguments, given: bytes = b"") -> subprocess.CompletedProcess:
    return subprocess.run([FOOTFALL, *map(str, arguments)], input=given,
                          capture_output=True, check=False)


def hits_of(*arguments) -> bytes:
    return footfall("ingest", *arguments).stdout


def outputs(folder: pathlib.Path, name: str) -> list:
    return [word for form in FORMS for word in ("-o", folder / f"{name}.{form}")]


def bytes_of(folder: pathlib.Path, name: str) -> list[bytes]:
    return [(folder / f"{name}.{form}").read_bytes() for form in FORMS]


def simulate(folder: pathlib.Path, *arguments: str) -> list[pathlib.Path]:
    simulator = ROOT / "tests" / "sim" / "simulate.py"
    subprocess.run([sys.executable, simulator, "--no-truth", "--out", folder,
                    *arguments], check=True, capture_output=True)
    return sorted(path for path in folder.iterdir() if "log" in path.name)


def compare(folder: pathlib.Path, what: str, logs: list, read: list, count: list):
    """`read` are options of ingest, `count` of aggregate, both of run."""
    whole = footfall("run", *read, *count, *logs, *outputs(folder, "run"))
    first = footfall("ingest", *read, *logs)
    second = footfall("aggregate", *count, *outputs(folder, "pipe"),
                      given=first.stdout)
    check(whole.returncode in (0, 3), f"{what}: run gives {whole.returncode}")
    check(second.returncode == whole.returncode,
          f"{what}: status {second.returncode}, run's is {whole.returncode}")
    check(first.returncode in (0, whole.returncode), f"{what}: ingest's status")
    check(bytes_of(folder, "pipe") == bytes_of(folder, "run"), f"{what}: not the same")


def test_equality(folder: pathlib.Path) -> list[pathlib.Path]:
    for log in sorted((ROOT / "samples").glob("*.log")):
        for grain in "day", "week", "month":
            for profile in "internal", "partner":
                compare(folder, f"{log.name} {grain} {profile}", [log],
                        ["--period", grain], ["--profile", profile])
    logs = simulate(folder / "a", "--seed", "1", "--days", "3", "--visitors", "400",
                    "--servers", "2", "--gzip", "--malformed", "50")
    compare(folder, "two servers", logs, ["--site", "www.example.org"], [])
    compare(folder, "twice the same", [*logs, *logs], [], [])
    compare(folder, "Berlin", logs, ["--tz", "Europe/Berlin"],
            ["--visit-timeout", 60, "--goal", "all=/*"])
    compare(folder, "a day of three", logs, [], ["--from", "2026-03-03", "--to",
                                                  "2026-03-03", "--k", "12"])
    compare(folder, "excluded", logs,
            ["--exclude-path", "/a*", "--exclude-agent", "Firefox"], [])
    vhosts = simulate(folder / "b", "--seed", "2", "--days", "1", "--visitors", "200",
                      "--format", "vhost_combined", "--rotate")
    compare(folder, "virtual hosts", vhosts, ["--site", "www.example.org"], [])
    nothing = folder / "nothing.log"
    nothing.write_text("\n# nothing\nnor this\n" * 100)
    compare(folder, "no format", [nothing], ["--period", "month"],
            ["--now", DAY + "12:00:00Z"])
    late = folder / "late.log"
    lines = logs_lines(vhosts)
    late.write_bytes(b"".join(lines + lines[:50]))
    compare(folder, "out of order", [late], [], [])
    return logs


def logs_lines(logs: list[pathlib.Path]) -> list[bytes]:
    return b"".join(log.read_bytes() for log in logs).splitlines(keepends=True)


def test_jobs(folder: pathlib.Path) -> None:
    """Any number of threads on either side: of one large file, of compressed ones, of
    standard input, and of one that is damaged."""
    packed = simulate(folder / "c", "--seed", "3", "--days", "3", "--visitors", "300",
                      "--servers", "2", "--gzip", "--malformed", "50")
    text = b"".join(gzip.decompress(log.read_bytes()) for log in packed)
    large = folder / "large.log"
    large.write_bytes(text * (16_000_000 // len(text)))
    for what, logs in ("large", [large]), ("packed", packed):
        whole = footfall("run", *logs, *outputs(folder, "whole"))
        for ingest, aggregate in (1, 3), (2, 2), (3, 1), (7, 5):
            which = f"{what} by {ingest} and {aggregate} threads"
            hits = hits_of("--jobs", ingest, *logs)
            done = footfall("aggregate", "--jobs", aggregate, *outputs(folder, "parts"),
                            given=hits)
            check(done.returncode == whole.returncode, which)
            check(bytes_of(folder, "parts") == bytes_of(folder, "whole"), which)
    with open(large, "rb") as log:
        hits = subprocess.run([FOOTFALL, "ingest", "--jobs", "3", "-"], stdin=log,
                              capture_output=True, check=True).stdout
    # Damaged in two frames, it is refused for the first.
    items = items_of(hits)
    frames = [i for i, item in enumerate(items) if item[0] == 0]
    check(len(frames) > 6, f"{len(frames)} frames")
    for i in frames[2], frames[3], frames[5]:
        items[i][12] = 0
    broken = hits_from(items)
    said = {footfall("aggregate", "--jobs", jobs, given=broken).stderr
            for jobs in (1, 2, 3, 7) for _ in range(4)}
    check(len(said) == 1 and b"byte" in min(said), f"what is said of damage: {said}")


def test_store(folder: pathlib.Path, logs: list) -> None:
    """The periods that rollup writes, as it writes them."""
    options = ["--site", "www.example.org"]
    now = ["--now", "2026-03-06T00:00:00Z"]
    by_job = footfall("rollup", *options, *now, "--store", folder / "job", *logs)
    check(by_job.returncode == 0, "rollup")
    hits = hits_of(*options, *logs)
    for _ in range(2):
        done = footfall("aggregate", *now, "--store", folder / "store", given=hits)
        check(done.returncode == 0 and done.stdout == b"", "aggregate --store")
    check(b"0 new, 3 there already" in done.stderr, "the second time nothing is new")
    for path in sorted((folder / "job" / "www.example.org").glob("*.cbor")):
        other = folder / "store" / "www.example.org" / path.name
        check(other.is_file() and other.read_bytes() == path.read_bytes(),
              f"{path.name} is not what rollup writes")
    part = footfall("aggregate", *now, "--store", folder / "part",
                    given=hits_of(*options, "--exclude-path", "/x", *logs[:1]))
    check(part.returncode == 0, "one server's log")


def test_refusals(folder: pathlib.Path, logs: list) -> None:
    log = ROOT / "samples" / "visit.log"
    with open(folder / "hits", "wb") as disk:
        done = subprocess.run([FOOTFALL, "ingest", log], stdout=disk,
                              stderr=subprocess.PIPE, check=False)
    check(done.returncode == 2 and b"pseudonymous" in done.stderr, "onto a disk")
    check((folder / "hits").stat().st_size == 0, "not a byte is on the disk")
    master, slave = os.openpty()
    done = subprocess.run([FOOTFALL, "ingest", log], stdout=slave,
                          stderr=subprocess.PIPE, check=False)
    check(done.returncode == 2 and b"terminal" in done.stderr, "onto a terminal")
    os.close(master), os.close(slave)
    check(footfall("aggregate", log).returncode == 2, "aggregate takes no file")
    check(footfall("ingest").returncode == 2, "ingest takes logs")
    check(footfall("ingest", "--profile", "partner", log).returncode == 2,
          "whom figures are for is aggregate's")
    hits = hits_of(log)
    check(b"visit.log" not in hits and b"192.0.2." not in hits, "addresses and names")
    for n in sorted({0, 1, 5, 40, 99, *range(0, len(hits), 157), len(hits) - 1}):
        expect_nothing(folder, hits[:n], f"cut off at byte {n}")
    expect_nothing(folder, log.read_bytes(), "a log")
    expect_nothing(folder, hits[:-20] + bytes(20), "another trailer")
    # Ends of a stream of several frames.
    many = hits_of(*logs)
    expect_nothing(folder, many[:len(many) // 2], "cut off in the middle")


def items_of(hits: bytes) -> list:
    file = io.BytesIO(hits)
    items = []
    while file.tell() < len(hits):
        items.append(cbor2.loads(cbor2.load(file).value))
    return items


def hits_from(items: list) -> bytes:
    tagged = [cbor2.CBORTag(55799, items[0]), *items[1:]]
    return b"".join(cbor2.dumps(cbor2.CBORTag(24, cbor2.dumps(item)))
                    for item in tagged)


def test_settled(folder: pathlib.Path) -> None:
    """A period that is closed while hits still come waits for their end."""
    items = items_of(hits_of(ROOT / "samples" / "visit.log"))
    kinds = [item[0] for item in items]
    check(kinds == ["footfall-hits", 1, 0, 3], f"agents, hits, the trailer: {kinds}")
    items.insert(3, [2, 1_800_000_000])
    store = folder / "settled"
    expect_nothing(folder, hits_from(items[:4]), "cut off behind a closed period")
    footfall("aggregate", "--store", store, "--lead", "86400", given=hits_from(items))
    check(len(list(store.rglob("*.cbor"))) == 1, "the closed period is in the store")


def expect_nothing(folder: pathlib.Path, hits: bytes, what: str) -> None:
    """A sentence, status 1, and neither a report nor a rollup."""
    made = folder / "made.json"
    store = folder / "none"
    done = footfall("aggregate", "-o", made, "--store", store, "--lead", "86400",
                    given=hits)
    check(done.returncode == 1, f"{what}: status {done.returncode}")
    said = rb"byte \d+: .+" if hits else rb"no hits came: .+"
    check(re.fullmatch(rb"footfall: standard input: " + said + rb"\n", done.stderr)
          is not None, f"{what}: {done.stderr!r}")
    check(not made.exists() and not list(store.rglob("*.cbor")),
          f"{what}: something was written")


def test_gone(folder: pathlib.Path, logs: list) -> None:
    """Whoever takes the hits ends at once."""
    with subprocess.Popen([FOOTFALL, "ingest", *logs], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE) as process:
        process.stdout.close()
        process.stderr.read()
        check(process.wait() != 0, "ingest into a pipe that nobody reads")
    # With three readers, of an input that rests, and no signal that ends them.
    text = gzip.decompress(logs[0].read_bytes())[:30_000]
    with subprocess.Popen([FOOTFALL, "ingest", "--jobs", "3", "-"],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, restore_signals=False) as process:
        process.stdin.write(text)
        process.stdin.flush()
        process.stdout.read(100)
        process.stdout.close()
        process.stdin.write(text)
        process.stdin.flush()
        began = time.monotonic()
        said = process.stderr.read()
        check(process.wait() == 1 and b"whoever takes them is gone" in said,
              f"nobody reads the hits of a live log: {said!r}")
        check(time.monotonic() - began < 5, "it ends while its input rests")


def seconds(*commands: list, given) -> float:
    """CPU time of a pipeline."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    processes = []
    for command in commands:
        processes.append(subprocess.Popen(
            [FOOTFALL, *command], stdin=given, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL))
        given = processes[-1].stdout
    given.read()
    for process in processes:
        process.wait()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)


def test_time(folder: pathlib.Path, logs: list) -> None:
    text = b"".join(subprocess.run(["zcat", log], capture_output=True,
                                   check=True).stdout for log in logs)
    big = folder / "big.log"
    big.write_bytes(text * (100_000_000 // len(text)))

    def once() -> float:
        with open(big, "rb") as a, open(big, "rb") as b:
            whole = seconds(["run", "-", "-o", "-"], given=a)
            return seconds(["ingest", "-"], ["aggregate", "-o", "-"], given=b) / whole
    ratios = sorted(once() for _ in range(3))
    print(f"the pipe takes {ratios[0]:.2f} times run's time")
    check(ratios[0] < 2, f"time: {ratios}")


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        if "jobs" in sys.argv[2:]:
            test_jobs(folder)
            print("failed" if failed else "any number of threads gives the same")
            return 1 if failed else 0
        logs = test_equality(folder)
        test_store(folder, logs)
        test_refusals(folder, logs)
        test_settled(folder)
        test_gone(folder, logs)
        test_time(folder, logs)
    print("failed" if failed else "the pipe gives what run gives")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
