#!/usr/bin/python3
"""`footfall audit` against the second opinion, check_rollup.py: both must take every
rollup that footfall writes, and say the same of each seeded change of one.

    agree.py FOOTFALL [--mutations N] [--seed TEXT]

Rollups are of samples and simulated sites: both profiles, days, weeks and months,
whole and partial ones, small and empty ones. Half of the changes are of bytes; half are
of the form (a count, the order, a key of a map, a number's encoding, a threshold, a key
that is personal data or almost), made by an encoder of this file's own. Needs cbor2.
"""
import argparse
import collections
import io
import pathlib
import random
import subprocess
import sys
import tempfile

import cbor2

from check_rollup import TABLES, Refused, read_sequence
from personal_shapes import is_personal

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SIM = ROOT / "tests" / "sim" / "simulate.py"
NOW = ["--now", "2026-06-01T00:00:00Z", "--site", "www.example.org"]
SITES = ("--visitors 5 --days 1", "--visitors 90 --days 2",
         "--visitors 400 --days 2 --servers 2")
# What must not stand in a key (each shape has one that is of no other), and what may.
PERSONAL = """/a/jane.doe@example.org /a/jane%40example.org /user/jane /users/7 /~jane
    /order/17 /share/averylongreference /ip/192.0.2.7 /ip/2001:db8::7
    /mac/0a:1b:2c:3d:4e:5f
    /pay/4111111111111111 /pay/6011-0009-9013-9424 /bank/DE89370400440532013000
    /call/+4930123456789 /n/12345678 /s/078-05-1120 /t/a8Fk2Lq9Zx7Pw3Rt
    /u/x /at/52.5200,13.4050 /h/0123456789abcdef /key/AKIAIOSFODNN7EXAMPLE
    /jwt/eyJhbGciOiJI.eyJzdWIiOiIx /id/123e4567-e89b-12d3-a456-426614174000
    /a/jane%2540example.org /user/:id/x/7654321 /a/{id}-7654321 /n/20261302
    /user/jane:id /key/AKIAABCDEFGHIJKLMNOP /id/abababab-abab-4aba-8aba-abababababab
    /h/aa11aa11aa11aa11 /a/x%25A4y /call/+49(30)123-456 /bank/GB82-WEST-1234-5698-7654-32
    jane@example.org ab123456c /@jane /a(at)example.org ab-12-34-56-c
    a\uff20mail.example
    /n/\u0660\u0661\u0662\u0663\u0664\u0665\u0666""".split() + ["123 45 6789"] + [
        "/f/" + ",".join("abc" * 20), "/f/" + "ab-" * 55, "/f/" + "ab-" * 20 + "c" * 25,
        "/f/" + "ab-c4-e-" * 10, "/f/" + "\u0430\u0431-" * 55]
PLAIN = """/a/jane.doe /users/ /user /a~ /order/list /share/short /ip/192.0.2
    /ip/1.2.3.4.5 /pay/411111 /n/123456 /time/12:30 /t/how-to-write-c17
    /docs/Annual-Report-2024 /user/:id /users/{id}.html /~{user} /users/*rest
    /user/login.php /n/20260302 /t/Acme-KPC650-modem-in-FreeBSD
    /h/fedcba98fedcba9 /users/{id} /order/{id}/x /a/{email} /b/* /... coffee 2024-03
    /t/aaaaaaaaaaaaaaaa /version/1.2.3 /c++/std::vector::at /a@b
    /call/+49""".split() + ["/f/" + "a" * 64, "/f/" + "ab-" * 53, "/f/" + "ab-cd_2+" * 9,
                            "/f/" + "ab-" * 20 + "c" * 24,
                            "/f/" + "ab-" * 20 + "\u0430\u0431-" * 5]


class Raw(bytes):
    """Bytes that stand for themselves in what is encoded."""


