"""Set up real jurisdictions: `anlan load seeds` (repeatable)."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anlan.kernel.regions.models import Region

LEVELS = {"province": "province", "prefecture": "city", "county": "county", "town": "town", "park": "park"}


def add(parser: argparse.ArgumentParser) -> None:
    """What is to be loaded."""
    parser.add_argument("what", choices=["seeds"], help="seeds: the five jurisdictions of the planning documents")


def handle(arguments: argparse.Namespace) -> int:
    """Load, and say what stands now."""
    from anlan.rules import hazard_list, obligations

    added, known = load_seeds()
    held = len(hazard_list.sets()) - len(hazard_list.not_held())
    print(f"regions: {added} added, {known} already there")
    print(f"statutory lists of major hazards: {held} editions held, {len(hazard_list.not_held())} not held")
    print(f"obligations of the planning documents: {len(obligations.obligations())}")
    return 0


def load_seeds() -> tuple[int, int]:
    """Put the five jurisdictions, their superiors and their known parts into the tree; (added, already there).

    A place is recognised by its code, else by its name, or a name it once had, under the same superior; one that was
    merged is the one it went to. A second run therefore adds nothing and undoes nothing an administrator has decided.
    """
    from django.db import transaction

    from anlan.kernel.actor import Actor
    from anlan.kernel.regions.services import add_region
    from anlan.rules.jurisdictions import jurisdictions

    actor = Actor.system("load seeds")
    stands: dict[str, Region] = {}
    added = known = 0
    with transaction.atomic():
        for place in jurisdictions():
            parent = stands[place.parent] if place.parent else None
            region = _there(place.code, place.name.zh, parent)
            if region is None:
                region = add_region(
                    actor=actor,
                    parent=parent,
                    name=place.name.zh,
                    short_name=place.short_name,
                    kind=LEVELS[place.level.value],
                    code=place.code,
                )
                added += 1
            else:
                known += 1
            if place.code:
                stands[place.code] = region
    return added, known


def _there(code: str, name: str, parent: Region | None) -> Region | None:
    """The region that stands for a place today, when there is one."""
    from anlan.kernel.regions.models import Region, RegionChange

    beside = Region.objects.get_children(parent) if parent else Region.objects.get_root_nodes()
    found = Region.objects.filter(code=code).order_by("-pk").first() if code else None
    found = found or beside.filter(name=name).order_by("-pk").first()
    if found is None:
        renamed = RegionChange.objects.filter(region__in=beside, kind="rename", old_name=name).order_by("-pk").first()
        found = renamed.region if renamed else None
    while found is not None and found.merged_into is not None:
        found = found.merged_into
    return found
