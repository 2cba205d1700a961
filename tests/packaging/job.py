#!/usr/bin/python3
"""Runs the nightly job as systemd, cron and logrotate would, from the files of
packaging/: the units must verify, and their commands do the work in a scratch folder.

    tests/packaging/job.py FOOTFALL
"""

import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

PACKAGING = pathlib.Path(__file__).resolve().parent.parent.parent / "packaging"
SERVICE = PACKAGING / "footfall-rollup@.service"
TIMER = PACKAGING / "footfall-rollup@.timer"
SITE = "www.example.org"
AGENT = ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like "
         "Gecko) Chrome/126.0.0.0 Safari/537.36")
# The exposure that `systemd-analyze security` may find, in tenths of 10.
EXPOSURE_MOST = "5"


def log_lines(day, hour):
    """Sixty visitors of sixty networks who see two pages, at an hour of March 2026."""
    return "".join(
        f'198.18.{i}.1 - - [{day:02}/Mar/2026:{hour:02}:{i:02}:{s:02} +0000] '
        f'"GET {path} HTTP/1.1" 200 100 "-" "{AGENT}"\n'
        for i in range(60) for s, path in ((1, "/"), (9, "/about")))


class Machine:
    """Stands for /etc/footfall, /var/log/nginx and /var/lib/footfall."""

    def __init__(self, folder, footfall):
        self.folder = folder
        self.logs, self.etc, self.store = (folder / n for n in ("logs", "etc", "store"))
        for made in (self.logs, self.etc, folder / "bin"):
            made.mkdir()
        (folder / "bin" / "footfall").symlink_to(footfall)

    def here(self, text):
        """The text with the machine's folders in place of the system's."""
        for place, ours in (("/etc/footfall", self.etc), ("/var/log/nginx", self.logs),
                            ("/var/lib/footfall", self.store),
                            ("/run/nginx.pid", self.folder / "no.pid")):
            text = text.replace(place, str(ours))
        return text

    def configure(self, now):
        text = self.here((PACKAGING / "example.conf").read_text(encoding="utf-8"))
        conf = self.etc / f"{SITE}.conf"
        conf.write_text(text + f"now = {now}\n", encoding="utf-8")

    def run(self, command, **environment):
        path = f"{self.folder / 'bin'}:{os.environ['PATH']}"
        return subprocess.run(command, env={"PATH": path, **environment},
                              cwd=self.folder, capture_output=True, text=True,
                              check=False)

    def rollups(self):
        return {p.name: p.read_bytes() for p in self.store.glob(f"{SITE}/*.cbor")}


def settings(unit):
    """(key, value) of a unit's lines."""
    return re.findall(r"^(\w+)=(.*)$", unit.read_text(encoding="utf-8"), re.MULTILINE)


def by_systemd(machine):
    """Runs the service's command with what systemd would put in for %i and $$."""
    unit = dict(settings(SERVICE))
    command = shlex.split(machine.here(unit["ExecStart"]).replace("%i", SITE))
    name, _, value = shlex.split(unit["Environment"])[0].partition("=")
    done = machine.run([word.replace("$$", "$") for word in command],
                       **{name: machine.here(value)})
    successes = {0, *map(int, unit["SuccessExitStatus"].split())}
    return done, done.returncode in successes


def by_cron(machine):
    """Runs the line of the crontab; what it prints would be mailed."""
    lines = (PACKAGING / "footfall.cron").read_text(encoding="utf-8").splitlines()
    jobs = [line.split(maxsplit=6) for line in lines if line[:1].isdigit()]
    assert len(jobs) == 1 and "%" not in jobs[0][6] and jobs[0][5] == "footfall"
    return machine.run(["/bin/sh", "-c", machine.here(jobs[0][6])])


def units(_machine):
    if not shutil.which("systemd-analyze"):
        return "there is no systemd-analyze"
    verify = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", SERVICE, TIMER],
        capture_output=True, text=True, check=False)
    assert verify.returncode == 0 and not verify.stderr, verify.stderr
    security = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager",
         f"--threshold={EXPOSURE_MOST}", SERVICE],
        capture_output=True, text=True, check=False)
    assert security.returncode == 0, security.stdout + security.stderr
    calendar = subprocess.run(
        ["systemd-analyze", "calendar", dict(settings(TIMER))["OnCalendar"]],
        capture_output=True, text=True, check=False)
    assert calendar.returncode == 0, calendar.stderr
    return None


