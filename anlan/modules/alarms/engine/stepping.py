"""One reading of each of some tags, judged by every setting they have; and what happens when nobody speaks.

A layer holds one reading a tag at most, so a whole layer is judged at once. For each setting in turn: silence before
the reading, delays that ran out before it, the reading itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from anlan.modules.alarms.engine.layout import MINUTE, Flags, Floats, Ints, Layout
from anlan.modules.alarms.engine.state import CALM, COMING, GOING, NOT_YET, RAISED, State
from anlan.modules.alarms.engine.words import DIGITAL, HIGH_HIGH, LOW_LOW, NO_DATA, RATE, STUCK, Transition


@dataclass
class Found:
    """Transitions as they are found: pieces of (setting, raised, moment, value), in the order they happened."""

    pieces: list[tuple[Ints, bool, Ints, Floats]] = field(default_factory=list)

    def add(self, chosen: Flags, settings: Ints, raised: bool, at_ms: Ints, values: Any) -> None:
        """These settings were raised, or returned, at these moments."""
        if chosen.any():
            values = np.broadcast_to(np.asarray(values, dtype=np.float64), settings.shape)
            self.pieces.append((settings[chosen], raised, at_ms[chosen], values[chosen]))

    def transitions(self, layout: Layout) -> list[Transition]:
        """By moment, then setting, then as they came."""
        rows = [
            (int(at), int(layout.ids[s]), int(s), raised, float(value))
            for settings, raised, moments, values in self.pieces
            for s, at, value in zip(settings, moments, values, strict=True)
        ]
        rows.sort(key=lambda row: row[:2])  # stable: what one setting did at one moment stays in its order
        return [
            Transition(ident, int(layout.tags[layout.places[s]]), "raised" if raised else "returned", at,
                       None if np.isnan(value) else value)
            for at, ident, s, raised, value in rows
        ]  # fmt: skip


def move_anchors(anchor: Floats, anchor_ms: Ints, bands: Floats, values: Floats, ts_ms: Ints) -> None:
    """A value that went further than its band from the one held before is held from now on, in place."""
    moved = ~(np.abs(values - anchor) <= bands)  # the first value ever (no anchor) counts as moved
    np.copyto(anchor, values, where=moved)
    np.copyto(anchor_ms, ts_ms, where=moved)


def step(layout: Layout, state: State, found: Found, places: Ints, ts_ms: Ints, values: Floats) -> None:
    """Judge a layer: one reading for each of these places, newer than the last one of each."""
    before_ms, before = state.last_ms[places], state.last_value[places]
    anchor, anchor_ms = state.anchor[places], state.anchor_ms[places]
    move_anchors(anchor, anchor_ms, layout.stuck_bands[places], values, ts_ms)
    state.anchor[places], state.anchor_ms[places] = anchor, anchor_ms
    state.last_ms[places], state.last_value[places] = ts_ms, values

    s, of = layout.settings_at(places)
    t, x, t0, x0 = ts_ms[of], values[of], before_ms[of], before[of]
    stuck_since = anchor_ms[of] + layout.stuck_periods[places][of]
    met, over = _judged(layout, s, t, x, t0, x0, stuck_since)
    phase, due = state.phases[s], state.dues[s]

    _silence(layout, found, s, t, t0, phase, due)
    _elapsed(layout, found, s, t, phase, due, x0)

    kinds = layout.kinds[s]
    delay = np.where(kinds == STUCK, 0, layout.on_delays[s])
    begins = (phase == CALM) & met
    at_once = begins & (delay == 0)
    lapses, ends, relapses = (phase == COMING) & ~met, (phase == RAISED) & over, (phase == GOING) & ~over
    gone = ends & (layout.off_delays[s] == 0)
    since = np.where((kinds == STUCK) & layout.watched(s, stuck_since), stuck_since, t)
    found.add(at_once, s, True, since, x)
    found.add(gone, s, False, t, x)
    due[begins] = (t + delay)[begins]
    due[ends] = (t + layout.off_delays[s])[ends]
    phase[begins], phase[at_once], phase[lapses] = COMING, RAISED, CALM
    phase[ends], phase[gone], phase[relapses] = GOING, CALM, RAISED
    state.phases[s], state.dues[s] = phase, due


def look(layout: Layout, state: State, found: Found, now_ms: int) -> None:
    """Delays that are over by now, and tags that have been silent too long."""
    if not len(layout.ids):
        return
    never = state.last_ms == NOT_YET
    state.awaited_ms[never & (state.awaited_ms == NOT_YET)] = now_ms
    since = np.where(never, state.awaited_ms, state.last_ms)
    quiet = np.flatnonzero(since + layout.silences <= now_ms)
    silent = layout.silent_setting[quiet]
    pending = np.flatnonzero((state.phases == COMING) | (state.phases == GOING))
    s = np.union1d(pending[state.dues[pending] <= now_ms], silent[state.phases[silent] == CALM])
    if not len(s):
        return
    places = layout.places[s]
    phase, due = state.phases[s], state.dues[s]
    t = np.full(len(s), now_ms, np.int64)
    _silence(layout, found, s, t, since[places], phase, due)
    _elapsed(layout, found, s, t, phase, due, state.last_value[places])
    state.phases[s], state.dues[s] = phase, due
    state.look_who_is_busy(np.unique(places), layout)


def _judged(
    layout: Layout, s: Ints, t: Ints, x: Floats, t0: Ints, x0: Floats, stuck_since: Ints
) -> tuple[Flags, Flags]:
    """Whether each setting's limit is met by the reading, and whether it is back beyond the dead-band."""
    kinds, limit, band = layout.kinds[s], layout.thresholds[s], layout.dead_bands[s]
    up, down = kinds <= HIGH_HIGH, (kinds > HIGH_HIGH) & (kinds <= LOW_LOW)
    met = (up & (x >= limit)) | (down & (x <= limit))
    over = (up & (x < limit - band)) | (down & (x > limit + band))
    state_is = np.abs(x - limit) < 0.5
    change, stretch = np.abs(x - x0), t - t0
    rate = kinds == RATE
    met |= ((kinds == DIGITAL) & state_is) | (rate & (change >= limit / MINUTE * stretch))
    over |= ((kinds == DIGITAL) & ~state_is) | (rate & ~(change >= (limit - band) / MINUTE * stretch))
    held = (kinds == STUCK) & (stuck_since <= t)
    met |= held
    over |= ((kinds == STUCK) & ~held) | (kinds == NO_DATA)
    watched = layout.watched(s, t)
    return met & watched, over | ~watched


