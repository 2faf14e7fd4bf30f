"""What the engine is given and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["high", "high_high", "low", "low_low", "rate", "no_data", "stuck", "digital"]
KINDS: tuple[Kind, ...] = ("high", "high_high", "low", "low_low", "rate", "no_data", "stuck", "digital")
WEEK = 7 * 24 * 60  # minutes
HIGH, HIGH_HIGH, LOW, LOW_LOW, RATE, NO_DATA, STUCK, DIGITAL = range(len(KINDS))
ONE_OF_TAG = {"rate", "no_data", "stuck"}
"""Kinds of which a tag has one at most: they rest on what is kept once for each tag."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A limit of a tag.

    ``threshold``: the limit in the tag's own unit (high, low); units a minute, rising or falling (rate); seconds
    without a usable reading (no_data) or without a change (stuck); the state that alarms (digital). ``dead_band`` is
    how far a value must come back before it counts as returned, and for ``stuck`` how far it must go to count as
    changed.
    ``priority`` 1 (most urgent) to 4. ``schedule``: stretches of the week, [from, to) in minutes since Monday midnight
    in China, within which it watches; None watches always.
    """

    id: int
    tag: int
    kind: Kind
    threshold: float
    on_delay_ms: int = 0
    off_delay_ms: int = 0
    dead_band: float = 0.0
    priority: int = 3
    schedule: tuple[tuple[int, int], ...] | None = None


@dataclass(frozen=True, slots=True)
class Transition:
    """A setting was raised or returned at a moment; (setting, kind, at_ms) is its identity. ``value`` held then."""

    setting: int
    tag: int
    kind: Literal["raised", "returned"]
    at_ms: int
    value: float | None
