"""Writing admitted rows: the same statements for one row of a form and for a ledger of thousands."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Max

from anlan.kernel.acts import Work, created
from anlan.kernel.bulk import copy_new
from anlan.kernel.clock import day_of
from anlan.kernel.codes.services import next_numbers
from anlan.kernel.identity.models import PersonKey
from anlan.kernel.identity.sealing import blind_index, new_key, seal, tail_index
from anlan.kernel.intake.names import address_key
from anlan.kernel.regions.models import Region
from anlan.kernel.regions.services import pinyin_key
from anlan.kernel.searching import folded
from anlan.modules.registry.choices import SiteStatus, UnitKind
from anlan.modules.registry.models import Person, Post, Site, StatusChange, Unit
from anlan.modules.registry.rows import Somebody, flags_of, kind_told_by, line_of, people_of
from anlan.modules.registry.services._admission import Admitted, stored_key
from anlan.rules.uscc import make_provisional

CHUNK = 1_000
Insert = Callable[[Any, Iterable[Any]], None]
NO_AREA = "000000"


@dataclass
class Built:
    """What was written: the site of each row, how many units and sites are new."""

    sites: dict[int, Site] = field(default_factory=dict)
    units: int = 0
    further: int = 0


def search_words(unit: Unit, former: Iterable[str] = (), site: Site | None = None) -> str:
    """The words by which a unit, or a site of it, is found."""
    words = [unit.name, *former, unit.uscc, unit.provisional_number]
    if site is not None:
        words += [site.name if site.name != unit.name else "", site.address]
    words.append(unit.pinyin)
    if site is not None and site.pinyin != unit.pinyin:
        words.append(site.pinyin)
    return folded("\n".join(word for word in words if word))


def build(
    work: Work,
    rows: Sequence[Admitted],
    *,
    batch: uuid.UUID | None = None,
    progress: Callable[[int], None] | None = None,
    single: bool = False,
) -> Built:
    """Write the rows whose plan is "unit" or "site", in their order, ``CHUNK`` rows a statement.

    ``single``: one by one, as records this act created (their version stays at 1).
    """
    built = Built()
    for start in range(0, len(rows), CHUNK):
        _chunk(work, rows[start : start + CHUNK], batch, built, _one_by_one if single else copy_new)
        if progress:
            progress(min(start + CHUNK, len(rows)))
    return built


def _chunk(work: Work, rows: Sequence[Admitted], batch: uuid.UUID | None, built: Built, insert: Insert) -> None:
    fresh = [row for row in rows if row.plan == "unit"]
    numbers = _provisional_numbers([row.region for row in fresh if not row.values.get("uscc")])
    units: dict[int, Unit] = {}
    for row in fresh:
        units[row.row] = _unit(row, "" if row.values.get("uscc") else next(numbers), batch)
    insert(Unit, units.values())
    further = [row for row in rows if row.plan == "site"]
    for row in further:
        if row.unit is not None:
            units[row.row] = row.unit
        elif row.after_row is not None:
            units[row.row] = units.get(row.after_row) or built.sites[row.after_row].unit
    serials = _serials({units[row.row].pk for row in further})
    sites: dict[int, Site] = {}
    for row in rows:
        unit = units[row.row]
        serial = 1
        if row.plan == "site":
            serial = serials[unit.pk] = serials.get(unit.pk, 1) + 1
        sites[row.row] = _site(row, unit, serial, batch, day_of(work.now))
    insert(Site, sites.values())
    copy_new(StatusChange, (
        StatusChange(site=s, status=s.status, since=s.status_since, by_name=work.actor.name, at=work.now)
        for s in sites.values()
        if s.status_since
    ))  # fmt: skip
    _people(rows, units, sites, batch)
    built.sites |= sites
    built.units += len(fresh)
    built.further += len(further)


def _one_by_one(_model: Any, rows: Iterable[Any]) -> None:
    for row in rows:
        created(row)


def _provisional_numbers(regions: Sequence[Region]) -> Any:
    """A provisional number for each region, in order."""
    areas = [_area(region) for region in regions]
    reserved = {
        area: iter(next_numbers(f"registry.provisional.{area}", areas.count(area))) for area in dict.fromkeys(areas)
    }
    return iter([make_provisional(area, next(reserved[area])) for area in areas])


def _area(region: Region) -> str:
    """The six-digit area a region lies in: the code of the nearest region upward that has one."""
    if region.code:
        return region.code[:6]
    codes = Region.objects.filter(path__in=region.ancestor_paths).exclude(code="").order_by("-path")
    nearest = codes.values_list("code", flat=True).first()
    return nearest[:6] if nearest else NO_AREA


def _unit(row: Admitted, provisional: str, batch: uuid.UUID | None) -> Unit:
    values, code = row.values, row.values.get("uscc") or ""
    unit = Unit(
        region_path=row.region.path,
        sector=line_of(values)[0],
        name=values["name"],
        name_key=stored_key(values["name"]),
        pinyin=pinyin_key(values["name"]),
        kind=values.get("kind") or kind_told_by(code) or UnitKind.UNSTATED,
        uscc=code,
        provisional_number=provisional,
        founded_on=values.get("founded"),
        registered_address=values.get("registered_address") or "",
        business_scope=values.get("business_scope") or "",
        batch=batch,
    )
    unit.search_text = search_words(unit)
    return unit


def _site(row: Admitted, unit: Unit, serial: int, batch: uuid.UUID | None, today: dt.date) -> Site:
    values = row.values
    sector, trade = line_of(values)
    name = values.get("site_name") or (unit.name if row.plan == "unit" else f"{unit.name}（{row.region.name}）")
    site = Site(
        unit=unit,
        serial=serial,
        is_main=row.plan == "unit",
        holder=unit.holder,
        region=row.region,
        region_path=row.region.path,
        sector=sector,
        trade=trade,
        name=name[:120],
        address=values.get("address") or "",
        address_key=address_key(values.get("address") or ""),
        lon=values.get("lon"),
        lat=values.get("lat"),
        industry=values.get("industry") or "",
        scale=values.get("scale") or "",
        headcount=values.get("headcount"),
        flags=list(flags_of(values)),
        status=values.get("status") or SiteStatus.OPERATING,
        opened_on=values.get("opened"),
        batch=batch,
    )
    site.pinyin = unit.pinyin if site.name == unit.name else pinyin_key(site.name)
    site.search_text = search_words(unit, (), site)
    if site.status != SiteStatus.OPERATING:
        site.status_since = today
    return site


def _serials(unit_ids: set[int]) -> dict[int, int]:
    rows = Site.plain.filter(unit__in=unit_ids).values_list("unit_id").annotate(last=Max("serial"))
    return dict(rows)


def _people(rows: Sequence[Admitted], units: dict[int, Unit], sites: dict[int, Site], batch: uuid.UUID | None) -> None:
    """The people the rows name: those of a new unit for the whole of it, those of a further site for that site."""
    people: list[tuple[Person, Somebody]] = []
    for row in rows:
        unit, site = units[row.row], sites[row.row]
        known = _names_in(unit) if row.plan == "site" else set()
        for somebody in people_of(row.values):
            if somebody.name and somebody.name in known:
                continue
            person = Person(
                unit=unit,
                site=None if row.plan == "unit" else site,
                name=somebody.name,
                holder=unit.holder,
                region_path=site.region_path,
                sector=site.sector,
                batch=batch,
            )
            people.append((person, somebody))
    seal_all(people)
    copy_new(Person, [person for person, _ in people])
    copy_new(Post, [Post(person=p, kind=kind) for p, somebody in people for kind in somebody.posts])


def seal_all(people: Sequence[tuple[Person, Somebody]]) -> None:
    """Seal the telephones, each under a new key of its person; a person with nothing to seal needs no key."""
    sealing = [(person, somebody) for person, somebody in people if somebody.phone]
    keys = [PersonKey(wrapped=new_key()) for _ in sealing]
    copy_new(PersonKey, keys)
    for (person, somebody), key in zip(sealing, keys, strict=True):
        person.key = key
        person.phone_sealed = seal(key.wrapped, somebody.phone)
        person.phone_index = blind_index("phone", somebody.phone)
        person.phone_tail = tail_index(somebody.phone)


def _names_in(unit: Unit) -> set[str]:
    why = "a person named again with another site of the unit is not entered twice"
    return set(Person.objects.everything(why=why).filter(unit=unit).values_list("name", flat=True))
