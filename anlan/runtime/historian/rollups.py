"""Roll-ups as the readings come: of each tag the minute and the hour that are under way. Pure numpy.

Only readings newer than all of their tag before them are added up, so none counts twice; what comes out of order names
its minute instead (``Late``), and that one is counted anew from the store. What is under way is of the checkpoint:
whoever reads the stream again from there adds up the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

MINUTE_MS, HOUR_MS = 60_000, 3_600_000
NEVER = np.iinfo(np.int64).min
PART = np.dtype(
    [
        ("sensor", "<u4"), ("start", "<i8"), ("n", "<u4"), ("bad", "<u4"), ("total", "<f8"), ("low", "<f8"),
        ("high", "<f8"), ("first", "<f8"), ("last", "<f8"),
    ],
    align=True,  # columns of what is not aligned are added up at a third of the speed
)  # fmt: skip
"""A stretch of a tag: its beginning (epoch ms), readings, those not good, and what they were."""
_ADDED, _KEPT = ("n", "bad", "total"), ("first", "last")
Parts = NDArray[np.void]


@dataclass(slots=True)
class Added:
    """Stretches of readings in order: ``place`` rises, times rise within a place. ``part`` has no ``sensor`` yet."""

    place: NDArray[np.int64]
    part: Parts

    @classmethod
    def readings(
        cls, place: NDArray[np.int32], ts: NDArray[np.int64], value: NDArray[np.float64], quality: NDArray[np.int8]
    ) -> Added:
        """Single readings, each a stretch of its own."""
        part = np.empty(len(place), PART)
        part["start"], part["n"], part["bad"] = ts, 1, quality > 0
        for name in ("total", "low", "high", *_KEPT):
            part[name] = value
        return cls(place.astype(np.int64), part)


def _words(part: Parts) -> NDArray[np.int64]:
    """Stretches as plain rows: those are moved at several times the speed of records."""
    return part.view(np.int64).reshape(len(part), -1)


class Open:
    """The stretch under way of every tag, by its place in the catalogue."""

    def __init__(self, width: int, size: int) -> None:
        self.width = width
        self.part = np.zeros(size, PART)
        self.part["start"] = NEVER
        self.told = np.ones(size, np.bool_)

    def __len__(self) -> int:
        return len(self.part)

    def add(self, more: Added) -> Added:
        """Add stretches; gives back those that are over now, in the same order."""
        if not len(more.place):
            return more
        place, start = more.place, more.part["start"] // self.width * self.width
        change = np.empty(len(place), np.bool_)
        change[0] = True
        np.not_equal(place[1:], place[:-1], out=change[1:])
        change[1:] |= start[1:] != start[:-1]
        heads = np.flatnonzero(change)
        run, at = more.part.take(heads), place[heads]
        run["start"] = start[heads]
        if len(heads) < len(place):
            for name in _ADDED:
                run[name] = np.add.reduceat(more.part[name], heads)
            run["low"] = np.minimum.reduceat(more.part["low"], heads)
            run["high"] = np.maximum.reduceat(more.part["high"], heads)
            run["last"] = more.part["last"][np.append(heads[1:], len(place)) - 1]
        begins, ends = np.ones(len(at), np.bool_), np.ones(len(at), np.bool_)
        begins[1:] = at[1:] != at[:-1]
        ends[:-1] = begins[1:]
        before = self.part.take(at)
        goes_on = begins & (before["start"] == run["start"])
        for name in _ADDED:
            np.add(run[name], before[name], out=run[name], where=goes_on)
        np.minimum(run["low"], before["low"], out=run["low"], where=goes_on)
        np.maximum(run["high"], before["high"], out=run["high"], where=goes_on)
        np.copyto(run["first"], before["first"], where=goes_on)
        over = begins & ~goes_on & (before["start"] != NEVER)
        last = np.flatnonzero(ends)
        _words(self.part)[at[last]] = _words(run).take(last, axis=0)
        self.told[at[ends]] = False
        if ends.all() and not over.any():
            return Added(at[:0], run[:0])
        # What was under way comes before what this batch itself began and ended.
        both = np.concatenate((at[over], at[~ends]))
        parts = np.concatenate((before[over], run[~ends]))
        order = np.lexsort((parts["start"], both))
        return Added(both[order], parts[order])

    def still(self, before: int) -> Added:
        """Stretches under way that ended before that moment, though nothing newer came of their tags; each once."""
        ripe = np.flatnonzero(~self.told & (self.part["start"] != NEVER) & (self.part["start"] + self.width <= before))
        self.told[ripe] = True
        return Added(ripe, self.part[ripe])

    def dump(self, sensors: NDArray[np.int32]) -> bytes:
        """What is under way, by sensor; ``sensors`` are those of the places."""
        known = np.flatnonzero(self.part["start"] != NEVER)
        rows = self.part[known]
        rows["sensor"] = sensors[known]
        return rows.tobytes()

    def restore(self, kept: bytes, place_of: Mapping[int, int]) -> None:
        """Take up what was dumped, of the sensors that still have a place."""
        rows = np.frombuffer(kept, PART)
        places = np.array([place_of.get(sensor, -1) for sensor in rows["sensor"].tolist()], np.int64)
        self.part[places[places >= 0]] = rows[places >= 0]
        self.told[places[places >= 0]] = False


class Late:
    """Stretches to be counted anew: of each its sensor, its start, and whether that was done while it was under way."""

    def __init__(self, width: int, kept: bytes = b"") -> None:
        self.width = width
        self._pairs = np.frombuffer(kept, np.int64).reshape(-1, 3).copy()
        self._fresh: list[NDArray[np.int64]] = []

    def add(self, sensors: NDArray[Any], moments: NDArray[np.int64]) -> None:
        """The stretches in which these moments lie."""
        if len(sensors):
            none = np.zeros(len(sensors), np.int64)
            starts = moments // self.width * self.width
            self._fresh.append(_once(np.stack((sensors.astype(np.int64), starts, none), axis=1)))

    def wake(self, sensors: NDArray[Any], starts: NDArray[np.int64]) -> None:
        """These stretches were put down once more as they came: where they were counted before, that is due again."""
        self._pairs = pairs = self._gathered()
        known = set(zip(sensors.tolist(), starts.tolist(), strict=True))
        if known and len(pairs):
            slept = np.flatnonzero(pairs[:, 2])
            pairs[[at for at in slept.tolist() if (pairs[at, 0], pairs[at, 1]) in known], 2] = 0

    def ripe(self, under_way: Open, place_of: Mapping[int, int], before: int, most: int) -> NDArray[np.int64]:
        """Pairs of sensor and start to be counted now, ``most`` at a time: those that are over, and those that ended
        before a moment though their tag said nothing newer. The latter stay: if the tag goes on with such a stretch
        after all, it is counted once more when that is over."""
        pairs = self._gathered()
        if not len(pairs):
            return pairs[:, :2]
        places = np.array([place_of.get(sensor, -1) for sensor in pairs[:, 0].tolist()], np.int64)
        over = places < 0
        over[~over] = under_way.part["start"][places[~over]] > pairs[~over, 1]
        silent = ~over & (pairs[:, 2] == 0) & (pairs[:, 1] + self.width <= before)
        chosen = np.flatnonzero(over | silent)[:most]
        found = pairs[chosen, :2]
        pairs[chosen, 2] = 1
        self._pairs = np.delete(pairs, chosen[over[chosen]], axis=0)
        return found

    def dump(self) -> bytes:
        """All of them, for the checkpoint."""
        return self._gathered().tobytes()

    def _gathered(self) -> NDArray[np.int64]:
        if self._fresh:
            self._pairs, self._fresh = _once(np.concatenate((self._pairs, *self._fresh))), []
        return self._pairs


def _once(pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Each pair once, in order; one to be counted stands before the same that was."""
    pairs = pairs[np.lexsort((pairs[:, 2], pairs[:, 1], pairs[:, 0]))]
    first = np.ones(len(pairs), np.bool_)
    first[1:] = (pairs[1:, :2] != pairs[:-1, :2]).any(axis=1)
    return pairs[first]
