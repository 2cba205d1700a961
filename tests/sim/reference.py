#!/usr/bin/env python3
"""An independent, slow and plain count of access logs by the definitions.

    reference.py [--site HOST] [--tables] access.log other.log.gz

Reads common, combined, combined with Accept-Language and vhost_combined logs and gives,
in truth.json's form, the exact cells of every table for every day; with --tables the
released tables as well. It shares nothing with the simulator but the form of cells
(truth.Day.to_json) and the labels, and nothing at all with footfall.

Everything is kept in memory: first all hits by day and visitor, then the definitions
one after the other, each in a function of its own.
"""

import argparse
import datetime
import ipaddress
import json
import os
import re
import sys
import urllib.parse
from typing import Dict, Iterator, List, NamedTuple, Optional, Tuple

import release
from reference_log import Hit, Labels, Log, path_kind, path_of, query_of, search_term

HERE = os.path.dirname(os.path.abspath(__file__))
TIMEOUT = 1800

# Domains under which names are registered, as far as a test needs them.
TWO_PART_SUFFIXES = {"co.uk", "com.au"}

HUMAN_KINDS = (
    "page_views",
    "assets",
    "downloads",
    "download_parts",
    "other_ok",
    "redirects",
    "client_errors",
    "server_errors",
)
METHODS = {
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "DELETE",
    "OPTIONS",
    "PATCH",
    "CONNECT",
    "TRACE",
}

# Kinds, visitors, origins.


def kind_of(hit: Hit) -> str:
    """The class of a hit as if a human had sent it; a download may turn out a part."""
    kind = path_kind(path_of(hit)) if hit.method else "none"
    if hit.method == "GET":
        if kind == "page" and hit.status in (200, 304):
            return "page_views"
        if kind == "asset" and hit.status in (200, 206, 304):
            return "assets"
        if kind == "download" and hit.status in (200, 206):
            return "downloads"
    if hit.status < 300 or hit.status == 304:
        return "other_ok"
    if hit.status < 400:
        return "redirects"
    return "client_errors" if hit.status < 500 else "server_errors"


def client_and_network(text: str) -> Tuple[str, str]:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text.lower(), text.lower().partition(".")[2]
    if address.version == 6 and address.ipv4_mapped:
        address = address.ipv4_mapped
    if address.version == 4:
        return str(address), str(address).rpartition(".")[0]
    groups = address.exploded.split(":")
    return ":".join(groups[:4]), ":".join(groups[:3])


def best_language(text: str) -> Optional[str]:
    """The primary subtag with the highest weight, the first of equals."""
    best, best_weight = None, 0.0
    for part in text.split(","):
        name, *parameters = [piece.strip() for piece in part.split(";")]
        weight = 1.0
        for parameter in parameters:
            if parameter.startswith("q="):
                weight = float(parameter[2:])
        if weight > best_weight:
            best, best_weight = name, weight
    subtag = (best or "").split("-")[0].lower()
    return subtag if re.fullmatch(r"[a-z]{2}", subtag) else None


def registrable(host: str) -> str:
    parts = host.split(".")
    keep = 3 if ".".join(parts[-2:]) in TWO_PART_SUFFIXES else 2
    return ".".join(parts[-keep:])


class Origin(NamedTuple):
    source: Tuple[str, str]
    campaign: Optional[Tuple[str, str, str]]
    term: Optional[str]


def origin_of(hit: Hit, labels: Labels, own: set) -> Origin:
    query = query_of(hit.target)
    utm = tuple(
        query.get(f"utm_{name}", "").lower()
        for name in ("source", "medium", "campaign")
    )
    if utm[0] or utm[2]:
        return Origin(("campaign", utm[0]), utm, None)
    if not hit.referrer:
        return Origin(("direct", ""), None, None)
    host = urllib.parse.urlsplit(hit.referrer).hostname
    if host in own:
        return Origin(("internal", ""), None, None)
    if host in labels.products:
        source = labels.products[host]
        term = query_of(hit.referrer).get("q") if source[0] == "search engine" else None
        return Origin(source, None, term)
    return Origin(("site", registrable(host)), None, None)


