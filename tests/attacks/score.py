#!/usr/bin/python3
"""Runs all attacks against what one tool published.

    tests/attacks/score.py TRUTH.json FOLDER

FOLDER has a folder for each world that the tool was given (world.py): all, day-0,
day-1, day-2, again and part-then-whole (each with `before` and `after`), flood-1, lone-1,
flood-40, lone-40, hostile, and forensic (what it keeps and leaves beside its reports).
Prints each score, from 0 to 1, and how it came about.
"""

import pathlib
import re
import sys
from typing import Dict

import attacks
from artifacts import Artifact, Number, published, read_folder
from attacks import Result
from world import read_truth

# What is counted of people (AWStats' columns have numbers), and what is no sum of its
# days.
COUNTS = re.compile(
    r"^(\d+|hits|visitors|visits|page_views|bounces|downloads|whole|site_searches|"
    r"searches|clicks|exits|refinements|transitions|)$"
)
NO_SUM = re.compile(
    r"median|pages_per_visit|periods|percent|\bavg|\bmax|general|privacy"
)
BESIDE = re.compile(r"\.(db|stderr|lock)$|sources$|/tmp/|core|awstats\d|strace")


def without_name(numbers: Dict[Number, int]) -> Dict[Number, int]:
    """The same numbers whatever folder their file is in."""
    return {
        ((path[0].rsplit("/", 1)[-1], *path[1:]), measure): value
        for (path, measure), value in numbers.items()
        if COUNTS.match(measure) and not NO_SUM.search(" ".join(path[1:]))
    }


def sum_of_days(folder: pathlib.Path) -> Dict[Number, int]:
    sums: Dict[Number, int] = {}
    for day in range(3):
        numbers = without_name(published(read_folder(folder / f"day-{day}")))
        for number, value in numbers.items():
            sums[number] = sums.get(number, 0) + value
    return sums


def differencing(folder: pathlib.Path) -> Result:
    """A5 in its three ways."""
    pairs = {}
    for name in ("again", "part-then-whole"):
        pairs[name] = tuple(
            without_name(published(read_folder(folder / name / when)))
            for when in ("before", "after")
        )
    days = sum_of_days(folder)
    whole = without_name(published(read_folder(folder / "all")))
    both = {n for n in days.keys() & whole.keys() if "other" not in n[0]}
    pairs["days, and all of them"] = (
        {number: days[number] for number in both},
        {number: whole[number] for number in both},
    )
    return attacks.differencing(pairs)


def forensic(folder: pathlib.Path, truth: dict) -> Result:
    left = [a for a in read_folder(folder / "all") if BESIDE.search(a.name)]
    left += read_folder(folder / "forensic")
    return attacks.forensic(left, truth["addresses"])


def sybils(folder: pathlib.Path, truth: dict, networks: int) -> Result:
    return attacks.sybils(read_folder(folder / f"flood-{networks}"),
                          read_folder(folder / f"lone-{networks}"), truth["keys"])


def score(folder: pathlib.Path, truth: dict) -> Dict[str, Result]:
    """Every attack's result, by its number; "A6 (40)" is for information."""
    everything = [a for a in read_folder(folder / "all") if not is_captured(a)]
    days = [read_folder(folder / f"day-{day}") for day in range(3)]
    return {
        "A1": attacks.personal_data(everything, truth["A1"]),
        "A2": attacks.singling_out(days[1], truth["people"], 1),
        "A3": attacks.linkage(*days, truth["people"]),
        "A5": differencing(folder),
        "A6": sybils(folder, truth, 1),
        "A6 (40)": sybils(folder, truth, 40),
        "A9": attacks.personal_data(everything, truth["A9"]),
        "A10": forensic(folder, truth),
        "A11": attacks.injection(read_folder(folder / "hostile"), truth["hostile"]),
    }


def is_captured(artifact: Artifact) -> bool:
    """What A10 looks at: memory after a crash, system calls."""
    return bool(re.search(r"/core|strace", artifact.name))


def show(name: str, results: Dict[str, Result]) -> None:
    print(f"\n{name}")
    for attack, result in results.items():
        print(f"  {attack:8} {result.score:.3f}  {result.why[0]}")
        for line in result.why[1:]:
            print(" " * 18 + line)


def main(arguments: list) -> int:
    if len(arguments) != 2:
        print(__doc__.strip())
        return 2
    truth = read_truth(pathlib.Path(arguments[0]))
    folder = pathlib.Path(arguments[1])
    show(folder.name, score(folder, truth))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