def _silence(layout: Layout, found: Found, s: Ints, t: Ints, t0: Ints, phase: Any, due: Ints) -> None:
    """No usable reading for too long: raised at the moment the time ran out, or the first watched one after it."""
    ran_out = t0 + layout.silences[layout.places[s]]
    mine = (layout.kinds[s] == NO_DATA) & (t0 != NOT_YET) & (ran_out <= t)
    phase[mine & (phase == GOING) & (ran_out <= due)] = RAISED  # silent again before it had come back for good
    raised = mine & (phase == CALM)
    if len(layout.weeks) > 1:
        for i in np.flatnonzero(raised):
            ran_out[i] = layout.next_watched(int(s[i]), int(ran_out[i]))
        raised &= ran_out <= t
    found.add(raised, s, True, ran_out, np.nan)
    phase[raised] = RAISED


def _elapsed(layout: Layout, found: Found, s: Ints, t: Ints, phase: Any, due: Ints, held: Floats) -> None:
    """Delays that were over before this moment: what they waited for happened when they were over."""
    over = due <= t
    comes, goes = (phase == COMING) & over, (phase == GOING) & over
    watched = layout.watched(s, due)
    found.add(comes & watched, s, True, due, held)
    found.add(goes, s, False, due, held)
    phase[comes] = np.where(watched, RAISED, CALM)[comes]
    phase[goes] = CALM
