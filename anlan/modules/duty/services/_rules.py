"""Who may stand when: posts, absences, overlaps. And the looking for gaps, after every change of a roster."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from anlan.kernel import clock
from anlan.kernel.acts import Work, created
from anlan.kernel.codes.services import parameter
from anlan.kernel.deadlines import services as deadlines
from anlan.kernel.errors import BadInput, gettext_noop
from anlan.kernel.identity.models import User
from anlan.kernel.notify.services import tell
from anlan.modules.duty import selectors
from anlan.modules.duty.choices import WATCH_HOURS, GapEnd
from anlan.modules.duty.events import GapClosed, GapMoved, GapOpened
from anlan.modules.duty.models import Absence, DutyRoom, Gap, Shift
from anlan.modules.duty.workflow import APPROVE, ON_ROSTER, SERVE, SHIFT

LEAST, MOST = dt.timedelta(hours=1), dt.timedelta(hours=24)  # 本地规定: how long one shift may be
DASH = "—"
HAND_OVER_BASIS = "本地规定：交接班须有书面记录并由接班人员签字确认"
FILL = gettext_noop("Fill the gap in the roster")

NO_POST = gettext_noop("%(name)s holds no such post at this office on %(day)s. Choose somebody who does.")
UNKNOWN = gettext_noop("Choose somebody who holds a post at this office.")
ABSENT = gettext_noop("%(name)s is absent from %(first)s to %(last)s. Choose somebody else, or end the absence.")
BUSY = gettext_noop("%(name)s stands duty already: %(shift)s. Choose somebody else.")
TWICE = gettext_noop("Duty officer, leading cadre and deputy are three people. Choose somebody else.")
TAKEN = gettext_noop("These hours are covered already: %(shift)s. Choose other hours, or strike that shift off.")
BACKWARDS = gettext_noop("A shift lasts from one to twenty-four hours. Correct its beginning or its end.")
ZONELESS = gettext_noop("Give the moment with its time zone: 2026-12-01T17:30:00+08:00.")
PAST = gettext_noop("These hours have passed. Choose hours that lie ahead.")


def check_hours(room: DutyRoom, begins: dt.datetime, ends: dt.datetime, now: dt.datetime) -> None:
    """Refuse hours that are no shift, that have passed, or that are covered already."""
    for column, moment in (("begins", begins), ("ends", ends)):
        if moment.tzinfo is None:
            raise BadInput(column, ZONELESS)
    if not LEAST <= ends - begins <= MOST:
        raise BadInput("ends", BACKWARDS)
    if ends <= now:
        raise BadInput("ends", PAST)
    covered = selectors.roster(room, begins, ends).first()
    if covered is not None:
        raise BadInput("begins", TAKEN, shift=str(covered))


def check_people(
    path: str, begins: dt.datetime, ends: dt.datetime, *, officer: int, leader: int, deputy: int | None,
    shift: Shift | None = None,
) -> dict[str, User | None]:  # fmt: skip
    """The people of a shift by column, locked; refused when one holds no post there, is off or busy elsewhere."""
    wanted = {"officer": officer, "leader": leader, **({"deputy": deputy} if deputy else {})}
    if len(set(wanted.values())) < len(wanted):
        raise BadInput("deputy" if deputy in (officer, leader) else "leader", TWICE)
    rows = User.objects.filter(pk__in=wanted.values()).select_for_update(no_key=True).order_by("pk")
    found = {user.pk: user for user in rows}
    days = sorted({clock.day_of(begins), clock.day_of(ends - dt.timedelta(seconds=1))})
    for column, key in wanted.items():
        user = found.get(key)
        if user is None:
            raise BadInput(column, UNKNOWN)
        posts = (SERVE, APPROVE) if column == "leader" else (SERVE,)
        for day in days:
            if not selectors.members(path, day, *posts).filter(pk=key).exists():
                raise BadInput(column, NO_POST, name=user.name, day=day.isoformat())
        off = away([key], days[0], days[-1]).first()
        if off is not None:
            raise BadInput(column, ABSENT, name=user.name, first=off.first.isoformat(), last=off.last.isoformat())
        busy = standing([key], begins, ends, but=shift).first()
        if busy is not None:
            raise BadInput(column, BUSY, name=user.name, shift=str(busy))
    return {"officer": found[officer], "leader": found[leader], "deputy": found[deputy] if deputy else None}


def away(people: Iterable[int], first: dt.date, last: dt.date) -> QuerySet[Absence]:
    """The absences of some people that touch some days."""
    rows: QuerySet[Absence] = Absence.objects.everything(why="somebody who is off stands duty nowhere")
    return rows.filter(user__in=list(people), ended_at=None, first__lte=last, last__gte=first).order_by("first")


def standing(
    people: Iterable[int], begins: dt.datetime, ends: dt.datetime, *, but: Shift | None = None
) -> QuerySet[Shift]:
    """The shifts of some people, in whatever office, that touch some hours."""
    keys = list(people)
    rows: QuerySet[Shift] = Shift.objects.everything(why="nobody stands duty twice at once, wherever")
    rows = rows.filter(Q(officer__in=keys) | Q(leader__in=keys) | Q(deputy__in=keys), state__in=ON_ROSTER)
    rows = rows.filter(begins_at__lt=ends, ends_at__gt=begins).select_related("room").order_by("begins_at")
    return rows.exclude(pk=but.pk) if but is not None else rows


def look_for_gaps(work: Work, room: DutyRoom) -> None:
    """Open an alarm for each gap ahead, once; move one that changed; close those that are filled or gone by.

    A gap is an hour or more without a duty officer that begins within the hours the region looks ahead. A shift whose
    officer and deputy both left, or lost their posts, leaves its hours bare.
    """
    now = work.now
    ahead = now + dt.timedelta(hours=parameter(WATCH_HOURS, room.region_path))
    gone = selectors.deserted(room.region_path, selectors.roster(room, now))
    bare = selectors.uncovered(room, now, ahead, but=gone) if room.closed_at is None else []
    rows = Gap.objects.everything(why="the open gaps of the room in hand").filter(room=room, outcome=GapEnd.OPEN)
    known = list(rows.select_for_update().order_by("begins_at", "pk"))
    for begins, ends in bare:
        same = next((g for g in known if _touch(g, begins, ends)), None)
        if same is not None:
            known.remove(same)
            _move(work, same, min(same.begins_at, begins) if begins <= now else begins, ends)
        elif ends is None or ends - begins >= LEAST:
            _open(work, room, begins, ends)
    for gap in known:
        _close(work, room, gap, joined=any(_touch(gap, *hours) for hours in bare))


def follow_roster(work: Work, room: DutyRoom) -> None:
    """After a change of a roster: notes not signed yet wait for whoever comes on now; gaps are looked for."""
    rows: QuerySet[Shift] = Shift.objects.everything(why="the notes of the room in hand that wait for a signature")
    for shift in rows.filter(room=room, state="on_duty").exclude(note="").select_related("room"):
        item = deadlines.find(shift, "duty.sign")
        signers: set[int | None] = {user.pk for user in selectors.signers(shift)}
        if item is None or item.assignee_id in (signers or {None}):
            continue
        await_signature(work, shift, due=clock.day_of(item.due_at))
    look_for_gaps(work, room)


def await_signature(work: Work, shift: Shift, *, due: dt.date) -> None:
    """The note is signed by a day, by whoever comes on; by any colleague where that is nobody but the writer."""
    deadlines.start(
        work, shift, kind="duty.sign", label=SHIFT.step("sign").label, due=due, duty=SERVE, desk_path=shift.region_path,
        assignee=next(iter(selectors.signers(shift)), None), remind_days=(), basis=HAND_OVER_BASIS,
    )  # fmt: skip


def _touch(gap: Gap, begins: dt.datetime, ends: dt.datetime | None) -> bool:
    return (gap.ends_at is None or begins < gap.ends_at) and (ends is None or gap.begins_at < ends)


def _open(work: Work, room: DutyRoom, begins: dt.datetime, ends: dt.datetime | None) -> None:
    gap = created(Gap(region_path=room.region_path, room=room, begins_at=begins, ends_at=ends, opened_at=work.now))
    said = _said(begins, ends)
    work.record(GapOpened(office_path=room.region_path, **said), on=gap)
    _expect(work, room, gap)
    tell(
        selectors.leaders_of(room.region_path),
        gettext_noop("Nobody is on duty at %(office)s from %(begins)s to %(ends)s. Have the roster filled."),
        subject=gap, urgent=True, office=room.office, begins=said["begins"], ends=said["ends"],
    )  # fmt: skip


def _expect(work: Work, room: DutyRoom, gap: Gap) -> None:
    """The gap is due by the day on which it begins, on the leader's desk."""
    deadlines.start(
        work, gap, kind="duty.gap", label=FILL, due=max(clock.day_of(gap.begins_at), clock.day_of(work.now)),
        duty=APPROVE, desk_path=room.region_path, remind_days=(), basis="本地规定：值班不得空岗",
    )  # fmt: skip


