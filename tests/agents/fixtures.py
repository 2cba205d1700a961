#!/usr/bin/python3
"""Holds what footfall reads out of agent strings against what others expect.

    fixtures.py READ_AGENTS NODE_MODULES [LISTS]

READ_AGENTS is the program of read_agents.c. LISTS is the folder with uap/test_ua.yaml
and uap/test_os.yaml of uap-core's repository; npm's package is older than they are and
has none of its own, so as many pass as pass with the same patterns on Python's regular
expressions: another way to the same rate. Reports then name what is on a closed list
only, for which the floors below are what was measured. Without LISTS only the robots
are tested, and a line says so."""

import json
import re
import subprocess
import sys
from pathlib import Path

import yaml

# Of 1601 and 483 fixtures of 2026-08-11, with npm's uap-core 0.18.0. Names that
# patterns take from anything in the string are unknown to footfall on purpose.
FLOOR_FAMILIES, FLOOR_SYSTEMS = 919, 466
MOST_WRONG_FAMILIES, MOST_WRONG_SYSTEMS = 149, 7

# crawler-user-agents' patterns that pack_agents.py leaves out: people use these.
HUMAN = {r"AP3A\.240617\.008", "MetaIAB Facebook"}


def as_logged(agent):
    return agent.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def read_agents(program, agents):
    text = "".join(as_logged(agent) + "\n" for agent in agents)
    done = subprocess.run([program], input=text.encode(), stdout=subprocess.PIPE)
    rows = [row.split("\t") for row in done.stdout.decode().splitlines()]
    if done.returncode or len(rows) != len(agents):
        sys.exit(f"{program} failed or read {len(rows)} of {len(agents)} agents")
    return rows


def cases(path):
    return yaml.load(path.read_text("utf-8"),
                     getattr(yaml, "CSafeLoader", yaml.SafeLoader))["test_cases"]


def browser(case):
    if case["family"] == "Other":
        return "(unknown)"
    major = str(case["major"] or "")
    return f"{case['family']} {int(major)}" if major.isdigit() and len(major) < 4 \
        else case["family"]


def expand(form, match):
    """The form with the match's groups for $1 to $9; the first group without a form."""
    def group(number):
        return (match.group(number) or "") if number <= (match.re.groups or 0) else ""
    if form is None:
        return group(1).strip()
    return re.sub(r"\$([1-9])", lambda m: group(int(m.group(1))), str(form)).strip()


class Uap:
    """uap-core's rules on Python's regular expressions: another way to the same."""

    def __init__(self, modules):
        data = yaml.load((modules / "uap-core/regexes.yaml").read_text("utf-8"),
                         getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        self.families = [(re.compile(e["regex"]), e)
                         for e in data["user_agent_parsers"]]
        self.systems = [(re.compile(e["regex"]), e) for e in data["os_parsers"]]

    def browser(self, agent):
        for pattern, entry in self.families:
            if match := pattern.search(agent):
                major = expand(entry.get("v1_replacement", "$2"), match)
                family = expand(entry.get("family_replacement"), match)
                return browser({"family": family or "Other", "major": major})
        return "(unknown)"

    def system(self, agent):
        for pattern, entry in self.systems:
            if match := pattern.search(agent):
                family = expand(entry.get("os_replacement"), match)
                return "(unknown)" if family in ("", "Other") else family
        return "(unknown)"


def check_patterns(what, expected, ours, uap):
    """As the patterns have it, before any list of ours."""
    right, most = sum(map(str.__eq__, expected, ours)), sum(map(str.__eq__, expected, uap))
    odd = [str(i + 1) for i, pair in enumerate(zip(ours, uap)) if pair[0] != pair[1]]
    print(f"{what}, by the patterns: {right} of {len(ours)} as the fixtures have it, "
          f"{most} with Python; {len(odd)} not alike{': ' if odd else ''}"
          f"{', '.join(odd[:9])}")
    return right == most and not odd


def check_words(what, expected, ours, uap, floor, most_wrong):
    """As reports have it. `expected` by the fixtures, `uap` by the patterns in Python."""
    right = sum(map(str.__eq__, expected, ours))
    wrong = sum(o not in ("(unknown)", e) for o, e in zip(ours, expected))
    odd = [i for i, (o, u) in enumerate(zip(ours, uap)) if o not in ("(unknown)", u)]
    print(f"{what}: {right} of {len(ours)} as the fixtures have it (at least {floor}), "
          f"{wrong} otherwise (at most {most_wrong}), the rest unknown; "
          f"{len(odd)} not as Python reads the same patterns{': ' if odd else ''}"
          f"{', '.join(f'case {i + 1}' for i in odd[:9])}")
    return right >= floor and wrong <= most_wrong and not odd


def main():
    program, modules = sys.argv[1], Path(sys.argv[2])
    lists = Path(sys.argv[3]) / "uap" if len(sys.argv) > 3 else None
    entries = json.loads((modules / "crawler-user-agents/crawler-user-agents.json")
                         .read_text("utf-8"))
    human = [i for e in entries if e["pattern"] in HUMAN for i in e["instances"]]
    instances = [i for e in entries for i in e["instances"] if i not in human]
    rows = read_agents(program, instances)
    robots = sum(row[3] != "human" for row in rows)
    humans = sum(row[3] == "human" for row in read_agents(program, human))
    print(f"robots: {robots} of {len(rows)} instances are robots, {humans} of "
          f"{len(human)} whose patterns are left out are human")
    good = robots == len(rows) and humans == len(human)
    if not lists or not (lists / "test_ua.yaml").exists():
        print("skipped: no folder with uap-core's test_ua.yaml and test_os.yaml")
        sys.exit(not good)
    families, systems = cases(lists / "test_ua.yaml"), cases(lists / "test_os.yaml")
    uap = Uap(modules)
    agents = [c["user_agent_string"] for c in families]
    rows = read_agents(program, agents)
    expected, python = [browser(c) for c in families], [uap.browser(a) for a in agents]
    good &= check_patterns("families and major versions", expected, [browser(
        {"family": row[5] or "Other", "major": row[6]}) for row in rows], python)
    good &= check_words("families and major versions", expected,
                        [row[0] for row in rows], python,
                        FLOOR_FAMILIES, MOST_WRONG_FAMILIES)
    agents = [c["user_agent_string"] for c in systems]
    rows = read_agents(program, agents)
    expected = [c["family"].replace("Other", "(unknown)") for c in systems]
    python = [uap.system(a) for a in agents]
    good &= check_patterns("systems", expected, [
        row[7] if row[7] not in ("", "Other") else "(unknown)" for row in rows], python)
    good &= check_words("systems", expected, [row[1] for row in rows], python,
                        FLOOR_SYSTEMS, MOST_WRONG_SYSTEMS)
    sys.exit(not good)


if __name__ == "__main__":
    main()
