"""Duty rooms, and the days on which somebody cannot stand duty."""

from __future__ import annotations

import datetime as dt
import re

from anlan.kernel import clock
from anlan.kernel.acts import Work, act, created
from anlan.kernel.errors import BadInput, gettext_noop
from anlan.kernel.regions.models import Region
from anlan.modules.duty import selectors
from anlan.modules.duty.events import AbsenceEnded, AbsenceNoted, RoomChanged, RoomClosed, RoomOpened
from anlan.modules.duty.models import Absence, DutyRoom
from anlan.modules.duty.services._rules import BUSY, UNKNOWN, look_for_gaps, standing
from anlan.modules.duty.workflow import APPROVE, PLAN, SERVE

PHONE = re.compile(r"\+?[0-9][0-9 \-]{4,24}(?:[,#x][0-9]{1,6})?")


@act(may=PLAN)
def open_room(work: Work, *, region: Region, phone: str) -> DutyRoom:
    """An office begins to stand duty, with a telephone. One that does so already keeps its room."""
    work.actor.need_at(PLAN, region.path, "")
    Region.objects.select_for_update(no_key=True).get(pk=region.pk)
    there = DutyRoom.objects.everything(why="an office has one duty room").filter(region_path=region.path)
    if there.filter(closed_at=None).exists():
        raise BadInput("region", gettext_noop("%(office)s has a duty room already."), office=region.name)
    room = created(DutyRoom(region_path=region.path, office=region.name[:80], phone=_phone(phone), opened_at=work.now))
    work.record(RoomOpened(office=room.office, phone=room.phone), on=room)
    return room


@act(may=PLAN, on=DutyRoom)
def change_room(work: Work, room: DutyRoom, *, phone: str) -> None:
    """Another telephone; the same one again does nothing."""
    before, room.phone = room.phone, _phone(phone)
    if before == room.phone:
        return
    room.save(update_fields=["phone"])
    work.record(RoomChanged(before=before, phone=room.phone), on=room)


@act(may=PLAN, on=DutyRoom)
def close_room(work: Work, room: DutyRoom, *, reason: str) -> None:
    """The office stands duty no longer: its gaps are no alarms any more. Shifts that lie ahead are struck off first."""
    if room.closed_at is not None:
        return
    if not reason.strip():
        raise BadInput("reason", gettext_noop("Say why the duty room is closed."))
    ahead = selectors.roster(room, work.now).exclude(state="handed_over").first()
    if ahead is not None:
        raise BadInput("reason", gettext_noop("A shift is still open: %(shift)s. End it first."), shift=str(ahead))
    room.closed_at = work.now
    room.save(update_fields=["closed_at"])
    work.record(RoomClosed(reason=reason.strip()), on=room)
    look_for_gaps(work, room)


@act(may=PLAN, on=DutyRoom)
def note_absence(work: Work, room: DutyRoom, *, user: int, first: dt.date, last: dt.date, reason: str) -> Absence:
    """Somebody cannot stand duty on some days, both included. Shifts he stands then are changed first.

    The same days again do nothing.
    """
    person = selectors.members(room.region_path, clock.today(), SERVE, APPROVE).filter(pk=user).first()
    if person is None:
        raise BadInput("user", UNKNOWN)
    if last < first:
        raise BadInput("last", gettext_noop("The last day lies before the first. Correct one of them."))
    if last < clock.today():
        raise BadInput("last", gettext_noop("These days have passed."))
    if not reason.strip():
        raise BadInput("reason", gettext_noop("Say why: leave, training, business trip."))
    rows = Absence.objects.everything(why="the same days again do nothing")
    same = rows.filter(room=room, user=person, first=first, last=last, ended_at=None).first()
    if same is not None:
        return same
    begins = dt.datetime.combine(first, dt.time(0), clock.CHINA)
    busy = standing([person.pk], max(begins, work.now), clock.end_of(last)).first()
    if busy is not None:
        raise BadInput("first", BUSY, name=person.name, shift=str(busy))
    absence = created(
        Absence(
            region_path=room.region_path, room=room, user=person, first=first, last=last, reason=reason.strip()[:200]
        )
    )
    said = {"name": person.name, "first": first.isoformat(), "last": last.isoformat()}
    work.record(AbsenceNoted(reason=absence.reason, **said), on=room)
    return absence


@act(may=PLAN, on=Absence)
def end_absence(work: Work, absence: Absence) -> None:
    """Somebody can stand duty again."""
    if absence.ended_at is not None:
        return
    absence.ended_at = work.now
    absence.save(update_fields=["ended_at"])
    work.record(AbsenceEnded(name=absence.user.name), on=absence.room)


def _phone(given: str) -> str:
    phone = given.strip()
    if not PHONE.fullmatch(phone):
        raise BadInput("phone", gettext_noop("Give a telephone number, as 0753-2211020 or 13800138000."))
    return phone
