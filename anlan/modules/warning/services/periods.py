"""Seasons, holidays, campaigns and hard weather, in which the index weighs more."""

from __future__ import annotations

import datetime as dt

from anlan.kernel import clock
from anlan.kernel.acts import Work, act, created
from anlan.kernel.errors import BadInput, gettext_noop
from anlan.kernel.regions.models import Region
from anlan.modules.warning.choices import LEAST_FACTOR, MOST_FACTOR, PeriodKind
from anlan.modules.warning.events import PeriodEnded, PeriodSet
from anlan.modules.warning.models import SpecialPeriod
from anlan.modules.warning.workflow import PERIODS

LONGEST = dt.timedelta(days=366)


@act(may=PERIODS)
def set_period(
    work: Work, *, region: Region, name: str, kind: str, first: dt.date, last: dt.date, factor: int, reason: str
) -> SpecialPeriod:
    """From ``first`` to ``last`` the index of a region and of what lies in it is multiplied by ``factor`` per cent.

    The same name with the same days again does nothing.
    """
    work.actor.need_at(PERIODS, region.path, "")
    name, reason = name.strip()[:60], reason.strip()[:200]
    if not name:
        raise BadInput("name", gettext_noop("Name the period."))
    if kind not in PeriodKind.values:
        raise BadInput("kind", gettext_noop("Choose one of the list."))
    if last < first:
        raise BadInput("last", gettext_noop("The last day lies before the first. Correct one of them."))
    if last - first > LONGEST:
        raise BadInput("last", gettext_noop("A period lasts a year at most."))
    if last < clock.today():
        raise BadInput("last", gettext_noop("These days have passed."))
    if not LEAST_FACTOR <= factor <= MOST_FACTOR:
        raise BadInput(
            "factor", gettext_noop("The factor lies between %(least)s and %(most)s per cent."), least=LEAST_FACTOR,
            most=MOST_FACTOR,
        )  # fmt: skip
    if not reason:
        raise BadInput("reason", gettext_noop("Say on which notice or decision the period rests."))
    rows = SpecialPeriod.objects.everything(why="the same period again does nothing")
    same = rows.filter(region_path=region.path, name=name, first=first, last=last, ended_at=None).first()
    if same is not None:
        return same
    period = created(SpecialPeriod(
        region_path=region.path, name=name, kind=kind, first=first, last=last, factor=factor, reason=reason
    ))  # fmt: skip
    work.record(PeriodSet(name=name, first=first.isoformat(), last=last.isoformat(), factor=factor), on=period)
    return period


@act(may=PERIODS, on=SpecialPeriod)
def end_period(work: Work, period: SpecialPeriod, *, reason: str) -> None:
    """It weighs no more from now on; days already reckoned stay. Ended already: nothing."""
    if period.ended_at is not None:
        return
    if not reason.strip():
        raise BadInput("reason", gettext_noop("Say why the period ends."))
    period.ended_at = work.now
    period.save(update_fields=["ended_at"])
    work.record(PeriodEnded(reason=reason.strip()[:200]), on=period)
