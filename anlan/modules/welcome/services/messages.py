"""The short message of an invitation: made by the worker, so that its code lies nowhere but on its way."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext, override

from anlan.kernel import clock
from anlan.kernel.acts import Work, act
from anlan.kernel.errors import gettext_noop
from anlan.kernel.identity.secrets import index_of, new_code
from anlan.modules.registry import public as registry
from anlan.modules.welcome.events import MessageFailed, MessageSent
from anlan.modules.welcome.models import Invitation, MessageState

DELIVER = "welcome.deliver"
NOTHING = ("", "")
NO_PHONE = gettext_noop("No telephone of the unit's principal is on file.")
NOT_TAKEN = gettext_noop("The gateway did not take it; it was tried several times.")
TEXT = gettext_noop(
    "%(by)s invites %(unit)s to claim its file for work safety: %(address)s Code %(code)s, valid until %(until)s. "
    "Nobody will ask you for the code."
)


@act(may=DELIVER, on=Invitation, secret=True)
def prepare_message(work: Work, invitation: Invitation) -> tuple[str, str]:
    """The telephone and the text of a waiting invitation, with a fresh code; both empty when nothing is sent.

    The look at the telephone is journalled on the person as any other.
    """
    if invitation.message != MessageState.QUEUED:
        return NOTHING
    if invitation.state != "open" or invitation.run_out:
        invitation.message = MessageState.NONE
        invitation.save(update_fields=["message"])
        return NOTHING
    phone = _phone(work, invitation)
    if not phone:
        _failed(work, invitation, NO_PHONE)
        return NOTHING
    code = new_code()
    invitation.message_index = index_of("invitation", code)
    invitation.save(update_fields=["message_index"])
    address = f"{settings.PUBLIC_ADDRESS}/welcome/claim/"
    with override("zh-hans"):
        text = gettext(TEXT) % {
            "by": invitation.by_name, "unit": invitation.unit.name, "address": address, "code": code,
            "until": clock.day_of(invitation.expires_at).isoformat(),
        }  # fmt: skip
    return phone, text


@act(may=DELIVER, on=Invitation)
def note_message(work: Work, invitation: Invitation, *, sent: bool) -> None:
    """Keep whether the gateway took the message. What is no longer waiting stays as it is."""
    if invitation.message != MessageState.QUEUED:
        return
    if not sent:
        _failed(work, invitation, NOT_TAKEN)
        return
    invitation.message, invitation.message_at = MessageState.SENT, work.now
    invitation.save(update_fields=["message", "message_at"])
    work.record(MessageSent(), on=invitation)


def _failed(work: Work, invitation: Invitation, why: str) -> None:
    invitation.message, invitation.message_at, invitation.message_index = MessageState.FAILED, work.now, ""
    invitation.save(update_fields=["message", "message_at", "message_index"])
    work.record(MessageFailed(why=why), on=invitation)


def _phone(work: Work, invitation: Invitation) -> str:
    """The telephone of whoever answers for the unit; "" when none is on file."""
    for site in registry.sites_of_holder(work.actor, invitation.holder):
        contact = registry.contact_of(work.actor, site.id)
        if contact is not None and contact.has_phone:
            return registry.phone_of(work.actor, contact.person_id, "入驻邀请短信")
    return ""
