"""Where the historian stands, in one file that appears whole: how far the stream was followed, what each tag had said
last by then, the alarms' state."""

from __future__ import annotations

import os
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

_HEAD = struct.Struct("<8sQQQQI")
_MARK = b"ANLANH03"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """``sequence`` of the last message that is stored; ``stream`` its stream's birth (ns): another stream counts anew.

    ``rolling`` is what is under way of the roll-ups, ``engine`` what the alarm engine dumped, ``latest`` what each tag
    had said last (``Latest.dump``; None without a checkpoint): of that moment and not of the store, which may be
    further on, so that a message that is read again is judged as it was the first time.
    """

    sequence: int = 0
    stream: int = 0
    engine: bytes = b""
    latest: bytes | None = None
    rolling: bytes = b""


def read(path: Path) -> Checkpoint:
    """The last checkpoint; an empty one when there is none, or when it is damaged (a torn disk must stop nothing)."""
    try:
        raw = path.read_bytes()
        mark, sequence, stream, length, rolling, check = _HEAD.unpack_from(raw)
    except (FileNotFoundError, struct.error):
        return Checkpoint()
    body = raw[_HEAD.size :]
    if mark != _MARK or zlib.crc32(body) != check:
        return Checkpoint()
    return Checkpoint(sequence, stream, body[length + rolling :], body[:length], body[length : length + rolling])


def write(path: Path, point: Checkpoint) -> None:
    """Replaces the checkpoint in one step."""
    fresh = path.with_suffix(".new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        latest = point.latest or b""
        check = zlib.crc32(point.engine, zlib.crc32(point.rolling, zlib.crc32(latest)))
        file.write(_HEAD.pack(_MARK, point.sequence, point.stream, len(latest), len(point.rolling), check))
        file.write(latest)
        file.write(point.rolling)
        file.write(point.engine)
        file.flush()
        os.fsync(handle)
    fresh.replace(path)
