"""Acts on users, posts, grants and tokens."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, models, transaction
from django.utils.crypto import get_random_string

from anlan.kernel import clock
from anlan.kernel.acts import Work, act, inside_act
from anlan.kernel.errors import BadInput, NotAllowed, gettext_noop
from anlan.kernel.identity.actors import holders_of, valid_grants
from anlan.kernel.identity.facts import (
    GlassBroken,
    GrantEnded,
    GrantGiven,
    PasswordReset,
    PostAdded,
    PostClosed,
    SecondFactorRemoved,
    TokenIssued,
    TokenRevoked,
    UserAdded,
    UserClosed,
    UserReopened,
)
from anlan.kernel.identity.holders import place_of_holder
from anlan.kernel.identity.models import ApiToken, Grant, GrantKind, Post, User
from anlan.kernel.identity.sealing import new_secret
from anlan.kernel.journal.record import place_of
from anlan.kernel.notify.services import tell
from anlan.kernel.regions.models import Region
from anlan.kernel.regions.services import after_merge
from anlan.kernel.scope import system_read

# No letters or digits that are mistaken for each other on paper.
_READABLE = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789"
USERS, GRANTS = "identity.users", "identity.grants"
MOST_EMERGENCY_HOURS = 24


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
    username, name, email = username.strip(), name.strip(), email.strip()
    if not username or any(c.isspace() for c in username):
        raise BadInput("username", gettext_noop("Give a sign-in name without spaces."))
    if not name:
        raise BadInput("name", gettext_noop("Give the person's name."))
    _check_email(email)
    taken = BadInput("username", gettext_noop("The sign-in name “%(given)s” is taken. Choose another."), given=username)
    if User.objects.filter(username__iexact=username).exists():
        raise taken
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                username,
                password,
                name=name,
                title=title.strip(),
                email=email,
                must_change_password=True,
                region_path=path,
                language=language,
            )
    except IntegrityError as why:  # somebody took the name in the same moment
        raise taken from why
    work.record(UserAdded(username=username), on=user)
    return user


@act(may=USERS, on=User, secret=True)
def reset_password(work: Work, user: User) -> str:
    """Issue a one-time password, to be changed at the first sign-in; sessions and API tokens end.

    Only somebody with reach over all the user's authorities may do so.
    """
    _reach(work, user)
    if not user.is_active:
        raise BadInput("user", gettext_noop("This account is closed. Open it again first."))
    secret = one_time_password()
    user.set_password(secret)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    _sign_out(work, user)
    work.record(PasswordReset(username=user.username), on=user, path=_filed(user))
    return secret


@act(may=USERS, on=User)
def remove_second_factor(work: Work, user: User, *, reason: str) -> None:
    """Take a lost second factor away, so that a new one can be set up at the next sign-in. Sessions end."""
    _reach(work, user)
    if not reason.strip():
        raise BadInput("reason", gettext_noop("Say why, and how you made sure who asked."))
    if not Authenticator.objects.filter(user=user).exists():
        return
    Authenticator.objects.filter(user=user).delete()
    _sign_out(work, user)
    work.record(SecondFactorRemoved(username=user.username, reason=reason), on=user, path=_filed(user))


@act(may=USERS, on=User)
def close_user(work: Work, user: User, *, reason: str) -> None:
    """Close an account: sessions and tokens end now, authorities yesterday. A closed account stays closed quietly."""
    _reach(work, user)
    if user.pk == work.actor.user_id:
        raise BadInput("user", gettext_noop("You cannot close your own account. Ask another administrator."))
    if not reason.strip():
        raise BadInput("reason", gettext_noop("Say why the account is closed."))
    if not user.is_active:
        return
    path = _filed(user)
    user.is_active = False
    user.save(update_fields=["is_active"])
    for grant in current_grants(user):
        _end(work, grant, reason=reason, last=clock.today() - dt.timedelta(days=1))
    _sign_out(work, user)
    work.record(UserClosed(username=user.username, reason=reason), on=user, path=path)


@act(may=USERS, on=User)
def reopen_user(work: Work, user: User, *, reason: str) -> None:
    """Open a closed account again. It comes without authorities, and needs a new one-time password."""
    _reach(work, user)
    if not reason.strip():
        raise BadInput("reason", gettext_noop("Say why the account is opened again."))
    if user.is_active:
        return
    user.is_active = True
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
    work.record(UserReopened(username=user.username, reason=reason), on=user, path=_filed(user))


@act(may=GRANTS)
def add_post(work: Work, *, region: Region, office: str, title: str, role: str, sector: str = "") -> Post:
    """Set up a post: an office in a region, what the post is called, its role and line. The same again is that one."""
    work.actor.need_at(GRANTS, region.path, sector)
    office, title = office.strip(), title.strip()
    if not office or not title:
        raise BadInput("office", gettext_noop("Name the office and the post."))
    _check_role(role, for_unit=False)
    post, fresh = Post.objects.get_or_create(
        region=region, office=office, title=title, sector=sector, defaults={"role": role}
    )
    if not fresh and (post.role != role or post.closed):
        raise BadInput(
            "title", gettext_noop("This office had a post of that name with another role. Choose another name.")
        )
    if fresh:
        work.record(PostAdded(post=str(post)), on=post, path=region.path)
    return post


@act(may=GRANTS, on=Post)
def close_post(work: Work, post: Post, *, reason: str) -> None:
    """Close a post nobody holds any more; a closed one stays closed."""
    work.actor.need_at(GRANTS, post.region.path, post.sector)
    if post.closed:
        return
    if not reason.strip():
        raise BadInput("reason", gettext_noop("Say why the post is closed."))
    if _running().filter(post=post).exists():
        raise BadInput("post", gettext_noop("Somebody still holds this post. End that authority first."))
    post.closed = True
    post.save(update_fields=["closed"])
    work.record(PostClosed(post=str(post), reason=reason), on=post, path=post.region.path)


@act(may=GRANTS)
def give_grant(
    work: Work,
    *,
    user: User,
    role: str = "",
    region: Region | None = None,
    sector: str = "",
    holder: str = "",
    post: Post | None = None,
    kind: str = GrantKind.POST,
    valid_from: dt.date | None = None,
    valid_to: dt.date | None = None,
    reason: str = "",
) -> Grant:
    """Give an authority over a region (and line), by a post, or for a unit. Nobody gives what he has no reach over.

    A post brings its own region, line and role. What the user holds already for the whole time is returned as it is.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    if post is not None:
        post = Post.objects.select_for_update().get(pk=post.pk)
        if post.closed:
            raise BadInput("post", gettext_noop("This post is closed."))
        role, region, sector = post.role, post.region, post.sector
    if (region is None) == (not holder):
        raise BadInput("region", gettext_noop("Choose a region, or a unit, not both."))
    label = _check_role(role, for_unit=bool(holder))
    if kind == GrantKind.TEMPORARY and valid_to is None:
        raise BadInput("valid_to", gettext_noop("A temporary authority needs its last day."))
    if kind == GrantKind.EMERGENCY:
        raise BadInput("kind", gettext_noop("An emergency authority is taken, not given."))
    start = valid_from or clock.today()
    if valid_to is not None and valid_to < max(start, clock.today()):
        raise BadInput("valid_to", gettext_noop("The last day lies before the first, or has passed."))
    if not user.is_active:
        raise BadInput("user", gettext_noop("This account is closed. Open it again first."))
    _need_over(work, region.path if region else place_of_holder(holder), sector)
    if region is not None and region.valid_to is not None:
        raise BadInput(
            "region", gettext_noop("“%(name)s” is no longer in force. Choose the region it went to."), name=region.name
        )
    wanted: dict[str, Any] = {"user": user, "role": role, "region": region, "sector": sector, "holder": holder}
    whole_time = models.Q(valid_to=None)
    if valid_to is not None:
        whole_time |= models.Q(valid_to__gte=valid_to)
    same = Grant.objects.filter(whole_time, **wanted, valid_from__lte=start, expires_at=None).first()
    if same is not None:
        return same
    grant = Grant.objects.create(
        **wanted,
        post=post,
        kind=GrantKind.UNIT if holder else kind,
        valid_from=start,
        valid_to=valid_to,
        reason=reason,
        granted_by=work.actor.key,
    )
    place = region.name if region else holder
    path = region.path if region else place_of_holder(holder)
    work.record(
        GrantGiven(role=label, place=place, valid_from=start.isoformat(), reason=reason), on=user, path=path or None
    )
    return grant


