"""The index of a place or unit from what was found there, by the version of the formula.

Everything is counted in whole numbers and fractions, so that the same findings and figures give the same index on every
machine. A method of this platform, no law: weights, halves and levels are figures of the deployment.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

CURRENT = "1"
LEVELS = ("red", "orange", "yellow", "blue")
PRIORITIES = (1, 2, 3, 4)
TENTH = Decimal("0.1")
Figures = Mapping[str, int]


@dataclass(frozen=True)
class Found:
    """What stands at one moment in a place (or of a unit).

    ``alarms``: open alarms by priority, 1 the most urgent. ``watched``: sites with a gateway. ``owed``, ``away``: sites
    that must be connected, and those of them that are not. ``major``, ``general``: hazards overdue. ``units``: units
    in the place. ``factor``: the gravest period in force, in per cent (100: none).
    """

    alarms: tuple[int, int, int, int] = (0, 0, 0, 0)
    watched: int = 0
    owed: int = 0
    away: int = 0
    major: int = 0
    general: int = 0
    units: int = 1
    factor: int = 100


@dataclass(frozen=True)
class Part:
    """One part: the points counted, their measure from 0 to 100, its weight among those that apply, what it adds.

    ``size`` is what the half is multiplied by, the root of how many it is counted over. A part that does not apply (no
    gateway, nothing to be connected) has no weight, and the others weigh more.
    """

    code: str
    raw: Decimal
    half: int
    size: int
    measure: Decimal
    weight: int
    share: Decimal
    adds: Decimal
    applies: bool


@dataclass(frozen=True)
class Index:
    """The index with its working: parts, their sum, the factor, the value."""

    value: Decimal
    base: Decimal
    factor: int
    parts: tuple[Part, ...]
    formula: str = CURRENT


def index_1(found: Found, figures: Figures) -> Index:
    """Version 1.

    Points P of alarms are Σ n·w by priority, of hazards Σ n·w by grade. Such a part measures 100·P ÷ (P + h·√n): half
    of it is reached at h points, and in a place at √n times as many, n the sites watched or the units (√n rounded). The
    part of connection measures 100·away ÷ owed. The parts that apply are weighed by their weights; the sum times the
    factor, 100 at most, is the index. Each step is rounded to a tenth, so that the working adds up as it is shown.

    >>> given = {"alarms": 40, "offline": 20, "overdue": 40, "alarm_1": 10, "alarm_2": 5, "alarm_3": 2, "alarm_4": 1,
    ...          "major": 10, "general": 2, "alarm_half": 10, "overdue_half": 10}
    >>> told = index_1(Found(alarms=(1, 0, 0, 0), watched=1, owed=1, away=0, general=5, factor=120), given)
    >>> [str(part.measure) for part in told.parts], str(told.base), str(told.value)
    (['50.0', '0.0', '50.0'], '40.0', '48.0')
    """
    alarms = sum(n * figures[f"alarm_{priority}"] for priority, n in zip(PRIORITIES, found.alarms, strict=True))
    overdue = found.major * figures["major"] + found.general * figures["general"]
    away = Fraction(100 * found.away, found.owed) if found.owed else Fraction(0)
    by_sites, by_units = _root(found.watched), _root(found.units)
    told = (
        ("alarms", Decimal(alarms), figures["alarm_half"], by_sites, _filled(alarms, figures["alarm_half"] * by_sites),
         found.watched > 0 or alarms > 0),
        ("offline", _tenth(away), 0, 1, away, found.owed > 0),
        ("overdue", Decimal(overdue), figures["overdue_half"], by_units,
         _filled(overdue, figures["overdue_half"] * by_units), True),
    )  # fmt: skip
    whole = sum(figures[code] for code, *_rest, applies in told if applies)
    parts = []
    for code, raw, half, size, measure, applies in told:
        share = Fraction(figures[code], whole) if applies and whole else Fraction(0)
        tenths = _tenth(measure)
        adds = _tenth(share * Fraction(tenths))
        parts.append(Part(code, raw, half, size, tenths, figures[code], _tenth(share * 100), adds, applies))
    base = sum((part.adds for part in parts), Decimal("0.0"))
    value = min(_tenth(Fraction(base) * found.factor / 100), Decimal("100.0"))
    return Index(value, base, found.factor, tuple(parts), "1")


FORMULAS: dict[str, Callable[[Found, Figures], Index]] = {"1": index_1}


def index_of(found: Found, figures: Figures, formula: str = CURRENT) -> Index:
    """The index by a version of the formula; ``KeyError`` for one that never was."""
    return FORMULAS[formula](found, figures)


def level_of(value: Decimal, figures: Figures) -> str:
    """The level of a value: red, orange, yellow, blue, or "" below all of them.

    >>> given = {"blue": 30, "yellow": 50, "orange": 70, "red": 85}
    >>> [level_of(Decimal(n), given) for n in (29, 30, 63, 85)]
    ['', 'blue', 'yellow', 'red']
    """
    return next((level for level in LEVELS if value >= figures[level]), "")


def _root(many: int) -> int:
    """The root of a number, rounded, 1 at least.

    >>> [_root(n) for n in (0, 1, 2, 3, 100)]
    [1, 1, 1, 2, 10]
    """
    return max((math.isqrt(4 * many) + 1) // 2, 1)


def _filled(points: int, half: int) -> Fraction:
    return Fraction(100 * points, points + half) if points else Fraction(0)


def _tenth(value: Fraction) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(TENTH, ROUND_HALF_UP)
