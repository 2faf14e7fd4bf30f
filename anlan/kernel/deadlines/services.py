"""Starting, meeting, moving, pausing and escalating deadlines.

``start``/``meet``/``cancel``/``move``/``pause``/``resume`` are called inside the body of another act; the sweep's
``advance_deadline`` and a superior's ``urge_deadline`` are acts of their own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.apps import apps
from django.db import models

from anlan.kernel import clock
from anlan.kernel.acts import Work, act, inside_act
from anlan.kernel.deadlines.facts import (
    DeadlineEscalated,
    DeadlineLate,
    DeadlineMoved,
    DeadlinePaused,
    DeadlineResumed,
    DeadlineSet,
    Urged,
)
from anlan.kernel.deadlines.models import Deadline, DeadlineState
from anlan.kernel.deadlines.selectors import HOLD
from anlan.kernel.errors import BadInput, gettext_noop
from anlan.kernel.identity.actors import holders_of
from anlan.kernel.identity.models import User
from anlan.kernel.notify.services import tell
from anlan.kernel.regions.models import Region
from anlan.kernel.regions.selectors import parent, region_at
from anlan.kernel.scope import system_read
from anlan.rules.working_days import add_working_days, working_days_between

ESCALATE_EVERY = dt.timedelta(days=3)  # 本地规定: how long an item stays overdue before the next level up hears of it
REMIND_AT = dt.time(8, 30)
ALSO_TOLD: list[Callable[[Deadline, Region], Iterable[User]]] = []
"""Who else hears of an item that is raised to a region, besides its people: modules add a function when they load.

