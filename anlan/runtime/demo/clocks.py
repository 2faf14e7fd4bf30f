"""Deadlines of records that are copied in at once: as the acts would have started them, met or still running."""

from __future__ import annotations

import datetime as dt
from typing import Any

from anlan.kernel import clock
from anlan.kernel.deadlines.models import Deadline

REMIND_AT = dt.time(8, 30)


def deadline_row(
    pk: int,
    subject: Any,
    today: dt.date,
    *,
    kind: str,
    label: str,
    duty: str,
    due: dt.date,
    starts: dt.date,
    basis: str,
    title: str,
    met: dt.date | None = None,
    desk_path: str = "",
    remind: tuple[int, ...] = (3, 1),
) -> Deadline:
    """One deadline, unsaved: on the unit's desk unless ``desk_path`` names an office; met on a day, or open."""
    row = Deadline(
        pk=pk, region_path=subject.region_path, sector=subject.sector, holder=subject.holder, kind=kind, label=label,
        subject_type=subject._meta.label_lower, subject_id=str(subject.pk), subject_title=title[:200],
        starts_on=starts, due_at=clock.end_of(due), basis=basis[:300], duty=duty, desk_path=desk_path,
        desk_holder="" if desk_path else subject.holder, remind_days=sorted(remind, reverse=True),
    )  # fmt: skip
    if met is not None:
        row.state, row.ended_at = "met", dt.datetime.combine(met, dt.time(16), clock.CHINA)
        return row
    days = [due - dt.timedelta(days=ahead) for ahead in sorted(remind, reverse=True)]
    coming = next((day for day in [*days, due + dt.timedelta(days=1)] if day > today), today)
    row.next_action_at = dt.datetime.combine(coming, REMIND_AT, clock.CHINA)
    return row
