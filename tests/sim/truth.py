"""The truth of one day, written down while the simulator plans it.

A `Recorder` follows one visitor: the planner says "a new visit begins", "this page",
"this download", "this search", and the recorder keeps the books of the definitions
(entry, exit, what became of a search, which request made a download). It never sees a
log line. Hits outside the day are not booked, which is just how a day cuts a visit.

`Day` gathers the recorders into cells: for every table and key the measures, and who
contributed. Nothing is thresholded here (that is release.py).
"""

from typing import Dict, List, NamedTuple, Optional, Tuple

DAY = 86400
TIMEOUT = 1800
WITHHELD = ()  # key of searches whose term may not be shown
UNKNOWN = "(unknown)"

PAGE_VIEW, ASSET, DOWNLOAD, PART, OTHER_OK, REDIRECT, CLIENT_ERROR, SERVER_ERROR = (
    range(8)
)
KINDS = (
    "page_views",
    "assets",
    "downloads",
    "download_parts",
    "other_ok",
    "redirects",
    "client_errors",
    "server_errors",
)
ROBOT_CLASSES = ("declared", "ai", "scanner", "behaving")


class Origin(NamedTuple):
    """Where a visit comes from: the key of its source, of its campaign, the term that
    an external referrer carries."""

    source: Tuple[str, str]
    campaign: Optional[Tuple[str, str, str]] = None
    term: Optional[str] = None


DIRECT = Origin(("direct", ""))
INTERNAL = Origin(("internal", ""))


class Browser(NamedTuple):
    """What an agent string says."""

    agent: str
    browser: str
    system: str
    device: str


class Visit:
    """A chain of hits; it is a visit in the end if it has a page view or a download."""

    __slots__ = (
        "first",
        "origin",
        "views",
        "entry",
        "last",
        "first_view",
        "last_view",
        "seen",
        "transitions",
        "files",
        "searches",
        "pending",
        "running",
    )

    def __init__(self, t: int):
        self.first = t
        self.origin: Optional[Origin] = None
        self.views = 0
        self.entry = self.last = None
        self.first_view = self.last_view = 0
        self.seen: Dict[str, int] = {}
        self.transitions: Dict[Tuple[str, str], int] = {}
        self.files: Dict[str, list] = {}  # path: [whole, bytes]
        self.searches: List[list] = []  # [term, what came of it]
        self.pending = False  # the last search awaits its outcome
        self.running: object = None  # term of the page view just before

    def counts(self) -> bool:
        return bool(self.views or self.files)

    def is_bounce(self) -> bool:
        return self.views == 1 and not self.files and not self.searches

    def see_page(self, t: int, key: str) -> None:
        if not self.views:
            self.entry, self.first_view = key, t
        elif self.last != key:
            step = (self.last, key)
            self.transitions[step] = self.transitions.get(step, 0) + 1
        self.views += 1
        self.last, self.last_view = key, t
        self.seen[key] = self.seen.get(key, 0) + 1

    def see_search(self, term: object) -> None:
        """The page view just booked was a search for `term`, or (None) was none."""
        if term is not None and self.running == term:
            return  # paging
        if self.pending:
            self.searches[-1][1] = "clicks" if term is None else "refinements"
        if term is not None:
            self.searches.append([term, "exits"])
        self.pending = term is not None
        self.running = term


