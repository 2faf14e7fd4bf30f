"""Acts on posts and authorities: giving, ending, emergencies."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models

from anlan.kernel import clock
from anlan.kernel.acts import Work, act, inside_act
from anlan.kernel.errors import BadInput, NotAllowed, NotFound, gettext_noop
from anlan.kernel.identity.actors import holders_of, valid_grants
from anlan.kernel.identity.facts import GlassBroken, GrantGiven, GrantLent, PostAdded, PostClosed
from anlan.kernel.identity.holders import place_of_holder
from anlan.kernel.identity.models import Grant, GrantKind, Post, User
from anlan.kernel.identity.selectors import SEE
from anlan.kernel.identity.services._reach import (
    GRANTS,
    UNIT_PEOPLE,
    check_period,
    check_role,
    end,
    need_basis,
    need_over,
    need_sight,
    over_unit,
    place_of_grant,
    running,
)
from anlan.kernel.notify.services import tell
from anlan.kernel.regions.models import Region
from anlan.kernel.regions.services import after_merge
from anlan.kernel.scope import system_read

MOST_EMERGENCY_HOURS = 24


@act(may=GRANTS)
def add_post(work: Work, *, region: Region, office: str, title: str, role: str, sector: str = "") -> Post:
    """Set up a post: an office in a region, what the post is called, its role and line. The same again is that one."""
    work.actor.need_at(GRANTS, region.path, sector)
    office, title = office.strip(), title.strip()
    if not office or not title:
        raise BadInput("office", gettext_noop("Name the office and the post."))
    check_role(role, for_unit=False)
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
    need_sight(work, GRANTS, post.region.path)
    work.actor.need_at(GRANTS, post.region.path, post.sector)
    if post.closed:
        return
    if not reason.strip():
        raise BadInput("reason", gettext_noop("Say why the post is closed."))
    if running().filter(post=post).exists():
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
    basis: str = "",
) -> Grant:
    """Give an authority over a region (and line), by a post, or for a unit. Nobody gives what he has no reach over.

    A post brings its own region, line and role. What the user holds already for the whole time is returned as it is.
    A secondment (派驻) needs its last day and the document it rests on, ``basis``. Nobody gives himself an authority:
    another administrator does, or in an emergency one takes it for hours, which everybody is told (``break_glass``).
    """
    if user.pk == work.actor.user_id:
        raise BadInput("user", gettext_noop("Nobody gives himself an authority. Ask another administrator."))
    user = User.objects.select_for_update().get(pk=user.pk)
    if post is not None:
        post = Post.objects.select_for_update().get(pk=post.pk)
        if post.closed:
            raise BadInput("post", gettext_noop("This post is closed."))
        role, region, sector = post.role, post.region, post.sector
    if (region is None) == (not holder):
        raise BadInput("region", gettext_noop("Choose a region, or a unit, not both."))
    label = check_role(role, for_unit=bool(holder))
    if kind not in GrantKind.values:
        raise BadInput("kind", gettext_noop("Choose one of the kinds."))
    if kind in (GrantKind.TEMPORARY, GrantKind.SECONDED) and valid_to is None:
        raise BadInput("valid_to", gettext_noop("A temporary authority needs its last day."))
    if kind == GrantKind.SECONDED:
        need_basis(basis)
    if kind == GrantKind.EMERGENCY:
        raise BadInput("kind", gettext_noop("An emergency authority is taken, not given."))
    if kind == GrantKind.DELEGATED:
        raise BadInput("kind", gettext_noop("An authority is delegated by whoever holds it himself, on his own page."))
    start = valid_from or clock.today()
    check_period(start, valid_to)
    if not user.is_active:
        raise BadInput("user", gettext_noop("This account is closed. Open it again first."))
    need_over(work, region.path if region else place_of_holder(holder), sector)
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
        basis=basis.strip(),
        granted_by=work.actor.key,
    )
    place = region.name if region else holder
    path = region.path if region else place_of_holder(holder)
    if kind == GrantKind.SECONDED and region is not None and valid_to is not None:
        work.record(
            GrantLent(role=label, place=place, valid_from=start.isoformat(), valid_to=valid_to.isoformat(),
                      basis=basis.strip(), reason=reason),
            on=user, path=path,
        )  # fmt: skip
    else:
        work.record(
            GrantGiven(role=label, place=place, valid_from=start.isoformat(), reason=reason), on=user, path=path or None
        )
    return grant


@inside_act
def appoint_in_unit(work: Work, *, user: User, role: str, holder: str, place: str, reason: str) -> Grant:
    """An authority for a unit from today on, without an end; whoever calls has asked who may. ``place``: its name."""
    label = check_role(role, for_unit=True)
    same = valid_grants().filter(user=user, role=role, holder=holder, valid_to=None).first()
    if same is not None:
        return same
    grant = Grant.objects.create(
        user=user, kind=GrantKind.UNIT, role=role, holder=holder, valid_from=clock.today(), reason=reason[:200],
        granted_by=work.actor.key or "claim",
    )  # fmt: skip
    work.record(
        GrantGiven(role=label, place=place, valid_from=grant.valid_from.isoformat(), reason=reason),
        on=user, path=place_of_holder(holder) or None,
    )  # fmt: skip
    return grant


@inside_act
def end_in_unit(work: Work, grant: Grant, *, reason: str) -> None:
    """End an authority for a unit at once. ``NotFound`` for one out of reach, ``NotAllowed`` for a principal's own."""
    if not over_unit(work, grant):
        if grant.holder and grant.holder in work.actor.holders:
            raise NotAllowed(permission=UNIT_PEOPLE)
        raise NotFound
    if not reason.strip():
        raise BadInput("reason", gettext_noop("Say why the authority ends."))
    end(work, grant, reason=reason, last=clock.today() - dt.timedelta(days=1))


