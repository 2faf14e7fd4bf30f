"""The lunar dates of the statutory holidays, computed from the sky (GB/T 33661-2017, 农历的编算和颁行).

Months begin on the Beijing day of the new moon; month 11 holds the winter solstice; when thirteen months lie
between two solstices the first month without a major solar term is the leap month. New moon and apparent solar
longitude follow Meeus, *Astronomical Algorithms*, chapters 49 and 25 (a few minutes are enough here).
Used to make ``anlan/rules/data/festivals.csv`` and to prove it.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from itertools import pairwise
from math import floor, radians, sin
from typing import NamedTuple

BEIJING = 8 / 24
J2000 = 2451545.0

# coefficient in days, power of E, multiples of M, M', F
NEW_MOON_TERMS = (
    (-0.40720, 0, 0, 1, 0), (0.17241, 1, 1, 0, 0), (0.01608, 0, 0, 2, 0), (0.01039, 0, 0, 0, 2),
    (0.00739, 1, -1, 1, 0), (-0.00514, 1, 1, 1, 0), (0.00208, 2, 2, 0, 0), (-0.00111, 0, 0, 1, -2),
    (-0.00057, 0, 0, 1, 2), (0.00056, 1, 1, 2, 0), (-0.00042, 0, 0, 3, 0), (0.00042, 1, 1, 0, 2),
    (0.00038, 1, 1, 0, -2), (-0.00024, 1, -1, 2, 0), (-0.00007, 0, 2, 1, 0), (0.00004, 0, 0, 2, -2),
    (0.00004, 0, 3, 0, 0), (0.00003, 0, 1, 1, -2), (0.00003, 0, 0, 2, 2), (-0.00003, 0, 1, 1, 2),
    (0.00003, 0, -1, 1, 2), (-0.00002, 0, -1, 1, -2), (-0.00002, 0, 1, 3, 0), (0.00002, 0, 0, 4, 0),
)  # fmt: skip


class Festivals(NamedTuple):
    """The four movable days of one year."""

    spring_festival: dt.date
    qingming: dt.date
    dragon_boat: dt.date
    mid_autumn: dt.date


def _delta_t(jd: float) -> float:
    """TT − UT in days (Espenak and Meeus, 2005–2050)."""
    t = (jd - J2000) / 365.25
    return (62.92 + 0.32217 * t + 0.005589 * t * t) / 86400


def beijing_day(jde: float) -> dt.date:
    """The civil day in Beijing of an instant given as a Julian day in terrestrial time."""
    return dt.date.fromordinal(floor(jde - _delta_t(jde) + BEIJING + 0.5) - 1721425)


def new_moon(k: int) -> float:
    """The Julian day (TT) of new moon number ``k``, counted from 6 January 2000."""
    t = k / 1236.85
    e = 1 - 0.002516 * t - 0.0000074 * t * t
    sun = radians(2.5534 + 29.10535670 * k - 0.0000014 * t * t)
    moon = radians(201.5643 + 385.81693528 * k + 0.0107582 * t * t)
    latitude = radians(160.7108 + 390.67050284 * k - 0.0016118 * t * t)
    node = radians(124.7746 - 1.56375588 * k + 0.0020672 * t * t)
    jde = 2451550.09766 + 29.530588861 * k + 0.00015437 * t * t - 0.00017 * sin(node)
    for size, power, m, mm, f in NEW_MOON_TERMS:
        jde += size * e**power * sin(m * sun + mm * moon + f * latitude)
    return jde + 0.000325 * sin(radians(299.77 + 0.107408 * k - 0.009173 * t * t))


def solar_longitude(jde: float) -> float:
    """The sun's apparent longitude in degrees, to about 0.01°."""
    t = (jde - J2000) / 36525
    mean = 280.46646 + 36000.76983 * t + 0.0003032 * t * t
    anomaly = radians(357.52911 + 35999.05029 * t - 0.0001537 * t * t)
    centre = (
        (1.914602 - 0.004817 * t) * sin(anomaly) + (0.019993 - 0.000101 * t) * sin(2 * anomaly)
        + 0.000289 * sin(3 * anomaly)
    )  # fmt: skip
    # the sway of the Earth about the common centre with the Moon: ±0.0018°
    elongation = radians(297.85036 + 445267.111480 * t)
    node = radians(125.04 - 1934.136 * t)
    return (mean + centre - 0.00569 - 0.00478 * sin(node) + 0.00179 * sin(elongation)) % 360


@cache
def solar_term(year: int, longitude: int) -> float:
    """The Julian day (TT) at which the sun reaches ``longitude`` degrees, in the civil year given."""
    jde = J2000 + (year - 2000) * 365.2422 + ((longitude - 280) % 360) / 360 * 365.2422
    for _ in range(6):
        jde += ((longitude - solar_longitude(jde) + 180) % 360 - 180) * 365.2422 / 360
    return jde


@cache
def _month_starts(year: int) -> tuple[tuple[int, bool, dt.date], ...]:
    """(month, leap, first day) of the months from month 11 of the year before to month 10 of ``year``."""

    def eleventh(solstice: dt.date) -> int:
        k = round((solstice.toordinal() - dt.date(2000, 1, 6).toordinal()) / 29.530588861) + 1
        while beijing_day(new_moon(k)) > solstice:
            k -= 1
        return k

    first = eleventh(beijing_day(solar_term(year - 1, 270)))
    last = eleventh(beijing_day(solar_term(year, 270)))
    starts = [beijing_day(new_moon(k)) for k in range(first, last + 1)]
    major = sorted(beijing_day(solar_term(y, lon)) for y in (year - 1, year) for lon in range(0, 360, 30))
    months: list[tuple[int, bool, dt.date]] = []
    number, leap_due = 10, len(starts) - 1 == 13
    for start, end in pairwise(starts):
        if leap_due and months and not any(start <= day < end for day in major):
            months.append(((number - 1) % 12 + 1, True, start))
            leap_due = False
            continue
        number += 1
        months.append(((number - 1) % 12 + 1, False, start))
    return tuple(months)


def festivals(year: int) -> Festivals:
    """The lunar festivals and Qingming of a civil year."""
    plain = {month: start for month, leap, start in _month_starts(year) if not leap}
    return Festivals(
        plain[1],
        beijing_day(solar_term(year, 15)),
        plain[5] + dt.timedelta(days=4),
        plain[8] + dt.timedelta(days=14),
    )
