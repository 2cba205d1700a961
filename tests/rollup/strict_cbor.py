"""A CBOR reader that takes the one encoding there is (RFC 8949 4.2.1) and nothing else:
shortest numbers, definite lengths, keys of maps in order and each once. It knows what a
rollup is made of: numbers, UTF-8, arrays, maps with numbers for keys, tags, true, false
and null.
"""
from dataclasses import dataclass
from typing import Any

DEPTH = 12  # steps into arrays and maps; a rollup has nine


class Refused(Exception):
    def __init__(self, at: int, reason: str):
        super().__init__(f"byte {at}: {reason}")


@dataclass
class Node:
    """An item and where it begins; kind is its Python type, or "tag"."""
    at: int
    kind: Any
    value: Any


def read_head(data: bytes, at: int) -> tuple[int, int, int]:
    """Major type, argument (shortest, definite), the byte after."""
    if at >= len(data):
        raise Refused(at, "cut off")
    major, info = data[at] >> 5, data[at] & 31
    if info < 24:
        return major, info, at + 1
    if info > 27:
        raise Refused(at, "indefinite length, or no CBOR")
    size = 1 << (info - 24)
    argument = int.from_bytes(data[at + 1:at + 1 + size], "big")
    if at + 1 + size > len(data):
        raise Refused(at, "cut off")
    if major != 7 and argument < (24, 256, 2**16, 2**32)[info - 24]:
        raise Refused(at, "not in its shortest form")
    return major, argument, at + 1 + size


def read_text(data: bytes, at: int, begin: int, length: int) -> tuple[Node, int]:
    if length > len(data) - begin:
        raise Refused(at, "cut off")
    try:
        return (Node(at, str, data[begin:begin + length].decode()), begin + length)
    except UnicodeDecodeError as error:
        raise Refused(at, "text that is not UTF-8") from error


def read_items(data: bytes, at: int, count: int, depth: int) -> tuple[list, int]:
    if count > len(data) - at:
        raise Refused(at, "cut off")
    items = []
    for _ in range(count):
        item, at = read_node(data, at, depth + 1)
        items.append(item)
    return items, at


def read_node(data: bytes, at: int, depth: int = 0) -> tuple[Node, int]:
    if depth > DEPTH:
        raise Refused(at, "too deep")
    major, argument, after = read_head(data, at)
    if major < 2:
        return Node(at, int, argument if major == 0 else -1 - argument), after
    if major == 3:
        return read_text(data, at, after, argument)
    if major == 4:
        items, after = read_items(data, after, argument, depth)
        return Node(at, list, items), after
    if major == 5:
        items, after = read_items(data, after, 2 * argument, depth)
        return Node(at, dict, check_keys(items[0::2], items[1::2])), after
    if major == 6:
        item, after = read_node(data, after, depth + 1)
        return Node(at, "tag", (argument, item)), after
    if major == 7 and data[at] in (0xf4, 0xf5, 0xf6):
        return Node(at, (bool, bool, type(None))[data[at] - 0xf4],
                    (False, True, None)[data[at] - 0xf4]), after
    raise Refused(at, "bytes, a float or a simple value")


def check_keys(keys: list[Node], values: list[Node]) -> dict[int, Node]:
    """Numbers, each once, in order (which is the order of their bytes)."""
    for before, key in zip([None] + keys[:-1], keys):
        if key.kind is not int or key.value < 0:
            raise Refused(key.at, "a key that is no number")
        if before and before.value >= key.value:
            raise Refused(key.at, "keys out of order, or one twice")
    return {key.value: value for key, value in zip(keys, values)}
