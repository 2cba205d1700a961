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
LOOSE = re.sub(r"\b[01]\.\.\d+", "uint", re.sub(r" \.size \([0-9.]+\)", "", CDDL))
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
KINDS = ["frame", "agents", "settled", "trailer"]
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
    wrong = {0: ["hits", 1], 1: [0, 1, 3, "2"], 2: NOT_A_COUNT,
             3: ["", "x" * 256, 7, None], 4: [3, -1, None], 5: ["", "x" * 64, 7],
             6: [1.5, "1", b"1"]}
    good = header.value
    made = [with_value(good, at, value) for at, values in wrong.items()
            for value in values]
    return [cbor2.CBORTag(55799, item) for item in (*made, good[:-1], [*good, 0])] + [
        cbor2.CBORTag(55798, good), good]


N_TEXTS, N_ORIGINS, N_HITS, FIELDS = 2, 5, 12, 30
# Of a frame: the columns' rules, and the tags and sizes of their values.
COLUMNS = {at: rule for rule, ats in {
    "u8-column": [6, *range(26, 30)],
    "u16-column": [3, *range(7, 11), *range(18, 22), *range(23, 26)],
    "u32-column": [4, 11, 22],
    "u64-column": range(14, 18),
    "i64-column": [13],
}.items() for at in ats}
TAGS = {"u8-column": (64, 1), "u16-column": (69, 2), "u32-column": (70, 4),
        "u64-column": (71, 8), "i64-column": (79, 8)}


def wrong_frames(frame) -> list:
    made = [with_value(frame, 0, value) for value in (4, -1, "0", None)]
    made += [with_value(frame, 1, value) for value in ("text", 0, [b"1"], None)]
    made += [with_value(frame, at, value) for at in (N_TEXTS, N_ORIGINS, N_HITS)
             for value in [*NOT_A_COUNT, 24577]]
    made += [with_value(frame, N_HITS, 0)]
    for at, rule in COLUMNS.items():
        bad = [1.5, "1", None, b"1", {}, 1 << 64, cbor2.CBORTag(72, b"1"),
               cbor2.CBORTag(71, "text"), cbor2.CBORTag(69, bytes(98306))]
        bad += [-1] if TAGS[rule][1] < 8 else [-1, 0, 1]
        column = frame[at]
        if isinstance(column, cbor2.CBORTag):
            bad += [column.value, cbor2.CBORTag(column.tag + 1, column.value)]
        made += [with_value(frame, at, value) for value in bad]
    return [*made, frame[:-1], [*frame, 0], {0: 1}]


def lying_frames(frame) -> list:
    """Of the right form, but they cannot be."""
    made = [with_value(frame, N_HITS, frame[N_HITS] + 1),
            with_value(frame, N_TEXTS, frame[N_TEXTS] + 1),
            with_value(frame, N_ORIGINS, frame[N_ORIGINS] + 1),
            with_value(frame, 1, frame[1] + b"x"),
            with_value(frame, 1, frame[1][:-1])]
    for at, rule in COLUMNS.items():
        column = frame[at]
        made.append(with_value(frame, at, [1]))
        if isinstance(column, cbor2.CBORTag):
            made += [with_value(frame, at, cbor2.CBORTag(column.tag, column.value[:n]))
                     for n in (-1, len(column.value) // 2) if column.value]
            continue
        # Many times the same, which is to be said once.
        tag, size = TAGS[rule]
        n = frame[N_TEXTS if at < N_ORIGINS else N_ORIGINS if at < N_HITS else N_HITS]
        made.append(with_value(frame, at, cbor2.CBORTag(
            tag, column.to_bytes(size, "little") * n)))
    return made


def wrong_agents(agents) -> list:
    agent = [0, *[b""] * 7]
    made = [with_value(agents, 1, value)
            for value in [*NOT_A_LIST, [], [agent[:-1]], [[*agent, 0]],
                          [[3, *agent[1:]]], [bytes(8)]]]
    made += [with_value(agents, 1, [with_value(agent, i, value)])
             for i in range(8) for value in ("text", bytes(4097), None)]
    return [*made, agents[:-1], [*agents, 0]]


def wrong_settled(settled) -> list:
    return [with_value(settled, 1, value) for value in (1.5, "1", None, b"1")] + [
        settled[:-1], [*settled, 0]]


def wrong_trailers(trailer) -> list:
    made = [with_value(trailer, at, value) for at in range(1, 5)
            for value in NOT_A_COUNT]
    made += [with_value(trailer, 5, value) for value in (0, None, "no")]
    return made + [trailer[:-1], [*trailer, 0], {0: 0}]


CHANGES = {"header": wrong_headers, "agents": wrong_agents, "frame": wrong_frames,
           "settled": wrong_settled, "trailer": wrong_trailers}


def main(footfall: str, folder: str) -> int:
    sys.path.insert(0, folder)
    try:
        import pycddl
    except ImportError:
        print("skipped: no pycddl (samples/setup test fetches it where it can)")
        return 77

    schemas = {rule: [pycddl.Schema(f"start = {rule}\n{text}")
                      for text in (CDDL, LOOSE)]
               for rule in ("header", *KINDS, "agent", *TAGS)}

    def is_taken(rule: str, item) -> bool:
        """What is deep in an item is looked at by itself too: this validator misses
        what is too many there."""
        parts = [(rule, item)]
        if rule == "agents" and isinstance(item, list) and len(item) == 2 and (
                isinstance(item[1], list)):
            parts += [("agent", part) for part in item[1]]
        if rule == "frame" and isinstance(item, list) and len(item) == FIELDS:
            parts += [(name, item[at]) for at, name in COLUMNS.items()]
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
        rules = ["header", *[KINDS[item[0]] for item in items[1:]]]
        n_items += len(items)
        failures += [f"log {number}: item {i}, a {rule}, is not of the CDDL"
                     for i, (rule, item) in enumerate(zip(rules, items))
                     if not is_taken(rule, item)]
        if number:
            continue
        items.insert(-1, [2, 0])
        rules.insert(-1, "settled")
        if not is_counted(items):
            failures.append("aggregate does not take the stream as it is")
        for rule, changes in CHANGES.items():
            at = rules.index(rule)
            for i, wrong in enumerate(changes(items[at])):
                n_wrong += 1
                if is_taken(rule, wrong):
                    failures.append(f"{rule}: wrong form {i} is of the CDDL")
                if is_counted(with_value(items, at, wrong)):
                    failures.append(f"{rule}: aggregate takes wrong form {i}")
        at = rules.index("frame")
        for i, lie in enumerate(lying_frames(items[at])):
            n_wrong += 1
            if is_counted(with_value(items, at, lie)):
                failures.append(f"aggregate takes lying frame {i}")
    print(f"{n_items} items of {len(LOGS)} streams, {n_wrong} wrong forms")
    print("\n".join(failures[:20]))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
