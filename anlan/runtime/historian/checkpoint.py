"""Where the historian stands, in one file that appears whole: the alarms' state, how far the stream was followed."""

from __future__ import annotations

import os
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

_HEAD = struct.Struct("<8sQQI")
_MARK = b"ANLANH01"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """``sequence`` of the last message that is stored; ``stream`` its stream's birth (ns): another stream counts anew.

    ``engine`` is what the alarm engine dumped.
    """

    sequence: int = 0
    stream: int = 0
    engine: bytes = b""


def read(path: Path) -> Checkpoint:
    """The last checkpoint; an empty one when there is none, or when it is damaged (a torn disk must stop nothing)."""
    try:
        raw = path.read_bytes()
        mark, sequence, stream, check = _HEAD.unpack_from(raw)
    except (FileNotFoundError, struct.error):
        return Checkpoint()
    engine = raw[_HEAD.size :]
    if mark != _MARK or zlib.crc32(engine) != check:
        return Checkpoint()
    return Checkpoint(sequence, stream, engine)


def write(path: Path, point: Checkpoint) -> None:
    """Replaces the checkpoint in one step."""
    fresh = path.with_suffix(".new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(_HEAD.pack(_MARK, point.sequence, point.stream, zlib.crc32(point.engine)))
        file.write(point.engine)
    fresh.replace(path)
