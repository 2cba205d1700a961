"""Shapes of personal data in a rollup's keys, made from the rules' definitions: a second
opinion on ingest/scrub.c. `is_personal` says whether a part of a key has one."""
import ipaddress
import math
import re
from urllib.parse import unquote_to_bytes

PERSONS = set(b"account accounts customer customers member members people profile "
              b"profiles u user users".split())
REFERENCES = set(b"""activate cart carts confirm invite invites invoice invoices order
    orders reset resets share shares ticket tickets unsubscribe verify""".split())
# After a person's word: no person but a part of the site.
PARTS = set(b"""activate activation add all auth billing change-password confirm create
    dashboard delete edit email favorites favourites forgot forgot-password help index
    info invite list log-in log-out login logoff logon logout me messages new
    notifications oauth overview password preferences recover reg register registration
    reset reset-password search security settings sign-in sign-out sign-up sign_in
    sign_out sign_up signin signout signup subscriptions update verify
    wishlist""".split())
# A site's own template for a segment: what is before and behind its placeholder.
TEMPLATES = (re.compile(rb"():[A-Za-z_]\w{0,31}(?!\w)(.*)", re.S),
             re.compile(rb"([^:{][^{]*|)\{[A-Za-z_]\w{0,31}\}(.*)", re.S))
# In a run of letters and digits: a word, and what else is usual there (a number, "c17",
# a name such as "FreeBSD", a product's code such as "KPC650").
WORD = re.compile(rb"[a-z]{3,}|[A-Z]{3,}|[A-Z][a-z]{2,}")
USUAL = re.compile(rb"[A-Z]?[a-z]*|[A-Z]*|\d{0,8}|.{0,2}|(?=.*\d).{3}"
                   rb"|(?=.{1,12}\Z)(?:[A-Z]+|[a-z]+){1,4}"
                   rb"|(?=.{1,8}\Z)(?:(?:\d+|[A-Z]+){1,3}|(?:\d+|[a-z]+){1,3})")


def is_card(text: bytes) -> bool:
    digits = re.sub(rb"\D", b"", text).decode()
    doubled = [int(c) * (1 + i % 2) for i, c in enumerate(reversed(digits))]
    return (13 <= len(digits) <= 19 and digits[:1] in "23456"
            and sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0)


def is_iban(text: bytes) -> bool:
    plain = re.sub(rb"[ -]", b"", text).decode()
    return (15 <= len(plain) <= 34
            and int("".join(str(int(c, 36)) for c in plain[4:] + plain[:4])) % 97 == 1)


def is_ipv6(text: bytes) -> bool:
    try:
        return bool(ipaddress.IPv6Address(text.decode()))
    except ValueError:
        return False


# A pattern, and what holds for a match of it, or for its part before a space or dash.
SHAPES = [(re.compile(rb"(?=(%b))" % pattern), check) for pattern, check in (
    (rb"(?i:(?<![a-z0-9._%+'\x80-\xff-])[a-z0-9._%+'\x80-\xff-]{1,64}"
     rb"(?:@|\xef\xbc\xa0|%40|\(at\)|\[at\])[a-z0-9\x80-\xff]"
     rb"(?:[a-z0-9.\x80-\xff-]{0,251}[a-z0-9\x80-\xff])?"
     rb"\.[a-z\x80-\xff]{2,24}(?![a-z\x80-\xff]))", bool),  # e-mail
    (rb"(?<![\w-])eyJ[\w-]{5,}\.[\w-]{5,}", bool),  # web token
    (rb"(?<![A-Za-z0-9])(?:A[KS]IA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}"
     rb"|github_pat_\w{22}|sk_(?:live|test)_[A-Za-z0-9]{16}"
     rb"|xox[abprs]-[A-Za-z0-9-]{10}|AIza[\w-]{35}|ya29\.[\w-]{20})", bool),
    (rb"(?i:(?<![\da-f])[\da-f]{8}-?(?:[\da-f]{4}-?){3}[\da-f]{12}(?![\da-f]))", bool),
    (rb"(?i:(?<![\da-f:-])[\da-f]{2}([:-])(?:[\da-f]{2}\2){4}[\da-f]{2}"
     rb"(?![\da-f:-]))", bool),  # hardware address
    (rb"(?i:(?<![0-9a-z])(?=\d*[a-f])(?=[a-f]*\d)[\da-f]{16,}(?![0-9a-z]))", bool),
    (rb"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)"
     rb"(?!\d)(?!\.\d)", bool),  # IPv4
    (rb"(?i:(?<![0-9a-z:.])(?=(?:[\da-f]*:){2})[0-9a-f:]{2,39}"
     rb"(?:(?<=:)(?:\d{1,3}\.){3}\d{1,3})?(?![0-9a-z:]))", is_ipv6),
    (rb"(?<![\w+])(?:\+|00)[1-9](?:[ ().-]{0,2}\d){6,14}(?!\d)", bool),  # phone
    (rb"(?<!\d)(?<!\d[ .-])(?:1[ .-])?(?:\([2-9]\d\d\)[ .-]?|[2-9]\d\d[ .-])"
     rb"\d{3}[ .-]\d{4}(?![\da-zA-Z])(?![ .-]\d)", bool),  # at home: America,
    (rb"(?<!\d)(?<!\d[ .-])0[1-9]([ .-])\d\d(?:\2\d\d){3}(?![\da-zA-Z])"
     rb"(?![ .-]\d)", bool),  # France,
    (rb"(?<!\d)(?<!\d[ .-])(?=(?:[ ./()-]{0,2}\d){9})0[1-9]\d{1,3}[ ./()-]{1,2}\d{3,8}"
     rb"(?:[ .-]\d{2,4}){0,3}(?![\da-zA-Z])(?![ .-]\d)", bool),  # others
    (rb"(?<![\d-])\d{3}([ -])\d{2}\2\d{4}(?![\d-])", bool),  # social security
    (rb"(?i:(?<![a-z0-9])[a-ceghj-pr-tw-z][a-ceghj-npr-tw-z][ -]?(?:\d{2}[ -]?){3}"
     rb"[a-d](?![a-z0-9]))", bool),  # national insurance
    (rb"(?i:(?<![a-z0-9])[a-z]{2}\d{2}(?:[ -]?[a-z0-9]){11,30}(?![a-z0-9]))", is_iban),
    (rb"(?<!\d)(?:\d[ -]?){12,18}\d(?!\d)", is_card),
    (rb"(?<![\d.])-?\d{1,3}\.\d{4,}(?:,|%2C|;|/|~)\s?-?\d{1,3}\.\d{4,}(?!\d)", bool),
    (rb"(?:\xef\xbc[\x90-\x99]|\xd9[\xa0-\xa9]|\xdb[\xb0-\xb9]){7,}", bool),  # digits
    (rb"(?<!\d)(?!20[0-4]\d(?:(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d)|(?:0[13-9]|1[0-2])30"
     rb"|(?:0[13578]|1[02])31)(?!\d))\d{7,}(?!\d)", bool),  # a number and no day
)]


