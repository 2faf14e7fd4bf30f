"""Acts on accounts: opening, one-time passwords, closing."""

from __future__ import annotations

import datetime as dt

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.crypto import get_random_string

from anlan.kernel import clock
from anlan.kernel.acts import Work, act, inside_act
from anlan.kernel.errors import BadInput, gettext_noop
from anlan.kernel.identity.facts import PasswordReset, SecondFactorRemoved, UserAdded, UserClosed, UserReopened
from anlan.kernel.identity.models import ApiToken, User
from anlan.kernel.identity.services._reach import (
    USERS,
    check_email,
    current_grants,
    end,
    filed_under,
    need_other,
    need_reach,
)
from anlan.kernel.journal.record import place_of
from anlan.kernel.regions.models import Region
from anlan.kernel.scope import system_read

# No letters or digits that are mistaken for each other on paper.
_READABLE = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789"


@system_read("makes a password, reads nothing")
def one_time_password() -> str:
    """A readable one-time password that satisfies the policy."""
    return f"{get_random_string(5, _READABLE)}-{get_random_string(5, _READABLE)}-{get_random_string(1, '23456789')}Aa"


@system_read("the policy, reads nothing")
def check_password(password: str, user: User | None = None) -> None:
    """Raise ``BadInput`` when a password breaks the policy."""
    try:
        validate_password(password, user)
    except ValidationError as why:
        raise BadInput("password", " ".join(why.messages).replace("%", "%%")) from why


@act(may=USERS)
def add_user(
    work: Work,
    *,
    username: str,
    name: str,
    title: str = "",
    email: str = "",
    password: str | None = None,
    region: Region | None = None,
    language: str = "zh-hans",
) -> User:
    """Open an account, kept by the administrators of ``region`` (where the actor stands by default).

    With a password given, it must be changed at the first sign-in; without one nobody signs in until one is issued.
    """
    path = region.path if region is not None else place_of(work.actor)
    if region is not None:
        work.actor.need_at(USERS, path, "")
    return open_account(
        work, username=username, name=name, title=title, email=email, password=password, path=path, language=language
    )


@inside_act
def open_account(
    work: Work,
    *,
    username: str,
    name: str,
    path: str,
    title: str = "",
    email: str = "",
    password: str | None = None,
    own_choice: bool = False,
    language: str = "zh-hans",
) -> User:
    """An account, kept by the administrators of the region with that path; whoever calls has asked who may.

    ``own_choice``: the person chose the password himself, so that it need not be changed.
    """
    username, name, email = username.strip(), name.strip(), email.strip()
    if not username or any(c.isspace() for c in username):
        raise BadInput("username", gettext_noop("Give a sign-in name without spaces."))
    if not name:
        raise BadInput("name", gettext_noop("Give the person's name."))
    check_email(email)
    taken = BadInput("username", gettext_noop("The sign-in name “%(given)s” is taken. Choose another."), given=username)
    if User.objects.filter(username__iexact=username).exists():
        raise taken
    if own_choice and password is not None:
        check_password(password, User(username=username, name=name, email=email))
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                username,
                password,
                name=name,
                title=title.strip(),
                email=email,
                must_change_password=not own_choice,
                region_path=path,
                language=language,
            )
    except IntegrityError as why:  # somebody took the name in the same moment
        raise taken from why
    work.record(UserAdded(username=username), on=user, path=path or None)
    return user


@act(may=USERS, on=User, secret=True)
def reset_password(work: Work, user: User) -> str:
    """Issue a one-time password, to be changed at the first sign-in; sessions and API tokens end.

    Only somebody with reach over all the user's authorities may do so, and not for himself: one's own password is
    changed with the present one.
    """
    need_other(work, user)
    need_reach(work, user)
    if not user.is_active:
        raise BadInput("user", gettext_noop("This account is closed. Open it again first."))
    secret = one_time_password()
    user.set_password(secret)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    sign_out(work, user)
    work.record(PasswordReset(username=user.username), on=user, path=filed_under(user))
    return secret


@act(may=USERS, on=User)
def remove_second_factor(work: Work, user: User, *, reason: str) -> None:
    """Take a lost second factor away, so that a new one can be set up at the next sign-in. Sessions end."""
    need_other(work, user)
    need_reach(work, user)
    if not reason.strip():
        raise BadInput("reason", gettext_noop("Say why, and how you made sure who asked."))
    if not Authenticator.objects.filter(user=user).exists():
        return
    Authenticator.objects.filter(user=user).delete()
    sign_out(work, user)
    work.record(SecondFactorRemoved(username=user.username, reason=reason), on=user, path=filed_under(user))


@act(may=USERS, on=User)
def close_user(work: Work, user: User, *, reason: str) -> None:
    """Close an account: sessions and tokens end now, authorities yesterday. A closed account stays closed quietly."""
    need_reach(work, user)
    if user.pk == work.actor.user_id:
        raise BadInput("user", gettext_noop("You cannot close your own account. Ask another administrator."))
    if not reason.strip():
        raise BadInput("reason", gettext_noop("Say why the account is closed."))
    if not user.is_active:
        return
    shut_account(work, user, reason=reason)


@inside_act
def shut_account(work: Work, user: User, *, reason: str) -> None:
    """Close an account that is open: sessions and tokens end now, authorities yesterday. The caller asked who may."""
    path = filed_under(user)
    user.is_active = False
    user.save(update_fields=["is_active"])
    for grant in current_grants(user):
        end(work, grant, reason=reason, last=clock.today() - dt.timedelta(days=1))
    sign_out(work, user)
    work.record(UserClosed(username=user.username, reason=reason), on=user, path=path)


@act(may=USERS, on=User)
def reopen_user(work: Work, user: User, *, reason: str) -> None:
    """Open a closed account again. It comes without authorities, and needs a new one-time password."""
    need_reach(work, user)
    if not reason.strip():
        raise BadInput("reason", gettext_noop("Say why the account is opened again."))
    if user.is_active:
        return
    user.is_active = True
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
    work.record(UserReopened(username=user.username, reason=reason), on=user, path=filed_under(user))


@inside_act
def sign_out(work: Work, user: User) -> None:
    """End every session and API token of an account."""
    for session in UserSession.objects.filter(user=user):
        session.end()
    ApiToken.objects.filter(user=user, revoked_at=None).update(revoked_at=work.now)