@act(may=GRANTS, on=Grant)
def end_grant(work: Work, grant: Grant, *, reason: str, valid_to: dt.date | None = None) -> None:
    """End an authority on a day (yesterday by default, so that it ends at once). An earlier end stands."""
    need_sight(work, GRANTS, place_of_grant(grant))
    need_over(work, place_of_grant(grant), grant.sector)
    if not reason.strip():
        raise BadInput("reason", gettext_noop("Say why the authority ends."))
    end(work, grant, reason=reason, last=valid_to or clock.today() - dt.timedelta(days=1))


@act(may="identity.break_glass")
def break_glass(work: Work, *, region: Region, role: str, hours: int, reason: str) -> Grant:
    """Take an authority one does not hold, for an emergency and for hours: journalled, and told to those who may give
    authorities and to the auditors.

    Within the actor's own region only; at most 24 hours.
    """
    if work.actor.user_id is None or work.actor.scopes is not None:
        raise NotAllowed(permission="identity.break_glass")
    work.actor.need_at("identity.break_glass", region.path)
    return _emergency(work, User.objects.get(pk=work.actor.user_id), region, role, hours, reason)


@act(may="identity.rescue")
def rescue(work: Work, *, user: User, region: Region, hours: int, reason: str) -> Grant:
    """Make somebody administrator for hours, from the machine itself, when no administrator can: told and journalled
    as any emergency authority. Only whoever runs the machine does so (``anlan admin --emergency``)."""
    if not work.actor.is_system:
        raise NotAllowed(permission="identity.rescue")
    if not user.is_active:
        raise BadInput("user", gettext_noop("This account is closed. Open it again first."))
    return _emergency(work, user, region, "administrator", hours, reason)


@system_read("whether the first administrator is still to be made, asked before there is one")
def has_administrator(region: Region) -> bool:
    """Whether anybody may give authorities at a region, today, there or above."""
    return any(holders_of(GRANTS, path=path).exists() for path in region.ancestor_paths)


def _emergency(work: Work, user: User, region: Region, role: str, hours: int, reason: str) -> Grant:
    """The authority itself, the entry in the journal, and the message to everybody who may give authorities there, or
    looks after them."""
    label = check_role(role, for_unit=False)
    if not 1 <= hours <= MOST_EMERGENCY_HOURS:
        raise BadInput(
            "hours", gettext_noop("An emergency authority lasts from 1 to %(most)s hours."), most=MOST_EMERGENCY_HOURS
        )
    if len(reason.strip()) < 10:
        raise BadInput("reason", gettext_noop("Describe the emergency in a sentence: it will be read afterwards."))
    taken = valid_grants().filter(user=user, role=role, region=region, kind=GrantKind.EMERGENCY).first()
    if taken is not None:
        return taken
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
    # Who may end it, and who watches over authorities (the auditor).
    told = [
        u for path in region.ancestor_paths for right in (GRANTS, SEE) for u in holders_of(right, path=path)
        if u.pk != user.pk
    ]  # fmt: skip
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
    running().filter(region=region).update(region=into)
