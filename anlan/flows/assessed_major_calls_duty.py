"""A hazard assessed as major outside working hours is told to whoever is on duty."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.kernel.errors import gettext_noop
from anlan.kernel.events.bus import flow
from anlan.kernel.events.models import EventRow
from anlan.modules.duty.public import call_duty
from anlan.modules.hazards.public import HazardAssessed, hazard_view

TEXT = gettext_noop("Outside hours: %(number)s %(title)s was assessed as a major hazard.")


@flow(HazardAssessed)
def assessed_major_calls_duty(event: HazardAssessed, row: EventRow, actor: Actor) -> None:
    """General hazards wait until morning; within working hours the desks hear of it."""
    if event.grade != "major":
        return
    hazard = hazard_view(actor, int(row.subject_id))
    call_duty(
        actor, path=hazard.region_path, text=TEXT, subject_type=row.subject_type, subject_id=row.subject_id,
        number=hazard.number, title=hazard.title,
    )  # fmt: skip
