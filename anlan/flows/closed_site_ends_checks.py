"""When a site closes for good, its self-checks end: nobody is there who could fill them in."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.kernel.events.bus import flow
from anlan.kernel.events.models import EventRow
from anlan.modules.compliance.public import end_self_checks
from anlan.modules.registry.public import SiteClosed


@flow(SiteClosed)
def closed_site_ends_checks(event: SiteClosed, row: EventRow, actor: Actor) -> None:
    """What is planned there is dropped with the reason the site closed for; at one that reopens it is planned anew."""
    end_self_checks(actor, site_id=int(row.subject_id), reason=event.reason[:200] or "—")