def _move(work: Work, gap: Gap, begins: dt.datetime, ends: dt.datetime | None) -> None:
    if (gap.begins_at, gap.ends_at) == (begins, ends):
        return
    later = clock.day_of(begins) != clock.day_of(gap.begins_at)
    gap.begins_at, gap.ends_at = begins, ends
    gap.save(update_fields=["begins_at", "ends_at"])
    work.record(GapMoved(**_said(begins, ends)), on=gap)
    if later:
        _expect(work, gap.room, gap)


def _close(work: Work, room: DutyRoom, gap: Gap, *, joined: bool) -> None:
    """``joined``: its hours are bare still, and another gap that grew tells of them."""
    passed = gap.ends_at is not None and gap.ends_at <= work.now
    left = GapEnd.JOINED if joined else GapEnd.PASSED if passed else GapEnd.FILLED
    how = GapEnd.CLOSED if room.closed_at is not None else left
    gap.outcome, gap.closed_at = how, work.now
    gap.save(update_fields=["outcome", "closed_at"])
    if how == GapEnd.FILLED:
        deadlines.meet(work, gap, "duty.gap")
    else:
        deadlines.cancel(work, gap, "duty.gap")
    words = {
        GapEnd.CLOSED: gettext_noop("the duty room was closed"),
        GapEnd.PASSED: gettext_noop("it went by unfilled"),
        GapEnd.FILLED: gettext_noop("it was filled"),
        GapEnd.JOINED: gettext_noop("it grew together with another"),
    }
    work.record(GapClosed(office_path=room.region_path, how=words[how]), on=gap)


def _said(begins: dt.datetime, ends: dt.datetime | None) -> dict[str, str]:
    def at(moment: dt.datetime) -> str:
        return f"{moment.astimezone(clock.CHINA):%Y-%m-%d %H:%M}"

    return {"begins": at(begins), "ends": at(ends) if ends is not None else DASH}