def head(major: int, n: int) -> bytes:
    for info, size, limit in ((24, 1, 256), (25, 2, 2**16), (26, 4, 2**32)):
        if n < 24:
            return bytes([major << 5 | n])
        if n < limit:
            return bytes([major << 5 | info]) + n.to_bytes(size, "big")
    return bytes([major << 5 | 27]) + n.to_bytes(8, "big")


def encode(item) -> bytes:
    """Deterministic CBOR of a rollup's items; Raw as it is."""
    if isinstance(item, Raw):
        return bytes(item)
    if item is None or isinstance(item, bool):
        return {False: b"\xf4", True: b"\xf5", None: b"\xf6"}[item]
    if isinstance(item, int):
        return head(0, item) if item >= 0 else head(1, -1 - item)
    if isinstance(item, str):
        return head(3, len(item.encode())) + item.encode()
    if isinstance(item, list):
        return head(4, len(item)) + b"".join(map(encode, item))
    if isinstance(item, dict):
        pairs = (encode(key) + encode(value) for key, value in item.items())
        return head(5, len(item)) + b"".join(pairs)
    return head(6, item.tag) + encode(item.value)


# ---- changes of bytes ----

def change_bytes(rng: random.Random, data: bytes) -> tuple[str, bytes]:
    at, end = rng.randrange(len(data)), rng.randrange(len(data))
    byte = bytes([rng.randrange(256)])
    kind = rng.choice("bit bit bit byte byte letter swap gone more cut behind".split())
    if kind == "bit":
        byte = bytes([data[at] ^ 1 << rng.randrange(8)])
    if kind == "letter":
        byte = rng.choice([b"7", b"@", b".", b":", b"/", b"{", b"\n", b"Z", b"\xc3"])
    if kind in ("bit", "byte", "letter"):
        return kind, data[:at] + byte + data[at + 1:]
    if kind == "swap":
        at, end = min(at, end), max(at, end)
        return kind, (data[:at] + data[end:end + 1] + data[at + 1:end] + data[at:at + 1]
                      + data[end + 1:])
    if kind == "gone":
        return kind, data[:at] + data[at + rng.randint(1, 3):]
    if kind == "more":
        return kind, data[:at] + byte + data[at:]
    return kind, data[:at] if kind == "cut" else data + byte * rng.randint(1, 3)


# ---- changes of the form: each changes [magic, version, header, body] in place ----

def a_table(rng: random.Random, body: dict) -> tuple[tuple, list]:
    """A table with rows, and what the CDDL says of it."""
    full = [number for number, table in body[2].items() if table[0]]
    number = rng.choice(full)
    return TABLES[number], body[2][number]


def set_total(table: list, n_parts: int) -> None:
    table[2] = sum(row[n_parts] for row in table[0]) + table[1]


def in_order(table: list, n_parts: int) -> None:
    table[0].sort(key=lambda row: (-row[n_parts], [k.encode() for k in row[:n_parts]]))


def cell(rng, item):
    """A count of a row, the sums and the order put right again."""
    (_, n_parts, names, _), table = a_table(rng, item[3])
    row = rng.choice(table[0])
    at = n_parts + rng.randrange(len(names.split()))
    row[at] = max(0, rng.choice([row[at] + rng.choice([-5, -1, 1, 5]),
                                 *range(0, 65, 5), 9, 19, 2**33]))
    set_total(table, n_parts)
    in_order(table, n_parts)


def inflated(rng, item):
    """A row of more visitors than there are, perhaps."""
    (_, n_parts, names, _), table = a_table(rng, item[3])
    row = rng.choice(table[0])
    visitors = item[3][1][0] if item[3][1] else 100
    for at, name in enumerate(names.split(), n_parts):
        row[at] = 0 if name == "bytes" else visitors + rng.choice([0, 0, 5])
    set_total(table, n_parts)
    in_order(table, n_parts)


def wrong_sum(rng, item):
    _, table = a_table(rng, item[3])
    table[rng.choice([1, 2])] += rng.choice([1, 5, 10])