class Recorder:
    """Books of one visitor in one day. `identity` is what the token is made of (address
    or /64 or name, agent), `network` what the network's is; `speaks` is the language.
    """

    __slots__ = (
        "identity",
        "network",
        "browser",
        "language",
        "robot",
        "robot_name",
        "visits",
        "visit",
        "last",
        "kinds",
        "statuses",
        "methods",
        "missing",
        "bytes",
        "views",
    )

    def __init__(self, identity: str, network: str, browser: Optional[Browser]):
        self.identity = identity
        self.network = network
        self.browser = browser
        self.language: Optional[str] = None
        self.robot: Optional[str] = None
        self.robot_name = ""
        self.visits: List[Visit] = []
        self.visit: Optional[Visit] = None
        self.last: Optional[int] = None
        self.kinds = [0] * len(KINDS)
        self.statuses: Dict[int, int] = {}
        self.methods: Dict[str, int] = {}
        self.missing: Dict[str, int] = {}
        self.bytes = 0
        self.views = 0  # what would be page views

    def is_robot(self, robot: str, name: str) -> None:
        self.robot, self.robot_name = robot, name

    def speak(self, t: int, language: str) -> None:
        """A hit at `t` logged a language."""
        if self.language is None and 0 <= t < DAY:
            self.language = language

    def begin(self, t: int) -> None:
        """A new visit is planned to begin at `t`: over 30 minutes after all else."""
        if 0 <= t < DAY and self.last is not None:
            assert t - self.last > TIMEOUT, "the plan begins a visit too early"
            self.visit = None

    def _hit(
        self, t: int, kind: int, status: int, method: str, size: int, n: int = 1
    ) -> Visit:
        assert (
            self.last is None or self.visit is None or t - self.last <= TIMEOUT
        ), "the plan goes on with a visit too late"
        if self.visit is None:
            self.visit = Visit(t)
            self.visits.append(self.visit)
        self.last = t if self.last is None else max(self.last, t)
        self.kinds[kind] += n
        self.statuses[status] = self.statuses.get(status, 0) + n
        self.methods[method] = self.methods.get(method, 0) + n
        self.bytes += n * size
        return self.visit

    def page(
        self,
        t: int,
        key: str,
        status: int,
        size: int,
        origin: Origin,
        term: object = None,
    ) -> None:
        """A page view; `term` makes it a site search."""
        if not 0 <= t < DAY:
            return
        visit = self._hit(t, PAGE_VIEW, status, "GET", size)
        if visit.origin is None:
            visit.origin = origin
        self.views += 1
        visit.see_page(t, key)
        visit.see_search(term)

    def download(
        self, t: int, path: str, status: int, size: int, origin: Origin
    ) -> None:
        """A request (200 or 206) for a file."""
        if not 0 <= t < DAY:
            return
        known = self.visit is not None and path in self.visit.files
        visit = self._hit(t, PART if known else DOWNLOAD, status, "GET", size)
        if visit.origin is None:
            visit.origin = origin
        got = visit.files.setdefault(path, [0, 0])
        got[0] |= status == 200
        got[1] += size

    def assets(self, t: int, status: int, size: int, n: int = 1) -> None:
        if 0 <= t < DAY:
            self._hit(t, ASSET, status, "GET", size, n)

    def other(
        self,
        t: int,
        kind: int,
        status: int,
        size: int,
        method: str = "GET",
        path: str = "",
    ) -> None:
        """Any other hit; `path` is its key where the status is 404 or 410."""
        if not 0 <= t < DAY:
            return
        self._hit(t, kind, status, method, size)
        if status in (404, 410):
            self.missing[path] = self.missing.get(path, 0) + 1


class Nobody:
    """Books of the client "-": human hits of no visitor. Has a Recorder's calls."""

    def __init__(self, day: "Day"):
        self.day = day

    def page(self, t, key, status, size, _origin, _term=None):
        if 0 <= t < DAY:
            self.day.add_hits(PAGE_VIEW, status, "GET", size)
            self.day.totals["page_views"] += 1
            self.day.cell("pages", (key,))[0][0] += 1

    def download(self, t, _path, status, size, _origin):
        if 0 <= t < DAY:
            self.day.add_hits(OTHER_OK, status, "GET", size)

    def assets(self, t, status, size, n=1):
        if 0 <= t < DAY:
            for _ in range(n):
                self.day.add_hits(ASSET, status, "GET", size)

    def speak(self, t, language):
        """Nobody's language counts nowhere."""

    def other(self, t, kind, status, size, method="GET", path=""):
        if 0 <= t < DAY:
            self.day.add_hits(kind, status, method, size)
            if status in (404, 410):
                self.day.cell("not_found", (path,))[0][0] += 1


class Silent:
    """A recorder that records nothing (--no-truth)."""

    robot = None

    def _nothing(self, *_args, **_more):
        pass

    page = download = assets = other = speak = begin = is_robot = _nothing


# Measures that a cell sums, the additive one first. Distinct visitors come from the
# cell's members; "pages" has visits as members, whose visitors are known.
SUMMED = {
    "pages": ("page_views",),
    "entry_pages": ("visits", "bounces"),
    "exit_pages": ("visits",),
    "transitions": ("transitions",),
    "downloads": ("downloads", "whole", "bytes"),
    "site_searches": ("searches", "clicks", "exits", "refinements"),
    "external_searches": ("visits",),
    "sources": ("visits", "page_views", "bounces"),
    "campaigns": ("visits", "bounces"),
    "languages": ("visits", "page_views"),
    "browsers": ("visits", "page_views"),
    "systems": ("visits", "page_views"),
    "devices": ("visits", "page_views"),
    "hours": ("visits", "page_views"),
    "visit_depth": ("visits",),
    "visit_duration": ("visits",),
    "statuses": ("hits",),
    "methods": ("hits",),
    "not_found": ("hits",),
}
TOTALS = (
    "visitors",
    "visits",
    "page_views",
    "bounces",
    "downloads",
    "site_searches",
    "bytes",
)


