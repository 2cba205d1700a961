"""Log lines for reference.py: files in, hits out, and what a hit's path is.

Plain and slow on purpose; by the definitions, and by nothing of footfall's.
"""

import collections
import datetime
import gzip
import json
import re
import urllib.parse
from typing import Dict, List, NamedTuple, Optional, Tuple

# DESIGN.md 1: what a path is, by its ending.
ASSETS = set(
    "css js mjs map png jpg jpeg gif svg webp avif ico bmp woff woff2 ttf otf eot "
    "ts m3u8 mpd webmanifest".split()
)
DOWNLOADS = set(
    "pdf zip gz tgz tar exe msi dmg pkg deb rpm apk iso doc docx xls xlsx ppt "
    "pptx odt csv epub mp3 mp4".split()
)
OTHERS = re.compile(r"^/(api(/.*)?|feed(\.xml)?/?|rss(\.xml)?/?|robots\.txt)$")
SEARCH_SEGMENTS = {"search", "find", "suche", "recherche", "buscar"}
SEARCH_PARAMETERS = ("q", "query", "s", "search", "term", "keyword", "keywords")
_CLIENT = r"(?P<client>[^ ]+) [^ ]+ [^\[]*\[(?P<time>[^\]]*)\] "
_QUOTED = r'"(?P<%s>(?:[^"\\]|\\.)*)"'
_COMMON = _CLIENT + _QUOTED % "request" + r" (?P<status>[0-9]{3}) (?P<size>[0-9]+|-)"
_COMBINED = _COMMON + " " + _QUOTED % "referrer" + " " + _QUOTED % "agent"
# The narrowest first: of formats that match as many lines the first one is it.
FORMATS = {
    "vhost_combined": re.compile(r"(?P<vhost>[^ ]+:[0-9]+) " + _COMBINED),
    "combined_language": re.compile(_COMBINED + " " + _QUOTED % "language"),
    "combined": re.compile(_COMBINED),
    "common": re.compile(_COMMON),
}


class Labels:
    """Names that are footfall's to choose (labels.json)."""

    def __init__(self, path: str):
        with open(path, encoding="utf-8") as file:
            labels = json.load(file)
        self.products = {}
        for entry in labels["referrers"]:
            host = urllib.parse.urlsplit(entry["url"]).hostname
            self.products[host] = (entry["channel"], entry["name"])
        self.robots = {
            entry["agent"]: (entry["class"], entry["name"])
            for entry in labels["robots"]
        }
        self.names = labels["robot_names"]
        self.browsers = {}
        for entry in labels["browsers"]:
            for version in entry["versions"]:
                self.browsers[entry["agent"].replace("{v}", version)] = (
                    f'{entry["family"]} {version}',
                    entry["system"],
                    entry["device"],
                )
        self.patterns: List[Tuple[re.Pattern, str, str]] = []

    def load_patterns(self, path: str) -> None:
        """Robots of arbitrary logs: the list of npm crawler-user-agents."""
        with open(path, encoding="utf-8") as file:
            for entry in json.load(file):
                kind = "ai" if "ai-crawler" in entry.get("tags", ()) else "declared"
                self.patterns.append(
                    (re.compile(entry["pattern"]), kind, entry["pattern"])
                )

    def robot(self, agent: str) -> Optional[Tuple[str, str]]:
        if agent == "":
            return "declared", self.names["no_agent"]
        if agent not in self.robots and self.patterns:
            self.robots[agent] = next(
                (
                    (kind, name)
                    for pattern, kind, name in self.patterns
                    if pattern.search(agent)
                ),
                None,
            )
        return self.robots.get(agent)


class Hit(NamedTuple):
    """One readable line."""

    time: int
    file: int
    line: int
    client: str
    method: str  # "" for a garbage request
    target: str
    status: int
    size: int
    referrer: Optional[str]  # None where the format has none; "" for "-"
    agent: Optional[str]
    language: Optional[str]


# Lines.


def field(match: re.Match, name: str) -> Optional[str]:
    """A quoted field without the server's escapes; None if the format lacks it."""
    if name not in match.re.groupindex:
        return None
    text = match.group(name)
    return "" if text == "-" else re.sub(r'\\(["\\])', r"\1", text)


MONTHS = {
    name: i + 1
    for i, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split())
}
TIME = re.compile(r"(\d\d)/(\w{3})/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)")


def read_time(text: str) -> Optional[int]:
    """Seconds since 1970, or None if there is no such time."""
    match = TIME.fullmatch(text)
    if not match or match.group(2) not in MONTHS:
        return None
    day, _, year, hour, minute, second, sign, zone_hours, zone_minutes = match.groups()
    offset = int(zone_hours) * 3600 + int(zone_minutes) * 60
    try:
        at = datetime.datetime(
            int(year),
            MONTHS[match.group(2)],
            int(day),
            int(hour),
            int(minute),
            int(second),
            tzinfo=datetime.timezone.utc,
        )
    except ValueError:
        return None
    return int(at.timestamp()) - (offset if sign == "+" else -offset)


