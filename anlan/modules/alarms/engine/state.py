"""What the engine remembers: of each tag its last reading, of each setting how far it is. Kept over a restart."""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anlan.modules.alarms.engine.layout import Flags, Floats, Ints, Layout, Small

CALM, COMING, RAISED, GOING = range(4)
"""Nothing; a limit is met and its delay runs; raised; back again and its delay runs."""
NOT_YET = -1
_PLACES = ("tags", "last_ms", "last_value", "anchor", "anchor_ms", "awaited_ms")
_SETTINGS = ("ids", "marks", "kin", "phases", "dues")


@dataclass
class State:
    """``last_*``: the newest usable reading of a place (``NOT_YET`` without). ``anchor``: the value that last changed.

    ``awaited_ms``: since when a tag that never spoke is waited for. ``dues``: when the running delay is over.
    ``busy``: places of which a setting is not calm. ``marks`` and ``kin`` name a setting's whole definition, and its
    tag and kind alone, so that after a change what still holds is kept.
    """

    tags: Ints
    last_ms: Ints
    last_value: Floats
    anchor: Floats
    anchor_ms: Ints
    awaited_ms: Ints
    ids: Ints
    marks: NDArray[np.uint64]
    kin: NDArray[np.uint64]
    phases: Small
    dues: Ints
    busy: Flags

    @classmethod
    def fresh(cls, layout: Layout) -> State:
        """Nothing was read yet."""
        n, m = len(layout.tags), len(layout.ids)
        of_tag = layout.tags[layout.places]
        crowd = _mixed(of_tag, layout.kinds)
        weeks = np.array([zlib.crc32(np.packbits(week).tobytes()) for week in layout.weeks])
        marks = _mixed(
            of_tag, layout.kinds, layout.thresholds, layout.on_delays, layout.off_delays, layout.dead_bands,
            weeks[layout.calendars],
        )  # fmt: skip
        return cls(
            tags=layout.tags, last_ms=np.full(n, NOT_YET, np.int64), last_value=np.full(n, np.nan),
            anchor=np.full(n, np.nan), anchor_ms=np.full(n, NOT_YET, np.int64),
            awaited_ms=np.full(n, NOT_YET, np.int64), ids=layout.ids, marks=marks, kin=crowd,
            phases=np.zeros(m, np.int8), dues=np.zeros(m, np.int64), busy=np.zeros(n, dtype=bool),
        )  # fmt: skip

    def take_over(self, old: State, layout: Layout) -> None:
        """What an earlier state knew of the same tags and settings.

        A setting that stands unchanged goes on where it was. One whose limits changed and that was raised stays
        raised until its tag's next reading is judged by the new limits; a delay that ran for it is dropped.
        """
        _, new, was = np.intersect1d(self.tags, old.tags, assume_unique=True, return_indices=True)
        for column in _PLACES[1:]:
            getattr(self, column)[new] = getattr(old, column)[was]
        _, new, was = np.intersect1d(self.ids, old.ids, assume_unique=True, return_indices=True)
        same, akin = self.marks[new] == old.marks[was], self.kin[new] == old.kin[was]
        before = old.phases[was]
        stays = np.where(before >= RAISED, RAISED, CALM).astype(np.int8)
        self.phases[new] = np.where(same, before, np.where(akin, stays, CALM))
        self.dues[new] = np.where(same, old.dues[was], 0)
        self.look_who_is_busy(np.arange(len(self.tags)), layout)

    def look_who_is_busy(self, places: Ints, layout: Layout) -> None:
        """After some settings moved on: which of these places need more than a glance at their next reading."""
        settings, of = layout.settings_at(places)
        self.busy[places] = np.bincount(of, weights=self.phases[settings] != CALM, minlength=len(places)) > 0

    def packed(self) -> bytes:
        """As bytes, for the checkpoint."""
        out = io.BytesIO()
        np.savez(out, allow_pickle=False, **{column: getattr(self, column) for column in (*_PLACES, *_SETTINGS)})
        return out.getvalue()

    @classmethod
    def unpacked(cls, kept: bytes) -> State:
        """From the bytes of ``packed``; ``ValueError`` when they are none."""
        try:
            with np.load(io.BytesIO(kept), allow_pickle=False) as file:
                columns = {column: file[column] for column in (*_PLACES, *_SETTINGS)}
        except (OSError, KeyError, EOFError, ValueError, zipfile.BadZipFile) as why:
            raise ValueError("these bytes are no state of the engine") from why
        return cls(**columns, busy=np.zeros(len(columns["tags"]), dtype=bool))


def _mixed(*columns: Any) -> NDArray[np.uint64]:
    """One number for each row of some columns; rows that differ have different ones but for one chance in 2**64."""
    mixed = np.full(len(columns[0]), 0x9E3779B97F4A7C15, np.uint64)
    for column in columns:
        plain = np.asarray(column)
        exact = plain.astype(np.float64) if plain.dtype.kind == "f" else plain.astype(np.int64)
        mixed = (mixed ^ exact.view(np.uint64)) * np.uint64(0xBF58476D1CE4E5B9)
        mixed ^= mixed >> np.uint64(29)
    return mixed