Each is asked at that moment, inside the act, and may only read; the demo city, played in memory, empties the list.
"""
RUNNING = [DeadlineState.OPEN, DeadlineState.PAUSED]


@inside_act
def start(
    work: Work,
    subject: Any,
    *,
    kind: str,
    label: str,
    due: dt.date,
    duty: str,
    starts_on: dt.date | None = None,
    raw: dt.date | None = None,
    basis: str = "",
    trace: tuple[str, ...] = (),
    provisional: bool = False,
    desk_path: str = "",
    desk_sector: str = "",
    desk_holder: str = "",
    assignee: Any = None,
    remind_days: tuple[int, ...] = (3, 1),
    title: str = "",
    in_working_days: bool = False,
) -> Deadline:
    """Start a deadline of this kind on a record, or set the one that is running anew (a paused one runs again).

    ``in_working_days`` says that the rule counts working days, so that a pause is given back in working days too;
    ``raw`` is the day before it rolled off a day off, where it did.
    Exactly the same again changes nothing.
    """
    wanted: dict[str, Any] = {
        "label": label,
        "due_at": clock.end_of(due),
        "raw_on": raw if raw != due else None,
        "provisional": provisional,
        "basis": basis,
        "trace": list(trace),
        "duty": duty,
        "desk_path": desk_path,
        "desk_sector": desk_sector,
        "desk_holder": desk_holder,
        "assignee": assignee,
        "remind_days": sorted(set(remind_days), reverse=True),
        "subject_title": (title or str(subject))[:200],
        "in_working_days": in_working_days,
    }
    current = find(subject, kind)
    if current is None:
        deadline = Deadline(
            region_path=subject.region_path,
            sector=subject.sector,
            holder=subject.holder,
            kind=kind,
            subject_type=subject._meta.label_lower,
            subject_id=str(subject.pk),
            starts_on=starts_on or clock.today(),
            **wanted,
        )
    elif current.state == DeadlineState.OPEN and all(getattr(current, k) == v for k, v in wanted.items()):
        return current
    else:
        deadline = current
        anew = ("due_at", "desk_path", "desk_holder", "desk_sector", "assignee")
        told_again = deadline.state == DeadlineState.PAUSED or any(getattr(deadline, k) != wanted[k] for k in anew)
        for name, value in wanted.items():
            setattr(deadline, name, value)
        deadline.state, deadline.paused_at = DeadlineState.OPEN, None
        if starts_on is not None:
            deadline.starts_on = starts_on
        if told_again:
            _fresh_clock(deadline)
    deadline.next_action_at = _next_action(deadline, work.now)
    deadline.save()
    work.record(DeadlineSet(label=label, due=due.isoformat(), basis=basis), on=subject)
    return deadline


@system_read("the deadlines of one record that is in hand")
def find(subject: Any, kind: str) -> Deadline | None:
    """The open or paused deadline of a kind on a record."""
    return _of(subject).filter(kind=kind, state__in=RUNNING).first()


@system_read("the deadlines of one record that is in hand")
def open_on(subject: Any) -> list[Deadline]:
    """The open and paused deadlines of a record, soonest first."""
    return list(_of(subject).filter(state__in=RUNNING).order_by("due_at", "pk"))


@system_read("the deadlines of one record that is in hand")
def all_on(subject: Any) -> list[Deadline]:
    """Every deadline a record ever had, whatever became of it, in the order they were set."""
    return list(_of(subject).order_by("pk"))


@inside_act
def meet(work: Work, subject: Any, *kinds: str) -> list[Deadline]:
    """The running deadlines of these kinds are answered; returns them. Those answered late are journalled as late."""
    answered = _end(work, subject, kinds, DeadlineState.MET)
    for deadline in answered:
        if deadline.late:
            work.record(
                DeadlineLate(
                    label=deadline.label,
                    kind=deadline.kind,
                    due=clock.day_of(deadline.due_at).isoformat(),
                    days=deadline.days_late,
                ),
                on=subject,
            )
    return answered


@inside_act
def cancel(work: Work, subject: Any, *kinds: str) -> list[Deadline]:
    """The running deadlines of these kinds fall away; without kinds, all of them. Returns them."""
    return _end(work, subject, kinds, DeadlineState.CANCELLED)


@inside_act
def move(
    work: Work,
    subject: Any,
    kind: str,
    *,
    due: dt.date,
    reason: str,
    provisional: bool | None = None,
    basis: str | None = None,
    trace: tuple[str, ...] | None = None,
) -> None:
    """Move the running deadline to another day, for a reason that is journalled. A paused one stays paused."""
    deadline = find(subject, kind)
    if deadline is None or clock.day_of(deadline.due_at) == due:
        return
    if not reason.strip():
        raise BadInput("reason", gettext_noop("Say why the day is moved."))
    before = clock.day_of(deadline.due_at)
    deadline.due_at, deadline.raw_on = clock.end_of(due), None
    deadline.provisional = deadline.provisional if provisional is None else provisional
    deadline.basis = deadline.basis if basis is None else basis
    deadline.trace = deadline.trace if trace is None else list(trace)
    begin_anew(work, deadline)
    deadline.save()
    work.record(
        DeadlineMoved(label=deadline.label, before=before.isoformat(), due=due.isoformat(), reason=reason), on=subject
    )


@inside_act
def begin_anew(work: Work, deadline: Deadline) -> None:
    """After its day was changed: reminders and escalation begin again. The caller saves it."""
    _fresh_clock(deadline)
    deadline.next_action_at = None if deadline.state == DeadlineState.PAUSED else _next_action(deadline, work.now)


@inside_act
def pause(work: Work, subject: Any, kind: str, *, reason: str) -> None:
    """Stop the clock; a paused one stays paused."""
    deadline = find(subject, kind)
    if deadline is None or deadline.state == DeadlineState.PAUSED:
        return
    if not reason.strip():
        raise BadInput("reason", gettext_noop("Say why the clock is stopped."))
    deadline.state, deadline.paused_at, deadline.next_action_at = DeadlineState.PAUSED, work.now, None
    deadline.save(update_fields=["state", "paused_at", "next_action_at"])
    work.record(DeadlinePaused(label=deadline.label, reason=reason), on=subject)


@inside_act
def resume(work: Work, subject: Any, kind: str) -> None:
    """Let the clock run on: the due day moves by the pause, counted in working days where the rule counts so.

    The day of the pause is not given back and the day of resuming is: paused on a Monday and resumed on the
    Wednesday moves the due day by two. What was overdue when it was paused is as overdue afterwards.
    """
    deadline = find(subject, kind)
    if deadline is None or deadline.state != DeadlineState.PAUSED or deadline.paused_at is None:
        return
    paused_on, today, due = clock.day_of(deadline.paused_at), clock.day_of(work.now), clock.day_of(deadline.due_at)
    if deadline.in_working_days:
        moved = add_working_days(due, working_days_between(paused_on, today))
        due, deadline.provisional = moved.due, deadline.provisional or moved.provisional
    else:
        due += today - paused_on
    deadline.due_at, deadline.raw_on = clock.end_of(due), None
    deadline.state, deadline.paused_at = DeadlineState.OPEN, None
    deadline.next_action_at = _next_action(deadline, work.now)
    deadline.save()
    work.record(DeadlineResumed(label=deadline.label, due=due.isoformat()), on=subject)


@act(may="deadlines.sweep", on=Deadline)
def advance_deadline(work: Work, deadline: Deadline) -> None:
    """What the sweep does with one row: remind before the day, escalate one level up once it is over.

    An item whose record has gone falls away.
    """
    if deadline.state != DeadlineState.OPEN or deadline.next_action_at is None or deadline.next_action_at > work.now:
        return
    subject = _subject(deadline)
    if subject is None:
        deadline.state, deadline.ended_at, deadline.next_action_at = DeadlineState.CANCELLED, work.now, None
    elif work.now <= deadline.due_at:
        _remind(deadline, subject)
    else:
        _escalate(work, deadline, subject)
    if deadline.state == DeadlineState.OPEN:
        deadline.next_action_at = _next_action(deadline, work.now)
        if deadline.next_action_at <= work.now:  # over, and nobody above to raise it to yet
            deadline.next_action_at = work.now + ESCALATE_EVERY
    deadline.save(
        update_fields=["state", "ended_at", "next_action_at", "escalated_path", "escalations", "reminded_days"]
    )


@act(may="deadlines.urge", on=Deadline)
def urge_deadline(work: Work, deadline: Deadline, *, note: str = "") -> None:
    """Press for an open item (催办): its people get a message, the record says so. At most once an hour each.

    ``BadInput`` when the item is no longer open, or when nobody holds the post it waits for.
    """
    if deadline.state != DeadlineState.OPEN:
        raise BadInput("deadline", gettext_noop("This item is no longer open."))
    subject = _subject(deadline)
    people = _addressees(deadline)
    if subject is None or not people:
        raise BadInput("deadline", gettext_noop("Nobody holds the post this waits for. Have somebody appointed first."))
    told = tell(
        people,
        gettext_noop("%(by)s urges: %(what)s, due by %(due)s: %(title)s. %(note)s"),
        subject=subject,
        quiet_for=dt.timedelta(hours=1),
        urgent=True,
        by=work.actor.name,
        what=deadline.label,
        due=clock.day_of(deadline.due_at).isoformat(),
        title=deadline.subject_title,
        note=note,
    )
    if told:
        work.record(Urged(by=work.actor.name, label=deadline.label, note=note), on=subject)


def _remind(deadline: Deadline, subject: Any) -> None:
    """One reminder for each day ahead that was asked for; after a standstill only the latest is sent."""
    due_day = clock.day_of(deadline.due_at)
    days = [d for d in deadline.remind_days if _morning(due_day, d) <= clock.now()]
    reached = min(days, default=None)
    if reached is None or (deadline.reminded_days is not None and deadline.reminded_days <= reached):
        return
    deadline.reminded_days = reached
    tell(
        _addressees(deadline) or _above(deadline),
        gettext_noop("%(what)s is due by %(due)s: %(title)s"),
        subject=subject,
        what=deadline.label,
        due=due_day.isoformat(),
        title=deadline.subject_title,
    )


def _escalate(work: Work, deadline: Deadline, subject: Any) -> None:
    region = _next_up(deadline)
    if region is None or region.path == deadline.escalated_path:
        return
    deadline.escalated_path = region.path
    deadline.escalations += 1
    due = clock.day_of(deadline.due_at).isoformat()
    work.record(
        DeadlineEscalated(
            label=deadline.label, kind=deadline.kind, due=due, to=region.name, escalations=deadline.escalations
        ),
        on=subject,
    )
    people = {u.pk: u for u in [*_addressees(deadline), *holders_of(HOLD, path=region.path, sector=deadline.sector)]}
    people |= {u.pk: u for also in ALSO_TOLD for u in also(deadline, region)}
    tell(
        people.values(),
        gettext_noop("Overdue since %(due)s: %(what)s, %(title)s. It was raised to %(to)s."),
        subject=subject,
        urgent=True,
        due=due,
        what=deadline.label,
        title=deadline.subject_title,
        to=region.name,
    )


def _next_up(deadline: Deadline) -> Region | None:
    """The next region up in which somebody answers for overdue items; a unit's item is first raised where it lies."""
    if deadline.escalated_path or deadline.desk_path:
        region = parent(deadline.escalated_path or deadline.desk_path)
    else:
        region = region_at(deadline.region_path)
    while region is not None and not holders_of(HOLD, path=region.path, sector=deadline.sector).exists():
        region = parent(region.path)
    return region


