"""Readings on their way to the spool: moments that only rise, a bad quality said once, payloads as the platform takes
them. Pure but for the clock it is given."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import orjson

GOOD, UNCERTAIN, BAD = 0, 1, 2
MOST_PAYLOAD = 1024 * 1024  # bytes; the platform takes four times as many
AHEAD_MS = 30_000
"""A source's clock may run ahead by so much; beyond it the connector's own clock counts: the platform would refuse the
reading as being of the future."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One value of one tag at a moment (epoch ms)."""

    tag: str
    at: int
    value: float
    quality: int = GOOD


@dataclass(slots=True)
class _Known:
    at: int = 0
    value: float | None = None
    quality: int = GOOD


class Batcher:
    """Collects readings. ``now`` is the clock in epoch ms.

    A tag's moments rise strictly: the platform takes an equal moment for the same reading sent twice. A tag that cannot
    be read is said once to be bad, with the value it had last; one of which no value is known is not spoken of.
    """

    def __init__(self, now: Callable[[], int]) -> None:
        self._now = now
        self._known: dict[str, _Known] = {}
        self._held: list[Reading] = []
        self.own_clock = 0  # readings that got the connector's own time

    def __len__(self) -> int:
        return len(self._held)

    def add(self, tag: str, value: float | None, quality: int = GOOD, at: int | None = None, oldest: int = 0) -> None:
        """A reading; ``at`` is the source's moment, believed between ``oldest`` ms back and a little ahead."""
        if value is None or not math.isfinite(value):
            self.bad(tag)
            return
        known = self._known.setdefault(tag, _Known())
        now = self._now()
        moment = now if at is None else at
        if moment > now + AHEAD_MS or (oldest and moment < now - oldest):
            moment = now
            self.own_clock += 1
        if (at, value, quality) == (known.at, known.value, known.quality):
            return  # the same notification once more
        if moment <= known.at and known.quality == BAD:
            moment = now  # what it was before it went silent it is again now, not then
        # A clock that was set back a long way is not followed by millisecond steps for hours.
        if moment <= known.at <= now + AHEAD_MS:
            moment = known.at + 1
        known.at, known.value, known.quality = moment, value, quality
        self._held.append(Reading(tag, moment, value, quality))

    def bad(self, tag: str) -> None:
        """It could not be read."""
        known = self._known.get(tag)
        if known is not None and known.value is not None and known.quality != BAD:
            self.add(tag, known.value, BAD)

    def again(self, tag: str, older_than: int) -> None:
        """Say a good value once more that was said longer than so many ms ago: it still holds."""
        known = self._known.get(tag)
        if known and known.value is not None and known.quality != BAD and known.at <= self._now() - older_than:
            self.add(tag, known.value, known.quality)

    def held(self) -> list[Reading]:
        """The readings collected so far."""
        return list(self._held)

    def take(self) -> list[tuple[bytes, int]]:
        """What was collected, as payloads with their counts, in order; begins anew. None is larger than the platform
        takes: it would refuse such a one for ever, and what follows would wait behind it."""
        held, self._held = self._held, []
        return _payloads(held)


def _payloads(held: list[Reading]) -> list[tuple[bytes, int]]:
    if not held:
        return []
    by_moment: dict[int, dict[str, float | list[float]]] = {}
    for one in held:
        by_moment.setdefault(one.at, {})[one.tag] = [one.value, one.quality] if one.quality else one.value
    payload = orjson.dumps([{"t": at, "v": values} for at, values in sorted(by_moment.items())])
    if len(payload) <= MOST_PAYLOAD or len(held) == 1:
        return [(payload, len(held))]
    half = len(held) // 2
    return [*_payloads(held[:half]), *_payloads(held[half:])]


def class_of(status: int) -> int:
    """The quality a status code of OPC UA stands for: its two highest bits.

    >>> [class_of(code) for code in (0, 0x00A50000, 0x40920000, 0x80340000, 0xC0000000)]
    [0, 0, 1, 2, 2]
    """
    return min(status >> 30, BAD)
