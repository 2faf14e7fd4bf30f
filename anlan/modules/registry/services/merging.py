"""Acts on two records of one thing: merge them, or note that they are two."""

from __future__ import annotations

from anlan.kernel import clock
from anlan.kernel.acts import Work, act
from anlan.kernel.errors import BadInput, NotAllowed, NotFound, gettext_noop
from anlan.kernel.files.models import StoredFile
from anlan.kernel.identity.models import Grant
from anlan.kernel.scope import follow_subject
from anlan.modules.registry.events import FoundDifferent, MergedAway, SitesMerged, UnitsMerged
from anlan.modules.registry.models import Difference, FormerName, Person, Site, Unit
from anlan.modules.registry.services._applying import site_words, write_unit
from anlan.modules.registry.services._following import follow_site, move_people

WHY = "the rows of a record merged away follow it in the same act"
UNIT_BLANKS = ("founded_on", "registered_address", "business_scope")
SITE_BLANKS = ("address", "address_key", "industry", "trade", "scale", "headcount", "opened_on", "landlord_id")


@act(may="registry.merge", on=Unit)
def merge_units(work: Work, unit: Unit, *, other: Unit | int, reason: str) -> None:
    """``other`` is a second record of ``unit``: its sites, people, accounts, files and names go there.

    Nothing is lost: the other record stays, with its history and journal, and its address leads here. What is blank
    here is filled from there. Two different unified codes are two legal persons and are not merged.
    """
    away = _other(work, unit, other, reason)
    if away is None:
        return
    if unit.uscc and away.uscc and unit.uscc != away.uscc:
        raise BadInput(
            "other", gettext_noop("Two different unified codes are two legal persons; they cannot be merged.")
        )
    old_holder, old_number = away.holder, away.number
    away.merged_into = unit
    away.save(update_fields=["merged_into"])
    Unit.objects.everything(why=WHY).filter(merged_into=away).update(merged_into=unit)
    _bring_sites(unit, away)
    people = Person.objects.everything(why=WHY).filter(unit=away)
    keys = list(people.values_list("pk", flat=True))
    people.update(unit=unit)
    move_people(Person.objects.everything(why=WHY).filter(pk__in=keys, site=None), unit)
    _bring_names(unit, away)
    Grant.objects.filter(holder=old_holder).update(holder=unit.holder)
    _bring_files("registry.unit", away.pk, unit.pk)
    changes = {
        c: (getattr(unit, c), getattr(away, c)) for c in UNIT_BLANKS if not getattr(unit, c) and getattr(away, c)
    }
    if away.uscc and not unit.uscc:
        changes["uscc"] = ("", away.uscc)
    if away.provisional_number and not unit.provisional_number:
        changes["provisional_number"] = ("", away.provisional_number)
    write_unit(unit, changes)
    for site in Site.plain.filter(unit=unit).select_related("unit"):
        site.search_text = site_words(site)
        site.save(update_fields=["search_text"])
    follow_subject(unit)
    work.record(
        UnitsMerged(
            old_id=away.pk,
            new_id=unit.pk,
            old_holder=old_holder,
            new_holder=unit.holder,
            old_name=away.name,
            old_number=old_number,
            reason=reason.strip(),
        ),
        on=unit,
    )
    work.record(MergedAway(into=unit.name, into_id=unit.pk, reason=reason.strip()), on=away)


