#!/usr/bin/python3
"""What the processes that live forks hold of people.

    tests/privacy/forks.py FOOTFALL PAUSE

The copy that counts what there is so far has the visitors, but no key: nothing that it
does, or that is done to it, can make a token of an address. The process that draws the
dashboard has nothing at all: neither a key nor a token, an address, an agent, a word of
the log. The process that reads has all of these, or nothing was looked at.

Exit 1 and what was found where; 77 where the system shows no process another's memory.
"""
import os
import pathlib
import signal
import sys
import tempfile
import time

from memory import PLANTED, Secrets, Wrong, combined, look, rows, wait_for

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "live"))
from terminal import Pty  # noqa: E402  pylint: disable=wrong-import-position


def is_stopped(pid: int) -> bool:
    stat = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    return stat.rsplit(")", 1)[1].split()[0] == "T"


def look_at_all(terminal: Pty, random_file: pathlib.Path) -> None:
    drawing = terminal.children()[0]
    terminal.write(rows((2,), combined).encode())
    for _ in range(1000):
        terminal.read_on(0.01)
        copies = [pid for pid in terminal.children() if pid != drawing]
        if copies and is_stopped(copies[0]):
            break
    else:
        raise Wrong("no copy was made")
    secrets = Secrets()
    n_keys = secrets.add_random(random_file, PLANTED)
    if n_keys != 2:
        raise Wrong(f"{n_keys} keys of a day")
    reader = terminal.process.pid
    os.kill(reader, signal.SIGSTOP)
    wait_for(reader, "T")
    of_reader, of_copy = look(reader, secrets), look(copies[0], secrets)
    if sum("a key" in hit for hit in of_reader) != n_keys:
        raise Wrong("the reader has no keys: the look is blind")
    if not any("token" in hit for hit in of_copy):
        raise Wrong("the copy has no visitors: the look is blind")
    wrong = [f"copy: {hit}" for hit in of_copy if "a key" in hit]
    os.kill(drawing, signal.SIGSTOP)
    wait_for(drawing, "T")
    wrong += [f"drawing: {hit}" for hit in look(drawing, secrets)]
    if wrong:
        raise Wrong("\n".join(wrong))


def main() -> int:
    program, library = (str(pathlib.Path(p).resolve()) for p in sys.argv[1:3])
    with tempfile.TemporaryDirectory() as name:
        random_file = pathlib.Path(name) / "random"
        terminal = Pty([program, "live"], LD_PRELOAD=library, PAUSE_COPIES="1",
                       PAUSE_RANDOM=str(random_file), MALLOC_PERTURB_="0")
        try:
            time.sleep(0.1)
            if not terminal.wait_for(b"Waiting"):
                raise Wrong("no dashboard")
            look_at_all(terminal, random_file)
        except Wrong as error:
            print(error)
            return 1
        except PermissionError as error:
            print(f"the memory cannot be looked at: {error}")
            return 77
        finally:
            for pid in terminal.children():
                os.kill(pid, signal.SIGKILL)
            terminal.close()
    print("copies have no key, the drawing nothing at all")
    return 0


if __name__ == "__main__":
    sys.exit(main())
