#!/usr/bin/python3
"""Makes agents_data.c: the tables of agents_data.h.

    pack_agents.py --modules node_modules --table ai_agents.tsv --out agents_data.c

Reads uap-core's regexes.yaml, crawler-user-agents' JSON (both from npm, pinned in
package.json) and our table of AI agents. The same input gives the same bytes.

For each pattern it finds literals of which a match must hold one (literals.py), so that
a string is tried against few patterns. For each pattern that takes a name from the
string it lists the names the pattern can take, where they are few; others count as
unknown, so that no text of a log becomes a key of a report."""

import argparse
import json
import re
import sys
from pathlib import Path

import yaml

from literals import Rarity, best_literals, parse, window, words_of_group

FIXED_WORDS = ["(unknown)", "", "(no agent)", "(other robot)",
               "desktop", "mobile", "tablet", "other"]
UNKNOWN, EMPTY, OTHER_ROBOT, OTHER = "(unknown)", "", "(other robot)", "other"
PURPOSES = {"training", "search", "assistant"}
SECTIONS = ["AI", "ROBOT", "FAMILY", "SYSTEM", "SPIDER", "DEVICE"]

# Patterns that match more than they mean, with what is used instead. None: left out, as
# it is of people's phones (a build of Android 15; the browser inside Meta's apps).
ROBOT_PATTERNS = {
    r"Spider[\s\S]*spider\.com": r"\bSpider\b[\s\S]*//(?:www\.)?spider\.com",
    r"AP3A\.240617\.008": None,
    r"MetaIAB Facebook": None,
}

# What reads badly when it is taken from the pattern.
ROBOT_NAMES = {
    r"Spider[\s\S]*spider\.com": "Spider",
    r"Code\/1\.": "Visual Studio Code",
    r"ContextualBot[\s\S]*outcomes\.net": "ContextualBot",
    r"https:\/\/developers\.cloudflare\.com\/security-center\/":
        "Cloudflare Security Center",
    r"developers\.google\.com\/\+\/web\/snippet": "Google Web Snippet",
    r"filterdb\.iss\.net\/crawler": "ISS Filter Crawler",
    r"loc\.gov\/programs\/web-archiving": "Library of Congress",
    r"pinterest\.com\/bot": "Pinterestbot",
    r"yandex\.com\/bots": "YandexBot",
    r"Mediapartners \(Googlebot\)": "Mediapartners-Google",
    r"collection@infegy\.com": "Infegy",
    r"sindresorhus\/got": "got",
}


class Pattern:
    def __init__(self, regex, word=None, form=None, version=None, operator=EMPTY,
                 purpose=EMPTY, caseless=False):
        self.regex, self.word, self.form, self.version = regex, word, form, version
        self.operator, self.purpose, self.caseless = operator, purpose, caseless


def read_ai_table(path):
    rows = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        row = line.split("\t")
        if len(row) != 4 or row[3] not in PURPOSES:
            sys.exit(f"{path}:{number}: four columns, the last {sorted(PURPOSES)}")
        rows.append(row)
    return sorted(rows, key=lambda row: -len(row[0]))  # stable: ties keep their order


def token_regex(token):
    """The token where no letter or digit adjoins it."""
    before = "(?<![A-Za-z0-9])" if token[0].isalnum() else ""
    after = "(?![A-Za-z0-9])" if token[-1].isalnum() else ""
    return before + re.sub(r"([^A-Za-z0-9 /_-])", r"\\\1", token) + after


def robot_name(entry):
    """A clean name: what the pattern finds in the first instance it matches, else the
    pattern without its syntax."""
    pattern = entry["pattern"]
    if pattern in ROBOT_NAMES:
        return ROBOT_NAMES[pattern]
    found = next((m.group(0) for i in entry["instances"]
                  if (m := re.search(pattern, i))), None)
    if not found or len(found) > 40:
        found = re.sub(r"\[\\s\\S\]\*.*|\(\^\| \)|[\^$]", "", pattern)
        found = re.sub(r"\\(.)", r"\1", found)
        found = re.sub(r"\[(.)[^]]*\]", r"\1", found)
    found = found.split(" (")[0].split("(")[0]
    return found.strip(" /;:-)\"'")


