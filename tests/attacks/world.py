"""Three days of logs: a simulated crowd, and people planted in it with all that a log
can know about them. The same seed gives the same bytes.

    base     day 0, 1, 2
    fewer    day 1 without the victim       part     day 1 up to noon
    flood-N  day 1, and the victim's pages asked for from N networks
    lone-N   day 3: nobody but the victim and that attacker
    hostile  day 4: a crowd that asks for what might act in a page, sheet or terminal
"""

import datetime
import json
import pathlib
import re
import subprocess
import sys
from typing import Dict, List, NamedTuple, Set, Tuple

from attacks import Person

HERE = pathlib.Path(__file__).resolve().parent
SITE = "www.example.org"
START = datetime.date(2026, 3, 2)
LINE = re.compile(
    r'(\S+) \S+ \S+ \[([^\]]+)\] "\S+ (\S+)[^"]*" (\d+) \S+ "([^"]*)" "([^"]*)"'
)
PROGRAM = re.compile(r"bot|crawl|spider|curl|wget|python|monitor|http:|scan|^-$", re.I)
AGENTS = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    f"Chrome/{version}.0.0.0 Safari/537.36"
    for version in range(120, 128)
]
VICTIM = ("198.51.100.77", AGENTS[0] + " VictimPhone/7.2")
VICTIM_KEYS = ["/victim-diary/page", "/victim-diary/", "/victim-diary/*"]
FIRST = "anna bruno carla dario elena fritz greta hugo ilse jonas".split()
LAST = "albrecht bianchi castro dubois eriksen fischer garcia huber".split()
TOPICS = ["divorce lawyer", "numb fingers", "bankruptcy", "clinic", "landscapers",
          "school finder", "60 single men", "lost passport"]
# Personal data by its shape, which everybody asks for.
SHAPED = [
    "term.person@mail-plant.example", "AB123456C", "AB 12 34 56 C", "ab-12-34-56-c",
    "123-45-6789", "123 45 6789", "+4930901820555", "(030) 9018205", "030/9018205",
    "4111 1111 1111 1111", "4111-1111-1111-1111", "DE89370400440532013000",
    "DE89 3704 0044 0532 0130 00", "plant(at)mail-plant.example",
    "plant.two%40mail-plant.example", "52.520008,13.404954", "203.0.113.201",
    "2001:db8:77::5", "m\u00fcller@plant.example", "plant\uff20mail-plant.example",
    "\uff10\uff13\uff10\uff19\uff10\uff11\uff18\uff12", "0176 1234567",
    "\u0660\u0661\u0667\u0666\u0661\u0662\u0663\u0664", "02:c0:ff:ee:ca:fe",
    "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
]
HOSTILE = [
    "<script>steal(1)</script>", "<img src=x onerror=steal(2)>", "\"><b>steal(3)</b>",
    "=cmd|'/c calc'!a1", "@sum(1+1)", "+1+1", "-2+3", "\uff1d1+1", "{{7*7}}",
    "\x1b[31mred", "\x9b31m", "\u202ereversed", "\tx", "tab\x07bell", "=1+1",
    "<!--#exec x", "javascript:steal(4)",
]


class Hit(NamedTuple):
    """A line to be: who, when (seconds of the day), and what the line holds."""

    client: str
    agent: str
    at: int
    target: str
    referrer: str = "-"
    user: str = "-"
    status: int = 200

    def line(self, day: int) -> str:
        date = START + datetime.timedelta(days=day)
        time = f"{self.at // 3600:02}:{self.at // 60 % 60:02}:{self.at % 60:02}"
        return (
            f"{self.client} - {self.user} [{date:%d/%b/%Y}:{time} +0000] "
            f'"GET {self.target} HTTP/1.1" {self.status} 5120 "{self.referrer}" '
            f'"{self.agent}"'
        )


def percent(text: str) -> str:
    return "".join(
        chr(b) if b < 128 and (chr(b).isalnum() or chr(b) in "-._:") else f"%{b:02X}"
        for b in text.encode("utf-8")
    )


def popular(i: int) -> Tuple[str, str]:
    """60 clients of 30 networks, two of each."""
    return f"100.{70 + i // 2}.9.{10 + i % 2}", AGENTS[i % 4]


