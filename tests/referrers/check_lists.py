#!/usr/bin/python3
"""Holds our referrer table against the lists that its facts come from.

    check_lists.py READ_REFERRERS [LISTS]

READ_REFERRERS is the program of read_referrers.c. LISTS is the folder with Matomo's
AIAssistants.yml, SearchEngines.yml and Socials.yml; without it nothing is tested, and a
line says so. Each of their hosts must come out as what the lists say it is, bare and (a
search engine) with a term; assistants win over search engines."""

import subprocess
import sys
from pathlib import Path

import yaml

# Sites that are a search engine only where the referrer has a term: bare, they are what
# people know them as.
ONLY_WITH_TERM = {
    "www.cnn.com": "site",
    "msnbc.msn.com": "site",
    "www.facebook.com": "social network",
}
# Domains that "{}" in the lists stands for: a country's.
COUNTRIES = ["de", "fr", "co.uk", "com.au"]
SUBDOMAINS = ["de", "uk", "m"]
SKIPPED = 77


def is_app(host):
    return host.startswith(("com.", "org.")) or host == "linkedin.android"


def urls(pattern):
    """URLs for a list's host, which may have a path and a "{}" in it."""
    if pattern.startswith("android-app//"):
        return [pattern.replace("android-app//", "android-app://", 1)]
    fill = COUNTRIES if "{}" in pattern.split("/")[0][1:] else SUBDOMAINS
    filled = [pattern.replace("{}", f) for f in fill] if "{}" in pattern else [pattern]
    schemes = ["https://", "android-app://"] if is_app(pattern) else ["https://"]
    return [s + f for s in schemes for f in filled]


def load(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def cases(lists):
    """(referrer, channel, term) for everything in the three lists."""
    assistants = [u for us in load(lists / "AIAssistants.yml").values() for u in us]
    bare = {a.removeprefix("www.") for a in assistants}
    for host in assistants:
        yield from ((u, "ai assistant", "") for u in urls(host))
    for hosts in load(lists / "Socials.yml").values():
        for host in hosts:
            yield from ((u, "social network", "") for u in urls(host))
    for entries in load(lists / "SearchEngines.yml").values():
        for entry in entries:
            names = [p for p in entry.get("params") or [] if p[0] not in "/ "]
            for host in entry["urls"]:
                wins = host.removeprefix("www.") in bare
                channel = "ai assistant" if wins else "search engine"
                for url in urls(host):
                    yield url, ONLY_WITH_TERM.get(host, channel), ""
                    if not wins and not is_app(host):
                        for p in names:
                            yield f"{url}?{p}=a%20b", channel, "a%20b"


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    lists = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    if not lists or not (lists / "SearchEngines.yml").is_file():
        print("skipped: no folder with Matomo's lists")
        sys.exit(SKIPPED)
    wanted = list(cases(lists))
    answers = subprocess.run(
        [sys.argv[1]],
        input="".join(referrer + "\n" for referrer, _, _ in wanted),
        capture_output=True,
        check=True,
        text=True,
    ).stdout.split("\n")[:-1]
    assert len(answers) == len(wanted)
    wrong = 0
    for (referrer, channel, term), answer in zip(wanted, answers):
        got_channel, name, got_term = answer.split("\t")
        if got_channel != channel or got_term != term:
            wrong += 1
            print(f"{referrer}: {channel} {term!r} wanted, got {answer!r}")
    print(f"{len(wanted)} referrers made of the lists, {wrong} wrong")
    sys.exit(1 if wrong else 0)


main()
