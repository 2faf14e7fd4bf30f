"""Units, sites, people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from anlan.kernel.actor import Actor
from anlan.kernel.counting import counted_each
from anlan.kernel.errors import NotFound
from anlan.kernel.journal.models import Entry
from anlan.kernel.searching import words_of
from anlan.modules.registry.choices import RESPONSIBLE, SiteStatus
from anlan.modules.registry.models import Certificate, Person, Post, Site, StatusChange, Unit


def units(actor: Actor) -> QuerySet[Unit]:
    """The units with a site the actor may see, records merged away left out."""
    return Unit.objects.visible_to(actor).filter(merged_into=None)


def unit(actor: Actor, pk: int) -> Unit:
    """One unit; for a record merged away the one it went into. ``NotFound`` otherwise."""
    seen = Unit.objects.visible_to(actor)
    found = seen.filter(pk=pk).first()
    if found is None:
        old = Unit.objects.everything(why="an old address leads on, to a unit that is seen").filter(pk=pk).first()
        found = seen.filter(pk=old.merged_into_id).first() if old is not None and old.merged_into_id else None
    elif found.merged_into_id:
        found = seen.filter(pk=found.merged_into_id).first()
    if found is None:
        raise NotFound
    return found


def sites(actor: Actor) -> QuerySet[Site]:
    """The sites the actor may see, with their units; records merged away left out."""
    return Site.objects.visible_to(actor).filter(merged_into=None).select_related("unit")


def site(actor: Actor, pk: int) -> Site:
    """One site; for a record merged away the one it went into. ``NotFound`` otherwise."""
    found = (
        Site.objects.visible_to(actor).select_related("unit", "region").defer("region__outline").filter(pk=pk).first()
    )
    if found is not None and found.merged_into_id:
        found = (
            Site.objects.visible_to(actor)
            .select_related("unit", "region")
            .defer("region__outline")
            .filter(pk=found.merged_into_id)
            .first()
        )
    if found is None:
        raise NotFound
    return found


def sites_of(actor: Actor, unit: Unit) -> QuerySet[Site]:
    """The unit's sites that the actor may see, the main one first."""
    return sites(actor).filter(unit=unit).order_by("-is_main", "serial")


def other_sites(actor: Actor, unit: Unit) -> int:
    """How many further sites the unit has that this actor may not see: a number, nothing else of them."""
    every = Site.objects.everything(why="counted only; the page says how many lie elsewhere").filter(
        unit=unit, merged_into=None
    )
    found = counted_each({"every": every, "seen": sites_of(actor, unit)})
    return found["every"] - found["seen"]


def tenants(actor: Actor, site: Site) -> QuerySet[Site]:
    """The sites let by this one that the actor may see."""
    return sites(actor).filter(landlord=site).order_by("name")


def people(actor: Actor) -> QuerySet[Person]:
    """The people the actor may see, with the posts they hold now."""
    held = Prefetch("posts", Post.objects.order_by("kind", "-since"))
    return Person.objects.visible_to(actor).select_related("unit", "site").prefetch_related(held)


def people_by_key(actor: Actor, keys: Iterable[int]) -> list[Person]:
    """Those of these people whom the actor may see."""
    keys = list(keys)
    return list(people(actor).filter(pk__in=keys, erased_at=None).order_by("pk")) if keys else []


def people_called(actor: Actor, text: str) -> QuerySet[Person]:
    """The people whose name contains every word; ``BadInput`` for a word of a single character."""
    rows = people(actor).filter(erased_at=None)
    for word in words_of(text):
        rows = rows.filter(name__has=word)
    return rows.order_by("-pk")


def person(actor: Actor, pk: int) -> Person:
    """One person, or ``NotFound``."""
    found = people(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def site_people(actor: Actor, site: Site) -> QuerySet[Person]:
    """The people of a site: its own and those of the whole unit; the erased left out."""
    rows = people(actor).filter(Q(site=site) | Q(unit=site.unit_id, site=None), erased_at=None)
    return rows.order_by("site_id", "pk")


def principal_of(actor: Actor, site: Site) -> Person | None:
    """Who answers for a site: its own principal or manager, else the unit's principal, else its legal
    representative."""
    order = {kind: place for place, kind in enumerate(RESPONSIBLE)}
    ranked = [
        (someone.site_id is None, order[post.kind], someone.pk, someone)
        for someone in site_people(actor, site)
        for post in someone.posts.all()
        if post.until is None and post.kind in order
    ]
    return min(ranked, key=lambda entry: entry[:3])[3] if ranked else None


def certificates(actor: Actor) -> QuerySet[Certificate]:
    """The certificates of the people the actor may see."""
    return Certificate.objects.visible_to(actor).select_related("person", "person__unit")


def status_on(actor: Actor, site: Site, day: dt.date) -> str:
    """The status a site had on a day, as far as it was entered."""
    if not Site.objects.visible_to(actor).filter(pk=site.pk).exists():
        raise NotFound
    change = StatusChange.objects.filter(site=site, since__lte=day).order_by("-since", "-id").first()
    return change.status if change else SiteStatus.OPERATING.value


def past_of(actor: Actor, record: Unit | Site) -> list[Entry]:
    """The journal of the records merged into this one, newest first: their past is kept and shown here."""
    rows: QuerySet[Any] = (
        Site.objects.visible_to(actor)
        if isinstance(record, Site)
        else Unit.objects.everything(why="records merged into a unit that is seen")
    )
    away = [str(pk) for pk in rows.filter(merged_into=record).values_list("pk", flat=True)]
    if not away:
        return []
    entries = Entry.objects.everything(why="who may see the record may see the past of what became part of it")
    return list(entries.filter(subject_type=record._meta.label_lower, subject_id__in=away).order_by("-id")[:200])
