#!/usr/bin/python3
"""Each attack against two tiny outputs: one that gives everything away, and one that
gives nothing. An attack that cannot succeed says nothing when it fails."""

import json
import pathlib
import tempfile
import unittest
from typing import Dict, List, Union

import attacks
import linked
import run
import world
from artifacts import Artifact, read_folder
from attacks import Person, Result
from score import score

PEOPLE = [
    Person((0, 1), {0: ("203.0.113.1", "/anna"), 1: ("203.0.113.1", "/anna")}),
    Person((0, 1), {0: ("2001:db8::7",), 1: ("2001:db8::7", "Phone of Bruno")}),
]
KEYS = ["/diary/page", "/diary/*"]


def files(**contents: Union[str, bytes]) -> List[Artifact]:
    """Artifacts by name; "_json" at a name's end is its ending."""
    return [
        Artifact("x/" + name.replace("_", "."),
                 text if isinstance(text, bytes) else text.encode("utf-8"))
        for name, text in contents.items()
    ]


def report(*rows: Dict[str, object]) -> str:
    return json.dumps({"tables": {"pages": {"rows": list(rows)}}})


SAFE = report({"key": "/docs/*", "page_views": 40, "visits": 30, "visitors": 25})


class AttackTest(unittest.TestCase):
    def expect(self, result: Result, want: float) -> None:
        self.assertAlmostEqual(result.score, want, msg="; ".join(result.why))

    def test_personal_data(self) -> None:
        secrets = ["anna@plant.example", "203.0.113.1"]
        loud = files(a_html="<b>anna%40plant.example</b>",
                     b_cbor=b"\x6f" + b"MjAzLjAuMTEzLjE=")
        self.expect(attacks.personal_data(loud, secrets), 1)
        self.expect(attacks.personal_data(loud[:1], secrets), 0.5)
        self.expect(attacks.personal_data(files(a_html=SAFE), secrets), 0)

    def test_haystack_has_every_place(self) -> None:
        for before in range(9):
            data = b"." * before + b"anna-albrecht0" + b"," * 3
            self.assertTrue(attacks.Haystack(data).may_hold(b"anna-albrecht0"))
            self.assertFalse(attacks.Haystack(data).may_hold(b"anna-bruno"))

    def test_singling_out(self) -> None:
        keys = files(a_txt="203.0.113.1 3 9\n", b_html="<td>Phone of Bruno</td>")
        self.expect(attacks.singling_out(keys, PEOPLE, 1), 1)
        ones = [{"key": name, "visits": 2, "visitors": 1} for name in ("AR", "DE")]
        self.expect(attacks.singling_out(files(a_json=report(*ones)), PEOPLE, 1), 1)
        self.expect(attacks.singling_out(files(a_json=SAFE), PEOPLE, 1), 0)

    def test_robots_are_no_people(self) -> None:
        row = {"key": "Googlebot", "hits": 1}
        robots = json.dumps({"tables": {"robots": {"rows": [row]}}})
        self.expect(attacks.singling_out(files(a_json=robots), PEOPLE, 1), 0)

    def test_linkage(self) -> None:
        day = files(a_txt="203.0.113.1 1\n2001:db8::7 2\n")
        none = files(a_json=SAFE)
        self.expect(attacks.linkage(day, day, none, PEOPLE), 1)
        self.expect(attacks.linkage(day, none, none, PEOPLE), 0)
        names = ({"key": "a8f3K9-q1zR4m"}, {"key": "0f1e2d3c4b5a"})
        pseudonyms = files(a_json=report(*names))
        self.expect(attacks.linkage(pseudonyms, pseudonyms, none, PEOPLE), 1)
        self.expect(attacks.linkage(pseudonyms, pseudonyms, pseudonyms, PEOPLE), 0)
        token = files(a_cbor=b"\x82" + b"\x48\x80\x91\xa2\xb3\xc4\xd5\xe6\xf7"
                      + b"\x48\x81\x92\xa2\xb3\xc4\xd5\xe6\xf7")
        self.expect(attacks.linkage(token, token, none, PEOPLE), 1)

    def test_differencing(self) -> None:
        more, less = {(("/a",), "visitors"): 31}, {(("/a",), "visitors"): 30}
        self.expect(attacks.differencing({"again": (more, less)}), 1)
        self.expect(attacks.differencing({"again": (more, dict(more))}), 0)

    def test_sybils(self) -> None:
        shown = files(a_json=report({"key": "/diary/page", "visitors": 200}))
        safe = files(a_json=SAFE.replace("visit", "x"))
        lone = files(a_json=json.dumps({"totals": {"visitors": 201, "visits": 201}}))
        withheld = files(a_json=json.dumps({"totals": {"visitors": None}, "privacy":
                                            {"rows": {"visitors": 10}}}))
        self.expect(attacks.sybils(shown, withheld, KEYS), 1)
        self.expect(attacks.sybils(safe, lone, KEYS), 1)
        self.expect(attacks.sybils(safe, withheld, KEYS), 0)

    def test_forensic(self) -> None:
        addresses = ["203.0.113.1", "198.51.100.9"]
        core = files(core=b"\x7fELF 203.0.113.1 ", visits_db=b"\x04198.51.100.9 ")
        self.expect(attacks.forensic(core, addresses), 1)
        self.expect(attacks.forensic(files(core=b"\x7fELF"), addresses), 0)

    def test_injection(self) -> None:
        loud = files(a_html="<p><script>steal(1)</script>", b_csv="day,=1+1,3\n",
                     c_txt="a \x1b[31mred")
        inert = files(a_html="<p>&lt;script>steal(1)", b_csv="day,'=1+1,-3\n",
                      c_txt="a [31mred")
        self.expect(attacks.injection(loud, world.HOSTILE), 1)
        self.expect(attacks.injection(inert, world.HOSTILE), 0)
        progress = files(run_stderr="\r[##..] 50 %\x1b[K")
        self.expect(attacks.injection(progress, world.HOSTILE), 0)
        red = files(run_stderr="\r[##..] 50 %\x1b[K\x1b[31mred")
        self.expect(attacks.injection(red, world.HOSTILE), 1)
        wide = files(b_csv="day,\uff1d1+1,3\n")
        self.expect(attacks.injection(wide, world.HOSTILE), 1)