def robots(modules, ai_rows):
    """Patterns of AI agents and of other robots, and all instances."""
    entries = json.loads((modules / "crawler-user-agents/crawler-user-agents.json")
                         .read_text("utf-8"))
    ai = [Pattern(token_regex(t), n, operator=o, purpose=p, caseless=True)
          for t, n, o, p in ai_rows]
    others = []
    for entry in entries:
        regex = ROBOT_PATTERNS.get(entry["pattern"], entry["pattern"])
        if regex is None:
            continue
        name = robot_name(entry)
        if "ai-crawler" not in entry["tags"]:
            others.append(Pattern(regex, name))
            continue
        texts = [name, *entry["instances"]]
        row = next((r for r in ai_rows for t in texts
                    if re.search(token_regex(r[0]), t, re.I)), None)
        purpose = "search" if "search-engine" in entry["tags"] else "training"
        if not row:
            print(f"pack_agents.py: {name} is tagged as AI and not in the table: "
                  f"taken as {purpose}", file=sys.stderr)
        _, name, operator, purpose = row or (None, name, UNKNOWN, purpose)
        ai.append(Pattern(regex, name, operator=operator, purpose=purpose))
    return ai, others, [i for e in entries for i in e["instances"]]


def named(regex, replacement, **more):
    """A pattern whose word is fixed or made of groups, as uap-core's rules say."""
    if replacement is None:
        replacement = "$1"
    if "$" in replacement:
        return Pattern(regex, UNKNOWN, form=replacement, **more)
    return Pattern(regex, UNKNOWN if replacement == "Other" else replacement, **more)


