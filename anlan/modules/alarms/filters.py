"""Filters of the lists of alarms."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.modules.alarms.choices import PRIORITIES, LimitKind
from anlan.modules.alarms.models import Alarm, AlarmSetting
from anlan.modules.alarms.workflow import ALARM, LOUD, OPEN, VIEW
from anlan.ui import filters


class AlarmFilters(filters.FilterSet):
    """Of alarms."""

    q = filters.Search(["tag__label", "tag__name", "unit__name"], placeholder=_("Tag or unit"))
    state = filters.State(ALARM)
    priority = filters.Choice("priority", PRIORITIES, pgettext_lazy("alarm", "Priority"))
    kind = filters.Choice("kind", LimitKind.choices, pgettext_lazy("alarm", "Kind"))
    region = filters.Region("region_path", permission=VIEW)
    days = filters.Days(_("Raised at"), "raised_at")
    open = filters.Flag(_("Not closed"), Q(state__in=OPEN))
    loud = filters.Flag(_("Not acknowledged"), Q(state__in=LOUD))
    statutory = filters.Flag(_("Must be handled"), Q(statutory=True))

    class Meta:
        model = Alarm
        fields: tuple[str, ...] = ()


class SettingFilters(filters.FilterSet):
    """Of settings."""

    q = filters.Search(["tag__label", "tag__name", "tag__unit__name"], placeholder=_("Tag or unit"))
    kind = filters.Choice("kind", LimitKind.choices, pgettext_lazy("alarm", "Kind"))
    priority = filters.Choice("priority", PRIORITIES, pgettext_lazy("alarm", "Priority"))
    region = filters.Region("region_path", permission=VIEW)
    held = filters.Flag(pgettext_lazy("limit", "In force"), Q(retired_at=None))
    out = filters.Flag(_("Out of service"), Q(out_until__isnull=False))
    statutory = filters.Flag(_("Must be handled"), Q(statutory=True))

    class Meta:
        model = AlarmSetting
        fields: tuple[str, ...] = ()