def other(rng, item):
    (_, n_parts, *_), table = a_table(rng, item[3])
    table[1] = rng.choice([0, 1, 5, 9, 10, 15, 20, 21, 25, 40, 60, 120])
    set_total(table, n_parts)


def swapped_rows(rng, item):
    _, table = a_table(rng, item[3])
    rng.shuffle(table[0])


def row_twice(rng, item):
    (_, n_parts, *_), table = a_table(rng, item[3])
    row = list(rng.choice(table[0]))
    if rng.random() < .5:
        row[n_parts] += 5
    table[0].append(row)
    set_total(table, n_parts)
    in_order(table, n_parts)


def set_key(rng, item, text):
    (_, n_parts, *_), table = a_table(rng, item[3])
    rng.choice(table[0])[rng.randrange(n_parts)] = text
    in_order(table, n_parts)


def key(rng, item):
    text = rng.choice(PERSONAL + PLAIN)
    at = rng.randrange(len(text))
    text = text[:at] + rng.choice("a7A-._@/ é") + text[at + rng.choice([0, 1]):]
    set_key(rng, item, text)


def odd_key(rng, item):
    (_, n_parts, *_), table = a_table(rng, item[3])
    rng.choice(table[0])[0] = rng.choice(["", "a\x85", "a\x7f", "a\u202e", "x" * 1025,
                                         "é" * 512, "é" * 513, "\ufdd0", "a\tb"])
    in_order(table, n_parts)


def map_of(rng, item) -> dict:
    return rng.choice([item[2], item[3], item[3][2]])


def extra_key(rng, item):
    map_of(rng, item)[rng.choice([3, 12, 23, 24, 99])] = rng.choice([0, "x", {}, []])


def key_gone(rng, item):
    fields = map_of(rng, item)
    del fields[rng.choice(list(fields))]


def key_twice(rng, item):
    fields = map_of(rng, item)
    number = rng.choice(list(fields))
    value = encode(fields[number])
    fields[number] = Raw(value + encode(number) + value)


def keys_unsorted(rng, item):
    fields = map_of(rng, item)
    pairs = list(fields.items())
    rng.shuffle(pairs)
    fields.clear()
    fields.update(pairs)


def threshold(rng, item):
    at = rng.choice([5, 6])
    item[2][at] = max(0, item[2][at] + rng.choice([-5, -1, 1, 5, 10, 2**32]))


def header(rng, item):
    at = rng.choice([1, 4, 7, 8, 9, 10, 11, 0])
    item[2][at] = rng.choice([0, 1, 2, 3, True, None, "UTC", "", "a b", "x" * 64,
                              "x" * 256, 2**32 - 1, 2**32, -1])


def profile(rng, item):
    item[2][4] = 1 - item[2][4]


def days(rng, item):
    at = rng.choice([2, 3])
    day = item[2][at].value + rng.choice([-7, -1, 1, 7, 31])
    item[2][at] = cbor2.CBORTag(rng.choice([100, 100, 100, 1004]), day)


def version(rng, item):
    item[rng.choice([0, 1])] = rng.choice(["footfall", 0, 2, 1, "1"])


def totals(rng, item):
    if item[3][1] is None or rng.random() < .2:
        item[3][1] = rng.choice([None, [], [100] * 7, [0] * 7])
        return
    at = rng.randrange(7)
    item[3][1][at] = rng.choice([0, 5, 9, 10, 45, 50, 100, item[3][1][at] + 1])


def lines(rng, item):
    counts = rng.choice([*item[3][0][:2], item[3][0]])
    at = rng.randrange(len(counts))
    counts[at] = rng.choice([0, 3, 5, 2**64 - 1, 2**64 - 6, -1, []])


def numbers(item) -> list[tuple]:
    """(container, index) of each number in arrays and maps."""
    found = []
    for container in ([item] if isinstance(item, (list, dict)) else []):
        for at in (range(len(item)) if isinstance(item, list) else list(item)):
            if type(item[at]) is int:
                found.append((container, at))
            found += numbers(item[at])
    return found


