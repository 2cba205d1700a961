#!/usr/bin/python3
"""Audits rollup files: a second opinion on `footfall audit`, made from the CDDL.

    check_rollup.py FILE...

A line for each file: good, or why not (exit status 1; `footfall audit` says where).
"""
import datetime
import pathlib
import re
import sys
from typing import Any

import cbor2

from personal_shapes import is_personal

CDDL = pathlib.Path(__file__).resolve().parents[2] / "aggregate" / "rollup.cddl"
EPOCH = datetime.date(1970, 1, 1).toordinal()
INTERNAL, ROBOTS, SEARCHES = (19, 20), (21, 22), (5, 6)  # tables

# Forms, see fits(). Sizes of texts are bytes; there are no control characters.
DAY = cbor2.CBORTag(100, range(-719162, 2932897))
SITE, KEY = (re.compile(rb"(?s)(?!.*(?:[\0-\x1f\x7f]|\xc2[\x80-\x9f])).{%b}" % size)
             for size in (b"1,255", b"0,1024"))
HEADER = {0: SITE, 1: range(3), 2: DAY, 3: DAY, 4: range(2), 5: range(2**32),
          6: range(2**32), 7: range(1, 2**32), 8: range(2**32), 9: bool, 10: bool,
          11: re.compile(rb"[A-Za-z0-9/_+-]{1,63}")}
ROLLUP = [re.compile(rb"footfall-rollup"), range(1, 2), HEADER, dict]


def read_tables(cddl: str) -> list[tuple]:
    """Name, key parts, counts (the additive one first) and F (robots: 0) of each."""
    rows = dict(re.findall(r"^([a-z-]+) += \[(.*?)\]", cddl, re.M | re.S))
    return [(f"table {n}", rows[row].count(": key"),
             " ".join(re.findall(r"([a-z-]+): count", rows[row])),
             0 if n in ROBOTS else 2 if n in SEARCHES else 1)
            for n, row in enumerate(re.findall(r"\? \d+: table<(.*?)>", cddl))]


TABLES = read_tables(CDDL.read_text(encoding="utf-8"))


class Refused(Exception):
    pass


def need(condition: bool, reason: str) -> None:
    if not condition:
        raise Refused(reason)


def fits(item: Any, form: Any) -> bool:
    """A range is for numbers, a pattern for texts, a tuple for one of several forms."""
    if isinstance(form, range):
        return type(item) is int and item in form
    if isinstance(form, re.Pattern):
        return type(item) is str and form.fullmatch(item.encode()) is not None
    if isinstance(form, tuple):
        return any(fits(item, one) for one in form)
    if isinstance(form, type) or type(item) is not type(form):
        return type(item) is form
    if isinstance(form, cbor2.CBORTag):
        return item.tag == form.tag and fits(item.value, form.value)
    if isinstance(form, dict):
        return (fits(list(item), [range(n, n + 1) for n in form])
                and fits(list(item.values()), list(form.values())))
    return len(item) == len(form) and all(map(fits, item, form))


def count(partner: bool, name: str = "") -> range:
    """The form of a count: rounded for partners, who are told of no bytes."""
    return range(0, 1 if partner and name == "bytes" else 2**64, 5 if partner else 1)


def check_header(header: dict) -> None:
    grain, profile, k, kn = (header[n] for n in (1, 4, 5, 6))
    start, end = (datetime.date.fromordinal(header[n].value + EPOCH) for n in (2, 3))
    days = (end - start).days
    need((days == 1, days == 7 and start.weekday() == 0,
          start.day == end.day == 1 and 28 <= days <= 31)[grain], "no such period")
    floor = 10 * (grain + 1) * (profile + 1)
    need(k >= floor and kn >= floor // 2, "k or kn, by profile and period")


def check_row(row: Any, table: tuple, partner: bool, k: int, visitors: int) -> tuple:
    """What rows are in order of."""
    name, n_parts, names, factor = table
    counts = [count(partner, of) for of in names.split()]
    need(fits(row, [KEY] * n_parts + counts), f"{name}: form of a row")
    need(not any(map(is_personal, row[:n_parts])), f"{name}: a key is personal data")
    first, of = row[n_parts], dict(zip(names.split(), row[n_parts:]))
    need(of.get("visitors", first) >= factor * k, f"{name}: a row under k times F")
    need(of.get("visitors", 0) <= min(first, visitors), f"{name}: visitors of a row")
    need(first > 0 or not partner, f"{name}: a row of nothing")
    return -first, [part.encode() for part in row[:n_parts]]


def check_table(item: Any, table: tuple, partner: bool, k: int, visitors: int) -> None:
    name, *_, factor = table
    need(fits(item, [list, count(partner), count(partner)]), f"{name}: form")
    rows, other, total = item
    need(factor == 0 or visitors >= 5 * k, f"{name}: too few for it")
    need(len(rows) <= 1000000 and (other == 0 or other >= factor * k), f"{name}: other")
    order = [check_row(row, table, partner, k, visitors) for row in rows]
    need(order == sorted(order), f"{name}: order of rows")
    need(len({tuple(key) for _, key in order}) == len(order), f"{name}: a key twice")
    need(other - sum(first for first, _ in order) == total, f"{name}: sum")


def check_items(rollup: Any) -> None:
    need(fits(rollup, ROLLUP), "header")
    header, body = rollup[2:]
    check_header(header)
    partner, k = header[4] == 1, header[5]
    n, n_bytes = count(partner), count(partner, "bytes")
    need(fits(body, {0: [[n] * 8, [n] * 4, n, n, n],
                     1: (type(None), [n] * 6 + [n_bytes]), 2: dict}), "body")
    lines, totals, tables = body.values()
    need(sum(sum(lines[:2], lines[2:])) < 2**64, "sum of lines")
    need(totals is None or totals[0] >= k, "totals under k")
    for at, table in tables.items():
        need(fits(at, range(len(TABLES))), f"table {at}: unknown")
        need(not partner or at not in INTERNAL, f"table {at}: for partners")
        check_table(table, TABLES[at], partner, k, totals[0] if totals else 0)


def read_sequence(data: bytes) -> list[bytes]:
    """The rollups of a file. They have one encoding; what holds itself has none."""
    parts = []
    while data or not parts:
        try:
            item = cbor2.loads(data)  # the first, without its tag 55799
        except Exception as error:  # of any kind: it knows many tags
            raise Refused(f"no CBOR: {error!r}") from error
        check_items(item)
        parts.append(b"\xd9\xd9\xf7" + cbor2.dumps(item, canonical=True))
        need(data.startswith(parts[-1]), "not the one encoding")
        data = data[len(parts[-1]):]
    return parts


def main(paths: list[str]) -> int:
    wrong = 0
    for path in paths:
        try:
            print(f"{path}: {len(read_sequence(pathlib.Path(path).read_bytes()))} good")
        except (OSError, Refused) as error:
            print(f"{path}: {error}", file=sys.stderr)
            wrong = 1
    return wrong


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]) if sys.argv[1:] else __doc__)
