"""The registry's front door: frozen values and functions for other modules.

``SITE`` and ``UNIT`` name the tables for foreign keys (``models.ForeignKey(SITE, on_delete=PROTECT,
related_name="+")``). A record that hangs on a site copies ``region_path``, ``sector`` where it has none of its own,
and ``holder`` from the site's view, and follows it in flows on ``SiteMoved``, ``SectorChanged``, ``SitesMerged`` and
``UnitsMerged``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotFound
from anlan.kernel.regions.models import Region
from anlan.kernel.scope import system_read
from anlan.kernel.searching import words_of
from anlan.modules.registry import choices, selectors
from anlan.modules.registry.choices import Flag, PostKind, Sector, SiteStatus, Trade, UnitKind, sectors
from anlan.modules.registry.events import (
    LandlordLinked,
    NumberUpgraded,
    PersonErased,
    PostEnded,
    PostGiven,
    SectorChanged,
    SiteAdded,
    SiteClosed,
    SiteMoved,
    SiteRenamed,
    SiteReopened,
    SitesMerged,
    SiteSuspended,
    UnitRegistered,
    UnitRenamed,
    UnitsMerged,
    UnitsTakenIn,
)
from anlan.modules.registry.models import Person, Site, Unit
from anlan.modules.registry.services import add_person, change_person, change_site, end_post, give_post, unmask_person
from anlan.modules.registry.services._outlines import Outlines
from anlan.modules.registry.services.looking import look_up_phone

SITE, UNIT, PERSON = "registry.Site", "registry.Unit", "registry.Person"

JOINABLE = frozenset({
    "site__name", "site__pinyin", "site__serial", "site__region_path", "site__region_id", "site__sector",
    "site__trade", "site__holder", "site__status", "site__industry", "site__scale", "site__headcount", "site__flags",
    "site__address", "site__lon", "site__lat", "site__merged_into", "site__search_text", "site__is_main",
    "site__unit_id", "site__unit__name", "site__unit__uscc", "site__unit__provisional_number", "site__unit__kind",
    "unit__name", "unit__uscc", "unit__provisional_number", "unit__kind", "unit__holder", "unit__pinyin",
    "unit__search_text", "unit__merged_into",
})  # fmt: skip
"""The fields of sites and units another module may name in a query, from its own foreign key ``site`` or ``unit``."""


@dataclass(frozen=True, slots=True)
class SiteView:
    """A site as other modules see it. ``flags`` are codes of ``Flag``; ``number`` is the unit's with the site's."""

    id: int
    name: str
    number: str
    unit_id: int
    unit_name: str
    unit_kind: str
    uscc: str
    holder: str
    region_id: int
    region_path: str
    sector: str
    trade: str
    address: str
    lon: float | None
    lat: float | None
    industry: str
    scale: str
    headcount: int | None
    flags: tuple[str, ...]
    status: str
    is_main: bool
    landlord_id: int | None

    @property
    def sector_label(self) -> str:
        """The sector line in the reader's language."""
        return choices.label_of(Sector, self.sector)

    @property
    def open(self) -> bool:
        """False for a closed site."""
        return self.status != SiteStatus.CLOSED


@dataclass(frozen=True, slots=True)
class UnitView:
    """A unit as other modules see it; ``holder`` is the reference under which its people are granted."""

    id: int
    name: str
    number: str
    kind: str
    uscc: str
    holder: str
    region_path: str
    sector: str


@dataclass(frozen=True, slots=True)
class ContactView:
    """Somebody to turn to: name and post in the open, the telephone only through ``phone_of``."""

    person_id: int
    name: str
    post: str
    has_phone: bool


def site_view(actor: Actor, site_id: int) -> SiteView:
    """One site the actor may see (the surviving one of a merge); ``NotFound`` otherwise."""
    return _view(selectors.site(actor, site_id))


@system_read("a flow or a page of another module names sites it was shown already")
def site_views(ids: Iterable[int]) -> dict[int, SiteView]:
    """Sites by their key, in one query; unknown keys are left out."""
    rows = Site.objects.everything(why="named by rows of another module that were seen already")
    return {s.pk: _view(s) for s in rows.filter(pk__in=set(ids)).select_related("unit")}


def unit_view(actor: Actor, unit_id: int) -> UnitView:
    """One unit the actor may see (the surviving one of a merge); ``NotFound`` otherwise."""
    return _unit_view(selectors.unit(actor, unit_id))


def site_rows(actor: Actor) -> QuerySet[Site]:
    """The sites the actor may see, for choices in forms and filters; search by ``search_text__has``."""
    return selectors.sites(actor)


def kept_sites(actor: Actor, permission: str) -> QuerySet[Site]:
    """The open sites on which the actor holds a permission, by name; for choices in forms."""
    rows = Site.objects.visible_to(actor, permission).filter(merged_into=None).exclude(status=SiteStatus.CLOSED)
    return rows.select_related("unit").order_by("name", "pk")