def regulars(hits: List[List[Hit]], secrets: List[str]) -> None:
    """40 people who come on the first two days, with a name on everything."""
    for i in range(40):
        name = f"{FIRST[i % 10]}-{LAST[i // 5]}{i}"
        client = f"203.0.113.{i + 1}"
        if i % 4 == 0:
            client = f"2001:db8:{0x700 + i:x}:1::{i + 1:x}"
        agent = f"{AGENTS[i % 8]} Device-{name}"
        private = f"https://mail.example.net/u/{name}@post-plant.example/inbox"
        secrets += [client, name, f"session-{name}", f"Device-{name}"]
        for day in (0, 1):
            at = 30000 + i * 500 + day * 77
            pages = [
                Hit(client, agent, at, "/", private, name),
                Hit(client, agent, at + 20, f"/users/{name}/inbox", user=name),
                Hit(client, agent, at + 40, f"/letters-to-{name}", user=name),
                Hit(client, agent, at + 60, f"/blog/?session=session-{name}"),
                Hit(client, agent, at + 80, f"/mail/{name}@post-plant.example"),
                Hit(client, agent, at + 90, f"/report-{name}.pdf"),
                Hit(client, agent, at + 99, f"/lost-{name}", status=404),
            ]
            hits[day] += pages


def searchers(hits: List[List[Hit]], secrets: List[str]) -> None:
    """Queries like AOL's of 2006, by one to three people each: on the site, and in the
    referrer of those search engines that still say."""
    for i in range(200):
        first, last = FIRST[i % 10], LAST[i // 10 % 8]
        term = f"{TOPICS[i % 8]} {first} {last}{chr(97 + i % 26)}{chr(97 + i // 26)}"
        words = term.replace(" ", "+")
        secrets.append(term)
        for n in range(1 + i % 3):
            client, agent = f"192.88.{i}.{n + 9}", AGENTS[n]
            at = 20000 + i * 200
            engine = f"https://www.bing.com/search?q={words}"
            hits[1].append(Hit(client, agent, at, "/docs/", engine))
            hits[1].append(Hit(client, agent, at + 30, f"/search?q={words}"))


def shaped(hits: List[List[Hit]], secrets: List[str]) -> None:
    """60 people of 30 networks each: a threshold does not hide these."""
    for n, text in enumerate(SHAPED):
        secrets.append(text)
        for i in range(60):
            client, agent = popular(i)
            at = 1000 + n * 2500 + i
            engine = f"https://www.bing.com/search?q={percent(text)}"
            hits[1] += [
                Hit(client, agent, at, f"/search?q={percent(text)}", engine),
                Hit(client, agent, at + 9, f"/go/{percent(text)}"),
                Hit(client, agent, at + 19, f"/docs/?utm_source={percent(text)}"),
            ]


def victim(at: int) -> List[Hit]:
    return [
        Hit(*VICTIM, at + 30 * i, page)
        for i, page in enumerate(["/", *VICTIM_KEYS[:2] * 2, "/search?q=victim+words"])
    ]


def flood(networks: int, at: int) -> List[Hit]:
    """200 visitors of so many networks ask for the victim's pages."""
    return [
        Hit(f"45.{99 + n % networks}.7.{1 + n}", f"{AGENTS[n % 8]} v{n}", at + n, page)
        for n in range(200)
        for page in (*VICTIM_KEYS[:2], "/search?q=victim+words")
    ]


def hostile() -> List[Hit]:
    made = []
    for n, text in enumerate(HOSTILE):
        raw = text.replace('"', "%22").replace(" ", "%20")
        written = "".join(c if " " < c < "\x7f" else percent(c) for c in raw)
        for i in range(120):
            client, agent = f"100.{70 + i // 2}.9.{10 + i % 2}", AGENTS[i % 4]
            at = 600 + n * 2500 + i
            made += [
                Hit(client, agent, at, f"/search?q={percent(text)}",
                    f"https://{written.strip('/')}.example/"),
                Hit(client, agent, at + 9, f"/{written}"),
                Hit(client, agent, at + 19, f"/docs/?utm_source={percent(text)}"),
                Hit(f"101.{i}.9.9", written, at + 29, "/docs/", user=written),
            ]
    return made


def people_of(logs: List[List[str]]) -> List[Person]:
    """Who visits, and by day the values that nobody else has."""
    numbers: Dict[Tuple[str, str], int] = {}
    days: List[Set[int]] = []
    marks: List[Dict[int, Tuple[str, ...]]] = []
    for day, lines in enumerate(logs):
        owners: Dict[str, Set[int]] = {}
        for match in filter(None, map(LINE.match, lines)):
            client, _, target, _, referrer, agent = match.groups()
            if PROGRAM.search(agent):
                who = -1
            else:
                who = numbers.setdefault((client, agent), len(numbers))
                if who == len(days):
                    days.append(set())
                    marks.append({})
                days[who].add(day)
            for value in (client, target, target.split("?")[0], referrer, agent):
                if len(value) > 3:
                    owners.setdefault(value, set()).add(who)
        for value, who_has in owners.items():
            if len(who_has) == 1 and -1 not in who_has:
                (who,) = who_has
                marks[who][day] = (*marks[who].get(day, ()), value)
    return [Person(tuple(sorted(d)), m) for d, m in zip(days, marks)]


def in_order(lines: List[str]) -> List[str]:
    """By the time of day in the line; AWStats drops lines that are out of order."""
    times = [match[2][12:20] if (match := LINE.match(line)) else "" for line in lines]
    return [line for _, _, line in sorted(zip(times, range(len(lines)), lines))]


def make(folder: pathlib.Path, seed: str, visitors: int) -> dict:
    """Writes the logs and truth.json; gives the truth."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        [sys.executable, HERE.parent / "sim/simulate.py", "--seed", seed, "--days", "3",
         "--visitors", str(visitors), "--start", START.isoformat(), "--site", SITE,
         "--rotate", "--out", folder / "crowd"],
        check=True, capture_output=True,
    )
    crowd = []
    for day in range(3):
        name = f"access-{START + datetime.timedelta(days=day)}.log"
        text = (folder / "crowd" / name).read_bytes().decode("latin-1")
        crowd.append([line for line in text.split("\n") if LINE.match(line)])
    hits: List[List[Hit]] = [[], [], []]
    truth: Dict[str, object] = {"A1": [], "A9": []}
    regulars(hits, truth["A1"])
    searchers(hits, truth["A9"])
    shaped(hits, truth["A9"])
    base = [
        crowd[day] + [hit.line(day) for hit in hits[day]] for day in range(3)
    ]
    mine = [hit.line(1) for hit in victim(50000)]
    logs = {
        "day-0": base[0], "day-1": base[1] + mine, "day-2": base[2], "fewer": base[1],
        "part": [x for x in base[1] + mine if LINE.match(x)[2][12:14] < "12"],
        "hostile": [hit.line(4) for hit in hostile()],
    }
    for n in (1, 40):
        logs[f"flood-{n}"] = logs["day-1"] + [h.line(1) for h in flood(n, 52000)]
        lone = victim(600) + flood(n, 2000)
        logs[f"lone-{n}"] = [hit.line(3) for hit in lone]
    for name, lines in logs.items():
        text = "\n".join(in_order(lines)) + "\n"
        (folder / f"{name}.log").write_bytes(text.encode("latin-1"))
    people = people_of([logs["day-0"], logs["day-1"], logs["day-2"]])
    clients = sorted({line.split(" ")[0] for line in logs["day-1"]})
    truth["addresses"] = [c for c in clients if c[0].isdigit()][::7][:80]
    truth["people"] = people
    truth["keys"], truth["hostile"] = VICTIM_KEYS, HOSTILE
    (folder / "truth.json").write_text(json.dumps(truth), encoding="utf-8")
    return truth


def read_truth(path: pathlib.Path) -> dict:
    truth = json.loads(path.read_text(encoding="utf-8"))
    truth["people"] = [
        Person(tuple(days), {int(day): tuple(m) for day, m in marks.items()})
        for days, marks in truth["people"]
    ]
    return truth
