"""When an installation was graded, its site bears the flag of a major hazard, or bears it no longer."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.kernel.events.bus import flow
from anlan.kernel.events.models import EventRow
from anlan.modules.installations.public import InstallationGraded, is_major
from anlan.modules.registry.public import Flag, set_flag


@flow(InstallationGraded)
def graded_installation_flags_site(event: InstallationGraded, row: EventRow, actor: Actor) -> None:
    """The registry's flag follows the installations of the site."""
    set_flag(actor, event.site_id, Flag.MAJOR_HAZARD, is_major(actor, event.site_id))
