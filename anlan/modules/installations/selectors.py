"""Reads of major hazard installations."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.regions.models import Region
from anlan.kernel.scope import system_read
from anlan.modules.chemicals import public as chemicals
from anlan.modules.installations.models import Grading, Holding, Installation, Target
from anlan.modules.installations.workflow import KEEP
from anlan.modules.registry import public as registry
from anlan.rules.major_hazard_duties import Duty, Graded, duties, major_hazard_duties

COUNTIES = ("county", "city")
OPEN = ("drafted", "below", "graded", "filed")


def installations(actor: Actor, permission: str | None = None) -> QuerySet[Installation]:
    """The installations the actor may see."""
    return Installation.objects.visible_to(actor, permission).select_related("site__unit")


def holdings(actor: Actor, permission: str | None = None) -> QuerySet[Holding]:
    """The holdings the actor may see."""
    return Holding.objects.visible_to(actor, permission).select_related("installation", "substance", "place")


def targets(actor: Actor, permission: str | None = None) -> QuerySet[Target]:
    """The protection targets the actor may see."""
    return Target.objects.visible_to(actor, permission).select_related("installation")


@system_read("the holdings of an installation in hand")
def holdings_of(installation: Installation) -> QuerySet[Holding]:
    """What it holds, by substance."""
    rows = Holding.objects.everything(why="the installation in hand").filter(installation=installation)
    return rows.select_related("substance", "place").order_by("substance__code", "pk")


@system_read("the targets of an installation in hand")
def targets_of(installation: Installation) -> QuerySet[Target]:
    """What must be protected, nearest first."""
    rows = Target.objects.everything(why="the installation in hand").filter(installation=installation)
    return rows.order_by("distance_m", "pk")


@system_read("the gradings of an installation in hand")
def last_grading(installation: Installation) -> Grading | None:
    """The grading that counts."""
    rows = Grading.objects.everything(why="the installation in hand").filter(installation=installation)
    return rows.order_by("-pk").first()


def own_sites(actor: Actor) -> QuerySet[Any]:
    """The open sites whose installations the actor keeps."""
    return registry.kept_sites(actor, KEEP)


def substances_for(actor: Actor, installation: Installation) -> QuerySet[Any]:
    """The substances that may be held: of the tables, and the unit's own."""
    return chemicals.substance_rows(actor)


def places_for(actor: Actor, installation: Installation) -> QuerySet[Any]:
    """The places of keeping of the installation's site."""
    return chemicals.place_rows(actor).filter(site=installation.site_id)


@system_read("compares declared and kept quantities of one installation in hand")
def above_basis(installation: Installation) -> tuple[str, Decimal, Decimal] | None:
    """The substance of which most is there beyond what is declared, in tonnes: (name, there, declared); None without.

    Only holdings that name a place of keeping are compared, with what that place's ledger says now.
    """
    held = [h for h in holdings_of(installation) if h.place_id]
    worst: tuple[str, Decimal, Decimal] | None = None
    for holding in held:
        there = chemicals.kilograms_at([holding.place_id or 0]).get(holding.substance_id, Decimal(0)) / 1000
        if there > holding.tonnes and (worst is None or there - holding.tonnes > worst[1] - worst[2]):
            worst = (holding.substance.name, there, holding.tonnes)
    return worst


@system_read("which installations a site's ledger concerns")
def keys_at(site_id: int) -> list[int]:
    """The installations of a site that are compared with its ledger."""
    rows = Installation.objects.everything(why="the installations of one site").filter(site=site_id)
    rows = rows.filter(holdings__place__isnull=False).exclude(state="cancelled").distinct()
    return list(rows.order_by("pk").values_list("pk", flat=True))


@system_read("the law asks the same of everybody")
def duties_at(level: int) -> tuple[Duty, ...]:
    """What an installation of a level must have and do."""
    return major_hazard_duties(Graded(level=level, who="unit"), clock.today()).value  # type: ignore[arg-type]


@system_read("the law asks the same of everybody")
def figure(entry: int) -> int:
    """The figure of a numbered duty of order 40: days to file, years to the next assessment."""
    return next(duty.figure for duty in duties() if duty.entry == entry and duty.figure is not None)


@system_read("the tree of regions is public")
def county_of(path: str) -> str:
    """The county's desk, on which filings lie; the city's where there is no county."""
    steps = [path[:end] for end in range(Region.steplen, len(path) + 1, Region.steplen)]
    rows = Region.objects.filter(path__in=steps, kind__in=COUNTIES).order_by("-path")
    return rows.values_list("path", flat=True).first() or path
