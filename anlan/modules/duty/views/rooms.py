"""Screens of duty rooms, their planning, absences and gaps."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.modules.duty import filters, forms, selectors, services
from anlan.modules.duty.choices import GAP_TONES, GapEnd
from anlan.modules.duty.models import DutyRoom, Gap, hours
from anlan.modules.duty.tables import AbsenceTable, GapTable, RoomTable, ShiftTable
from anlan.modules.duty.workflow import PLAN, VIEW
from anlan.ui import links
from anlan.ui.forms import Form
from anlan.ui.pages import Action, ActPage, Empty, Export, FormPage, Item, ListPage, RecordPage, Section, Tab, actor_of


def stands(room: DutyRoom, actor: Actor) -> bool:
    """For acts on open rooms."""
    return room.closed_at is None


def room_facts(room: DutyRoom, actor: Actor) -> list[Item]:
    """What is known of a room."""
    now = selectors.on_duty(room.region_path)
    return [
        Item(_("Region"), room.region_path, kind="region"),
        Item(_("Telephone of the duty room"), room.phone, url=f"tel:{room.phone}"),
        Item(_("On duty now"), now.officer.name if now else _("Nobody"), url=_own(now, actor)),
        Item(_("Leading cadre"), now.leader.name if now else ""),
        Item(_("Stands duty since"), room.opened_at),
        Item(pgettext_lazy("duty", "Closed on"), room.closed_at),
    ]


def _own(shift: Any, actor: Actor) -> str:
    return links.url_of(shift) if shift is not None and actor.may(VIEW, shift) else ""


def planned(outcome: dict[str, int]) -> str:
    """What a month's planning came to."""
    if not outcome["planned"] and not outcome["unfilled"]:
        return gettext("Every hour ahead in this month is covered already; nothing was changed.")
    said = ngettext("%(n)s shift was planned.", "%(n)s shifts were planned.", outcome["planned"])
    told = said % {"n": outcome["planned"]}
    if outcome["unfilled"]:
        left = ngettext(
            "For %(n)s shift nobody could be found: enter it by hand.",
            "For %(n)s shifts nobody could be found: enter them by hand.",
            outcome["unfilled"],
        )
        told = f"{told} {left % {'n': outcome['unfilled']}}"
    return told


def next_bare(room: DutyRoom, actor: Actor) -> dict[str, Any]:
    """The first hours ahead that nobody covers, as the form's proposal."""
    now = clock.now().replace(second=0, microsecond=0)
    bare = selectors.uncovered(room, now, now + dt.timedelta(days=31))
    begins, ends = bare[0] if bare else (now, None)
    ends = min(ends or begins + dt.timedelta(hours=12), begins + dt.timedelta(hours=24))
    return {"begins": begins, "ends": ends}


OPEN = Action(_("Open a duty room"), "duty:open-room", icon="plus", permission=PLAN, tone="primary")
CALENDAR = Action(_("Calendar"), "duty:month", icon="calendar", permission=VIEW)

