"""The simulated site: pages in sections, their assets, downloads, search terms.

Everything is made once for a seed-independent world, so that two runs differ in their
visitors and not in their site. What a path *is* (page, asset, download) is decided here
and nowhere read from footfall: only paths that the definitions leave no doubt about.
Request lines are prepared as `tails`, the part of a log line between the time and the
agent, because they repeat.
"""

import random
from typing import List, NamedTuple, Sequence, Tuple

WORDS = (
    "garden copper lantern meadow harbor walnut silver canyon violet timber ember "
    "maple river summit velvet orchard pebble willow falcon cedar marble thistle "
    "coral juniper saddle beacon anchor bramble cobalt drift fennel granite hazel "
    "indigo jasper kettle linen mosaic nectar opal prairie quartz ripple sage "
    "tulip umber vista wicker yarrow zephyr"
).split()

TERMS = (
    "blue widget|widget|opening hours|price list|returns|manual|install|"
    "copper lamp|warranty|spare parts|jobs|gift card|garden chair|"
    "red kettle|newsletter|oak table|linen|catalogue|size chart|"
    "delivery time|repair|walnut shelf|contact phone|sale|outdoor light|"
    "colour samples|wool rug|battery|paint"
).split("|")

# Terms that hold personal data: they are searches, but may not be shown.
WITHHELD_TERMS = ("jane.doe@mail.example", "max.muster@post.example")


class Batch(NamedTuple):
    """Requests that a browser makes together: parts of one page."""

    tails: Tuple[str, ...]
    status: int
    size: int  # bytes of each of them


class Page:
    """One page. `key` is its page key, `target` what is requested."""

    __slots__ = ("key", "target", "url", "size", "links", "first", "later", "stale")

    def __init__(self, key: str, url: str, size: int):
        self.key = self.target = key
        self.url = url
        self.size = size
        self.links: List["Page"] = []
        self.first = self.later = self.stale = Batch((), 200, 0)


class File(NamedTuple):
    """A download."""

    path: str
    size: int


def tail(request: str, status: int, size, referrer: str) -> str:
    """The middle of a combined line; `size` may be "-"."""
    return f'"{request}" {status} {size} "{referrer}"'


def common_tail(request: str, status: int, size, _referrer: str) -> str:
    """The same where the format has no referrer."""
    return f'"{request}" {status} {size}'


def weighted(items: Sequence, weights: Sequence[float], slots: int) -> list:
    """A list of about `slots` places to draw from with equal chances; each item is in
    it at least once."""
    total = float(sum(weights))
    drawn: list = []
    for item, weight in zip(items, weights):
        drawn.extend([item] * max(1, round(slots * weight / total)))
    return drawn


def zipf(n: int, exponent: float) -> List[float]:
    return [1.0 / (rank + 1) ** exponent for rank in range(n)]


def _slug(rng: random.Random, n: int) -> str:
    return "-".join(rng.choice(WORDS) for _ in range(n))


def _page_keys(rng: random.Random) -> List[str]:
    """All page keys, the most visited first within their kind; none twice."""
    keys = ["/", "/blog/", "/docs/", "/products/", "/pricing", "/about", "/contact"]
    keys += [f"/docs/{word}" for word in WORDS[:24]]
    keys += [f"/products/{word}/" for word in WORDS[10:40]]
    keys += [f"/blog/{2023 + i % 4}/{_slug(rng, 5)}" for i in range(160)]
    keys += [f"/docs/{rng.choice(WORDS)}/{_slug(rng, 2)}.html" for _ in range(70)]
    keys += [f"/products/{rng.choice(WORDS)}/{_slug(rng, 3)}" for _ in range(120)]
    keys += [f"/events/{_slug(rng, 2)}" for _ in range(14)]
    keys += [f"/labs/{_slug(rng, 2)}" for _ in range(4)]
    keys += ["/press/", "/Imprint", "/legal/terms.html", "/legal/privacy.html"]
    keys += [f"/archive/{_slug(rng, 3)}/{_slug(rng, 2)}" for _ in range(40)]
    return list(dict.fromkeys(keys))


FILES = (
    File("/downloads/handbook.pdf", 2841337),
    File("/downloads/pricelist.pdf", 402133),
    File("/downloads/toolkit-linux.tar.gz", 18233411),
    File("/downloads/toolkit.deb", 15900277),
    File("/downloads/pictures.zip", 51022919),
    File("/media/podcast-intro.mp3", 8123456),
    File("/media/podcast-walnut.mp3", 9311235),
    File("/docs/manual.pdf", 3311904),
    File("/press/kit.zip", 23001100),
    File("/downloads/old-catalogue.pdf", 1200345),
)


class Website:
    """The whole site on `host`; `has_referrer` is a property of the log format."""

    def __init__(self, host: str, has_referrer: bool):
        rng = random.Random("the site")
        self.host = host
        self.base = f"https://{host}"
        self.tail = tail if has_referrer else common_tail
        keys = _page_keys(rng)
        self.pages = [
            Page(key, self.base + key, rng.randrange(4000, 60000)) for key in keys
        ]
        self.page_draw = weighted(self.pages, zipf(len(self.pages), 1.05), 4096)
        self.term_draw = weighted(TERMS, zipf(len(TERMS), 0.9), 512)
        self.file_draw = weighted(FILES, zipf(len(FILES), 0.9), 256)
        self.campus_page = Page(
            "/campus/timetable", self.base + "/campus/timetable", 7000
        )
        self.thanks = Page("/contact/thanks", self.base + "/contact/thanks", 3100)
        self.search = Page("/search", self.base + "/search", 9000)
        for page in self.pages + [self.campus_page, self.thanks, self.search]:
            self._furnish(page, rng)

    def _furnish(self, page: Page, rng: random.Random) -> None:
        """Gives a page its links and its assets."""
        page.links = [rng.choice(self.page_draw) for _ in range(10)]
        frame = [
            "/static/css/main.css",
            "/static/css/print.css",
            "/static/js/vendor.js",
            "/static/js/app.js",
            "/static/fonts/text.woff2",
            "/static/img/logo.svg",
            "/favicon.ico",
        ]
        name = rng.choice(WORDS)
        own = [
            f"/static/img/{name}-{size}.{ending}"
            for size, ending in (("hero", "jpg"), ("small", "png"), ("icon", "svg"))
        ]
        page.first = self._batch(frame + own[: 1 + len(page.key) % 3], 200, 12480, page)
        page.later = self._batch(own[: 1 + len(page.key) % 3], 200, 48211, page)
        page.stale = self._batch(frame[:3] + own[:1], 304, 0, page)

    def _batch(self, paths: List[str], status: int, size: int, page: Page) -> Batch:
        shown = size if status == 200 else "-"
        return Batch(
            tuple(
                self.tail(f"GET {path} HTTP/2.0", status, shown, page.url)
                for path in paths
            ),
            status,
            size,
        )
