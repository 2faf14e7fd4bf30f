"""A month of an office's roster: as a calendar on the screen, as a sheet for the wall."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotFound
from anlan.modules.duty import selectors
from anlan.modules.duty.choices import ShiftKind
from anlan.modules.duty.forms import month_name
from anlan.modules.duty.models import DutyRoom, Shift, hours
from anlan.modules.duty.tables import KIND_TONES, day_name
from anlan.modules.duty.workflow import PLAN, SHIFT, VIEW
from anlan.ui import formats, links
from anlan.ui.pages import ViewPage

WEEKDAYS = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
MOST_ROOMS = 200
YEARS = range(2004, 2050)  # those the calendar of working days holds


def chosen(actor: Actor, query: QueryDict) -> tuple[list[DutyRoom], DutyRoom | None]:
    """The open duty rooms within reach, and the one asked for: by default the reader's own office's."""
    rooms = list(selectors.rooms(actor).filter(closed_at=None).order_by("region_path", "pk")[:MOST_ROOMS])
    wanted = query.get("room", "")
    if wanted:
        found = selectors.rooms(actor).filter(pk=wanted).first() if wanted.isdecimal() and len(wanted) < 10 else None
        if found is None:
            raise NotFound
        return rooms, found
    own = {g.path for g in actor.grants}
    return rooms, next((r for r in rooms if r.region_path in own), rooms[0] if rooms else None)


def first_of(query: QueryDict) -> dt.date:
    """The first day of the month asked for; this month where none, or none that is held, is named."""
    try:
        first = dt.date.fromisoformat(f"{query.get('month', '')[:7]}-01")
    except ValueError:
        first = clock.today().replace(day=1)
    return first if first.year in YEARS else clock.today().replace(day=1)


def shown(shift: Shift) -> dict[str, Any]:
    """A shift for the calendar."""
    begins, ends = (m.astimezone(clock.CHINA) for m in (shift.begins_at, shift.ends_at))
    state = SHIFT.state(shift.state)
    return {
        "shift": shift,
        "url": links.url_of(shift),
        "kind": ShiftKind(shift.kind).label,
        "tone": KIND_TONES[shift.kind],
        "hours": f"{begins:%H:%M}–{ends:%H:%M}",
        "state": gettext(state.label) if shift.state != "planned" else "",
        "state_tone": state.colour,
    }


def calendar(actor: Actor, room: DutyRoom, first: dt.date) -> list[dict[str, Any]]:
    """The days of a month with their shifts; missed ones are shown, those struck off are not."""
    last = (first + dt.timedelta(days=32)).replace(day=1)
    begins, ends = (dt.datetime.combine(day, dt.time(0), clock.CHINA) for day in (first, last))
    rows = selectors.shifts(actor).filter(room=room, begins_at__gte=begins, begins_at__lt=ends).exclude(state="struck")
    by_day: dict[dt.date, list[Shift]] = {}
    for shift in rows.order_by("begins_at", "pk"):
        by_day.setdefault(shift.day, []).append(shift)
    now = clock.now()
    bare = selectors.uncovered(room, max(now, begins), ends) if room.closed_at is None and ends > now else []
    days, day = [], first
    while day < last:
        mine = by_day.get(day, [])
        name = day_name(day)
        days.append({
            "day": day, "weekday": WEEKDAYS[day.weekday()], "name": name, "column": day.weekday() + 1,
            "off": selectors.is_day_off(day), "today": day == clock.today(), "shifts": [shown(s) for s in mine],
            "bare": [hours(*gap) for gap in bare if _marks(day, *gap)], "past": day < clock.today() and not mine,
            "officers": _names(s.officer for s in mine if s.kind == ShiftKind.DAY),
            "night": _names(s.officer for s in mine if s.kind == ShiftKind.NIGHT),
            "leaders": _names(s.leader for s in mine), "deputies": _names(s.deputy for s in mine),
        })  # fmt: skip
        day += dt.timedelta(days=1)
    return days


def _marks(day: dt.date, begins: dt.datetime, ends: dt.datetime | None) -> bool:
    """Whether a gap is said on a day: where it begins, and where it takes the whole day."""
    first = dt.datetime.combine(day, dt.time(0), clock.CHINA)
    whole = begins <= first and (ends is None or ends >= first + dt.timedelta(days=1))
    return clock.day_of(begins) == day or whole


def _names(people: Any) -> str:
    return ("、" if formats.is_chinese() else ", ").join(dict.fromkeys(u.name for u in people if u is not None))


def month(actor: Actor, query: QueryDict) -> dict[str, Any]:
    """What the calendar shows."""
    rooms, room = chosen(actor, query)
    first = first_of(query)
    if room is None:
        return {"room": None, "may_open": actor.may(PLAN), "open_url": reverse("duty:open-room")}

    def at(when: dt.date, where: DutyRoom = room, page: str = "duty:month") -> str:
        return f"{reverse(page)}?{urlencode({'room': where.pk, 'month': f'{when:%Y-%m}'})}"

    keeps = room.closed_at is None and actor.may(PLAN, room)
    return {
        "room": room,
        "month": month_name(first),
        "days": calendar(actor, room, first),
        "before": at((first - dt.timedelta(days=1)).replace(day=1)),
        "after": at((first + dt.timedelta(days=32)).replace(day=1)),
        "print_url": at(first, page="duty:sheet"),
        "room_url": links.url_of(room),
        "gaps_url": reverse("duty:gaps"),
        "swaps_url": reverse("duty:swaps"),
        "list_url": f"{reverse('duty:shifts')}?ahead=on",
        "plan_url": f"{reverse('duty:plan', args=[room.pk])}?month={first:%Y-%m}" if keeps else "",
        "put_url": reverse("duty:put", args=[room.pk]) if keeps else "",
        "tabs": [{"label": r.office, "url": at(first, r), "active": r.pk == room.pk} for r in rooms[:12]]
        if len(rooms) > 1
        else [],
        "more_rooms": reverse("duty:rooms") if len(rooms) > 12 else "",
        "weekdays": WEEKDAYS,
    }


MONTH = ViewPage(
    name="duty:month", path="", title=_("Duty roster"), icon="moon", permission=VIEW, template="duty/month.html",
    context=month, model=DutyRoom,
)  # fmt: skip
SHEET = ViewPage(
    name="duty:sheet", path="sheet/", title=_("Duty roster"), permission=VIEW, template="duty/sheet.html",
    context=month, model=DutyRoom,
)  # fmt: skip
