"""Tables of duty: rooms, shifts, swaps, gaps."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anlan.kernel import clock
from anlan.modules.duty.choices import GAP_TONES, GapEnd, ShiftKind
from anlan.modules.duty.models import Absence, DutyRoom, Gap, Shift, Swap, hours
from anlan.modules.duty.workflow import SHIFT, SWAP
from anlan.rules.wording import in_language
from anlan.rules.working_days import calendar_day
from anlan.ui import formats, tables

KIND_TONES = {"day": "blue", "night": "purple"}


def day_name(day: Any) -> str:
    """What kind of day it is beyond its weekday: a festival, a make-up working day, a weekend; "" for a working day."""
    found = calendar_day(day)
    named = in_language(found.name, "zh-hans" if formats.is_chinese() else "en") if found.name else ""
    if found.make_up:
        return gettext("Make-up working day")
    return named or ("" if found.working else gettext("Weekend"))


class HoursColumn(tables.LinkColumn):
    """From when to when; leads to the row's page."""

    def render(self, value: Any, record: Any) -> Any:
        return super().render(hours(record.begins_at, record.ends_at), record)

    def ledger(self, record: Any, value: Any) -> Any:
        return f"{value.astimezone(clock.CHINA):%Y-%m-%d %H:%M}"


class RoomTable(tables.Table):
    """Offices that stand duty."""

    office = tables.LinkColumn(pgettext_lazy("duty", "Office"), lead=True)
    phone = tables.Column(_("Telephone of the duty room"))
    region_path = tables.RegionColumn(_("Region"))
    opened_at = tables.MomentColumn(_("Stands duty since"))
    closed_at = tables.MomentColumn(pgettext_lazy("duty", "Closed on"))

    class Meta(tables.Table.Meta):
        model = DutyRoom
        order_by = "region_path"


class ShiftTable(tables.Table):
    """Shifts: when, who, how far."""

    begins_at = HoursColumn(_("Hours"), lead=True, width=18)
    ends_at = tables.MomentColumn(_("Ends"))
    kind = tables.ChoiceColumn(_("Shift"), choices=ShiftKind.choices, colours=KIND_TONES)
    state = tables.StateColumn(SHIFT, _("State"))
    officer = tables.Column(_("Duty officer"), accessor="officer__name")
    leader = tables.Column(_("Leading cadre"), accessor="leader__name")
    deputy = tables.Column(_("Deputy"), accessor="deputy__name")
    room = tables.Column(pgettext_lazy("duty", "Office"), accessor="room__office")
    phone = tables.Column(_("Telephone"), accessor="room__phone")
    rest_day = tables.Column(_("Day off"), orderable=False)

    class Meta(tables.Table.Meta):
        model = Shift
        order_by = "begins_at"

    def render_rest_day(self, record: Any) -> str:
        """The festival, or that it is a weekend."""
        return day_name(record.day) or formats.DASH

    def value_rest_day(self, record: Any) -> str:
        """The same for a ledger."""
        return day_name(record.day)


class SwapTable(tables.Table):
    """Requests for a swap."""

    shift = tables.LinkColumn(_("Shift"), lead=True, accessor="shift__begins_at")
    state = tables.StateColumn(SWAP, _("State"))
    asker = tables.Column(_("Asked by"), accessor="asker__name")
    colleague = tables.Column(_("Colleague"), accessor="colleague__name")
    reason = tables.TextColumn(_("Reason"))
    asked_at = tables.MomentColumn(_("Asked on"))

    class Meta(tables.Table.Meta):
        model = Swap
        order_by = "-asked_at"


class GapTable(tables.Table):
    """Gaps in rosters."""

    begins_at = HoursColumn(_("Hours"), lead=True, width=18)
    ends_at = tables.MomentColumn(_("Ends"))
    outcome = tables.ChoiceColumn(_("State"), choices=GapEnd.choices, colours=GAP_TONES, empty_values=())
    room = tables.Column(pgettext_lazy("duty", "Office"), accessor="room__office")
    opened_at = tables.MomentColumn(_("Found on"))
    closed_at = tables.MomentColumn(_("Over since"))

    class Meta(tables.Table.Meta):
        model = Gap
        order_by = "-opened_at"


class AbsenceTable(tables.Table):
    """Who cannot stand duty when."""

    user = tables.LinkColumn(
        _("Full name"), lead=True, accessor="user__name", to=lambda a: reverse("duty:end-absence", args=[a.pk])
    )
    first = tables.DayColumn(_("First day"))
    last = tables.DayColumn(pgettext_lazy("duty", "Last day"))
    reason = tables.TextColumn(_("Reason"))

    class Meta(tables.Table.Meta):
        model = Absence
        order_by = "first"
