"""Planning: a month in one go, and single shifts."""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Collection, Iterator

from anlan.kernel import clock
from anlan.kernel.acts import Work, act, created
from anlan.kernel.errors import BadInput, WrongStep, gettext_noop
from anlan.kernel.identity.models import Grant, User
from anlan.kernel.journal.models import StepTaken
from anlan.kernel.notify.services import tell
from anlan.kernel.scope import system_read
from anlan.kernel.workflow import begin, remember, take
from anlan.modules.duty import selectors
from anlan.modules.duty.choices import ShiftKind
from anlan.modules.duty.events import MonthPlanned, ShiftChanged, ShiftPlanned, ShiftStruck
from anlan.modules.duty.models import DutyRoom, Shift, off_day
from anlan.modules.duty.services._rules import UNKNOWN, away, check_hours, check_people, follow_roster, standing
from anlan.modules.duty.services._swaps import drop_swaps
from anlan.modules.duty.workflow import APPROVE, PLAN, SERVE, SHIFT

MONTHS_AHEAD = 12
Slot = tuple[ShiftKind, dt.datetime, dt.datetime]


@act(may=PLAN, on=DutyRoom)
def plan_month(
    work: Work,
    room: DutyRoom,
    *,
    month: str,
    officers: list[int],
    leaders: list[int],
    deputies: list[int] | None = None,
) -> dict[str, int]:
    """Plan a month (``2026-12``) of day and night shifts with people in rotation; answers with how many, in two groups.

    Only hours that lie ahead and that no shift covers yet are planned, so the same again does nothing. Nobody stands
    two shifts in a row; whoever is off, or on duty elsewhere, is passed over and comes first as soon as he can, so
    nobody is passed over twice in a row. Where nobody can, the hours stay without an officer: ``unfilled``.
    """
    _need_open(room)
    first = _first_of(month, work.now)
    if len(set(officers)) < 2:
        raise BadInput("officers", gettext_noop("Choose at least two people: nobody stands two shifts in a row."))
    if not leaders:
        raise BadInput("leaders", gettext_noop("Choose at least one leading cadre."))
    free = Free(room, first, [*officers, *leaders, *(deputies or [])])
    free.check("officers", officers, SERVE)
    free.check("leaders", leaders, SERVE, APPROVE)
    free.check("deputies", deputies or [], SERVE)
    bare = [slot for slot in slots(room.region_path, first) if slot[2] > work.now and not free.covered(slot)]
    rows, unfilled = _rotated(room, bare, free, officers, leaders, deputies or [])
    if rows:
        Shift.plain.bulk_create(rows)
        label = Shift._meta.label_lower
        StepTaken.objects.bulk_create(
            StepTaken(subject_type=label, subject_id=str(row.pk), step="plan", actor_key=work.actor.key,
                      actor_name=work.actor.name, at=work.now)
            for row in rows
        )  # fmt: skip
        work.record(MonthPlanned(month=f"{first:%Y-%m}", planned=len(rows), unfilled=unfilled), on=room)
        follow_roster(work, room)
    return {"planned": len(rows), "unfilled": unfilled}


@act(may=PLAN, on=DutyRoom)
def put_shift(
    work: Work, room: DutyRoom, *, begins: dt.datetime, ends: dt.datetime, officer: int, leader: int,
    deputy: int | None = None,
) -> Shift:  # fmt: skip
    """Enter one shift; refused when its hours are covered, or one of its people has no post there, is off, is busy."""
    _need_open(room)
    begins, ends = begins.replace(second=0, microsecond=0), ends.replace(second=0, microsecond=0)
    check_hours(room, begins, ends, work.now)
    people = check_people(room.region_path, begins, ends, officer=officer, leader=leader, deputy=deputy)
    shift = Shift(
        region_path=room.region_path, room=room, begins_at=begins, ends_at=ends, rest_day=off_day(clock.day_of(begins)),
        kind=_kind(room.region_path, begins), **people,
    )  # fmt: skip
    begin(work, shift, "plan")
    created(shift)
    remember(work, shift, "plan")
    work.record(ShiftPlanned(officer=shift.officer.name, leader=shift.leader.name), on=shift)
    follow_roster(work, room)
    return shift


