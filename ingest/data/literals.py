"""What a regular expression says about the strings it matches: literals of which they
must hold one, and the words a group can take. Sound for PCRE too: what is not
understood gives no literal and no word.

Literals are bytes in lower case, since the prefilter folds ASCII letters."""

import warnings

try:
    from re import _parser as sre
except ImportError:  # before Python 3.11
    import sre_parse as sre

MAX_SET = 64      # literals that are alternatives of one another, while joining
MAX_UNION = 400   # the same, of a whole alternation
MAX_WORDS = 400   # words a group can take
WINDOW = 6        # bytes of a literal that go into the automaton

# Everyday browsers, so that a literal they all hold is known to be a bad one: systems,
# the letters of what runs on them, and what the letters mean.
BLINK = "AppleWebKit/537.36 (KHTML, like Gecko) "
APPLE = "AppleWebKit/605.1.15 (KHTML, like Gecko) "
META = "FBAV/470.0.0.41.82;"
SYSTEMS = {
    "Windows NT 10.0; Win64; x64": "CEOFCE",
    "Macintosh; Intel Mac OS X 10_15_7": "CESS",
    "Macintosh; Intel Mac OS X 10.15; rv:128.0": "F",
    "X11; Linux x86_64": "CF",
    "X11; Ubuntu; Linux x86_64; rv:128.0": "F",
    "X11; CrOS x86_64 14541.0.0": "C",
    "Linux; Android 10; K": "MBC",
    "Linux; Android 14; SM-S918B": "MB",
    "Linux; Android 13; Pixel 7 Build/TQ3A.230901.001; wv": "WA",
    "Linux; Android 12; SM-T220": "C",
    "Android 14; Mobile; rv:128.0": "F",
    "iPhone; CPU iPhone OS 17_5_1 like Mac OS X": "IIGRXY",
    "iPad; CPU OS 17_5 like Mac OS X": "IG",
}
ENDS = {
    "C": BLINK + "Chrome/126.0.0.0 Safari/537.36",
    "E": BLINK + "Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0",
    "O": BLINK + "Chrome/126.0.0.0 Safari/537.36 OPR/112.0.0.0",
    "F": "Gecko/20100101 Firefox/128.0",
    "S": APPLE + "Version/17.5 Safari/605.1.15",
    "M": BLINK + "Chrome/126.0.0.0 Mobile Safari/537.36",
    "B": BLINK + "SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36",
    "W": BLINK + "Version/4.0 Chrome/126.0.6478.122 Mobile Safari/537.36",
    "A": BLINK + "Version/4.0 Chrome/126.0.6478.122 Mobile Safari/537.36 "
         f"[FB_IAB/FB4A;{META}]",
    "I": APPLE + "Version/17.5 Mobile/15E148 Safari/604.1",
    "G": APPLE + "GSA/322.0.644563379 Mobile/15E148 Safari/604.1",
    "R": APPLE + "CriOS/126.0.6478.108 Mobile/15E148 Safari/604.1",
    "X": APPLE + "Mobile/15E148 Instagram 338.0.5.28.84 (iPhone14,5; iOS 17_5_1; "
         "en_US; en; scale=3.00; 1170x2532)",
    "Y": APPLE + f"Mobile/15E148 [FBAN/FBIOS;{META}FBDV/iPhone14,5;FBMD/iPhone]",
}
BROWSERS = [f"Mozilla/5.0 ({system}) {ENDS[letter]}"
            for system, letters in SYSTEMS.items() for letter in letters]


class Rarity:
    """How common a literal is: in browsers above all, in robots somewhat."""

    def __init__(self, robots):
        self.browsers = [b.lower().encode() for b in BROWSERS]
        self.robots = "\n".join(robots).lower().encode()
        self.n_robots = len(robots)
        self.known = {}

    def of(self, text):
        if text not in self.known:
            browsers = sum(text in b for b in self.browsers) / len(self.browsers)
            robots = self.robots.count(text) / self.n_robots
            self.known[text] = browsers + 0.2 * robots + 0.3 * 0.25 ** len(text)
        return self.known[text]

    def of_set(self, texts):
        return sum(map(self.of, texts))


def parse(regex):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return sre.parse(regex)


def folded(code):
    return chr(code).encode("utf-8").lower()


