"""When another line answers for a site, it answers for the hazards on it too."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.kernel.events.bus import flow
from anlan.kernel.events.models import EventRow
from anlan.modules.hazards.public import carry_hazards
from anlan.modules.registry.public import SectorChanged


@flow(SectorChanged)
def changed_line_carries_hazards(event: SectorChanged, row: EventRow, actor: Actor) -> None:
    """Every hazard of the site is put under its new line."""
    site = int(row.subject_id)
    carry_hazards(actor, from_site=site, to_site=site, why=f"{event.before} → {event.after}")
