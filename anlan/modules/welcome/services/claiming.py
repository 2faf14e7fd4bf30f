"""Claiming a unit's file with the one-time code: nobody is signed in yet."""

from __future__ import annotations

from django.conf import settings

from anlan.kernel.acts import Work, act
from anlan.kernel.errors import BadInput, gettext_noop
from anlan.kernel.identity.actors import actor_for
from anlan.kernel.identity.models import User
from anlan.kernel.identity.secrets import index_of, read_code
from anlan.kernel.identity.services import appoint_in_unit, open_account
from anlan.kernel.notify.services import tell
from anlan.kernel.workflow import take
from anlan.modules.registry import public as registry
from anlan.modules.welcome.events import UnitClaimed
from anlan.modules.welcome.models import Invitation
from anlan.modules.welcome.services._drawing import has_principal

SAME_ANSWER = gettext_noop(
    "This code and number open nothing: one of them is mistyped, or the code was used, replaced or has run out. "
    "Compare them with the slip, or ask the office that invited you for a new one."
)
ROLE = "unit_principal"


@act(may="welcome.claim", anonymous=True)
def claim_unit(
    work: Work, *, code: str, number: str, name: str, phone: str, username: str, password: str,
    language: str = "zh-hans",
) -> User:  # fmt: skip
    """Open a unit's file by its one-time code: its principal's account, with his name and telephone on file.

    ``number`` is the unit's unified code or provisional number. The same answer to a wrong code, a wrong number, and
    a code used, revoked, replaced or run out. Of two at once one claims and the other gets that answer.
    """
    invitation = _opened(work, code)
    unit = registry.unit_of_holder(invitation.holder) if invitation is not None else None
    same = unit is not None and unit.number == "".join(number.split()).upper()
    if invitation is None or unit is None or not same or has_principal(unit.holder):
        raise BadInput("code", SAME_ANSWER)
    if not phone.strip():
        raise BadInput("phone", gettext_noop("Give the telephone by which the office reaches you."))
    languages = {code for code, _name in settings.LANGUAGES}
    user = open_account(
        work, username=username, name=name, password=password, own_choice=True, path=unit.region_path,
        title="", language=language if language in languages else "zh-hans",
    )  # fmt: skip
    appoint_in_unit(work, user=user, role=ROLE, holder=unit.holder, place=unit.name, reason=invitation.round.by_name)
    claimant = actor_for(user)
    registry.enter_person(claimant, unit.id, name=user.name, phone=phone, post="principal")
    take(Work(actor=claimant, act=work.act), invitation, "claim")
    invitation.claimed_at, invitation.claimed_by = work.now, user
    invitation.save(update_fields=["state", "claimed_at", "claimed_by"])
    work.record(
        UnitClaimed(unit=unit.name, holder=unit.holder, by=user.name, username=user.username),
        on=invitation,
    )
    inviter = invitation.by_key.removeprefix("user:")
    tell(
        User.objects.filter(pk=inviter) if inviter.isdigit() else [],
        gettext_noop("%(unit)s claimed its file: %(by)s acts for it."),
        subject=invitation, unit=unit.name, by=user.name,
    )  # fmt: skip
    return user


def _opened(work: Work, code: str) -> Invitation | None:
    """The open invitation behind a code, of paper or of a message, locked: a second claimant waits and finds none."""
    if len(read_code(code)) < 8:
        return None
    index = index_of("invitation", code)
    rows = Invitation.objects.everything(why="opened by whoever holds its code").filter(
        state="open", expires_at__gt=work.now
    )
    rows = rows.select_related("round").select_for_update(of=("self",))
    return rows.filter(code_index=index).first() or rows.filter(message_index=index).first()
