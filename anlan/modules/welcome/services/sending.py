"""Asking for invitations to be sent as short messages: one, the chosen ones, a whole round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from anlan.kernel import clock
from anlan.kernel.acts import Work, act
from anlan.kernel.errors import BadInput, WrongStep, gettext_noop
from anlan.kernel.notify.gateway import gateway
from anlan.modules.registry import public as registry
from anlan.modules.welcome.events import MessageQueued, RoundSent
from anlan.modules.welcome.models import Invitation, MessageState
from anlan.modules.welcome.services._drawing import MOST, Turned, in_hand
from anlan.modules.welcome.services.messages import NO_PHONE
from anlan.modules.welcome.workflow import INVITATION, INVITE

NO_GATEWAY = gettext_noop("No gateway for short messages is set. Print the slip instead.")
CLAIMED = gettext_noop("The unit has claimed its file already.")
REVOKED = gettext_noop("The invitation was revoked.")
RUN_OUT = gettext_noop("Its time is over. Renew the invitation first.")
WAITING = gettext_noop("It waits to be sent already.")
WAS_SENT = gettext_noop("It was sent already on %(day)s. To send it again, open the invitation.")


@dataclass(frozen=True)
class Dispatch:
    """What asking for many messages came to: the units whose message is on its way, and the others with the reason.

    ``round`` is the key of the round that was meant, None for single invitations.
    """

    round: int | None
    queued: list[str]
    left: list[Turned]


@act(may=INVITE, on=Invitation)
def send_invitation(work: Work, invitation: Invitation) -> None:
    """Have an invitation sent to the telephone of the unit's principal, with a code of its own beside the paper's.

    Refused without a gateway, and when the invitation is no longer open. What waits is not asked for twice.
    """
    _need_gateway()
    if invitation.state != "open" or invitation.run_out:
        label = gettext_noop("Send as a short message")
        raise WrongStep(step=label, state=INVITATION.state(invitation.state).label)
    if invitation.message == MessageState.QUEUED:
        return
    _queue(work, [invitation])


@act(may=INVITE)
def send_invitations(work: Work, *, invitations: list[int] | None = None, round: int | None = None) -> Dispatch:
    """Have many invitations sent as short messages: by their keys, or all of a round that are open.

    What was sent already or waits is left alone, so that a second time sends nothing twice; what failed is tried
    again. What is claimed, revoked, run out or without a telephone is named with its reason and does not stop the
    others. Refused without a gateway.
    """
    _need_gateway()
    if len(invitations or []) > MOST:
        raise BadInput("invitations", gettext_noop("At most %(most)s messages are sent in one go."), most=MOST)
    found = in_hand(work, invitations, round, ended=True)
    reached = registry.units_with_phone(row.unit_id for row in found)
    why = {row.pk: _why_not(row, reached) for row in found}
    chosen = [row for row in found if why[row.pk] is None]
    _queue(work, chosen)
    left = [Turned(f"{row.unit.name} {row.unit.number}", *said) for row in found if (said := why[row.pk])]
    if round is not None and chosen:
        work.record(RoundSent(queued=len(chosen), left=len(left)), on=found[0].round)
    return Dispatch(round, [row.unit.name for row in chosen], left)


def _need_gateway() -> None:
    if gateway() is None:
        raise BadInput("gateway", NO_GATEWAY)


def _why_not(row: Invitation, reached: frozenset[int]) -> tuple[str, dict[str, Any]] | None:
    """Why no message of this invitation is sent now; None when one is."""
    if row.state != "open":
        return (CLAIMED if row.state == "claimed" else REVOKED), {}
    if row.run_out:
        return RUN_OUT, {}
    if row.message == MessageState.QUEUED:
        return WAITING, {}
    if row.message == MessageState.SENT:
        return WAS_SENT, {"day": clock.day_of(row.message_at).isoformat() if row.message_at else ""}
    if row.unit_id not in reached:
        return NO_PHONE, {}
    return None


def _queue(work: Work, rows: Sequence[Invitation]) -> None:
    """Mark the messages as waiting, and give the worker one job for each."""
    from anlan.modules.welcome.tasks import send_message

    if not rows:
        return
    for row in rows:
        row.message, row.message_at = MessageState.QUEUED, work.now
        work.record(MessageQueued(), on=row)
    Invitation.plain.bulk_update(rows, ["message", "message_at"], batch_size=500)
    jobs: list[dict[str, Any]] = [{"invitation": row.pk} for row in rows]
    send_message.batch_defer(*jobs)
