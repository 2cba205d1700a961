"""Our JSON scanner against Python's: the same texts are JSON objects to both, and the
value at the path a.b is the same. Texts are the fuzz corpus, texts made by a grammar, and
changes of both, from a fixed seed.

    check_json.py SCAN_JSON CORPUS_FOLDER
"""

import json
import os
import random
import struct
import subprocess
import sys

DEPTH = 32
TEXTS = 60000
PIECES = ['"a"', '"b"', '"a":', '"b":', "{", "}", "[", "]", ",", ":", '"', "\\", "\\u",
          "\\ud83d", "\\ude00", "0", "-", "1.5", "e", "true", "null", " ", "\t", "\x01"]


def fail(what):
    raise ValueError(what)


def depth_of(value):
    if isinstance(value, dict):
        return 1 + max(map(depth_of, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(depth_of, value), default=0)
    return 0


def plain(text):
    """A string as bytes, halves of surrogate pairs as U+FFFD, foreign bytes as they were."""
    out = b""
    for c in text:
        if 0xDC80 <= ord(c) <= 0xDCFF and c in plain.foreign:
            out += bytes([ord(c) - 0xDC00])
        elif 0xD800 <= ord(c) <= 0xDFFF:
            out += b"\xef\xbf\xbd"
        else:
            out += c.encode()
    return out


plain.foreign = set()


class Raw(str):
    """A number as written."""


def expected(data):
    """What scan_json is to say; None when it may say anything."""
    # Bytes that are no UTF-8 are taken by ours. Python's way of keeping them must not
    # be mistaken for escapes that look alike.
    if b"\\x" in data or (b"\\u" in data.lower() and not data.isascii()):
        return None
    text = data.decode("utf-8", "surrogateescape")
    plain.foreign = {c for c in text if 0xDC80 <= ord(c) <= 0xDCFF}
    try:
        value = json.loads(text, parse_constant=fail, parse_int=Raw, parse_float=Raw)
    except (ValueError, RecursionError):
        return "no"
    if not isinstance(value, dict) or depth_of(value) > DEPTH:
        return "no"
    inner = value.get("a")
    while isinstance(inner, list) and inner:
        inner = inner[0]
    inner = inner.get("b", {}) if isinstance(inner, dict) else {}
    while isinstance(inner, list) and inner:
        inner = inner[0]
    if isinstance(inner, (dict, list)):
        return "yes -"
    if inner is None or isinstance(inner, bool):
        return "yes " + {None: "", True: "true", False: "false"}[inner].encode().hex()
    return "yes " + plain(inner).hex()


def make(rng, depth):
    kind = rng.randrange(8 if depth < 5 else 5)
    space = " " * (rng.random() < 0.1)
    if kind < 2:
        return space + json.dumps(make_string(rng), ensure_ascii=rng.random() < 0.5) + space
    if kind < 4:
        return rng.choice(["0", "-1", "12", "1.50", "2e5", "-0.1E-3", "1772452800.123"])
    if kind == 4:
        return rng.choice(["true", "false", "null"])
    if kind == 5:
        return "[" + ",".join(make(rng, depth + 1) for _ in range(rng.randrange(4))) + "]"
    return make_object(rng, depth)


def make_object(rng, depth):
    members = (f'"{rng.choice(["a", "b", "a", "b", "c", "a.b", ""])}":{make(rng, depth + 1)}'
               for _ in range(rng.randrange(5)))
    return "{" + ", ".join(members) + "}"


def make_string(rng):
    alphabet = "ab/\"\\\n\u00e9\u20ac\U0001f600\x00 {}[]:,"
    return "".join(rng.choice(alphabet) for _ in range(rng.randrange(30)))


def change(rng, data):
    data = bytearray(data)
    for _ in range(rng.randrange(1, 4)):
        at = rng.randrange(len(data) + 1)
        what = rng.randrange(4)
        if what == 0:
            del data[at:at + rng.randrange(1, 4)]
        elif what == 1:
            data[at:at] = rng.choice(PIECES).encode()
        elif what == 2 and at < len(data):
            data[at] = rng.randrange(256)
        else:
            data[at:at] = data[rng.randrange(len(data) + 1):][:rng.randrange(20)]
    return bytes(data[:60000])


def texts_of(folder):
    rng = random.Random(17)
    corpus = []
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), "rb") as file:
            corpus.append(file.read())
    yield from corpus
    for i in range(TEXTS):
        if i % 8 == 0:
            yield change(rng, rng.choice(corpus))
            continue
        data = make_object(rng, 0).encode("utf-8", "surrogatepass")
        yield data if i % 2 else change(rng, data)


def main():
    program, folder = sys.argv[1:]
    texts = list(texts_of(folder))
    given = b"".join(struct.pack("<I", len(text)) + text for text in texts)
    run = subprocess.run([program], input=given, stdout=subprocess.PIPE, check=True)
    answers = run.stdout.decode().split("\n")[:-1]
    wrong = compared = valid = 0
    for text, answer in zip(texts, answers, strict=True):
        want = expected(text)
        if want is None:
            continue
        compared += 1
        valid += want != "no"
        if answer != want:
            wrong += 1
            if wrong <= 10:
                print(f"{text!r}\n  want {want}\n  got  {answer}")
    print(f"{compared} texts, {valid} of them JSON, {wrong} read otherwise than by Python")
    return 1 if wrong or valid < 10000 or compared - valid < 10000 else 0


sys.exit(main())
