"""Finds a secret in bytes however it was written: as it is, in any case,
percent-encoded, base64, hexadecimal, reversed, UTF-16, escaped for HTML or JSON, or as a
digest that anybody can compute again."""

import base64
import binascii
import hashlib
import html
import ipaddress
import json
import urllib.parse
from typing import Dict, Iterator, List, Tuple

DIGESTS = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "blake2b", "blake2s")


def base64_cores(data: bytes) -> Iterator[bytes]:
    """What of `data` is the same in base64 whatever stands before and after it."""
    for shift in range(3):
        text = base64.b64encode(bytes(shift) + data)
        end = len(text) - 4 if (shift + len(data)) % 3 else len(text)
        core = text[4 if shift else 0:end]
        if len(core) >= 6:
            yield core
            yield core.translate(bytes.maketrans(b"+/", b"-_"))


def spellings(secret: str) -> Iterator[Tuple[str, bytes]]:
    """Ways to write a text, by name, in lower case where case is ignored."""
    data = secret.encode("utf-8")
    yield "as it is", data
    yield "reversed", data[::-1]
    yield "percent-encoded", urllib.parse.quote(secret, safe="").encode()
    yield "percent-encoded twice", urllib.parse.quote(
        urllib.parse.quote(secret, safe=""), safe="").encode()
    yield "percent-encoded whole", b"".join(b"%%%02x" % byte for byte in data)
    yield "with + for spaces", urllib.parse.quote_plus(secret).encode()
    yield "escaped for HTML", html.escape(secret).encode()
    yield "escaped for JSON", json.dumps(secret)[1:-1].encode()
    yield "UTF-16LE", secret.encode("utf-16-le")
    yield "UTF-16BE", secret.encode("utf-16-be")
    yield "hexadecimal", binascii.hexlify(data)
    yield "hexadecimal with colons", binascii.hexlify(data, ":")


def digests(secret: str) -> Iterator[Tuple[str, bytes]]:
    data = secret.encode("utf-8")
    for name in DIGESTS:
        digest = hashlib.new(name, data).digest()
        yield name, digest
        yield name + " in hexadecimal", digest.hex().encode()
        yield name + " in base64", base64.b64encode(digest).rstrip(b"=")
    yield "crc32 in hexadecimal", b"%08x" % binascii.crc32(data)


def numbers(secret: str) -> Iterator[Tuple[str, bytes]]:
    """An address in other forms; packed only for IPv6 (four bytes occur by chance)."""
    try:
        address = ipaddress.ip_address(secret)
    except ValueError:
        return
    yield "as a number", b"%d" % int(address)
    yield "packed, in hexadecimal", address.packed.hex().encode()
    if address.version == 6:
        yield "packed", address.packed
        yield "its /64 packed", address.packed[:8]
        yield "exploded", address.exploded.encode()
        yield "compressed", address.compressed.encode()
        yield "its /64", address.exploded[:19].encode()


class Secret:
    """A text that must not come out, and the bytes to look for."""

    def __init__(self, text: str):
        self.text = text
        self.exact: Dict[bytes, str] = {}
        self.folded: Dict[bytes, str] = {}
        for core in base64_cores(text.encode("utf-8")):
            self.exact[core] = "base64"
        for way, needle in (*spellings(text), *digests(text), *numbers(text)):
            self.folded.setdefault(needle.lower(), way)

    def found_in(self, data: bytes, folded: bytes) -> List[str]:
        """The ways in which `data` (and `folded`, its lower case) hold the secret."""
        return ([way for needle, way in self.exact.items() if needle in data]
                + [way for needle, way in self.folded.items() if needle in folded])