def set_flag(actor: Actor, site_id: int, flag: str, holds: bool) -> None:
    """Say that a site bears one of the flags (``Flag``), or no longer; the same again does nothing (an act)."""
    now = set(selectors.site(actor, site_id).flags)
    wanted = now | {flag} if holds else now - {flag}
    if wanted != now:
        change_site(actor=actor, site=site_id, data={"flags": sorted(wanted)})


def unit_rows(actor: Actor, permission: str | None = None) -> QuerySet[Unit]:
    """The units the actor may see (or on whose sites he holds the permission), for lists and choices."""
    return Unit.objects.visible_to(actor, permission).filter(merged_into=None)


def lock_units(actor: Actor, permission: str, ids: Iterable[int], numbers: Iterable[str]) -> QuerySet[Unit]:
    """The units named by key, unified code or provisional number on which the actor holds the permission, locked.

    In order of their keys, so that two who lock the same units wait for each other and never for ever.
    """
    given = list(numbers)
    named = Q(pk__in=[pk for pk in ids if 0 < pk < 2**63]) | Q(uscc__in=given, uscc__gt="")
    named |= Q(provisional_number__in=given, provisional_number__gt="")
    return unit_rows(actor, permission).filter(named).order_by("pk").select_for_update(of=("self",))


@system_read("whether a number is on file, nothing of whose it is")
def numbers_on_file(numbers: Iterable[str]) -> set[str]:
    """Those of the numbers (unified codes, provisional numbers) under which any unit is on file."""
    given = [number for number in numbers if number]
    rows = Unit.objects.everything(why="only whether a number is known").filter(
        Q(uscc__in=given) | Q(provisional_number__in=given), merged_into=None
    )
    return {number for pair in rows.values_list("uscc", "provisional_number") for number in pair if number}


def enter_person(actor: Actor, unit_id: int, *, name: str, phone: str, post: str) -> int:
    """Put somebody on file in a unit with a post and a telephone, or give the post to whom the file knows already.

    Known is who bears the name in that unit; a telephone that was lacking or differs is replaced. Answers the key.
    """
    known = selectors.people(actor).filter(unit=unit_id, name=name, erased_at=None).order_by("pk").first()
    if known is None:
        fresh: Person = add_person(actor=actor, unit=unit_id, data={"name": name, "phone": phone, "posts": [post]})
        return fresh.pk
    if phone:
        change_person(actor=actor, person=known, data={"phone": phone})
    give_post(actor=actor, person=known, kind=post, since=clock.today())
    return known.pk


def leave_post(actor: Actor, unit_id: int, *, name: str, post: str) -> int:
    """Whoever bears the name in a unit leaves the post today; answers how many posts ended."""
    rows = selectors.people(actor).filter(unit=unit_id, name=name, erased_at=None, posts__kind=post, posts__until=None)
    held = list(rows.distinct())
    for person in held:
        end_post(actor=actor, person=person, kind=post, until=clock.today())
    return len(held)


@system_read("outlines of regions are public")
def lies_outside(path: str, lon: float, lat: float) -> bool:
    """Whether a point (WGS-84 degrees) lies clearly outside a region; False where no outline is on file."""
    region = Region.objects.filter(path=path).first()
    return region is not None and bool(Outlines().outside(region, [(lon, lat)]))


def site_options(actor: Actor, text: str = "", limit: int = 20) -> list[SiteView]:
    """The sites whose name, code or address contains the text, those that work first."""
    rows = selectors.sites(actor)
    for word in words_of(text):
        rows = rows.filter(search_text__has=word)
    return [_view(s) for s in rows.order_by("-status", "name", "pk")[:limit]]


def sites_of_holder(actor: Actor, holder: str) -> list[SiteView]:
    """The sites of one unit, by its reference, that the actor may see; the main one first."""
    return [_view(s) for s in selectors.sites(actor).filter(holder=holder).order_by("-is_main", "serial")]


@system_read("a name for a reference the caller holds")
def unit_of_holder(holder: str) -> UnitView | None:
    """The unit with that reference; after a merge the surviving one."""
    found = Unit.objects.everything(why="a reference is a name, not a right").filter(holder=holder).first()
    if found is not None and found.merged_into_id:
        found = Unit.plain.filter(pk=found.merged_into_id).first()
    return _unit_view(found) if found else None


@system_read("units for references the caller holds")
def units_of_holders(holders: Iterable[str]) -> dict[str, UnitView]:
    """The units with these references that were not merged away, by reference, in one query."""
    rows = Unit.objects.everything(why="a reference is a name, not a right")
    return {u.holder: _unit_view(u) for u in rows.filter(holder__in=set(holders), merged_into=None)}


@system_read("names for references the caller holds")
def unit_names(holders: Iterable[str]) -> dict[str, str]:
    """The names of units by their references, in one query."""
    rows = Unit.objects.everything(why="a reference is a name, not a right").filter(holder__in=set(holders))
    return dict(rows.values_list("holder", "name"))


def site_by_code(actor: Actor, code: str, region_path: str = "") -> SiteView | None:
    """The site of a unit with that unified code or provisional number, within a region when one is given.

    None when there is none to see, or several: the caller asks which one is meant.
    """
    rows = selectors.sites(actor).filter(unit__uscc=code) | selectors.sites(actor).filter(unit__provisional_number=code)
    if region_path:
        rows = rows.filter(region_path__startswith=region_path)
    found = list(rows.exclude(status=SiteStatus.CLOSED)[:2]) or list(rows[:2])
    return _view(found[0]) if len(found) == 1 else None