def long_number(rng, item):
    container, at = rng.choice(numbers(item))
    n = container[at]
    size = rng.choice([size for size in (1, 2, 4, 8) if n < 256**size])
    container[at] = Raw(bytes([23 + size.bit_length()]) + n.to_bytes(size, "big"))


def other_type(rng, item):
    container, at = rng.choice(numbers(item))
    n = container[at]
    floats = [Raw(cbor2.dumps(float(n), canonical=is_short)) for is_short in (0, 1)]
    others = [Raw(item) for item in (b"\xf7", b"\x41x", b"\xff", b"\xf8\x20")]
    container[at] = rng.choice([*floats, *others, -1 - n, str(n), None, True, [n], {},
                                cbor2.CBORTag(100, n)])


def indefinite(rng, item):
    body = item[3]
    container, at = rng.choice([(item, 2), (item, 3), (body, 2), (body, 0), (item, 0)])
    whole = container[at]
    start = {dict: b"\xbf", list: b"\x9f", str: b"\x7f"}[type(whole)]
    inner = encode(whole) if isinstance(whole, str) else encode(whole)[1:]
    container[at] = Raw(start + inner + b"\xff")


def long_length(rng, item):
    (_, n_parts, *_), table = a_table(rng, item[3])
    row = rng.choice(table[0])
    raw = row[0].encode()
    row[0] = Raw(b"\x79" + len(raw).to_bytes(2, "big") + raw)


def table_moved(rng, item):
    number = rng.choice(list(item[3][2]))
    table = item[3][2].pop(number)
    item[3][2][rng.choice([19, 20, 21, rng.randrange(23)])] = table
    item[3][2] = dict(sorted(item[3][2].items()))


FORMS = [cell, cell, cell, inflated, wrong_sum, other, other, swapped_rows, row_twice,
         key, key, key, odd_key, extra_key, key_gone, key_twice, keys_unsorted,
         threshold, threshold, header, profile, days, version, totals, lines,
         long_number, other_type, other_type, indefinite, long_length, table_moved]


def load(data: bytes) -> list:
    item = cbor2.loads(data)
    return getattr(item, "value", item)  # some versions drop the tag 55799


def save(item: list) -> bytes:
    return b"\xd9\xd9\xf7" + encode(item)


def change_form(rng: random.Random, data: bytes) -> tuple[str, bytes]:
    item = load(data)
    form = rng.choice(FORMS)
    try:
        form(rng, item)
    except IndexError:  # no table with rows
        header(rng, item)
    return form.__name__, save(item)


def each_key(rng: random.Random, data: bytes) -> list[tuple[str, bytes]]:
    changes = []
    for text in PERSONAL + PLAIN:
        item = load(data)
        set_key(rng, item, text)
        changes.append((f"key {text}", save(item)))
    return changes


def hostile() -> list[tuple[str, bytes]]:
    """What no reader may fall over: endless items, any size, odd tags, keys."""
    begin = b"\xd9\xd9\xf7\x84\x6ffootfall-rollup\x01"
    twice = b"".join(b"\xd8\x1c\x82" + 2 * (b"\xd8\x1d" + encode(n)) for n in range(40))
    items = [b"\x81" * 10**6, b"\xc1" * 10**6, b"\x9b\0\0\0\x10\0\0\0\0",
             b"\x7b\0\0\0\x10\0\0\0\0", b"\xbb\0\0\0\x10\0\0\0\0", b"\xa1\xa0\0",
             b"\xd8\x1c\x81\xd8\x1d\0", b"\xd8\x23\x61(", b"\xff", b"\xf9\x7e\0",
             b"\x98\x29\xd8\x1c\x80" + twice, b""]
    return [("hostile", start + item) for start in (b"", begin) for item in items]


# ---- rollups, verdicts ----