@act(may="registry.merge", on=Site)
def merge_sites(work: Work, site: Site, *, other: Site | int, reason: str) -> None:
    """``other`` is a second record of ``site``, of the same unit: people, tenants and files go there.

    The other record stays, with its history and journal, and its address leads here. Flags are joined, blanks filled.
    """
    if not reason.strip():
        raise BadInput("reason", gettext_noop("Say how you know that the two are one."))
    pk = other.pk if isinstance(other, Site) else other
    away = Site.objects.visible_to(work.actor).select_for_update(of=("self",)).filter(pk=pk).first()
    if away is None:
        raise NotFound
    if away.merged_into_id == site.pk:
        return
    if away.pk == site.pk or site.merged_into_id or away.merged_into_id:
        raise BadInput("other", gettext_noop("Choose another site that has not been merged yet."))
    if away.unit_id != site.unit_id:
        raise BadInput("other", gettext_noop("The sites belong to two units: merge the units first, if they are one."))
    if not work.actor.may("registry.merge", away):
        raise NotAllowed(permission="registry.merge")
    old_path = away.region_path
    away.merged_into, was_main = site, away.is_main
    away.is_main = False
    away.save(update_fields=["merged_into", "is_main"])
    Site.objects.everything(why=WHY).filter(merged_into=away).update(merged_into=site)
    Site.objects.everything(why=WHY).filter(landlord=away).exclude(pk=site.pk).update(landlord=site)
    for column in SITE_BLANKS:
        if getattr(site, column) in (None, "") and getattr(away, column) not in (None, "", site.pk):
            setattr(site, column, getattr(away, column))
    if site.lon is None:
        site.lon, site.lat = away.lon, away.lat
    if site.landlord_id == away.pk:
        site.landlord = None
    site.flags = list(dict.fromkeys([*site.flags, *away.flags]))
    site.is_main = site.is_main or was_main
    site.search_text = site_words(site)
    site.save()
    people = Person.objects.everything(why=WHY).filter(site=away)
    people.update(site=site)
    follow_site(site)
    _bring_files("registry.site", away.pk, site.pk)
    follow_subject(site)
    work.record(
        SitesMerged(
            old_id=away.pk,
            new_id=site.pk,
            old_holder=away.holder,
            new_holder=site.holder,
            old_path=old_path,
            new_path=site.region_path,
            old_name=away.name,
            reason=reason.strip(),
        ),
        on=site,
    )
    work.record(MergedAway(into=site.name, into_id=site.pk, reason=reason.strip()), on=away)


@act(may="registry.merge", on=Unit)
def mark_different(work: Work, unit: Unit, *, other: Unit | int, reason: str) -> None:
    """The two look alike and are two: they are not proposed as duplicates again. Again changes nothing."""
    second = _other(work, unit, other, reason)
    if second is None:
        return
    low, high = sorted((unit.pk, second.pk))
    _row, fresh = Difference.objects.get_or_create(
        low_id=low, high_id=high, defaults={"reason": reason.strip()[:200], "by_key": work.actor.key, "at": work.now}
    )
    if fresh:
        work.record(FoundDifferent(other=second.name, reason=reason.strip()), on=unit)


def _other(work: Work, unit: Unit, other: Unit | int, reason: str) -> Unit | None:
    """The other unit, seen and in reach; None when it is merged into this one already."""
    if not reason.strip():
        raise BadInput("reason", gettext_noop("Say how you know that the two are one, or two."))
    pk = other.pk if isinstance(other, Unit) else other
    if Unit.objects.everything(why="merged into the unit in hand already").filter(pk=pk, merged_into=unit).exists():
        return None
    found = Unit.objects.visible_to(work.actor).select_for_update(of=("self",)).filter(pk=pk).first()
    if found is None:
        raise NotFound
    if found.pk == unit.pk or found.merged_into_id or unit.merged_into_id:
        raise BadInput("other", gettext_noop("Choose another unit that has not been merged yet."))
    if not work.actor.may("registry.merge", found):
        raise NotAllowed(permission="registry.merge")
    return found


def _bring_sites(unit: Unit, away: Unit) -> None:
    serial = max(Site.plain.filter(unit=unit).values_list("serial", flat=True), default=0)
    for site in Site.plain.filter(unit=away).order_by("serial").select_related("unit"):
        serial += 1
        site.unit, site.holder, site.serial, site.is_main = unit, unit.holder, serial, False
        site.save(update_fields=["unit", "holder", "serial", "is_main"])
        move_people(Person.objects.everything(why=WHY).filter(site=site), site)
        follow_subject(site)


def _bring_names(unit: Unit, away: Unit) -> None:
    FormerName.objects.filter(unit=away).update(unit=unit)
    if away.name != unit.name and not unit.former_names.filter(name=away.name).exists():
        FormerName.objects.create(unit=unit, name=away.name, until=clock.today(), basis=away.number)


def _bring_files(label: str, old: int, new: int) -> None:
    rows = StoredFile.objects.everything(why=WHY).filter(subject_type=label, subject_id=str(old))
    rows.update(subject_id=str(new))
