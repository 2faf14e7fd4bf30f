"""Settings as columns, sorted by tag: what the engine looks up for a reading, and nothing that changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anlan.modules.alarms.engine.words import (
    DIGITAL,
    HIGH,
    HIGH_HIGH,
    KINDS,
    LOW,
    LOW_LOW,
    NO_DATA,
    ONE_OF_TAG,
    RATE,
    STUCK,
    WEEK,
    Setting,
)

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Small = NDArray[np.int8]

NEVER = np.iinfo(np.int64).max // 4
"""A stretch of time that is never over."""
MINUTE = 60_000
CHINA = 8 * 60 * MINUTE  # the country has one clock and no summer time
THURSDAY = 3 * 24 * 60  # the first day of the epoch, in minutes since Monday


@dataclass(frozen=True)
class Layout:
    """``tags`` are the tags that have settings, in order; a *place* is an index into them.

    ``first[p] : first[p + 1]`` are the settings of place p. ``low``, ``high``: between them (both excluded) no value of
    that tag matters while nothing of it is under way.
    """

    tags: Ints
    place_of: NDArray[np.int32]
    first: Ints
    ids: Ints
    places: Ints
    kinds: Small
    thresholds: Floats
    on_delays: Ints
    off_delays: Ints
    dead_bands: Floats
    calendars: NDArray[np.int32]
    weeks: NDArray[np.bool_]
    low: Floats
    high: Floats
    rates: Floats
    silences: Ints
    silent_setting: Ints
    stuck_periods: Ints
    stuck_bands: Floats
    stuck_setting: Ints

    def settings_at(self, places: Ints) -> tuple[Ints, Ints]:
        """The settings of some places, and for each of them which of the places it belongs to."""
        counts = self.first[places + 1] - self.first[places]
        of = np.repeat(np.arange(len(places)), counts)
        ends = np.cumsum(counts)
        within = np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - counts, counts)
        return self.first[places][of] + within, of

    def watched(self, settings: Ints, at_ms: Ints) -> Flags:
        """Whether these settings watch at these moments."""
        if len(self.weeks) == 1:
            return np.ones(len(settings), dtype=bool)
        minute = ((at_ms + CHINA) // MINUTE + THURSDAY) % WEEK
        return self.weeks[self.calendars[settings], minute]

    def next_watched(self, setting: int, at_ms: int) -> int:
        """The first moment, at or after this one, at which a setting watches."""
        week = self.weeks[self.calendars[setting]]
        minute = ((at_ms + CHINA) // MINUTE + THURSDAY) % WEEK
        if week[minute]:
            return at_ms
        ahead = np.flatnonzero(np.roll(week, -minute))
        return (at_ms // MINUTE + int(ahead[0])) * MINUTE if len(ahead) else at_ms + NEVER // 2


def lay_out(settings: Sequence[Setting]) -> Layout:
    """The columns of some settings; ``ValueError`` for two of one id, or two of a kind of which a tag has one."""
    _check(settings)
    rows = sorted(settings, key=lambda s: (s.tag, s.id))
    n = len(rows)
    of_tag = np.fromiter((s.tag for s in rows), np.int64, n)
    kinds = np.fromiter((KINDS.index(s.kind) for s in rows), np.int8, n)
    thresholds = np.fromiter((s.threshold for s in rows), np.float64, n)
    on_delays = np.fromiter((s.on_delay_ms for s in rows), np.int64, n)
    bands = np.fromiter((s.dead_band for s in rows), np.float64, n)
    tags, places = np.unique(of_tag, return_inverse=True)
    place_of = np.full(int(tags[-1]) + 1 if len(tags) else 1, -1, dtype=np.int32)
    place_of[tags] = np.arange(len(tags), dtype=np.int32)
    first = np.zeros(len(tags) + 1, dtype=np.int64)
    first[1:] = np.cumsum(np.bincount(places, minlength=len(tags)))
    calendars, weeks = _calendars(rows)
    periods = np.where((kinds == NO_DATA) | (kinds == STUCK), thresholds * 1000, 0).astype(np.int64) + on_delays

    def once(kind: int, values: Any, otherwise: Any) -> Any:
        """The value of the tag's one setting of this kind."""
        kept = np.full(len(tags), otherwise)
        chosen = kinds == kind
        kept[places[chosen]] = values[chosen]
        return kept

    low, high = _quiet(len(tags), places, kinds, thresholds)
    numbers = np.arange(n)
    return Layout(
        tags=tags, place_of=place_of, first=first, places=places.astype(np.int64), kinds=kinds, thresholds=thresholds,
        ids=np.fromiter((s.id for s in rows), np.int64, n), on_delays=on_delays, dead_bands=bands,
        off_delays=np.fromiter((s.off_delay_ms for s in rows), np.int64, n), calendars=calendars, weeks=weeks,
        low=low, high=high, rates=once(RATE, thresholds / MINUTE, np.inf),
        silences=once(NO_DATA, periods, NEVER), silent_setting=once(NO_DATA, numbers, -1),
        stuck_periods=once(STUCK, periods, NEVER), stuck_bands=once(STUCK, bands, np.inf),
        stuck_setting=once(STUCK, numbers, -1),
    )  # fmt: skip


def _check(settings: Sequence[Setting]) -> None:
    ids, once = set(), set()
    for s in settings:
        if s.id in ids:
            raise ValueError(f"two settings with the id {s.id}")
        ids.add(s.id)
        if s.kind in ONE_OF_TAG:
            if (s.tag, s.kind) in once:
                raise ValueError(f"two settings of kind {s.kind} for tag {s.tag}")
            once.add((s.tag, s.kind))
        if s.tag < 0 or s.kind not in KINDS or s.on_delay_ms < 0 or s.off_delay_ms < 0 or s.dead_band < 0:
            raise ValueError(f"setting {s.id} is not well formed")


def _calendars(rows: Sequence[Setting]) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    known: dict[tuple[tuple[int, int], ...] | None, int] = {None: 0}
    numbers = [known.setdefault(s.schedule, len(known)) for s in rows]
    weeks = np.zeros((len(known), WEEK), dtype=bool)
    weeks[0] = True
    for stretches, number in known.items():
        for begin, end in stretches or ():
            weeks[number, max(0, begin) : min(WEEK, end)] = True
    return np.array(numbers, dtype=np.int32), weeks


def _quiet(count: int, places: Ints, kinds: Small, thresholds: Floats) -> tuple[Floats, Floats]:
    """The open interval of values in which no limit of a place is met; a digital state leaves one side of it."""
    high, low = np.full(count, np.inf), np.full(count, -np.inf)
    up = (kinds == HIGH) | (kinds == HIGH_HIGH)
    np.minimum.at(high, places[up], thresholds[up])
    down = (kinds == LOW) | (kinds == LOW_LOW)
    np.maximum.at(low, places[down], thresholds[down])
    state = kinds == DIGITAL
    above = state & (thresholds > 0)
    np.minimum.at(high, places[above], thresholds[above] - 0.5)
    below = state & ~above
    np.maximum.at(low, places[below], thresholds[below] + 0.5)
    return low, high