def rollups_of(footfall: str, folder: pathlib.Path) -> list[bytes]:
    """One a file, by footfall itself."""
    logs = [[sample] for sample in sorted((ROOT / "samples").glob("*.log"))]
    for number, site in enumerate(SITES):
        out = folder / f"site{number}"
        subprocess.run([sys.executable, SIM, "--seed", "agree", "--out", out,
                        *site.split()], check=True, stderr=subprocess.DEVNULL)
        logs.append(sorted(out.glob("*.log")))
    (folder / "empty.log").write_text("# nothing\n")
    logs.append([folder / "empty.log", logs[0][0]])
    found = []
    for number, files in enumerate(logs):
        for options in ("internal day", "internal week", "internal month",
                        "partner day", "partner week", "partner month"):
            name, period = options.split()
            out = folder / f"{number}-{name}-{period}.cbor"
            subprocess.run([footfall, "run", *NOW, "--profile", name, "--period",
                            period, "-o", out, *files], check=False,
                           stderr=subprocess.DEVNULL)
            found.append(out.read_bytes())
    store = folder / "store"
    subprocess.run([footfall, "rollup", *NOW, "--partial", "--store", store, *logs[-2]],
                   check=False, stderr=subprocess.DEVNULL)
    found += [path.read_bytes() for path in sorted(store.rglob("*.cbor"))]
    return [one for data in found for one in read_sequence(data)]


def opinion(data: bytes) -> str:
    try:
        read_sequence(data)
    except Refused as error:
        return str(error)
    return ""


def audits(footfall: str, folder: pathlib.Path, files: list[bytes]) -> list[str]:
    """What footfall says of each: nothing if it is good."""
    paths = [folder / f"{number}.cbor" for number in range(len(files))]
    said = [""] * len(files)
    for path, data in zip(paths, files):
        path.write_bytes(data)
    for begin in range(0, len(paths), 200):
        done = subprocess.run([footfall, "audit", *paths[begin:begin + 200]],
                              capture_output=True, check=False, encoding="utf-8",
                              errors="replace")
        assert done.returncode in (0, 1), done.stderr
        for line in io.StringIO(done.stderr):
            path, _, reason = line.removeprefix("footfall: ").partition(": ")
            said[int(pathlib.Path(path).stem)] = reason.strip()
    return said


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("footfall")
    parser.add_argument("--mutations", type=int, default=4000)
    parser.add_argument("--seed", default="agree")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    assert all(map(is_personal, PERSONAL)) and not any(map(is_personal, PLAIN))
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        footfall = str(pathlib.Path(options.footfall).resolve())
        good = rollups_of(footfall, folder)
        again = [save(load(data)) for data in good]
        small = [data for data in good if len(data) < 6000]
        changes = [(change_bytes, change_form)[n % 2](rng, rng.choice(small))
                   for n in range(options.mutations)]
        changes += each_key(rng, max(small, key=len)) + hostile()
        files = good + [data for _, data in changes]
        theirs, ours = audits(footfall, folder, files), list(map(opinion, files))
    failures = [f"rollup {n}: not deterministic" for n in range(len(good))
                if again[n] != good[n]]
    failures += [f"rollup {n} is refused: {theirs[n]} / {ours[n]}"
                 for n in range(len(good)) if theirs[n] or ours[n]]
    tally = collections.Counter()
    for n, (kind, _) in enumerate(changes, len(good)):
        tally[kind.split()[0], bool(theirs[n])] += 1
        if bool(theirs[n]) != bool(ours[n]):
            failures.append(f"{kind}: footfall says \"{theirs[n] or 'good'}\", the "
                            f"second opinion \"{ours[n] or 'good'}\"")
    print(f"{len(good)} rollups, {len(changes)} changes:",
          ", ".join(f"{kind} {tally[kind, True]} refused and {tally[kind, False]} good"
                    for kind in sorted({kind for kind, _ in tally})))
    print("\n".join(failures[:40]))
    print(f"{len(failures)} disagreements")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
