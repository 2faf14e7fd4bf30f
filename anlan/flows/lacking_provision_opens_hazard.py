"""When something an installation must have is lacking, a hazard is opened for it."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.kernel.events.bus import flow
from anlan.kernel.events.models import EventRow
from anlan.modules.installations.public import ProvisionLacking, open_hazard_of_provision


@flow(ProvisionLacking)
def lacking_provision_opens_hazard(event: ProvisionLacking, row: EventRow, actor: Actor) -> None:
    """What is required at the level and lacking is a hazard, opened once."""
    open_hazard_of_provision(actor, event.provision_id, article=event.article, what=event.what, note=event.note)
