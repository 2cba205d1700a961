"""Sums and differences of up to three published numbers (privacy.md T16), by brute
force: which of them stand for a group of 1 to k - 1 visitors?

Each row of a released day counts a set of visitors, and a simulated day's truth knows
the set. Rows A, B, C of linked tables with B and C inside A give A - B and A - B - C;
what remains is a group that no row shows. Exact counts tell its size. Rounded ones
leave an interval; all ways to the same group are taken together, and the intervals are
cut with each other, with 0 and with the numbers' own roundings.
"""

import json
import pathlib
import sys
from typing import Dict, Iterator, List, NamedTuple, Tuple

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "sim"))
import release

FAMILIES = (
    ("browsers", "systems", "devices", "languages"),
    ("pages", "entry_pages", "exit_pages", "transitions", "sources", "campaigns"),
    ("pages", "downloads", "site_searches", "not_found", "statuses"),
)
STEP = 5


class Profile(NamedTuple):
    """k, kn and whether counts are rounded."""

    name: str
    k: int
    kn: int
    is_rounded: bool

    def bounds(self, count: int) -> Tuple[int, int]:
        """What a published count says of the true one."""
        if not self.is_rounded:
            return count, count
        shown = (count + STEP // 2) // STEP * STEP
        return shown - STEP // 2, shown + STEP // 2


PROFILES = (Profile("internal", 10, 5, False), Profile("partner", 20, 10, True))


class Row(NamedTuple):
    """A published count of visitors and the set it counts, as bits."""

    table: str
    key: Tuple[str, ...]
    members: int


def rows_of(day: dict, profile: Profile, tables: Tuple[str, ...]) -> List[Row]:
    """The rows that a profile releases, and all visitors."""
    release.K, release.KN = profile.k, profile.kn
    found = [Row("totals", (), (1 << day["totals"]["visitors"]) - 1)]
    for name in tables:
        if name == "not_found" and profile.is_rounded:
            continue
        cells = release.read_cells(day, name) if name in day["tables"] else {}
        work = release.Release(release.TABLES[name], day["networks"])
        work.fold(cells)
        if work.settle_other():
            found += [
                Row(name, key, sum(1 << v for v in cell.visitors))
                for key, cell in work.rows.items()
            ]
    return found


def groups(rows: List[Row]) -> Iterator[Tuple[int, List[Row]]]:
    """(what remains, the rows it is made of) of all A - B and A - B - C."""
    for a in rows:
        inside = [b for b in rows if b is not a and b.members & ~a.members == 0]
        for i, b in enumerate(inside):
            rest = a.members & ~b.members
            yield rest, [a, b]
            for c in inside[i + 1 :]:
                if c.members & b.members == 0:
                    yield rest & ~c.members, [a, b, c]


class Isolated(NamedTuple):
    """Groups of 1 to k - 1 visitors that no row shows: all of them; those that the
    numbers prove to be somebody and fewer than k; those told to less than 5."""

    small: int
    certain: int
    exact: int


def isolated(day: dict, profile: Profile) -> Isolated:
    known: Dict[int, Tuple[int, int]] = {}
    for family in FAMILIES:
        for rest, used in groups(rows_of(day, profile, family)):
            if not 0 < rest.bit_count() < profile.k:
                continue
            bounds = [profile.bounds(row.members.bit_count()) for row in used]
            low = bounds[0][0] - sum(high for _, high in bounds[1:])
            high = bounds[0][1] - sum(low for low, _ in bounds[1:])
            before = known.get(rest, (0, sys.maxsize))
            known[rest] = (max(low, before[0]), min(high, before[1]))
    return Isolated(
        len(known),
        sum(low >= 1 and high < profile.k for low, high in known.values()),
        sum(high - low + 1 < STEP for low, high in known.values()),
    )


def between_profiles(day: dict) -> int:
    """Groups of 1 to k - 1 (internal's k) that remain of a partner's row when rows of
    internal are taken away, told to within the rounding: who holds both has them."""
    internal, partner = PROFILES
    found = set()
    for family in FAMILIES:
        exact = rows_of(day, internal, family)
        for a in rows_of(day, partner, family):
            inside = [b for b in exact if b.members & ~a.members == 0]
            for i, b in enumerate(inside):
                rests = [a.members & ~b.members & ~c.members for c in inside[i:]]
                found.update(r for r in rests if 0 < r.bit_count() < internal.k)
    return len(found)


def figures(truth: pathlib.Path) -> List[str]:
    """Lines to print on the days of a truth.json."""
    days = json.loads(truth.read_text(encoding="utf-8"))["days"]
    lines = []
    for profile in PROFILES:
        sums = [isolated(day, profile) for day in days]
        small, certain, exact = (sum(s[i] for s in sums) for i in range(3))
        lines.append(
            f"T16 {profile.name}: {len(days)} days of {days[0]['totals']['visitors']} "
            f"visitors: differences of up to 3 rows leave {small} groups of 1 to "
            f"{profile.k - 1} visitors; {exact} are told to less than {STEP}, "
            f"{certain} are certain to be somebody, fewer than {profile.k}"
        )
    both = sum(between_profiles(day) for day in days)
    lines.append(f"T16 with both profiles in one hand: {both} groups of 1 to 9")
    return lines
