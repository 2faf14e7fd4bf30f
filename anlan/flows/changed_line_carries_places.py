"""When another line answers for a site, it answers for the places of keeping on it too."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.kernel.events.bus import flow
from anlan.kernel.events.models import EventRow
from anlan.modules.chemicals.public import carry_places
from anlan.modules.registry.public import SectorChanged


@flow(SectorChanged)
def changed_line_carries_places(event: SectorChanged, row: EventRow, actor: Actor) -> None:
    """Every place of keeping of the site is put under its new line."""
    site = int(row.subject_id)
    carry_places(actor, from_site=site, to_site=site, why=f"{event.before} → {event.after}")
