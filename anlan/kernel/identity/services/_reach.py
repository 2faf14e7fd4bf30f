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
from anlan.kernel.identity.actors import permissions_of
from anlan.kernel.identity.facts import GrantEnded
from anlan.kernel.identity.holders import place_of_holder
from anlan.kernel.identity.models import Grant, User
from anlan.kernel.limits.services import spend
from anlan.kernel.regions.models import Region
from anlan.kernel.scope import system_read

USERS, GRANTS = "identity.users", "identity.grants"
UNIT_PEOPLE = "identity.unit_people"  # the people of units: in one's region, or below oneself in one's own unit


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


def check_period(start: dt.date, valid_to: dt.date | None) -> None:
    """Refuse days in the wrong order, and a last day that has passed."""
    if valid_to is not None and valid_to < max(start, clock.today()):
        raise BadInput("valid_to", gettext_noop("The last day lies before the first, or has passed."))


def need_basis(basis: str) -> None:
    """A secondment or delegation rests on a document."""
    if not basis.strip():
        raise BadInput("basis", gettext_noop("Name the document it rests on: number and title, as printed on it."))


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
    """Let a grant end; one that would end before it began keeps the day before its beginning: it was never in force.

    What was delegated from it ends with it.
    """
    for lent in running().filter(origin=grant).select_related("user", "region"):
        end(work, lent, reason=reason, last=last)
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
    current = list(current_grants(user))
    if current and all(over_unit(work, grant) for grant in current):
        return
    grants = current or list(Grant.objects.filter(user=user).select_related("region"))
    places = [place_of_grant(g) for g in grants if g.expires_at is None] + (
        [user.region_path] if user.region_path else []
    )
    reached = [_over(work, USERS, path) for path in places or [""]]
    if not any(reached):
        raise NotFound
    if not all(reached):
        raise NotAllowed(permission=USERS)


def need_other(work: Work, user: User) -> None:
    """Keys to an account are handed out to others, never to oneself; and only so many an hour."""
    if work.actor.is_system:
        return
    if user.pk == work.actor.user_id:
        raise BadInput("user", gettext_noop("Not for yourself. Change your own password and factors in “My account”."))
    spend("code", work.actor.key)


def over_unit(work: Work, grant: Grant) -> bool:
    """Whether the actor manages the people of the unit an authority is for.

    An office does so for the units of its region, a unit's principal for those below him in his own.
    """
    if not grant.holder:
        return False
    place = place_of_holder(grant.holder)
    for own in work.actor.grants_for(UNIT_PEOPLE):
        if own.holder:
            if own.holder == grant.holder and UNIT_PEOPLE not in permissions_of(grant.role):
                return True
        elif own.path and place.startswith(own.path):
            return True
    return False


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
