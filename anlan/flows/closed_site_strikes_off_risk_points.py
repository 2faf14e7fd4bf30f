"""When a site closes for good, its risk points are struck off: nobody works there whom they could harm."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.kernel.events.bus import flow
from anlan.kernel.events.models import EventRow
from anlan.modules.registry.public import SiteClosed
from anlan.modules.risks.public import strike_off_points


@flow(SiteClosed)
def closed_site_strikes_off_risk_points(event: SiteClosed, row: EventRow, actor: Actor) -> None:
    """Every point of the site is struck off, with the reason the site closed for.

    To grade and control risks is a duty of whoever produces and trades (安全生产法第四十一条第一款); where that ended
    for good, no text held asks for a register. What is left behind is another matter (危险化学品安全管理条例第二十七条:
    whoever stops disposes of installations and stocks), which the ledger and the installations go on showing. The
    points stay on record with all their assessments; if the site reopens, a person takes each back into the register
    (``reinstate_point``), and it is assessed anew.
    """
    strike_off_points(actor, site_id=int(row.subject_id), reason=event.reason[:200] or "—")