def _addressees(deadline: Deadline) -> list[User]:
    if deadline.assignee is not None and deadline.assignee.is_active:
        return [deadline.assignee]
    if deadline.desk_holder:
        return list(holders_of(deadline.duty, holder=deadline.desk_holder))
    return list(holders_of(deadline.duty, path=deadline.desk_path, sector=deadline.desk_sector))


def _above(deadline: Deadline) -> list[User]:
    """Who is reminded where nobody holds the post: whoever would hear of it next."""
    region = _next_up(deadline)
    return list(holders_of(HOLD, path=region.path, sector=deadline.sector)) if region else []


def _subject(deadline: Deadline) -> Any:
    try:
        model = apps.get_model(deadline.subject_type)
    except LookupError:  # its module was taken out of the deployment
        return None
    return model._base_manager.filter(pk=deadline.subject_id).first()


def _fresh_clock(deadline: Deadline) -> None:
    """A new due day: reminders and escalation begin again."""
    deadline.escalated_path, deadline.escalations, deadline.reminded_days = "", 0, None


def _morning(due_day: dt.date, days_ahead: int) -> dt.datetime:
    return dt.datetime.combine(due_day - dt.timedelta(days=days_ahead), REMIND_AT, clock.CHINA)


def _next_action(deadline: Deadline, now: dt.datetime) -> dt.datetime:
    for days in deadline.remind_days:
        moment = _morning(clock.day_of(deadline.due_at), days)
        if moment > now and (deadline.reminded_days is None or days < deadline.reminded_days):
            return moment
    if deadline.due_at >= now:
        return deadline.due_at + dt.timedelta(seconds=1)
    return now + ESCALATE_EVERY if deadline.escalations else now


def _of(subject: Any) -> models.QuerySet[Deadline]:
    rows: models.QuerySet[Deadline] = Deadline.objects.everything(why="the deadlines of one record that is in hand")
    return rows.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))


def _end(work: Work, subject: Any, kinds: tuple[str, ...], state: str) -> list[Deadline]:
    rows = _of(subject).filter(state__in=RUNNING).select_for_update()
    if kinds:
        rows = rows.filter(kind__in=kinds)
    ended = list(rows.order_by("due_at", "pk"))
    for deadline in ended:
        deadline.state, deadline.ended_at, deadline.next_action_at = state, work.now, None
        deadline.save(update_fields=["state", "ended_at", "next_action_at"])
    return ended
