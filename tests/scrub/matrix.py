#!/usr/bin/python3
"""Every shape of personal data that the design lists, made up at random, in every form
that a log may have it in: plain, percent-encoded in part or whole and up to twice, in
other letters' case, alone or with something before or behind; as page, download, search
term and campaign. What is kept must hold nothing that the second opinion of
tests/rollup/personal_shapes.py finds at any depth, and a shape alone must become its
own placeholder.

    tests/scrub/matrix.py READ_KEYS [--each N] [--seed TEXT]
"""

import argparse
import collections
import pathlib
import random
import re
import string
import subprocess
import sys
from urllib.parse import quote_from_bytes

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "rollup"))
from personal_shapes import finds, is_card, names_somebody, readings  # noqa: E402

HEX = "0123456789abcdef"
ALNUM = string.ascii_letters + string.digits


def some(rng: random.Random, alphabet: str, least: int, most: int = 0) -> str:
    return "".join(rng.choices(alphabet, k=rng.randint(least, most or least)))


def email(rng: random.Random) -> str:
    name = some(rng, string.ascii_lowercase, 1, 8)
    sign = rng.choice(["@", "@", "(at)", "[at]", "%40"])
    name += rng.choice([".", "_", "+", "-", ""]) + some(rng, ALNUM, 1, 8)
    domain = some(rng, string.ascii_lowercase, 1, 9) + rng.choice([".org", ".co.uk"])
    return name + sign + domain


def jwt(rng: random.Random) -> str:
    parts = ["eyJ" + some(rng, ALNUM + "_-", 5, 30), some(rng, ALNUM, 5, 40)]
    return ".".join(parts + [some(rng, ALNUM + "_", 8, 30)] * rng.randint(0, 1))


def api_key(rng: random.Random) -> str:
    upper = string.ascii_uppercase + string.digits
    return rng.choice([
        lambda: rng.choice(["AKIA", "ASIA"]) + some(rng, upper, 16),
        lambda: f"gh{rng.choice('pousr')}_" + some(rng, ALNUM, 36),
        lambda: "github_pat_" + some(rng, ALNUM + "_", 22, 40),
        lambda: f"sk_{rng.choice(['live', 'test'])}_" + some(rng, ALNUM, 16, 24),
        lambda: f"xox{rng.choice('abprs')}-" + some(rng, ALNUM, 10, 20),
        lambda: "AIza" + some(rng, ALNUM + "_-", 35),
        lambda: "ya29." + some(rng, ALNUM + "_-", 20, 30),
    ])()


def uuid(rng: random.Random) -> str:
    parts = [some(rng, HEX, n) for n in (8, 4, 4, 4, 12)]
    return rng.choice(["-", ""]).join(parts)


def mac(rng: random.Random) -> str:
    return rng.choice([":", "-"]).join(some(rng, HEX, 2) for _ in range(6))


def hexadecimal(rng: random.Random) -> str:
    text = some(rng, HEX, 16, 31)
    return rng.choice("0123456789") + text[1:-1] + rng.choice("abcdef")


def iban(rng: random.Random) -> str:
    country = some(rng, string.ascii_uppercase, 2)
    account = some(rng, "0123456789", 11, 20)
    digits = "".join(str(int(c, 36)) for c in account + country + "00")
    whole = f"{country}{98 - int(digits) % 97:02}{account}"
    return rng.choice(["", " ", "-"]).join(re.findall(".{1,4}", whole))


def card(rng: random.Random) -> str:
    digits = rng.choice("23456") + some(rng, "0123456789", 11, 17)
    digits += next(c for c in "0123456789" if is_card((digits + c).encode()))
    return rng.choice(["", " ", "-"]).join(re.findall(".{1,4}", digits))


def ipv4(rng: random.Random) -> str:
    return ".".join(str(rng.randrange(256)) for _ in range(4))


def ipv6(rng: random.Random) -> str:
    groups = [f"{rng.randrange(65536):x}" for _ in range(8)]
    cut = rng.randrange(1, 7)
    return rng.choice([":".join(groups),
                       ":".join(groups[:cut]) + "::" + ":".join(groups[cut + 1:])])


def phone(rng: random.Random) -> str:
    digits = some(rng, "0123456789", 6, 12)
    gap = rng.choice(["", " ", "-", ".", " (0) "])
    return (rng.choice(["+", "00"]) + rng.choice("123456789") + gap
            + rng.choice(["", " ", "-"]).join(re.findall(".{1,3}", digits)))


def phone_at_home(rng: random.Random) -> str:
    def groups(*lengths: int) -> list:
        return [some(rng, "0123456789", n) for n in lengths]
    sign, first = rng.choice(" .-"), rng.choice("123456789")
    area = rng.choice("23456789") + groups(2)[0]
    return rng.choice([
        rng.choice(["", "1" + sign]) + sign.join([area, *groups(3, 4)]),
        f"({area})" + rng.choice(["", " "]) + sign.join(groups(3, 4)),
        "0" + first + sign + sign.join(groups(2, 2, 2, 2)),
        "0" + first + groups(2)[0] + rng.choice(" -") + sign.join(groups(3, 2, 2)),
        "0" + first + groups(1)[0] + rng.choice(" -") + groups(6)[0],
    ])


def ssn(rng: random.Random) -> str:
    sign = rng.choice("- ")
    return sign.join(some(rng, "0123456789", n) for n in (3, 2, 4))


