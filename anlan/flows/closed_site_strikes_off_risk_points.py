"""When a site closes for good, its risk points are struck off: nobody works there whom they could harm."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.kernel.events.bus import flow
from anlan.kernel.events.models import EventRow
from anlan.modules.registry.public import SiteClosed
from anlan.modules.risks.public import strike_off_points


@flow(SiteClosed)
def closed_site_strikes_off_risk_points(event: SiteClosed, row: EventRow, actor: Actor) -> None:
    """Every point of the site is struck off, with the reason the site closed for; one that reopens assesses anew."""
    strike_off_points(actor, site_id=int(row.subject_id), reason=event.reason[:200] or "—")