@act(may=GRANTS, on=Grant)
def end_grant(work: Work, grant: Grant, *, reason: str, valid_to: dt.date | None = None) -> None:
    """End an authority on a day (yesterday by default, so that it ends at once). An earlier end stands."""
    _need_over(work, _place(grant), grant.sector)
    if not reason.strip():
        raise BadInput("reason", gettext_noop("Say why the authority ends."))
    _end(work, grant, reason=reason, last=valid_to or clock.today() - dt.timedelta(days=1))


@act(may="identity.break_glass")
def break_glass(work: Work, *, region: Region, role: str, hours: int, reason: str) -> Grant:
    """Take an authority one does not hold, for an emergency and for hours: journalled, and told to those who may give.

    Within the actor's own region only; at most 24 hours.
    """
    if work.actor.user_id is None or work.actor.scopes is not None:
        raise NotAllowed(permission="identity.break_glass")
    work.actor.need_at("identity.break_glass", region.path)
    label = _check_role(role, for_unit=False)
    if not 1 <= hours <= MOST_EMERGENCY_HOURS:
        raise BadInput(
            "hours", gettext_noop("An emergency authority lasts from 1 to %(most)s hours."), most=MOST_EMERGENCY_HOURS
        )
    if len(reason.strip()) < 10:
        raise BadInput("reason", gettext_noop("Describe the emergency in a sentence: it will be read afterwards."))
    user = User.objects.get(pk=work.actor.user_id)
    running = valid_grants().filter(user=user, role=role, region=region, kind=GrantKind.EMERGENCY).first()
    if running is not None:
        return running
    until = work.now + dt.timedelta(hours=hours)
    grant = Grant.objects.create(
        user=user,
        kind=GrantKind.EMERGENCY,
        role=role,
        region=region,
        valid_from=clock.today(),
        valid_to=clock.day_of(until),
        expires_at=until,
        reason=reason,
        granted_by=work.actor.key,
    )
    until_said = until.astimezone(clock.CHINA).strftime("%Y-%m-%d %H:%M")
    work.record(GlassBroken(role=label, place=region.name, until=until_said, reason=reason), on=user, path=region.path)
    told = [u for path in region.ancestor_paths for u in holders_of(GRANTS, path=path) if u.pk != user.pk]
    tell(
        told,
        gettext_noop("%(by)s took the emergency authority “%(what)s” in %(place)s until %(until)s: %(reason)s"),
        subject=user,
        urgent=True,
        by=user.name,
        what=label,
        place=region.name,
        until=until_said,
        reason=reason,
    )
    return grant


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
        raise BadInput("scopes", gettext_noop("You do not hold “%(given)s” yourself."), given=unheld[0])
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


