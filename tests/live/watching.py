"""What the tests of footfall live share: checks that are counted, lines of a crowd,
pieces that are read one by one, and waiting."""
import array
import fcntl
import os
import subprocess
import termios
import time
from typing import Callable

AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
SITE = ["--site", "www.example.org"]
failures: list[str] = []


def check(is_so: bool, what: str) -> None:
    if not is_so:
        failures.append(what)
        print(f"FAILED: {what}", flush=True)


def verdict(good: str) -> int:
    """For sys.exit, at the end."""
    print(f"{len(failures)} failed" if failures else good)
    return 1 if failures else 0


def start(footfall: str, command: str, *arguments, **streams) -> subprocess.Popen:
    return subprocess.Popen([footfall, command, *map(str, arguments)],
                            stdin=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0,
                            **{"stdout": subprocess.PIPE, **streams})


def drip(process: subprocess.Popen, pieces: list[bytes]) -> None:
    """Each piece is read before the next one comes."""
    waiting = array.array("i", [0])
    for piece in pieces:
        os.write(process.stdin.fileno(), piece)
        while True:
            fcntl.ioctl(process.stdin, termios.FIONREAD, waiting)
            if waiting[0] == 0 or process.poll() is not None:
                break
            time.sleep(0.0002)


def wait_for(condition: Callable[[], bool], seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def line(day: int, at: str, client: str, path: str = "/") -> bytes:
    return (f'{client} - - [{day:02}/Mar/2026:{at} +0000] "GET {path} HTTP/1.1" 200 5 '
            f'"-" "{AGENT}"\n').encode()


def crowd(day: int, at: str) -> bytes:
    """Enough people for a table."""
    return b"".join(line(day, at, f"192.0.{i}.7") for i in range(60))