def agents(modules):
    data = yaml.load((modules / "uap-core/regexes.yaml").read_text("utf-8"),
                     getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    family = [named(e["regex"], e.get("family_replacement"),
                    version=str(e.get("v1_replacement", "$2")))
              for e in data["user_agent_parsers"]]
    system = [named(e["regex"], e.get("os_replacement")) for e in data["os_parsers"]]
    device = [Pattern(e["regex"],
                      OTHER_ROBOT if e.get("device_replacement") == "Spider" else OTHER,
                      caseless=e.get("regex_flag") == "i")
              for e in data["device_parsers"]]
    spider = [p for p in device if p.word == OTHER_ROBOT]
    return family, system, spider, device


def words_of(pattern):
    """The words a pattern can give, as far as they are listed."""
    if not pattern.form:
        return {pattern.word}
    if pattern.form.count("$") != 1 or "$1" not in pattern.form:
        return set()
    return {pattern.form.replace("$1", word).strip()
            for word in words_of_group(parse(pattern.regex), 1)}


def c_string(text):
    out = []
    for byte in text.encode("utf-8"):
        char = chr(byte)
        if char in '"\\?':
            out.append("\\" + char)
        elif 32 <= byte < 127:
            out.append(char)
        else:
            out.append(f"\\{byte:03o}")
    return '"' + "".join(out) + '"'


def wrapped(values):
    lines = [", ".join(map(str, values[i:i + 16])) for i in range(0, len(values), 16)]
    return ",\n    ".join(lines) or "0"


class Trie:
    """The literals' trie as the automaton wants it (see literals.h): nodes by depth,
    the children of one side by side in order of their bytes' columns."""

    def __init__(self, literals):
        self.columns = sorted({byte for text in literals for byte in text})
        # A node's children are bits of a word.
        assert len(self.columns) <= 64, "literals of more than 64 different bytes"
        prefixes = {text[:n] for text in literals for n in range(len(text) + 1)}
        self.nodes = sorted(prefixes, key=lambda prefix: (len(prefix), prefix))
        self.number = {prefix: i for i, prefix in enumerate(self.nodes)}
        self.literal = {text: i for i, text in enumerate(sorted(literals))}

    def suffix(self, text):
        return next(text[i:] for i in range(1, len(text) + 1)
                    if text[i:] in self.number) if text else b""

    def shorter(self, text):
        """The next shorter node at whose end a literal is; the root: none."""
        while text:
            text = self.suffix(text)
            if text in self.literal:
                return text
        return b""

    def column_of(self, byte):
        folded = bytes([byte]).lower()[0]
        return self.columns.index(folded) if folded in self.columns else 64

    def rows(self):
        child = 1
        for text in self.nodes:
            found = [i for i, byte in enumerate(self.columns)
                     if text + bytes([byte]) in self.number]
            yield (f"{sum(1 << i for i in found):#x}", child,
                   self.number[self.suffix(text)], self.literal.get(text, 65535),
                   self.number[self.shorter(text)])
            child += len(found)


def index_literals(patterns, instances):
    """Literals with the patterns that need them, and the patterns that need none."""
    rarity = Rarity(instances)
    users, always = {}, []
    for i, pattern in enumerate(patterns):
        found = best_literals(parse(pattern.regex), rarity)
        if not found:
            always.append(i)
        for text in {window(t, rarity) for t in found or ()}:
            users.setdefault(text, []).append(i)
    return users, always


def literal_c(text):
    if text.isascii():
        return c_string(text.decode())
    return '"' + "".join(f"\\{byte:03o}" for byte in text) + '"'


def emit_trie(trie):
    out = ["static const uint8_t columns[256] = {",
           "    " + wrapped([trie.column_of(byte) for byte in range(256)]), "};", "",
           "static const struct ff_literal_node nodes[] = {"]
    out += [f"    {{ {', '.join(map(str, row))} }}," for row in trie.rows()]
    return out + ["};", ""]


def emit(sources, sections, words, users, always):
    trie = Trie(users)
    index = {word: i for i, word in enumerate(words)}
    out = [f"/* Made by pack_agents.py of {sources}. */",
           '#include "agents_data.h"', "", "static const struct ff_span words[] = {"]
    out += [f"    {{ {c_string(w)}, {len(w.encode())} }}," for w in words]
    out += ["};", "", "static const struct ff_pattern patterns[] = {"]
    for section in sections:
        for p in section:
            form = c_string(p.form) if p.form else "NULL"
            version = c_string(p.version) if p.version else "NULL"
            numbers = (index[p.word], index[p.operator], index[p.purpose],
                       int(p.caseless))
            out.append(f"    {{ {c_string(p.regex)}, {form}, {version}, "
                       f"{', '.join(map(str, numbers))} }},")
    out += ["};", "", "static const struct ff_literal literals[] = {"]
    pool = []
    for text in sorted(users):
        out.append(f"    {{ {literal_c(text)}, {len(text)}, {len(pool)}, "
                   f"{len(users[text])} }},")
        pool += users[text]
    out += ["};", "", "static const uint16_t literal_patterns[] = {",
            "    " + wrapped(pool), "};", "", "static const uint16_t always[] = {",
            "    " + wrapped(always), "};", "", *emit_trie(trie),
            "const struct ff_agents_data ff_agents_data = {",
            f"    .sources = {c_string(sources)},",
            "    .words = words, .patterns = patterns, .literals = literals,",
            "    .literal_patterns = literal_patterns, .always = always,",
            f"    .n_words = {len(words)}, .n_patterns = {sum(map(len, sections))},",
            f"    .n_literals = {len(users)}, .n_always = {len(always)},",
            "    .columns = columns, .nodes = nodes,", "    .sections = {"]
    first = 0
    for name, section in zip(SECTIONS, sections):
        end = first + len(section)
        out.append(f"        [FF_SECTION_{name}] = {{ {first}, {end} }},")
        first = end
    out += ["    },", "};", ""]
    sizes = [len(words), first, len(users), len(pool), len(trie.nodes)]
    assert max(sizes) < 65535 and max(map(len, words)) < 100, sizes
    return "\n".join(out)


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--modules", type=Path, required=True)
    options.add_argument("--table", type=Path, required=True)
    options.add_argument("--out", type=Path, required=True)
    given = options.parse_args()

    version = {p: json.loads((given.modules / p / "package.json").read_text("utf-8"))
               ["version"] for p in ("uap-core", "crawler-user-agents")}
    ai, others, instances = robots(given.modules, read_ai_table(given.table))
    sections = [ai, others, *agents(given.modules)]
    patterns = [p for section in sections for p in section]
    known = set().union(*map(words_of, patterns))
    known |= {p.operator for p in ai} | {p.purpose for p in ai}
    words = FIXED_WORDS + sorted(known - set(FIXED_WORDS), key=lambda w: w.encode())
    users, always = index_literals(patterns, instances)
    sources = ", ".join(f"{p} {v}" for p, v in version.items())
    given.out.write_text(emit(sources, sections, words, users, always), "utf-8")


if __name__ == "__main__":
    main()
