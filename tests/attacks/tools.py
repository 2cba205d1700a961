"""The tools that are attacked: how each publishes a log, keeps what it keeps, and what
it leaves when it is killed."""

import datetime
import os
import pathlib
import resource
import shutil
import signal
import subprocess
import tempfile
from typing import List, Sequence

from world import SITE, START

FORMS = ("html", "json", "csv")
TRACED = "trace=write,pwrite64,writev,pwritev,sendto,sendmsg"


class Tool:
    """What the driver asks of a tool. `folder` is where its outputs go, below it one
    folder a world."""

    name = ""

    def __init__(self, folder: pathlib.Path):
        self.folder = folder
        self.shown: List[str] = []  # command lines, for the report

    def is_there(self) -> bool:
        """Whether it is installed."""
        raise NotImplementedError

    def version(self) -> str:
        raise NotImplementedError

    def publish(self, logs: Sequence[pathlib.Path], out: pathlib.Path) -> None:
        """Makes all that the tool makes of logs; `out` may have what it made before."""
        raise NotImplementedError

    def command_on_stdin(self, scratch: pathlib.Path) -> List[str]:
        """A run that reads its log from a pipe."""
        raise NotImplementedError

    def run(self, out: pathlib.Path, name: str, *command: object) -> int:
        """Keeps stdout and stderr as files; gives the exit status."""
        out.mkdir(parents=True, exist_ok=True)
        words = list(map(str, command))
        line = " ".join(words).replace(str(out), "OUT")
        if line not in self.shown:
            self.shown.append(line)
        environment = dict(os.environ, TMPDIR=str(out / "tmp"), HOME=str(out))
        (out / "tmp").mkdir(exist_ok=True)
        done = subprocess.run(words, capture_output=True, check=False, cwd=out,
                              stdin=subprocess.DEVNULL, env=environment)
        (out / f"{name}.stdout").write_bytes(done.stdout)
        (out / f"{name}.stderr").write_bytes(done.stderr)
        return done.returncode

    def crash(self, log: pathlib.Path, scratch: pathlib.Path) -> str:
        """Aborts the tool while it reads, where a core may be written into `scratch`.
        Gives why that cannot be looked at, or ""."""
        with open("/proc/sys/kernel/core_pattern", encoding="ascii") as file:
            if file.read(1) in "|/":
                return "this system's cores go elsewhere"
        scratch.mkdir(parents=True, exist_ok=True)

        def allow_core() -> None:
            hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
            resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))

        with subprocess.Popen(
            self.command_on_stdin(scratch), cwd=scratch, stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=allow_core,
        ) as process:
            try:
                # All but what a pipe holds has been read when this returns.
                process.stdin.write(log.read_bytes())
                process.stdin.flush()
            except BrokenPipeError:
                pass
            process.send_signal(signal.SIGABRT)
            process.wait()
        return ""

    def trace(self, log: pathlib.Path, out: pathlib.Path) -> bool:
        """Publishes under strace; false if that cannot be. `out`/strace.bin gets all
        that was written anywhere."""
        if not shutil.which("strace"):
            return False
        with tempfile.TemporaryDirectory() as scratch:
            report = pathlib.Path(scratch) / "trace"
            shown = list(self.shown)
            old, self.run = self.run, lambda where, name, *words: old(
                where, name, "strace", "-f", "-xx", "-s", "1000000", "-o", report, "-e",
                TRACED, *words)
            try:
                self.publish([log], pathlib.Path(scratch) / "out")
            finally:
                self.run = old
                self.shown = shown
            if not report.is_file():
                return False
            strings = report.read_text(encoding="latin-1").split('"')[1::2]
        data = b"".join(bytes.fromhex(text.replace("\\x", "")) for text in strings)
        out.mkdir(parents=True, exist_ok=True)
        (out / "strace.bin").write_bytes(data)
        return bool(data)


