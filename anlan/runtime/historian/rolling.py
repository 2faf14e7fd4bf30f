"""The roll-ups of one historian: minutes and hours under way, what is counted anew, and their way to the store."""

from __future__ import annotations

import struct
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from anlan.runtime.historian.catalogue import Catalogue
from anlan.runtime.historian.checks import NEVER, Checked, Latest
from anlan.runtime.historian.decode import Columns
from anlan.runtime.historian.rollups import HOUR_MS, MINUTE_MS, PART, Added, Late, Open, Parts
from anlan.runtime.historian.store import HOURS, MINUTES, Store

SILENT_MS = 600_000
"""A minute whose tag says nothing more is put down so long after it ended."""
MOST_ANEW = 20_000
"""Stretches counted anew between two checkpoints."""
_HEAD = struct.Struct("<4Q")


class Rolling:
    """Follows the readings of a catalogue's tags."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._late_minutes, self._late_hours = Late(MINUTE_MS), Late(HOUR_MS)
        self._begin(catalogue)
        self._over: dict[str, list[Parts]] = {"minutes": [], "hours": []}

    def _begin(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._minutes = Open(MINUTE_MS, len(catalogue.sensors))
        self._hours = Open(HOUR_MS, len(catalogue.sensors))

    def add(self, rows: Columns, checked: Checked) -> None:
        """Readings as they were checked, all of them."""
        fresh, behind = checked.fresh, checked.behind
        self._begun(rows.index[fresh], rows.ts[fresh])
        over = self._minutes.add(
            Added.readings(rows.index[fresh], rows.ts[fresh], rows.value[fresh], rows.quality[fresh])
        )
        if len(over.place):
            self._put("minutes", over)
            self._put("hours", self._hours.add(over))
        if len(behind):
            self._late_minutes.add(self._catalogue.sensors[rows.index[behind]], rows.ts[behind])

    def _begun(self, place: NDArray[np.int32], ts: NDArray[np.int64]) -> None:
        """Of a tag of which nothing is under way the first minute and hour are counted anew once they are over: it may
        have been taken out of use in the midst of them and back into it."""
        new = self._minutes.part["start"][place] == NEVER
        if new.any():
            places, first = np.unique(place[new], return_index=True)
            sensors, moments = self._catalogue.sensors[places], ts[new][first]
            self._late_minutes.add(sensors, moments)
            self._late_hours.add(sensors, moments)

    def renew(self, catalogue: Catalogue) -> None:
        """Go on with other tags: what is under way of one taken out of use is put down."""
        kept = self._minutes.dump(self._catalogue.sensors), self._hours.dump(self._catalogue.sensors)
        gone = np.array([sensor not in catalogue.place_of for sensor in self._catalogue.sensors.tolist()], np.bool_)
        for place in (np.flatnonzero(gone & (self._minutes.part["start"] != NEVER)),):
            over = Added(place, self._minutes.part[place])
            self._put("minutes", over)
            self._late_hours.add(self._catalogue.sensors[place], over.part["start"])
        self._begin(catalogue)
        self._minutes.restore(kept[0], catalogue.place_of)
        self._hours.restore(kept[1], catalogue.place_of)

    def begin_anew(self, latest: Latest) -> None:
        """Nothing is under way though readings are stored: what each tag was at is counted anew once it is over."""
        known = np.flatnonzero(latest.ts != NEVER)
        self._late_minutes.add(self._catalogue.sensors[known], latest.ts[known])
        self._late_hours.add(self._catalogue.sensors[known], latest.ts[known])

    def due(self, store: Store, silent_before: int | None) -> Callable[[], None] | None:
        """What is to be stored by now, as one piece of work that may be done again; None for nothing.

        ``silent_before``: what ended before that moment (epoch ms) is put down although nothing newer came of its tag.
        """
        minutes, hours, place_of = self._minutes, self._hours, self._catalogue.place_of
        before = NEVER if silent_before is None else silent_before
        if silent_before is not None:
            still = minutes.still(before)
            self._put("minutes", still)
            self._late_minutes.wake(self._catalogue.sensors[still.place], still.part["start"])
            self._late_hours.add(self._catalogue.sensors[still.place], still.part["start"])
        anew = self._late_minutes.ripe(minutes, place_of, before, MOST_ANEW)
        self._late_hours.add(anew[:, 0], anew[:, 1])
        wide = self._late_hours.ripe(hours, place_of, before, MOST_ANEW)
        over, self._over = self._over, {"minutes": [], "hours": []}
        if not (any(over.values()) or len(anew) or len(wide)):
            return None

        def work() -> None:
            for level in (MINUTES, HOURS):
                if over[level.table]:
                    store.keep(level, np.concatenate(over[level.table]))
            store.recount(MINUTES, anew)
            store.recount(HOURS, wide)

        return work

    def dump(self) -> bytes:
        """What is under way, for the checkpoint; ``due`` comes first, or what is over would be lost."""
        sensors = self._catalogue.sensors
        parts = [self._minutes.dump(sensors), self._hours.dump(sensors), self._late_minutes.dump(),
                 self._late_hours.dump()]  # fmt: skip
        return _HEAD.pack(*map(len, parts)) + b"".join(parts)

    def restore(self, kept: bytes) -> None:
        """Take up what was dumped."""
        if not kept:
            return
        at, parts = _HEAD.size, []
        for length in _HEAD.unpack_from(kept):
            parts.append(kept[at : at + length])
            at += length
        self._minutes.restore(parts[0], self._catalogue.place_of)
        self._hours.restore(parts[1], self._catalogue.place_of)
        self._late_minutes, self._late_hours = Late(MINUTE_MS, parts[2]), Late(HOUR_MS, parts[3])
        for kept_, late in ((parts[0], self._late_minutes), (parts[1], self._late_hours)):
            rows = np.frombuffer(kept_, PART)  # what was under way of a tag taken out of use meanwhile is counted
            gone = rows[[sensor not in self._catalogue.place_of for sensor in rows["sensor"].tolist()]]
            late.add(gone["sensor"], gone["start"])

    def _put(self, table: str, over: Added) -> None:
        if len(over.place):
            part = over.part.copy()
            part["sensor"] = self._catalogue.sensors[over.place]
            self._over[table].append(part)
