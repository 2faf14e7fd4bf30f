"""Withdrawing a record as no hazard: one proposes, a second person agrees or refuses."""

from __future__ import annotations

from anlan.kernel.acts import Work, act
from anlan.kernel.errors import gettext_noop
from anlan.modules.hazards.events import HazardWithdrawn, WithdrawalProposed, WithdrawalRefused
from anlan.modules.hazards.models import Hazard
from anlan.modules.hazards.services import _desks as desks
from anlan.modules.hazards.services._endings import end_companions, refuse_listed


@act(may="hazards.withdraw", on=Hazard)
def propose_withdrawal(work: Work, hazard: Hazard, *, reason: str) -> None:
    """Propose to withdraw as no hazard. The clocks run on until a second person has agreed."""
    why = desks.need_text(work, "reason", reason, 4)
    refuse_listed(work, hazard, "propose_withdrawal")
    fields = {"state_before": hazard.state}
    desks.advance(work, hazard, "propose_withdrawal", note=why, given={"reason": why}, fields=fields)
    desks.note(work, WithdrawalProposed(reason=why), on=hazard)
    text = gettext_noop("Withdrawal of %(number)s as no hazard awaits a second person: %(reason)s")
    desks.tell_desk(work, hazard, "withdrawal", text, reason=why)


@act(may="hazards.agree_withdrawal", on=Hazard)
def agree_withdrawal(work: Work, hazard: Hazard, *, opinion: str = "") -> None:
    """Agree, as a second person: the record rests, its deadlines fall away."""
    desks.advance(work, hazard, "agree_withdrawal", note=opinion)
    end_companions(work, hazard)
    desks.note(work, HazardWithdrawn(opinion=opinion.strip()), on=hazard)


@act(may="hazards.agree_withdrawal", on=Hazard)
def refuse_withdrawal(work: Work, hazard: Hazard, *, reason: str) -> None:
    """Refuse, as a second person: the record goes back to where it stood, its clocks unchanged."""
    why = desks.need_text(work, "reason", reason)
    back_to = hazard.state_before or "registered"
    desks.advance(work, hazard, f"refuse_withdrawal_{back_to}", note=why, given={"reason": why})
    desks.note(work, WithdrawalRefused(reason=why), on=hazard)
