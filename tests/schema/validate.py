#!/usr/bin/python3
"""Checks a JSON report against report/report.schema.json and adds its sums up.

usage: validate.py REPORT.json [SCHEMA.json]

Exit status 0 when the report keeps the contract; 1 with the first reasons when it does
not. The schema says what is there; what has to add up, and the order of the keys, no
schema can say, so it is checked here.
"""
import json
import pathlib
import sys

import jsonschema

HERE = pathlib.Path(__file__).resolve().parent
SCHEMA = HERE.parent.parent / "report" / "report.schema.json"
TABLES = """pages entry_pages exit_pages transitions downloads site_searches
    external_searches sources campaigns countries languages browsers systems devices
    hours weekdays visit_depth visit_duration goals statuses methods not_found
    response_times robots ai_crawlers""".split()


def no_twice(pairs):
    """An object with a key twice is legal JSON and a broken contract."""
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise ValueError("a key stands twice in an object: %s" % names)
    return dict(pairs)


def schema_faults(report, schema):
    jsonschema.Draft202012Validator.check_schema(schema)
    for fault in jsonschema.Draft202012Validator(schema).iter_errors(report):
        yield "%s: %s" % ("/".join(map(str, fault.absolute_path)), fault.message)


def line_faults(lines):
    parts = "human robots malformed duplicate outside excluded blank".split()
    if lines["lines"] != sum(lines[part] for part in parts):
        yield "lines are not the sum of their classes"
    if lines["human"] != sum(lines["human_by_kind"].values()):
        yield "human is not the sum of its kinds"
    if lines["robots"] != sum(lines["robots_by_class"].values()):
        yield "robots are not the sum of their classes"


def total_faults(report):
    known = [day for day in report["days"] if day["visits"] is not None]
    if (report["totals"] is None) != (not known):
        yield "totals are null, but not in every day, or the other way round"
        return
    for name in report["totals"] or {}:
        if name not in ("median_visit_seconds", "pages_per_visit"):
            if report["totals"][name] != sum(day[name] for day in known):
                yield "totals.%s is not the sum of the days" % name


def table_faults(name, table, n_days):
    if table["total"] is None:
        return
    (measure, total), = table["total"].items()
    rows = [row[measure] for row in table["rows"]]
    if sum(rows) + table["other"][measure] != total:
        yield "%s: rows and other do not add up to the total" % name
    if rows != sorted(rows, reverse=True):
        yield "%s: the rows are not in order" % name
    keys = [json.dumps([row["key"], row.get("operator"), row.get("purpose")])
            for row in table["rows"]]
    if len(set(keys)) != len(keys):
        yield "%s: a key stands twice" % name
    if any(row["periods"] > n_days for row in table["rows"]):
        yield "%s: a row of more periods than there are" % name


def comparison_faults(other):
    """The other span's sums; it has no lines and no days of its own."""
    if other is None:
        return
    if other["from"] > other["to"]:
        yield "comparison: it ends before it begins"
    if list(other["tables"]) != TABLES:
        yield "comparison: the tables are not in the contract's order"
    if other["periods"] == 0:
        sums = [table["total"] for table in other["tables"].values()]
        if other["totals"] is not None or any(sums):
            yield "comparison: figures of no period"
    for name, table in other["tables"].items():
        yield from table_faults("comparison: " + name, table, other["periods"])


def receipt_faults(report):
    """Where page views are counted, added up again from the rows."""
    places = report["privacy"]["page_views"]
    pages = report["tables"]["pages"]
    rows = [(row["key"].endswith("/*"), row["page_views"]) for row in pages["rows"]]
    other = pages["other"]["page_views"] if pages["other"] else 0
    counted = {"named": sum(n for is_section, n in rows if not is_section),
               "sections": sum(n for is_section, n in rows if is_section),
               "other": other}
    if any(places[name] != n for name, n in counted.items()):
        yield "privacy: page views are not those of the pages"
    lines = report["reconciliation"]["human_by_kind"]["page_views"]
    if report["profile"] == "internal" and sum(places.values()) != lines:
        yield "privacy: page views do not add up to their lines"
    facts = report["privacy"]
    if (facts["profile"], facts["rows"]["visitors"], facts["rows"]["networks"],
            facts["key_life"]) != tuple(report[k] for k in "profile k kn period".split()):
        yield "privacy: another profile, threshold or period than the report's"


def faults(report, schema):
    found = list(schema_faults(report, schema))
    if found:
        return found
    found += line_faults(report["reconciliation"])
    found += total_faults(report)
    found += receipt_faults(report)
    if list(report["tables"]) != TABLES:
        found.append("the tables are not in the contract's order")
    for name, table in report["tables"].items():
        found += table_faults(name, table, len(report["days"]))
    found += comparison_faults(report["comparison"])
    return found


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    schema_path = sys.argv[2] if len(sys.argv) == 3 else SCHEMA
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    try:
        with open(sys.argv[1], encoding="utf-8") as file:
            report = json.load(file, object_pairs_hook=no_twice)
    except ValueError as fault:
        sys.exit("%s: %s" % (sys.argv[1], fault))
    found = faults(report, schema)
    for fault in found[:20]:
        print("%s: %s" % (sys.argv[1], fault), file=sys.stderr)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
