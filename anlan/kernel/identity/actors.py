"""From a user or an API token to an actor with the grants that are valid today."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.conf import settings
from django.db.models import Q, QuerySet

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.actor import Grant as ActorGrant
from anlan.kernel.identity.models import ApiToken, Grant, User
from anlan.kernel.scope import system_read


@system_read("who may do what is asked before anybody is an actor")
def valid_grants(on: dt.date | None = None) -> QuerySet[Grant]:
    """The grants in force on a day (today by default); emergency ones until their hour."""
    day = on or clock.today()
    return Grant.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=day), Q(expires_at=None) | Q(expires_at__gt=clock.now()), valid_from__lte=day
    )


@system_read("the roles are part of the deployment")
def permissions_of(role: str) -> frozenset[str]:
    """The permissions a role carries; none for an unknown role."""
    declared = settings.ANLAN_ROLES.get(role)
    return declared.permissions if declared else frozenset()


@system_read("makes the actor")
def actor_for(user: User, *, scopes: frozenset[str] | None = None) -> Actor:
    """The actor a signed-in user is now."""
    if not user.is_authenticated or not user.is_active:
        return Actor.nobody()
    rows = valid_grants().filter(user=user).order_by("pk")
    return Actor(
        key=f"user:{user.pk}",
        name=user.name,
        user_id=user.pk,
        language=user.language,
        scopes=scopes,
        grants=tuple(
            ActorGrant(
                role=role,
                permissions=permissions_of(role),
                path=path or "",
                sector=sector,
                holder=holder,
                depth=depth or 0,
            )
            for role, sector, holder, path, depth in rows.values_list(
                "role", "sector", "holder", "region__path", "region__depth"
            )
        ),
    )


@system_read("makes the actor")
def actor_for_token(secret: str) -> Actor | None:
    """The actor behind an API token; None when it is unknown, revoked or expired."""
    token = (
        ApiToken.objects.filter(
            digest=hashlib.sha256(secret.encode()).hexdigest(), revoked_at=None, valid_to__gt=clock.now()
        )
        .select_related("user")
        .first()
    )
    if token is None or not token.user.is_active or token.user.must_change_password:
        return None
    if token.last_used_on != clock.today():
        ApiToken.objects.filter(pk=token.pk).update(last_used_on=clock.today())
    return actor_for(token.user, scopes=frozenset(token.scopes))


@system_read("addresses a message; shown to nobody")
def holders_of(permission: str, *, path: str = "", holder: str = "", sector: str = "") -> QuerySet[User]:
    """The active users who hold a permission exactly at a region (not above it), or for a holder.

    Used to address reminders: a town's item goes to the town's people, not to the whole tree above. Users with a
    sector line are addressed only for that line.
    """
    roles = [code for code, role in settings.ANLAN_ROLES.items() if _carries(role.permissions, permission)]
    rows = valid_grants().filter(role__in=roles)
    rows = (
        rows.filter(holder=holder) if holder else rows.filter(region__path=path).filter(Q(sector="") | Q(sector=sector))
    )
    return User.objects.filter(is_active=True, pk__in=rows.values("user_id")).order_by("pk")


def _carries(permissions: frozenset[str], permission: str) -> bool:
    return bool(permissions & {permission, "*", f"{permission.partition('.')[0]}.*"})
