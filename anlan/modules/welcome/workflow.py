"""The process of an invitation as a table. Pure data; that time ran out is no state but a day in the past."""

from __future__ import annotations

from anlan.rules.citation import Citation, Confidence, Level
from anlan.rules.steps import State, Step, Workflow


def gettext_noop(message: str) -> str:
    """Mark a msgid for extraction."""
    return message


_ = gettext_noop

INVITE, PEOPLE = "welcome.invite", "identity.unit_people"
ONE_TIME = Citation(
    "本地规定",
    "：入驻邀请一次有效、逾期作废",
    Confidence.A,
    Level.LOCAL,
    note="practice of this deployment, not a statute",
)

INVITATION = Workflow(
    "invitation",
    (
        State("open", _("Invited"), "blue"),
        State("claimed", _("Claimed"), "green", final=True),
        State("revoked", _("Revoked"), "grey", final=True),
    ),
    (
        Step("invite", _("Invite"), (), "open", (INVITE,), ONE_TIME),
        Step("renew", _("Renew"), ("open",), "open", (INVITE,), ONE_TIME),
        Step("claim", _("Claim"), ("open",), "claimed", (PEOPLE,), ONE_TIME),
        Step("revoke", _("Revoke"), ("open",), "revoked", (INVITE,), ONE_TIME),
    ),
)
