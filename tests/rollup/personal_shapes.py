"""Shapes of personal data in a rollup's keys: a second opinion on ingest/scrub.c, made
from the rules' definitions. `is_personal` says whether a part of a key has one.
"""
import datetime
import ipaddress
import math
import re
from urllib.parse import unquote_to_bytes

PERSONS = set(b"account accounts customer customers member members people profile "
              b"profiles u user users".split())
REFERENCES = set(b"activate cart carts confirm invite invites invoice invoices order "
                 b"orders reset resets share shares ticket tickets unsubscribe "
                 b"verify".split())
# What stands for something else. In a text it is a placeholder only as a whole segment.
STANDINS = {b"*", b"...", b"{id}", b"(invalid)"}

# A site's own template for a segment: what is before and behind its placeholder.
TEMPLATES = (re.compile(rb"():[A-Za-z_]\w{0,31}(?!\w)(.*)", re.S),
             re.compile(rb"([^:{][^{]*|)\{[A-Za-z_]\w{0,31}\}(.*)", re.S))
# After a person's word: no person but a part of the site.
FUNCTIONS = set(b"""activate activation add all auth billing change-password confirm
    create dashboard delete edit email favorites favourites forgot forgot-password help
    index info invite list log-in log-out login logoff logon logout me messages new
    notifications oauth overview password preferences recover reg register registration
    reset reset-password search security settings sign-in sign-out sign-up sign_in
    sign_out sign_up signin signout signup subscriptions update verify
    wishlist""".split())
PLAIN = [re.compile(pattern) for pattern in (
    rb"(?i)(?<![a-z0-9._%+'\x80-\xff-])[a-z0-9._%+'\x80-\xff-]{1,64}"
    rb"(?:@|\xef\xbc\xa0|%40|\(at\)|\[at\])[a-z0-9\x80-\xff]"
    rb"(?:[a-z0-9.\x80-\xff-]{0,251}[a-z0-9\x80-\xff])?"
    rb"\.[a-z\x80-\xff]{2,24}(?![a-z\x80-\xff])",  # e-mail
    rb"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}",  # web token
    rb"(?<![A-Za-z0-9])(?:A[KS]IA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}"
    rb"|github_pat_[A-Za-z0-9_]{22}|sk_(?:live|test)_[A-Za-z0-9]{16}"
    rb"|xox[abprs]-[A-Za-z0-9-]{10}|AIza[0-9A-Za-z_-]{35}|ya29\.[0-9A-Za-z_-]{20})",
    rb"(?i)(?<![0-9a-f])[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}(?![0-9a-f])",
    rb"(?i)(?<![0-9a-f:-])[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}"
    rb"(?![0-9a-f:-])",  # hardware address
    rb"(?i)(?<![0-9a-z])(?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{16,}(?![0-9a-z])",
    rb"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)"
    rb"(?!\d)(?!\.\d)",  # IPv4
    rb"(?<![\w+])(?:\+|00)[1-9](?:[ ().-]{0,2}\d){6,14}(?!\d)",  # phone
    rb"(?<![\d-])\d{3}([ -])\d{2}\1\d{4}(?![\d-])",  # social security
    rb"(?i)(?<![a-z0-9])[a-ceghj-pr-tw-z][a-ceghj-npr-tw-z][ -]?(?:\d{2}[ -]?){3}"
    rb"[a-d](?![a-z0-9])",  # national insurance
    rb"(?<![\d.])-?\d{1,3}\.\d{4,}(?:,|%2C|;|/|~)\s?-?\d{1,3}\.\d{4,}(?!\d)",  # place
    rb"(?:\xef\xbc[\x90-\x99]|\xd9[\xa0-\xa9]|\xdb[\xb0-\xb9]){7,}",  # other digits
)]
NUMBER = re.compile(rb"(?<!\d)\d{7,}(?!\d)")


def luhn(digits: bytes) -> bool:
    doubled = [int(c) * (1 + i % 2) for i, c in enumerate(reversed(digits.decode()))]
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0


def is_card(text: bytes) -> bool:
    digits = re.sub(rb"\D", b"", text)
    return 13 <= len(digits) <= 19 and digits[:1] in b"23456" and luhn(digits)


def is_iban(text: bytes) -> bool:
    plain = re.sub(rb"[ -]", b"", text).decode()
    return (15 <= len(plain) <= 34
            and int("".join(str(int(c, 36)) for c in plain[4:] + plain[:4])) % 97 == 1)


def is_ipv6(text: bytes) -> bool:
    try:
        return bool(ipaddress.IPv6Address(text.decode()))
    except ValueError:
        return False


def whole(match: re.Match) -> list[bytes]:
    return [match[0]]


def ends(kind: bytes):
    """What matched, and its beginnings that end where such bytes end."""
    border = re.compile(rb"[%b](?![%b])" % (kind, kind))
    return lambda match: [match[0][:end.end()] for end in border.finditer(match[0])]