class Day:
    """The unthresholded cells of one day."""

    def __init__(self, date: str, has_agent: bool):
        self.date = date
        self.has_agent = has_agent
        self.totals = dict.fromkeys(TOTALS, 0)
        self.human_by_kind = dict.fromkeys(KINDS, 0)
        self.robots_by_class = dict.fromkeys(ROBOT_CLASSES, 0)
        self.robots: Dict[str, list] = {}  # name: [class, hits, page views, bytes]
        self.tables: Dict[str, dict] = {name: {} for name in SUMMED}
        if not has_agent:
            for name in ("browsers", "systems", "devices"):
                del self.tables[name]
        self.people: List[Recorder] = []
        self.networks: List[str] = []
        self.visit_visitor: List[int] = []

    def recorder(
        self, identity: str, network: str, browser: Optional[Browser]
    ) -> Recorder:
        made = Recorder(identity, network, browser)
        self.people.append(made)
        return made

    def cell(self, table: str, key: tuple) -> tuple:
        """(sums, members) of a cell; members are numbers of visitors, in "pages" of
        visits."""
        cells = self.tables[table]
        if key not in cells:
            cells[key] = ([0] * len(SUMMED[table]), set())
        return cells[key]

    def add(self, table: str, key: tuple, member: Optional[int], *amounts: int) -> None:
        sums, members = self.cell(table, key)
        for i, amount in enumerate(amounts):
            sums[i] += amount
        if member is not None:
            members.add(member)

    def add_hits(self, kind: int, status: int, method: str, size: int) -> None:
        """A human hit of no visitor."""
        self.human_by_kind[KINDS[kind]] += 1
        self.totals["bytes"] += size
        self.add("statuses", (str(status),), None, 1)
        self.add("methods", (method,), None, 1)

    def add_robot(
        self, robot: str, name: str, hits: int, views: int, size: int
    ) -> None:
        self.robots_by_class[robot] += hits
        row = self.robots.setdefault(name, [robot, 0, 0, 0])
        for i, amount in enumerate((hits, views, size)):
            row[i + 1] += amount

    def close(self) -> None:
        """Turns the recorders into cells. Visitors are numbered in order of their
        identity, visits in order of visitor and time, so that two truths can be
        compared as they are."""
        for person in sorted(self.people, key=lambda p: p.identity):
            if person.robot:
                self.add_robot(
                    person.robot,
                    person.robot_name,
                    sum(person.kinds),
                    person.views,
                    person.bytes,
                )
            elif person.last is not None:
                self._add_human(person)
        self.people = []

    def _add_human(self, person: Recorder) -> None:
        visits = [visit for visit in person.visits if visit.counts()]
        who: Optional[int] = None
        if visits:
            who = len(self.networks)
            self.networks.append(person.network)
            self.totals["visitors"] += 1
        for kind, n in enumerate(person.kinds):
            self.human_by_kind[KINDS[kind]] += n
        self.totals["bytes"] += person.bytes
        for status, n in person.statuses.items():
            self.add("statuses", (str(status),), who, n)
        for method, n in person.methods.items():
            self.add("methods", (method,), who, n)
        for path, n in person.missing.items():
            self.add("not_found", (path,), who, n)
        for visit in visits:
            self._add_visit(person, who, visit)

    def _add_visit(self, person: Recorder, who: int, visit: Visit) -> None:
        number = len(self.visit_visitor)
        self.visit_visitor.append(who)
        bounce = int(visit.is_bounce())
        totals = self.totals
        totals["visits"] += 1
        totals["page_views"] += visit.views
        totals["bounces"] += bounce
        totals["downloads"] += len(visit.files)
        totals["site_searches"] += len(visit.searches)
        for key, n in visit.seen.items():
            self.add("pages", (key,), number, n)
        if visit.views:
            self.add("entry_pages", (visit.entry,), who, 1, bounce)
            self.add("exit_pages", (visit.last,), who, 1)
            self.add("visit_depth", (str(visit.views),), who, 1)
        if visit.views > 1:
            self.add(
                "visit_duration", (str(visit.last_view - visit.first_view),), who, 1
            )
        for step, n in visit.transitions.items():
            self.add("transitions", step, who, n)
        for path, (whole, size) in visit.files.items():
            self.add("downloads", (path,), who, 1, int(whole), size)
        for term, outcome in visit.searches:
            key = WITHHELD if term is WITHHELD else (term,)
            self.add(
                "site_searches",
                key,
                who,
                1,
                *(int(outcome == kind) for kind in ("clicks", "exits", "refinements")),
            )
        self._add_traits(person, who, visit, bounce)

    def _add_traits(
        self, person: Recorder, who: int, visit: Visit, bounce: int
    ) -> None:
        origin = visit.origin
        self.add("sources", origin.source, who, 1, visit.views, bounce)
        if origin.campaign:
            self.add("campaigns", origin.campaign, who, 1, bounce)
        if origin.term:
            self.add("external_searches", (origin.term,), who, 1)
        self.add("languages", (person.language or UNKNOWN,), who, 1, visit.views)
        self.add("hours", (str(visit.first // 3600),), who, 1, visit.views)
        if self.has_agent:
            self.add("browsers", (person.browser.browser,), who, 1, visit.views)
            self.add("systems", (person.browser.system,), who, 1, visit.views)
            self.add("devices", (person.browser.device,), who, 1, visit.views)

    def to_json(self) -> dict:
        """For truth.json: sets become sorted lists, cells are in order of their key."""
        numbers = {name: i for i, name in enumerate(sorted(set(self.networks)))}
        return {
            "date": self.date,
            "totals": self.totals,
            "human_by_kind": self.human_by_kind,
            "robots_by_class": self.robots_by_class,
            "robots": {name: self.robots[name] for name in sorted(self.robots)},
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