def service(machine):
    (machine.logs / "access.log").write_text(log_lines(2, 0) + log_lines(2, 9), "ascii")
    machine.configure("2026-03-03T00:30:00Z")
    done, is_success = by_systemd(machine)
    assert done.returncode == 0 and is_success, done
    assert list(machine.rollups()) == ["2026-03-02.internal.cbor"]
    # A line of a day that is in the store already: a success with a look.
    with open(machine.logs / "access.log", "a", encoding="ascii") as log:
        log.write(log_lines(2, 23) + log_lines(3, 0))
    machine.configure("2026-03-04T00:30:00Z")
    done, is_success = by_systemd(machine)
    assert done.returncode == 3 and is_success and "--replace" in done.stderr, done
    (machine.etc / f"{SITE}.conf").unlink()
    done, is_success = by_systemd(machine)
    assert done.returncode == 1 and not is_success, done
    assert f"{SITE}.conf: No such file" in done.stderr, done


def cron(machine):
    (machine.logs / "access.log").write_text(log_lines(2, 0) + log_lines(2, 9), "ascii")
    machine.configure("2026-03-03T00:30:00Z")
    done = by_cron(machine)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), done
    assert list(machine.rollups()) == ["2026-03-02.internal.cbor"]
    (machine.logs / "access.log").unlink()
    done = by_cron(machine)
    assert "access.log*: " in done.stdout and "No such file" in done.stdout, done


def logrotate_conf(machine):
    """The example for this machine's folders; its logs are whoever's runs the test."""
    text = (PACKAGING / "logrotate.example").read_text(encoding="utf-8")
    conf = machine.folder / "logrotate.conf"
    text, n = re.subn("create 0640 www-data adm", "create 0640", machine.here(text))
    assert n == 1
    conf.write_text(text, encoding="utf-8")
    conf.chmod(0o600)
    return conf


def find_logrotate():
    return shutil.which("logrotate", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")


def rotate(machine, *options):
    done = machine.run([find_logrotate(), "-s", machine.folder / "rotated", *options,
                        logrotate_conf(machine)])
    assert done.returncode == 0 and "error:" not in done.stderr, done.stderr
    return done


def rotation(machine):
    """Ten nights of logs, rotation and job give what one run over all of it gives."""
    if not find_logrotate():
        return "there is no logrotate"
    log = machine.logs / "access.log"
    days = range(2, 12)
    whole = ""
    log.write_text("", "ascii")
    for day in days:
        with open(log, "a", encoding="ascii") as out:
            out.write(log_lines(day, 9) if day > 2 else log_lines(2, 0))
        if day == 2:
            seen = rotate(machine, "-d").stderr
            assert f"considering log {log}" in seen, seen
        rotate(machine, "-f")
        early = log_lines(day + 1, 0)
        log.write_text(early, "ascii")
        whole += (log_lines(day, 9) if day > 2 else log_lines(2, 0)) + early
        machine.configure(f"2026-03-{day + 1:02}T00:30:00Z")
        done, is_success = by_systemd(machine)
        assert done.returncode == 0 and is_success, done
    kept = sorted(p.name for p in machine.logs.iterdir())
    assert kept == sorted(["access.log", "access.log.1",
                           *(f"access.log.{n}.gz" for n in range(2, 8))]), kept
    nightly = machine.rollups()
    assert len(nightly) == len(days), list(nightly)
    shutil.rmtree(machine.logs)
    shutil.rmtree(machine.store)
    machine.logs.mkdir()
    log.write_text(whole, "ascii")
    done, _ = by_systemd(machine)
    assert done.returncode == 0 and machine.rollups() == nightly, done
    return None


def main(footfall):
    failed = 0
    os.umask(0o022)
    for case in (units, service, cron, rotation):
        with tempfile.TemporaryDirectory() as folder:
            try:
                skipped = case(Machine(pathlib.Path(folder), footfall))
                print(f"{case.__name__}: {skipped or 'ok'}")
            except AssertionError as error:
                failed += 1
                print(f"FAIL {case.__name__}: {error}")
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(pathlib.Path(sys.argv[1]).resolve()))
