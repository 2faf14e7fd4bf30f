"""Reading the tree of regions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import models

from anlan.kernel.actor import Actor
from anlan.kernel.errors import BadInput, gettext_noop
from anlan.kernel.regions.models import Region, RegionChange, RegionKind
from anlan.kernel.scope import system_read, within

PUBLIC = "the tree of regions is public knowledge"


@system_read(PUBLIC)
def without_outline() -> models.QuerySet[Region]:
    """The regions for whoever needs names and paths: an outline may weigh hundreds of kilobytes, and stays where it is
    until it is asked for."""
    rows: models.QuerySet[Region] = Region.objects.defer("outline")
    return rows


@system_read(PUBLIC)
def region_at(path: str) -> Region | None:
    """The region with that path, if any."""
    found: Region | None = without_outline().filter(path=path).first()
    return found


@system_read(PUBLIC)
def regions_at(paths: Iterable[str]) -> dict[str, Region]:
    """The regions with those paths, by path, in one query."""
    return {r.path: r for r in without_outline().filter(path__in=set(paths))}


@system_read(PUBLIC)
def names_at(paths: Iterable[str]) -> dict[str, str]:
    """The names of the regions with those paths, by path, in one query."""
    return dict(Region.objects.filter(path__in=set(paths)).order_by().values_list("path", "name"))


@system_read(PUBLIC)
def full_name(path: str, below: int = 1) -> str:
    """The names from level ``below`` down to this region, joined: 城南镇 · 和平村."""
    steplen = Region.steplen
    paths = [path[:end] for end in range(steplen * (below + 1), len(path) + 1, steplen)] or [path]
    found = regions_at(paths)
    return " · ".join(found[p].name for p in paths if p in found)


@system_read(PUBLIC)
def parent(path: str) -> Region | None:
    """The region one level up; None at the root."""
    up = path[: -Region.steplen]
    return region_at(up) if up else None


def of_kind(actor: Actor, permission: str, *kinds: RegionKind) -> models.QuerySet[Region]:
    """The regions of these kinds in which the actor holds the permission, in tree order."""
    rows = without_outline().filter(kind__in=kinds, valid_to=None).order_by("path")
    if actor.is_system:
        return rows
    reach = models.Q(pk__in=[])
    for grant in actor.grants_for(permission):
        if grant.path and not grant.holder:
            reach |= within("path", grant.path)
    return rows.filter(reach)


@system_read(PUBLIC)
def by_code_or_name(text: str, within_path: str = "") -> Region:
    """The current region meant by a 6/9/12-digit code or an exact name; ``BadInput`` when none or several."""
    text = text.strip()
    rows = without_outline().filter(valid_to=None).filter(within("path", within_path))
    if text.isdigit() and len(text) in (6, 9, 12):
        rows = rows.filter(code=text.ljust(12, "0"))
    else:
        rows = rows.filter(models.Q(name=text) | models.Q(short_name=text))
    found: list[Region] = list(rows[:2])
    if not found:
        raise BadInput(
            "region",
            gettext_noop(
                "No region is named or coded “%(given)s” here. Use the name as printed in the list of regions."
            ),
            given=text,
        )
    if len(found) > 1:
        raise BadInput(
            "region", gettext_noop("Several regions are named “%(given)s”. Give the 12-digit code instead."), given=text
        )
    return found[0]


@system_read(PUBLIC)
def changes_of(region: Region) -> list[RegionChange]:
    """What was changed about a region, and what was merged into it, newest first."""
    rows = RegionChange.objects.filter(models.Q(region=region) | models.Q(region__merged_into=region, kind="merge"))
    return list(rows.select_related("region").defer("region__outline").order_by("-on", "-pk"))


@system_read(PUBLIC)
def name_on(region: Region, day: dt.date) -> str:
    """What a region was called on a day."""
    later = RegionChange.objects.filter(region=region, kind="rename", on__gt=day).order_by("on", "pk").first()
    return later.old_name if later else region.name
