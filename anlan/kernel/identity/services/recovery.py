"""A lost password without e-mail: a code handed over in person, used once, for a day."""

from __future__ import annotations

import datetime as dt

from axes.handlers.proxy import AxesProxyHandler

from anlan.kernel import clock
from anlan.kernel.acts import Work, act, inside_act
from anlan.kernel.codes.services import declare, parameter
from anlan.kernel.counting import counted
from anlan.kernel.errors import BadInput, gettext_noop
from anlan.kernel.identity.facts import PasswordRecovered, RecoveryIssued
from anlan.kernel.identity.models import CodeTry, RecoveryCode, User
from anlan.kernel.identity.secrets import index_of, new_code
from anlan.kernel.identity.services._reach import UNIT_PEOPLE, USERS, filed_under, need_other, need_reach
from anlan.kernel.identity.services.accounts import check_password, sign_out
from anlan.kernel.notify.services import tell
from anlan.kernel.scope import system_read

# 本地规定: how long a code handed over in person may wait.
declare("identity.recovery_hours", gettext_noop("Hours a recovery code is valid"), 24, least=1, most=72,
        unit=gettext_noop("hours"))  # fmt: skip
WITHIN = dt.timedelta(minutes=15)
MOST_OF_A_CODE, MOST_OF_AN_ADDRESS = 5, 20
SAME_ANSWER = gettext_noop(
    "This name and code open nothing: one of them is mistyped, or the code was used, replaced or has run out. "
    "Compare them with the slip, or ask for a new one."
)


@act(may=(USERS, UNIT_PEOPLE), on=User, secret=True)
def issue_recovery(work: Work, user: User) -> str:
    """A code by which the account's owner sets a new password; shown once, only its digest is kept.

    The present password goes on working until the code is used. An earlier code that was not used is withdrawn.
    Administrators for accounts they reach, offices for the people of units there, principals for their people; nobody
    for himself: whoever found a browser signed in would have the account with it.
    """
    need_other(work, user)
    need_reach(work, user)
    return recovery_for(work, user)


@inside_act
def recovery_for(work: Work, user: User) -> str:
    """The code for an account; whoever calls has asked who may."""
    if not user.is_active:
        raise BadInput("user", gettext_noop("This account is closed. Open it again first."))
    user = User.objects.select_for_update().get(pk=user.pk)
    RecoveryCode.objects.filter(user=user, used_at=None, withdrawn_at=None).update(withdrawn_at=work.now)
    code, path = new_code(), filed_under(user)
    until = work.now + dt.timedelta(hours=parameter("identity.recovery_hours", path or ""))
    RecoveryCode.objects.create(
        user=user, index=index_of("recovery", code), issued_at=work.now, expires_at=until, issued_by=work.actor.key,
        issuer_name=work.actor.name,
    )  # fmt: skip
    said = until.astimezone(clock.CHINA).strftime("%Y-%m-%d %H:%M")
    work.record(RecoveryIssued(username=user.username, until=said), on=user, path=path)
    tell(
        [user],
        gettext_noop("%(by)s issued a code by which your password can be set anew, valid until %(until)s. If you did "
                     "not ask for it, tell your administrator."),
        subject=user, urgent=True, by=work.actor.name, until=said,
    )  # fmt: skip
    return code


@act(may="identity.recover", anonymous=True)
def recover_password(work: Work, *, username: str, code: str, password: str) -> User:
    """Set a new password by a code: it is used up, every session and API token ends, and the owner is told.

    The same answer to a wrong name, a wrong code, and one used, withdrawn or run out.
    """
    found = (
        RecoveryCode.objects.select_for_update(of=("self",))
        .select_related("user")
        .filter(index=index_of("recovery", code), used_at=None, withdrawn_at=None, expires_at__gt=work.now)
        .first()
    )
    if found is None or not found.user.is_active or found.user.username.lower() != username.strip().lower():
        raise BadInput("code", SAME_ANSWER)
    user = User.objects.select_for_update().get(pk=found.user_id)
    if user.has_usable_password() and user.check_password(password):
        raise BadInput("password", gettext_noop("Choose a password other than the present one."))
    check_password(password, user)
    found.used_at = work.now
    found.save(update_fields=["used_at"])
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    sign_out(work, user)
    AxesProxyHandler.reset_attempts(username=user.username.lower())
    work.record(PasswordRecovered(username=user.username, by=found.issuer_name), on=user, path=filed_under(user))
    tell(
        [user],
        gettext_noop("Your password was set anew on %(at)s by the code that %(by)s issued. If it was not you, tell "
                     "your administrator at once."),
        subject=user, urgent=True, by=found.issuer_name,
        at=work.now.astimezone(clock.CHINA).strftime("%Y-%m-%d %H:%M"),
    )  # fmt: skip
    return user


@system_read("counts wrong codes by their digests, before anybody is an actor")
def too_many_tries(address: str, code: str) -> bool:
    """Whether an address, or a code, was tried so often of late that no more tries are taken for now."""
    rows = CodeTry.objects.filter(at__gt=clock.now() - WITHIN)
    if counted(rows.filter(code=index_of("try", code)), MOST_OF_A_CODE) >= MOST_OF_A_CODE:
        return True
    return counted(rows.filter(address=index_of("address", address)), MOST_OF_AN_ADDRESS) >= MOST_OF_AN_ADDRESS


@act(may="identity.recover", anonymous=True)
def note_try(work: Work, *, address: str, code: str) -> None:
    """Keep that a code opened nothing, by keyed digests of the address and the code."""
    CodeTry.objects.create(address=index_of("address", address), code=index_of("try", code), at=work.now)
