"""The records: points and what belongs to them, plans, registers, areas."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.counting import CEILING
from anlan.kernel.scope import system_read, within
from anlan.modules.hazards import public as hazards
from anlan.modules.registry import public as registry
from anlan.modules.risks.choices import ORDER
from anlan.modules.risks.models import (
    AreaAssessment,
    Assessment,
    ColourChange,
    Factor,
    FloorPlan,
    HazardTie,
    Measure,
    MeasureCheck,
    Register,
    RiskPoint,
    Zone,
)
from anlan.modules.risks.workflow import KEEP


def points(actor: Actor, permission: str | None = None) -> QuerySet[RiskPoint]:
    """The risk points the actor may see, with site, unit and the assessment in force at hand."""
    return RiskPoint.objects.visible_to(actor, permission).select_related("site__unit", "assessment")


def points_of_site(actor: Actor, site_id: int) -> QuerySet[RiskPoint]:
    """The points of a site that are not struck off, the gravest first where they are shown as a list."""
    return points(actor).filter(site_id=site_id).exclude(state="closed").order_by("number")


def assessments(actor: Actor) -> QuerySet[Assessment]:
    """The revisions of assessments."""
    return Assessment.objects.visible_to(actor).select_related("point__site__unit")


def factors(actor: Actor, permission: str | None = None) -> QuerySet[Factor]:
    """Hazard factors, with their assessment and point."""
    return Factor.objects.visible_to(actor, permission).select_related("assessment__point")


@system_read("what belongs to an assessment in hand")
def factors_of(assessment: Assessment) -> QuerySet[Factor]:
    """The factors of an assessment in hand, in order, each with its measures."""
    why = "what belongs to an assessment in hand"
    measures_: Any = Measure.objects.everything(why=why).order_by("pk")
    rows: Any = Factor.objects.everything(why=why).filter(assessment=assessment)
    found: QuerySet[Factor] = rows.order_by("order").prefetch_related(Prefetch("measures", queryset=measures_))
    return found


@system_read("what belongs to an assessment or factor in hand")
def measures_of(row: Assessment | Factor) -> QuerySet[Measure]:
    """The measures of an assessment, or of a factor, in hand."""
    rows: Any = Measure.objects.everything(why="what belongs to a row in hand")
    found: QuerySet[Measure] = (
        rows.filter(assessment=row) if isinstance(row, Assessment) else rows.filter(factor=row)
    ).order_by("pk")
    return found


def measures(actor: Actor, permission: str | None = None) -> QuerySet[Measure]:
    """Measures, with their factor and point."""
    return Measure.objects.visible_to(actor, permission).select_related("factor", "assessment__point")


def checks(actor: Actor) -> QuerySet[MeasureCheck]:
    """Checks of measures, newest first."""
    rows = MeasureCheck.objects.visible_to(actor).select_related("point__site__unit", "measure", "hazard")
    return rows.order_by("-pk")


def ties(actor: Actor) -> QuerySet[HazardTie]:
    """The hazards that lie on risk points."""
    return HazardTie.objects.visible_to(actor).select_related("point", "hazard", "measure")


@system_read("the tie of a hazard the platform itself follows up")
def tie_of(hazard_id: int) -> HazardTie | None:
    """The tie of a hazard to its point."""
    rows: Any = HazardTie.objects.everything(why="a flow follows a hazard to its point")
    found: HazardTie | None = rows.filter(hazard_id=hazard_id).first()
    return found


def changes(actor: Actor) -> QuerySet[ColourChange]:
    """Changes of colours, newest first."""
    return ColourChange.objects.visible_to(actor).select_related("point__site__unit").order_by("-on", "-pk")


@system_read("a day, no rows")
def changed_since() -> Q:
    """Since the first of last month."""
    first = (clock.today().replace(day=1) - dt.timedelta(days=1)).replace(day=1)
    return Q(on__gte=first)


@dataclass(frozen=True, slots=True)
class Turned:
    """How many changes of colour since the first of last month made a point graver or milder, coloured one for the
    first time, or struck one off."""

    graver: int
    milder: int
    fresh: int
    struck: int

    @property
    def any(self) -> bool:
        """Whether anything changed."""
        return bool(self.graver or self.milder or self.fresh or self.struck)


def turned(actor: Actor, path: str) -> Turned | None:
    """The changes in a region since the first of last month, by what they made of their points; None where they are
    more than are counted."""
    rows = ColourChange.objects.visible_to(actor).filter(changed_since(), within("region_path", path))
    pairs = Counter(rows.order_by("-on", "-pk").values_list("before", "after")[: CEILING + 1])
    if pairs.total() > CEILING:
        return None
    told = dict.fromkeys(("graver", "milder", "fresh", "struck"), 0)
    grave = [colour.value for colour in ORDER]
    for (before, after), number in pairs.items():
        if before and after:
            told["graver" if grave.index(after) < grave.index(before) else "milder"] += number
        else:
            told["fresh" if after else "struck"] += number
    return Turned(**told)


def plans(actor: Actor, permission: str | None = None) -> QuerySet[FloorPlan]:
    """The floor plans that were not removed."""
    rows = FloorPlan.objects.visible_to(actor, permission).filter(removed_at=None)
    return rows.select_related("site__unit").order_by("-pk")


def zones(actor: Actor, permission: str | None = None) -> QuerySet[Zone]:
    """Zones, with the point each shows."""
    return Zone.objects.visible_to(actor, permission).select_related("plan", "point").order_by("pk")


def registers(actor: Actor) -> QuerySet[Register]:
    """The registers of sites on which anything was entered."""
    return Register.objects.visible_to(actor).select_related("site__unit")


def area_assessments(actor: Actor) -> QuerySet[AreaAssessment]:
    """The assessments of areas, newest first."""
    return AreaAssessment.objects.visible_to(actor).select_related("region").order_by("-assessed_on", "-pk")


def sites_to_see(actor: Actor) -> QuerySet[Any]:
    """The sites a list can be narrowed to."""
    return registry.site_rows(actor).filter(merged_into=None).order_by("name", "pk")


def sites_to_keep(actor: Actor) -> QuerySet[Any]:
    """The sites on which the actor may enter risk points."""
    rows = registry.site_rows(actor).filter(merged_into=None).exclude(status=registry.SiteStatus.CLOSED)
    allowed = Q(pk__in=[])
    for grant in actor.grants_for(KEEP):
        if grant.holder:
            allowed |= Q(holder=grant.holder)
    return rows.filter(allowed).order_by("-is_main", "name", "pk") if not actor.is_system else rows


def hazards_of_point(actor: Actor, point: RiskPoint) -> QuerySet[Any]:
    """The hazards of the point's site that lie on no point yet, for the choice which one does."""
    tied: Any = HazardTie.objects.everything(why="what lies on a point already is not offered").filter(
        hazard=OuterRef("pk")
    )
    rows = hazards.hazard_rows(actor, point.site_id).exclude(state__in=["withdrawn", "merged"])
    return rows.filter(~Exists(tied))  # asked of each row: the ties of a city are not read to offer a site's few


@system_read("whoever scanned the card at the point reads what the card shows; the address cannot be guessed")
def card_of(token: str) -> RiskPoint | None:
    """The point behind the address of a card in force; None for any other address."""
    if not 16 <= len(token) <= 32:
        return None
    rows: Any = RiskPoint.objects.everything(why="whoever scanned the card reads it")
    found: RiskPoint | None = (
        rows.filter(card_token=token, assessment__isnull=False).exclude(state="closed")
        .select_related("site__unit", "assessment").first()
    )  # fmt: skip
    return found


@system_read("the clock compares each area with what its place decided")
def newest_of_areas() -> list[int]:
    """The keys of the newest assessment of each subject of each place."""
    rows = AreaAssessment.objects.everything(why="the clock looks at every area")
    newest = rows.order_by("region", "subject", "-assessed_on", "-pk").distinct("region", "subject")
    return list(newest.values_list("pk", flat=True))
