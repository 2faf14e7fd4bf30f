"""From the registers of Modbus to numbers. Pure."""

from __future__ import annotations

import struct
from collections.abc import Sequence

# name: (registers, how struct reads them in network order)
TYPES = {
    "bool": (1, ">H"), "int16": (1, ">h"), "uint16": (1, ">H"), "int32": (2, ">i"), "uint32": (2, ">I"),
    "int64": (4, ">q"), "uint64": (4, ">Q"), "float32": (2, ">f"), "float64": (4, ">d"),
}  # fmt: skip
ORDERS = ("ABCD", "CDAB", "BADC", "DCBA")
"""How a device lays the four bytes of two registers: as the protocol means it, registers swapped, bytes swapped within
each register, both. Four registers are swapped as a whole in the same way."""


def words_of(kind: str) -> int:
    """How many registers a type takes.

    >>> [words_of(kind) for kind in ("int16", "float32", "float64")]
    [1, 2, 4]
    """
    return TYPES[kind][0]


def decoded(words: Sequence[int], kind: str, order: str = "ABCD") -> float:
    """The number that registers hold.

    >>> decoded([0x41BC, 0x0000], "float32"), decoded([0x0000, 0x41BC], "float32", "CDAB")
    (23.5, 23.5)
    >>> decoded([0xFFFE], "int16"), decoded([0xFEFF], "int16", "DCBA"), decoded([3], "bool")
    (-2.0, -2.0, 1.0)
    """
    count, form = TYPES[kind]
    if len(words) != count:
        raise ValueError(f"{kind} takes {count} registers, not {len(words)}")
    laid = list(words) if order in ("ABCD", "BADC") else list(words)[::-1]
    raw = struct.pack(f"{'<' if order in ('BADC', 'DCBA') else '>'}{count}H", *laid)
    value = struct.unpack(form, raw)[0]
    return float(value != 0) if kind == "bool" else float(value)
