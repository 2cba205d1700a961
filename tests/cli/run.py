#!/usr/bin/python3
"""Runs the cases of this folder: NAME.sh, what it must print and how it must end.

    tests/cli/run.py FOOTFALL [--refresh] [NAME...]

A case runs under bash in a scratch folder of its own, with footfall on its path and
logs.bash read before it. NAME.stdout.exact or NAME.stdout.glob, and the same for stderr,
say what it must print (nothing, if there is no such file); NAME.exit is its status (0,
if there is none). In a glob, * and ? stand for what they do in a shell, and a line of
"..." for any lines. --refresh writes what was printed: stdout exact, stderr glob; read
it before you keep it.
"""

import argparse
import fnmatch
import os
import pathlib
import re
import subprocess
import sys
import tempfile
from typing import List, Optional, Tuple

HERE = pathlib.Path(__file__).resolve().parent
SECONDS = 60
# What no case may be about.
CRASHES = ("Segmentation fault", "Aborted", "Illegal instruction", "Sanitizer",
           "runtime error:")


def expected_of(name: str, stream: str) -> Tuple[str, str]:
    """How a stream is compared, and with what."""
    for kind in ("exact", "glob"):
        path = HERE / f"{name}.{stream}.{kind}"
        if path.exists():
            return kind, path.read_text(encoding="utf-8")
    return "exact", ""


def glob_lines(pattern: List[str], lines: List[str]) -> bool:
    if not pattern:
        return not lines
    if pattern[0] == "...":
        return any(glob_lines(pattern[1:], lines[at:]) for at in range(len(lines) + 1))
    return (bool(lines) and fnmatch.fnmatchcase(lines[0], pattern[0])
            and glob_lines(pattern[1:], lines[1:]))


def difference(name: str, stream: str, text: str) -> str:
    kind, want = expected_of(name, stream)
    if text == want or (kind == "glob"
                        and glob_lines(want.splitlines(), text.splitlines())):
        return ""
    return f"{stream} should be ({kind})\n{want}---- and is\n{text}----\n"


def status_of(name: str) -> int:
    path = HERE / f"{name}.exit"
    return int(path.read_text(encoding="ascii")) if path.exists() else 0


def put(path: pathlib.Path, text: Optional[str]) -> None:
    if text:
        path.write_text(text, encoding="utf-8")
    elif path.exists():
        path.unlink()


def refresh(name: str, status: int, stdout: str, stderr: str) -> None:
    if difference(name, "stdout", stdout):
        put(HERE / f"{name}.stdout.exact", stdout)
    if difference(name, "stderr", stderr):
        put(HERE / f"{name}.stderr.glob", re.sub(r"([*?[])", r"[\1]", stderr))
    put(HERE / f"{name}.exit", f"{status}\n" if status else None)


def run(name: str, scratch: pathlib.Path, footfall: str) -> Tuple[int, str, str]:
    tools = scratch / "bin"
    tools.mkdir()
    (tools / "footfall").symlink_to(footfall)
    work = scratch / "work"
    work.mkdir()
    environment = {"PATH": f"{tools}:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC",
                   "HOME": str(scratch), "BASH_ENV": str(HERE / "logs.bash")}
    for name_ in os.environ:
        if name_.endswith("SAN_OPTIONS") or name_.endswith("SYMBOLIZER_PATH"):
            environment[name_] = os.environ[name_]
    done = subprocess.run(["bash", HERE / f"{name}.sh"], cwd=work, env=environment,
                          capture_output=True, check=False, timeout=SECONDS,
                          stdin=subprocess.DEVNULL)
    streams = [stream.decode("utf-8", "backslashreplace")
               for stream in (done.stdout, done.stderr)]
    return (done.returncode, *streams)


def main(arguments: List[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("footfall")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--refresh", action="store_true")
    options = parser.parse_intermixed_args(arguments)
    footfall = str(pathlib.Path(options.footfall).resolve())
    names = options.names or sorted(path.stem for path in HERE.glob("*.sh"))
    failed = 0
    for name in names:
        with tempfile.TemporaryDirectory() as scratch:
            status, stdout, stderr = run(name, pathlib.Path(scratch), footfall)
        crash = [word for word in CRASHES if word in stderr]
        if crash:
            failed += 1
            print(f"{name}: {crash[0]}\n{stderr}")
            continue
        if options.refresh:
            refresh(name, status, stdout, stderr)
            continue
        faults = difference(name, "stdout", stdout) + difference(name, "stderr", stderr)
        if status != status_of(name):
            faults += f"exit status {status}, not {status_of(name)}\n"
        if faults:
            failed += 1
            print(f"{name}: {faults}")
    print(f"{len(names)} cases, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
