#!/usr/bin/python3
"""What privacy costs: the share of page views and of transitions that keep their name,
by threshold, size of the site and period; the README's picture is drawn from it.

    utility.py FOOTFALL [--readme] [--svg FILE]

Sites are made up: page popularity falls with the rank to the power of -0.9, a visit
goes on after 62 of 100 pages, seven in ten steps follow one of ten links; a quarter of
a day's visitors come with the same address all week. Thresholds are those of a day, kn
half of k (few networks hold more than one visitor, so that k decides); weeks take twice
as many of both, as in the product.

Shares are those of tests/sim/release.py, a second implementation of the release, since
the product takes no k under 10. From k 10 on the product must give the same numbers on
a log of the same visits (all but the largest site's week, which would take minutes).
"""
import argparse
import json
import pathlib
import random
import subprocess
import sys
import tempfile
from typing import NamedTuple

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "sim"))

import release  # noqa: E402

README = ROOT / "README.md"
BEGIN, END = "<!-- tests/bench/utility.py draws this -->\n", "<!-- drawn -->\n"
THRESHOLDS = (5, 10, 20, 50)
SITES = ((2000, 400, 12), (20000, 3000, 30), (120000, 15000, 60))
GRAINS = ("day", "week")
TABLES = (("pages", "page views"), ("transitions", "transitions"))
DAYS = {"day": 1, "week": 7}
CELLS = 11
LARGEST_LOG = 1000000  # page views
AGENT = ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like "
         "Gecko) Chrome/126.0.0.0 Safari/537.36")


class Visit(NamedTuple):
    day: int
    second: int
    visitor: int
    pages: list[int]


class Shares(NamedTuple):
    """Of all, by name and in sections; the rest is in "other" or withheld."""
    named: float
    sections: float


def site_pages(n_pages: int, n_sections: int, rng: random.Random) -> list[str]:
    """Keys, the most visited first."""
    return ["/"] + [f"/topic{rng.randrange(n_sections)}/page{number}"
                    for number in range(1, n_pages)]


def make_visits(n_visitors: int, n_pages: int, rng: random.Random) -> list[Visit]:
    """A week of them. Visitors are numbers; regulars have the same all week."""
    weights, total = [], 0.0
    for rank in range(1, n_pages + 1):
        total += rank ** -0.9
        weights.append(total)

    def draw(n: int) -> list[int]:
        return rng.choices(range(n_pages), cum_weights=weights, k=n)

    links = [draw(10) for _ in range(n_pages)]
    visits, regulars, fresh = [], n_visitors // 4, n_visitors // 4
    for day in range(7):
        others = range(fresh, fresh + n_visitors - regulars)
        visitors = [*range(regulars), *others]
        fresh = others.stop
        drawn = draw(2 * n_visitors)
        for visitor in visitors:
            pages = [drawn.pop()]
            while len(pages) < 30 and rng.random() < 0.62:
                follows = rng.random() < 0.7
                pages.append(rng.choice(links[pages[-1]]) if follows or not drawn
                             else drawn.pop())
            visits.append(Visit(day, rng.randrange(82000), visitor, pages))
    return visits


def networks_of(n_visitors: int, rng: random.Random) -> list[int]:
    """By visitor: about two in three have their network to themselves."""
    return [rng.randrange(3 * n_visitors) for _ in range(n_visitors)]


def cells_of(visits: list[Visit], pages: list[str]) -> dict[str, dict]:
    cells: dict[str, dict] = {"pages": {}, "transitions": {}}

    def count(table: str, key: tuple, visitor: int) -> None:
        cell = cells[table].setdefault(key, release.Cell(1))
        cell.sums[0] += 1
        cell.visitors.add(visitor)

    for visit in visits:
        for page in visit.pages:
            count("pages", (pages[page],), visit.visitor)
        for a, b in zip(visit.pages, visit.pages[1:]):
            if a != b:
                count("transitions", (pages[a], pages[b]), visit.visitor)
    return cells


def shares(rows: list[tuple[tuple, int]], total: int) -> Shares:
    def is_section(key: tuple) -> bool:
        return any(part.endswith("/*") for part in key)
    return Shares(sum(n for key, n in rows if not is_section(key)) / total,
                  sum(n for key, n in rows if is_section(key)) / total)


def by_reference(cells: dict, networks: list[int], k: int, kn: int) -> dict:
    release.K, release.KN = k, kn
    found = {}
    for table, _ in TABLES:
        total = sum(cell.sums[0] for cell in cells[table].values())
        made = release.release_table(cells[table], table, networks)
        rows = made.rows.items() if made else []
        found[table] = shares([(key, next(iter(row.values()))) for key, row in rows],
                              total)
    return found


def write_log(path: pathlib.Path, visits: list[Visit], pages: list[str],
              networks: list[int]) -> None:
    hosts: dict[int, list[int]] = {}
    for visitor, network in enumerate(networks):
        hosts.setdefault(network, []).append(visitor)
    address = {visitor: f"{20 + (n >> 16)}.{n >> 8 & 255}.{n & 255}.{host}"
               for n, those in hosts.items() for host, visitor in enumerate(those, 1)}
    lines = sorted((visit.day, visit.second + 25 * step, address[visit.visitor],
                    pages[page])
                   for visit in visits for step, page in enumerate(visit.pages))
    with open(path, "w", encoding="ascii") as log:
        for day, second, client, page in lines:
            clock = f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
            log.write(f'{client} - - [{2 + day:02}/Mar/2026:{clock} +0000] "GET {page} '
                      f'HTTP/1.1" 200 100 "-" "{AGENT}"\n')


