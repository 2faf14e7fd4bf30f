"""Reads of the office: the kernel's nouns, each within the reader's own regions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import models
from procrastinate.contrib.django.models import ProcrastinateJob

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.codes.models import Parameter
from anlan.kernel.codes.services import DECLARED, Declared, rows_of_parameters
from anlan.kernel.events import selectors as outbox
from anlan.kernel.events.models import Delivery, EventRow
from anlan.kernel.identity import selectors as identity
from anlan.kernel.identity.actors import valid_grants
from anlan.kernel.identity.models import Grant, Post, User
from anlan.kernel.journal.models import Entry
from anlan.kernel.regions.models import Region, RegionChange
from anlan.kernel.scope import within
from anlan.modules.office.choices import RULES, SEE, Validity


def users(actor: Actor) -> models.QuerySet[User]:
    """The accounts within reach, each with ``now``, its authorities in force today."""
    return identity.users(actor, SEE).prefetch_related(
        models.Prefetch(
            "grants",
            queryset=valid_grants().select_related("region").defer("region__outline").order_by("pk"),
            to_attr="now",
        )
    )


def manageable_users(actor: Actor) -> models.QuerySet[User]:
    """The accounts that are open, to whom the actor may give an authority."""
    return identity.users(actor, "identity.grants").filter(is_active=True)


def grants(actor: Actor) -> models.QuerySet[Grant]:
    """The authorities within reach, past and coming ones included."""
    return identity.grants(actor, SEE).defer("region__outline")


def endable_grants(actor: Actor) -> models.QuerySet[Grant]:
    """The authorities the actor may end."""
    return identity.grants(actor, "identity.grants").filter(validity(Validity.NOW) | validity(Validity.COMING))


def validity(when: str) -> models.Q:
    """The condition of a time of validity."""
    today = clock.today()
    not_over = models.Q(valid_to=None) | models.Q(valid_to__gte=today)
    by_the_hour = models.Q(expires_at=None) | models.Q(expires_at__gt=clock.now())
    if when == Validity.COMING:
        return not_over & models.Q(valid_from__gt=today)
    if when == Validity.PAST:
        return models.Q(valid_to__lt=today) | models.Q(expires_at__lte=clock.now())
    running = not_over & by_the_hour & models.Q(valid_from__lte=today)
    if when == Validity.SOON:
        return running & models.Q(valid_to__lte=today + dt.timedelta(days=30))
    return running


def posts(actor: Actor) -> models.QuerySet[Post]:
    """The posts within reach, with how many hold each today."""
    held = valid_grants().filter(post=models.OuterRef("pk")).order_by().values("post").annotate(n=models.Count("pk"))
    return identity.posts(actor, SEE).annotate(
        holders=models.functions.Coalesce(models.Subquery(held.values("n")), 0, output_field=models.IntegerField())
    )


def open_posts(actor: Actor) -> models.QuerySet[Post]:
    """The posts into which the actor may appoint somebody."""
    return identity.posts(actor, "identity.grants").filter(closed=False)


def regions(actor: Actor, permission: str = RULES) -> models.QuerySet[Region]:
    """The regions in which the actor holds the permission, merged ones included, in tree order."""
    rows: models.QuerySet[Region] = Region.objects.order_by("path").defer("outline")
    if actor.is_system:
        return rows
    reach = models.Q(pk__in=[])
    for grant in actor.grants_for(permission):
        if grant.path and not grant.holder:
            reach |= within("path", grant.path)
    return rows.filter(reach)


def changeable_regions(actor: Actor) -> models.QuerySet[Region]:
    """The regions in force that the actor may change."""
    return regions(actor, "regions.change").filter(valid_to=None)


def changes(actor: Actor) -> models.QuerySet[RegionChange]:
    """Merges, moves and renames within reach, newest first."""
    return (
        RegionChange.objects.filter(region__in=regions(actor).values("pk"))
        .select_related("region")
        .defer("region__outline")
        .order_by("-pk")
    )


def local_rules(actor: Actor) -> models.QuerySet[Parameter]:
    """The figures set within reach and in the regions above, which count there too."""
    reach, above = models.Q(pk__in=[]), {""}
    for grant in actor.grants_for(RULES):
        if grant.path and not grant.holder:
            reach |= within("region_path", grant.path)
            above |= {grant.path[:end] for end in range(Region.steplen, len(grant.path), Region.steplen)}
    rows = Parameter.objects.order_by("code", "-valid_from", "-pk")
    return rows if actor.is_system else rows.filter(reach | models.Q(region_path__in=above))


@dataclass(frozen=True)
class InForce:
    """A figure in force at a region: its declaration, the value, the row that decides it, the rows it overrides."""

    declared: Declared
    value: int
    decided: Parameter | None
    overridden: tuple[Parameter, ...]


def rules_at(actor: Actor, region: Region) -> list[InForce]:
    """Every figure at a region today, and why it is that."""
    actor.need_at(RULES, region.path)
    found, known = [], rows_of_parameters(DECLARED, region.path)
    for code, declared in sorted(DECLARED.items()):
        rows = known[code]
        value = int(rows[0].value) if rows else declared.default
        found.append(InForce(declared, value, rows[0] if rows else None, tuple(rows[1:])))
    return found


def entries(actor: Actor) -> models.QuerySet[Entry]:
    """The journal within reach, newest first."""
    return Entry.objects.visible_to(actor).order_by("-id")


def events(actor: Actor) -> models.QuerySet[EventRow]:
    """The events within reach, newest first, each with ``delivered``, how many flows ran for it."""
    ran = Delivery.objects.filter(event=models.OuterRef("pk")).order_by().values("event").annotate(n=models.Count("pk"))
    return outbox.announced(actor).annotate(
        delivered=models.functions.Coalesce(models.Subquery(ran.values("n")), 0, output_field=models.IntegerField())
    )


def failed_jobs(actor: Actor) -> models.QuerySet[ProcrastinateJob]:
    """The jobs given up, within reach."""
    return outbox.failed_jobs(actor)
