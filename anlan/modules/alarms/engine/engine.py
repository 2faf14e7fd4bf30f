"""The engine: most readings are looked at by columns; the few that matter go through every setting of their tag."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from anlan.modules.alarms.engine.layout import NEVER, Flags, Floats, Ints, lay_out
from anlan.modules.alarms.engine.state import NOT_YET, RAISED, State
from anlan.modules.alarms.engine.stepping import Found, look, move_anchors, step
from anlan.modules.alarms.engine.words import Setting, Transition

BAD = 2  # quality from here on is no value (OPC UA: bad)
_FAR = 38  # bits: readings of one batch may lie nine years apart


class Engine:
    """Judges readings by settings.

    Order matters only within a tag: a reading counts when it is newer than every reading of its tag before it, so a
    batch delivered twice changes nothing the second time. Late readings, bad ones and numbers that are none are passed
    over: they neither raise nor return anything.

    >>> engine = Engine([Setting(1, 7, "high", 80.0, on_delay_ms=2_000)])
    >>> feed = lambda *rows: engine.feed(*(np.array(c) for c in zip(*rows)), now_ms=0)
    >>> feed((7, 1_000, 81.0, 0, False), (7, 4_000, 82.0, 0, False))
    [Transition(setting=1, tag=7, kind='raised', at_ms=3000, value=81.0)]
    """

    def __init__(self, settings: Sequence[Setting] = ()) -> None:
        self._layout = lay_out(settings)
        self._state = State.fresh(self._layout)

    @property
    def tags(self) -> int:
        """How many tags have settings."""
        return len(self._layout.tags)

    def feed(self, tags: Any, ts_ms: Any, values: Any, quality: Any, late: Any, now_ms: int) -> list[Transition]:
        """The transitions these readings bring about.

        ``tags`` int32, ``ts_ms`` int64 (the readings' own times), ``values`` float64, ``quality`` int8 (0 good,
        1 uncertain, 2 bad), ``late`` bool: columns of one length. ``now_ms`` is not looked at: what is due without a
        reading is found by ``tick``.
        """
        place, ts, v = self._usable(tags, ts_ms, values, quality, late)
        if not len(place):
            return []
        place, ts, v, heads = self._by_tag(place, ts, v)
        if not len(place):
            return []
        state, groups = self._state, place[heads]
        counts = np.diff(heads, append=len(place))
        awake = state.busy[groups]
        stirred = np.flatnonzero(self._stirs(place, ts, v, heads))
        if len(stirred):
            awake[np.searchsorted(heads, stirred, side="right") - 1] = True
        self._hold_anchors(groups, heads, counts, ts, v, awake)
        asleep = ~awake
        ends = (heads + counts - 1)[asleep]
        state.last_ms[groups[asleep]], state.last_value[groups[asleep]] = ts[ends], v[ends]
        if not awake.any():
            return []
        found = Found()
        groups, heads, counts = groups[awake], heads[awake], counts[awake]
        for which, at in _layers(heads, counts):
            step(self._layout, state, found, groups[which], ts[at], v[at])
        state.look_who_is_busy(groups, self._layout)
        return found.transitions(self._layout)

    def tick(self, now_ms: int) -> list[Transition]:
        """What time alone brings about: delays that are over, tags silent too long.

        ``now_ms`` may be no later than the moment up to which everything that arrived has been fed: whoever catches up
        on a backlog ticks with the arrival time of the batch in hand, or every tag of it seems silent.
        """
        found = Found()
        look(self._layout, self._state, found, now_ms)
        return found.transitions(self._layout)

    def replace(self, settings: Sequence[Setting]) -> None:
        """Other settings from now on; whatever stands unchanged goes on where it was."""
        old, self._layout = self._state, lay_out(settings)
        self._state = State.fresh(self._layout)
        self._state.take_over(old, self._layout)

    def standing(self) -> list[int]:
        """The ids of the settings that are raised now (returning, but not back for good, included)."""
        return [int(i) for i in self._state.ids[self._state.phases >= RAISED]]

    def dump(self) -> bytes:
        """Everything remembered, for a checkpoint."""
        return self._state.packed()

    def restore(self, kept: bytes) -> None:
        """Go on from a checkpoint, with the settings of this engine; ``ValueError`` when the bytes are none."""
        old = State.unpacked(kept)
        self._state = State.fresh(self._layout)
        self._state.take_over(old, self._layout)

    def _usable(self, tags: Any, ts_ms: Any, values: Any, quality: Any, late: Any) -> tuple[Any, Ints, Floats]:
        """Readings that may count, with the place of their tag."""
        place_of = self._layout.place_of
        tags = np.asarray(tags)
        ts, v = np.asarray(ts_ms, dtype=np.int64), np.asarray(values, dtype=np.float64)
        place = place_of.take(tags, mode="clip")
        usable = place >= 0
        usable &= np.asarray(quality) < BAD
        usable &= ~np.asarray(late, dtype=bool)
        usable &= np.isfinite(v)
        if len(tags) and (tags.max() >= len(place_of) or tags.min() < 0):
            usable &= (tags >= 0) & (tags < len(place_of))
        if usable.all():
            return place, ts, v
        return place[usable], ts[usable], v[usable]

    def _by_tag(self, place: Any, ts: Ints, v: Floats) -> tuple[Ints, Ints, Floats, Ints]:
        """Sorted by tag, in the order of arrival within; without what is not newer than what was there before."""
        shift = max(1, (len(place) - 1).bit_length())
        key = (place.astype(np.int64) << shift) | np.arange(len(place))
        key.sort()
        order = key & ((1 << shift) - 1)
        place, ts, v = key >> shift, ts[order], v[order]
        heads = _heads(place)
        newer = ts > _shifted(ts, heads, self._state.last_ms[place[heads]])
        if newer.all():
            return place, ts, v, heads
        newer = self._newest_yet(place, ts, heads)
        place, ts, v = place[newer], ts[newer], v[newer]
        return place, ts, v, _heads(place)

    def _newest_yet(self, place: Ints, ts: Ints, heads: Ints) -> Flags:
        """Which readings are newer than all of their tag before them, kept ones included."""
        group = np.repeat(np.arange(len(heads)), np.diff(heads, append=len(ts))) << _FAR
        base = int(ts.max()) - (1 << _FAR) + 2
        own = group | np.maximum(ts - base, 0) + 1
        last = group[heads] | np.clip(self._state.last_ms[place[heads]] - base + 1, 0, (1 << _FAR) - 1)
        top = own.copy()
        top[heads] = np.maximum(own[heads], last)
        return own > _shifted(np.maximum.accumulate(top), heads, last)

    def _stirs(self, place: Ints, ts: Ints, v: Floats, heads: Ints) -> Flags:
        """Readings that meet a limit of their tag, jump, or come after too long a silence."""
        layout, groups = self._layout, place[heads]
        stirs = v >= layout.high[place]
        stirs |= v <= layout.low[place]
        before = _shifted(ts, heads, self._state.last_ms[groups])
        stretch = ts - before
        if np.isfinite(layout.rates).any():
            jump = np.abs(v - _shifted(v, heads, self._state.last_value[groups]))
            stirs |= jump >= layout.rates[place] * stretch
        if (layout.silences < NEVER).any():
            stirs |= (stretch >= layout.silences[place]) & (before != NOT_YET)
        return stirs

    def _hold_anchors(self, groups: Ints, heads: Ints, counts: Ints, ts: Ints, v: Floats, awake: Flags) -> None:
        """Follow the values of tags watched for being stuck; one held too long wakes its group, and nothing is kept."""
        layout, state = self._layout, self._state
        watched = np.flatnonzero(~awake & (layout.stuck_setting[groups] >= 0))
        if not len(watched):
            return
        mine = groups[watched]
        anchor, anchor_ms = state.anchor[mine], state.anchor_ms[mine]
        bands, periods = layout.stuck_bands[mine], layout.stuck_periods[mine]
        held = np.zeros(len(mine), dtype=bool)
        for which, at in _layers(heads[watched], counts[watched]):
            value, since = anchor[which], anchor_ms[which]
            move_anchors(value, since, bands[which], v[at], ts[at])
            anchor[which], anchor_ms[which] = value, since
            held[which] |= ts[at] - since >= periods[which]
        awake[watched] = held
        calm = ~held
        state.anchor[mine[calm]], state.anchor_ms[mine[calm]] = anchor[calm], anchor_ms[calm]


def _heads(place: Ints) -> Ints:
    """Where each tag's stretch begins."""
    return np.flatnonzero(np.concatenate(([True], place[1:] != place[:-1]))) if len(place) else place


def _shifted(column: Any, heads: Ints, firsts: Any) -> Any:
    """The value before each, with something else before the first of each stretch."""
    before = np.empty_like(column)
    before[1:] = column[:-1]
    before[heads] = firsts
    return before


def _layers(heads: Ints, counts: Ints) -> Iterator[tuple[Ints, Ints]]:
    """The first readings of all groups, then the second ones, and so on: (groups, positions) of each layer."""
    order = np.argsort(-counts, kind="stable")
    heads, falling = heads[order], -counts[order]
    for number in range(int(-falling[0])):
        many = int(np.searchsorted(falling, -number, side="left"))
        yield order[:many], heads[:many] + number
