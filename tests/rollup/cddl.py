#!/usr/bin/python3
"""aggregate/rollup.cddl held by a validator of CDDL that is not ours (PyPI's pycddl, on
Rust's cddl): it takes every rollup that footfall writes, refuses what is of another
form, and takes whatever `footfall audit` takes of seeded changes.

    cddl.py FOOTFALL FOLDER      pycddl is in FOLDER (samples/setup test puts it there)

Skipped (77) where it is not.
"""
import pathlib
import random
import sys
import tempfile

import cbor2

import agree
from check_rollup import TABLES

CDDL = agree.ROOT / "aggregate" / "rollup.cddl"
CHANGES = 1500


def set_at(*path, value):
    """A change that puts the value at a place in [magic, version, header, body]."""
    def put(item):
        for at in path[:-1]:
            item = item[at]
        item[path[-1]] = value
    return put


def gone(*path):
    def remove(item):
        for at in path[:-1]:
            item = item[at]
        del item[path[-1]]
    return remove


def wrong_forms() -> dict:
    """By name: what no rollup is, whatever its counts."""
    forms = {
        "magic": set_at(0, value="footfall"), "version": set_at(1, value=2),
        "free map": set_at(3, 3, value={}), "key of text": set_at(2, "site", value="x"),
        "no zone": gone(2, 11), "no profile": gone(2, 4), "no tables": gone(3, 2),
        "profile": set_at(2, 4, value=2), "grain": set_at(2, 1, value=3),
        "k of 0": set_at(2, 5, value=0), "k too large": set_at(2, 5, value=2**32),
        "revision": set_at(2, 8, value=2**32), "flag": set_at(2, 9, value=1),
        "day without tag": set_at(2, 2, value=20000),
        "tag": set_at(2, 2, value=cbor2.CBORTag(1004, 20000)),
        "no site": set_at(2, 0, value=""), "long site": set_at(2, 0, value="x" * 256),
        "negative": set_at(3, 0, 2, value=-1), "float": set_at(3, 0, 2, value=1.5),
        "null": set_at(3, 0, 2, value=None), "text": set_at(3, 0, 2, value="1"),
        "a class more": lambda item: item[3][0][0].append(0),
        "a class less": lambda item: item[3][0][1].pop(),
        "a total more": lambda item: item[3][1].append(0),
        "totals of one": set_at(3, 1, value=[100]),
        "table 24": set_at(3, 2, 24, value=[[], 0, 0]),
    }
    for number, (name, *_) in enumerate(TABLES):
        def long_row(item, number=number):
            item[3][2][number][0][0].append(0)

        def number_of_text(item, number=number):
            item[3][2][number][0][0][-1] = "7"

        forms |= {f"{name}: long row": long_row, f"{name}: text": number_of_text,
                  f"{name}: no total": gone(3, 2, number, 2)}
    forms["long key"] = set_at(3, 2, 0, 0, 0, 0, value="x" * 1025)
    return forms


def validator(folder: str):
    sys.path.insert(0, folder)
    try:
        import pycddl
    except ImportError:
        print("skipped: no pycddl (samples/setup test fetches it where it can)")
        sys.exit(77)
    # What this validator cannot do: ranges below 0 (its days begin in 1970); see keys
    # that are too many deep in an item (so parts are also looked at by themselves), or a
    # number where a text of some size should be; anchor its expressions.
    text = CDDL.read_text(encoding="utf-8").replace("(-719162..", "(0..")
    whole, header, body = (pycddl.Schema(f"start = {rule}\n{text}")
                           for rule in ("rollup", "header", "body"))

    def flaw(data: bytes) -> str:
        item = agree.load(data)
        try:
            whole.validate_cbor(data)
            header.validate_cbor(cbor2.dumps(item[2]))
            body.validate_cbor(cbor2.dumps(item[3]))
        except pycddl.ValidationError as error:
            return str(error).strip()
        return ""
    return flaw


def main(footfall: str, folder: str) -> int:
    flaw = validator(folder)
    rng = random.Random("cddl")
    failures = []
    with tempfile.TemporaryDirectory() as scratch:
        place = pathlib.Path(scratch)
        good = agree.rollups_of(str(pathlib.Path(footfall).resolve()), place)
        failures += [f"a good rollup: {flaw(data)}" for data in good if flaw(data)]
        most = max(good, key=lambda data: len(agree.load(data)[3][2]))
        n_wrong = 0
        for name, change in wrong_forms().items():
            item = agree.load(most)
            try:
                change(item)
            except (KeyError, IndexError):  # a table that this rollup has not
                continue
            n_wrong += 1
            if not flaw(cbor2.dumps(cbor2.CBORTag(55799, item))):
                failures.append(f"{name}: taken")
        small = [data for data in good if len(data) < 6000]
        changes = [agree.change_form(rng, rng.choice(small)) for _ in range(CHANGES)]
        said = agree.audits(footfall, place, [data for _, data in changes])
        taken = [change for change, reason in zip(changes, said) if not reason]
        failures += [f"{kind}: audit takes it, the CDDL does not: {flaw(data)}"
                     for kind, data in taken if flaw(data)]
    print(f"{len(good)} rollups, {n_wrong} wrong forms, {len(taken)} good changes")
    print("\n".join(failures[:20]))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
