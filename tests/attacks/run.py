#!/usr/bin/python3
"""Attacks footfall, GoAccess and AWStats over the same logs and prints one table.

    tests/attacks/run.py FOOTFALL [--seed TEXT] [--visitors N] [--keep DIR] [--alone]
                         [--readme README.md]

Tools that are not installed (Debian's goaccess, awstats) are left out, and so they are
with --alone. Exit status 1 if an attack gets anywhere against footfall (A9: over 0.01);
A6 from 40 networks is measured and no gate: thresholds cannot stop it, README says so.
--readme puts the table between README's markers.
"""

import argparse
import pathlib
import shutil
import sys
import tempfile
from typing import Dict, List

import world
from attacks import ATTACKS, Result
from linked import figures
from score import score, show
from tools import AWStats, Footfall, GoAccess, Tool

GATES = {"A1": 0, "A2": 0, "A3": 0, "A5": 0, "A6": 0, "A9": 0.01, "A10": 0, "A11": 0}
BEGIN, END = "<!-- attacks -->", "<!-- /attacks -->"


def publish_all(tool: Tool, logs: pathlib.Path) -> None:
    """Gives the tool every world."""
    def log(name: str) -> pathlib.Path:
        return logs / f"{name}.log"

    days = [log(f"day-{day}") for day in range(3)]
    tool.publish(days, tool.folder / "all")
    for name in ("day-0", "day-1", "day-2", "flood-1", "lone-1", "flood-40", "lone-40",
                 "hostile"):
        tool.publish([log(name)], tool.folder / name)
    again(tool, "again", [log("day-1")], [log("fewer")])
    again(tool, "part-then-whole", [log("part")], [log("day-1")])
    why_not = tool.crash(log("day-1"), tool.folder / "forensic")
    if why_not:
        print(f"{tool.name}: no look at a core: {why_not}")
    if not tool.trace(log("part"), tool.folder / "forensic"):
        print(f"{tool.name}: no look at what it writes: strace cannot be used")


def again(tool: Tool, name: str, first: List[pathlib.Path],
          second: List[pathlib.Path]) -> None:
    """Publishes, takes what was published, and publishes other lines into the same
    place. footfall publishes its store and what is reported from it."""
    place = tool.folder / name / "place"
    publish = tool.keep if isinstance(tool, Footfall) else tool.publish
    publish(first, place)
    shutil.copytree(place, tool.folder / name / "before")
    publish(second, place)
    if isinstance(tool, Footfall):
        tool.keep(second, place, "week")
    shutil.copytree(place, tool.folder / name / "after")


def is_of_rollups(tool: Tool, form: str) -> bool:
    """Whether the report of a run is the one that is made from its rollups alone: then
    no share or percentage in it comes from numbers that are not published."""
    made, again_ = (tool.folder / f"all/{name}.{form}" for name in ("run", "store"))
    return made.read_bytes() == again_.read_bytes()


def total(results: Dict[str, Result]) -> float:
    """100, less each attack's weight times its success; A6 is both its floods' mean."""
    weights = sum(weight for _, weight in ATTACKS.values())
    lost = sum(ATTACKS[a][1] * results[a].score for a in ATTACKS)
    lost += ATTACKS["A6"][1] * (results["A6 (40)"].score - results["A6"].score) / 2
    return 100 * (1 - lost / weights)


def number(score_: float) -> str:
    return f"{score_:.2f}".rstrip("0").rstrip(".") if score_ < 0.995 else (
        "1" if score_ == 1 else "0.99")


def table(results: Dict[str, Dict[str, Result]], tools: List[Tool]) -> str:
    heads = ["attack", "weight", *(tool.name for tool in tools)]
    lines = [heads, ["---"] * len(heads)]
    for attack, (about, weight) in ATTACKS.items():
        lines.append([f"{attack} {about}", str(weight),
                      *(number(results[tool.name][attack].score) for tool in tools)])
        if attack == "A6":
            lines.append(["... from 40 networks", "-", *(
                number(results[tool.name]["A6 (40)"].score) for tool in tools)])
    lines.append(["points of 100 (A6: half each)", "", *(
        f"{total(results[tool.name]):.0f}" for tool in tools)])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def missed_gates(results: Dict[str, Result]) -> List[str]:
    return [
        f"{attack}: {results[attack].score:.4f} is more than {gate}"
        for attack, gate in GATES.items()
        if results[attack].score > gate
    ]


def write_readme(path: pathlib.Path, text: str) -> None:
    before, rest = path.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    path.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")


def attack_all(options: argparse.Namespace, folder: pathlib.Path) -> int:
    truth = world.make(folder / "logs", options.seed, options.visitors)
    program = str(pathlib.Path(options.footfall).resolve())
    tools: List[Tool] = [Footfall(folder / profile, program, profile)
                         for profile in ("internal", "partner")]
    peers = [GoAccess(folder / "goaccess", False),
             GoAccess(folder / "goaccess-private", True), AWStats(folder / "awstats")]
    for peer in [] if options.alone else peers:
        if peer.is_there():
            tools.append(peer)
        else:
            print(f"{peer.name} is not installed: its column is left out")
    results = {}
    for tool in tools:
        publish_all(tool, folder / "logs")
        results[tool.name] = score(tool.folder, truth)
        show(f"{tool.name} ({tool.version()})", results[tool.name])
    print()
    for tool in tools:
        print("\n".join(f"{tool.name}: {line[:300]}" for line in tool.shown[:3]))
    for line in figures(folder / "logs" / "crowd" / "truth.json"):
        print(line)
    text = table(results, tools)
    print(f"\n{text}\n")
    if options.readme:
        write_readme(pathlib.Path(options.readme), text)
    faults = [f"{tool.name}: {fault}" for tool in tools[:2]
              for fault in missed_gates(results[tool.name])]
    faults += [f"{tool.name}: its {form} tells what its rollups do not"
               for tool in tools[:2] for form in ("json", "csv")
               if not is_of_rollups(tool, form)]
    print("\n".join(faults) or "footfall holds")
    return 1 if faults else 0


def main(arguments: List[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("footfall")
    parser.add_argument("--seed", default="attacks")
    parser.add_argument("--visitors", type=int, default=400, help="a day")
    parser.add_argument("--keep", help="a new folder to work in, which is kept")
    parser.add_argument("--alone", action="store_true", help="footfall only")
    parser.add_argument("--readme", help="the README.md to put the table into")
    options = parser.parse_args(arguments)
    if options.keep:
        return attack_all(options, pathlib.Path(options.keep).resolve())
    with tempfile.TemporaryDirectory() as folder:
        return attack_all(options, pathlib.Path(folder))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