def class_bytes(items):
    """The bytes a small class can be, or None."""
    found = set()
    for op, value in items:
        if str(op) == "LITERAL":
            found.add(folded(value))
        elif str(op) == "RANGE" and value[1] - value[0] < 8:
            found |= {folded(c) for c in range(value[0], value[1] + 1)}
        else:
            return None
    return found if len(found) <= 4 else None


def exact(op, value):
    """All strings an item can match, if they are few; else None."""
    name = str(op)
    if name == "LITERAL":
        return {folded(value)}
    if name == "IN":
        return class_bytes(value)
    if name in ("AT", "ASSERT", "ASSERT_NOT"):
        return {b""}
    if name == "SUBPATTERN":
        return exact_sequence(value[3])
    if name == "BRANCH":
        parts = [exact_sequence(branch) for branch in value[1]]
        joined = None if None in parts else set().union(*parts)
        return joined if joined and len(joined) <= MAX_UNION else None
    if name in ("MAX_REPEAT", "MIN_REPEAT") and value[1] == 1:
        inner = exact_sequence(value[2])
        return inner if inner is None or value[0] == 1 else inner | {b""}
    return None


def exact_sequence(items):
    found = {b""}
    for op, value in items:
        step = exact(op, value)
        if step is None or len(found) * len(step) > MAX_SET and len(found) > 1:
            return None
        found = {a + b for a in found for b in step}
    return found


def needed(op, value, rarity):
    """Sets of literals of which the item's match holds one each."""
    name = str(op)
    if name == "SUBPATTERN":
        return needed_sequence(value[3], rarity)
    if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT") and value[0] > 0:
        return needed_sequence(value[2], rarity)
    if name == "BRANCH":
        parts = [best_literals(branch, rarity) for branch in value[1]]
        if all(parts) and sum(map(len, parts)) <= MAX_UNION:
            return [set().union(*parts)]
    return []


def needed_sequence(items, rarity):
    sets, run = [], {b""}
    for op, value in items:
        step = exact(op, value)
        if step is not None and len(run) * len(step) <= MAX_SET:
            run = {a + b for a in run for b in step}
            continue
        sets.append(run)
        run = {b""} if step is None else step
        if step is None:
            sets += needed(op, value, rarity)
    sets.append(run)
    return [s for s in sets if b"" not in s]


def best_literals(items, rarity):
    """The rarest set of literals of which every match holds one, or None."""
    sets = needed_sequence(items, rarity)
    return min(sets, key=lambda s: (rarity.of_set(s), len(s), sorted(s)), default=None)


def window(text, rarity):
    """The rarest part of a literal that is long."""
    parts = [text[i:i + WINDOW] for i in range(max(1, len(text) - WINDOW + 1))]
    return min(parts, key=lambda part: (rarity.of(part), part))


def words_of_group(items, number):
    """The words group `number` can take; an alternative with any text has none."""
    for op, value in items:
        name = str(op)
        if name == "SUBPATTERN":
            if value[0] == number:
                return words(value[3])
            inner = [value[3]]
        elif name == "BRANCH":
            inner = value[1]
        elif name in ("MAX_REPEAT", "MIN_REPEAT"):
            inner = [value[2]]
        else:
            continue
        for part in inner:
            found = words_of_group(part, number)
            if found:
                return found
    return set()


def words(items):
    found = {""}
    for op, value in items:
        step = word_steps(op, value)
        if not step or len(found) * len(step) > MAX_WORDS:
            return set()
        found = {a + b for a in found for b in step}
    return found


def word_steps(op, value):
    name = str(op)
    if name == "LITERAL":
        return {chr(value)}
    if name == "ANY":
        return {"."}  # an unescaped dot of a version or a host
    if name == "IN" and all(str(o) == "LITERAL" for o, _ in value) and len(value) <= 4:
        return {chr(v) for _, v in value}
    if name in ("AT", "ASSERT", "ASSERT_NOT"):
        return {""}
    if name == "SUBPATTERN":
        return words(value[3])
    if name == "BRANCH":
        return set().union(*(words(branch) for branch in value[1]))
    if name in ("MAX_REPEAT", "MIN_REPEAT") and value[:2] == (0, 1):
        return words(value[2]) | {""}
    return set()
