"""Reads of compliance: workspaces, what the law asks of each and how it stands, evidence, self-checks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from anlan.kernel import clock, law
from anlan.kernel.actor import Actor
from anlan.kernel.counting import counted, counted_each
from anlan.kernel.obligations.selectors import binding
from anlan.kernel.regions.models import Region, RegionKind
from anlan.kernel.regions.reach import Place
from anlan.kernel.scope import system_read, within
from anlan.modules.compliance.models import CheckAnswer, Evidence, SelfCheck, Workspace
from anlan.modules.hazards import public as hazards
from anlan.modules.registry import public as registry
from anlan.modules.statutes import public as statutes
from anlan.rules.citation import Finding
from anlan.rules.unit_duties import (
    DutyDue,
    EvidenceKind,
    LastAnswer,
    Standing,
    UnitDuty,
    UnitMarks,
    duty_on,
    evidence_for,
    unit_duties,
    unit_duty_due,
)
from anlan.rules.unit_marks import Mark

ABOVE_SCALE = ("large", "medium")  # 规上 is the statistics office's own list, which is not held: our reading
AHEAD_DAYS = 30  # 本地规定: how long before its day a duty is put on the unit's desk
ORDER = (Standing.MISSED, Standing.AT_RISK, Standing.NO_DATA, Standing.MET)
WHY = "one workspace in hand"
TOWNS, MOST_TOWNS = (RegionKind.TOWN, RegionKind.PARK), 60
SYSTEM = Actor.system("compliance")


@dataclass(frozen=True, slots=True)
class Told:
    """One duty of a unit: how it stands, its working, the latest evidence that answers it, the kinds that would."""

    duty: UnitDuty
    finding: Finding[DutyDue]
    latest: Evidence | None
    kinds: tuple[EvidenceKind, ...]

    @property
    def standing(self) -> Standing:
        """Met, at risk, missed or no data."""
        return self.finding.value.standing

    @property
    def due(self) -> dt.date | None:
        """The day it is due."""
        return self.finding.value.due


def workspaces(actor: Actor, permission: str | None = None) -> QuerySet[Workspace]:
    """The workspaces the actor may see; one emptied by a merge of units is none any more."""
    rows = Workspace.objects.visible_to(actor, permission).filter(unit__merged_into=None)
    return rows.select_related("unit")


def evidence(actor: Actor, permission: str | None = None) -> QuerySet[Evidence]:
    """The evidence the actor may see."""
    return Evidence.objects.visible_to(actor, permission).select_related("workspace__unit")


def self_checks(actor: Actor, permission: str | None = None) -> QuerySet[SelfCheck]:
    """The self-checks the actor may see."""
    return SelfCheck.objects.visible_to(actor, permission).select_related("workspace__unit", "site")


def check_answers(actor: Actor, permission: str | None = None) -> QuerySet[CheckAnswer]:
    """The items of self-checks the actor may see."""
    return CheckAnswer.objects.visible_to(actor, permission).select_related("self_check__workspace", "hazard")


def workspace_of(actor: Actor, holder: str) -> Workspace | None:
    """The workspace of a unit by its reference, where the actor may see it."""
    return workspaces(actor).filter(holder=holder).first()


def own_workspace(actor: Actor) -> Workspace | None:
    """The workspace of the actor's own unit; None for somebody of an office and for units without one."""
    held = {grant.holder for grant in actor.grants_for("compliance.view") if grant.holder}
    return workspaces(actor).filter(holder__in=held).order_by("pk").first() if held else None


@system_read("the marks of the unit in hand")
def marks_of(holder: str, path: str) -> UnitMarks:
    """What of a unit decides its duties: lines, marks and headcount of its open sites, the plans that bind there."""
    return marks_by(registry.sites_of_holder(SYSTEM, holder), tuple(sorted(binding(path))))


@system_read("reckons with what it is given")
def marks_by(of_unit: Iterable[Any], obligations: tuple[str, ...]) -> UnitMarks:
    """The same for sites in hand (with ``open``, ``sector``, ``flags``, ``scale``, ``headcount``) and the plans."""
    sites = [site for site in of_unit if site.open]
    said = {mark for site in sites for mark in (site.sector, *site.flags)}
    if any(site.scale in ABOVE_SCALE for site in sites):
        said.add(Mark.ABOVE_SCALE)
    heads = [site.headcount for site in sites if site.headcount is not None]
    return UnitMarks(
        marks=tuple(mark for mark in Mark if mark in said), employees=sum(heads) if heads else None,
        obligations=obligations,
    )  # fmt: skip


@system_read("the duties of the unit in hand")
def asked_of(workspace: Workspace) -> Finding[tuple[str, ...]]:
    """The duties that bind the unit, with the working."""
    return unit_duties(marks_of(workspace.holder, workspace.region_path), clock.today())


@system_read("the evidence of the workspace in hand")
def counting(workspace: Workspace) -> list[Evidence]:
    """The evidence that counts, oldest day first."""
    rows = Evidence.objects.everything(why=WHY).filter(workspace=workspace, state="held")
    return list(rows.order_by("told_on", "pk"))


@system_read("the duties of the workspace in hand")
def duties_of(workspace: Workspace) -> list[Told]:
    """What the law asks of the unit and how it stands today, the missed ones first, then by day."""
    today = clock.today()
    with law.by_figures_of(workspace.region_path):
        return judged(starts(workspace, asked_of(workspace).value, today), counting(workspace), today)