ROOMS = ListPage(
    name="duty:rooms",
    path="rooms/",
    title=_("Duty rooms"),
    icon="phone",
    permission=VIEW,
    selector=selectors.rooms,
    table=RoomTable,
    filters=filters.RoomFilters,
    tabs=(Tab(_("Stands duty"), "open=on"), Tab(_("All"), "")),
    actions=(OPEN, CALENDAR),
    empty=Empty(
        _("No duty room"), _("No office in your area stands duty yet. Open its duty room, then plan a month."), OPEN
    ),
    export=Export(permission=VIEW, filename="duty-rooms"),
)  # fmt: skip
ROOM = RecordPage(
    name="duty:room",
    path="rooms/<int:pk>/",
    permission=VIEW,
    selector=selectors.rooms,
    title=lambda room: room.office,
    badges=lambda room: [(_("Closed"), "grey")] if room.closed_at else [(_("Stands duty"), "green")],
    facts=room_facts,
    back="duty:rooms",
    deadlines=False,
    sections=(
        Section(
            _("Shifts ahead"), table=ShiftTable, icon="calendar", most=20, empty=_("No shift is planned."),
            rows=lambda room, actor: selectors.shifts(actor).filter(filters.ahead(), room=room).order_by("begins_at"),
            columns=("begins_at", "kind", "state", "officer", "leader", "deputy"),
        ),
        Section(
            _("Gaps not filled"), table=GapTable, icon="alert-triangle", empty=_("None within the hours watched."),
            rows=lambda room, actor: selectors.gaps(actor).filter(room=room, outcome="").order_by("begins_at"),
            columns=("begins_at", "outcome", "opened_at"),
        ),
        Section(
            _("Absences"), table=AbsenceTable, icon="user-off", permission=PLAN, empty=_("Nobody is off."),
            rows=lambda room, actor: selectors.absences(actor)
            .filter(room=room, last__gte=clock.today())
            .order_by("first", "pk"),
        ),
    ),
    actions=(
        Action(_("Plan a month"), "duty:plan", icon="calendar", permission=PLAN, tone="primary", when=stands),
        Action(_("Enter a shift"), "duty:put", icon="plus", permission=PLAN, when=stands),
        Action(_("Note an absence"), "duty:absence", icon="user-off", permission=PLAN, when=stands),
        Action(_("Change the telephone"), "duty:change-room", icon="phone", permission=PLAN, aside=True, when=stands),
        Action(_("Close the duty room"), "duty:close-room", icon="circle-x", permission=PLAN, aside=True, when=stands),
    ),
)  # fmt: skip
OPEN_ROOM = ActPage(
    name="duty:open-room", path="rooms/open/", title=_("Open a duty room"), act=services.open_room, form=forms.RoomForm,
    submit=pgettext_lazy("duty room", "Open"), cancel="duty:rooms",
    message=_("The duty room is open. Plan its first month."),
)  # fmt: skip
CHANGE_ROOM = ActPage(
    name="duty:change-room", path="rooms/<int:pk>/phone/", title=_("Change the telephone"), selector=selectors.rooms,
    act=services.change_room, form=forms.PhoneForm, initial=lambda room, actor: {"phone": room.phone},
)  # fmt: skip
CLOSE_ROOM = ActPage(
    name="duty:close-room", path="rooms/<int:pk>/close/", title=_("Close the duty room"), selector=selectors.rooms,
    act=services.close_room, form=forms.ReasonForm, submit=_("Close"), danger=True,
    intro=_("The office stands duty no longer: what is raised at night goes to the office above."),
)  # fmt: skip
PLAN_MONTH = ActPage(
    name="duty:plan", path="rooms/<int:pk>/plan/", title=_("Plan a month"), selector=selectors.own_rooms,
    act=services.plan_month, form=forms.MonthForm, submit=_("Plan"), message=planned, wide=True,
    intro=_("Only hours that lie ahead and are bare are planned; shifts that stand already stay as they are."),
)  # fmt: skip
PUT_SHIFT = ActPage(
    name="duty:put", path="rooms/<int:pk>/shift/", title=_("Enter a shift"), selector=selectors.own_rooms,
    act=services.put_shift, form=forms.ShiftForm, submit=_("Enter"), initial=next_bare,
    message=_("The shift is on the roster."),
)  # fmt: skip
ABSENCE = ActPage(
    name="duty:absence", path="rooms/<int:pk>/absence/", title=_("Note an absence"), selector=selectors.own_rooms,
    act=services.note_absence, form=forms.AbsenceForm, submit=pgettext_lazy("absence", "Note"),
    done=lambda outcome: links.url_of(outcome.room),
)  # fmt: skip
END_ABSENCE = ActPage(
    name="duty:end-absence", path="absences/<int:pk>/end/", title=_("End the absence"), selector=selectors.absences,
    act=services.end_absence, form=Form, submit=_("End"), done=lambda outcome: links.url_of(outcome.room),
)  # fmt: skip


def gap_facts(gap: Gap, actor: Actor) -> list[Item]:
    """What is known of a gap."""
    return [
        Item(pgettext_lazy("duty", "Office"), gap.room.office, url=links.url_of(gap.room)),
        Item(_("Hours"), hours(gap.begins_at, gap.ends_at)),
        Item(_("Found on"), gap.opened_at),
        Item(_("Over since"), gap.closed_at),
    ]


def fills(gap: Gap, actor: Actor) -> bool:
    """For filling an open gap."""
    return gap.outcome == GapEnd.OPEN and gap.room.closed_at is None and actor.may(PLAN, gap)


def gap_hours(gap: Gap, actor: Actor) -> dict[str, Any]:
    """The hours of the gap, a day at most, as the form's proposal."""
    begins = max(gap.begins_at, clock.now().replace(second=0, microsecond=0))
    ends = gap.ends_at or begins + dt.timedelta(hours=12)
    return {"begins": begins, "ends": min(ends, begins + dt.timedelta(hours=24))}


def fill(request: HttpRequest, form: forms.ShiftForm, gap: Gap) -> Any:
    """Enter a shift for a gap."""
    return services.put_shift(actor=actor_of(request), key=form.key, room=gap.room_id, **form.arguments())


GAPS = ListPage(
    name="duty:gaps",
    path="gaps/",
    title=_("Gaps in rosters"),
    icon="alert-triangle",
    permission=VIEW,
    selector=selectors.gaps,
    table=GapTable,
    filters=filters.GapFilters,
    lead=_("Hours ahead without a duty officer; each is an alarm to the leader of its office"),
    tabs=(Tab(_("Not filled yet"), "open=on"), Tab(_("All"), "")),
    opens="open=on",
    actions=(CALENDAR,),
    empty=Empty(_("No gap"), _("Every hour watched has its duty officer."), CALENDAR),
    export=Export(permission=VIEW, filename="duty-gaps"),
)
GAP_PAGE = RecordPage(
    name="duty:gap",
    path="gaps/<int:pk>/",
    permission=VIEW,
    selector=selectors.gaps,
    title=lambda gap: _("Gap in the roster"),
    subtitle=str,
    badges=lambda gap: [(GapEnd(gap.outcome).label, GAP_TONES[gap.outcome])],
    facts=gap_facts,
    back="duty:gaps",
    actions=(Action(_("Enter a shift"), "duty:fill", icon="plus", permission=PLAN, tone="primary", when=fills),),
)
FILL = FormPage(
    name="duty:fill", path="gaps/<int:pk>/fill/", title=_("Fill the gap in the roster"), permission=PLAN,
    selector=selectors.fillable, form=forms.ShiftForm, handle=fill, submit=_("Enter"), initial=gap_hours,
    message=_("The shift is on the roster."),
)  # fmt: skip
