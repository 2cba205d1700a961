#!/usr/bin/python3
"""The dashboard of `footfall live`: what it shows and how it takes keys, sizes, colours
and locales; that nothing hostile or too rare reaches the terminal; and that no terminal,
whatever it does, holds up the reading or is left in a mess.

    dashboard.py FOOTFALL [PART...]
"""
import os
import pathlib
import re
import select
import signal
import statistics
import subprocess
import sys
import tempfile
import termios
import threading
import time
from typing import Callable, Dict

from terminal import Pty, Tmux
from watching import AGENT, check, verdict, wait_for

FOOTFALL = str(pathlib.Path(sys.argv[1]).resolve())
LIVE = [FOOTFALL, "live", "--site", "www.example.org"]
PICTURE, NO_PICTURE = b"\x1b[?1049h", b"\x1b[?1049l"
TITLES = ["1 Pages", "2 Sources", "3 Downloads", "4 Searches", "5 Statuses",
          "6 Countries", "7 AI crawlers", "8 AI referrals", "9 Errors: not found",
          "0 Robots", "e Entry pages", "b Browsers"]


def line(visitor: int, target: str = "/", at: str = "10:00:00", status: int = 200,
         referrer: str = "-") -> bytes:
    """Of one of 65,536 visitors, each of another network."""
    client = f"10.{visitor >> 8}.{visitor & 255}.77"
    return (f'{client} - - [02/Mar/2026:{at} +0000] "GET {target} HTTP/1.1" {status} 5 '
            f'"{referrer}" "{AGENT}"\n').encode("utf-8", "surrogateescape")


def crowd(target: str = "/", n: int = 60, **more) -> bytes:
    return b"".join(line(i, target, **more) for i in range(n))


def a_day() -> bytes:
    return b"".join([
        crowd(), crowd("/about"), crowd("/files/book.pdf", 40),
        crowd("/search?q=boots", 30), crowd("/gone", 20, status=404),
        crowd("/news", 25, referrer="https://www.google.com/"),
        crowd("/shop", 15, referrer="https://chatgpt.com/")])


# ---- as people see it ----

def keys(folder: pathlib.Path) -> None:
    tmux = Tmux(folder, LIVE)
    try:
        check(tmux.shows("Waiting for the first lines"), "it does not wait for lines")
        tmux.write(a_day())
        check(tmux.shows(r"^ 60 +60 +60 +"), f"headlines: {tmux.screen()}")
        screen = tmux.screen()
        for title in TITLES[:6]:
            check(title in screen, f"80x24: no {title}")
        check("www.example.org" in screen and "2026-03-02 10:00" in screen and
              "provisional" in screen, "the first line")
        check(max(map(len, screen.split("\n"))) <= 80, "wider than the terminal")
        tmux.press("p")
        check(tmux.shows("PAUSED"), "p")
        tmux.write(crowd("/later"))
        time.sleep(1.2)
        check("/later" not in tmux.screen(), "what is paused moves")
        tmux.press("p")
        check(tmux.shows("/later"), "what came in the pause is not lost")
        for key, title in zip("1234567890eb", TITLES):
            tmux.press(key)
            check(tmux.shows(rf"^ {title} ─+( \d columns? hidden)?$"),
                  f"key {key}: {tmux.screen()}")
        for key, text, what in [
                ("1", "page views ▼", "sorted by page views"),
                ("s", "visits ▼", "s sorts by the next column"),
                ("r", "visits ▲", "r turns the order"),
                ("Tab", "2 Sources ─+$", "Tab goes to the next panel"),
                ("?", "pause: the screen stands still", "help"),
                ("x", "2 Sources ─+$", "a key leaves the help"),
                ("Escape", "3 Downloads ─", "Esc gives the overview")]:
            tmux.press(key)
            check(tmux.shows(text), what)
        tmux.press("q")
        check(tmux.ended() == 0, "q: status")
        check(tmux.is_restored(), "q: the terminal is not as it was")
        check(tmux.shows(r"^2026-03-02 10:00:00  60 visitors  60 visits  \d+ page "
                         r"views"), "q: totals")
    finally:
        tmux.close()


