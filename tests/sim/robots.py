"""What is no human visitor: crawlers, scanners, robots that behave like one, their near
misses (which are human), clients without a name, and lines that are no requests.

Each gets the class that the definitions give it, stated by who planned it.
"""

import random
from typing import Optional

from population import LABELS, Client, LogDay, Population
from truth import CLIENT_ERROR, DAY, DIRECT, OTHER_OK, REDIRECT, Day
from visitors import Visitor, World
from website import weighted

NAMES = LABELS["robot_names"]
ROBOT_DRAW = weighted(
    LABELS["robots"], [entry["weight"] for entry in LABELS["robots"]], 64
)

PROBES = (
    "/wp-login.php",
    "/.env",
    "/phpmyadmin/index.php",
    "/xmlrpc.php",
    "/.git/config",
    "/admin/config.php",
    "/backup.sql",
    "/cgi-bin/luci",
    "/wp-admin/setup-config.php",
    "/vendor/phpunit/eval-stdin.php",
    "/console/",
    "/actuator/health",
)
HANDSHAKE = (
    "\\x16\\x03\\x01\\x02\\x00\\x01\\x00\\x01\\xFC\\x03\\x03\\x8A\\x1F",
    "\\x16\\x03\\x01\\x00\\xEE\\x01\\x00\\x00\\xEA\\x03\\x03",
)
GARBAGE = HANDSHAKE + (
    "\\x03\\x00\\x00/*\\xE0\\x00\\x00\\x00\\x00\\x00Cookie:",
    "-",
    "",
)


