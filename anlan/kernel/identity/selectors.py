"""Reading accounts, posts and authorities, each within the reader's own jurisdiction."""

from __future__ import annotations

import datetime as dt

from django.db import models

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.identity.actors import valid_grants
from anlan.kernel.identity.holders import holders_within
from anlan.kernel.identity.models import ApiToken, Grant, Post, User
from anlan.kernel.scope import within

SEE = "office.view"


def users(actor: Actor, permission: str = SEE, path: str = "") -> models.QuerySet[User]:
    """The accounts kept, or holding an authority now, in the regions where the actor holds the permission."""
    rows = User.objects.order_by("name", "pk")
    if actor.is_system and not path:
        return rows
    held = grants(actor, permission, path).filter(pk__in=valid_grants().values("pk"))
    return rows.filter(_reach(actor, permission, "region_path", path) | models.Q(pk__in=held.values("user")))


def grants(actor: Actor, permission: str = SEE, path: str = "") -> models.QuerySet[Grant]:
    """The authorities, past ones included, given in the regions where the actor holds the permission."""
    there = _reach(actor, permission, "region__path", path)
    units = models.Q(holder__in=holders_within(actor, permission, path)) & ~models.Q(holder="")
    return Grant.objects.filter(there | units).select_related("user", "region", "post").order_by("-valid_from", "-pk")


def grants_on(actor: Actor, day: dt.date | None = None, path: str = "") -> models.QuerySet[Grant]:
    """Who may do what on a day (today by default)."""
    return grants(actor, path=path).filter(pk__in=valid_grants(day).values("pk"))


def expiring(actor: Actor, days: int = 30) -> models.QuerySet[Grant]:
    """The authorities that end within so many days, soonest first."""
    last = clock.today() + dt.timedelta(days=days)
    return grants_on(actor).filter(valid_to__lte=last).order_by("valid_to", "pk")


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