def sizes(folder: pathlib.Path) -> None:
    tmux = Tmux(folder, LIVE, (200, 60))
    try:
        tmux.write(a_day())
        check(tmux.shows("/about"), "200x60")
        screen = tmux.screen()
        for title in TITLES:
            check(title in screen, f"200x60: no {title}")
        check("by hour" in screen and "21" in screen, "the hours")
        for columns, lines in ((80, 24), (40, 10), (20, 5), (12, 3), (60, 15),
                               (132, 43), (200, 60)):
            tmux.resize(columns, lines)
            check(tmux.shows("too small" if lines < 4 else "q quit$"),
                  f"{columns}x{lines}: {tmux.screen()}")
            for key in "1234567890eb" if columns == 60 else "":
                tmux.press(key)
                check(tmux.shows(f"^ {key} .*─ ?") and tmux.shows(
                    r"(?<!…)\b(o overview) .*q quit$"), f"{key}: {tmux.screen()}")
                check(tmux.shows(r"^ 1-\d+ of \d+(; other, too rare to show: \S+)?"
                                 r"(  +all [a-z ]+: \S+)?$|none so far|too rare", 2),
                      f"{key}: {tmux.screen()}")
            if columns == 60:
                for at, text in ("?", r"end of the log$"), ("?", "people's only."):
                    tmux.press(at)
                    check(tmux.shows(text), f"help: {tmux.screen()}")
                tmux.press("x", "o")
        for title in TITLES:
            check(tmux.shows(title, 2), f"200x60 again: no {title}")
        tmux.log.close()
        check(tmux.ended() == 0 and tmux.is_restored(), "the end of input")
    finally:
        tmux.close()


def stop_and_go_on(folder: pathlib.Path) -> None:
    """Ctrl-Z in a shell with jobs."""
    shell = folder / "shell"
    shell.write_text(f"set -m\n{' '.join(LIVE)} < {folder}/log &\n", encoding="ascii")
    os.mkfifo(folder / "log")
    tmux = Tmux(folder, ["bash", "--norc", "-i"], PS1="$ ")
    try:
        tmux.log.close()  # the shell reads from its terminal instead
        tmux.tmux("respawn-pane", "-k", "env", "PS1=$ ", "LC_ALL=C.UTF-8",
                  "TERM=xterm-256color", "bash", "--norc", "-i")
        tmux.press(f"{' '.join(LIVE)} < {folder}/log; echo status $?", "Enter")
        with open(folder / "log", "wb") as log:
            log.write(a_day())
            log.flush()
            check(tmux.shows("/about"), "Ctrl-Z: nothing to stop")
            tmux.press("C-z")
            check(tmux.shows("Stopped") and not tmux.is_in_picture(), "Ctrl-Z")
            tmux.press("fg", "Enter")
            check(tmux.shows("1 Pages") and tmux.is_in_picture(), "fg")
            log.write(crowd("/later"))
            log.flush()
            check(tmux.shows("/later"), "reading goes on after fg")
            tmux.press("q")
            check(wait_for(lambda: not tmux.is_in_picture()), "q after fg")
    finally:
        tmux.close()


def soon(folder: pathlib.Path) -> None:
    """A line shows within a second, in the count of lines and in its table."""
    tmux = Tmux(folder, LIVE)
    took: Dict[str, list] = {"lines": [], "pages": []}
    try:
        tmux.write(a_day())
        n = a_day().count(b"\n")
        check(tmux.shows(f"^ {n} lines") and tmux.shows(r"^ / +60 "), "no lines yet")
        for i in range(1, 6):
            time.sleep(0.31)
            began = time.monotonic()
            tmux.write(line(i))
            check(tmux.shows(f"^ {n + i} lines", 5), "the line does not show")
            took["lines"].append(time.monotonic() - began)
            check(tmux.shows(rf"^ / +{60 + i} ", 5), "the page view does not show")
            took["pages"].append(time.monotonic() - began)
        for what, seconds in took.items():
            print(f"a line shows in {what} after {statistics.median(seconds):.2f} s "
                  f"(at most {max(seconds):.2f})")
            check(statistics.median(seconds) < 1, f"{what}: {seconds}")
    finally:
        tmux.close()


# ---- as the terminal gets it ----

def ended_well(terminal: Pty, what: str, status: int = 0) -> None:
    check(terminal.end() == status, f"{what}: status {terminal.process.returncode}")
    check(terminal.is_restored(), f"{what}: the terminal's settings")
    check(terminal.seen.rfind(NO_PICTURE) >= terminal.seen.rfind(PICTURE),
          f"{what}: the picture is still there")


