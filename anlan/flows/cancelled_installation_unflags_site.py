"""When an installation was taken off the file, its site bears the flag of a major hazard, or bears it no longer."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.kernel.events.bus import flow
from anlan.kernel.events.models import EventRow
from anlan.modules.installations.public import InstallationCancelled, is_major
from anlan.modules.registry.public import Flag, set_flag


@flow(InstallationCancelled)
def cancelled_installation_unflags_site(event: InstallationCancelled, row: EventRow, actor: Actor) -> None:
    """The registry's flag follows the installations of the site."""
    set_flag(actor, event.site_id, Flag.MAJOR_HAZARD, is_major(actor, event.site_id))
