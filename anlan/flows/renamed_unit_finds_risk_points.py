"""When a unit bears another name, its risk points are found by the new name."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.kernel.events.bus import flow
from anlan.kernel.events.models import EventRow
from anlan.modules.registry.public import UnitRenamed
from anlan.modules.risks.public import find_points_again


@flow(UnitRenamed)
def renamed_unit_finds_risk_points(event: UnitRenamed, row: EventRow, actor: Actor) -> None:
    """The words by which the unit's risk points are searched are made anew."""
    find_points_again(actor, unit_id=int(row.subject_id))