@system_read("reckons with what it is given")
def starts(workspace: Workspace, codes: Iterable[str], on: dt.date) -> dict[str, dt.date]:
    """From which day each duty is asked: as the last look kept it, and from ``on`` where it began to bind since."""
    kept = workspace.asked_from
    fresh = on if kept else workspace.since
    return {code: max(workspace.since, dt.date.fromisoformat(kept[code])) if code in kept else fresh for code in codes}


@system_read("reckons with what it is given")
def judged(asked_from: Mapping[str, dt.date], rows: list[Evidence], on: dt.date) -> list[Told]:
    """How duties, each asked from its day, stand on a day by evidence."""
    found = []
    for code, since in asked_from.items():
        mine = [one for one in rows if code in one.answers]
        latest = mine[-1] if mine else None
        asked = LastAnswer(
            duty=code, since=since, answered=tuple(one.told_on for one in mine),
            valid_to=latest.valid_to if latest else None,
        )  # fmt: skip
        found.append(Told(duty_on(code, on), unit_duty_due(asked, on), latest, evidence_for(code)))
    return sorted(found, key=lambda one: (ORDER.index(one.standing), one.due or dt.date.max))


@system_read("reckons with what it is given")
def next_look(told: list[Told], on: dt.date) -> dt.date:
    """The first day after ``on`` on which a duty stands otherwise or goes onto the unit's desk; a month on at most.

    What binds the unit may change without an act here: nobody is left unlooked at.
    """
    days = [one.finding.value.changes for one in told]
    days += [one.due - dt.timedelta(days=AHEAD_DAYS) for one in told if one.due and one.standing is Standing.AT_RISK]
    return min([*(day for day in days if day is not None and day > on), on + dt.timedelta(days=AHEAD_DAYS)])


@system_read("which workspaces the clock looks at")
def to_look_at(on: dt.date) -> list[int]:
    """The workspaces whose duties may stand otherwise since the last look."""
    rows = Workspace.objects.everything(why="the clock serves every unit").filter(look_on__lte=on)
    return list(rows.order_by("pk").values_list("pk", flat=True))


@system_read("which units have no workspace yet")
def without_workspace(most: int) -> list[int]:
    """Units on file without a workspace, the oldest first."""
    known = Workspace.objects.everything(why="the clock serves every unit").values("unit")
    rows = registry.unit_rows(SYSTEM).exclude(pk__in=known)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:most])


def kept_sites(actor: Actor, workspace: Workspace) -> QuerySet[Any]:
    """The open sites of the unit on which the actor may plan self-checks."""
    return registry.kept_sites(actor, "compliance.keep").filter(holder=workspace.holder)


def lists_offered(actor: Actor, workspace: Workspace) -> list[tuple[str, str]]:
    """The issued check lists a unit may go by, for choices."""
    lists = statutes.lists_for(actor, place=workspace.region_path)
    return [(str(one.pk), f"{one.title}（{one.items}）") for one in lists if one.items]


def figures_of_line(actor: Actor, sector: str, path: str = "") -> dict[str, int]:
    """The figures of a sector line within the actor's reach (or a region there), each up to the ceiling."""
    rows = workspaces(actor).filter(within("region_path", path), sector=sector)
    opened, major = hazards.open_of_line(actor, sector, path)
    return {
        "units": counted(rows), "units_missed": counted(rows.filter(missed__gt=0)), "hazards_open": opened,
        "hazards_major": major,
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class TownFigures:
    """A region and the figures of a sector line there."""

    region: Region
    numbers: Mapping[str, int]


def figures_by_town(actor: Actor, sector: str, where: Place) -> list[TownFigures]:
    """The figures of a line in every town of a place; where these are too many, in the parts of the place."""
    below: Any = Region.objects.filter(within("path", where.path), kind__in=TOWNS, valid_to=None) if where.path else []
    towns = list(below.defer("outline").order_by("path")[: MOST_TOWNS + 1]) if where.path else []
    regions = towns if 0 < len(towns) <= MOST_TOWNS else list(where.parts) or [r for r in [where.region] if r]
    rows = workspaces(actor).filter(sector=sector)
    inside = {region.path: rows.filter(within("region_path", region.path)) for region in regions}
    told = counted_each({**inside, **{f"{path} missed": one.filter(missed__gt=0) for path, one in inside.items()}})
    opened = hazards.open_of_line_by_region(actor, sector, inside)
    return [
        TownFigures(region, {
            "units": told[region.path], "units_missed": told[f"{region.path} missed"],
            "hazards_open": opened[region.path][0], "hazards_major": opened[region.path][1],
        })
        for region in regions
    ]  # fmt: skip


@system_read("the items of the self-check in hand")
def answers_of(check: SelfCheck) -> list[CheckAnswer]:
    """The items in order."""
    rows = CheckAnswer.objects.everything(why="the self-check in hand").filter(self_check=check)
    return list(rows.select_related("hazard").order_by("position"))


@system_read("the items of the self-check in hand")
def next_open(check: SelfCheck) -> CheckAnswer | None:
    """The first item that was not filled in."""
    rows = CheckAnswer.objects.everything(why="the self-check in hand").filter(self_check=check, outcome="")
    return rows.order_by("position").first()
