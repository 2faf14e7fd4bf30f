"""Reads of major hazard installations."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from anlan.kernel.actor import Actor
from anlan.kernel.regions.models import Region
from anlan.kernel.scope import system_read
from anlan.modules.chemicals import public as chemicals
from anlan.modules.installations.choices import Answer
from anlan.modules.installations.models import Filing, Grading, Holding, Installation, Provision, Target
from anlan.modules.installations.workflow import KEEP
from anlan.modules.registry import public as registry

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


def filings(actor: Actor, permission: str | None = None) -> QuerySet[Filing]:
    """The filings handed in the actor may see."""
    return Filing.objects.visible_to(actor, permission).select_related("installation__site__unit")


def provisions(actor: Actor, permission: str | None = None) -> QuerySet[Provision]:
    """What the actor may see of what is said to be in place."""
    return Provision.objects.visible_to(actor, permission).select_related("installation")


@system_read("what is said of an installation in hand")
def provisions_of(installation: Installation) -> dict[int, Provision]:
    """What the unit says of each required thing, by the number of the duty."""
    rows = Provision.objects.everything(why="the installation in hand").filter(installation=installation)
    return {row.entry: row for row in rows.select_related("hazard").order_by("entry")}


@system_read("the filings of an installation in hand")
def last_filing(installation: Installation) -> Filing | None:
    """The filing handed in last."""
    rows = Filing.objects.everything(why="the installation in hand").filter(installation=installation)
    return rows.order_by("-pk").first()


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


@system_read("which installations a site's ledger concerns")
def keys_at(site_id: int) -> list[int]:
    """The installations of a site that are compared with its ledger."""
    rows = Installation.objects.everything(why="the installations of one site").filter(site=site_id)
    rows = rows.filter(holdings__place__isnull=False).exclude(state="cancelled").distinct()
    return list(rows.order_by("pk").values_list("pk", flat=True))


@system_read("the tree of regions is public")
def county_of(path: str) -> str:
    """The county's desk, on which filings lie; the city's where there is no county."""
    steps = [path[:end] for end in range(Region.steplen, len(path) + 1, Region.steplen)]
    rows = Region.objects.filter(path__in=steps, kind__in=COUNTIES).order_by("-path")
    return rows.values_list("path", flat=True).first() or path


@system_read("the clock tells what was stated before hazards were opened for it")
def untold(most: int) -> list[int]:
    """The provisions that are lacking, have no hazard and were never announced, of installations that stand."""
    rows = Provision.objects.everything(why="every installation is asked").filter(
        answer=Answer.LACK, hazard=None, announced=False
    )
    return list(rows.exclude(installation__state="cancelled").order_by("pk").values_list("pk", flat=True)[:most])