@act(may=PLAN, on=Shift)
def change_shift(
    work: Work, shift: Shift, *, officer: int, leader: int, deputy: int | None = None, reason: str = ""
) -> None:
    """Other people on a shift that was not taken up yet; those it concerns are told. The same people: nothing."""
    if shift.state != "planned":
        raise WrongStep(step=SHIFT.step("change").label, state=SHIFT.state(shift.state).label)
    before = (shift.officer, shift.leader, shift.deputy)
    if (shift.officer_id, shift.leader_id, shift.deputy_id) == (officer, leader, deputy):
        return
    people = check_people(
        shift.region_path, shift.begins_at, shift.ends_at, officer=officer, leader=leader, deputy=deputy, shift=shift
    )
    take(work, shift, "change", note=reason.strip())
    for column, user in people.items():
        setattr(shift, column, user)
    shift.save(update_fields=["officer", "leader", "deputy", "state"])
    drop_swaps(work, shift)
    after = (shift.officer, shift.leader, shift.deputy)
    work.record(ShiftChanged(before=_names(before), after=_names(after), reason=reason.strip()), on=shift)
    tell(
        [u for u in {*before, *after} if u is not None and (u in before) != (u in after)],
        gettext_noop("The roster changed, %(shift)s: %(after)s."),
        subject=shift, shift=str(shift), after=_names(after),
    )  # fmt: skip
    follow_roster(work, shift.room)


@act(may=PLAN, on=Shift)
def strike_shift(work: Work, shift: Shift, *, reason: str) -> None:
    """Take a shift off the roster that was not taken up; its people are told. What it leaves bare is looked for."""
    if shift.state == "struck":
        return
    take(work, shift, "strike", note=reason.strip(), given={"reason": reason})
    shift.save(update_fields=["state"])
    drop_swaps(work, shift)
    work.record(ShiftStruck(reason=reason.strip()), on=shift)
    tell(
        [u for u in (shift.officer, shift.leader, shift.deputy) if u is not None],
        gettext_noop("Struck off the roster, %(shift)s: %(reason)s."),
        subject=shift, shift=str(shift), reason=reason.strip(),
    )  # fmt: skip
    follow_roster(work, shift.room)


class Free:
    """Who can stand when in the month ahead, asked once: posts with their days, absences, shifts in every office."""

    def __init__(self, room: DutyRoom, first: dt.date, people: Collection[int]) -> None:
        last = (first + dt.timedelta(days=32)).replace(day=1)
        begins = dt.datetime.combine(first, dt.time(0), clock.CHINA)
        ends = dt.datetime.combine(last + dt.timedelta(days=1), dt.time(0), clock.CHINA)
        self.room = room
        self.users = {
            user.pk: user for user in User.objects.filter(pk__in=people).select_for_update(no_key=True).order_by("pk")
        }
        self.off = [(a.user_id, a.first, a.last) for a in away(people, first, last)]
        self.busy = [(set(s.people), s.begins_at, s.ends_at) for s in standing(people, begins, ends)]
        self.own = list(selectors.roster(room, begins - dt.timedelta(days=2), ends))
        self._posts: dict[tuple[dt.date, tuple[str, ...]], set[int]] = {}
        self._last_days = self._days_of(people)

    def _days_of(self, people: Collection[int]) -> set[dt.date]:
        """The days on which a post of one of the people begins or ends: between two of them nothing changes."""
        rows = Grant.objects.filter(user__in=people, region__path=self.room.region_path, holder="", sector="")
        found = set()
        for begins, ends in rows.values_list("valid_from", "valid_to"):
            found.add(begins)
            if ends is not None:
                found.add(ends + dt.timedelta(days=1))
        return found

    def check(self, column: str, people: list[int], *permissions: str) -> None:
        """Everybody named holds a post there today."""
        if set(people) - self.holding(clock.today(), *permissions):
            raise BadInput(column, UNKNOWN)

    def holding(self, day: dt.date, *permissions: str) -> set[int]:
        """Who holds a post with one of the permissions at the office on a day; one query for each spell."""
        spell = max((d for d in self._last_days if d <= day), default=dt.date.min)
        key = (spell, permissions)
        if key not in self._posts:
            rows = selectors.members(self.room.region_path, day, *permissions).filter(pk__in=self.users)
            self._posts[key] = set(rows.values_list("pk", flat=True))
        return self._posts[key]

    def covered(self, slot: Slot) -> bool:
        """Whether a shift of the room touches these hours."""
        return any(s.begins_at < slot[2] and s.ends_at > slot[1] for s in self.own)

    def can(self, user: int, slot: Slot, *permissions: str) -> bool:
        """Whether somebody can stand in these hours."""
        _, begins, ends = slot
        days = {clock.day_of(begins), clock.day_of(ends - dt.timedelta(seconds=1))}
        if any(u == user and first <= day <= last for u, first, last in self.off for day in days):
            return False
        if any(user in people and b < ends and e > begins for people, b, e in self.busy):
            return False
        return all(user in self.holding(day, *permissions) for day in days)

    def beside(self, slot: Slot) -> set[int]:
        """The officers of the shifts just before and just after these hours."""
        ends = max((s.ends_at for s in self.own if s.ends_at <= slot[1]), default=None)
        begins = min((s.begins_at for s in self.own if s.begins_at >= slot[2]), default=None)
        near = dt.timedelta(hours=12)
        return {
            s.officer_id
            for s in self.own
            if (s.ends_at == ends and slot[1] - s.ends_at < near)
            or (s.begins_at == begins and s.begins_at - slot[2] < near)
        }


