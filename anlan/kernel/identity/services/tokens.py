"""Acts on one's own API tokens."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.conf import settings

from anlan.kernel.acts import Work, act
from anlan.kernel.errors import BadInput, NotAllowed, NotFound, gettext_noop
from anlan.kernel.identity.facts import TokenIssued, TokenRevoked
from anlan.kernel.identity.models import ApiToken, User
from anlan.kernel.identity.sealing import new_secret


@act(may="account.own", secret=True)
def issue_token(work: Work, *, user: User, name: str, scopes: list[str], days: int = 90) -> tuple[ApiToken, str]:
    """Issue an API token for oneself; the secret is shown once and never stored. At most 366 days.

    A token may do no more than its owner, and cannot issue tokens itself.
    """
    if work.actor.user_id != user.pk or work.actor.scopes is not None:
        raise NotAllowed(permission="account.own")
    if not name.strip():
        raise BadInput("name", gettext_noop("Give the token a name that tells what uses it."))
    if not scopes:
        raise BadInput("scopes", gettext_noop("Choose at least one thing the token may do."))
    if unheld := sorted(s for s in set(scopes) if not _holds(work, s)):
        raise BadInput("scopes", gettext_noop("You do not hold “%(given)s” yourself."), given=_name(unheld[0]))
    if not 1 <= days <= 366:
        raise BadInput("days", gettext_noop("A token lasts from 1 to 366 days."))
    secret = "anlan_" + new_secret()
    token = ApiToken.objects.create(
        user=user,
        name=name.strip(),
        digest=hashlib.sha256(secret.encode()).hexdigest(),
        scopes=sorted(set(scopes)),
        created_at=work.now,
        valid_to=work.now + dt.timedelta(days=days),
    )
    work.record(TokenIssued(name=token.name, scopes=[_name(s) for s in token.scopes]), on=user)
    return token, secret


@act(may="account.own", on=ApiToken)
def revoke_token(work: Work, token: ApiToken) -> None:
    """Revoke one's own token; again does nothing."""
    if work.actor.user_id != token.user_id:
        raise NotFound
    if token.revoked_at is None:
        token.revoked_at = work.now
        token.save(update_fields=["revoked_at"])
        work.record(TokenRevoked(name=token.name), on=token.user)


def _name(scope: str) -> str:
    """The name of a right as a msgid; a whole area of rights ("hazards.*") has none but its code."""
    return str(settings.ANLAN_PERMISSIONS.get(scope, scope))


def _holds(work: Work, scope: str) -> bool:
    if scope.endswith(".*"):
        return any(p.startswith(scope[:-1]) for g in work.actor.grants for p in g.permissions) or work.actor.may(scope)
    return work.actor.may(scope)
