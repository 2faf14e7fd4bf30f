"""Set up real jurisdictions: `anlan load seeds` (repeatable)."""

from __future__ import annotations

import argparse

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

    A place is recognised by its code, or by its name under the same superior where no code is held, so a second run
    adds nothing and changes nothing that an administrator has since renamed.
    """
    from django.db import transaction

    from anlan.kernel.actor import Actor
    from anlan.kernel.regions.models import Region
    from anlan.kernel.regions.services import add_region
    from anlan.rules.jurisdictions import jurisdictions

    actor = Actor.system("load seeds")
    added = known = 0
    with transaction.atomic():
        for place in jurisdictions():
            parent = Region.objects.get(code=place.parent, valid_to=None) if place.parent else None
            siblings = parent.get_children() if parent else Region.get_root_nodes()
            same = Region.objects.filter(code=place.code) if place.code else siblings.filter(name=place.name.zh)
            if same.exists():
                known += 1
                continue
            add_region(
                actor=actor,
                parent=parent,
                name=place.name.zh,
                short_name=place.short_name,
                kind=LEVELS[place.level.value],
                code=place.code,
            )
            added += 1
    return added, known
