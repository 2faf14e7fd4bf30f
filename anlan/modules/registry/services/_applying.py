"""What the acts on units and sites share: admitting one row, writing it, changing columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from anlan.kernel import clock
from anlan.kernel.acts import Work
from anlan.kernel.errors import BadInput, BadInputs, gettext_noop
from anlan.kernel.intake.names import address_key
from anlan.kernel.regions.models import Region
from anlan.kernel.regions.services import pinyin_key
from anlan.modules.registry.choices import Sector, UnitKind, row_choices
from anlan.modules.registry.events import (
    NumberUpgraded,
    SectorChanged,
    SiteAdded,
    SiteRenamed,
    UnitRegistered,
    UnitRenamed,
)
from anlan.modules.registry.models import FormerName, Site, Unit
from anlan.modules.registry.rows import ENTERPRISE, kind_told_by
from anlan.modules.registry.services._admission import Admission, Admitted, Declined, stored_key
from anlan.modules.registry.services._building import build, search_words
from anlan.modules.registry.services._changes import Changes, fact_of
from anlan.modules.registry.services._following import follow_site


def admit_one(
    work: Work, data: Mapping[str, Any], region: Region | None, *, permission: str = "registry.change"
) -> Admitted:
    """One row as a form or the API sends it, or ``BadInputs``: the same refusals as a ledger's row."""
    parsed = ENTERPRISE.parse(data, strict=True)
    values = dict(parsed.required())
    admission = Admission(work.actor, permission=permission)
    if region is not None:
        values.update(county=None, town="@" + region.path, village=None)
    verdict = admission.admit([(0, values)])[0]
    if isinstance(verdict, Declined):
        raise BadInputs([problem.as_error() for problem in verdict.problems])
    return verdict


def apply_unit(work: Work, unit: Unit, changes: Changes) -> None:
    """Write changes to a unit and record them: the new name, the code, the rest. The old name stays on file."""
    if not changes:
        return
    if "name" in changes:
        before, after = changes["name"]
        FormerName.objects.create(unit=unit, name=before, until=clock.today())
        work.record(UnitRenamed(before=before, after=after), on=unit)
    if "uscc" in changes:
        work.record(NumberUpgraded(before=unit.provisional_number, uscc=changes["uscc"][1]), on=unit)
    rest = {column: change for column, change in changes.items() if column not in ("name", "uscc")}
    if rest:
        work.record(fact_of(rest), on=unit)
    write_unit(unit, changes)


def write_unit(unit: Unit, changes: Changes) -> None:
    """The columns, and the words the unit and its sites are found by."""
    for column, (_before, after) in changes.items():
        setattr(unit, column, after)
    if "name" in changes:
        unit.name_key, unit.pinyin = stored_key(unit.name), pinyin_key(unit.name)
    if "uscc" in changes and unit.kind in (UnitKind.UNSTATED, UnitKind.UNLICENSED):
        unit.kind = kind_told_by(unit.uscc) or unit.kind
    former = also_known_as(unit)
    unit.search_text = search_words(unit, former)
    unit.save()
    if "name" in changes or "uscc" in changes:
        _find_sites_again(unit, former, changes.get("name"))


def _find_sites_again(unit: Unit, former: list[str], renamed: tuple[Any, Any] | None) -> None:
    """The unit's sites are found under its new name and code; a site that bore the unit's name bears the new one."""
    sites = list(Site.plain.filter(unit=unit))
    for site in sites:
        if renamed and site.name == renamed[0]:
            site.name, site.pinyin = renamed[1], unit.pinyin
        site.search_text = search_words(unit, former, site)
    Site.plain.bulk_update(sites, ["name", "pinyin", "search_text"])


def written(work: Work, admitted: Admitted) -> Site:
    """Write one admitted row and record it; the site of the row."""
    try:
        with transaction.atomic():
            site = build(work, [admitted], single=True).sites[admitted.row]
    except IntegrityError as why:
        if "unit_uscc_once" not in str(why):
            raise
        raise BadInput(
            "uscc", gettext_noop("Somebody registered this code just now. Look it up before entering it again.")
        ) from why
    if admitted.plan == "unit":
        work.record(UnitRegistered(name=site.unit.name, number=site.unit.number), on=site.unit)
    work.record(SiteAdded(name=site.name, unit=site.unit.name), on=site)
    return site


def apply_site(work: Work, site: Site, changes: Changes) -> None:
    """Write changes to a site and record them; another line and another name are announced."""
    if not changes:
        return
    if "sector" in changes:
        before, after = changes["sector"]
        names = {choice.code: choice.label for choice in row_choices(Sector)}
        labels = {"before_label": names.get(before, "—"), "after_label": names.get(after, "—")}
        work.record(SectorChanged(before=before, after=after, **labels), on=site)
    if "name" in changes:
        before, after = changes["name"]
        work.record(SiteRenamed(before=before, after=after), on=site)
    rest = {column: change for column, change in changes.items() if column not in ("sector", "name")}
    if rest:
        work.record(fact_of(rest), on=site)
    write_site(site, changes)


def write_site(site: Site, changes: Changes) -> None:
    """The columns, the words the site is found by, and what follows another line."""
    for column, (_before, after) in changes.items():
        setattr(site, column, after)
    if "name" in changes:
        site.pinyin = pinyin_key(site.name)
    if "address" in changes:
        site.address_key = address_key(site.address)
    site.search_text = site_words(site)
    site.save()
    if "sector" in changes:
        follow_site(site)


def site_words(site: Site) -> str:
    """The words by which a site is found, its unit's former names included."""
    return search_words(site.unit, also_known_as(site.unit), site)


def also_known_as(unit: Unit) -> list[str]:
    """Former names, and the names and numbers of records merged into this one."""
    words = list(unit.former_names.values_list("name", flat=True))
    for name, uscc, provisional in Unit.plain.filter(merged_into=unit).values_list(
        "name", "uscc", "provisional_number"
    ):
        words += [word for word in (name, uscc, provisional) if word]
    return list(dict.fromkeys(words))