# Visits.


def chains(hits: List[Hit]) -> Iterator[List[Hit]]:
    """Hits with no more than half an hour between them."""
    chain: List[Hit] = []
    for hit in hits:
        if chain and hit.time - chain[-1].time > TIMEOUT:
            yield chain
            chain = []
        chain.append(hit)
    if chain:
        yield chain


def is_visit(chain: List[Hit]) -> bool:
    return any(kind_of(hit) in ("page_views", "downloads") for hit in chain)


def searches_of(views: List[Hit]) -> List[Tuple[str, str]]:
    """The searches of a visit's page views, each with what came of it."""
    terms = [search_term(view, path_of(view)) for view in views]
    is_paging = [
        i > 0 and terms[i] is not None and terms[i] == terms[i - 1]
        for i in range(len(terms))
    ]
    found = []
    for i, term in enumerate(terms):
        if term is None or is_paging[i]:
            continue
        following = next(
            (j for j in range(i + 1, len(terms)) if not is_paging[j]), None
        )
        if following is None:
            found.append((term, "exits"))
        else:
            found.append(
                (term, "clicks" if terms[following] is None else "refinements")
            )
    return found


def robot_of(hits: List[Hit], labels: Labels) -> Optional[Tuple[str, str]]:
    """Class and name if the visitor is a robot."""
    agent = hits[0].agent
    declared = labels.robot(agent) if agent is not None else None
    if declared:
        return declared
    kinds = [kind_of(hit) for hit in hits]
    if kinds.count("client_errors") >= 20 and "page_views" not in kinds:
        return "scanner", labels.names["scanner"]
    if any(path_of(hit) == "/robots.txt" for hit in hits):
        return "behaving", labels.names["robots_txt"]
    for chain in chains(hits):
        if sum(kind_of(hit) == "page_views" for hit in chain) > 1000:
            return "behaving", labels.names["pages"]
    return None


