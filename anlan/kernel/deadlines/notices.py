"""The yearly holiday notices a deployment loads, and what was provisional counted anew with them.

The rules hold the notices to a year and count later ones provisionally. When the next notice is out, whoever runs the
platform loads it; every running time limit that leaned on the year is counted anew, in the same act. Other processes
hear of it at the next act they run, a minute later at most.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models

from anlan.kernel import clock
from anlan.kernel.acts import Work, act
from anlan.kernel.deadlines.facts import DeadlineRecounted, NoticeLoaded
from anlan.kernel.deadlines.models import Deadline, HolidayNotice
from anlan.kernel.deadlines.services import RUNNING, begin_anew
from anlan.kernel.errors import BadInput, gettext_noop
from anlan.kernel.scope import system_read
from anlan.rules import working_days
from anlan.rules.wording import Wording

AFTER_RECOUNT: list[Callable[[Work, Deadline, Any], None]] = []
"""What else follows a time limit that was counted anew: modules that copied its day add a function when they load."""
LANGUAGE = {named.zh: named for named in working_days.FESTIVAL_NAMES.values()}
_looked = float("-inf")


@act(may="deadlines.notices")
def load_notice(work: Work, *, notice: working_days.Notice, source: str) -> dict[str, int]:
    """Count by a year's notice from now on; answers how many limits were ``recounted`` and how many ``moved``.

    The same notice again changes nothing. ``BadInput`` for a year whose notice the tables or an earlier load hold with
    other days, and for one that does not follow the last held.
    """
    days = [
        [day.isoformat(), kind, named.zh]
        for kind, rows in (("holiday", notice.off), ("workday", notice.made_up))
        for day, named in rows
    ]
    known = HolidayNotice.objects.select_for_update().filter(year=notice.year).first()
    if known is not None and known.days == days:
        return {"recounted": 0, "moved": 0}
    _in_turn(notice, known is not None)
    HolidayNotice.objects.create(year=notice.year, days=days, source=source[:200], loaded_at=work.now)
    leaning = list(
        Deadline.objects.everything(why="every running limit that leans on the year")
        .filter(provisional=True, state__in=RUNNING)
        .select_for_update(of=("self",))
        .select_related("assignee")
        .order_by("subject_type", "pk")
    )
    counted = {item.pk: _counted(item) for item in leaning}
    before = working_days.hold(held_notices())
    try:
        moved = _recount(work, leaning, counted, notice.year)
    except BaseException:  # the transaction goes back, and so does the calendar of this process
        working_days.hold(before)
        raise
    told = {"recounted": len(leaning), "moved": moved}
    work.record(
        NoticeLoaded(year=notice.year, source=source, off=len(notice.off), made_up=len(notice.made_up), **told),
        on=HolidayNotice.objects.get(year=notice.year), path="",
    )  # fmt: skip
    return told


@system_read("days off are public")
def held_notices() -> list[working_days.Notice]:
    """The notices this deployment loaded, the oldest first."""
    return [_notice(row) for row in HolidayNotice.objects.order_by("year")]


def look() -> None:
    """Take over what another process loaded; looked at every ``CALENDAR_LOOK_SECONDS``, without a number never."""
    global _looked
    every = settings.CALENDAR_LOOK_SECONDS
    if every is not None and time.monotonic() - _looked >= every:
        _looked = time.monotonic()
        found = held_notices()
        if found:
            working_days.hold(found)


def _in_turn(notice: working_days.Notice, known: bool) -> None:
    if known or notice.year <= working_days.LAST_NOTICE:
        raise BadInput(
            "year", gettext_noop("The notice of %(year)s is held with other days. Compare the file."), year=notice.year
        )
    following = working_days.last_notice() + 1
    if notice.year != following:
        raise BadInput(
            "year", gettext_noop("The next notice to be loaded is that of %(year)s."), year=following
        )


def _notice(row: HolidayNotice) -> working_days.Notice:
    def of(kind: str) -> tuple[tuple[dt.date, Wording], ...]:
        return tuple((dt.date.fromisoformat(day), LANGUAGE[name]) for day, k, name in row.days if k == kind)

    return working_days.Notice(row.year, of("holiday"), of("workday"))


def _counted(item: Deadline) -> int:
    """The working days a limit counts, by the calendar as it was; 0 for one in natural days."""
    if not item.in_working_days:
        return 0
    return working_days.working_days_between(item.starts_on, clock.day_of(item.due_at))


def _recount(work: Work, leaning: Iterable[Deadline], counted: dict[int, int], year: int) -> int:
    """Each limit by the new calendar, with its journal entry; answers how many moved."""
    moved = 0
    for subject_type, items in groupby(leaning, key=lambda item: item.subject_type):
        of_type = list(items)
        subjects = _subjects(subject_type, [item.subject_id for item in of_type])
        for item in of_type:
            before = clock.day_of(item.due_at)
            if item.in_working_days:
                due = working_days.add_working_days(item.starts_on, counted[item.pk])
            else:
                due = working_days.add_natural_days(item.raw_on or before, 0, roll=True)
            item.due_at, item.provisional = clock.end_of(due.due), due.provisional
            item.trace = [*item.trace, *(step.zh for step in due.steps)]
            if due.due != before:
                moved += 1
                begin_anew(work, item)
            item.save()
            subject = subjects.get(item.subject_id)
            if subject is None:
                continue
            for follow in AFTER_RECOUNT:
                follow(work, item, subject)
            work.record(
                DeadlineRecounted(label=item.label, year=year, before=before.isoformat(), due=due.due.isoformat()),
                on=subject,
            )
    return moved


def _subjects(subject_type: str, keys: list[str]) -> dict[str, models.Model]:
    try:
        model = apps.get_model(subject_type)
    except LookupError:  # its module was taken out of the deployment
        return {}
    return {str(row.pk): row for row in model._base_manager.select_for_update(of=("self",)).filter(pk__in=keys)}