def nino(rng: random.Random) -> str:
    sign = rng.choice(["", " ", "-"])
    pairs = [some(rng, "0123456789", 2) for _ in range(3)]
    return sign.join([some(rng, "ACEGHJKLMNPRSTWXYZ", 2), *pairs, rng.choice("ABCD")])


def place(rng: random.Random) -> str:
    def one() -> str:
        return (f"{rng.choice(['', '-'])}{rng.randrange(180)}."
                f"{some(rng, '0123456789', 4, 7)}")
    return rng.choice([",", "~", ", "]).join((one(), one()))


def number(rng: random.Random) -> str:
    return rng.choice("3456789") + some(rng, "0123456789", 6, 11)


def mixed_token(rng: random.Random) -> str:
    return "".join(rng.choice(a) for a in [string.ascii_uppercase, string.digits,
                                           string.ascii_lowercase] * rng.randint(6, 12))


def person(rng: random.Random) -> str:
    return rng.choice("~@") + some(rng, string.ascii_lowercase, 3, 9)


SHAPES = {
    email: b"{email}", jwt: b"{token}", api_key: b"{token}", uuid: b"{uuid}",
    mac: b"{mac}", hexadecimal: b"{hex}", iban: b"{iban}", card: b"{card}",
    ipv4: b"{ip}", ipv6: b"{ip}", phone: b"{phone}",
    phone_at_home: b"{phone}", ssn: b"{id}", nino: b"{id}",
    place: b"{geo}", number: b"{num}", mixed_token: b"{token}", person: b"{id}",
}
# Whose pattern holds in capitals too.
ANY_CASE = {email, uuid, mac, hexadecimal, iban, ipv6, nino}


def escape(text: bytes, lower: bool = False) -> bytes:
    return "".join(f"%{c:02x}" if lower else f"%{c:02X}" for c in text).encode()


def forms_of(rng: random.Random, text: bytes):
    """A text as a log may have it; "plain" is as browsers send it."""
    once = escape(text)
    yield "plain", quote_from_bytes(text, safe="!$&'()*+,;=:@~%").encode()
    yield "raw", text
    yield "%XX", once
    yield "%xx", escape(text, True)
    yield "%25XX", once.replace(b"%", b"%25")
    yield "%25xx", escape(text, True).replace(b"%", b"%25")
    yield "in part", b"".join(escape(bytes([c])) if rng.random() < 0.3 else bytes([c])
                              for c in text)
    yield "log's escapes", "".join(rf"\x{c:02x}" for c in text).encode()


AROUND = [(b"", b""), (b"x=", b""), (b"a.", b".b"), (b"(", b")"), (b"id-", b"-x"),
          (b"", b".html"), (b"\xd0\xb6.", b""), (b"q,", b",r"), (b"v!", b"")]


def ask(reader: str, how: str, texts: list) -> list:
    done = subprocess.run([reader, how], input=b"".join(t + b"\n" for t in texts),
                          capture_output=True, check=True)
    out = [line.split(b"\t", 1)[1] for line in done.stdout.split(b"\n")[:-1]]
    assert len(out) == len(texts)
    return out


def holds(text: bytes) -> bool:
    return any(finds(reading) for reading in readings(text))


def cases_of(rng: random.Random, each: int):
    """shape, its name, form, what is around, and the whole text in that form."""
    for shape in SHAPES:
        for i in range(each):
            text = shape(rng).encode()
            if shape in ANY_CASE and i % 2:
                text = text.upper()
            for before, after in AROUND:
                for form, encoded in forms_of(rng, before + text + after):
                    yield shape, form, (before, after), before + text + after, encoded


def wrong_keys(reader: str, cases: list):
    for ending in (b"", b".pdf"):
        targets = [b"/x/" + case[4] + ending + b"?y" for case in cases]
        kept = ask(reader, "key", targets)
        for (shape, form, around, text, _), key in zip(cases, kept):
            if any(map(holds, key.split(b"/"))):
                yield shape, form, "left", text, key
            elif (not any(around) and not ending
                  and key not in (b"/x/" + SHAPES[shape], b"(invalid)")):
                yield shape, form, "another placeholder", text, key


def wrong_terms(reader: str, how: str, cases: list):
    texts = [case[4].replace(b" ", b"+") for case in cases]
    asked = [b"/?utm_campaign=" + t.replace(b"&", b"%26").replace(b"#", b"%23")
             for t in texts] if how == "campaign" else texts
    for (shape, form, _, text, _), kept in zip(cases, ask(reader, how, asked)):
        if holds(text) and kept not in (b"", b"(other)"):
            yield shape, form, how, text, kept


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("reader")
    parser.add_argument("--each", type=int, default=12)
    parser.add_argument("--seed", default="matrix")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    cases = list(cases_of(rng, options.each))
    # What the second opinion does not find plain is no case: what stands around a shape
    # may make it none.
    cases = [case for case in cases
             if holds(case[3]) or names_somebody(b"x", case[3])]
    wrong = list(wrong_keys(options.reader, cases))
    for how in ("term", "campaign"):
        wrong += wrong_terms(options.reader, how, cases)
    tally = collections.Counter((s.__name__, form, what) for s, form, what, *_ in wrong)
    print(f"{len(cases)} texts of {len(SHAPES)} shapes in 4 places, {len(wrong)} wrong")
    for (name, form, what), n in tally.most_common(40):
        text, kept = next((t, k) for s, f, w, t, k in wrong
                          if (s.__name__, f, w) == (name, form, what))
        print(f"{n:6} {name}, {form}: {what}, such as {text!r}: {kept!r}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