class Robots:
    """Everything else in one day's logs."""

    def __init__(
        self,
        world: World,
        people: Population,
        rng: random.Random,
        day: Optional[Day],
        log: LogDay,
    ):
        self.world = world
        self.site = world.site
        self.people = people
        self.rng = rng
        self.day = day
        self.log = log
        self.has_agent = people.has_agent
        self.network = 0

    def _own_network(self) -> str:
        """A network of robots; they share it with nobody human."""
        self.network += 1
        return f"45.{self.network >> 8}.{self.network & 255}"

    def _error(
        self, client: Client, t: int, path: str, status: int, method: str = "GET"
    ) -> None:
        client.send(t, self.site.tail(f"{method} {path} HTTP/1.1", status, 196, "-"))
        client.book.other(t, CLIENT_ERROR, status, 196, method, path)

    def _page(self, client: Client, t: int, page) -> None:
        client.send(
            t, self.site.tail(f"GET {page.target} HTTP/1.1", 200, page.size, "-")
        )
        client.book.page(t, page.key, 200, page.size, DIRECT)

    def _robots_txt(self, client: Client, t: int) -> None:
        if self.rng.random() < 0.7:
            client.send(t, self.site.tail("GET /robots.txt HTTP/1.1", 200, 120, "-"))
            client.book.other(t, OTHER_OK, 200, 120)
        else:
            self._error(client, t, "/robots.txt", 404)

    def crawler(self, t: int) -> None:
        """Says that it is one. In a format without agents only its robots.txt tells."""
        entry = self.rng.choice(ROBOT_DRAW)
        client = self.people.client(self._own_network(), entry["agent"])
        if self.has_agent:
            client.book.is_robot(entry["class"], entry["name"])
        else:
            client.book.is_robot("behaving", NAMES["robots_txt"])
        if self.rng.random() < 0.5 or not self.has_agent:
            self._robots_txt(client, t)
        for _ in range(5 + int(60 * self.rng.random())):
            t += 1 + int(60 * self.rng.random())
            if t >= DAY - 10:
                return
            kind = self.rng.random()
            if kind < 0.9:
                self._page(client, t, self.rng.choice(self.site.pages))
            elif kind < 0.93:
                client.send(t, self.site.tail("GET /moved/0 HTTP/1.1", 301, 162, "-"))
                client.book.other(t, REDIRECT, 301, 162)
            elif kind < 0.96:
                file = self.rng.choice(self.site.file_draw)
                client.send(
                    t, self.site.tail(f"GET {file.path} HTTP/1.1", 200, file.size, "-")
                )
                client.book.download(t, file.path, 200, file.size, DIRECT)
            else:
                self._error(client, t, "/gone/page", 404)

    def agentless(self, t: int) -> None:
        """An agent that is logged and empty is a robot; without agents it is human."""
        client = self.people.client(self._own_network(), "-")
        if self.has_agent:
            client.book.is_robot("declared", NAMES["no_agent"])
        for _ in range(2 + int(6 * self.rng.random())):
            self._page(client, t, self.rng.choice(self.site.page_draw))
            t += 2 + int(20 * self.rng.random())

    def scanner(self, t: int, errors: int, pages: int = 0) -> None:
        """`errors` client errors and `pages` page views: a scanner from 20 errors on if
        there is no page view, else human."""
        client = self.people.client(self._own_network())
        if errors >= 20 and not pages:
            client.book.is_robot("scanner", NAMES["scanner"])
        plan = (
            ["error"] * errors
            + ["page"] * pages
            + ["asset", "head", "moved"][: int(4 * self.rng.random())]
        )
        self.rng.shuffle(plan)
        for what in plan:
            t += int(4 * self.rng.random())
            if what == "error":
                self._probe(client, t)
            elif what == "page":
                self._page(client, t, self.site.pages[0])
            elif what == "asset":
                client.send(
                    t, self.site.tail("GET /favicon.ico HTTP/1.1", 200, 1150, "-")
                )
                client.book.assets(t, 200, 1150)
            elif what == "head":
                client.send(t, self.site.tail("HEAD / HTTP/1.1", 200, 0, "-"))
                client.book.other(t, OTHER_OK, 200, 0, "HEAD")
            else:
                client.send(t, self.site.tail("GET /old HTTP/1.1", 301, 162, "-"))
                client.book.other(t, REDIRECT, 301, 162)

    def _probe(self, client: Client, t: int) -> None:
        kind = self.rng.random()
        if kind < 0.9:
            self._error(
                client,
                t,
                self.rng.choice(PROBES),
                self.rng.choice((404, 404, 404, 403, 401, 410)),
            )
        elif kind < 0.95:
            self._error(client, t, "/upload", 405, self.rng.choice(("PUT", "POST")))
        else:
            client.send(t, self.site.tail(self.rng.choice(HANDSHAKE), 400, 226, "-"))
            client.book.other(t, CLIENT_ERROR, 400, 226, "other")

    def late_confession(self, t: int) -> None:
        """Walks like a human, then asks for robots.txt hours later."""
        client = self.people.client()
        client.limit = t + 3600
        client.book.is_robot("behaving", NAMES["robots_txt"])
        Visitor(self.world, client, self.rng, t).visit()
        client.book.begin(t + 14000)
        self._robots_txt(client, t + 14000)

    def reader(self, t: int, pages: int, visits: int = 1) -> None:
        """Very many pages: over 1,000 in a visit make a robot of it."""
        client = self.people.client(self._own_network())
        if pages > 1000:
            client.book.is_robot("behaving", NAMES["pages"])
        for _ in range(visits):
            client.book.begin(t)
            for _ in range(pages):
                self._page(client, t, self.rng.choice(self.site.pages))
                t += 2 + int(8 * self.rng.random())
            t += 1900

    def nobody(self, t: int) -> None:
        """Clients that the server knows nothing of: human hits, but no visit."""
        client = self.people.nobody()
        self._page(client, t, self.rng.choice(self.site.page_draw))
        client.send(
            t + 1, self.site.tail("GET /static/css/main.css HTTP/1.1", 200, 900, "-")
        )
        client.book.assets(t + 1, 200, 900)
        if self.rng.random() < 0.5:
            file = self.rng.choice(self.site.file_draw)
            client.send(
                t + 2, self.site.tail(f"GET {file.path} HTTP/1.1", 200, 4096, "-")
            )
            client.book.download(t + 2, file.path, 200, 4096, DIRECT)
            self._error(client, t + 3, "/wp-login.php", 404)

    def nameless_robot(self, t: int) -> None:
        """A robot by its agent though the client is "-"."""
        if not self.has_agent:
            return
        entry = self.rng.choice(ROBOT_DRAW)
        client = self.people.nobody(entry["agent"])
        client.send(t, self.site.tail("GET /about HTTP/1.1", 200, 2000, "-"))
        if self.day:
            self.day.add_robot(entry["class"], entry["name"], 1, 1, 2000)

    def garbage(self, t: int) -> None:
        """Requests that are none. They are hits by their status; without an agent (as a
        handshake mostly is) they are a robot's."""
        is_quiet = self.rng.random() < 0.7
        client = self.people.client(self._own_network(), "-" if is_quiet else None)
        if is_quiet and self.has_agent:
            client.book.is_robot("declared", NAMES["no_agent"])
        for i in range(1 + int(3 * self.rng.random())):
            request = self.rng.choice(GARBAGE)
            status = self.rng.choice((400, 400, 400, 408, 200))
            client.send(t + i, self.site.tail(request, status, 226, "-"))
            client.book.other(
                t + i, OTHER_OK if status == 200 else CLIENT_ERROR, status, 226, "other"
            )

    def odd_method(self, t: int) -> None:
        """A method that is not known, by a human who is no visitor."""
        client = self.people.client()
        client.send(t, self.site.tail("PROPFIND /docs/ HTTP/1.1", 405, 300, "-"))
        client.book.other(t, CLIENT_ERROR, 405, 300, "other")


