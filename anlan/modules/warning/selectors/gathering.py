"""What stands at this moment, by region and by unit: the findings from which every index is reckoned.

A dozen statements for a whole city, however many regions and units it has; units are those with something monitored, a
duty to be, or something overdue.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Sum

from anlan.kernel import clock
from anlan.kernel.codes.services import nearest_figures
from anlan.kernel.regions.models import Region, RegionKind
from anlan.kernel.scope import system_read
from anlan.kernel.tallies.models import Tally
from anlan.modules.alarms.public import standing_alarms
from anlan.modules.hazards.public import overdue_by_unit
from anlan.modules.monitoring.public import connections
from anlan.modules.registry.public import units_of_holders
from anlan.modules.warning.choices import CODES, LEAST_FACTOR, PREFIX, About
from anlan.modules.warning.engine import Found
from anlan.modules.warning.models import SpecialPeriod

KINDS = (RegionKind.CITY, RegionKind.COUNTY, RegionKind.TOWN, RegionKind.PARK)
WHY = "the index counts everything"
STEP = Region.steplen


@dataclass(frozen=True)
class Subject:
    """Whose index it is, what was found, the local figures there, the periods in force."""

    about: str
    key: str
    name: str
    region_path: str
    sector: str
    holder: str
    unit_id: int | None
    found: Found
    figures: dict[str, int]
    periods: tuple[dict[str, Any], ...]


@dataclass
class _Sums:
    """Findings that come together piece by piece."""

    alarms: list[int] = field(default_factory=lambda: [0, 0, 0, 0])
    watched: int = 0
    owed: int = 0
    away: int = 0
    major: int = 0
    general: int = 0

    def found(self, units: int, factor: int) -> Found:
        """As the formula takes them."""
        return Found(
            (self.alarms[0], self.alarms[1], self.alarms[2], self.alarms[3]), self.watched, self.owed, self.away,
            self.major, self.general, units, factor,
        )  # fmt: skip


@system_read("the index is reckoned for every region and unit; each reader sees those within reach")
def everything_found() -> list[Subject]:
    """The findings of every region (towns and parks, counties, cities), and of every unit with something to count."""
    regions = Region.objects.filter(kind__in=KINDS, valid_to=None).defer("outline").order_by("path")
    named = {region.path: region for region in regions}
    places: dict[str, _Sums] = defaultdict(_Sums)
    units: dict[str, _Sums] = defaultdict(_Sums)

    def each(path: str, holder: str) -> Iterable[_Sums]:
        ends = range(STEP, len(path) + 1, STEP)
        return [*(places[path[:end]] for end in ends if path[:end] in named), *([units[holder]] if holder else [])]

    for alarm in standing_alarms():
        for sums in each(alarm.region_path, alarm.holder):
            sums.alarms[alarm.priority - 1] += alarm.count
    for site in connections():
        for sums in each(site.region_path, site.holder):
            sums.watched += site.watched
            sums.owed += site.owed
            sums.away += site.owed and not site.connected
    for late in overdue_by_unit():
        for sums in each(late.region_path, late.holder):
            sums.major += late.major
            sums.general += late.general
    figures, periods = nearest_figures(CODES), _periods(clock.today())
    many = _units_in(named)
    subjects = [
        _subject(About.REGION, f"r{r.pk}", r.name, path, places[path], many.get(path, 0), figures(path), periods)
        for path, r in named.items()
    ]
    for holder, unit in sorted(units_of_holders(units).items(), key=lambda pair: pair[1].id):
        own = figures(unit.region_path)
        one = _subject(About.UNIT, f"u{unit.id}", unit.name, unit.region_path, units[holder], 1, own, periods)
        subjects.append(dataclasses.replace(one, unit_id=unit.id, holder=unit.holder, sector=unit.sector))
    return subjects


def _subject(
    about: About, key: str, name: str, path: str, sums: _Sums, units: int, figures: dict[str, int],
    periods: list[SpecialPeriod],
) -> Subject:  # fmt: skip
    here = [p for p in periods if path.startswith(p.region_path)]
    factor = max((p.factor for p in here), default=LEAST_FACTOR)
    told = tuple({"id": p.pk, "name": p.name, "factor": p.factor} for p in here)
    own = {code.removeprefix(PREFIX): value for code, value in figures.items()}
    return Subject(about.value, key, name, path, "", "", None, sums.found(units, factor), own, told)


def _periods(day: dt.date) -> list[SpecialPeriod]:
    rows = SpecialPeriod.objects.everything(why=WHY).filter(first__lte=day, last__gte=day, ended_at=None)
    return list(rows.order_by("-factor", "pk"))


def _units_in(named: Iterable[str]) -> dict[str, int]:
    """The units with a site in each region, from the kept numbers."""
    rows = Tally.objects.everything(why=WHY).filter(what="registry.units", a="every", region_path__in=named)
    told = rows.values_list("region_path").annotate(total=Sum("n")).order_by()
    return {path: int(total) for path, total in told}
