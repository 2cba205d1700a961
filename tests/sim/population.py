"""Who visits: addresses in shared networks, agents, languages; and the day's log that
their lines go to.

A `LogDay` is the frame of one day: times are seconds from its midnight. Lines are put
into the second in which a server would have written them (a few come some seconds
late), so that no sorting is needed and memory is only what has not been written yet.
A `Client` has its line's head and end prepared; sending is one f-string.
"""

import datetime
import json
import os
import random
from typing import List, NamedTuple, Optional, Set, Tuple

from truth import DAY, Browser, Day, Nobody, Silent
from website import weighted

LATE_MAX = 4
ZONES = {"+0000": 0, "+0100": 3600, "-0500": -18000}

with open(
    os.path.join(os.path.dirname(os.path.abspath(__file__)), "labels.json"),
    encoding="utf-8",
) as _file:
    LABELS = json.load(_file)

# Accept-Language as logged, and the language it means.
LANGUAGES = (
    ("en-US,en;q=0.9", "en", 300),
    ("de-DE,de;q=0.9,en-US;q=0.8", "de", 220),
    ("fr-FR,fr;q=0.8,en;q=0.5", "fr", 90),
    ("es-ES,es;q=0.9", "es", 60),
    ("nl", "nl", 25),
    ("en;q=0.5, fr;q=0.9", "fr", 15),
    ("pt-BR", "pt", 15),
    ("pl-PL,pl;q=0.9", "pl", 12),
    ("da", "da", 4),
    ("*", None, 6),
    ("-", None, 12),
)
LANGUAGE_DRAW = weighted(
    [entry[:2] for entry in LANGUAGES], [entry[2] for entry in LANGUAGES], 512
)


def _browsers() -> list:
    """All browsers as a list to draw from with equal chances."""
    browsers, weights = [], []
    for entry in LABELS["browsers"]:
        for version, weight in entry["versions"].items():
            browsers.append(
                Browser(
                    entry["agent"].replace("{v}", version),
                    f'{entry["family"]} {version}',
                    entry["system"],
                    entry["device"],
                )
            )
            weights.append(weight)
    return weighted(browsers, weights, 1024)


BROWSER_DRAW = _browsers()


class Server(NamedTuple):
    """How one server logs."""

    format: str  # common, combined, combined_language, vhost_combined
    zone: str = "+0000"


class LogDay:
    """Lines of one day by server and second of writing."""

    def __init__(self, date: datetime.date, servers: List[Server], is_last: bool):
        self.servers = servers
        self.is_last = is_last
        self.logs: List[list] = [
            [[] for _ in range(DAY + LATE_MAX + 1)] for _ in servers
        ]
        self.stamps = [self._stamps(date, server.zone) for server in servers]
        # 32 equal chances: which server, and which of a client's line ends.
        self.route = [i % len(servers) for i in range(32)]
        self.end = [
            0 if servers[s].format != "combined_language" else 2 if i >= 30 else 1
            for i, s in enumerate(self.route)
        ]
        # 256 equal chances: seconds that a line is late.
        self.late = [1 + i % LATE_MAX if i < 8 else 0 for i in range(256)]
        self.has_language = any(s.format == "combined_language" for s in servers)

    @staticmethod
    def _stamps(date: datetime.date, zone: str) -> List[str]:
        """The time field of each second of the day; the last entries are the seconds
        before midnight, which negative times find."""
        midnight = datetime.datetime(date.year, date.month, date.day)
        first = midnight + datetime.timedelta(seconds=ZONES[zone])
        before = first - datetime.timedelta(seconds=LATE_MAX)
        stamps: List[str] = []
        for start, seconds in ((first, DAY), (before, LATE_MAX)):
            for t in range(seconds):
                at = start + datetime.timedelta(seconds=t)
                if t == 0 or at.second == 0:
                    minute = at.strftime("%d/%b/%Y:%H:%M:")
                stamps.append(f"{minute}{at.second:02d} {zone}] ")
        return stamps

    def put(self, server: int, t: int, line: str) -> None:
        """A line that is no client's (blank, malformed)."""
        self.logs[server][t].append(line)

    def take(self, server: int, begin: int, end: int) -> str:
        """The lines written in [begin, end), in order; they are forgotten here."""
        log = self.logs[server]
        if end >= DAY:  # late lines after midnight are the next day's
            end = len(log) if self.is_last else DAY
        text = "".join([line for lines in log[begin:end] for line in lines])
        log[begin:end] = [None] * (end - begin)
        return text


