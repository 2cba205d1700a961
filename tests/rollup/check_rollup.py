#!/usr/bin/python3
"""Reads rollup files, checks them against aggregate/rollup.cddl and prints JSON.

    check_rollup.py FILE...

A second reader, written from the CDDL and not from the C, to hold the C against. That
the bytes are deterministic is checked by writing the item again. Prints one JSON object
a rollup and a line; exit status 1 and a sentence for what is refused. Needs cbor2.
"""
import datetime
import io
import json
import re
import sys
import unicodedata

import cbor2

DAY, WEEK, MONTH = range(3)
EPOCH = datetime.date(1970, 1, 1).toordinal()
U32, U64 = 2**32 - 1, 2**64 - 1

HUMAN = ("page_views assets downloads download_parts other_ok redirects client_errors "
         "server_errors").split()
ROBOTS = "declared ai scanner behaving".split()
TOTALS = "visitors visits page_views bounces downloads site_searches bytes".split()

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
]


class Refused(Exception):
    pass


def need(condition, sentence):
    if not condition:
        raise Refused(sentence)


def whole(value, name, least=0, most=U64):
    need(type(value) is int and least <= value <= most, f"{name}: {value!r}")
    return value


def text(value, name, least=0, most=1024):
    need(type(value) is str, f"{name}: no text")
    need(least <= len(value.encode()) <= most, f"{name}: length")
    need(all(unicodedata.category(c) != "Cc" for c in value), f"{name}: control character")
    return value


def zone(value, name):
    need(re.fullmatch("[A-Za-z0-9/_+-]{1,63}", text(value, name)), f"{name}: no zone")
    return value


def flag(value, name):
    need(type(value) is bool, f"{name}: no flag")
    return value


def array(value, name, count):
    need(type(value) is list and len(value) == count, f"{name}: no array of {count}")
    return value


def mapping(value, name, keys):
    need(type(value) is dict and list(value) == list(keys), f"{name}: keys")
    need(all(type(key) is int for key in value), f"{name}: keys")
    return value


def tagged(value, name, number):
    need(isinstance(value, cbor2.CBORTag) and value.tag == number, f"{name}: tag")
    return value.value


def counts(value, name, names):
    values = array(value, name, len(names))
    return {key: whole(n, f"{name}.{key}") for key, n in zip(names, values)}


def check_rounding(rollup):
    """For partners all counts are multiples of 5, none of bytes."""
    lines, totals = rollup["reconciliation"], rollup["totals"] or {}
    seen = [*lines["human_by_kind"].values(), *lines["robots_by_class"].values(),
            lines["malformed"], lines["excluded"], lines["blank"], *totals.values()]
    need(not totals.get("bytes"), "totals: bytes for partners")
    for name, table in rollup["tables"].items():
        need(table["total"] is None or name not in ("not_found", "response_times"),
             f"{name}: not for partners")
        for row in table["rows"]:
            measures = [n for n in row.values() if type(n) is int]
            need(measures[0] > 0, f"{name}: a row of nothing")
            need(not row.get("bytes"), f"{name}: bytes for partners")
            seen += measures
        seen += (table["other"] or {}).values()
    need(all(n % 5 == 0 for n in seen), "a count that is not rounded")


def read_day(value, name):
    return whole(tagged(value, name, 100), name, -719162, 2932896)


def day_after(grain, start):
    """The first day after a period; None when no period begins there."""
    date = datetime.date.fromordinal(start + EPOCH)
    if grain == DAY:
        return start + 1
    if grain == WEEK:
        return start + 7 if date.isoweekday() == 1 else None
    if date.day != 1:
        return None
    days = 31
    while True:
        try:
            date.replace(day=days)
            return start + days
        except ValueError:
            days -= 1


def read_header(header):
    mapping(header, "header", range(12))
    grain = whole(header[1], "grain", DAY, MONTH)
    start, end = read_day(header[2], "start"), read_day(header[3], "end")
    need(day_after(grain, start) == end, "period: start and end do not fit")
    return {
        "site": text(header[0], "site", 1, 255),
        "grain": ["day", "week", "month"][grain],
        "from": datetime.date.fromordinal(start + EPOCH).isoformat(),
        "end": datetime.date.fromordinal(end + EPOCH).isoformat(),
        "profile": ["internal", "partner"][whole(header[4], "profile", 0, 1)],
        "k": whole(header[5], "k", 1, U32),
        "kn": whole(header[6], "kn", 1, U32),
        "rules": whole(header[7], "rules", 1, U32),
        "revision": whole(header[8], "revision", 0, U32),
        "partial": flag(header[9], "partial"),
        "capped": flag(header[10], "capped"),
        "time_zone": zone(header[11], "time zone"),
    }, grain


