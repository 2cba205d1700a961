"""What human visitors do: they land, walk, download, search, leave and come back.

Every step sends its lines and says to the visitor's book what it was. All times of one
visitor grow from step to step (parts of a page come within three seconds after it, and
the next step later than the last of them), so that no two page views or downloads of a
visitor have an order that only a file's order could tell.
"""

import math
import random
from typing import List, NamedTuple, Optional, Tuple
from urllib.parse import quote, quote_plus

from population import LABELS, LANGUAGE_DRAW, Client
from truth import (
    CLIENT_ERROR,
    DAY,
    DIRECT,
    INTERNAL,
    OTHER_OK,
    REDIRECT,
    SERVER_ERROR,
    TIMEOUT,
    WITHHELD,
    Origin,
)
from website import TERMS, WITHHELD_TERMS, Page, Website, weighted, zipf


class Landing(NamedTuple):
    """A way in: what the referrer says, what is added to the target."""

    referrer: str
    query: str
    origin: Origin


# utm_source, utm_medium, utm_campaign; as the definitions read them.
CAMPAIGNS = (
    ("newsletter", "email", "spring-sale"),
    ("newsletter", "email", "june"),
    ("flyer", "print", "spring-sale"),
    ("partner.one", "banner", "widgets"),
    ("affiliate_two", "cpc", "brand"),
    ("", "", "offline-days"),
    ("trade-fair", "", ""),
)

LANGUAGES = [entry for entry in LANGUAGE_DRAW if entry[1]]
BROKEN_LINKS = (
    ("/old/pricelist", 404),
    ("/blog/removed-post", 410),
    ("/static/img/missing-banner.png", 404),
    ("/downloads/lost.pdf", 404),
    ("/products/sold-out/", 410),
    ("/apple-touch-icon.png", 404),
    ("/docs/typo", 404),
    ("/private/area", 403),
    ("/docs/slow", 499),
)


def _campaign_landings() -> List[Landing]:
    landings = []
    for source, medium, campaign in CAMPAIGNS:
        pairs = (
            ("utm_source", source.title() if medium == "cpc" else source),
            ("utm_medium", medium),
            ("utm_campaign", campaign),
        )
        query = "?" + "&".join(f"{name}={value}" for name, value in pairs if value)
        landings.append(
            Landing(
                "-", query, Origin(("campaign", source), (source, medium, campaign))
            )
        )
    return landings


def _referred_landings() -> Tuple[List[Landing], List[float]]:
    landings, weights = [], []
    for entry in LABELS["referrers"]:
        source = (entry["channel"], entry["name"])
        terms = TERMS[:12] if "{term}" in entry["url"] else (None,)
        for term, share in zip(terms, zipf(len(terms), 1.0)):
            url = entry["url"].replace("{term}", quote_plus(term or ""))
            query = "?fbclid=IwAR0abc" if "l.facebook" in url else ""
            landings.append(Landing(url, query, Origin(source, None, term)))
            weights.append(entry["weight"] * share)
    for i, share in enumerate(zipf(40, 0.8)):
        domain = f"kite-shop-{i}." + ("de", "co.uk", "com", "org", "com.au")[i % 5]
        sub = ("www.", "", "news.")[i % 3]
        landings.append(
            Landing(
                f"https://{sub}{domain}/links/page-{i}.html",
                "",
                Origin(("site", domain)),
            )
        )
        weights.append(25 * share)
    return landings, weights


class World:
    """The site and the ways into it; shared by all visitors."""

    def __init__(self, site: Website, has_referrer: bool):
        self.site = site
        self.internal = INTERNAL if has_referrer else DIRECT
        landings, weights = _referred_landings()
        campaigns = _campaign_landings()
        direct = Landing("-", "", DIRECT)
        everything = [direct] + campaigns + landings
        shares = [330] + [12 / (1 + i) for i in range(len(campaigns))] + weights
        if not has_referrer:  # then all that is not said by the target is direct
            everything = [
                landing if landing.origin.campaign else landing._replace(origin=DIRECT)
                for landing in everything
            ]
        self.landings = weighted(everything, shares, 2048)


