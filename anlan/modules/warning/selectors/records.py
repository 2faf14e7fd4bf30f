"""Warnings, notices and periods, for somebody; and who is told of a warning."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.identity.actors import holders_of
from anlan.kernel.regions.models import Region, RegionKind
from anlan.kernel.scope import PATH_END, system_read, within
from anlan.modules.registry.public import UnitView, unit_rows
from anlan.modules.warning.models import EarlyWarning, IndexDay, Notice, SpecialPeriod
from anlan.modules.warning.workflow import ANSWER, ISSUE, OPEN

MOST_UNITS_TOLD = 100
SMALL = (RegionKind.TOWN, RegionKind.PARK, RegionKind.VILLAGE, RegionKind.GRID)
WHY = "who is told is found for the whole place"


@dataclass(frozen=True)
class Addressee:
    """An office, or a unit's people: where its notice lies and what it is called."""

    name: str
    region_path: str
    sector: str = ""
    holder: str = ""
    unit_id: int | None = None


def warnings(actor: Actor, permission: str | None = None) -> QuerySet[EarlyWarning]:
    """The warnings the actor may see."""
    return EarlyWarning.objects.visible_to(actor, permission).select_related("unit", "issuer")


def open_warnings(actor: Actor, path: str = "") -> QuerySet[EarlyWarning]:
    """Those proposed or in force within a region, the newest first."""
    return warnings(actor).filter(within("region_path", path), state__in=OPEN).order_by("-made_at", "-pk")


def notices(actor: Actor, permission: str | None = None) -> QuerySet[Notice]:
    """The notices that came to whom the actor may see."""
    return Notice.objects.visible_to(actor, permission).select_related("warning", "unit", "acknowledger", "reporter")


def notices_of_holder(actor: Actor, holder: str) -> QuerySet[Notice]:
    """The notices of a unit, the newest first."""
    return notices(actor).filter(holder=holder).order_by("-sent_at", "-pk")


def periods(actor: Actor, permission: str | None = None) -> QuerySet[SpecialPeriod]:
    """The special periods the actor may see."""
    return SpecialPeriod.objects.visible_to(actor, permission)


def issuable_units(actor: Actor) -> QuerySet[Any]:
    """The units for which the actor may issue a warning."""
    return unit_rows(actor, ISSUE)


@system_read("a warning goes to everybody it is for, whoever issues it")
def addressees(region: Region, unit: UnitView | None, *, units: bool) -> list[Addressee]:
    """Who is sent a warning: of a unit its town and itself; of a town or park, or what lies in one, its office; of a
    larger region the offices one level down. With ``units`` also the units of the place whose index of today or
    yesterday reached a level."""
    if unit is not None:
        town = town_of(region.path)
        offices = [Addressee(town.name, town.path)] if town is not None else []
        return [*offices, Addressee(unit.name, unit.region_path, unit.sector, unit.holder, unit.id)]
    if region.kind in SMALL:
        office = town_of(region.path) or region  # villages and grids have no office: their town's acts
        found = [Addressee(office.name, office.path)]
    else:
        below = Region.objects.filter(
            path__gt=region.path, path__lt=region.path + PATH_END, depth=region.depth + 1, valid_to=None
        )
        found = [Addressee(r.name, r.path) for r in below.defer("outline").order_by("path")]
    if units:
        found += _units_at_risk(region)
    return found


def _units_at_risk(region: Region) -> list[Addressee]:
    since = clock.today() - dt.timedelta(days=1)
    rows = IndexDay.objects.everything(why=WHY).filter(
        within("region_path", region.path), about="unit", day__gte=since, level__gt=""
    )
    found: dict[int, Addressee] = {}
    for row in rows.select_related("unit").order_by("-day", "-value", "pk")[: 2 * MOST_UNITS_TOLD]:
        if row.unit_id and row.unit and len(found) < MOST_UNITS_TOLD:
            told = Addressee(row.unit.name, row.region_path, row.sector, row.holder, row.unit_id)
            found.setdefault(row.unit_id, told)
    return list(found.values())


def office_of(actor: Actor, permission: str, row: EarlyWarning) -> str:
    """The path of the highest office over a record's place for which the actor may do something; "" for none."""
    paths = [g.path for g in actor.grants_for(permission) if g.reaches(row.region_path, row.sector)]
    return min(paths, key=len) if paths else ""


def may_withdraw(actor: Actor, warning: EarlyWarning) -> bool:
    """Whether somebody is of the office that issued a warning, or of one above it."""
    return actor.may_at(ISSUE, warning.issued_path or warning.region_path, warning.sector)


def answers(actor: Actor, notice: Notice) -> bool:
    """Whether somebody is whom a notice went to: the unit's people, the office's own. Where it has nobody, whoever is
    over it stands in."""
    grants = actor.grants_for(ANSWER)
    if any(g.holder == notice.holder if notice.holder else g.path == notice.region_path for g in grants):
        return True
    people = holders_of(ANSWER, holder=notice.holder) if notice.holder else holders_of(ANSWER, path=notice.region_path)
    return actor.is_system or not people.exists()


@system_read("names of regions are public")
def town_of(path: str) -> Region | None:
    """The town or park a path lies in, itself included; None above towns."""
    chain = [path[:end] for end in range(Region.steplen, len(path) + 1, Region.steplen)]
    rows = Region.objects.filter(path__in=chain, kind__in=(RegionKind.TOWN, RegionKind.PARK)).defer("outline")
    found: Region | None = rows.order_by("depth").first()
    return found