def is_token(run: bytes) -> bool:
    """A letter and a digit; mixed cases or 3.5 bits a byte, and no words."""
    if not re.match(rb"(?!xn--)(?=.*\d).*[A-Za-z]", run):
        return False
    pieces, counted = re.split(rb"[-_]", run), run[:64]
    has_word = any(map(WORD.fullmatch, pieces))
    if run.lower() != run != run.upper():
        return not (has_word and all(map(USUAL.fullmatch, pieces)))
    shares = [counted.count(byte) / len(counted) for byte in set(counted)]
    return not has_word and -sum(n * math.log2(n) for n in shares) >= 3.5


def finds(text: bytes) -> bool:
    return (any(check(match[1][:end.start()]) for pattern, check in SHAPES
                for match in pattern.finditer(text)
                for end in re.finditer(rb"[ -]|\Z", match[1]))
            or any(map(is_token, re.findall(rb"[\w-]{16,}", text))))


def names_somebody(before: bytes, segment: bytes) -> bool:
    name, word = segment.split(b".")[0].lower(), before.lower()
    return (segment[:1] in (b"~", b"@") or word in PERSONS and name not in PARTS
            or word in REFERENCES and bool(re.search(rb"\d|.{16}", segment, re.S)))


def readings(text: bytes):
    """A text, and with its percent-encoding undone, down to the bottom."""
    yield text
    while (deeper := unquote_to_bytes(text)) != text:
        text = deeper
        yield text


def is_long(text: str) -> bool:
    """Over 64 characters, and no title (ff_check_is_title)."""
    words = re.split("[-_+ ]", text)
    odd = sum(len(w) for w in words if re.search("[\0-@[-`{-\x7f]", w))
    return len(text) > 64 and (len(text) > 160 or 4 * odd > sum(map(len, words)) or
                               any(re.search("[\0-\x7f]{25}", w) for w in words))


def is_found(before: bytes, segment: bytes) -> bool:
    """Something personal, percent-encoded or not; or what is no text."""
    return any(names_somebody(name, reading) or finds(reading)
               or reading.decode(errors="ignore").encode() != reading
               for name in readings(before) for reading in readings(segment))


def is_template(segment: bytes) -> bool:
    """A placeholder of a site's own template, with nothing personal around it."""
    return any(all(len(part) <= 1 or not is_found(b"", part) for part in match.groups())
               for form in TEMPLATES if (match := form.match(segment)))


def is_personal(key: str) -> bool:
    """A path is looked at segment by segment (stand-ins aside), all else whole."""
    text = key.encode()
    if text[:1] != b"/":
        return finds(text)
    path = text.split(b"/")
    return any((is_found(before, segment)
                or is_long(unquote_to_bytes(segment).decode("utf-8", "replace")))
               and not is_template(segment) for before, segment in zip(path, path[1:])
               if not re.fullmatch(rb"(?s)\*.*|(?:\.{3}|\{id\}|\(invalid\))?", segment))
