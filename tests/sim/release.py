"""The release algorithm, plainly: exact cells of a day in, released tables out.

A row needs k visitors and kn networks. What falls short folds into its section (or
family, or channel), a section that falls short into "other", and "other" must stand as
well: while it does not, the smallest rows go into it (one, then two more, then four
more, ...) and it is counted again. (One is always enough, because a row stands by
itself.) If it cannot stand with every row in it there is no table. Visitors, visits and
networks are counted with real sets.
"""

from typing import Callable, Dict, List, NamedTuple, Optional, Set, Tuple

K, KN = 10, 5
Key = Tuple[str, ...]


def section(path: str) -> str:
    """ "/blog/post" and "/blog/" are in "/blog/*", "/about" in "/about/*"."""
    first = path.lstrip("/").split("/", 1)[0]
    return f"/{first}/*" if first else "/"


def fold_path(key: Key) -> Key:
    return (section(key[0]),)


def fold_transition(key: Key) -> Key:
    return (section(key[0]), section(key[1]))


def fold_source(key: Key) -> Key:
    return (key[0], "(other)")


def fold_browser(key: Key) -> Key:
    """ "Chrome Mobile 126" to "Chrome Mobile"."""
    family, _, version = key[0].rpartition(" ")
    return (family if family and version.isdigit() else key[0],)


class TableRules(NamedTuple):
    """How a table is released. `summed` names the measures that a cell sums, the
    additive one first; `distinct` those that its members give."""

    summed: Tuple[str, ...]
    distinct: Tuple[str, ...] = ("visitors",)
    fold: Optional[Callable[[Key], Key]] = None
    times: int = 1


TABLES: Dict[str, TableRules] = {
    "pages": TableRules(("page_views",), ("visits", "visitors"), fold_path),
    "entry_pages": TableRules(("visits", "bounces"), fold=fold_path),
    "exit_pages": TableRules(("visits",), fold=fold_path),
    "transitions": TableRules(("transitions",), fold=fold_transition),
    "downloads": TableRules(("downloads", "whole", "bytes"), fold=fold_path),
    "site_searches": TableRules(
        ("searches", "clicks", "exits", "refinements"), times=2
    ),
    "external_searches": TableRules(("visits",), times=2),
    "sources": TableRules(("visits", "page_views", "bounces"), fold=fold_source),
    "campaigns": TableRules(("visits", "bounces")),
    "languages": TableRules(("visits", "page_views")),
    "browsers": TableRules(("visits", "page_views"), fold=fold_browser),
    "systems": TableRules(("visits", "page_views")),
    "devices": TableRules(("visits", "page_views")),
    "hours": TableRules(("visits", "page_views"), ()),
    "visit_depth": TableRules(("visits",), ()),
    "visit_duration": TableRules(("visits",), ()),
    "statuses": TableRules(("hits",), ()),
    "methods": TableRules(("hits",), ()),
    "not_found": TableRules(("hits",), fold=fold_path),
}


class Cell:
    """A cell with its sums and the sets of those who contributed."""

    __slots__ = ("sums", "visitors", "visits")

    def __init__(self, n_sums: int):
        self.sums = [0] * n_sums
        self.visitors: Set[int] = set()
        self.visits: Set[int] = set()

    def merge(self, other: "Cell") -> None:
        self.sums = [a + b for a, b in zip(self.sums, other.sums)]
        self.visitors |= other.visitors
        self.visits |= other.visits


class Table(NamedTuple):
    """A released table: rows by key, each with its measures by name."""

    rows: Dict[Key, Dict[str, int]]
    other: int
    total: int


def read_cells(day: dict, name: str) -> Dict[Key, Cell]:
    """The cells of a table as truth.json has them (see truth.Day.to_json)."""
    visitor_of = day["visit_visitor"]
    cells = {}
    for key, sums, members in day["tables"][name]:
        cell = Cell(len(sums))
        cell.sums = list(sums)
        if name == "pages":
            cell.visits = set(members)
            cell.visitors = {visitor_of[visit] for visit in members}
        else:
            cell.visitors = set(members)
        cells[tuple(key)] = cell
    return cells


def order(key: Key) -> bytes:
    return "\0".join(key).encode("utf-8")


class Release:
    """One table of one day on its way out."""

    def __init__(self, rules: TableRules, networks: List[int]):
        self.rules = rules
        self.networks = networks
        self.rows: Dict[Key, Cell] = {}
        self.other = Cell(len(rules.summed))
        self.is_other_empty = True

    def stands(self, cell: Cell) -> bool:
        if len(cell.visitors) < K * self.rules.times:
            return False
        return len({self.networks[v] for v in cell.visitors}) >= KN * self.rules.times

    def put_aside(self, cell: Cell) -> None:
        self.other.merge(cell)
        self.is_other_empty = False

    def fold(self, cells: Dict[Key, Cell]) -> None:
        """Rows, sections and other. The empty key is what must be withheld."""
        sections: Dict[Key, Cell] = {}
        for key, cell in cells.items():
            if key and self.stands(cell):
                self.rows[key] = cell
            elif key and self.rules.fold:
                into = self.rules.fold(key)
                sections.setdefault(into, Cell(len(cell.sums))).merge(cell)
            else:
                self.put_aside(cell)
        for key, cell in sections.items():
            if self.stands(cell):
                assert key not in self.rows, f"{key} is a row and a section"
                self.rows[key] = cell
            else:
                self.put_aside(cell)

    def settle_other(self) -> bool:
        """Lets "other" grow until it stands; false if it cannot."""
        smallest = sorted(
            self.rows, key=lambda key: (len(self.rows[key].visitors), order(key))
        )
        step = 1
        while not self.is_other_empty and not self.stands(self.other):
            if not smallest:
                return False
            for key in smallest[:step]:
                self.put_aside(self.rows.pop(key))
            smallest = smallest[step:]
            step *= 2
        return True

    def row(self, cell: Cell) -> Dict[str, int]:
        measures = dict(zip(self.rules.summed, cell.sums))
        for name in self.rules.distinct:
            measures[name] = len(cell.visits if name == "visits" else cell.visitors)
        return measures


def release_table(
    cells: Dict[Key, Cell], name: str, networks: List[int]
) -> Optional[Table]:
    """The released table, or None if it cannot stand."""
    work = Release(TABLES[name], networks)
    work.fold(cells)
    if not work.settle_other():
        return None
    total = sum(cell.sums[0] for cell in cells.values())
    return Table(
        {key: work.row(cell) for key, cell in work.rows.items()},
        work.other.sums[0],
        total,
    )


def could_stand(cells: Dict[Key, Cell], name: str, networks: List[int]) -> bool:
    """Whether the table stands however its keys are divided: it does if and only if all
    its visitors together do (or there is nothing in it)."""
    everything = Cell(len(TABLES[name].summed))
    for cell in cells.values():
        everything.merge(cell)
    return not cells or Release(TABLES[name], networks).stands(everything)


def has_totals(day: dict) -> bool:
    return day["totals"]["visitors"] >= K and len(set(day["networks"])) >= KN


def has_tables(day: dict) -> bool:
    return has_totals(day) and day["totals"]["visitors"] >= 5 * K