def colours_and_locales(_: pathlib.Path) -> None:
    colour = re.compile(rb"\x1b\[[\d;]*(3[1-7]|38;5;\d+)[\d;]*m")
    for term, variables, has_colour in [
            ("xterm-256color", {}, True), ("xterm-256color", {"NO_COLOR": ""}, True),
            ("xterm-256color", {"NO_COLOR": "1"}, False), ("linux", {}, True),
            ("vt100", {}, False), ("vt100", {"LC_ALL": "C"}, False),
            ("xterm-256color", {"LC_ALL": "C"}, True)]:
        what = f"{term} {variables}"
        terminal = Pty(LIVE, TERM=term, **variables)
        try:
            terminal.write(a_day())
            check(terminal.wait_for(b"/about"), f"{what}: nothing to see")
            terminal.press(b"1")
            check(terminal.wait_for(b"share"), f"{what}: no panel")
            terminal.press(b"q")
            ended_well(terminal, what)
            check(bool(colour.search(terminal.seen)) == has_colour,
                  f"{what}: colour")
            is_ascii = all(byte < 0x80 for byte in terminal.seen)
            check(is_ascii == (variables.get("LC_ALL") == "C"), f"{what}: letters")
            check(is_ascii == (b"####" in terminal.seen), f"{what}: bars")
        finally:
            terminal.close()


def lines_instead(_: pathlib.Path) -> None:
    """Where there can be no picture, there are lines as without a terminal."""
    for what, has_control, variables in [
            ("a dumb terminal", True, {"TERM": "dumb"}),
            ("an unknown one", True, {"TERM": "no-such-terminal"}),
            ("none named", True, {"TERM": ""}),
            ("no /dev/tty", False, {})]:
        terminal = Pty(LIVE, has_control=has_control, **variables)
        try:
            terminal.write(a_day())
            time.sleep(0.3)
            terminal.log.close()
            ended_well(terminal, what)
            check(re.fullmatch(rb"2026-03-02 10:00:00  60 visitors  60 visits  \d+ "
                               rb"page views  \S+ lines/s  \d+ lines\r\n",
                               terminal.seen), f"{what}: {terminal.seen!r}")
        finally:
            terminal.close()


def look_at_all(terminal: Pty) -> None:
    for key in b"1234567890eb":
        terminal.press(bytes([key]))
        terminal.read_on(0.15)


def hostile(_: pathlib.Path) -> None:
    """Bytes of the log that a terminal would act on, raw and encoded. (What would reach
    the screen if ingest let them through is tests/unit/test_board.c's.)"""
    bad = ["\x1b]0;seized\x07", "\x1b[31mseized", "%1B%5D0%3Bseized%07",
           "%E2%80%AEseized", "\u202eseized", "%C2%9Bseized", "\udc9bseized",
           "%0Aseized", "\\x1b]0;seized"]
    terminal = Pty(LIVE, (200, 60))
    try:
        terminal.write(a_day() + crowd("/search?q=caf%C3%A9+%E6%97%A5%E6%9C%AC%E8%AA%9E"))
        for i, text in enumerate(bad):
            terminal.write(crowd(f"/bad{i}/{text}") + crowd(f"/search?q={text}") +
                           crowd(f"/lost{text}", status=404))
        check(terminal.wait_for(b"(invalid)"), "no hostile path is counted")
        look_at_all(terminal)
        terminal.press(b"q")
        ended_well(terminal, "hostile")
        seen = terminal.seen
        check("café 日本語".encode() in seen, "letters of other scripts")
        check(b"seized" not in seen, "hostile text on the terminal")
        check(b"\xe2\x80\xae" not in seen, "the direction is turned")
        check(b"\x1b]" not in seen and b"\xc2\x9b" not in seen and b"\x07" not in seen,
              "a control that is not curses'")
        seen.decode("utf-8")  # or it fails
    finally:
        terminal.close()