CHECKED = [
    (re.compile(rb"(?i)(?<![a-z0-9])[a-z]{2}\d{2}(?:[ -]?[a-z0-9]){11,30}(?![a-z0-9])"),
     ends(b"A-Za-z0-9"), is_iban),
    (re.compile(rb"(?<!\d)(?:\d[ -]?){12,18}\d(?!\d)"), ends(b"0-9"), is_card),
    (re.compile(rb"(?i)(?<![0-9a-z:.])(?=(?:[0-9a-f]*:){2})[0-9a-f:]{2,39}"
                rb"(?:(?<=:)(?:\d{1,3}\.){3}\d{1,3})?(?![0-9a-z:])"), whole, is_ipv6),
]


def finds_checked(text: bytes) -> bool:
    for pattern, forms, check in CHECKED:
        match = pattern.search(text)
        while match:
            if any(map(check, forms(match))):
                return True
            match = pattern.search(text, match.start() + 1)
    return False


def entropy(run: bytes) -> float:
    run = run[:64]
    shares = [run.count(byte) / len(run) for byte in set(run)]
    return -sum(share * math.log2(share) for share in shares)


def is_word(piece: bytes) -> bool:
    return bool(re.fullmatch(rb"[a-z]{3,}|[A-Z]{3,}|[A-Z][a-z]{2,}", piece))


def is_usual(piece: bytes) -> bool:
    """A word, a number of up to eight digits, or something short such as "c17"."""
    return (is_word(piece) or bool(re.fullmatch(rb"\d{0,8}", piece)) or len(piece) < 3
            or len(piece) == 3 and bool(re.search(rb"\d", piece)) or is_code(piece))


def is_code(piece: bytes) -> bool:
    """A product's: "KPC650", "256GB"; or a name such as "FreeBSD", "iPhone"."""
    if piece.isalpha():
        return len(piece) <= 12 and len(re.findall(rb"[A-Z]+|[a-z]+", piece)) <= 4
    return (len(piece) <= 8 and len(re.findall(rb"\d+|\D+", piece)) <= 3
            and (piece == piece.lower() or piece == piece.upper()))


def is_token(run: bytes) -> bool:
    """A letter and a digit; mixed cases or 3.5 bits a byte, and no words."""
    if (run.startswith(b"xn--") or not re.search(rb"\d", run)
            or not re.search(rb"[A-Za-z]", run)):
        return False
    pieces = re.split(rb"[-_]", run)
    has_word = any(map(is_word, pieces))
    if re.search(rb"[a-z]", run) and re.search(rb"[A-Z]", run):
        return not (has_word and all(map(is_usual, pieces)))
    return not has_word and entropy(run) >= 3.5


def is_day(digits: bytes) -> bool:
    """A day from 2000 to 2049; a 29th of February in any year."""
    year, rest = digits[:4].decode(), digits[4:].decode()
    try:
        datetime.datetime.strptime("2000" + rest, "%Y%m%d")
    except ValueError:
        return False
    return len(digits) == 8 and "2000" <= year < "2050"


def finds(text: bytes) -> bool:
    return (any(pattern.search(text) for pattern in PLAIN) or finds_checked(text)
            or not all(map(is_day, NUMBER.findall(text)))
            or any(map(is_token, re.findall(rb"[A-Za-z0-9_-]{16,}", text))))


def names_somebody(before: bytes, segment: bytes) -> bool:
    if segment[:1] in (b"~", b"@"):
        return True
    if before.lower() in PERSONS:
        return segment.split(b".")[0].lower() not in FUNCTIONS
    return (before.lower() in REFERENCES
            and (len(segment) >= 16 or bool(re.search(rb"\d", segment))))


def readings(text: bytes):
    """A text, and with its percent-encoding undone, down to the bottom."""
    yield text
    while (deeper := unquote_to_bytes(text)) != text:
        text = deeper
        yield text


def is_template(segment: bytes) -> bool:
    """A placeholder of a site's own template, with nothing personal around it."""
    return any(all(len(piece) <= 1 or not any(names_somebody(b"", reading)
                                              or finds(reading)
                                              for reading in readings(piece))
                   for piece in match.groups())
               for match in (form.match(segment) for form in TEMPLATES) if match)


def is_long(segment: bytes) -> bool:
    return len(unquote_to_bytes(segment).decode("utf-8", "replace")) > 64


def is_personal(key: str) -> bool:
    """A path is looked at segment by segment, all else as a whole."""
    text = key.encode()
    if text[:1] != b"/":
        return finds(text)
    before = b""
    for segment in text[1:].split(b"/"):
        if segment and segment not in STANDINS and segment[:1] != b"*":
            found = any(names_somebody(name, reading) or finds(reading)
                        for name in readings(before) for reading in readings(segment))
            if (found or is_long(segment)) and not is_template(segment):
                return True
        before = segment
    return False
