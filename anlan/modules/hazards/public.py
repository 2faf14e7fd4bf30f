"""The hazards' front door: frozen values and functions for other modules.

``HAZARD`` names the table for foreign keys. Other modules open a hazard with ``open_hazard`` when they need its
number at once, and listen to the events otherwise.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.counting import counted, counted_each
from anlan.kernel.scope import system_read, within
from anlan.modules.hazards import selectors, services
from anlan.modules.hazards.choices import CATEGORIES
from anlan.modules.hazards.events import (
    HazardAssessed,
    HazardClosed,
    HazardDelisted,
    HazardListed,
    HazardMerged,
    HazardRegistered,
    HazardRegraded,
    HazardReopened,
    HazardsImported,
    HazardWithdrawn,
    InstructionGiven,
    PlanApproved,
    RectificationAccepted,
    RectificationOrdered,
    RectificationSubmitted,
    TransferAccepted,
)
from anlan.modules.hazards.models import Hazard, Listing
from anlan.modules.hazards.workflow import OPEN_STATES

HAZARD = "hazards.Hazard"

JOINABLE = frozenset({
    "hazard__number", "hazard__title", "hazard__state", "hazard__grade", "hazard__region_path", "hazard__sector",
    "hazard__holder", "hazard__site_id", "hazard__found_on", "hazard__closed_at", "hazard__due_at",
    "hazard__rectify_due", "hazard__listing_level", "hazard__source", "hazard__category",
})  # fmt: skip
"""The fields of a hazard another module may name in a query, from its own foreign key ``hazard``."""


@dataclass(frozen=True, slots=True)
class HazardView:
    """A hazard as other modules see it. Days are calendar days in China, money is in yuan."""

    id: int
    number: str
    title: str
    state: str
    grade: str
    site_id: int
    holder: str
    region_path: str
    sector: str
    found_on: dt.date
    rectify_due: dt.date | None
    overdue: bool
    listing_level: str
    closed_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class RegionFigures:
    """The numbers of one region. ``closure_rate`` is None where nothing was found in the period."""

    open: int
    overdue: int
    major: int
    found: int
    closed: int

    @property
    def closure_rate(self) -> float | None:
        """Closed by found, of those found in the period."""
        return self.closed / self.found if self.found else None


@dataclass(frozen=True, slots=True)
class DoubleReports:
    """Open major hazards; those reported to regulator and workers' congress; those with all five items settled."""

    major: int
    reported: int
    settled: int


@dataclass(frozen=True, slots=True)
class MajorView:
    """An open major hazard on the leader's page: who answers, how late, what money is missing."""

    id: int
    number: str
    title: str
    unit_name: str
    region_path: str
    days_over: int
    listing_level: str
    leader: str
    leader_phone: str
    money_missing_yuan: Any


def open_hazard(
    actor: Actor,
    *,
    site_id: int,
    description: str,
    source: str,
    key: str | None = None,
    distinct: bool = True,
    own: bool = False,
    **values: Any,
) -> HazardView:
    """Register a hazard for another module (an inspection, an alarm, a tip-off) and answer what became of it.

    ``values`` are further fields of ``rows.HAZARD``, ``before`` photos. With ``distinct=False`` an open twin is refused
    by name. ``own``: the unit's own people found it, who then report it (source and right are those of a self-check).
    """
    enter = services.report_hazard if own else services.find_hazard
    found = enter(
        actor=actor, key=key, site=site_id, description=description, source=source, distinct=distinct, **values
    )
    return _view(found)


def hazard_rows(actor: Actor, site_id: int) -> QuerySet[Hazard]:
    """The hazards of a site the actor may see, newest first, for choices in forms."""
    return selectors.hazards_of_site(actor, site_id)


@system_read("views for keys that rows the caller may see hold")
def hazard_views(ids: Iterable[int]) -> dict[int, HazardView]:
    """Hazards by their key, in one query; unknown keys are left out."""
    rows: QuerySet[Hazard] = Hazard.objects.everything(why="named by rows of another module that were seen already")
    return {h.pk: _view(h) for h in rows.filter(pk__in=set(ids))}


@system_read("a key for a key that a row the caller may see holds")
def merged_into(pk: int) -> int | None:
    """The record into which a hazard was merged; None where it stands on its own, or is unknown."""
    rows: QuerySet[Hazard] = Hazard.objects.everything(why="named by a row of another module that was seen already")
    found: int | None = rows.filter(pk=pk).values_list("merged_into_id", flat=True).first()
    return found


def double_reports(actor: Actor, path: str = "", holder: str = "") -> DoubleReports:
    """Of the open major hazards the actor may see (of a place, of a unit): how many were reported twice and settled."""
    return DoubleReports(**selectors.double_reports(actor, path, holder))


def hazard_view(actor: Actor, pk: int) -> HazardView:
    """One hazard the actor may see; ``NotFound`` otherwise."""
    return _view(selectors.hazard(actor, pk))


def figures(actor: Actor, path: str = "", since: dt.date | None = None) -> dict[str, Any]:
    """The numbers of a region, see ``selectors.figures``."""
    return selectors.figures(actor, path, since)


def figures_by_region(actor: Actor, paths: Iterable[str], since: dt.date | None = None) -> dict[str, RegionFigures]:
    """The numbers of each of these regions, each up to the ceiling, in one statement."""
    told = selectors.figures_by_region(actor, paths, since)
    return {path: RegionFigures(**numbers) for path, numbers in told.items()}


