#!/usr/bin/python3
"""Makes bad rollups of a good one: one file a way of tampering.

    tamper.py ROLLUP.cbor FOLDER

The rollup is a day's of the profile internal or partner, with pages of two rows or more.
Needs cbor2.
"""
import pathlib
import sys

import cbor2

K, KN, PROFILE = 5, 6, 4


def under_k(header, body):
    row = body[2][0][0][-1]
    row[3] = header[K] - 5
    return header, body


def under_k_and_header(header, body):
    header[K] -= 5
    return under_k(header, body)


def kn_in_header(header, body):
    header[KN] -= 1
    return header, body


def profile_in_header(header, body):
    header[PROFILE] = 1 - header[PROFILE]
    return header, body


def sum_of_table(header, body):
    body[2][0][2] += 5
    return header, body


def small_other(header, body):
    table = body[2][0]
    table[2] += 5 - table[1]
    table[1] = 5
    return header, body


def unsorted(header, body):
    body[2][0][0].reverse()
    return header, body


def free_map(header, body):
    body[3] = {}
    return header, body


def key(text):
    def put(header, body):
        body[2][0][0][-1][0] = text
        return header, body
    return put


TAMPERS = {
    "under_k": under_k, "under_k_and_header": under_k_and_header,
    "kn_in_header": kn_in_header, "profile_in_header": profile_in_header,
    "sum": sum_of_table, "small_other": small_other, "unsorted": unsorted,
    "free_map": free_map,
    "email": key("/a/jane.doe@example.org"), "user": key("/user/jane"),
    "address": key("/ip/192.0.2.7"), "card": key("/pay/4111111111111111"),
    "phone": key("/call/+4930123456789"), "number": key("/n/12345678"),
    "token": key("/t/a8Fk2Lq9Zx7Pw3Rt"), "percent": key("/a/jane%40example.org"),
}


def main(path, folder):
    data = pathlib.Path(path).read_bytes()
    out = pathlib.Path(folder)
    for name, tamper in TAMPERS.items():
        item = cbor2.loads(data)  # some versions drop the tag 55799
        magic, version, header, body = getattr(item, "value", item)
        item = cbor2.CBORTag(55799, [magic, version, *tamper(header, body)])
        (out / f"{name}.cbor").write_bytes(cbor2.dumps(item))
    # The version, 1, in two bytes.
    at = data.index(b"footfall-rollup") + 15
    (out / "long_number.cbor").write_bytes(data[:at] + b"\x18\x01" + data[at + 1:])
    (out / "trailing.cbor").write_bytes(data + b"\0")
    (out / "cut.cbor").write_bytes(data[:-1])


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