@system_read("the authorities of one account that is in hand")
def current_grants(user: User) -> models.QuerySet[Grant]:
    """The authorities of an account that run today or begin later."""
    return _running().filter(user=user).select_related("region", "post").order_by("pk")


@inside_act
def check_reach(work: Work, user: User) -> None:
    """Raise ``NotAllowed`` unless the actor may manage this account."""
    _reach(work, user)


@after_merge
@inside_act
def carry_grants(work: Work, region: Region, into: Region) -> None:
    """Who served in a merged region serves in the one it went to; a post both offices had becomes one."""
    for post in Post.objects.filter(region=region):
        twin = Post.objects.filter(region=into, office=post.office, title=post.title, sector=post.sector).first()
        if twin is None:
            post.region = into
            post.save(update_fields=["region"])
        else:
            Grant.objects.filter(post=post).update(post=twin)
            post.closed = True
            post.save(update_fields=["closed"])
    _running().filter(region=region).update(region=into)


def _check_role(role: str, *, for_unit: bool) -> str:
    """The label of a role, when it is one for this kind of place."""
    declared = settings.ANLAN_ROLES.get(role)
    if declared is None:
        raise BadInput("role", gettext_noop("There is no role “%(given)s”."), given=role)
    if declared.for_unit != for_unit:
        raise BadInput(
            "role", gettext_noop("The role “%(role)s” is not given for that kind of place."), role=declared.label
        )
    return str(declared.label)


