"""What is late, what was sent twice, what each tag said last. Pure numpy; the answer does not hang on how readings
were cut into batches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anlan.runtime.historian.decode import Columns

NEVER = np.iinfo(np.int64).min
KEPT = np.dtype([("sensor", "<i8"), ("ts", "<i8"), ("value", "<f8"), ("quality", "<i1"), ("arrived", "<i8")])


@dataclass(slots=True)
class Checked:
    """``late`` readings are stored and never judged; ``twice`` are those to be left out.

    ``fresh``: where the readings are that are newer than all of their tag before them, tag after tag, times rising
    within each. ``behind``: where those are that are older.
    """

    late: NDArray[np.bool_]
    twice: NDArray[np.bool_]
    fresh: NDArray[np.int64]
    behind: NDArray[np.int64]


class Latest:
    """The newest reading of every tag, by its place in the catalogue."""

    def __init__(self, size: int) -> None:
        self.ts = np.full(size, NEVER, np.int64)
        self.value = np.full(size, np.nan)
        self.quality = np.zeros(size, np.int8)
        self.arrived = np.zeros(size, np.int64)

    def dump(self, sensors: NDArray[np.int32]) -> bytes:
        """What is known, by sensor, for the checkpoint; ``sensors`` are those of the places."""
        known = np.flatnonzero(self.ts != NEVER)
        rows = np.empty(len(known), KEPT)
        rows["sensor"], rows["ts"], rows["value"] = sensors[known], self.ts[known], self.value[known]
        rows["quality"], rows["arrived"] = self.quality[known], self.arrived[known]
        return rows.tobytes()

    def restore(self, kept: bytes, place_of: Mapping[int, int]) -> None:
        """Take up what was dumped, of the sensors that still have a place."""
        rows = np.frombuffer(kept, KEPT) if kept else np.empty(0, KEPT)
        places = np.array([place_of.get(sensor, -1) for sensor in rows["sensor"].tolist()], np.int64)
        rows, places = rows[places >= 0], places[places >= 0]
        for name in ("ts", "value", "quality", "arrived"):
            getattr(self, name)[places] = rows[name]

    def check(self, rows: Columns, late_ms: int) -> Checked:
        """Judge readings against what came before them, in this batch too, and keep the newest."""
        n = len(rows)
        order = np.argsort(rows.index, kind="stable")
        index, ts = rows.index[order], rows.ts[order]
        first = np.empty(n, np.bool_)
        first[:1] = True
        np.not_equal(index[1:], index[:-1], out=first[1:])
        before = np.empty(n, np.int64)
        if first.all():
            before[:] = self.ts[index]
        else:
            before[:] = self._running(index, ts, first)
        late_, twice_ = ts < before, ts == before
        late, twice = np.empty(n, np.bool_), np.empty(n, np.bool_)
        late[order], twice[order] = late_, twice_
        late |= rows.ts < rows.arrived - late_ms
        newest = order[~(late_ | twice_)]  # increasing within each tag: the last one written is the newest
        places = rows.index[newest]
        self.ts[places], self.value[places] = rows.ts[newest], rows.value[newest]
        self.quality[places], self.arrived[places] = rows.quality[newest], rows.arrived[newest]
        return Checked(late, twice, newest, order[late_])

    def _running(self, index: NDArray[np.int32], ts: NDArray[np.int64], first: NDArray[np.bool_]) -> NDArray[np.int64]:
        """For each reading the newest time of its tag before it: one running maximum over all tags at once, each tag
        lifted above the one before it."""
        base = int(ts.min())
        known = self.ts[index]
        span = int(ts.max()) - base + 2
        group = np.cumsum(first, dtype=np.int64)
        within = np.clip(known - base, -1, span) if known.max() > NEVER else np.full(len(ts), -1, np.int64)
        within[known == NEVER] = -1
        lifted = group * (span + 2)
        running = np.maximum.accumulate(np.maximum(ts - base, within) + lifted) - lifted
        before = np.empty(len(ts), np.int64)
        before[1:] = running[:-1] + base
        before[first] = known[first]
        # Where the newest known time lies outside this batch's span it was cut; the comparison comes out the same.
        return before