def too_rare(_: pathlib.Path) -> None:
    """What fewer than ten visitors did is on no screen at any time, nor is anyone's
    address or agent."""
    terminal = Pty(LIVE, (200, 60))
    rare = ["/scarce-page", "/scarce.pdf", "/search?q=scarceterm"]
    try:
        for i in range(9):
            for target in rare:
                terminal.write(line(i, target) + line(i, "/scarce-lost", status=404) +
                               line(i, referrer="https://scarce.example/"))
            terminal.read_on(0.2)
        check(b"10:00:0" in terminal.seen, "nothing to see")
        terminal.write(a_day())
        check(terminal.wait_for(b"/about"), "no page to see")
        look_at_all(terminal)
        terminal.press(b"o")
        terminal.write(line(20, "/scarce-page"))
        check(terminal.wait_for(b"/scarce-page"), "ten visitors are enough")
        at = terminal.seen.index(b"/scarce-page")
        check(b"scarce" not in terminal.seen[:at], "something too rare")
        terminal.press(b"q")
        ended_well(terminal, "rare")
        check(b"10.0." not in terminal.seen and b"Gecko" not in terminal.seen,
              "an address or an agent")
    finally:
        terminal.close()


def too_few(folder: pathlib.Path) -> None:
    """Nine visitors have no figures but their lines; fifty have tables."""
    tmux = Tmux(folder, LIVE)
    try:
        for n, figures in (9, "- +- +- +- +- +- +"), (49, "49 +49 +49 +98 +"):
            tmux.write(crowd("/", n) + crowd("/about", n))
            lines = 2 * n if n == 9 else 2 * 9 + 2 * n
            check(tmux.shows(f"^ {lines} lines"), f"{n}: no lines")
            views = figures.replace("98", str(lines))
            check(tmux.shows(f"^ {views}", 5), f"{n}: {tmux.screen()}")
            check(tmux.shows("withheld: (too few|fewer than 50) visitors", 5) and
                  not tmux.shows("/about", 0), f"{n}: tables")
        tmux.write(line(49))
        check(tmux.shows("/about"), "fifty have tables")
    finally:
        tmux.close()


# ---- ends ----

def ends(_: pathlib.Path) -> None:
    def end_by(number: int) -> Callable[[Pty], None]:
        return lambda terminal: terminal.process.send_signal(number)
    for what, end in [
            ("SIGTERM", end_by(signal.SIGTERM)), ("SIGINT", end_by(signal.SIGINT)),
            ("SIGHUP", end_by(signal.SIGHUP)),
            ("Ctrl-C", lambda terminal: terminal.press(b"\x03")),
            ("end of input", lambda terminal: terminal.log.close())]:
        terminal = Pty(LIVE)
        try:
            terminal.write(a_day())
            check(terminal.wait_for(b"/about"), f"{what}: nothing to see")
            end(terminal)
            ended_well(terminal, what)
            after = terminal.seen[terminal.seen.rfind(NO_PICTURE):]
            check(b"60 visitors  60 visits" in after, f"{what}: totals {after!r}")
        finally:
            terminal.close()


def messages(folder: pathlib.Path) -> None:
    """What is said on stderr is in the picture's last line, and told at the end."""
    terminal = Pty([*LIVE, "--html", "/proc/none/live.html"])
    try:
        terminal.write(a_day())
        check(terminal.wait_for(b"/proc/none"), "the message is not shown")
        terminal.press(b"q")
        check(terminal.end() == 1, "a page that cannot be written: status")
        after = terminal.seen[terminal.seen.rfind(NO_PICTURE):]
        check(b"footfall: " in after and b"/proc/none" in after, "not told at the end")
    finally:
        terminal.close()


def drawing_dies(folder: pathlib.Path) -> None:
    made = folder / "died.json"
    terminal = Pty([*LIVE, "-o", made])
    try:
        terminal.write(a_day())
        check(terminal.wait_for(b"/about"), "nothing to see")
        os.kill(terminal.children()[0], signal.SIGKILL)
        terminal.read_on(0.5)
        check(terminal.is_restored() and NO_PICTURE in terminal.seen[-60:],
              "drawing dies: the terminal is left as it is")
        terminal.write(crowd("/later"))
        terminal.log.close()
        ended_well(terminal, "drawing dies")
        check(same_as_run(made, a_day() + crowd("/later")), "drawing dies: totals")
    finally:
        terminal.close()


def reading_dies(_: pathlib.Path) -> None:
    terminal = Pty(LIVE)
    try:
        terminal.write(a_day())
        check(terminal.wait_for(b"/about"), "nothing to see")
        drawing = terminal.children()[0]
        terminal.process.kill()
        terminal.process.wait()
        terminal.read_on(0.6)
        check(not pathlib.Path(f"/proc/{drawing}/mem").exists() or
              not is_alive(drawing), "reading dies: drawing goes on")
        check(terminal.is_restored() and NO_PICTURE in terminal.seen,
              "reading dies: the terminal is left as it is")
    finally:
        terminal.close()


