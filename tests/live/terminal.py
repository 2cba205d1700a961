"""A footfall whose terminal is ours: raw, through a pty of its own, or as people see it,
in a tmux of its own."""
import contextlib
import fcntl
import os
import pathlib
import pty
import re
import select
import shlex
import signal
import struct
import subprocess
import termios
import time
from typing import Dict, List, Optional

from watching import wait_for

UTF8 = {"LC_ALL": "C.UTF-8", "TERM": "xterm-256color"}


def environment(**changes: str) -> Dict[str, str]:
    plain = {name: value for name, value in os.environ.items()
             if name not in ("NO_COLOR", "LANG") and not name.startswith("LC_")}
    # A terminal that hangs up also sends SIGCONT, which undoes the stop that a look for
    # leaks waits for, for ever.
    sanitizer = os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"
    return {**plain, **UTF8, "ASAN_OPTIONS": sanitizer, **changes}


class Pty:
    """A command with a log on its standard input and a terminal for all else. What it
    writes is kept in `seen` when it is read (read_on), and only then."""

    def __init__(self, command: List[str], size: tuple = (80, 24),
                 has_control: bool = True, **variables: str) -> None:
        self.master, self.slave = pty.openpty()
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ,
                    struct.pack("HHHH", size[1], size[0], 0, 0))
        self.before = termios.tcgetattr(self.slave)
        self.seen = b""

        def lead() -> None:
            os.setsid()
            if has_control:
                fcntl.ioctl(self.slave, termios.TIOCSCTTY, 0)

        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=self.slave, stderr=self.slave,
            env=environment(**variables), preexec_fn=lead)
        assert self.process.stdin is not None
        self.log = self.process.stdin

    def write(self, lines: bytes) -> None:
        self.log.write(lines)
        self.log.flush()

    def press(self, keys: bytes) -> None:
        os.write(self.master, keys)

    def read_on(self, seconds: float = 0.1) -> None:
        end = time.monotonic() + seconds
        while True:
            left = end - time.monotonic()
            if not select.select([self.master], [], [], max(left, 0))[0]:
                return
            try:
                self.seen += os.read(self.master, 65536)
            except OSError:  # nobody has it open any more
                return

    def wait_for(self, text: bytes, seconds: float = 20) -> bool:
        def is_seen() -> bool:
            self.read_on(0.02)
            return text in self.seen
        return wait_for(is_seen, seconds)

    def end(self, seconds: float = 20) -> Optional[int]:
        """Its status; what it still writes is read. None if it does not end."""
        def is_over() -> bool:
            self.read_on(0.02)
            return self.process.poll() is not None
        is_done = wait_for(is_over, seconds)
        self.read_on(0.05)
        return self.process.returncode if is_done else None

    def is_restored(self) -> bool:
        return termios.tcgetattr(self.slave)[:6] == self.before[:6]

    def children(self) -> List[int]:
        return children_of(self.process.pid)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
        with contextlib.suppress(BrokenPipeError):
            self.log.close()
        os.close(self.master)
        os.close(self.slave)


def children_of(pid: int) -> List[int]:
    path = pathlib.Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in path.read_text(encoding="ascii").split()]


class Tmux:
    """A shell command in a tmux of its own, with a log that comes by a fifo."""

    def __init__(self, folder: pathlib.Path, command: List[str],
                 size: tuple = (80, 24), **variables: str) -> None:
        self.socket = str(folder / "tmux")
        self.status, self.before, self.after = (folder / name for name in
                                                ("status", "before", "after"))
        fifo = folder / "fifo"
        for path in (self.status, self.before, self.after, fifo):
            path.unlink(missing_ok=True)
        os.mkfifo(fifo)
        settings = " ".join(f"{name}={shlex.quote(value)}" for name, value in
                            {**UTF8, **variables}.items())
        program = f"env {settings} {shlex.join(command)} < {fifo}"
        script = (f"stty -g > {self.before}; {program}; echo $? > {self.status}; "
                  f"stty -g > {self.after}; sleep 100")
        self.tmux("new-session", "-d", "-x", str(size[0]), "-y", str(size[1]),
                  "sh", "-c", script)
        self.log = open(fifo, "wb")

    def tmux(self, *arguments: str) -> str:
        return subprocess.run(
            ["tmux", "-u", "-f", "/dev/null", "-S", self.socket, *arguments],
            check=True, capture_output=True, encoding="utf-8",
            env=environment(TERM="xterm-256color")).stdout

    def write(self, lines: bytes) -> None:
        self.log.write(lines)
        self.log.flush()

    def press(self, *keys: str) -> None:
        self.tmux("send-keys", *keys)

    def resize(self, columns: int, lines: int) -> None:
        self.tmux("resize-window", "-x", str(columns), "-y", str(lines))

    def screen(self) -> str:
        return self.tmux("capture-pane", "-p")

    def shows(self, pattern: str, seconds: float = 20) -> bool:
        return wait_for(lambda: re.search(pattern, self.screen(), re.M), seconds)

    def is_in_picture(self) -> bool:
        return self.tmux("display", "-p", "#{alternate_on}").strip() == "1"

    def ended(self) -> Optional[int]:
        """Its status, once the terminal was looked at."""
        def is_over() -> bool:
            return self.after.exists() and self.after.read_text() != ""
        return int(self.status.read_text()) if wait_for(is_over) else None

    def is_restored(self) -> bool:
        return self.before.read_text() == self.after.read_text() and \
            not self.is_in_picture()

    def close(self) -> None:
        self.log.close()
        subprocess.run(["tmux", "-S", self.socket, "kill-server"], check=False,
                       capture_output=True)
