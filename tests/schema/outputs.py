#!/usr/bin/python3
"""Makes reports and rollups of many kinds and holds each JSON report against the schema
and its sums (validate.py), each workbook against that (workbook.py), and each rollup
against the CDDL (rollup/check_rollup.py).

    tests/schema/outputs.py FOOTFALL
"""

import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SIM = ROOT / "tests" / "sim" / "simulate.py"
ROLLUPS = ROOT / "tests" / "rollup" / "check_rollup.py"
NOW = ["--now", "2026-04-01T00:00:00Z"]
# Sites under k, under 5 k, of middling size; with and without languages and hosts.
SITES = ("--visitors 5 --days 2", "--visitors 30 --days 2", "--visitors 90 --days 3",
         "--visitors 400 --days 3 --servers 2 --overrun",
         "--visitors 300 --format common", "--visitors 300 --format vhost_combined")
PERIODS = ("day", "week", "month")
LINE = '10.0.0.1 - - [02/Mar/2026:00:00:01 +0000] "GET / HTTP/1.1" 200 1 "-" "%s"\n'


def passes(*command) -> bool:
    """Runs a command; shows what it says if it fails."""
    done = subprocess.run(list(map(str, command)), capture_output=True, check=False,
                          encoding="utf-8", errors="replace")
    if done.returncode not in (0, 3):
        print(" ".join(map(str, command)), f"exit {done.returncode}")
        print((done.stdout + done.stderr)[-2000:])
    return done.returncode in (0, 3)


def check(footfall: str, folder: pathlib.Path, name: str, logs: list, *options) -> bool:
    report, rollups = folder / f"{name}.json", folder / f"{name}.cbor"
    again, workbook = folder / f"{name}-again.json", folder / f"{name}.xlsx"
    return (passes(footfall, "run", *NOW, *options, "-o", report, "-o", rollups, "-o",
                   workbook, *logs)
            and passes(sys.executable, HERE / "workbook.py", report, workbook)
            and passes(sys.executable, HERE / "validate.py", report)
            and passes(sys.executable, ROLLUPS, rollups)
            and passes(footfall, "report", "-o", again, rollups)
            and passes(sys.executable, HERE / "validate.py", again)
            and all(compared(footfall, again, rollups, other)
                    for other in ("previous", "year", "2026-03-01..2026-03-31")))


def compared(footfall: str, report: pathlib.Path, rollups: pathlib.Path,
             other: str) -> bool:
    return (passes(footfall, "report", "--compare", other, "-o", report, rollups)
            and passes(sys.executable, HERE / "validate.py", report))


def main(footfall: str) -> int:
    footfall = str(pathlib.Path(footfall).resolve())
    results = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        for number, options in enumerate(SITES):
            site = folder / f"site{number}"
            subprocess.run([sys.executable, SIM, "--seed", "schema", "--out", site,
                            *options.split()], check=True, stderr=subprocess.DEVNULL)
            logs = sorted(site.glob("*.log"))
            for period in PERIODS:
                results.append(check(footfall, folder, f"{number}-{period}", logs,
                                     "--period", period, "--site", "www.example.org"))
        for sample in sorted((ROOT / "samples").glob("*.log")):
            results.append(check(footfall, folder, sample.stem, [sample]))
        one = folder / "one.log"
        for name, agent in (("human", "Mozilla/5.0"), ("robot", "GPTBot/1.0")):
            one.write_text(LINE % agent)
            results.append(check(footfall, folder, name, [one]))
        one.write_text((LINE % "-") + "nothing\n# nothing\n\n")
        results.append(check(footfall, folder, "a little of all", [one]))
        results.append(check(footfall, folder, "another day", [one, *logs], "--from",
                             "2026-03-02", "--to", "2026-03-02"))
    print(f"{len(results)} outputs, {results.count(False)} wrong")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
