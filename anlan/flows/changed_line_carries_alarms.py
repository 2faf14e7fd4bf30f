"""When another line answers for a site, it answers for the alarms on it too."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.kernel.events.bus import flow
from anlan.kernel.events.models import EventRow
from anlan.modules.alarms.public import carry_alarms
from anlan.modules.registry.public import SectorChanged


@flow(SectorChanged)
def changed_line_carries_alarms(event: SectorChanged, row: EventRow, actor: Actor) -> None:
    """Every alarm of the site is put under its new line."""
    site = int(row.subject_id)
    carry_alarms(actor, from_site=site, to_site=site, why=f"{event.before} → {event.after}")
