"""Making a hazard out of parsed values: shared by the single acts and the set-based intake."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from anlan.kernel import clock
from anlan.kernel.acts import Work, created
from anlan.kernel.codes.services import next_numbers
from anlan.kernel.errors import BadInput, gettext_noop
from anlan.kernel.regions.models import Region
from anlan.kernel.regions.services import pinyin_initials
from anlan.kernel.workflow import begin, remember
from anlan.modules.hazards import rows
from anlan.modules.hazards.choices import SOURCE_LABELS, Grade, Purpose
from anlan.modules.hazards.events import HazardRegistered
from anlan.modules.hazards.models import Hazard
from anlan.modules.hazards.services import _desks as desks
from anlan.modules.hazards.services import _terms as terms
from anlan.modules.hazards.services import _twins as twins
from anlan.modules.hazards.services._uploads import keep_files
from anlan.modules.registry.public import SiteView, site_views
from anlan.rules.overlap import bigrams, plain

TEXTS = ("place", "found_by", "proposed_grade", "proposed_measures", "responsible")
SERIES = "隐患"


def new_hazard(
    work: Work, site: SiteView, values: Mapping[str, Any], *, by_unit: bool, number: str, owner_path: str
) -> Hazard:
    """An unsaved hazard on a site from parsed values; shared with the set-based intake."""
    hazard = Hazard(
        number=number, site_id=site.id, region_path=site.region_path, sector=site.sector, holder=site.holder,
        owner_path=owner_path, owner_sector=site.sector, by_unit=by_unit, source=values["source"],
        found_on=values["found_on"], title=rows.title_of(values), description=values["description"],
        category=values["category"] or "other", proposed_due=values["proposed_due"],
        money_needed_yuan=values["money_needed_yuan"], created_at=work.now,
        **{name: values[name] or "" for name in TEXTS},
    )  # fmt: skip
    hazard.lon, hazard.lat = (values["lon"], values["lat"]) if values["lon"] is not None else (site.lon, site.lat)
    hazard.search_text = search_text(hazard, site.name, site.unit_name)
    hazard.words = sorted(bigrams(hazard.search_text))
    return hazard


def search_text(hazard: Hazard, *names: str) -> str:
    """What a search looks in: number, title, place, description, names of site and unit and their initials."""
    names = tuple(dict.fromkeys(names))
    initials = dict.fromkeys(initials_of(name) for name in names)
    said = (hazard.number, hazard.title, hazard.place, hazard.description, *names, *initials)
    return " ".join(plain(text) for text in said if text)


@lru_cache(maxsize=4096)
def initials_of(name: str) -> str:
    """The initials of a Chinese name; "" for a name that has no Chinese character, which is found as it is."""
    return "" if name.isascii() else pinyin_initials(name)


def number_series(path: str, day: dt.date) -> tuple[str, str]:
    """The series of running numbers of a place and year, and the prefix of its numbers: ``YH441481-2026-``."""
    steps = [path[:end] for end in range(Region.steplen, len(path) + 1, Region.steplen)]
    codes = dict(Region.objects.filter(path__in=steps).exclude(code="").values_list("path", "code"))
    known = [codes[p] for p in steps if p in codes]
    county = [c for c in known if c[4:6] != "00"]
    code = (county[0] if county else known[-1] if known else "000000")[:6]
    return f"{SERIES}:{code}:{day.year}", f"YH{code}-{day.year}-"


def register(
    work: Work, step: str, site: SiteView, values: Mapping[str, Any], before: Iterable[Any], distinct: bool
) -> Hazard:
    """Enter one hazard by its first step: twins asked for, number given, deadline started."""
    twins.refuse_open_twin(work, site, values, distinct)
    series, prefix = number_series(site.region_path, clock.today())
    hazard = new_hazard(
        work, site, values, by_unit=step == "report", number=f"{prefix}{next_numbers(series)[0]:05d}",
        owner_path=desks.Desk.office(site.region_path),
    )  # fmt: skip
    hazard.repeat_of = twins.earlier(work, hazard)
    begin(work, hazard, step)
    finding = terms.due_of("assess", hazard)
    hazard.due_at, hazard.due_kind = clock.end_of(finding.value), "assess"
    created(hazard)
    remember(work, hazard, step)
    keep_files(work, hazard, before, Purpose.BEFORE)
    desks.start_due(work, hazard, "assess", finding)
    desks.note(
        work,
        HazardRegistered(
            number=hazard.number,
            title=hazard.title,
            source=SOURCE_LABELS[hazard.source],
            by_unit=hazard.by_unit,
            repeat_of=hazard.repeat_of.number if hazard.repeat_of else "",
        ),
        on=hazard,
    )
    if hazard.proposed_grade == Grade.MAJOR:
        desks.tell_desk(
            work, hazard, "assess", gettext_noop("A major hazard was reported, to be assessed: %(number)s %(title)s")
        )
    return hazard


def changed_fields(hazard: Hazard, values: Mapping[str, Any]) -> dict[str, Any]:
    """The parsed fields whose value differs from the record's."""
    known = {name: values[name] for name in rows.HAZARD.fields if name in values and name != "source"}
    parsed = rows.HAZARD.parse(known, partial=True).required()
    found_on, due = parsed.get("found_on", hazard.found_on), parsed.get("proposed_due", hazard.proposed_due)
    if due and due < found_on:
        raise BadInput("proposed_due", gettext_noop("The time limit lies before the day the hazard was found."))
    fields = {}
    for name, value in parsed.items():
        stored = Hazard._meta.get_field(name)
        plain_value = value if value is not None or stored.null else ""
        if name == "title" and not plain_value:
            continue
        if getattr(hazard, name) != plain_value:
            fields[name] = plain_value
    return fields


def refresh_words(hazard: Hazard) -> None:
    """Find the record again by its new words and by the present names of site and unit."""
    site = site_views([hazard.site_id])[hazard.site_id]
    hazard.search_text = search_text(hazard, site.name, site.unit_name)
    hazard.words = sorted(bigrams(hazard.search_text))
    hazard.save(update_fields=["search_text", "words"])
