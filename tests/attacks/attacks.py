"""The attacks: each takes what a tool published and the truth about the people in its
logs, and gives its success, from 0 (nothing) to 1 (everybody, or always)."""

import pathlib
import re
import sys
from typing import Dict, Iterable, List, NamedTuple, Set, Tuple

import artifacts as art
from artifacts import Artifact, Number

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "privacy"))
from needles import Secret

# Rows of robots are about programs of a closed list.
OF_NO_PERSON = re.compile(r"robots|ai_crawlers|reconciliation|privacy|\bgeneral\b")
OPAQUE = re.compile(r"(?=[^\d]*\d)(?=[^a-zA-Z]*[a-zA-Z])[A-Za-z0-9+/_=-]{11,}$")
# How a progress line is drawn anew.
PROGRESS = re.compile("\r|\x1b\\[K")
FORMULA = "=+-@\t\r\uff1d\uff0b\uff0d\uff20"


class Result(NamedTuple):
    """How far an attack got, and how it got there."""

    score: float
    why: List[str]


class Person(NamedTuple):
    """A visitor of the logs: the days it came, and by day what only it has there:
    addresses, pages, referrers, agents."""

    days: Tuple[int, ...]
    marks: Dict[int, Tuple[str, ...]]


def share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


class Haystack:
    """Tells quickly what is not in some bytes: their groups of four bytes are kept, at
    every fourth place."""

    def __init__(self, data: bytes):
        self.groups = {data[i : i + 4] for i in range(0, len(data), 4)}

    def may_hold(self, needle: bytes) -> bool:
        """Some of the four ways in which the needle may lie over the groups fits."""
        return len(needle) < 7 or any(
            all(
                needle[i : i + 4] in self.groups
                for i in range(shift, len(needle) - 3, 4)
            )
            for shift in range(4)
        )


def leaked(found: List[Artifact], texts: Iterable[str]) -> Dict[str, str]:
    """Those texts that are in the bytes however written; the first place of each."""
    places: Dict[str, str] = {}
    data = [(artifact.name, artifact.data, artifact.data.lower()) for artifact in found]
    parts = {line for _, exact, _ in data for line in exact.split(b"\n")}
    whole = b"\n".join(parts)
    exact, folded = Haystack(whole), Haystack(whole.lower())
    for text in dict.fromkeys(texts):
        secret = Secret(text)
        secret.exact = {n: w for n, w in secret.exact.items() if exact.may_hold(n)}
        secret.folded = {n: w for n, w in secret.folded.items() if folded.may_hold(n)}
        if secret.exact or secret.folded:
            ways = ((name, secret.found_in(as_is, low)) for name, as_is, low in data)
            place = next((f"{name} ({way[0]})" for name, way in ways if way), "")
            places.update({text: place} if place else {})
    return places


def personal_data(found: List[Artifact], secrets: List[str]) -> Result:
    """A1 and A9: a search for what was planted."""
    places = leaked(found, secrets)
    why = [f"{text!r} in {place}" for text, place in list(places.items())[:4]]
    why.insert(0, f"{len(places)} of {len(secrets)} secrets found")
    return Result(share(len(places), len(secrets)), why)


def standing_alone(found: List[Artifact], people: List[Person], day: int) -> Set[int]:
    """Numbers of the people of a day of whom a mark is published."""
    seen = art.words(found)
    texts = [art.text_of(artifact) for artifact in found]
    return {
        i
        for i, person in enumerate(people)
        for mark in person.marks.get(day, ())
        if (any(mark in text for text in texts) if " " in mark else mark in seen)
    }


def rows_of_one(found: List[Artifact]) -> Dict[str, int]:
    """By table, rows that count one visitor (where a table has no visitors: one visit,
    else one hit)."""
    counts: Dict[str, int] = {}
    for path, measures in art.rows(found).items():
        name = " ".join(path[:-1])
        has_key = bool(path) and re.search(r"[^#\d]", path[-1])
        if OF_NO_PERSON.search(name) or not has_key:
            continue
        least = next(
            (measures[m] for m in ("visitors", "visits", "hits") if m in measures), 0
        )
        counts[name] = counts.get(name, 0) + (least == 1)
    return counts


