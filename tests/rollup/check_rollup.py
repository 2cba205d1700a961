#!/usr/bin/python3
"""Audits rollup files: a second opinion on `footfall audit`, made from the CDDL.

    check_rollup.py FILE...

Reads aggregate/rollup.cddl's form with a CBOR reader of its own (strict_cbor.py) that
takes the one encoding there is and nothing else; then holds sums, order, floors,
rounding and keys against what the CDDL says in words. A line for each file that is
good; exit status 1 and a sentence with the byte for each that is not.
"""
import datetime
import re
import sys
import unicodedata
from dataclasses import dataclass

from personal_shapes import is_personal
from strict_cbor import Node, Refused, read_node

U32, U64 = 2**32 - 1, 2**64 - 1
EPOCH = datetime.date(1970, 1, 1).toordinal()
MAGIC = b"\xd9\xd9\xf7\x84\x6ffootfall-rollup"

# Name, key parts, counts (the additive one first), F of the CDDL (0: robots).
GROUP = "visits visitors page_views"
TABLES = [
    ("pages", 1, "page_views visits visitors", 1),
    ("entry_pages", 1, "visits visitors bounces", 1),
    ("exit_pages", 1, "visits visitors", 1),
    ("transitions", 2, "transitions visitors", 1),
    ("downloads", 1, "downloads whole bytes visitors", 1),
    ("site_searches", 1, "searches clicks exits refinements visitors", 2),
    ("external_searches", 1, "visits visitors", 2),
    ("sources", 2, "visits visitors page_views bounces", 1),
    ("campaigns", 3, "visits visitors bounces", 1),
    ("countries", 1, GROUP, 1),
    ("languages", 1, GROUP, 1),
    ("browsers", 1, GROUP, 1),
    ("systems", 1, GROUP, 1),
    ("devices", 1, GROUP, 1),
    ("hours", 1, "visits page_views", 1),
    ("visit_depth", 1, "visits", 1),
    ("visit_duration", 1, "visits", 1),
    ("statuses", 1, "hits", 1),
    ("methods", 1, "hits", 1),
    ("not_found", 1, "hits visitors", 1),
    ("response_times", 1, "hits", 1),
    ("robots", 1, "hits page_views bytes", 0),
    ("ai_crawlers", 3, "hits page_views bytes", 0),
    ("goals", 1, "visits visitors", 1),
]
INTERNAL_ONLY = ("not_found", "response_times")
PROFILES, GRAINS = ("internal", "partner"), ("day", "week", "month")


def need(condition: bool, node: Node, reason: str) -> None:
    if not condition:
        raise Refused(node.at, reason)


def number(node: Node, name: str, least: int = 0, most: int = U64) -> int:
    need(node.kind is int and least <= node.value <= most, node, f"{name}: its number")
    return node.value


def text(node: Node, name: str, most: int = 1024) -> str:
    need(node.kind is str, node, f"{name}: no text")
    need(len(node.value.encode()) <= most, node, f"{name}: too long")
    need(all(unicodedata.category(c) != "Cc" for c in node.value), node,
         f"{name}: control character")
    return node.value


def array(node: Node, name: str, count: int) -> list[Node]:
    need(node.kind is list and len(node.value) == count, node, f"{name}: no {count}")
    return node.value


def mapping(node: Node, name: str, keys: range) -> dict[int, Node]:
    need(node.kind is dict and list(node.value) == list(keys), node, f"{name}: keys")
    return node.value


def day(node: Node, name: str) -> datetime.date:
    need(node.kind == "tag" and node.value[0] == 100, node, f"{name}: no day")
    days = number(node.value[1], name, -719162, 2932896)
    return datetime.date.fromordinal(days + EPOCH)


def first_after(grain: int, start: datetime.date) -> datetime.date | None:
    """The first day after a period; None when no period begins there."""
    if grain == 0 or (grain == 1 and start.isoweekday() == 1):
        return start + datetime.timedelta(7 if grain else 1)
    if grain == 2 and start.day == 1:
        return (start + datetime.timedelta(31)).replace(day=1)
    return None


@dataclass
class Header:
    profile: int
    k: int

    @property
    def is_partner(self) -> bool:
        return PROFILES[self.profile] == "partner"

    def count(self, node: Node, name: str) -> int:
        n = number(node, name)
        need(not self.is_partner or n % 5 == 0, node, f"{name}: not rounded")
        return n

    def measure(self, node: Node, name: str) -> int:
        if name == "bytes" and self.is_partner:
            return number(node, "bytes for partners", 0, 0)
        return self.count(node, name)