def trend(actor: Actor, path: str = "", months: int = 12) -> list[dict[str, Any]]:
    """Found and closed by month, the oldest first."""
    return selectors.trend(actor, path, months)


def open_major(actor: Actor, path: str = "", limit: int = 50) -> list[MajorView]:
    """The open major hazards, the most overdue first, with the leader of the listing in force."""
    rows = list(selectors.open_major(actor, path)[:limit])
    listed: dict[int, Listing] = {
        one.hazard_id: one for one in selectors.listings_in_force(actor).filter(hazard__in=[h.pk for h in rows])
    }
    return [_major(h, listed.get(h.pk)) for h in rows]


def open_of_line(actor: Actor, sector: str, path: str = "") -> tuple[int, int]:
    """How many hazards of a line are open (in a region) and how many of them major, within reach, up to the ceiling."""
    rows = selectors.open_hazards(actor, path).filter(sector=sector)
    return counted(rows), counted(rows.filter(grade="major"))


def open_of_line_by_region(actor: Actor, sector: str, paths: Iterable[str]) -> dict[str, tuple[int, int]]:
    """How many hazards of a line are open in each of these regions, and how many of them major, up to the ceiling."""
    places = list(paths)
    rows = selectors.open_hazards(actor).filter(sector=sector)
    inside = {path: rows.filter(within("region_path", path)) for path in places}
    told = counted_each({**inside, **{f"{path} major": one.filter(grade="major") for path, one in inside.items()}})
    return {path: (told[path], told[f"{path} major"]) for path in places}


@dataclass(frozen=True, slots=True)
class OverdueOfUnit:
    """How many hazards of a unit in one region are over their time: major ones, others."""

    region_path: str
    holder: str
    major: int
    general: int


@system_read("counts by place and unit, for an index that each reader sees within reach")
def overdue_by_unit() -> list[OverdueOfUnit]:
    """What is overdue everywhere, by region and unit."""
    return [OverdueOfUnit(*row) for row in selectors.overdue_everywhere()]


def overdue_count(actor: Actor, path: str = "") -> int:
    """How many open hazards are over their time, up to the ceiling."""
    return counted(selectors.overdue_hazards(actor, path))


def carry_hazards(actor: Actor, *, from_site: int, to_site: int, why: str) -> int:
    """Let every hazard of a site follow it (or the site it was merged into); answers how many there are."""
    pks = list(selectors.hazards_of_site(actor, from_site).order_by("pk").values_list("pk", flat=True))
    for pk in pks:
        services.carry_hazard(actor=actor, hazard=pk, site=to_site, why=why)
    return len(pks)


def carry_hazards_of_unit(actor: Actor, *, holder: str, why: str) -> int:
    """Let every hazard held by a unit follow its own site; answers how many there are."""
    pairs = list(selectors.hazards_of_holder(actor, holder).order_by("pk").values_list("pk", "site_id"))
    for pk, site in pairs:
        services.carry_hazard(actor=actor, hazard=pk, site=site, why=why)
    return len(pairs)


def find_hazards_again(actor: Actor, *, unit_id: int | None = None, site_id: int | None = None) -> int:
    """Let the hazards of a unit, or of one site, be found by its present name; answers how many there are."""
    rows = selectors.hazards(actor)
    rows = rows.filter(site=site_id) if site_id is not None else rows.filter(site__unit_id=unit_id or 0)
    pks = list(rows.order_by("pk").values_list("pk", flat=True))
    for pk in pks:
        services.find_again(actor=actor, hazard=pk)
    return len(pks)


def _view(h: Hazard) -> HazardView:
    return HazardView(
        id=h.pk, number=h.number, title=h.title, state=h.state, grade=h.grade, site_id=h.site_id, holder=h.holder,
        region_path=h.region_path, sector=h.sector, found_on=h.found_on, rectify_due=h.rectify_due, overdue=h.overdue,
        listing_level=h.listing_level, closed_at=h.closed_at,
    )  # fmt: skip


def _major(h: Hazard, listing: Listing | None) -> MajorView:
    over = (clock.today() - clock.day_of(h.due_at)).days if h.due_at else 0
    missing = max((h.money_needed_yuan or 0) - (h.money_spent_yuan or 0), 0)
    return MajorView(
        id=h.pk, number=h.number, title=h.title, unit_name=h.site.unit.name, region_path=h.region_path,
        days_over=max(over, 0), listing_level=h.listing_level,
        leader=f"{listing.leader_title} {listing.leader_name}" if listing else "",
        leader_phone=listing.leader_phone if listing else "", money_missing_yuan=missing,
    )  # fmt: skip


__all__ = [
    "CATEGORIES",
    "HAZARD",
    "JOINABLE",
    "OPEN_STATES",
    "DoubleReports",
    "HazardAssessed",
    "HazardClosed",
    "HazardDelisted",
    "HazardListed",
    "HazardMerged",
    "HazardRegistered",
    "HazardRegraded",
    "HazardReopened",
    "HazardView",
    "HazardWithdrawn",
    "HazardsImported",
    "InstructionGiven",
    "MajorView",
    "PlanApproved",
    "RectificationAccepted",
    "RectificationOrdered",
    "RectificationSubmitted",
    "RegionFigures",
    "TransferAccepted",
    "carry_hazards",
    "carry_hazards_of_unit",
    "double_reports",
    "figures",
    "figures_by_region",
    "find_hazards_again",
    "hazard_rows",
    "hazard_view",
    "hazard_views",
    "merged_into",
    "open_hazard",
    "open_major",
    "open_of_line", "open_of_line_by_region",
    "overdue_count",
    "trend",
]  # fmt: skip