class ScoreTest(unittest.TestCase):
    """All attacks through folders."""

    def score_of(self, text: str) -> Dict[str, Result]:
        truth = {"A1": ["203.0.113.1"], "A9": ["numb fingers anna"], "people": PEOPLE,
                 "addresses": ["203.0.113.1"], "keys": KEYS, "hostile": world.HOSTILE}
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            for place in ("all/db", "day-0", "day-1", "day-2", "again/before",
                          "again/after", "part-then-whole/before", "forensic",
                          "part-then-whole/after", "flood-1", "lone-1", "flood-40",
                          "lone-40", "hostile"):
                (folder / place).mkdir(parents=True)
                if not place.startswith("lone"):
                    (folder / place / "report.json").write_text(SAFE, encoding="utf-8")
            for place in ("all/db/keys.db", "day-0/x.txt", "day-1/x.txt",
                          "flood-1/x.txt", "hostile/x.html"):
                (folder / place).write_text(text, encoding="utf-8")
            # Three days of 40 page views make 120; 40 leave 80 to be explained.
            whole = SAFE.replace("40", "120").replace("30", "90").replace("25", "75")
            (folder / "all/report.json").write_text(whole, encoding="utf-8")
            if text:
                (folder / "again/after/report.json").write_text(whole, encoding="utf-8")
            return score(folder, truth)

    def test_all_folders(self) -> None:
        loud = self.score_of("203.0.113.1 2001:db8::7 /diary/page numb+fingers+anna "
                             "<script>steal(1)</script>")
        quiet = self.score_of("")
        lost = [attack for attack, result in loud.items() if result.score == 0]
        self.assertEqual(lost, ["A6 (40)"])
        self.assertEqual([r.why for r in quiet.values() if r.score], [])
        self.assertEqual(run.missed_gates(quiet), [])
        self.assertEqual(len(run.missed_gates(loud)), len(run.GATES))


class LinkedTest(unittest.TestCase):
    """30 visitors with one browser, 29 of them with one system."""

    def test_differences_of_rows(self) -> None:
        everybody, some = list(range(60)), list(range(30))

        def cell(key: str, members: List[int]) -> list:
            return [[key], [len(members)] * 2, members]

        day = {
            "totals": {"visitors": 60}, "networks": everybody, "visit_visitor": [],
            "tables": {"browsers": [cell("Safari", some),
                                    cell("Chrome", everybody[30:])],
                       "systems": [cell("iOS", some[1:]),
                                   cell("Windows", [0, *everybody[30:]])]},
        }
        internal = linked.isolated(day, linked.PROFILES[0])
        self.assertEqual(internal, (1, 1, 1))
        # 30 less 30 may be nobody, and 60 less 30 less 30 as well.
        self.assertEqual(linked.isolated(day, linked.PROFILES[1]), (1, 0, 0))


if __name__ == "__main__":
    unittest.main()