def _check_email(email: str) -> None:
    if not email:
        return
    try:
        validate_email(email)
    except ValidationError as why:
        raise BadInput("email", gettext_noop("“%(given)s” is no e-mail address."), given=email) from why


def _holds(work: Work, scope: str) -> bool:
    if scope.endswith(".*"):
        return any(p.startswith(scope[:-1]) for g in work.actor.grants for p in g.permissions) or work.actor.may(scope)
    return work.actor.may(scope)


def _running() -> models.QuerySet[Grant]:
    """The grants that are in force or still to come."""
    return Grant.objects.filter(models.Q(valid_to=None) | models.Q(valid_to__gte=clock.today()))


def _end(work: Work, grant: Grant, *, reason: str, last: dt.date) -> None:
    """Let a grant end; one that would end before it began keeps the day before its beginning: it was never in force."""
    if grant.valid_to is not None and grant.valid_to <= last:
        return
    grant.valid_to = max(last, grant.valid_from - dt.timedelta(days=1))
    grant.save(update_fields=["valid_to"])
    label = settings.ANLAN_ROLES[grant.role].label if grant.role in settings.ANLAN_ROLES else grant.role
    work.record(
        GrantEnded(role=label, valid_to=grant.valid_to.isoformat(), reason=reason),
        on=grant.user,
        path=_place(grant) or None,
    )


def _place(grant: Grant) -> str:
    return grant.region.path if grant.region is not None else place_of_holder(grant.holder)


def _filed(user: User) -> str | None:
    """Under which region the journal files what happens to an account: who keeps it, else where it serves."""
    if user.region_path:
        return str(user.region_path)
    return next((path for grant in current_grants(user) if (path := _place(grant))), None)


def _need_over(work: Work, path: str, sector: str) -> None:
    """The right to give and end authorities at a place. A unit whose place is unknown is for whoever holds a root."""
    if work.actor.is_system:
        return
    if path:
        work.actor.need_at(GRANTS, path, sector)
    elif not any(len(g.path) == Region.steplen and not g.sector for g in work.actor.grants_for(GRANTS)):
        raise NotAllowed(permission=GRANTS)


def _reach(work: Work, user: User) -> None:
    """Whoever manages an account must reach the office that keeps it and every place where it holds an authority."""
    if work.actor.is_system:
        return
    grants = list(current_grants(user)) or list(Grant.objects.filter(user=user).select_related("region"))
    places = [_place(g) for g in grants if g.expires_at is None] + ([user.region_path] if user.region_path else [])
    for path in places or [""]:
        if path:
            work.actor.need_at(USERS, path)
        elif not any(len(g.path) == Region.steplen for g in work.actor.grants_for(USERS)):
            raise NotAllowed(permission=USERS)


def _sign_out(work: Work, user: User) -> None:
    """End every session and API token of an account."""
    for session in UserSession.objects.filter(user=user):
        session.end()
    ApiToken.objects.filter(user=user, revoked_at=None).update(revoked_at=work.now)