@system_read("local rules are public")
def slots(path: str, first: dt.date) -> Iterator[Slot]:
    """The day and night shifts that begin in a month, by the region's templates."""
    day_from, night_from = selectors.templates(path, first)
    day = first
    while day.month == first.month:
        morning = dt.datetime.combine(day, day_from, clock.CHINA)
        evening = dt.datetime.combine(day, night_from, clock.CHINA)
        if evening <= morning:  # a region whose "night" begins before its day: one shift round the clock
            yield ShiftKind.DAY, morning, morning + dt.timedelta(days=1)
        else:
            yield ShiftKind.DAY, morning, evening
            yield ShiftKind.NIGHT, evening, morning + dt.timedelta(days=1)
        day += dt.timedelta(days=1)


def _rotated(
    room: DutyRoom, bare: list[Slot], free: Free, officers: list[int], leaders: list[int], deputies: list[int]
) -> tuple[list[Shift], int]:
    """The shifts for bare hours, and how many hours' shifts found nobody."""
    queue, leading, second = (_queue(people, free, column) for people, column in
                              ((officers, "officer"), (leaders, "leader"), (deputies, "deputy")))  # fmt: skip
    rows: list[Shift] = []
    unfilled, leads = 0, (dt.date.min, 0)
    for slot in bare:
        day = clock.day_of(slot[1])
        # One leading cadre a day; somebody else the next day where there is somebody else.
        leader = leads[1] if leads[0] == day and free.can(leads[1], slot, SERVE, APPROVE) else 0
        leader = leader or _next(leading, slot, free, {leads[1]}, SERVE, APPROVE)
        leader = leader or _next(leading, slot, free, set(), SERVE, APPROVE)
        officer = _next(queue, slot, free, free.beside(slot) | {leader}, SERVE)
        if not officer or not leader:
            unfilled += 1
            continue
        deputy = _next(second, slot, free, {officer, leader}, SERVE)
        leads = (day, leader)
        row = Shift(
            region_path=room.region_path, room=room, state="planned", kind=slot[0], begins_at=slot[1], ends_at=slot[2],
            rest_day=off_day(day), officer=free.users[officer], leader=free.users[leader],
            deputy=free.users[deputy] if deputy else None,
        )  # fmt: skip
        rows.append(row)
        free.own.append(row)
        free.busy.append((set(row.people), row.begins_at, row.ends_at))
    return rows, unfilled


def _queue(people: list[int], free: Free, column: str) -> deque[int]:
    """The rotation, going on after whoever stood last."""
    queue = deque(dict.fromkeys(people))
    last = max(free.own, key=lambda s: s.begins_at, default=None)
    stood = getattr(last, f"{column}_id") if last is not None else None
    if stood is not None and stood in queue:
        queue.rotate(-queue.index(stood) - 1)
    return queue


def _next(queue: deque[int], slot: Slot, free: Free, not_these: set[int], *permissions: str) -> int:
    """The first in the rotation who can; he goes to its end, those passed over keep their places. 0: nobody can."""
    for user in queue:
        if user not in not_these and free.can(user, slot, *permissions):
            queue.remove(user)
            queue.append(user)
            return user
    return 0


def _first_of(month: str, now: dt.datetime) -> dt.date:
    try:
        first = dt.date.fromisoformat(f"{month.strip()}-01")
    except ValueError as why:
        raise BadInput("month", gettext_noop("Give the month as year and month: 2026-12.")) from why
    present = clock.day_of(now).replace(day=1)
    if not present <= first <= present + dt.timedelta(days=31 * MONTHS_AHEAD):
        raise BadInput("month", gettext_noop("Choose this month, or one of the next twelve."))
    return first


def _need_open(room: DutyRoom) -> None:
    if room.closed_at is not None:
        raise BadInput("room", gettext_noop("This duty room is closed. Open one for the office first."))


def _kind(path: str, begins: dt.datetime) -> ShiftKind:
    day_from, night_from = selectors.templates(path, clock.day_of(begins))
    local = begins.astimezone(clock.CHINA).time()
    return ShiftKind.DAY if day_from <= local < night_from else ShiftKind.NIGHT


def _names(people: tuple[User | None, ...]) -> str:
    return " / ".join(user.name for user in people if user is not None)
