"""Reading accounts, posts and authorities, each within the reader's own jurisdiction."""

from __future__ import annotations

import datetime as dt

from django.db import models

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.identity.actors import valid_grants
from anlan.kernel.identity.holders import holders_within
from anlan.kernel.identity.models import ApiToken, Grant, GrantKind, Post, User
from anlan.kernel.scope import system_read, within

SEE = "office.view"


def users(actor: Actor, permission: str = SEE, path: str = "") -> models.QuerySet[User]:
    """The accounts kept, or holding an authority now, in the regions where the actor holds the permission."""
    rows = User.objects.order_by("name", "pk")
    if actor.is_system and not path:
        return rows
    held = grants(actor, permission, path).filter(pk__in=valid_grants().values("pk"))
    return rows.filter(_reach(actor, permission, "region_path", path) | models.Q(pk__in=held.values("user")))


def grants(actor: Actor, permission: str = SEE, path: str = "") -> models.QuerySet[Grant]:
    """The authorities, past ones included, given where the actor holds the permission: in regions, or for his unit."""
    there = _reach(actor, permission, "region__path", path)
    units = models.Q(holder__in=holders_within(actor, permission, path)) & ~models.Q(holder="")
    own = {g.holder for g in actor.grants_for(permission) if g.holder}
    if own and not path:
        units |= models.Q(holder__in=own)
    return Grant.objects.filter(there | units).select_related("user", "region", "post").order_by("-valid_from", "-pk")


def grants_on(actor: Actor, day: dt.date | None = None, path: str = "") -> models.QuerySet[Grant]:
    """Who may do what on a day (today by default)."""
    return grants(actor, path=path).filter(pk__in=valid_grants(day).values("pk"))


def expiring(actor: Actor, days: int = 30) -> models.QuerySet[Grant]:
    """The authorities that end within so many days, soonest first."""
    last = clock.today() + dt.timedelta(days=days)
    return grants_on(actor).filter(valid_to__lte=last).order_by("valid_to", "pk")


def delegable(actor: Actor) -> models.QuerySet[Grant]:
    """One's own authorities over regions that one may delegate (委托), as they stand today."""
    lendable = (GrantKind.POST, GrantKind.TEMPORARY, GrantKind.SECONDED)
    rows = valid_grants().filter(user=actor.user_id, region__isnull=False, kind__in=lendable)
    return rows.select_related("region").order_by("pk")


def lent(actor: Actor) -> models.QuerySet[Grant]:
    """What one delegated oneself, newest first."""
    rows = Grant.objects.filter(kind=GrantKind.DELEGATED, granted_by=actor.key).exclude(granted_by="")
    return rows.select_related("user", "region", "origin").order_by("-valid_from", "-pk")


def colleagues(actor: Actor) -> models.QuerySet[User]:
    """The others who serve today in the regions where one holds an authority oneself, or below."""
    reach = models.Q(pk__in=[])
    for grant in actor.grants:
        if grant.path and not grant.holder:
            reach |= within("region__path", grant.path)
    serving = valid_grants().filter(reach, region__isnull=False).values("user")
    return User.objects.filter(is_active=True, pk__in=serving).exclude(pk=actor.user_id or 0).order_by("name", "pk")


@system_read("who might take over from one person in hand; the act asks whether the caller may")
def successors(user: User) -> models.QuerySet[User]:
    """The others who serve today at the desks of somebody's posts."""
    desks = valid_grants().filter(user=user, kind=GrantKind.POST, region__isnull=False).values("region")
    serving = valid_grants().filter(region__in=desks).values("user")
    return User.objects.filter(is_active=True, pk__in=serving).exclude(pk=user.pk).order_by("name", "pk")


def own_successors(actor: Actor) -> models.QuerySet[User]:
    """The others who serve today at the desks of one's own posts."""
    own = User.objects.filter(pk=actor.user_id or 0).first()
    return successors(own) if own is not None else User.objects.none()


def posts(actor: Actor, permission: str = SEE, path: str = "") -> models.QuerySet[Post]:
    """The posts in the regions where the actor holds the permission."""
    rows = Post.objects.select_related("region").order_by("region__path", "office", "title")
    return rows.filter(_reach(actor, permission, "region__path", path))


def own_tokens(actor: Actor) -> models.QuerySet[ApiToken]:
    """One's own API tokens, newest first."""
    return ApiToken.objects.filter(user=actor.user_id).order_by("-pk")


def _reach(actor: Actor, permission: str, field: str, path: str) -> models.Q:
    reach = models.Q() if actor.is_system else models.Q(pk__in=[])
    for grant in actor.grants_for(permission):
        if grant.path and not grant.holder:
            reach |= within(field, grant.path)
    return reach & within(field, path)
