"""Notice cards: issued for a point in force, withdrawn when it is struck off or by hand."""

from __future__ import annotations

import secrets

from anlan.kernel.acts import Work, act
from anlan.kernel.errors import BadInput, gettext_noop
from anlan.modules.risks.events import CardIssued, CardWithdrawn
from anlan.modules.risks.models import RiskPoint
from anlan.modules.risks.services._entry import need_text
from anlan.modules.risks.workflow import KEEP


@act(may=KEEP, on=RiskPoint)
def issue_card(work: Work, point: RiskPoint, *, anew: bool = False) -> None:
    """Give a point in force an address that nobody can guess, for the QR code on its card.

    A point that has one keeps it, unless ``anew`` says that the card was lost or copied: the old address then opens
    nothing any more.
    """
    if not point.shown or point.assessment_id is None or not point.is_open:
        raise BadInput("point", gettext_noop("A card shows an assessment in force. Put one in force first."))
    if point.card_token and not anew:
        return
    point.card_token, point.card_issued_at = secrets.token_urlsafe(18), work.now
    point.save(update_fields=["card_token", "card_issued_at"])
    work.record(CardIssued(), on=point)


@act(may=KEEP, on=RiskPoint)
def withdraw_card(work: Work, point: RiskPoint, *, reason: str) -> None:
    """The card opens no longer. A point without a card stays as it is."""
    why = need_text("reason", reason, most=200)
    if not point.card_token:
        return
    point.card_token = ""
    point.save(update_fields=["card_token"])
    work.record(CardWithdrawn(reason=why), on=point)
