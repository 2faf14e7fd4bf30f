"""Tables of alarms and their settings."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anlan.modules.alarms.choices import CALL_TONES, PRIORITY_TONES, CallOutcome, LimitKind, Priority
from anlan.modules.alarms.models import Alarm, AlarmCall, AlarmSetting
from anlan.modules.alarms.workflow import ALARM
from anlan.ui import formats, tables

TONES = {str(priority): tone for priority, tone in PRIORITY_TONES.items()}


class AlarmTable(tables.Table):
    """Alarms, the newest first."""

    raised_at = tables.MomentColumn(_("Raised at"))
    tag = tables.LinkColumn(pgettext_lazy("alarm", "Tag"), lead=True, accessor="tag__label")
    kind = tables.ChoiceColumn(pgettext_lazy("alarm", "Kind"), choices=LimitKind.choices)
    priority = tables.ChoiceColumn(pgettext_lazy("alarm", "Priority"), choices=Priority.choices, colours=TONES)
    state = tables.StateColumn(ALARM, _("State"))
    reading = tables.Column(pgettext_lazy("alarm", "Value"), orderable=False)
    limit = tables.Column(pgettext_lazy("alarm", "Limit"), orderable=False)
    unit = tables.Column(_("Unit"), accessor="unit__name")
    region_path = tables.RegionColumn(_("Region"))
    repeats = tables.NumberColumn(_("Raised again"))
    returned_at = tables.MomentColumn(_("Returned at"))
    acknowledger = tables.Column(_("Acknowledged by"), accessor="acknowledger__name")

    class Meta(tables.Table.Meta):
        model = Alarm
        order_by = "-raised_at"


class SettingTable(tables.Table):
    """Limits of tags."""

    tag = tables.LinkColumn(pgettext_lazy("alarm", "Tag"), lead=True, accessor="tag__label")
    kind = tables.ChoiceColumn(pgettext_lazy("alarm", "Kind"), choices=LimitKind.choices)
    limit = tables.Column(pgettext_lazy("alarm", "Limit"), orderable=False)
    priority = tables.ChoiceColumn(pgettext_lazy("alarm", "Priority"), choices=Priority.choices, colours=TONES)
    service = tables.Column(_("In service"), accessor="pk", orderable=False)
    unit = tables.Column(_("Unit"), accessor="tag__unit__name")
    region_path = tables.RegionColumn(_("Region"))
    dead_band = tables.NumberColumn(_("Dead-band"), places=2)
    on_delay_s = tables.NumberColumn(_("Raised after, s"))

    class Meta(tables.Table.Meta):
        model = AlarmSetting

    def render_service(self, record: Any) -> Any:
        """In service, out of it until when, or ended."""
        return service_of(record)

    def value_service(self, record: Any) -> str:
        """The same for a ledger."""
        return str(service_of(record))


def how_long(span: dt.timedelta) -> str:
    """A stretch of time to the minute, days and hours in front; seconds below one minute."""
    seconds = int(span.total_seconds())
    if seconds < 60:
        return gettext("%(n)s s") % {"n": max(seconds, 0)}
    minutes, hours, days = seconds // 60 % 60, seconds // 3600 % 24, seconds // 86400
    if days:
        return gettext("%(days)s d %(hours)s h") % {"days": days, "hours": hours}
    if hours:
        return gettext("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}
    return gettext("%(minutes)s min") % {"minutes": minutes}


def service_of(setting: AlarmSetting) -> Any:
    """In service, out of it until when, or ended."""
    if setting.retired_at is not None:
        return _("Ended")
    if setting.out_until is not None:
        return _("Out of service until %(until)s") % {"until": formats.moment(setting.out_until)}
    return _("In service")


class CallTable(tables.Table):
    """Calls about an alarm."""

    at = tables.MomentColumn(_("Called at"))
    whom = tables.Column(pgettext_lazy("call", "Whom"), lead=True)
    outcome = tables.ChoiceColumn(pgettext_lazy("call", "Outcome"), choices=CallOutcome.choices, colours=CALL_TONES)
    note = tables.TextColumn(pgettext_lazy("call", "What was said"))
    by = tables.Column(_("Called by"), accessor="by__name")

    class Meta(tables.Table.Meta):
        model = AlarmCall
        order_by = "-at"