class Visitor:
    """One human at work. `t` is the time of its last hit, `here` the page it is on."""

    def __init__(self, world: World, client: Client, rng: random.Random, t: int):
        self.world = world
        self.site = world.site
        self.client = client
        self.book = client.book
        self.random = rng.random
        self.t = t
        self.here: Optional[Page] = None
        self.url = "-"
        self.is_fresh = True  # nothing of the site is in the browser's cache

    # Drawing.

    def pick(self, items):
        return items[int(len(items) * self.random())]

    def dwell(self) -> int:
        """Seconds that a page is read."""
        return min(1700, 4 + int(-45 * math.log(1.0 - self.random())))

    def origin(self) -> Origin:
        """What the referrer `url` says; it matters where a visit begins on the site."""
        return DIRECT if self.url == "-" else self.world.internal

    # Single hits.

    def view(
        self,
        t: int,
        page: Page,
        target: str,
        referrer: str,
        origin: Origin,
        status: int = 200,
        term: object = None,
    ) -> None:
        size = page.size if status == 200 else 0
        self.client.send(
            t, self.site.tail(f"GET {target} HTTP/2.0", status, size or "-", referrer)
        )
        self.book.page(t, page.key, status, size, origin, term)
        self.here, self.t = page, t
        self.url = page.url

    def parts(self, batch) -> None:
        """Loads parts of the page just viewed."""
        t = self.t
        n = len(batch.tails)
        if not (t < 0 <= t + 3 or t < DAY <= t + 3):
            self.t = self.client.load(t, batch.tails)
            self.book.assets(self.t, batch.status, batch.size, n)
            return
        for tail in batch.tails:  # over midnight each hit is of its own day
            at = t + int(4 * self.random())
            self.client.send(at, tail)
            self.book.assets(at, batch.status, batch.size)
            self.t = max(self.t, at)

    def other(
        self,
        t: int,
        request: str,
        kind: int,
        status: int,
        size: int,
        path: str = "",
        referrer: Optional[str] = None,
    ) -> None:
        """A hit that is no page view, asset or download."""
        self.client.send(
            t,
            self.site.tail(
                request, status, size, self.url if referrer is None else referrer
            ),
        )
        self.book.other(t, kind, status, size, request.split(" ", 1)[0], path)
        self.t = t

    # Steps: each begins after the last hit and ends at a new one.

    def land(self, page: Page, landing: Landing) -> None:
        self.view(
            self.t, page, page.target + landing.query, landing.referrer, landing.origin
        )
        self.parts(page.first if self.is_fresh else page.stale)
        self.is_fresh = False

    def go(self, page: Optional[Page] = None) -> None:
        """To another page (or, if the link leads there, the same one again)."""
        t = self.t + self.dwell()
        if page is None:
            links = self.here.links if self.here and self.random() < 0.75 else None
            page = self.pick(links or self.site.page_draw)
        self.view(t, page, page.target, self.url, self.origin())
        self.parts(page.later)

    def reload(self) -> None:
        """The same page once more, not modified."""
        page = self.here or self.site.pages[0]
        self.view(
            self.t + self.dwell(), page, page.target, self.url, self.origin(), 304
        )
        self.parts(page.stale)

    def go_by_odd_link(self) -> None:
        """Spellings of a path that are one page key."""
        page = self.pick(self.site.page_draw)
        first, rest = page.key[:2], page.key[2:]
        odd = [
            page.key + "?lang=en&sort=price",
            page.key + ";jsessionid=0A1B2C",
            page.key + '?note=\\"quoted\\"',
            "/." + page.key,
            "/x/.." + page.key,
        ]
        if len(first) == 2:
            odd += [
                "/" + page.key,
                f"/%{ord(first[1]):02x}{rest}",
                f"/%{ord(first[1]):02X}{rest}",
            ]
        self.view(self.t + self.dwell(), page, self.pick(odd), self.url, self.origin())

    def download(
        self,
        origin: Optional[Origin] = None,
        referrer: Optional[str] = None,
        query: str = "",
    ) -> None:
        """A file: at once, in ranges, or some of both."""
        file = self.pick(self.site.file_draw)
        referrer = self.url if referrer is None else referrer
        origin = origin or self.origin()
        kind = self.random()
        if kind < 0.55:
            plan = [(200, file.size)]
        elif kind < 0.75:
            n = 2 + int(5 * self.random())
            plan = [(206, file.size // n)] * n
        elif kind < 0.83:
            plan = [(206, 65536), (200, file.size)]
        elif kind < 0.90:
            plan = [(200, file.size // 3), (206, file.size // 2), (206, 1000)]
        else:
            plan = [(206, 131072)]
        for status, size in plan:
            self.t += 1 + int(6 * self.random())
            self.client.send(
                self.t,
                self.site.tail(
                    f"GET {file.path}{query} HTTP/1.1", status, size, referrer
                ),
            )
            self.book.download(self.t, file.path, status, size, origin)
        if kind > 0.95:  # still the same: no download
            self.other(self.t + 9, f"GET {file.path} HTTP/1.1", OTHER_OK, 304, 0)
        elif kind > 0.92:  # and asked for again, one more part
            self.go()
            self.t += 5
            self.client.send(
                self.t,
                self.site.tail(f"GET {file.path} HTTP/1.1", 200, file.size, self.url),
            )
            self.book.download(self.t, file.path, 200, file.size, self.origin())

    def ask(self, term: str, is_home: bool, number: int = 1) -> None:
        """One page of results."""
        style = self.random()
        written = quote(term) if style < 0.3 else quote_plus(term)
        if style > 0.8:
            written = written.title()
        elif style > 0.7:
            written = written.replace("+", "++")
        page = self.site.pages[0] if is_home else self.site.search
        target = (
            f"/?s={written}"
            if is_home
            else f"/search?query={written}" if style > 0.9 else f"/search?q={written}"
        )
        if number > 1:
            target += f"&page={number}"
        self.view(
            self.t + self.dwell(), page, target, self.url, self.origin(), 200, term
        )
        self.parts(page.later)

    def search(self) -> bool:
        """A site search and what becomes of it; false if the visitor leaves by it."""
        kind = self.random()
        if kind < 0.03:  # an empty term is no search
            self.view(
                self.t + self.dwell(),
                self.site.search,
                "/search?q=",
                self.url,
                self.origin(),
            )
            return True
        if kind < 0.08:
            term = self.pick(WITHHELD_TERMS)
            self.view(
                self.t + self.dwell(),
                self.site.search,
                f"/search?q={quote(term, safe='')}",
                self.url,
                self.origin(),
                200,
                WITHHELD,
            )
            self.go()
            return True
        is_home = kind > 0.92
        term = self.pick(self.site.term_draw)
        self.ask(term, is_home)
        while self.random() < 0.22:
            if self.random() < 0.5:
                self.ask(term, is_home, 2)
                if self.random() < 0.4:
                    self.ask(term, is_home, 3)
            else:
                term = self.pick(TERMS)  # perhaps the same: then it is paging as well
                self.ask(term, is_home)
        outcome = self.random()
        if outcome < 0.6:
            self.go()
            return True
        if outcome < 0.7:
            self.download()  # no page view: the search is left all the same
        return False

    def follow_broken_link(self) -> None:
        path, status = self.pick(BROKEN_LINKS)
        self.other(
            self.t + self.dwell(),
            f"GET {path} HTTP/2.0",
            CLIENT_ERROR,
            status,
            512,
            path,
        )

    def follow_old_link(self) -> None:
        """A redirect (two in a row, now and then) to a page."""
        page = self.pick(self.site.page_draw)
        t = self.t + self.dwell()
        for hop in range(1 + (self.random() < 0.2)):
            self.other(
                t + hop,
                f"GET /moved/{hop} HTTP/2.0",
                REDIRECT,
                self.pick((301, 302, 307, 308)),
                162,
            )
        self.view(self.t + 1, page, page.target, self.url, self.origin())

    def meet_server_error(self) -> None:
        page = self.pick(self.site.page_draw)
        self.other(
            self.t + self.dwell(),
            f"GET {page.target} HTTP/2.0",
            SERVER_ERROR,
            self.pick((500, 502, 503, 504)),
            1024,
        )

    def write(self) -> None:
        """A form: POST, redirect, page of thanks; or a script's call."""
        if self.random() < 0.5:
            self.other(
                self.t + self.dwell(), "POST /api/events HTTP/2.0", OTHER_OK, 204, 0
            )
            return
        self.other(self.t + self.dwell(), "POST /contact HTTP/2.0", REDIRECT, 303, 0)
        self.view(
            self.t + 1,
            self.site.thanks,
            self.site.thanks.target,
            self.url,
            self.origin(),
        )

    def fetch_other(self) -> None:
        """What succeeds and is none of the counted things."""
        request, status, size = self.pick(
            (
                ("GET /feed.xml HTTP/1.1", 200, 20480),
                ("GET /rss HTTP/1.1", 304, 0),
                ("GET /api/status HTTP/2.0", 200, 77),
                ("HEAD / HTTP/1.1", 200, 0),
                ("HEAD /downloads/handbook.pdf HTTP/1.1", 200, 0),
                ("OPTIONS /contact HTTP/1.1", 204, 0),
                ("POST /docs/ HTTP/1.1", 200, 900),
            )
        )
        self.other(self.t + self.dwell(), request, OTHER_OK, status, size)

    # Visits.

    def begin_visit(self) -> None:
        """How a visit begins: mostly on a page."""
        landing = self.pick(self.world.landings)
        self.book.begin(self.t)
        self.here, self.url = None, "-"
        kind = self.random()
        if kind < 0.04:  # straight to a file
            self.download(landing.origin, landing.referrer, landing.query)
            self.url = "-"
            return
        if kind < 0.07:  # by a redirect, which keeps the referrer
            self.other(
                self.t,
                "GET /moved/in HTTP/1.1",
                REDIRECT,
                301,
                162,
                "",
                landing.referrer,
            )
            self.t += 1
        elif kind < 0.08:  # the picture in a mail before the click
            self.client.send(
                self.t,
                self.site.tail("GET /static/img/logo.svg HTTP/2.0", 200, 2048, "-"),
            )
            self.book.assets(self.t, 200, 2048)
            self.t += 5
        self.land(self.pick(self.site.page_draw), landing)

    def take_a_step(self) -> bool:
        """One more thing on the site; false if it is the last."""
        kind = self.random()
        if kind < 0.70:
            self.go()
        elif kind < 0.79:
            return self.search()
        elif kind < 0.87:
            self.download()
        elif kind < 0.90:
            self.follow_broken_link()
        elif kind < 0.92:
            self.follow_old_link()
        elif kind < 0.94:
            self.reload()
        elif kind < 0.96:
            self.go_by_odd_link()
        elif kind < 0.975:
            self.fetch_other()
        elif kind < 0.985:
            self.write()
        elif kind < 0.99:
            self.meet_server_error()
        else:
            self.sit_still()
        return True

    def sit_still(self) -> None:
        """Exactly 30 minutes are one visit; a second more begins another, which comes
        from the site itself."""
        pause = TIMEOUT + (self.random() < 0.5)
        page = self.pick(self.site.page_draw)
        t = self.t + pause
        if t > self.client.limit:
            return
        if pause > TIMEOUT:
            self.book.begin(t)
        self.view(t, page, page.target, self.url, self.origin())

    def visit(self) -> None:
        self.begin_visit()
        if self.random() < 0.25:
            return
        while self.random() < 0.83 and self.t < self.client.limit:
            if not self.take_a_step():
                return

    def come(self) -> None:
        """All that this visitor does today."""
        self.visit()
        while self.random() < 0.14:
            again = self.t + TIMEOUT + 1 + int(20000 * self.random() ** 2)
            if again > self.client.limit:
                return
            if self.random() < 0.05:
                self.client.set_language(self.pick(LANGUAGES))
            self.t = again
            self.visit()
