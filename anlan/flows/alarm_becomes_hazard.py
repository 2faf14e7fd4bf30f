"""When an alarm that must be handled was not handled in time, it becomes a hazard of its site, once."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.kernel.events.bus import flow
from anlan.kernel.events.models import EventRow
from anlan.modules.alarms.public import AlarmNeglected, note_hazard
from anlan.modules.hazards.public import open_hazard


@flow(AlarmNeglected)
def alarm_becomes_hazard(event: AlarmNeglected, row: EventRow, actor: Actor) -> None:
    """A hazard is opened with what the instruments said, and the alarm points at it."""
    alarm = int(row.subject_id)
    found = open_hazard(
        actor, site_id=event.site_id, description=event.description, source="alarm", key=f"alarm-{alarm}"
    )
    note_hazard(actor, alarm, hazard_id=found.id, number=found.number)
