"""Reckoning the index of every region and unit for today, and proposing warnings where it reached a level."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from anlan.kernel import clock
from anlan.kernel.acts import Work, act, created, inside_act
from anlan.kernel.codes.services import next_numbers, parameter
from anlan.kernel.errors import NotFound, gettext_noop
from anlan.kernel.identity.actors import holders_of
from anlan.kernel.notify.services import tell
from anlan.kernel.regions.selectors import names_at
from anlan.kernel.workflow import begin, remember
from anlan.modules.warning.choices import LEVEL_NAMES, LEVEL_RANK, OF_INDEX, PREFIX, About, Source
from anlan.modules.warning.engine import CURRENT, Index, index_of, level_of
from anlan.modules.warning.events import WarningProposed
from anlan.modules.warning.models import EarlyWarning, IndexDay
from anlan.modules.warning.selectors import QUIET, least_proposed, town_of
from anlan.modules.warning.selectors.gathering import WHY, Subject, everything_found
from anlan.modules.warning.workflow import ISSUE, OPEN, RECKON

MOST_UNITS = 20_000  # of a day: the gravest, where more have something to count
MOST_DROPPED = 200_000  # at once: a first time may find years
_FIELDS = ("region_path", "sector", "holder", "value", "level", "formula", "found", "figures", "parts", "periods",
           "reckoned_at")  # fmt: skip


@act(may=RECKON)
def reckon_indexes(work: Work, *, units: bool = True) -> int:
    """Keep the index of today for every region, and for every unit with something to count; answers how many.

    Again on the same day it takes the place of what was kept; days that are over stay as they are. Nothing found
    anew, nothing written.
    """
    day = clock.day_of(work.now)
    there = IndexDay.objects.everything(why=WHY).filter(day=day)
    kept = {row.key: row for row in (there if units else there.filter(about=About.REGION))}
    fresh, changed, seen = [], [], set()
    for subject, index in _reckoned(units=units):
        row = kept.get(subject.key)
        seen.add(subject.key)
        told = _told(subject, index)
        if row is None:
            own = {"about": subject.about, "key": subject.key, "unit_id": subject.unit_id}
            fresh.append(IndexDay(day=day, reckoned_at=work.now, **own, **told))
        elif any(getattr(row, name) != value for name, value in told.items()):
            for name, value in told.items():
                setattr(row, name, value)
            row.reckoned_at = work.now
            changed.append(row)
    gone = [row.pk for key, row in kept.items() if key not in seen]
    there.filter(pk__in=gone).delete()
    there.bulk_update(changed, _FIELDS, batch_size=500)
    IndexDay.plain.bulk_create(fresh, batch_size=500)
    return len(seen)


@act(may=RECKON)
def drop_old_indexes(work: Work, *, most: int = MOST_DROPPED) -> int:
    """Drop the indexes of days that are older than they are to be kept, the oldest first, at most so many at once;
    answers how many. Warnings keep the index before and after with them: what they say stays.
    """
    first = clock.day_of(work.now) - dt.timedelta(days=parameter(PREFIX + "kept_days"))
    there = IndexDay.objects.everything(why=WHY)
    old = list(there.filter(day__lt=first).order_by("day", "pk").values_list("pk", flat=True)[:most])
    if old:
        there.filter(pk__in=old).delete()
    return len(old)


def _reckoned(*, units: bool) -> list[tuple[Subject, Index]]:
    """Every subject with its index: regions, then units, the gravest first where there are too many."""
    told = [(s, index_of(s.found, s.figures)) for s in everything_found() if units or s.about == About.REGION]
    regions = [one for one in told if one[0].about == About.REGION]
    rest = sorted((one for one in told if one[0].about == About.UNIT), key=lambda one: -one[1].value)
    return [*regions, *rest[:MOST_UNITS]]


def _told(subject: Subject, index: Index) -> dict[str, Any]:
    return {
        "region_path": subject.region_path, "sector": subject.sector, "holder": subject.holder, "value": index.value,
        "level": level_of(index.value, subject.figures), "formula": CURRENT,
        "found": {**dataclasses.asdict(subject.found), "alarms": list(subject.found.alarms)},
        "figures": {code: subject.figures[code] for code in OF_INDEX},
        "parts": [{k: _plain(v) for k, v in dataclasses.asdict(part).items()} for part in index.parts],
        "periods": list(subject.periods),
    }  # fmt: skip


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | bool) else str(value)


@act(may=RECKON)
def propose_warning(work: Work, *, index: int) -> EarlyWarning | None:
    """Propose the warning an index of today stands for; whoever may issue it is told, and decides.

    Nothing where one as grave is proposed or in force, or ended within a day; a proposal of less is raised.
    """
    row = IndexDay.objects.everything(why=WHY).select_related("unit").filter(pk=index).first()
    if row is None:
        raise NotFound
    rank = LEVEL_RANK[row.level]
    if rank < least_proposed(row.about, row.region_path):
        return None
    same = EarlyWarning.objects.everything(why=WHY).filter(key=row.key)
    for one in same.filter(ended_at__gt=work.now - QUIET) | same.filter(state__in=OPEN):
        if LEVEL_RANK[one.level] >= rank:
            return one
    standing = same.filter(state="proposed").select_for_update(of=("self",)).first()
    if standing is not None:
        standing.level, standing.value_before = row.level, row.value
        standing.save(update_fields=["level", "value_before"])
        _say(work, standing, row)
        return standing
    unit = row.unit
    warning = EarlyWarning(
        region_path=row.region_path, sector=row.sector, about=row.about, key=row.key, unit=unit,
        source=Source.INDEX, level=row.level,
        place=unit.name if unit else names_at([row.region_path]).get(row.region_path, ""),
        number=next_number(work), made_at=work.now, value_before=row.value,
    )  # fmt: skip
    begin(work, warning, "propose")
    created(warning)
    remember(work, warning, "propose")
    _say(work, warning, row)
    return warning


def _say(work: Work, warning: EarlyWarning, row: IndexDay) -> None:
    level = LEVEL_NAMES[row.level]
    work.record(WarningProposed(place=warning.place, value=str(row.value), level=level), on=warning)
    tell(
        holders_of(ISSUE, path=_desk_of(warning), sector=warning.sector),
        gettext_noop("%(place)s stands at %(value)s: %(number)s, %(what)s, is proposed. Issue it or say why not."),
        subject=warning, urgent=LEVEL_RANK[row.level] >= LEVEL_RANK["orange"], place=warning.place, value=row.value,
        number=warning.number, what=level,
    )  # fmt: skip


@inside_act
def next_number(work: Work) -> str:
    """The next number of a warning of this year."""
    year = clock.day_of(work.now).year
    return f"YJ-{year}-{next_numbers(f'预警:{year}')[0]:04d}"


def _desk_of(warning: EarlyWarning) -> str:
    """The office that decides on a warning: the region's own; a unit's is its town's."""
    town = town_of(warning.region_path) if warning.about == About.UNIT else None
    return town.path if town else warning.region_path