class Place(NamedTuple):
    """Where a client is: its identity, its network, the texts that a log may show."""

    identity: str
    network: str
    texts: Tuple[str, ...]


class Client:
    """One visitor's browser: writes its lines and has them booked."""

    __slots__ = (
        "log",
        "book",
        "bits",
        "heads",
        "ends",
        "language",
        "silent",
        "limit",
        "agent",
    )

    def __init__(
        self,
        log: LogDay,
        book,
        bits,
        place: Place,
        agent: str,
        language: Tuple[str, Optional[str]],
        vhost: str,
    ):
        self.log, self.book, self.bits = log, book, bits
        prefix = f"{vhost} " if vhost else ""
        texts = place.texts * (4 // len(place.texts))
        self.heads = tuple(f"{prefix}{text} - - [" for text in texts)
        bare = log.servers[0].format == "common"
        self.ends = ["\n"] if bare else [f' "{agent}"\n', "", f' "{agent}" "-"\n']
        self.agent = agent
        self.limit = DAY
        self.set_language(language)

    def set_language(self, language: Tuple[str, Optional[str]]) -> None:
        """What the browser's Accept-Language is, and the language that this means."""
        if len(self.ends) > 1:
            self.ends[1] = f' "{self.agent}" "{language[0]}"\n'
        self.language = language[1]
        self.silent = language[1] is None or not self.log.has_language

    def send(self, t: int, tail: str) -> None:
        r = self.bits(16)
        i = r & 31
        log = self.log
        end = log.end[i]
        if end == 1 and not self.silent:
            self._speak(t)
        written = t + log.late[r >> 8]
        if written >= 0 and t < DAY:
            server = log.route[i]
            log.logs[server][written].append(
                f"{self.heads[i & 3]}{log.stamps[server][t]}{tail}{self.ends[end]}"
            )

    def load(self, t: int, tails: Tuple[str, ...]) -> int:
        """Sends requests within three seconds from `t` on; gives the last one's time.
        The same as send in a loop, for speed. Books nothing but the language."""
        bits, log, heads, ends = self.bits, self.log, self.heads, self.ends
        routes, line_ends, late, logs, stamps = (
            log.route,
            log.end,
            log.late,
            log.logs,
            log.stamps,
        )
        last = t
        for tail in tails:
            r = bits(16)
            i = r & 31
            at = t + (r >> 5 & 3)
            if at > last:
                last = at
            end = line_ends[i]
            if end == 1 and not self.silent:
                self._speak(at)
            written = at + late[r >> 8]
            if written >= 0 and at < DAY:
                server = routes[i]
                logs[server][written].append(
                    f"{heads[i & 3]}{stamps[server][at]}{tail}{ends[end]}"
                )
        return last

    def _speak(self, t: int) -> None:
        """A line says the language; the day's first is enough."""
        if 0 <= t < DAY:
            self.book.speak(t, self.language)
            self.silent = True


# First bytes of networks that are given out to users in many countries.
FIRST_BYTES = (
    2,
    5,
    24,
    31,
    37,
    46,
    62,
    66,
    71,
    77,
    78,
    79,
    80,
    81,
    82,
    83,
    84,
    85,
    86,
    87,
    88,
    89,
    91,
    93,
    95,
    99,
    101,
    109,
    110,
    115,
    121,
    125,
    151,
    176,
    178,
    186,
    188,
    193,
    200,
    201,
    212,
    217,
)
DOCUMENTATION = ("192.0.2", "198.51.100", "203.0.113")
V6_BLOCKS = ("2a02:8108", "2003:00e1", "2601:0645", "2001:0db8")


def _plain(group: str) -> str:
    return group.lstrip("0") or "0"


class Population:
    """Draws clients that no other client of the same day equals. `hosts` is the range
    of last bytes it may use, so that two populations share networks but no address."""

    def __init__(
        self,
        rng: random.Random,
        size: int,
        hosts: range,
        log: LogDay,
        day: Optional[Day],
        host: str,
    ):
        self.rng = rng
        self.hosts = hosts
        self.log = log
        self.day = day
        self.has_agent = log.servers[0].format != "common"
        self.vhosts = (
            [f"{host}:443"] * 15 + [f"{host[4:] if host[:4] == 'www.' else host}:80"]
            if log.servers[0].format == "vhost_combined"
            else [""]
        )
        self.taken: Set[Tuple[str, str]] = set()
        self.previous: Optional[Place] = None
        world = random.Random("networks")
        n = max(12, size // 7)
        self.networks = [
            f"{world.choice(FIRST_BYTES)}.{world.randrange(256)}.{world.randrange(256)}"
            for _ in range(n)
        ]
        self.networks[4:4] = DOCUMENTATION
        self.networks6 = [
            f"{world.choice(V6_BLOCKS)}:{world.randrange(65536):04x}"
            for _ in range(max(6, n // 8))
        ]
        self.domains = [f"dyn{i % 7}.isp{i}.example" for i in range(max(6, n // 12))]

    def _skewed(self, items: list):
        return items[int(len(items) * self.rng.random() ** 2)]

    def v4(self, network: str) -> Place:
        hosts = self.hosts
        address = f"{network}.{hosts[int(self.rng.random() * len(hosts))]}"
        return Place(address, network, (address,))

    def _v6(self) -> Place:
        """One /64, of which up to four addresses are seen, in several spellings."""
        network = self._skewed(self.networks6)
        subnet = self.hosts[0] << 8 | int(self.rng.random() * 256)
        prefix = ":".join(_plain(g) for g in network.split(":")) + f":{subnet:x}"
        n = self.rng.randrange(1, 65536)
        texts = (
            f"{prefix}::{n:x}",
            f"{prefix}:0:0:1:{n + 7 & 65535:x}",
            f"{prefix.upper()}::BEEF",
            f"{prefix}::1",
        )
        return Place(f"{network}:{subnet:04x}", network, texts)

    def _name(self) -> Place:
        domain = self._skewed(self.domains)
        n = self.hosts[0] * 1000 + int(self.rng.random() * 1000)
        name = f"host-{n}.{domain}"
        return Place(name, domain, (name,))

    def place(self) -> Place:
        kind = self.rng.random()
        if kind < 0.10 and self.previous and self.has_agent:
            return self.previous  # another agent behind one address
        if kind < 0.18:
            return self._v6()
        if kind < 0.23:
            return self._name()
        place = self.v4(self._skewed(self.networks))
        if kind < 0.24:  # the same address, mapped into IPv6
            return place._replace(texts=(place.identity, "::ffff:" + place.identity))
        return place

    def client(
        self, network: Optional[str] = None, agent: Optional[str] = None
    ) -> Client:
        """A client that is new today: anybody with any browser, or somebody of
        `network`, or with `agent`."""
        while True:
            browser = BROWSER_DRAW[int(self.rng.random() * len(BROWSER_DRAW))]
            where = self.v4(network) if network else self.place()
            shown = browser.agent if agent is None else agent
            mark = (where.identity, shown if self.has_agent else "")
            if mark not in self.taken:
                break
        self.taken.add(mark)
        self.previous = where
        book = (
            self.day.recorder("\t".join(mark), where.network, browser)
            if self.day
            else Silent()
        )
        return self._connect(where, shown, book)

    def nobody(self, agent: Optional[str] = None) -> Client:
        """A client that the server logs as "-"."""
        shown = self.rng.choice(BROWSER_DRAW).agent if agent is None else agent
        return self._connect(
            Place("-", "-", ("-",)), shown, Nobody(self.day) if self.day else Silent()
        )

    def _connect(self, where: Place, agent: str, book) -> Client:
        vhost = self.vhosts[int(self.rng.random() * len(self.vhosts))]
        language = LANGUAGE_DRAW[int(self.rng.random() * len(LANGUAGE_DRAW))]
        return Client(
            self.log, book, self.rng.getrandbits, where, agent, language, vhost
        )