def contact_of(actor: Actor, site_id: int) -> ContactView | None:
    """Who answers for a site the actor may see; None when nobody is on file."""
    site = selectors.site(actor, site_id)
    person = selectors.principal_of(actor, site)
    return None if person is None else _contact(person)


def contacts_of(actor: Actor, site_id: int) -> list[ContactView]:
    """The people of a site the actor may see, each under the first post held."""
    site = selectors.site(actor, site_id)
    return [_contact(person) for person in selectors.site_people(actor, site)]


def phone_of(actor: Actor, person_id: int, reason: str) -> str:
    """The telephone of a person, for a reason that is journalled (an act: see ``unmask_person``); "" when none."""
    return unmask_person(actor=actor, person=person_id, reason=reason, fields=("phone",)).phone


@system_read("whether there is a telephone at all, of units in hand; no number, no name")
def units_with_phone(units: Iterable[int]) -> frozenset[int]:
    """Of these units, by their keys, those of whose responsible people one has a telephone on file; one query."""
    rows = Person.objects.everything(why="of units in hand: yes or no").filter(
        unit__in=set(units), erased_at=None, key__isnull=False, posts__until=None, posts__kind__in=choices.RESPONSIBLE
    )
    return frozenset(rows.exclude(phone_sealed=b"").values_list("unit_id", flat=True))


@dataclass(frozen=True, slots=True)
class Reached:
    """Whom a telephone's end leads to: units by their ``holder``, sites by their key."""

    holders: frozenset[str] = frozenset()
    sites: frozenset[int] = frozenset()


def reached_by_phone(actor: Actor, digits: str) -> Reached:
    """The units, or for people of one site only the sites, of those whose telephone ends in these four digits.

    Among the people the actor may see; looking is rationed (``TooOften``).
    """
    people = selectors.people_by_key(actor, look_up_phone(actor=actor, digits=digits))
    return Reached(
        frozenset(p.holder for p in people if not p.site_id), frozenset(p.site_id for p in people if p.site_id)
    )


def people_of_unit(actor: Actor, unit_id: int) -> list[ContactView]:
    """The people of a unit the actor may see."""
    rows = selectors.people(actor).filter(unit=unit_id, erased_at=None).order_by("pk")
    return [_contact(person) for person in rows]


def _view(site: Site) -> SiteView:
    unit = site.unit
    return SiteView(
        id=site.pk,
        name=site.name,
        number=site.number,
        unit_id=site.unit_id,
        unit_name=unit.name,
        unit_kind=unit.kind,
        uscc=unit.uscc,
        holder=site.holder,
        region_id=site.region_id,
        region_path=site.region_path,
        sector=site.sector,
        trade=site.trade,
        address=site.address,
        lon=site.lon,
        lat=site.lat,
        industry=site.industry,
        scale=site.scale,
        headcount=site.headcount,
        flags=tuple(site.flags),
        status=site.status,
        is_main=site.is_main,
        landlord_id=site.landlord_id,
    )


def _unit_view(unit: Unit) -> UnitView:
    return UnitView(
        id=unit.pk,
        name=unit.name,
        number=unit.number,
        kind=unit.kind,
        uscc=unit.uscc,
        holder=unit.holder,
        region_path=unit.region_path,
        sector=unit.sector,
    )


def _contact(person: Person) -> ContactView:
    held = [post for post in person.posts.all() if post.until is None]
    return ContactView(
        person_id=person.pk,
        name=str(person),
        post=held[0].get_kind_display() if held else "",
        has_phone=person.has_phone,
    )


__all__ = [
    "JOINABLE",
    "PERSON",
    "SITE",
    "UNIT",
    "ContactView",
    "Flag",
    "LandlordLinked",
    "NotFound",
    "NumberUpgraded",
    "PersonErased",
    "PostEnded",
    "PostGiven",
    "PostKind",
    "Reached",
    "Sector",
    "SectorChanged",
    "SiteAdded",
    "SiteClosed",
    "SiteMoved",
    "SiteRenamed",
    "SiteReopened",
    "SiteStatus",
    "SiteSuspended",
    "SiteView",
    "SitesMerged",
    "Trade",
    "UnitKind",
    "UnitRegistered",
    "UnitRenamed",
    "UnitView",
    "UnitsMerged",
    "UnitsTakenIn",
    "contact_of",
    "contacts_of",
    "enter_person",
    "kept_sites",
    "leave_post",
    "lies_outside",
    "lock_units",
    "numbers_on_file",
    "people_of_unit",
    "phone_of",
    "reached_by_phone",
    "sectors",
    "set_flag",
    "site_by_code",
    "site_options",
    "site_rows",
    "site_view",
    "site_views",
    "sites_of_holder",
    "unit_names",
    "unit_of_holder",
    "unit_rows",
    "unit_view",
    "units_of_holders",
    "units_with_phone",
]  # fmt: skip