def is_alive(pid: int) -> bool:
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except FileNotFoundError:
        return False
    return stat.rsplit(")", 1)[1].split()[0] != "Z"


def same_as_run(made: pathlib.Path, log: bytes) -> bool:
    by_run = made.with_suffix(".run.json")
    subprocess.run([FOOTFALL, "run", "-", *LIVE[2:], "-o", by_run], input=log,
                   check=True, capture_output=True)
    return made.read_bytes() == by_run.read_bytes()


def busy_day() -> bytes:
    """A million lines in order of time."""
    second = b"".join(
        line(i * 37 % 4000, target, "@T")
        for i, target in enumerate(["/", "/about", "/shop", "/news", "/files/book.pdf",
                                    "/search?q=boots", "/x.css", "/y.png", "/shop/1",
                                    "/shop/2", "/blog/", "/contact"]))
    parts = []
    for at in range(84_000):
        clock = b"%02d:%02d:%02d" % (at // 3600, at // 60 % 60, at % 60)
        # Other visitors each second: 4,096 times as many networks as in one.
        parts.append(second.replace(b"@T", clock).replace(
            b"10.", b"%d." % (11 + at % 97)))
    return b"".join(parts)


def fill(terminal: Pty) -> None:
    """Draws until the terminal takes nothing more. Ctrl-L draws all of it each time: two
    keys between two pictures may leave the same."""
    def is_full() -> bool:
        terminal.press(b"\x0c")
        time.sleep(0.1)
        return not select.select([], [terminal.slave], [], 0)[1]
    check(wait_for(is_full), "the terminal is not full")


def is_read(terminal: Pty, log: bytes) -> bool:
    """Whether all of it is taken within 30 seconds, to its end."""
    too_late = threading.Timer(30, terminal.process.kill)
    too_late.start()
    try:
        terminal.write(log)
        terminal.log.close()
        return True
    except BrokenPipeError:
        return False
    finally:
        too_late.cancel()


def stalled(folder: pathlib.Path) -> None:
    """Nobody reads the terminal, or its user has stopped it: all is read all the same,
    in time, and it ends."""
    log = busy_day()
    n = log.count(b"\n")
    for what, stall in [
            ("unread", fill),
            ("stopped", lambda terminal: termios.tcflow(terminal.slave,
                                                        termios.TCOOFF))]:
        made = folder / f"{what}.json"
        terminal = Pty([*LIVE, "-o", made], (200, 60))
        try:
            terminal.write(log[:1 << 20])
            check(terminal.wait_for(b"/contact"), f"{what}: nothing to see")
            stall(terminal)
            began = time.monotonic()
            check(is_read(terminal, log[1 << 20:]), f"{what}: the log is not read")
            read = time.monotonic() - began
            try:
                terminal.process.wait(30)
            except subprocess.TimeoutExpired:
                pass
            took = time.monotonic() - began
            print(f"{what}: {n} lines in {read:.1f} s, ended after {took:.1f}")
            check(terminal.process.poll() == 0,
                  f"{what}: status {terminal.process.returncode}")
            check(read < 20, f"{what}: slow: {read}")
            check(terminal.is_restored(), f"{what}: the terminal's settings")
        finally:
            terminal.close()
    made = folder / "unread.json"
    if not made.exists():
        return
    check(same_as_run(made, log), "totals of a terminal that is not read")
    check(made.read_bytes() == (folder / "stopped.json").read_bytes(),
          "totals of a terminal that is stopped")


PARTS = [keys, sizes, stop_and_go_on, soon, colours_and_locales, lines_instead, hostile,
         too_rare, too_few, ends, messages, drawing_dies, reading_dies, stalled]


def main() -> int:
    for part in PARTS:
        if sys.argv[2:] and part.__name__ not in sys.argv[2:]:
            continue
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as name:
            part(pathlib.Path(name))
        print(f"{part.__name__}: {time.monotonic() - began:.1f} s", flush=True)
    return verdict("the dashboard does what it should")


if __name__ == "__main__":
    sys.exit(main())