def singling_out(found: List[Artifact], people: List[Person], day: int) -> Result:
    """A2: the share of a day's visitors whom a published cell holds alone: by a key
    that only they have, or by a count of one in the table that has most of those."""
    today = sum(day in person.days for person in people)
    alone = standing_alone(found, people, day)
    ones = rows_of_one(found)
    most = max(ones, key=lambda name: ones[name], default="none")
    why = [
        f"{len(alone)} of {today} visitors have a key of their own",
        f"{ones.get(most, 0)} rows of one visitor in the table {most}",
    ]
    return Result(min(1.0, share(max(len(alone), ones.get(most, 0)), today)), why)


def binary_identifiers(found: List[Artifact]) -> Set[bytes]:
    """CBOR's byte strings and numbers past 2^40; of other binary files all runs of
    eight bytes that look random."""
    made: Set[bytes] = set()
    for artifact in found:
        if artifact.name.endswith(".cbor"):
            for item in art.cbor_items(artifact.data):
                for leaf in art.leaves(item):
                    if isinstance(leaf, bytes):
                        made.add(leaf)
                    elif isinstance(leaf, int) and leaf >> 40:
                        made.add(b"%d" % leaf)
        elif artifact.name.endswith(".db"):
            data = artifact.data
            runs = {data[i : i + 8] for i in range(len(data) - 7)}
            made |= {r for r in runs if len(set(r)) > 6 and sum(b > 127 for b in r) > 2}
    return made


def linkage(
    first: List[Artifact], second: List[Artifact], third: List[Artifact],
    people: List[Person],
) -> Result:
    """A3: the share of those who came on the first two days and not on the third who
    can be told to be the same: by a mark that both days' files hold, or by anything
    else that looks like an identifier and is in both, but not in the third day's."""
    regulars = [i for i, p in enumerate(people) if p.days == (0, 1)]
    linked = set()
    seen = art.words(first) & art.words(second)
    for i in regulars:
        both = set(people[i].marks.get(0, ())) & set(people[i].marks.get(1, ()))
        if both & seen:
            linked.add(i)
    opaque = {w for w in seen - art.words(third) if OPAQUE.match(w)}
    binary = (
        binary_identifiers(first) & binary_identifiers(second)
    ) - binary_identifiers(third)
    unknown = len(binary) + sum(
        not any(w in mark for i in regulars for mark in people[i].marks.get(0, ()))
        and not re.search(r"\.(html|json|csv|cbor|txt)$", w)
        for w in opaque
    )
    why = [
        f"{len(linked)} of {len(regulars)} who came on both days are linked by a mark",
        f"{unknown} other identifiers are in both days and not in the third",
    ]
    return Result(min(1.0, share(max(len(linked), unknown), len(regulars))), why)


def changed(before: Dict[Number, int], after: Dict[Number, int]) -> List[str]:
    """Numbers that differ."""
    return [
        f"{' '.join(number[0])} {number[1]}: {before.get(number)} {after.get(number)}"
        for number in sorted(before.keys() | after.keys())
        if before.get(number) != after.get(number)
    ]


def differencing(
    pairs: Dict[str, Tuple[Dict[Number, int], Dict[Number, int]]],
) -> Result:
    """A5: of the ways to publish the same people twice (a re-run with one less, a day
    in part and then whole), the share in which the numbers differ. A tool that leaves
    the first files as they are gives nothing to subtract."""
    why, wins = [], 0
    for name, (before, after) in pairs.items():
        differences = changed(before, after)
        wins += bool(differences)
        example = f", such as {differences[0]}" if differences else ""
        why.append(f"{name}: {len(differences)} numbers differ{example}"[:200])
    return Result(share(wins, len(pairs)), why)


