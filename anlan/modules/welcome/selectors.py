"""Reads: units without an account, invitations, rounds, the people of units."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.identity import selectors as identity
from anlan.kernel.identity.actors import valid_grants
from anlan.kernel.identity.models import Grant
from anlan.kernel.scope import system_read
from anlan.modules.registry import public as registry
from anlan.modules.welcome.models import Invitation, MessageState, Round
from anlan.modules.welcome.workflow import INVITE, PEOPLE


@system_read("the roles are part of the deployment")
def principal_roles() -> list[str]:
    """The roles of a unit that keep its people: whoever has one of them has claimed the unit's file."""
    return [code for code, role in settings.ANLAN_ROLES.items() if role.for_unit and PEOPLE in role.permissions]


@system_read("the roles are part of the deployment")
def unit_roles() -> list[str]:
    """The roles that are held for a unit."""
    return [code for code, role in settings.ANLAN_ROLES.items() if role.for_unit]


@system_read("the accounts of units in hand, as a condition")
def principals() -> models.QuerySet[Grant]:
    """The authorities in force of principals whose account is open."""
    return valid_grants().filter(role__in=principal_roles(), user__is_active=True).exclude(holder="")


def uninvited(actor: Actor) -> models.QuerySet[models.Model]:
    """The units without a principal's account that the actor may invite, each with ``invited_until`` if it is."""
    own = principals().filter(holder=models.OuterRef("holder"))
    standing = Invitation.objects.everything(why="only until when a unit that is seen is invited").filter(
        unit=models.OuterRef("pk"), state="open"
    )
    rows = registry.unit_rows(actor, INVITE).filter(~models.Exists(own))
    return rows.annotate(invited_until=models.Subquery(standing.values("expires_at")[:1]))


def invitations(actor: Actor, permission: str | None = None) -> models.QuerySet[Invitation]:
    """The invitations the actor may see (or on which he holds the permission), with unit, round and claimant."""
    rows: models.QuerySet[Invitation] = Invitation.objects.visible_to(actor, permission)
    return rows.select_related("unit", "round", "claimed_by")


def renewable(actor: Actor) -> models.QuerySet[Invitation]:
    """The open invitations the actor may renew, send or revoke; those run out included."""
    return invitations(actor, INVITE).filter(state="open")


def rounds(actor: Actor) -> models.QuerySet[Round]:
    """The rounds the actor may see, each with ``claimed`` and ``waiting``."""
    rows: models.QuerySet[Round] = Round.objects.visible_to(actor)
    return rows.annotate(claimed=_how_many(state="claimed"), waiting=_how_many(state="open"))


def round_with_messages(actor: Actor) -> models.QuerySet[Round]:
    """The same for the page of one round: with how many short messages wait, were sent, failed, by their code."""
    return rounds(actor).annotate(**{code: _how_many(message=code) for code in MessageState.values if code})


def _how_many(**which: str) -> Coalesce:
    """How many invitations of the round in hand are such: asked of the rounds that are shown alone."""
    inside = Invitation.objects.everything(why="only how many, of a round that is seen").filter(
        round=models.OuterRef("pk"), **which
    )
    number = inside.order_by().values("round").annotate(n=models.Count("pk")).values("n")
    return Coalesce(models.Subquery(number), 0)


def own_rounds(actor: Actor) -> models.QuerySet[Round]:
    """The rounds whose open invitations the actor may renew and print anew."""
    rows: models.QuerySet[Round] = Round.objects.visible_to(actor, INVITE)
    return rows


@system_read("a condition on invitations")
def run_out() -> models.Q:
    """Open, and the time is over."""
    return models.Q(state="open", expires_at__lte=clock.now())


def people(actor: Actor) -> models.QuerySet[Grant]:
    """The authorities in force for the units whose people the actor keeps."""
    return identity.grants(actor, PEOPLE).filter(pk__in=valid_grants().values("pk")).exclude(holder="")


def people_below(actor: Actor) -> models.QuerySet[Grant]:
    """Of those the ones the actor manages: an office all, a principal those below him in his own unit."""
    if any(not g.holder for g in actor.grants_for(PEOPLE)) or actor.is_system:
        return people(actor)
    return people(actor).exclude(role__in=principal_roles())


def people_of(actor: Actor, holder: str) -> models.QuerySet[Grant]:
    """The authorities in force for one unit the actor sees, for its page."""
    rows = valid_grants().filter(holder=holder).select_related("user").order_by("role", "pk")
    return rows if holder else rows.none()


def units_kept(actor: Actor) -> models.QuerySet[models.Model]:
    """The units whose people the actor keeps."""
    return registry.unit_rows(actor, PEOPLE)