class Noise:
    """Lines that are no requests, and lines of other hosts. They are counted for the
    whole log."""

    def __init__(self, log: LogDay, rng: random.Random, site: World, year: int):
        self.log = log
        self.rng = rng
        self.host = site.site.host
        self.year = year
        self.malformed = self.blank = self.excluded = 0

    def _line(self, server: int, time: str, middle: str) -> str:
        kind = self.log.servers[server].format
        line = f"198.51.100.77 - - [{time}] {middle}"
        if kind == "vhost_combined":
            line = f"{self.host}:443 {line}"
        if kind != "common":
            line += ' "-" "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101"'
        if kind == "combined_language":
            line += ' "en"'
        return line + "\n"

    def malformed_line(self, t: int) -> None:
        server = self.rng.randrange(len(self.log.servers))
        good = f"02/Mar/{self.year}:10:11:12 +0000"
        request = '"GET /about HTTP/1.1"'
        whole = self._line(server, good, request + " 200 512")
        line = self.rng.choice(
            (
                whole[: whole.index("[") + 9] + "\n",
                whole[: whole.index("GET") + 7] + "\n",
                "\x00\x01\xff\xfe garbage \x80\n",
                "nothing like a log line\n",
                self._line(
                    server, f"02/Foo/{self.year}:10:11:12 +0000", request + " 200 512"
                ),
                self._line(
                    server, f"02/Mar/{self.year}:25:61:12 +0000", request + " 200 512"
                ),
                self._line(server, "yesterday at noon", request + " 200 512"),
                self._line(server, good, request + " abc 512"),
                self._line(server, good, request + " 20 512"),
                self._line(server, good, request + " 200 many"),
            )
        )
        self.log.put(server, t, line)
        self.malformed += 1

    def blank_line(self, t: int) -> None:
        server = self.rng.randrange(len(self.log.servers))
        self.log.put(
            server, t, self.rng.choice(("\n", "# a comment\n", "#Software: a server\n"))
        )
        self.blank += 1

    def other_host_line(self, t: int) -> None:
        """A line of another virtual host: excluded where the site is named."""
        server = self.rng.randrange(len(self.log.servers))
        if self.log.servers[server].format == "vhost_combined":
            stamp = self.log.stamps[server][t][:-2]
            line = self._line(server, stamp, '"GET / HTTP/1.1" 200 512')
            self.log.put(server, t, "shop.other.example" + line[len(self.host) :])
            self.excluded += 1
