#!/usr/bin/python3
"""Checks referrers.tsv and makes a C table of it (ingest/referrer_table.h).

Usage: pack_referrers.py referrers.tsv referrer_data.c

The same input gives the same bytes. The table is a hash of host names with linear
probing; the hash runs from a name's end, so that one pass over a host gives the hash of
each of its suffixes.
"""
import re
import sys

CHANNELS = {
    "ai assistant": "FF_AI_ASSISTANT",
    "search engine": "FF_SEARCH_ENGINE",
    "social network": "FF_SOCIAL_NETWORK",
    "email": "FF_EMAIL",
}
ORDER = list(CHANNELS)
LABEL = r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?"
HOST = re.compile(rf"\.?{LABEL}(\.{LABEL})*(\.\*)?")
PARAMETERS = re.compile(r"\+?[A-Za-z0-9._-]+(,[A-Za-z0-9._-]+)*")
MAX_PROBES = 12
MAX_LABELS = 8  # LABELS in referrer_table.c


class Rule:
    """One row: the host is kept without a leading "." or "www."."""

    def __init__(self, product, host, path="-", parameters="-"):
        if not HOST.fullmatch(host):
            raise ValueError(f"host {host!r}")
        if path != "-" and not re.fullmatch(r"(/[\w.~-]+)+", path):
            raise ValueError(f"path {path!r}")
        if parameters != "-" and not PARAMETERS.fullmatch(parameters):
            raise ValueError(f"parameters {parameters!r}")
        self.product = product
        self.subdomains = host.startswith(".")
        self.host = host.removeprefix(".").removeprefix("www.")
        self.path = "" if path == "-" else path
        self.required = parameters.startswith("+")
        self.parameters = "" if parameters == "-" else parameters.lstrip("+")
        if self.host.count(".") >= MAX_LABELS or len(self.host) > 253:
            raise ValueError(f"host {host!r} is too long")

    def order(self):
        """Rules of a host stand in the order in which they are tried."""
        return (
            self.host,
            -len(self.path),
            self.path,
            not self.required,
            self.subdomains,
        )


def row_order(row):
    bare = row[2].removeprefix(".").removeprefix("www.")
    return (ORDER.index(row[0]), row[1].casefold(), bare, row[2], row[3:])


def read(path):
    """Products (in order), rules, and names to be found in campaigns."""
    rules, products, names, common = [], {}, {}, set()
    previous = None
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            line = line.rstrip("\n")
            if line.startswith("#") or not line:
                continue
            row = line.split("\t")
            try:
                if not 3 <= len(row) <= 5 or row[-1] == "-" or row[0] not in CHANNELS:
                    raise ValueError("columns")
                if previous and row_order(row) <= row_order(previous):
                    raise ValueError("not sorted, or twice there")
                previous = row
                product = products.setdefault((row[0], row[1]), len(products))
                if row[2] == "!":
                    common.add(product)
                elif row[2].startswith("="):
                    put_name(names, row[2][1:], product)
                else:
                    rules.append(Rule(product, *row[2:]))
            except ValueError as error:
                sys.exit(f"{path}:{number}: {error}")
    for (_, name), product in products.items():
        if product not in common:
            lower = "".join(c.lower() if c.isascii() else c for c in name)
            put_name(names, lower, product)
    rules.sort(key=Rule.order)
    for one, two in zip(rules, rules[1:]):
        if one.order()[:4] == two.order()[:4] and one.subdomains == two.subdomains:
            sys.exit(f"{path}: {one.host}{one.path} is there twice")
    return list(products), rules, names


def put_name(names, name, product):
    if names.setdefault(name, product) != product:
        raise ValueError(f"name {name!r} is another product's too")


def name_hash(name):
    """FNV-1a from the last byte to the first; hash_back in referrer_table.c."""
    value = 2166136261
    for byte in reversed(name.encode()):
        value = (value ^ byte) * 16777619 & 0xFFFFFFFF
    return value


def slots_of(keys):
    """Index + 1 of each key's first entry, in a table twice their number or more."""
    size = 1 << (2 * len(keys)).bit_length()
    slots = [0] * size
    for key, index in keys:
        at = name_hash(key) & (size - 1)
        probes = 1
        while slots[at]:
            at = (at + 1) & (size - 1)
            probes += 1
        if probes > MAX_PROBES:
            sys.exit(f"{key}: {probes} probes; take a larger table")
        slots[at] = index + 1
    return slots


def text(string):
    """A C string literal in ASCII."""
    out = []
    for byte in string.encode():
        char = chr(byte)
        plain = 32 <= byte < 127 and char not in '"\\?'
        out.append(char if plain else f"\\{byte:03o}")
    return '"' + "".join(out) + '"'


def slot_lines(name, slots):
    rows = [", ".join(map(str, slots[i : i + 16])) for i in range(0, len(slots), 16)]
    return [
        f"const uint32_t {name}_mask = {len(slots) - 1};",
        f"const uint16_t {name}[] = {{",
        *(f"    {row}," for row in rows),
        "};",
    ]


def pack(products, rules, names):
    lines = [
        "/* Made from referrers.tsv by pack_referrers.py. */",
        '#include "referrer_table.h"',
        "",
        "const struct ff_referrer_product ff_referrer_products[] = {",
    ]
    for channel, name in products:
        size = len(name.encode())
        lines.append(f"    {{ {{ {text(name)}, {size} }}, {CHANNELS[channel]} }},")
    lines += ["};", "", "const struct ff_referrer_rule ff_referrer_rules[] = {"]
    heads = []
    for i, rule in enumerate(rules):
        if i == 0 or rules[i - 1].host != rule.host:
            heads.append((rule.host, i))
        more = i + 1 < len(rules) and rules[i + 1].host == rule.host
        flags = (rule.subdomains, rule.required, more)
        lines.append(
            f"    {{ {text(rule.host)}, {text(rule.path)}, {text(rule.parameters)}, "
            f"{rule.product}, {len(rule.host)}, {len(rule.path)}, "
            + ", ".join(str(flag).lower() for flag in flags)
            + " },"
        )
    lines += ["};", "", "const struct ff_referrer_name ff_referrer_names[] = {"]
    ordered = sorted(names.items())
    for name, product in ordered:
        lines.append(f"    {{ {{ {text(name)}, {len(name.encode())} }}, {product} }},")
    lines += ["};", ""]
    lines += slot_lines("ff_referrer_host_slots", slots_of(heads)) + [""]
    name_keys = [(name, i) for i, (name, _) in enumerate(ordered)]
    return lines + slot_lines("ff_referrer_name_slots", slots_of(name_keys))


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    lines = pack(*read(sys.argv[1]))
    with open(sys.argv[2], "w", encoding="ascii", newline="\n") as file:
        file.write("\n".join(lines) + "\n")


main()