def read_reconciliation(value):
    human, robots, malformed, excluded, blank = array(value, "reconciliation", 5)
    lines = {
        "human_by_kind": counts(human, "human", HUMAN),
        "robots_by_class": counts(robots, "robots", ROBOTS),
        "malformed": whole(malformed, "malformed"),
        "excluded": whole(excluded, "excluded"),
        "blank": whole(blank, "blank"),
    }
    total = sum(human) + sum(robots) + malformed + excluded + blank
    need(total <= U64, "reconciliation: sum")
    return {"lines": total, "human": sum(human), "robots": sum(robots), **lines}


def read_table(value, table, least):
    name, n_parts, names, _ = table
    names = names.split()
    rows, other, total = array(value, name, 3)
    need(type(rows) is list and len(rows) <= 1000000, f"{name}: rows")
    out, order = [], []
    for row in rows:
        array(row, f"{name} row", n_parts + len(names))
        key = [text(part, f"{name} key") for part in row[:n_parts]]
        measures = counts(row[n_parts:], name, names)
        people = measures.get("visitors", measures[names[0]])
        need(least == 0 or people >= least, f"{name}: a row of {people}, under {least}")
        order.append((-measures[names[0]], [part.encode() for part in key]))
        out.append({"key": key[0] if n_parts == 1 else key, **measures})
    need(order == sorted(order), f"{name}: order of rows")
    need(len({tuple(key) for _, key in order}) == len(order), f"{name}: a key twice")
    whole(other, f"{name}.other")
    whole(total, f"{name}.total")
    need(sum(-n for n, _ in order) + other == total, f"{name}: sum")
    return {"rows": out, "other": {names[0]: other}, "total": {names[0]: total}}


def read_tables(value, k, grain, visitors):
    need(type(value) is dict, "tables: no map")
    need(all(type(key) is int for key in value), "tables: keys")
    tables = {name: {"rows": [], "other": None, "total": None} for name, *_ in TABLES}
    need(list(value) == sorted(value), "tables: order")
    for number, content in value.items():
        whole(number, "table", 0, len(TABLES) - 1)
        table = TABLES[number]
        factor = table[3]
        enough = visitors is not None and visitors >= 5 * k
        need(factor == 0 or enough, f"{table[0]}: too few visitors for a table")
        tables[table[0]] = read_table(content, table, factor * k)
    return tables


def read_rollup(item):
    magic, version, header, body = array(item, "file", 4)
    need(magic == "footfall-rollup", "not a footfall rollup")
    whole(version, "version", 1, 1)
    rollup, grain = read_header(header)
    mapping(body, "body", range(3))
    rollup["reconciliation"] = read_reconciliation(body[0])
    totals = None if body[1] is None else counts(body[1], "totals", TOTALS)
    visitors = totals["visitors"] if totals else None
    need(totals is None or visitors >= rollup["k"], "totals: visitors under k")
    rollup["totals"] = totals
    rollup["tables"] = read_tables(body[2], rollup["k"], grain, visitors)
    if rollup["profile"] == "partner":
        check_rounding(rollup)
    return rollup


def read_sequence(data):
    """The rollups of a CBOR sequence; Refused for anything that is none."""
    stream = io.BytesIO(data)
    rollups = []
    while stream.tell() < len(data) or not rollups:
        begin = stream.tell()
        need(stream.read(3) == b"\xd9\xd9\xf7", f"byte {begin}: not a footfall rollup")
        try:
            item = cbor2.load(stream)
        except Exception as error:  # cbor2 raises many kinds
            raise Refused(f"byte {begin}: {error}") from error
        rollups.append(read_rollup(item))
        again = cbor2.dumps(cbor2.CBORTag(55799, item))
        need(again == data[begin:stream.tell()], f"byte {begin}: not deterministic")
    return rollups


def main(paths):
    failed = False
    for path in paths:
        try:
            with open(path, "rb") as file:
                for rollup in read_sequence(file.read()):
                    print(json.dumps(rollup, ensure_ascii=False))
        except (OSError, Refused) as error:
            print(f"{path}: {error}", file=sys.stderr)
            failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))
