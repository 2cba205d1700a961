"""What a tool left in a folder, as an attacker reads it: every byte, every word, and
the numbers that stand beside a key."""

import csv
import html
import io
import json
import pathlib
import re
from typing import Dict, Iterator, List, NamedTuple, Set, Tuple

import cbor2

BREAK = re.compile(r"[\x00-\x20\"'<>,;\\\x7f-\x9f�]+")
ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
# What changes from run to run whatever was in the log.
VOLATILE = re.compile(
    r"date_time|generation_time|log_size|log_path|start_date|end_date|LastUpdate|"
    r"LastLine|POS_|last updated|version|Created|duration|revision",
    re.IGNORECASE,
)
Number = Tuple[Tuple[str, ...], str]  # key path, measure


class Artifact(NamedTuple):
    """One file, or one captured stream."""

    name: str
    data: bytes


def read_folder(*folders: pathlib.Path) -> List[Artifact]:
    """All files below the folders, and their names as a file of their own."""
    found: List[Artifact] = []
    for folder in folders:
        paths = sorted(path for path in folder.rglob("*"))
        names = "\n".join(str(path.relative_to(folder)) for path in paths)
        found.append(Artifact(f"{folder.name}: names of files", names.encode()))
        found += [
            Artifact(f"{folder.name}/{path.relative_to(folder)}", path.read_bytes())
            for path in paths
            if path.is_file()
        ]
    return found


def cbor_items(data: bytes) -> Iterator[object]:
    """The items of a CBOR sequence; nothing if it is none."""
    stream = io.BytesIO(data)
    while stream.tell() < len(data):
        try:
            yield cbor2.load(stream)
        except (cbor2.CBORDecodeError, ValueError, EOFError, OSError):
            return


def leaves(item: object) -> Iterator[object]:
    """The strings and numbers of an item."""
    if isinstance(item, dict):
        for key, value in item.items():
            yield from leaves(key)
            yield from leaves(value)
    elif isinstance(item, (list, tuple)):
        for value in item:
            yield from leaves(value)
    elif isinstance(item, cbor2.CBORTag):
        yield from leaves(item.value)
    else:
        yield item


def text_of(artifact: Artifact) -> str:
    """The file's text with the escapes of JSON, HTML and CBOR undone."""
    if artifact.name.endswith(".cbor"):
        items = (leaf for item in cbor_items(artifact.data) for leaf in leaves(item))
        return "\n".join(leaf for leaf in items if isinstance(leaf, str))
    text = artifact.data.decode("utf-8", "replace")
    text = ESCAPE.sub(lambda match: chr(int(match[1], 16)), text.replace("\\/", "/"))
    return html.unescape(text) if "&" in text else text


def words(artifacts: List[Artifact]) -> Set[str]:
    """All that stands between blanks, quotes, brackets, commas and control bytes."""
    found: Set[str] = set()
    for artifact in artifacts:
        found.update(BREAK.split(text_of(artifact)))
    return found


def key_of(item: dict) -> str:
    """What a row of a tool's JSON is about; empty if it is no row."""
    for name in ("key", "data", "date"):
        if isinstance(item.get(name), (str, list)):
            value = item[name]
            return value if isinstance(value, str) else "\x1f".join(map(str, value))
    return ""


def numbers_in(
    item: object, path: Tuple[str, ...] = ()
) -> Iterator[Tuple[Number, int]]:
    """All numbers of a JSON value; a row is named by its key, not by its place."""
    if isinstance(item, bool):
        return
    if isinstance(item, (int, float)):
        yield (path[:-1], path[-1] if path else ""), int(item)
    elif isinstance(item, dict):
        for name, value in item.items():
            if name == "count" and isinstance(value, int):
                yield (path[:-1], path[-1]), value
            else:
                yield from numbers_in(value, path + (name,))
    elif isinstance(item, list):
        for i, value in enumerate(item):
            key = key_of(value) if isinstance(value, dict) else ""
            yield from numbers_in(value, path + (key or f"#{i}",))


def json_values(artifacts: List[Artifact]) -> Iterator[object]:
    for artifact in artifacts:
        if artifact.name.endswith(".json"):
            try:
                yield json.loads(artifact.data.decode("utf-8", "replace"))
            except ValueError:
                continue


def csv_rows(artifact: Artifact) -> List[List[str]]:
    text = artifact.data.decode("utf-8", "replace")
    return [row for row in csv.reader(io.StringIO(text)) if row]


def published(artifacts: List[Artifact]) -> Dict[Number, int]:
    """The numbers of JSON and of AWStats' data file, by file and key: what can be
    compared and subtracted."""
    found: Dict[Number, int] = {}
    for artifact in artifacts:
        if artifact.name.endswith(".json"):
            for value in json_values([artifact]):
                for (path, measure), number in numbers_in(value):
                    found[((artifact.name, *path), measure)] = number
        elif artifact.name.endswith(".txt") and "awstats" in artifact.name:
            for line in artifact.data.decode("utf-8", "replace").splitlines():
                key, *rest = line.split(" ")
                for i, value in enumerate(rest):
                    if value.isdigit():
                        found[((artifact.name, key), str(i))] = int(value)
    return {
        number: value
        for number, value in found.items()
        if not VOLATILE.search(" ".join((*number[0][1:], number[1])))
    }


def rows(artifacts: List[Artifact]) -> Dict[Tuple[str, ...], Dict[str, int]]:
    """Rows of tables in JSON: (table's path, key) to measures."""
    found: Dict[Tuple[str, ...], Dict[str, int]] = {}
    for value in json_values(artifacts):
        for (path, measure), number in numbers_in(value):
            found.setdefault(path, {})[measure] = number
    return found