def sybils(flooded: List[Artifact], lone: List[Artifact], keys: List[str]) -> Result:
    """A6: an attacker floods the victim's pages. It wins where a row of them appears
    (its own visits are known to it and subtracted), or where a day that would have been
    withheld is published: totals, or any row, of the victim and the attacker alone."""
    seen = art.words(flooded)
    shown = [key for key in keys if key in seen]
    totals = {
        number: value
        for number, value in art.published(lone).items()
        if value and not OF_NO_PERSON.search(" ".join(number[0]))
        and re.search("visitors|visits", " ".join((number[0][-1], number[1])))
    }
    why = [f"rows shown among a crowd: {', '.join(shown) or 'none'}"]
    some = [f"{' '.join(n[0][1:])} {n[1]}={v}" for n, v in list(totals.items())[:3]]
    why.append(f"alone with the attacker: {', '.join(some) or 'nothing'}")
    return Result(float(bool(shown or totals)), why)


def inert_html(text: str, hostile: List[str]) -> List[str]:
    return [f"HTML holds {part!r}" for part in hostile if "<" in part and part in text]


def inert_text(text: str) -> List[str]:
    bad = re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    return [f"text holds U+{ord(bad[0]):04X}"] if bad else []


def inert_csv(artifact: Artifact) -> List[str]:
    """Cells that a spreadsheet would run."""
    return [
        f"CSV has a cell {cell[:40]!r}"
        for row in art.csv_rows(artifact)
        for cell in row
        if cell.lstrip(" ")[:1] in FORMULA and len(cell) > 1
        and not re.fullmatch(r"[+-]?[\d.,:% ]+", cell)
    ]


def injection(found: List[Artifact], hostile: List[str]) -> Result:
    """A11: of the kinds of output a tool has (page, spreadsheet, terminal), the share
    in which a visitor's text acts."""
    kinds: Dict[str, List[str]] = {}
    for artifact in found:
        text = artifact.data.decode("utf-8", "replace")
        if artifact.name.endswith(".html"):
            kinds.setdefault("page", []).extend(inert_html(text, hostile))
        elif artifact.name.endswith(".csv"):
            faults = inert_csv(artifact) + inert_text(text)
            kinds.setdefault("spreadsheet", []).extend(faults)
        elif artifact.name.endswith((".txt", "stdout", "stderr")):
            if artifact.name.endswith("stderr"):
                text = PROGRESS.sub("", text)
            kinds.setdefault("terminal", []).extend(inert_text(text))
    why = [f"{kind}: {(faults or ['inert'])[0]}" for kind, faults in kinds.items()]
    return Result(share(sum(map(bool, kinds.values())), len(kinds)), why)


def forensic(left: List[Artifact], addresses: List[str]) -> Result:
    """A10: the share of addresses in what a tool leaves beside its reports: database
    and temporary files, a core after a crash, messages, whatever it wrote."""
    places: Dict[str, str] = {}
    for artifact in left:
        for address in addresses:
            if address not in places and address.encode() in artifact.data:
                places[address] = artifact.name
    kinds = sorted(set(places.values()))
    why = f"{len(places)} of {len(addresses)} addresses left in {len(left)} files"
    return Result(share(len(places), len(addresses)), [f"{why}: {' '.join(kinds[:4])}"])


ATTACKS: Dict[str, Tuple[str, int]] = {
    "A1": ("personal data, as a search finds it", 20),
    "A2": ("a visitor alone in a cell", 10),
    "A3": ("the same visitor on two days", 10),
    "A5": ("subtracting what is published twice", 15),
    "A6": ("a flood from one network", 10),
    "A9": ("personal data in terms, referrers, paths", 10),
    "A10": ("database, temporary files, core, messages", 3),
    "A11": ("hostile text in pages, sheets, terminals", 2),
}
