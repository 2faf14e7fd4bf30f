"""Whose accounts and authorities the actor may touch, and how an authority ends."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models

from anlan.kernel import clock
from anlan.kernel.acts import Work, inside_act
from anlan.kernel.errors import BadInput, NotAllowed, NotFound, gettext_noop
from anlan.kernel.identity.facts import GrantEnded
from anlan.kernel.identity.holders import place_of_holder
from anlan.kernel.identity.models import Grant, User
from anlan.kernel.regions.models import Region
from anlan.kernel.scope import system_read

USERS, GRANTS = "identity.users", "identity.grants"


def check_role(role: str, *, for_unit: bool) -> str:
    """The label of a role, when it is one for this kind of place."""
    declared = settings.ANLAN_ROLES.get(role)
    if declared is None:
        raise BadInput("role", gettext_noop("There is no role “%(given)s”."), given=role)
    if declared.for_unit != for_unit:
        raise BadInput(
            "role", gettext_noop("The role “%(role)s” is not given for that kind of place."), role=declared.label
        )
    return str(declared.label)


def check_email(email: str) -> None:
    if not email:
        return
    try:
        validate_email(email)
    except ValidationError as why:
        raise BadInput("email", gettext_noop("“%(given)s” is no e-mail address."), given=email) from why


def running() -> models.QuerySet[Grant]:
    """The grants that are in force or still to come."""
    return Grant.objects.filter(models.Q(valid_to=None) | models.Q(valid_to__gte=clock.today()))


def place_of_grant(grant: Grant) -> str:
    return grant.region.path if grant.region is not None else place_of_holder(grant.holder)


def filed_under(user: User) -> str | None:
    """Under which region the journal files what happens to an account: who keeps it, else where it serves."""
    if user.region_path:
        return str(user.region_path)
    return next((path for grant in current_grants(user) if (path := place_of_grant(grant))), None)


def end(work: Work, grant: Grant, *, reason: str, last: dt.date) -> None:
    """Let a grant end; one that would end before it began keeps the day before its beginning: it was never in force."""
    if grant.valid_to is not None and grant.valid_to <= last:
        return
    grant.valid_to = max(last, grant.valid_from - dt.timedelta(days=1))
    grant.save(update_fields=["valid_to"])
    label = settings.ANLAN_ROLES[grant.role].label if grant.role in settings.ANLAN_ROLES else grant.role
    work.record(
        GrantEnded(role=label, valid_to=grant.valid_to.isoformat(), reason=reason),
        on=grant.user,
        path=place_of_grant(grant) or None,
    )


def need_over(work: Work, path: str, sector: str) -> None:
    """The right to give and end authorities at a place. A unit whose place is unknown is for whoever holds a root."""
    if work.actor.is_system:
        return
    if path:
        work.actor.need_at(GRANTS, path, sector)
    elif not any(len(g.path) == Region.steplen and not g.sector for g in work.actor.grants_for(GRANTS)):
        raise NotAllowed(permission=GRANTS)


def need_reach(work: Work, user: User) -> None:
    """Whoever manages an account must reach the office that keeps it and every place where it holds an authority.

    ``NotFound`` when he reaches none of them: a stranger learns nothing; ``NotAllowed`` when he reaches only some.
    """
    if work.actor.is_system:
        return
    grants = list(current_grants(user)) or list(Grant.objects.filter(user=user).select_related("region"))
    places = [place_of_grant(g) for g in grants if g.expires_at is None] + (
        [user.region_path] if user.region_path else []
    )
    reached = [_over(work, USERS, path) for path in places or [""]]
    if not any(reached):
        raise NotFound
    if not all(reached):
        raise NotAllowed(permission=USERS)


def _over(work: Work, permission: str, path: str) -> bool:
    """Whether the actor holds a permission at a place; what has no known place is for whoever holds a root."""
    if path:
        return work.actor.may_at(permission, path)
    return any(len(g.path) == Region.steplen for g in work.actor.grants_for(permission))


def need_sight(work: Work, permission: str, path: str) -> None:
    """``NotFound`` for a record that lies where the actor has no business at all."""
    if not work.actor.is_system and not _over(work, permission, path):
        raise NotFound


@system_read("the authorities of one account that is in hand")
def current_grants(user: User) -> models.QuerySet[Grant]:
    """The authorities of an account that run today or begin later."""
    return running().filter(user=user).select_related("region", "post").order_by("pk")


@inside_act
def check_reach(work: Work, user: User) -> None:
    """Raise ``NotAllowed`` unless the actor may manage this account."""
    need_reach(work, user)
