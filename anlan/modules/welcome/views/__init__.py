"""Screens of invitations, of the people of units, and the two pages that need no sign-in."""

from anlan.modules.welcome.views.invitations import (
    BY_LIST_PAGE,
    INVITATION_PAGE,
    INVITATIONS,
    RENEW,
    RENEW_ROUND,
    REVOKE,
    ROUND,
    ROUNDS,
    SEND,
    SEND_ROUND,
    UNINVITED,
)
from anlan.modules.welcome.views.open import carry, claim, recover
from anlan.modules.welcome.views.people import ACCOUNT, END, OPEN_ACCOUNT, PEOPLE_LIST, RECOVERY, SAFETY

PAGES = (
    INVITATIONS, UNINVITED, INVITATION_PAGE, BY_LIST_PAGE, RENEW, REVOKE, SEND, ROUNDS, ROUND, RENEW_ROUND,
    SEND_ROUND,    PEOPLE_LIST, ACCOUNT, RECOVERY, END, SAFETY, OPEN_ACCOUNT,
)  # fmt: skip

__all__ = ["PAGES", "carry", "claim", "recover"]