class Footfall(Tool):
    """footfall with one profile: reports of every form, a store, reports from it."""

    def __init__(self, folder: pathlib.Path, program: str, profile: str):
        super().__init__(folder)
        self.program = program
        self.profile = profile
        self.name = f"footfall {profile}"
        self.options = ["--site", SITE, "--now", "2026-04-01T00:00:00Z", "--profile",
                        profile]

    def is_there(self) -> bool:
        return True

    def version(self) -> str:
        done = subprocess.run([self.program, "--version"], capture_output=True,
                              check=True, text=True)
        return done.stdout.strip()

    def publish(self, logs: Sequence[pathlib.Path], out: pathlib.Path) -> None:
        outputs = [w for form in (*FORMS, "txt", "cbor") for w in ("-o", f"run.{form}")]
        self.run(out, "run", self.program, "run", *self.options, "--progress", "--rows",
                 "1000000", *outputs, *logs)
        self.keep(logs, out)

    def keep(self, logs: Sequence[pathlib.Path], out: pathlib.Path,
             period: str = "day") -> None:
        """The nightly job, and reports from its store."""
        self.run(out, "rollup", self.program, "rollup", "--store", "store",
                 *self.options, "--partial", "--progress", "--period", period, *logs)
        outputs = [w for form in (*FORMS, "txt") for w in ("-o", f"store.{form}")]
        self.run(out, "report", self.program, "report", "--store", "store", "--profile",
                 self.profile, *outputs)

    def command_on_stdin(self, scratch: pathlib.Path) -> List[str]:
        return [self.program, "run", *self.options, "-o", "x.json", "-"]


class GoAccess(Tool):
    """Debian's GoAccess, as it comes or at its most private."""

    def __init__(self, folder: pathlib.Path, is_private: bool):
        super().__init__(folder)
        self.name = "GoAccess private" if is_private else "GoAccess"
        self.options = ["--log-format=COMBINED", "--no-global-config", "--no-progress"]
        if is_private:
            self.options += ["--anonymize-ip", "--anonymize-level=3",
                             "--no-query-string"]

    def is_there(self) -> bool:
        return shutil.which("goaccess") is not None

    def version(self) -> str:
        done = subprocess.run(["goaccess", "--version"], capture_output=True,
                              check=True, text=True)
        return done.stdout.splitlines()[0].rstrip(".")

    def publish(self, logs: Sequence[pathlib.Path], out: pathlib.Path) -> None:
        shutil.rmtree(out / "db", ignore_errors=True)
        (out / "db").mkdir(parents=True)
        outputs = [w for form in FORMS for w in ("-o", f"report.{form}")]
        self.run(out, "goaccess", "goaccess", *logs, *self.options, "--persist",
                 "--db-path=db", *outputs)

    def command_on_stdin(self, scratch: pathlib.Path) -> List[str]:
        return ["goaccess", "-", *self.options, "-o", "x.json"]


class AWStats(Tool):
    """Debian's AWStats: its data file and its pages."""

    name = "AWStats"
    program = "/usr/lib/cgi-bin/awstats.pl"
    pages = "/usr/share/awstats/tools/awstats_buildstaticpages.pl"

    def is_there(self) -> bool:
        return os.access(self.program, os.X_OK) and os.path.exists(self.pages)

    def version(self) -> str:
        done = subprocess.run([self.program], capture_output=True, check=False,
                              text=True)
        words = (done.stdout + done.stderr).split("build")[0].split()
        return "AWStats " + next((w for w in words if w[:1].isdigit()), "")

    def configure(self, out: pathlib.Path, log: str) -> None:
        out.mkdir(parents=True, exist_ok=True)
        (out / "awstats.peer.conf").write_text(
            f'LogFile="{log}"\nLogType=W\nLogFormat=1\nSiteDomain="{SITE}"\n'
            f'DNSLookup=0\nDirData="{out}"\nSkipHosts=""\n', encoding="utf-8")

    def publish(self, logs: Sequence[pathlib.Path], out: pathlib.Path) -> None:
        for old in out.glob("awstats0*.txt"):
            old.unlink()
        with tempfile.TemporaryDirectory() as scratch:
            merged = pathlib.Path(scratch) / "access.log"
            merged.write_bytes(b"".join(log.read_bytes() for log in logs))
            self.configure(out, str(merged))
            self.run(out, "update", self.program, "-config=peer", f"-configdir={out}",
                     "-update")
            if len(logs) > 1 or logs[0].stem == "hostile":
                self.run(out, "pages", "perl", self.pages, "-config=peer",
                         f"-configdir={out}", f"-awstatsprog={self.program}",
                         f"-dir={out}", "-month=03", "-year=2026")
        (out / "awstats.peer.conf").unlink()

    def command_on_stdin(self, scratch: pathlib.Path) -> List[str]:
        self.configure(scratch, "-")
        return [self.program, "-config=peer", f"-configdir={scratch}", "-update"]


def day_name(day: int) -> str:
    return (START + datetime.timedelta(days=day)).isoformat()