def check_header(node: Node) -> Header:
    header = mapping(node, "header", range(12))
    need(text(header[0], "site", 255) != "", header[0], "site: none")
    grain = number(header[1], "grain", 0, 2)
    start, end = day(header[2], "start"), day(header[3], "end")
    try:
        need(first_after(grain, start) == end, header[3], "period: no such one")
    except OverflowError as error:
        raise Refused(header[2].at, "period: past the year 9999") from error
    profile = number(header[4], "profile", 0, 1)
    floor = 10 * (grain + 1) * (profile + 1)
    k = number(header[5], "k, by profile and period", floor, U32)
    number(header[6], "kn, by profile and period", floor // 2, U32)
    number(header[7], "rules", 1, U32)
    number(header[8], "revision", 0, U32)
    need(header[9].kind is bool and header[10].kind is bool, node, "flags")
    need(bool(re.fullmatch("[A-Za-z0-9/_+-]{1,63}", text(header[11], "zone"))),
         header[11], "zone: no name")
    return Header(profile, k)


def check_lines(node: Node, header: Header) -> None:
    human, robots, *rest = array(node, "reconciliation", 5)
    counts = array(human, "human", 8) + array(robots, "robots", 4) + rest
    total = sum(header.count(count, "reconciliation") for count in counts)
    need(total <= U64, node, "reconciliation: sum")


def check_totals(node: Node, header: Header) -> int | None:
    """Visitors, or None where they are withheld."""
    if node.kind is type(None):
        return None
    names = "visitors visits page_views bounces downloads site_searches bytes".split()
    counts = [header.measure(count, name)
              for count, name in zip(array(node, "totals", 7), names)]
    need(counts[0] >= header.k, node, "totals: visitors under k")
    return counts[0]


def check_row(row: Node, header: Header, table: tuple, visitors: int | None) -> tuple:
    name, n_parts, measures, factor = table
    measures = measures.split()
    items = array(row, f"{name}: row", n_parts + len(measures))
    key = [text(part, f"{name}: key") for part in items[:n_parts]]
    for part, node in zip(key, items):
        need(not is_personal(part), node, f"{name}: looks like personal data")
    counts = dict(zip(measures, (header.measure(item, measure) for item, measure
                                 in zip(items[n_parts:], measures))))
    first = counts[measures[0]]
    people = counts.get("visitors", first)
    need(people >= factor * header.k, row, f"{name}: a row of {people}")
    need(not header.is_partner or first > 0, row, f"{name}: a row of nothing")
    if "visitors" in counts:
        need(people <= min(first, visitors or 0), row, f"{name}: too many visitors")
    return -first, [part.encode() for part in key]


def check_table(node: Node, header: Header, table: tuple, visitors: int | None) -> None:
    name, factor = table[0], table[3]
    need(not header.is_partner or name not in INTERNAL_ONLY, node, f"{name}: partners")
    need(not factor or (visitors or 0) >= 5 * header.k, node, f"{name}: too few for it")
    rows, other, total = array(node, name, 3)
    need(rows.kind is list and len(rows.value) <= 1000000, rows, f"{name}: rows")
    order = [check_row(row, header, table, visitors) for row in rows.value]
    for row, before, this in zip(rows.value[1:], order, order[1:]):
        need(before < this, row, f"{name}: order of rows")
    need(len({tuple(key) for _, key in order}) == len(order), rows,
         f"{name}: a key twice")
    rest = header.count(other, f"{name}: other")
    need(rest == 0 or rest >= factor * header.k, other, f"{name}: other is {rest}")
    need(sum(-n for n, _ in order) + rest == number(total, f"{name}: total"), total,
         f"{name}: sum")


def check_rollup(data: bytes, begin: int) -> int:
    """Where the rollup that begins there ends."""
    if data[begin:begin + len(MAGIC)] != MAGIC:
        raise Refused(begin, "no footfall rollup")
    item, after = read_node(data, begin)
    _, version, head, body = item.value[1].value
    number(version, "version", 1, 1)
    header = check_header(head)
    parts = mapping(body, "body", range(3))
    check_lines(parts[0], header)
    visitors = check_totals(parts[1], header)
    need(parts[2].kind is dict, parts[2], "tables: no map")
    for number_, table in parts[2].value.items():
        need(number_ < len(TABLES), table, "tables: no such one")
        check_table(table, header, TABLES[number_], visitors)
    return after


def check_sequence(data: bytes) -> int:
    """How many rollups there are; Refused for anything that is none."""
    at = n = 0
    while at < len(data) or n == 0:
        at, n = check_rollup(data, at), n + 1
    return n


def main(paths: list[str]) -> int:
    failed = False
    for path in paths:
        try:
            with open(path, "rb") as file:
                print(f"{path}: {check_sequence(file.read())} good")
        except (OSError, Refused) as error:
            print(f"{path}: {error}", file=sys.stderr)
            failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))