class DayCount:
    """One day: hits by visitor in, cells out."""

    def __init__(self, day: int, labels: Labels, own: set, has_agent: bool):
        self.day = day
        self.labels = labels
        self.own = own
        self.totals = dict.fromkeys(
            (
                "visitors",
                "visits",
                "page_views",
                "bounces",
                "downloads",
                "site_searches",
                "bytes",
            ),
            0,
        )
        self.human_by_kind = dict.fromkeys(HUMAN_KINDS, 0)
        self.robots_by_class = dict.fromkeys(
            ("declared", "ai", "scanner", "behaving"), 0
        )
        self.robots: Dict[str, list] = {}
        self.networks: List[str] = []
        self.visit_visitor: List[int] = []
        self.tables: Dict[str, dict] = {
            name: {}
            for name in release.TABLES
            if has_agent or name not in ("browsers", "systems", "devices")
        }

    def add(self, table: str, key: tuple, member: Optional[int], *amounts: int) -> None:
        if table not in self.tables:
            return
        sums, members = self.tables[table].setdefault(key, ([0] * len(amounts), set()))
        for i, amount in enumerate(amounts):
            sums[i] += amount
        if member is not None:
            members.add(member)

    def count(self, hits: List[Hit]) -> None:
        """All hits of the day."""
        people: Dict[str, List[Hit]] = {}
        networks: Dict[str, str] = {}
        for hit in sorted(hits, key=lambda h: (h.time, h.file, h.line)):
            if hit.client == "-":
                self.count_nobody(hit)
                continue
            client, network = client_and_network(hit.client)
            token = f"{client}\t{'-' if hit.agent == '' else hit.agent or ''}"
            people.setdefault(token, []).append(hit)
            networks[token] = network
        for token in sorted(people):
            self.count_person(people[token], networks[token])

    def count_robot(self, robot: Tuple[str, str], hits: List[Hit]) -> None:
        self.robots_by_class[robot[0]] += len(hits)
        row = self.robots.setdefault(robot[1], [robot[0], 0, 0, 0])
        row[1] += len(hits)
        row[2] += sum(kind_of(hit) == "page_views" for hit in hits)
        row[3] += sum(hit.size for hit in hits)

    def count_nobody(self, hit: Hit) -> None:
        """The client "-"."""
        robot = self.labels.robot(hit.agent) if hit.agent is not None else None
        if robot:
            self.count_robot(robot, [hit])
            return
        kind = kind_of(hit)
        if kind == "downloads":
            kind = "other_ok"
        self.count_hit(hit, kind, None)
        if kind == "page_views":
            self.totals["page_views"] += 1
            self.add("pages", (path_of(hit),), None, 1)

    def count_hit(self, hit: Hit, kind: str, who: Optional[int]) -> None:
        """What every human hit counts in."""
        self.human_by_kind[kind] += 1
        self.totals["bytes"] += hit.size
        self.add("statuses", (str(hit.status),), who, 1)
        self.add("methods", (hit.method if hit.method in METHODS else "other",), who, 1)
        if hit.status in (404, 410):
            self.add("not_found", (path_of(hit),), who, 1)

    def count_person(self, hits: List[Hit], network: str) -> None:
        robot = robot_of(hits, self.labels)
        if robot:
            self.count_robot(robot, hits)
            return
        visits = [chain for chain in chains(hits) if is_visit(chain)]
        who = None
        if visits:
            who = len(self.networks)
            self.networks.append(network)
            self.totals["visitors"] += 1
        for chain in chains(hits):
            files = set()
            for hit in chain:
                kind = kind_of(hit)
                if kind == "downloads":
                    if path_of(hit) in files:
                        kind = "download_parts"
                    files.add(path_of(hit))
                self.count_hit(hit, kind, who)
        languages = [best_language(hit.language) for hit in hits if hit.language]
        language = next((name for name in languages if name), "(unknown)")
        for chain in visits:
            self.count_visit(chain, who, language)

    def count_visit(self, chain: List[Hit], who: int, language: str) -> None:
        number = len(self.visit_visitor)
        self.visit_visitor.append(who)
        views = [hit for hit in chain if kind_of(hit) == "page_views"]
        gets = [hit for hit in chain if kind_of(hit) == "downloads"]
        keys = [path_of(view) for view in views]
        searches = searches_of(views)
        bounce = int(len(views) == 1 and not gets and not searches)
        for key in keys:
            self.add("pages", (key,), number, 1)
        if views:
            self.add("entry_pages", (keys[0],), who, 1, bounce)
            self.add("exit_pages", (keys[-1],), who, 1)
            self.add("visit_depth", (str(len(views)),), who, 1)
        if len(views) > 1:
            self.add("visit_duration", (str(views[-1].time - views[0].time),), who, 1)
        for step in zip(keys, keys[1:]):
            if step[0] != step[1]:
                self.add("transitions", step, who, 1)
        for path in sorted({path_of(hit) for hit in gets}):
            same = [hit for hit in gets if path_of(hit) == path]
            self.add(
                "downloads",
                (path,),
                who,
                1,
                int(any(h.status == 200 for h in same)),
                sum(hit.size for hit in same),
            )
        for term, outcome in searches:
            self.add(
                "site_searches",
                (term,) if term else (),
                who,
                1,
                *(int(outcome == kind) for kind in ("clicks", "exits", "refinements")),
            )
        for name, amount in (
            ("visits", 1),
            ("page_views", len(views)),
            ("bounces", bounce),
            ("downloads", len({path_of(hit) for hit in gets})),
            ("site_searches", len(searches)),
        ):
            self.totals[name] += amount
        self.count_traits(chain, who, language, len(views), bounce)

    def count_traits(
        self, chain: List[Hit], who: int, language: str, views: int, bounce: int
    ) -> None:
        first = next(
            hit for hit in chain if kind_of(hit) in ("page_views", "downloads")
        )
        origin = origin_of(first, self.labels, self.own)
        self.add("sources", origin.source, who, 1, views, bounce)
        if origin.campaign:
            self.add("campaigns", origin.campaign, who, 1, bounce)
        if origin.term:
            self.add("external_searches", (origin.term,), who, 1)
        self.add("languages", (language,), who, 1, views)
        self.add("hours", (str(chain[0].time % 86400 // 3600),), who, 1, views)
        browser = self.labels.browsers.get(chain[0].agent)
        if browser is None:  # not in the labels: then these tables are not known
            for table in ("browsers", "systems", "devices"):
                self.tables.pop(table, None)
            return
        for table, name in zip(("browsers", "systems", "devices"), browser):
            self.add(table, (name,), who, 1, views)

    def to_json(self) -> dict:
        numbers = {name: i for i, name in enumerate(sorted(set(self.networks)))}
        date = datetime.date(1970, 1, 1) + datetime.timedelta(days=self.day)
        return {
            "date": date.isoformat(),
            "totals": self.totals,
            "human_by_kind": self.human_by_kind,
            "robots_by_class": self.robots_by_class,
            "robots": dict(sorted(self.robots.items())),
            "networks": [numbers[name] for name in self.networks],
            "visit_visitor": self.visit_visitor,
            "tables": {
                name: [
                    [list(key), sums, sorted(members)]
                    for key, (sums, members) in sorted(cells.items())
                ]
                for name, cells in self.tables.items()
            },
        }


def count_logs(paths: List[str], site: Optional[str], labels: Labels) -> dict:
    """The truth about some logs, in truth.json's form."""
    log = Log(site)
    for number, path in enumerate(paths):
        log.read(number, path)
    log.own_host_by_assets()
    days: Dict[int, List[Hit]] = {}
    for hit in log.hits:
        days.setdefault(hit.time // 86400, []).append(hit)
    counted = []
    for day in sorted(days):
        count = DayCount(day, labels, log.own, log.has_agent)
        count.count(days[day])
        counted.append(count.to_json())
    return {"version": 1, "site": site, "reconciliation": log.counts, "days": counted}


def released(truth: dict) -> List[dict]:
    """The released tables of every day, for reading."""
    days = []
    for day in truth["days"]:
        tables = {}
        for name in day["tables"] if release.has_tables(day) else ():
            table = release.release_table(
                release.read_cells(day, name), name, day["networks"]
            )
            if table:
                rows = [
                    {"key": list(key), **row}
                    for key, row in sorted(
                        table.rows.items(),
                        key=lambda item: (
                            -item[1][release.TABLES[name].summed[0]],
                            release.order(item[0]),
                        ),
                    )
                ]
                tables[name] = {
                    "rows": rows,
                    "other": table.other,
                    "total": table.total,
                }
        days.append({"date": day["date"], "tables": tables})
    return days


def main(arguments: List[str]) -> int:
    parser = argparse.ArgumentParser(description="Counts logs by the definitions.")
    parser.add_argument("logs", nargs="+")
    parser.add_argument("--site")
    parser.add_argument(
        "--robots",
        metavar="FILE",
        help="crawler-user-agents.json, for other than simulated logs",
    )
    parser.add_argument("--labels", default=os.path.join(HERE, "labels.json"))
    parser.add_argument("--tables", action="store_true", help="add the released tables")
    options = parser.parse_args(arguments)
    labels = Labels(options.labels)
    if options.robots:
        labels.load_patterns(options.robots)
    truth = count_logs(options.logs, options.site, labels)
    if options.tables:
        truth["released"] = released(truth)
    json.dump(truth, sys.stdout, separators=(",", ":"))
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
