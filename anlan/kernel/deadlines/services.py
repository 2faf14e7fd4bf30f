"""Starting, meeting, moving, pausing and escalating deadlines.

``start``/``meet``/``cancel``/``move``/``pause``/``resume`` are called inside the body of another act; the sweep's
``advance_deadline`` and a superior's ``urge_deadline`` are acts of their own.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.apps import apps
from django.db import models

from anlan.kernel import clock
from anlan.kernel.acts import Work, act
from anlan.kernel.deadlines.facts import (
    DeadlineEscalated,
    DeadlineMoved,
    DeadlinePaused,
    DeadlineResumed,
    DeadlineSet,
    Urged,
)
from anlan.kernel.deadlines.models import Deadline, DeadlineState
from anlan.kernel.errors import BadInput, gettext_noop
from anlan.kernel.identity.actors import holders_of
from anlan.kernel.notify.services import tell
from anlan.kernel.regions.selectors import parent, region_at

ESCALATE_EVERY = dt.timedelta(days=3)  # 本地规定: how long an item stays overdue before the next level up hears of it
HOLD = "deadlines.hold"  # the permission of whoever answers for a region's overdue items


def start(
    work: Work, subject: Any, *, kind: str, label: str, due: dt.date, duty: str, starts_on: dt.date | None = None,
    basis: str = "", trace: tuple[str, ...] = (), provisional: bool = False, desk_path: str = "",
    desk_sector: str = "", desk_holder: str = "", assignee: Any = None, remind_days: tuple[int, ...] = (3, 1),
    title: str = "",
) -> Deadline:
    """Start a deadline of this kind on a record, or move the one that is open."""
    due_at = clock.end_of(due)
    current = find(subject, kind)
    if current is not None:
        if current.due_at != due_at or current.desk_path != desk_path or current.desk_holder != desk_holder:
            current.due_at, current.desk_path, current.desk_holder = due_at, desk_path, desk_holder
            current.desk_sector, current.assignee, current.basis = desk_sector, assignee, basis
            current.trace, current.escalated_path, current.escalations = list(trace), "", 0
            current.next_action_at = _next_action(current, work.now)
            current.save()
            work.record(DeadlineSet(label=label, due=due.isoformat(), basis=basis), on=subject)
        return current
    deadline = Deadline(
        region_path=subject.region_path, sector=subject.sector, holder=subject.holder, kind=kind, label=label,
        subject_type=subject._meta.label_lower, subject_id=str(subject.pk), subject_title=(title or str(subject))[:200],
        starts_on=starts_on or clock.today(), due_at=due_at, provisional=provisional, basis=basis, trace=list(trace),
        duty=duty, desk_path=desk_path, desk_sector=desk_sector, desk_holder=desk_holder, assignee=assignee,
        remind_days=sorted(remind_days, reverse=True),
    )
    deadline.next_action_at = _next_action(deadline, work.now)
    deadline.save(force_insert=True)
    work.record(DeadlineSet(label=label, due=due.isoformat(), basis=basis), on=subject)
    return deadline


def find(subject: Any, kind: str) -> Deadline | None:
    """The open or paused deadline of a kind on a record."""
    return _of(subject).filter(kind=kind, state__in=[DeadlineState.OPEN, DeadlineState.PAUSED]).first()


def open_on(subject: Any) -> list[Deadline]:
    """The open and paused deadlines of a record, soonest first."""
    return list(_of(subject).filter(state__in=[DeadlineState.OPEN, DeadlineState.PAUSED]).order_by("due_at"))


def meet(work: Work, subject: Any, *kinds: str) -> None:
    """The open deadlines of these kinds are answered."""
    _end(work, subject, kinds, DeadlineState.MET)


def cancel(work: Work, subject: Any, *kinds: str) -> None:
    """The open deadlines of these kinds fall away; without kinds, all of them."""
    _end(work, subject, kinds, DeadlineState.CANCELLED)


def move(work: Work, subject: Any, kind: str, *, due: dt.date, reason: str) -> None:
    """Move the open deadline to another day, for a reason that is journalled."""
    deadline = find(subject, kind)
    if deadline is None or clock.day_of(deadline.due_at) == due:
        return
    before = clock.day_of(deadline.due_at)
    deadline.due_at, deadline.escalated_path, deadline.escalations = clock.end_of(due), "", 0
    deadline.next_action_at = _next_action(deadline, work.now)
    deadline.save()
    work.record(
        DeadlineMoved(label=deadline.label, before=before.isoformat(), due=due.isoformat(), reason=reason), on=subject
    )


def pause(work: Work, subject: Any, kind: str, *, reason: str) -> None:
    """Stop the clock; a paused one stays paused."""
    deadline = find(subject, kind)
    if deadline is None or deadline.state == DeadlineState.PAUSED:
        return
    deadline.state, deadline.paused_at = DeadlineState.PAUSED, work.now
    deadline.save(update_fields=["state", "paused_at"])
    work.record(DeadlinePaused(label=deadline.label, reason=reason), on=subject)


def resume(work: Work, subject: Any, kind: str) -> None:
    """Let the clock run on: the due day moves by the whole days of the pause."""
    deadline = find(subject, kind)
    if deadline is None or deadline.state != DeadlineState.PAUSED or deadline.paused_at is None:
        return
    deadline.due_at += dt.timedelta(days=(clock.day_of(work.now) - clock.day_of(deadline.paused_at)).days)
    deadline.state, deadline.paused_at = DeadlineState.OPEN, None
    deadline.next_action_at = _next_action(deadline, work.now)
    deadline.save()
    work.record(DeadlineResumed(label=deadline.label, due=clock.day_of(deadline.due_at).isoformat()), on=subject)


@act(may="deadlines.sweep", on=Deadline)
def advance_deadline(work: Work, deadline: Deadline) -> None:
    """What the sweep does with one row: remind before the day, escalate one level up once it is over."""
    if deadline.state != DeadlineState.OPEN or deadline.next_action_at is None or deadline.next_action_at > work.now:
        return
    subject = apps.get_model(deadline.subject_type)._base_manager.filter(pk=deadline.subject_id).first()
    if subject is None:
        return
    if work.now <= deadline.due_at:
        tell(
            _addressees(deadline), gettext_noop("%(what)s is due by %(due)s: %(title)s"), subject=subject,
            what=deadline.label, due=clock.day_of(deadline.due_at).isoformat(), title=deadline.subject_title,
        )
    else:
        _escalate(work, deadline, subject)
    deadline.next_action_at = _next_action(deadline, work.now)
    deadline.save(update_fields=["next_action_at", "escalated_path", "escalations"])


@act(may="deadlines.urge", on=Deadline)
def urge_deadline(work: Work, deadline: Deadline, *, note: str = "") -> None:
    """Press for an open item (催办): its people get a message, the record says so. At most once an hour each."""
    if deadline.state != DeadlineState.OPEN:
        raise BadInput("deadline", gettext_noop("This item is no longer open."))
    subject = apps.get_model(deadline.subject_type)._base_manager.get(pk=deadline.subject_id)
    told = tell(
        _addressees(deadline), gettext_noop("%(by)s urges: %(what)s, due by %(due)s: %(title)s. %(note)s"),
        subject=subject, quiet_for=dt.timedelta(hours=1), urgent=True, by=work.actor.name, what=deadline.label,
        due=clock.day_of(deadline.due_at).isoformat(), title=deadline.subject_title, note=note,
    )
    if told:
        work.record(Urged(by=work.actor.name, label=deadline.label, note=note), on=subject)


def _escalate(work: Work, deadline: Deadline, subject: Any) -> None:
    region = _next_up(deadline)
    if region is None or region.path == deadline.escalated_path:
        return
    target = region.path
    deadline.escalated_path = target
    deadline.escalations += 1
    to = region.name
    due = clock.day_of(deadline.due_at).isoformat()
    work.record(
        DeadlineEscalated(
            label=deadline.label, kind=deadline.kind, due=due, to=to, escalations=deadline.escalations
        ),
        on=subject,
    )
    message = gettext_noop("Overdue since %(due)s: %(what)s, %(title)s. It was raised to %(to)s.")
    people = {u.pk: u for u in [*_addressees(deadline), *holders_of(HOLD, path=target, sector=deadline.sector)]}
    tell(
        people.values(), message, subject=subject, urgent=True, due=due, what=deadline.label,
        title=deadline.subject_title, to=to,
    )


def _next_up(deadline: Deadline) -> Any:
    """The next region up in which somebody answers for overdue items; a unit's item is first raised where it lies."""
    if deadline.escalated_path or deadline.desk_path:
        region = parent(deadline.escalated_path or deadline.desk_path)
    else:
        region = region_at(deadline.region_path)
    while region is not None and not holders_of(HOLD, path=region.path, sector=deadline.sector).exists():
        region = parent(region.path)
    return region