def by_product(footfall: str, log: pathlib.Path, grain: str, k: int, kn: int) -> dict:
    done = subprocess.run([footfall, "run", "--now", "2026-04-01T00:00:00Z", "--geo",
                           "none", "--period", grain, "--k", str(k), "--kn", str(kn),
                           "-o", "-", log], check=True, capture_output=True)
    report = json.loads(done.stdout)
    found = {}
    for table, _ in TABLES:
        data = report["tables"][table]
        keys = [(row["key"] if isinstance(row["key"], list) else [row["key"]],
                 next(n for n in row.values() if isinstance(n, int)))
                for row in data["rows"]]
        found[table] = shares([(tuple(key), n) for key, n in keys],
                              next(iter((data["total"] or {"": 1}).values())))
    return found


def measure(footfall: str, folder: pathlib.Path) -> dict[tuple, Shares]:
    """By table, visitors, grain and k."""
    found = {}
    for visitors, n_pages, n_sections in SITES:
        rng = random.Random(f"utility {visitors}")
        pages = site_pages(n_pages, n_sections, rng)
        week = make_visits(visitors, n_pages, rng)
        networks = networks_of(1 + max(visit.visitor for visit in week), rng)
        for grain in GRAINS:
            visits = [visit for visit in week if visit.day < DAYS[grain]]
            cells, factor = cells_of(visits, pages), 1 + GRAINS.index(grain)
            log = folder / "access.log"
            is_checked = sum(len(visit.pages) for visit in visits) < LARGEST_LOG
            if is_checked:
                write_log(log, visits, pages, networks)
            for k in THRESHOLDS:
                least = factor * k, factor * ((k + 1) // 2)
                ours = by_reference(cells, networks, *least)
                if is_checked and k >= 10:
                    theirs = by_product(footfall, log, grain, *least)
                    assert theirs == ours, (visitors, grain, k, theirs, ours)
                found |= {(table, visitors, grain, k): ours[table] for table in ours}
            print(f"{visitors} visitors, {n_pages} pages, by the {grain}: "
                  f"{'as the product says' if is_checked else 'by the reference'}",
                  file=sys.stderr)
    return found


def bar(share: Shares) -> str:
    named = round(CELLS * share.named)
    sections = round(CELLS * (share.named + share.sections)) - named
    return (("█" * named + "▒" * sections).ljust(CELLS, "░")
            + f"{100 * share.named:4.0f}")


def draw(found: dict[tuple, Shares]) -> list[str]:
    heads = "".join(f"k {k}".ljust(CELLS + 6) for k in THRESHOLDS)
    out = []
    for table, title in TABLES:
        out.append(f"{title:<20}{heads}".rstrip())
        for visitors, *_ in SITES:
            for grain in GRAINS:
                bars = "  ".join(bar(found[table, visitors, grain, k])
                                 for k in THRESHOLDS)
                out.append(f"{visitors:>9,} by {grain:<5}  {bars}")
    return out


def put_into_readme(lines: list[str]) -> None:
    text = README.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    assert after, "README.md has not both marks"
    picture = "".join(f"    {line}\n" for line in lines)
    README.write_text(f"{before}{BEGIN}\n{picture}\n{END}{after}", encoding="utf-8")


def svg(found: dict[tuple, Shares]) -> str:
    """Bars as in the text, 100 wide; one row a site, period and table."""
    parts, y = [], 0
    for table, title in TABLES:
        y += 24
        parts.append(f'<text x="0" y="{y}" font-weight="bold">{title}</text>')
        parts += [f'<text x="{130 + 120 * i}" y="{y}">k {k}</text>'
                  for i, k in enumerate(THRESHOLDS)]
        for visitors, grain in ((v, g) for v, *_ in SITES for g in GRAINS):
            y += 18
            parts.append(f'<text x="0" y="{y}">{visitors:,} by {grain}</text>')
            for i, k in enumerate(THRESHOLDS):
                share, x = found[table, visitors, grain, k], 130 + 120 * i
                both = share.named + share.sections
                parts += [f'<rect x="{x}" y="{y - 11}" width="{100 * width:.1f}" '
                          f'height="12" fill="{colour}"/>' for width, colour in
                          ((1, "#dde3ea"), (both, "#8fb3d9"), (share.named, "#1f5f9f"))]
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 {y + 12}" '
            f'font-family="sans-serif" font-size="12">{"".join(parts)}</svg>\n')


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("footfall")
    parser.add_argument("--readme", action="store_true", help="draw into README.md")
    parser.add_argument("--svg", metavar="FILE")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measure(options.footfall, pathlib.Path(folder))
    lines = draw(found)
    print("\n".join(lines))
    if options.readme:
        put_into_readme(lines)
    if options.svg:
        pathlib.Path(options.svg).write_text(svg(found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
