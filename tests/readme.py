#!/usr/bin/python3
"""Runs the commands of README.md, so that they cannot rot: each line of its ```sh blocks,
in a scratch folder that has build/footfall, samples/ and logs by the names below. What
installs, clones, builds or tests is left out: demo and CI run it. Exit 77 (skipped) where
there is no README.md.

    tests/readme.py FOOTFALL
"""

import gzip
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
PLAIN_LOGS = {"access.log": "search", "other.log": "language", "access.log.1": "visit"}
ZIPPED_LOGS = {"access.log.gz": "search", "access.log.1.gz": "visit",
               "access.log.2.gz": "bounce"}
RUN_ELSEWHERE = re.compile(
    r"(git|cd|sudo|apt|apt-get|meson|ninja|npm|man)\b|(\./)?(samples/|tests/|\.ci/)")


def commands(text):
    """Lines of sh blocks, continued lines joined, without prompts and remarks."""
    for block in re.findall(r"^ *```sh\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            line = line.strip().removeprefix("$ ")
            if line and not line.startswith("#") and not RUN_ELSEWHERE.match(line):
                yield line


def furnish(folder, footfall):
    (folder / "build").mkdir()
    (folder / "build" / "footfall").symlink_to(footfall)
    (folder / "footfall").symlink_to(footfall)
    (folder / "samples").symlink_to(ROOT / "samples")
    for name, sample in PLAIN_LOGS.items():
        (folder / name).write_bytes((ROOT / "samples" / f"{sample}.log").read_bytes())
    for name, sample in ZIPPED_LOGS.items():
        with gzip.open(folder / name, "wb") as log:
            log.write((ROOT / "samples" / f"{sample}.log").read_bytes())


def main(footfall):
    readme = ROOT / "README.md"
    if not readme.exists():
        print("there is no README.md yet")
        return 77
    failed = ran = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        furnish(folder, pathlib.Path(footfall).resolve())
        for command in commands(readme.read_text(encoding="utf-8")):
            run = subprocess.run(
                ["bash", "-o", "pipefail", "-c", 'PATH="$PWD:$PATH"\n' + command],
                cwd=folder, capture_output=True, text=True, errors="replace", check=False)
            ran += 1
            if run.returncode:
                failed += 1
                print(f"exit {run.returncode}: {command}\n    {run.stderr.strip()}")
    print(f"{ran - failed} commands of README.md ran, {failed} failed")
    return 1 if failed or not ran else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