def _addressees(deadline: Deadline) -> list[Any]:
    if deadline.assignee is not None:
        return [deadline.assignee]
    if deadline.desk_holder:
        return list(holders_of(deadline.duty, holder=deadline.desk_holder))
    return list(holders_of(deadline.duty, path=deadline.desk_path, sector=deadline.desk_sector))


def _next_action(deadline: Deadline, now: dt.datetime) -> dt.datetime | None:
    for days in deadline.remind_days:
        moment = dt.datetime.combine(
            clock.day_of(deadline.due_at) - dt.timedelta(days=days), dt.time(8, 30), clock.CHINA
        )
        if moment > now:
            return moment
    if deadline.due_at >= now:
        return deadline.due_at + dt.timedelta(seconds=1)
    return now + ESCALATE_EVERY if deadline.escalations else now


def _of(subject: Any) -> models.QuerySet[Deadline]:
    rows: models.QuerySet[Deadline] = Deadline.objects.everything(why="the deadlines of one record that is in hand")
    return rows.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))


def _end(work: Work, subject: Any, kinds: tuple[str, ...], state: str) -> None:
    rows = _of(subject).filter(state__in=[DeadlineState.OPEN, DeadlineState.PAUSED])
    if kinds:
        rows = rows.filter(kind__in=kinds)
    rows.update(state=state, ended_at=work.now, next_action_at=None, escalated_path="")
