#!/usr/bin/python3
"""aggregate/hit_stream.cddl held by a validator of CDDL that is not ours (PyPI's
pycddl): it takes what `footfall ingest` writes of logs in many formats, and refuses
what is of another form; `footfall aggregate` refuses the same.

    stream_cddl.py FOOTFALL FOLDER      pycddl is in FOLDER (by samples/setup test)

Skipped (77) where it is not.
"""
import io
import pathlib
import re
import subprocess
import sys

import cbor2

ROOT = pathlib.Path(__file__).resolve().parents[2]
CDDL = (ROOT / "aggregate" / "hit_stream.cddl").read_text(encoding="utf-8")
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
# The same without sizes and ranges: with them this validator takes other types too.
LOOSE = re.sub(r"\b0\.\.\d+", "uint", re.sub(r" \.size \([0-9.]+\)", "", CDDL))
LOGS = [
    b"".join(path.read_bytes() for path in sorted((ROOT / "samples").glob("*.log"))),
    f'192.0.2.1 - - [02/Mar/2026:10:00:00 +0100] "GET /find?q=tea HTTP/1.1" 200 5 '
    f'"https://search.example/?utm_source=a&utm_term=b" "{AGENT}"\n'.encode(),
    b'{"time":"2026-03-02T10:00:00Z","remote_addr":"2001:db8::1","request":'
    b'"GET / HTTP/2.0","status":"200","body_bytes_sent":"5",'
    b'"http_user_agent":"GPTBot/1.2"}\n' * 3,
    b"#Fields: date time c-ip cs-method cs-uri-stem sc-status\n"
    b"2026-03-02 10:00:00 192.0.2.1 GET /a.pdf 206\n",
    b"time:02/Mar/2026:10:00:00 +0000\thost:192.0.2.1\treq:GET / HTTP/1.1\t"
    b"status:404\tsize:5\treqtime:0.2\n",
    b"nothing\n\n# nothing\n",
    b"",
]
NOT_A_COUNT = [-1, 1.5, "1", None, b"1"]
NOT_A_LIST = [0, None, {}, [0], ["text"]]


def items_of(hits: bytes) -> list[bytes]:
    """Each in its bytes, without its tag."""
    file = io.BytesIO(hits)
    items = []
    while file.tell() < len(hits):
        tag = cbor2.load(file)
        assert tag.tag == 24 and cbor2.dumps(tag) in hits
        items.append(tag.value)
    return items


def with_value(items: list, at: int, value) -> list:
    return [*items[:at], value, *items[at + 1:]]


def wrong_headers(header) -> list:
    wrong = {0: ["hits", 1], 1: [0, 2, "1"], 2: NOT_A_COUNT,
             3: ["", "x" * 256, 7, None], 4: [3, -1, None], 5: ["", "x" * 64, 7],
             6: [1.5, "1", b"1"]}
    good = header.value
    made = [with_value(good, at, value) for at, values in wrong.items()
            for value in values]
    return [cbor2.CBORTag(55799, item) for item in (*made, good[:-1], [*good, 0])] + [
        cbor2.CBORTag(55798, good), good]


def wrong_frames(frame) -> list:
    made = [with_value(frame, 0, value) for value in (1.5, "1", b"1")]
    made += [with_value(frame, at, value) for at in (1, 2, 3)
             for value in NOT_A_LIST]
    made += [with_value(frame, 1, [bytes(4097)])]
    made += [with_value(frame, 4, value) for value in [*NOT_A_COUNT, 4097]]
    for at in range(5, 23):
        column = frame[at]
        for value in (column.value, cbor2.CBORTag(72, column.value),
                      cbor2.CBORTag(column.tag, "text"),
                      cbor2.CBORTag(column.tag, bytes(32769))):
            made.append(with_value(frame, at, value))
    agent, origin = [0, *[b""] * 7], [0] * 5
    for at, good, last in (2, agent, 2), (3, origin, 7):
        made += [with_value(frame, at, [good[:-1]]),
                 with_value(frame, at, [[*good, 0]]),
                 with_value(frame, at, [[last + 1, *good[1:]]])]
        made += [with_value(frame, at, [[*good[:i], "text", *good[i + 1:]]])
                 for i in range(len(good))]
    return [*made, frame[:-1], [*frame, 0], {0: 1}]


def wrong_trailers(trailer) -> list:
    made = [{**trailer, at: value} for at in range(4) for value in NOT_A_COUNT]
    made += [{**trailer, 4: value} for value in (0, None, "no")]
    return made + [{at: trailer[at] for at in range(4)}, {**trailer, 5: 0}, []]


def main(footfall: str, folder: str) -> int:
    sys.path.insert(0, folder)
    try:
        import pycddl
    except ImportError:
        print("skipped: no pycddl (samples/setup test fetches it where it can)")
        return 77

    schemas = {rule: [pycddl.Schema(f"start = {rule}\n{text}")
                      for text in (CDDL, LOOSE)]
               for rule in ("header", "frame", "trailer", "agent", "origin")}

    def is_taken(rule: str, item) -> bool:
        """What is deep in an item is looked at by itself too: this validator misses
        what is too many there."""
        parts = [(rule, item)]
        if rule == "frame" and isinstance(item, list) and len(item) == 23:
            parts += [(name, part) for name, at in (("agent", 2), ("origin", 3))
                      if isinstance(item[at], list) for part in item[at]]
        try:
            for name, part in parts:
                for schema in schemas[name]:
                    schema.validate_cbor(cbor2.dumps(part))
        except pycddl.ValidationError:
            return False
        return True

    def is_counted(items: list) -> bool:
        """By footfall aggregate."""
        given = b"".join(cbor2.dumps(cbor2.CBORTag(24, cbor2.dumps(item)))
                         for item in items)
        done = subprocess.run([footfall, "aggregate"], input=given, capture_output=True,
                              check=False)
        assert done.returncode in (0, 1, 3), done.stderr
        return done.returncode != 1

    failures = []
    n_items = n_wrong = 0
    for number, log in enumerate(LOGS):
        hits = subprocess.run([footfall, "ingest", "-"], input=log, capture_output=True,
                              check=False).stdout
        raw = items_of(hits)
        items = [cbor2.loads(item) for item in raw]
        items[0] = cbor2.CBORTag(55799, items[0])  # which the decoder leaves out
        rules = ["header", *["frame"] * (len(raw) - 2), "trailer"]
        n_items += len(items)
        failures += [f"log {number}: item {i}, a {rule}, is not of the CDDL"
                     for i, (rule, item) in enumerate(zip(rules, items))
                     if not is_taken(rule, item)]
        if number:
            continue
        for at, rule, changes in [(0, "header", wrong_headers),
                                  (1, "frame", wrong_frames),
                                  (len(items) - 1, "trailer", wrong_trailers)]:
            for i, wrong in enumerate(changes(items[at])):
                n_wrong += 1
                if is_taken(rule, wrong):
                    failures.append(f"{rule}: wrong form {i} is of the CDDL")
                if is_counted([*items[:at], wrong, *items[at + 1:]]):
                    failures.append(f"{rule}: aggregate takes wrong form {i}")
    print(f"{n_items} items of {len(LOGS)} streams, {n_wrong} wrong forms")
    print("\n".join(failures[:20]))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
