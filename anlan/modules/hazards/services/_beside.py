"""What every record beside a hazard shares."""

from __future__ import annotations

from typing import Any

from anlan.kernel.acts import Work
from anlan.kernel.errors import NotAllowed
from anlan.modules.hazards.models import Hazard


def companion_fields(work: Work, hazard: Hazard) -> dict[str, Any]:
    """What every record beside a hazard copies from it."""
    return {
        "hazard": hazard, "region_path": hazard.region_path, "sector": hazard.sector, "holder": hazard.holder,
        "owner_path": hazard.owner_path, "owner_sector": hazard.owner_sector, "at": work.now, "by_key": work.actor.key,
        "by_name": work.actor.name,
    }  # fmt: skip


def locked_hazard(work: Work, companion: Any, code: str) -> Hazard:
    """The hazard of a companion, locked, once the companion's step is found to be on this actor's desk."""
    step = companion.process.step(code)
    if not companion.covers_desk(work.actor, step.who, code):
        raise NotAllowed(permission=step.who[0])
    rows = Hazard.objects.everything(why="the hazard of a companion that the actor may see")
    return rows.select_for_update(of=("self",)).get(pk=companion.hazard_id)
