#!/usr/bin/python3
"""Holds the man page against the program: the same commands, each option there, with the
commands that take it, and no option more; and mandoc finds nothing to say of it.

    tests/man_page.py FOOTFALL MAN_PAGE

The page's options are made from the table in cli/option_table.c, its commands are
written by hand. Prints what differs; exit 1 if anything does.
"""

import pathlib
import re
import subprocess
import sys
from typing import Dict, List, Set

def ask(footfall: str, *arguments: str) -> str:
    return subprocess.run([footfall, *arguments], check=True, capture_output=True,
                          encoding="utf-8").stdout


def options_of_program(footfall: str) -> Dict[str, Set[str]]:
    """From a command to the options it takes."""
    commands = re.findall(r"^  footfall (\S+)", ask(footfall, "--help"), re.M)
    return {command: set(re.findall(r"^  (?:-\w, )?--(\S+)",
                                    ask(footfall, command, "--help"), re.M))
            for command in commands}


def options_of_page(lines: List[str]) -> Dict[str, Set[str]]:
    """The same, from the list of commands and the items of options. One that names no
    command belongs to all."""
    commands = {line.split()[2] for line in lines if re.match(r"\.It Cm ", line)}
    options: Dict[str, Set[str]] = {command: set() for command in commands}
    for line, after in zip(lines, lines[1:]):
        if not line.startswith(".It Fl "):
            continue
        named = set(after.split()[2:]) - {","} if after.startswith(".Pq Cm") else commands
        for option in re.findall(r"Fl -(\S+)", line):
            for command in named:
                options.setdefault(command, set()).add(option)
    return options


def main(arguments: List[str]) -> int:
    program = options_of_program(str(pathlib.Path(arguments[0]).resolve()))
    path = pathlib.Path(arguments[1])
    page = options_of_page(path.read_text(encoding="utf-8").splitlines())
    faults = [f"the command {command} is in one of them only"
              for command in sorted(set(program) ^ set(page))]
    for command in sorted(set(program) & set(page)):
        for option in sorted(program[command] - page[command]):
            faults.append(f"{command} --{option} is not in the man page")
        for option in sorted(page[command] - program[command]):
            faults.append(f"{command} --{option} is in the man page only")
    lint = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", path], check=False,
                          capture_output=True, encoding="utf-8")
    faults += (lint.stdout + lint.stderr).splitlines()
    for fault in faults:
        print(f"{path.name}: {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))