def read_request(text: str) -> Tuple[str, str]:
    """Method and target; both empty for garbage."""
    parts = text.split(" ")
    if (
        len(parts) == 3
        and re.fullmatch(r"[A-Za-z]+", parts[0])
        and parts[2].startswith("HTTP/")
    ):
        return parts[0], parts[1]
    return "", ""


def find_format(lines: List[str]) -> str:
    """The format that most of the first lines have as a whole."""
    some = [line for line in lines[:500] if line.strip() and not line.startswith("#")]
    return max(
        FORMATS,
        key=lambda name: sum(bool(FORMATS[name].fullmatch(line)) for line in some),
    )


def read_lines(path: str) -> List[str]:
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rb") as file:
        text = file.read().decode("latin-1")
    lines = text.split("\n")
    if lines and lines[-1] == "":
        lines.pop()
    return [line[:-1] if line.endswith("\r") else line for line in lines]


class Log:
    """All lines of all files, read and counted."""

    def __init__(self, site: Optional[str]):
        self.site = site
        self.own = own_hosts(site)
        self.hits: List[Hit] = []
        self.counts = dict.fromkeys(("lines", "malformed", "blank", "excluded"), 0)
        self.has_agent = True

    def read(self, number: int, path: str) -> None:
        lines = read_lines(path)
        name = find_format(lines)
        self.has_agent &= name != "common"
        for i, line in enumerate(lines):
            self.counts["lines"] += 1
            if line == "" or line.startswith("#"):
                self.counts["blank"] += 1
                continue
            match = FORMATS[name].fullmatch(line)
            time = match and read_time(match.group("time"))
            if time is None:
                self.counts["malformed"] += 1
            elif (
                self.site
                and name == "vhost_combined"
                and match.group("vhost").rsplit(":", 1)[0].lower() not in self.own
            ):
                self.counts["excluded"] += 1
            else:
                self.hits.append(self._hit(match, time, number, i))

    @staticmethod
    def _hit(match: re.Match, time: int, number: int, line: int) -> Hit:
        method, target = read_request(field(match, "request"))
        size = match.group("size")
        return Hit(
            time,
            number,
            line,
            match.group("client"),
            method,
            target,
            int(match.group("status")),
            0 if size == "-" else int(size),
            field(match, "referrer"),
            field(match, "agent"),
            field(match, "language"),
        )

    def own_host_by_assets(self) -> None:
        """Without a site's name: the host that assets are most often referred from."""
        if self.site:
            return
        hosts = collections.Counter(
            urllib.parse.urlsplit(hit.referrer).hostname
            for hit in self.hits
            if hit.referrer and path_kind(path_of(hit)) == "asset"
        )
        if hosts:
            self.own = own_hosts(hosts.most_common(1)[0][0])


def own_hosts(site: Optional[str]) -> set:
    """The site's name and its www twin."""
    if not site:
        return set()
    return {site, site[4:] if site.startswith("www.") else "www." + site}


# Paths.


def path_of(hit: Hit) -> str:
    """The page key: the path, normalized."""
    if not hit.target:
        return ""
    path = re.split(r"[?#]", hit.target, maxsplit=1)[0]
    path = re.sub(r"%([0-9A-Fa-f]{2})", _decode_plain, path)
    path = re.sub(r";[^/]*", "", path)
    path = re.sub(r"/+", "/", path)
    kept: List[str] = []
    segments = path.split("/")[1:]
    for i, segment in enumerate(segments):
        is_last = i + 1 == len(segments)
        if segment == "..":
            kept[-1:] = []
        elif segment != ".":
            kept.append(segment)
            continue
        if is_last:
            kept.append("")
    return "/" + "/".join(kept)


def _decode_plain(match: re.Match) -> str:
    """Percent-encoded letters, digits and -._~ mean themselves."""
    character = chr(int(match.group(1), 16))
    return (
        character
        if re.fullmatch(r"[A-Za-z0-9._~-]", character)
        else match.group().upper()
    )


def path_kind(path: str) -> str:
    ending = path.rsplit("/", 1)[-1].rpartition(".")[2].lower() if "." in path else ""
    if ending in DOWNLOADS:
        return "download"
    if ending in ASSETS:
        return "asset"
    return "other" if OTHERS.match(path) else "page"


def query_of(target: str) -> Dict[str, str]:
    query = target.partition("?")[2]
    return dict(reversed(urllib.parse.parse_qsl(query, keep_blank_values=True)))


def search_term(hit: Hit, path: str) -> Optional[str]:
    """The site search's term if the target is one; "" if the term may not be shown."""
    query = query_of(hit.target)
    names = ()
    if SEARCH_SEGMENTS & set(path.split("/")):
        names = SEARCH_PARAMETERS
    elif path == "/" and "s" in query:
        names = ("s",)
    for name in names:
        term = " ".join(query.get(name, "").lower().split())
        if term:
            return "" if is_personal(term) else term
    return None


def is_personal(term: str) -> bool:
    return "@" in term or "://" in term or sum(c.isdigit() for c in term) >= 5
