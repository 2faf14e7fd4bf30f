"""What waits to be sent, on disk: segments of records, each with its length, checksum, number and count of readings.

A record is whole or it is not there: what a kill or a power cut tore off at the end is cut at the next start. The
bound is kept by letting go of the oldest segment, which is counted and said. Numbers rise by one for ever, so that a
record that is sent again after a crash is the same record.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import logging
import os
import struct
import threading
import time
import zlib
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from anlan.runtime.screen import Trouble

log = logging.getLogger(__name__)
_HEAD = struct.Struct("<4sIIQI")  # mark, length, checksum, number, readings
_MARK = b"ANSP"
_MOST_RECORD = 8 * 1024 * 1024
_SEGMENTS = 16  # into how many the bound is divided
SYNCS = ("always", "second", "never")
SYNC_S = 1.0


@dataclass(frozen=True, slots=True)
class Record:
    """One payload: its number and how many readings it holds."""

    number: int
    readings: int
    payload: bytes

    def packed(self) -> bytes:
        """As it lies on disk."""
        tail = struct.pack("<QI", self.number, self.readings)
        check = zlib.crc32(self.payload, zlib.crc32(tail))
        return _HEAD.pack(_MARK, len(self.payload), check, self.number, self.readings) + self.payload


@dataclass(slots=True)
class _Segment:
    path: Path
    first: int
    size: int = 0
    index: list[tuple[int, int]] = field(default_factory=list)  # place in the file and readings, by number from first

    @property
    def after(self) -> int:
        """The number that follows its last record."""
        return self.first + len(self.index)


class Spool:
    """One folder, used by one process at a time; safe between threads.

    ``most`` bytes at the most are kept; ``sync`` says when what was appended is forced to the disk: at once
    (``always``), once a second (``second``), or when the system likes (``never``). Raises ``Trouble`` when another
    process has the folder.
    """

    def __init__(self, folder: Path, most: int, sync: str = "second") -> None:
        self.folder, self.most, self.sync = folder, most, sync
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock_file = (folder / "lock").open("w")
        try:
            fcntl.flock(self._lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Trouble(f"The spool {folder} is used by another connector: give this one a folder of its own.")
        self._state = folder / "state.json"
        known = _read_state(self._state)
        self.acknowledged: int = known["acknowledged"]
        self.dropped: int = known["dropped"]
        self._said, self._said_at = self.acknowledged, time.monotonic()
        self._most_segment = max(min(most // _SEGMENTS, 16 * 1024 * 1024), 4096)
        self._changed = threading.Condition()
        self._segments: deque[_Segment] = deque()
        self._file: int | None = None
        self._synced = time.monotonic()
        self._dirty = False
        self._load()

    # -- putting in ------------------------------------------------------------------------------------------------

    def append(self, payload: bytes, readings: int) -> int:
        """Keep a payload; its number. Raises ``OSError`` when the disk does not take it: then nothing was kept."""
        with self._changed:
            if len(payload) > _MOST_RECORD:
                raise ValueError("a payload larger than a record may be")
            record = Record(self._next, readings, payload).packed()
            if not self._segments or self._segments[-1].size >= self._most_segment:
                self._open()
            segment = self._segments[-1]
            assert self._file is not None
            try:
                written = os.write(self._file, record)
                if written != len(record):
                    raise OSError(f"only {written} of {len(record)} bytes were written")
            except OSError:
                os.ftruncate(self._file, segment.size)
                raise
            segment.index.append((segment.size, readings))
            segment.size += len(record)
            self._next += 1
            self._dirty = True
            if self.sync == "always":
                self._to_disk()
            self._bound()
            self._changed.notify_all()
            return self._next - 1

    def settle(self) -> None:
        """What is due now and then: force to disk what was written, and write down what was acknowledged."""
        with self._changed:
            if self.sync == "second" and self._dirty and time.monotonic() - self._synced >= SYNC_S:
                self._to_disk()
            if self._said != self.acknowledged and time.monotonic() - self._said_at >= SYNC_S:
                self._write_state()

    def lose(self, readings: int, why: str) -> None:
        """Readings that could not be kept are counted and said."""
        with self._changed:
            self.dropped += readings
            log.error("%d READINGS ARE LOST (%s), %d in all", readings, why, self.dropped)
            self._write_state()

    # -- taking out ------------------------------------------------------------------------------------------------

    def wait(self, after: int, timeout: float) -> bool:
        """Whether there is a record after that number; waits for one."""
        with self._changed:
            return self._next > after + 1 or self._changed.wait_for(lambda: self._next > after + 1, timeout)

    def after(self, number: int) -> Record | None:
        """The first record after a number; None when there is none. What was let go is passed over."""
        with self._changed:
            for segment in self._segments:
                if segment.after > number + 1:
                    place = max(number + 1, segment.first) - segment.first
                    return _record_at(segment.path, segment.index[place][0])
            return None

    def acknowledge(self, number: int) -> None:
        """Everything up to that number is with the platform."""
        with self._changed:
            if number <= self.acknowledged:
                return
            self.acknowledged = number
            gone = False
            while len(self._segments) > 1 and self._segments[0].after <= number + 1:
                self._segments.popleft().path.unlink(missing_ok=True)
                gone = True
            if gone:
                self._write_state()

    @property
    def waiting(self) -> int:
        """Readings that are not acknowledged."""
        with self._changed:
            return sum(
                readings
                for segment in self._segments
                for _, readings in segment.index[max(self.acknowledged + 1 - segment.first, 0) :]
            )

    @property
    def size(self) -> int:
        """Bytes on disk."""
        with self._changed:
            return sum(segment.size for segment in self._segments)

    def close(self) -> None:
        """Say where it stands, and let others have the folder."""
        with self._changed:
            if self._file is not None:
                self._to_disk()
                os.close(self._file)
                self._file = None
            self._write_state()
            self._lock_file.close()

    # -- inside ----------------------------------------------------------------------------------------------------

    def _load(self) -> None:
        paths = sorted(path for path in self.folder.glob("*.seg") if path.stem.isdecimal())
        for path in paths:
            first = int(path.stem)
            segment = _Segment(path, first)
            for place, record in _records(path):
                if record.number != segment.after:
                    break
                segment.index.append((place, record.readings))
                segment.size = place + _HEAD.size + len(record.payload)
            torn = path.stat().st_size - segment.size
            if torn:
                log.warning("spool: %d bytes at the end of %s were torn off and are cut", torn, path.name)
                os.truncate(path, segment.size)
            if self._segments and first != self._segments[-1].after and first - 1 > self.acknowledged:
                log.error("spool: records %d to %d are missing on disk", self._segments[-1].after, first - 1)
            if segment.index:
                self._segments.append(segment)
            else:
                path.unlink()
        last = self._segments[-1].after if self._segments else 1
        # Where all segments are gone, numbers go on after what was acknowledged.
        self._next = max(last, self.acknowledged + 1)
        if self._segments and self._next == last:
            self._file = os.open(self._segments[-1].path, os.O_WRONLY | os.O_APPEND)
        elif self._segments:
            self._open()

    def _open(self) -> None:
        """Begin the next segment."""
        path = self.folder / f"{self._next:016d}.seg"
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_TRUNC, 0o600)
        if self._file is not None:
            self._to_disk()
            os.close(self._file)
        self._file = handle
        self._segments.append(_Segment(path, self._next))
        if self.sync != "never":
            _sync_folder(self.folder)

    def _bound(self) -> None:
        """Let go of the oldest segments while there is more than may be."""
        lost = 0
        while len(self._segments) > 1 and sum(segment.size for segment in self._segments) > self.most:
            oldest = self._segments.popleft()
            lost += sum(readings for _, readings in oldest.index[max(self.acknowledged + 1 - oldest.first, 0) :])
            oldest.path.unlink(missing_ok=True)
        if lost:
            self.dropped += lost
            log.error(
                "THE SPOOL IS FULL (%d MB): the oldest %d readings are lost, %d in all. Reach the platform again, or "
                "allow more in [spool] most_mb.", self.most // 1_000_000, lost, self.dropped,
            )  # fmt: skip
            self._write_state()

    def _to_disk(self) -> None:
        if self._file is not None and self.sync != "never":
            os.fdatasync(self._file)
        self._dirty, self._synced = False, time.monotonic()

    def _write_state(self) -> None:
        fresh = self._state.with_suffix(".new")
        self._said, self._said_at = self.acknowledged, time.monotonic()
        said = json.dumps({"acknowledged": self.acknowledged, "dropped": self.dropped})
        # A full disk must not end what goes on: an older state makes records go twice, and twice is once.
        with contextlib.suppress(OSError):
            fresh.write_text(said)
            fresh.replace(self._state)


def read_all(folder: Path) -> list[Record]:
    """Every whole record that lies in a folder, in order; takes no lock and changes nothing."""
    return [record for path in sorted(folder.glob("*.seg")) for _, record in _records(path)]


def _records(path: Path) -> Iterator[tuple[int, Record]]:
    """The whole records of a file and their places, up to the first that is not whole."""
    with path.open("rb") as file:
        while (found := _next_of(file.read(_HEAD.size))) is not None:
            length, check, number, readings = found
            payload = file.read(length)
            record = Record(number, readings, payload)
            if len(payload) != length or record.packed()[8:12] != struct.pack("<I", check):
                return
            yield file.tell() - length - _HEAD.size, record


def _next_of(head: bytes) -> tuple[int, int, int, int] | None:
    if len(head) < _HEAD.size:
        return None
    mark, length, check, number, readings = _HEAD.unpack(head)
    return (length, check, number, readings) if mark == _MARK and length <= _MOST_RECORD else None


def _record_at(path: Path, place: int) -> Record:
    with path.open("rb") as file:
        file.seek(place)
        _, length, _, number, readings = _HEAD.unpack(file.read(_HEAD.size))
        return Record(number, readings, file.read(length))


def _read_state(path: Path) -> dict[str, int]:
    """Where it stood; a torn or strange file counts as none: then what lies there is sent once more."""
    try:
        said = json.loads(path.read_text())
        return {name: max(int(said[name]), 0) for name in ("acknowledged", "dropped")}
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return {"acknowledged": 0, "dropped": 0}


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
