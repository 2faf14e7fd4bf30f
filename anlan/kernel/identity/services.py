"""Acts on users, posts, grants and tokens."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.crypto import get_random_string

from anlan.kernel import clock
from anlan.kernel.acts import Work, act
from anlan.kernel.errors import BadInput, NotAllowed, gettext_noop
from anlan.kernel.identity.models import ApiToken, Grant, GrantKind, Post, User
from anlan.kernel.identity.sealing import new_secret
from anlan.kernel.journal.facts import Fact
from anlan.kernel.regions.models import Region

# No letters or digits that are mistaken for each other on paper.
_READABLE = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789"


@dataclass(frozen=True, kw_only=True)
class UserAdded(Fact):
    """An account was opened."""

    sentence: ClassVar[str] = gettext_noop("Account %(username)s opened")
    username: str


@dataclass(frozen=True, kw_only=True)
class UserClosed(Fact):
    """An account was closed; its sessions and tokens end with it."""

    sentence: ClassVar[str] = gettext_noop("Account %(username)s closed: %(reason)s")
    username: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class PasswordReset(Fact):
    """An administrator set a one-time password."""

    sentence: ClassVar[str] = gettext_noop("One-time password issued for %(username)s")
    username: str


@dataclass(frozen=True, kw_only=True)
class GrantGiven(Fact):
    """An authority was given."""

    sentence: ClassVar[str] = gettext_noop("Authority “%(role)s” given in %(place)s from %(valid_from)s: %(reason)s")
    role: str
    place: str
    valid_from: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class GrantEnded(Fact):
    """An authority was ended."""

    sentence: ClassVar[str] = gettext_noop("Authority “%(role)s” ended on %(valid_to)s: %(reason)s")
    role: str
    valid_to: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class TokenIssued(Fact):
    """An API token was issued."""

    sentence: ClassVar[str] = gettext_noop("API token “%(name)s” issued with %(scopes)s")
    name: str
    scopes: str


@dataclass(frozen=True, kw_only=True)
class TokenRevoked(Fact):
    """An API token was revoked."""

    sentence: ClassVar[str] = gettext_noop("API token “%(name)s” revoked")
    name: str


def one_time_password() -> str:
    """A readable one-time password that satisfies the policy."""
    return f"{get_random_string(5, _READABLE)}-{get_random_string(5, _READABLE)}-{get_random_string(1, '23456789')}Aa"


@act(may="identity.users")
def add_user(
    work: Work, *, username: str, name: str, title: str = "", email: str = "", password: str | None = None
) -> User:
    """Open an account. With a password given, it must be changed at the first sign-in."""
    username = username.strip()
    if not username or not name.strip():
        raise BadInput("username", gettext_noop("Give a sign-in name and the person's name."))
    if User.objects.filter(username__iexact=username).exists():
        raise BadInput("username", gettext_noop("The sign-in name “%(given)s” is taken. Choose another."), given=username)
    user = User.objects.create_user(
        username, password, name=name.strip(), title=title, email=email, must_change_password=True
    )
    work.record(UserAdded(username=username), on=user)
    return user


@act(may="identity.users", on=User)
def reset_password(work: Work, user: User) -> str:
    """Issue a one-time password, to be changed at the first sign-in. Only somebody with reach over all the user's
    grants may do so."""
    _reach(work, user)
    secret = one_time_password()
    user.set_password(secret)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    work.record(PasswordReset(username=user.username), on=user)
    return secret


@act(may="identity.users", on=User)
def close_user(work: Work, user: User, *, reason: str) -> None:
    """Close an account: it signs in no more, its grants end today. A closed account stays closed quietly."""
    _reach(work, user)
    if not reason.strip():
        raise BadInput("reason", gettext_noop("Say why the account is closed."))
    if not user.is_active:
        return
    user.is_active = False
    user.save(update_fields=["is_active"])
    Grant.objects.filter(user=user, valid_to=None).update(valid_to=clock.today())
    ApiToken.objects.filter(user=user, revoked_at=None).update(revoked_at=work.now)
    work.record(UserClosed(username=user.username, reason=reason), on=user)


@act(may="identity.grants")
def give_grant(
    work: Work, *, user: User, role: str, region: Region | None = None, sector: str = "", holder: str = "",
    post: Post | None = None, kind: str = GrantKind.POST, valid_from: dt.date | None = None,
    valid_to: dt.date | None = None, reason: str = "",
) -> Grant:
    """Give an authority over a region (and line) or for a holder. Nobody gives what he has no reach over."""
    if role not in settings.ANLAN_ROLES:
        raise BadInput("role", gettext_noop("There is no role “%(given)s”."), given=role)
    if (region is None) == (not holder):
        raise BadInput("region", gettext_noop("Choose a region, or a unit, not both."))
    if kind == GrantKind.TEMPORARY and valid_to is None:
        raise BadInput("valid_to", gettext_noop("A temporary authority needs its last day."))
    start = valid_from or clock.today()
    if valid_to and valid_to < start:
        raise BadInput("valid_to", gettext_noop("The last day lies before the first."))
    if region is not None and not any(
        region.path.startswith(g.path) and (not g.sector or g.sector == sector)
        for g in work.actor.grants_for("identity.grants")
        if not g.holder
    ) and not work.actor.is_system:
        raise NotAllowed(permission="identity.grants")
    if holder and not work.actor.is_system and not any(
        g.holder in ("", holder) for g in work.actor.grants_for("identity.grants")
    ):
        raise NotAllowed(permission="identity.grants")
    wanted: dict[str, Any] = {"user": user, "role": role, "region": region, "sector": sector, "holder": holder}
    same = Grant.objects.filter(**wanted, valid_to=None, valid_from__lte=start).first()
    if same is not None and valid_to is None:
        return same
    grant = Grant.objects.create(
        **wanted, post=post, kind=kind, valid_from=start, valid_to=valid_to, reason=reason, granted_by=work.actor.key
    )
    work.record(
        GrantGiven(role=role, place=region.name if region else holder, valid_from=start.isoformat(), reason=reason), on=user
    )
    return grant


@act(may="identity.grants", on=Grant)
def end_grant(work: Work, grant: Grant, *, reason: str, valid_to: dt.date | None = None) -> None:
    """End an authority on a day (yesterday by default, so that it ends at once)."""
    last = valid_to or clock.today() - dt.timedelta(days=1)
    if grant.valid_to is not None and grant.valid_to <= last:
        return
    grant.valid_to = max(last, grant.valid_from)
    grant.save(update_fields=["valid_to"])
    work.record(GrantEnded(role=grant.role, valid_to=grant.valid_to.isoformat(), reason=reason), on=grant.user)


@act(may="account.own")
def issue_token(work: Work, *, user: User, name: str, scopes: list[str], days: int = 90) -> tuple[ApiToken, str]:
    """Issue an API token for oneself; the secret is shown once and never stored. At most 366 days."""
    if work.actor.user_id != user.pk:
        raise NotAllowed(permission="account.own")
    if not name.strip():
        raise BadInput("name", gettext_noop("Give the token a name that tells what uses it."))
    if not scopes:
        raise BadInput("scopes", gettext_noop("Choose at least one thing the token may do."))
    if not 1 <= days <= 366:
        raise BadInput("days", gettext_noop("A token lasts from 1 to 366 days."))
    secret = "anlan_" + new_secret()
    token = ApiToken.objects.create(
        user=user, name=name.strip(), digest=hashlib.sha256(secret.encode()).hexdigest(), scopes=sorted(set(scopes)),
        created_at=work.now, valid_to=work.now + dt.timedelta(days=days),
    )
    work.record(TokenIssued(name=token.name, scopes=", ".join(token.scopes)), on=user)
    return token, secret


@act(may="account.own", on=ApiToken)
def revoke_token(work: Work, token: ApiToken) -> None:
    """Revoke one's own token; again does nothing."""
    if work.actor.user_id != token.user_id:
        raise NotAllowed(permission="account.own")
    if token.revoked_at is None:
        token.revoked_at = work.now
        token.save(update_fields=["revoked_at"])
        work.record(TokenRevoked(name=token.name), on=token.user)


def _reach(work: Work, user: User) -> None:
    """Whoever manages an account must reach over every region in which it holds a grant."""
    if work.actor.is_system:
        return
    mine = work.actor.grants_for("identity.users")
    for grant in Grant.objects.filter(user=user).select_related("region"):
        path = grant.region.path if grant.region else ""
        if grant.holder:
            continue
        if not any(not g.holder and path.startswith(g.path) for g in mine):
            raise NotAllowed(permission="identity.users")


def check_password(password: str, user: User | None = None) -> None:
    """Raise ``BadInput`` when a password breaks the policy."""
    try:
        validate_password(password, user)
    except ValidationError as why:
        raise BadInput("password", " ".join(why.messages)) from why
