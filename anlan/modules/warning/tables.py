"""Tables of warning."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.modules.warning.choices import LEVEL_TONES, About, PeriodKind, Source, WarningLevel
from anlan.modules.warning.models import EarlyWarning, IndexDay, Notice, SpecialPeriod
from anlan.modules.warning.workflow import NOTICE, WARNING
from anlan.ui import tables


class DayTable(tables.Table):
    """Indexes of days."""

    day = tables.DayColumn(pgettext_lazy("index", "Day"))
    about = tables.ChoiceColumn(pgettext_lazy("index", "Of what"), choices=About.choices)
    region_path = tables.RegionColumn(_("Region"))
    unit = tables.Column(_("Unit"), accessor="unit__name")
    value = tables.LinkColumn(pgettext_lazy("index", "Index"), lead=True)
    level = tables.ChoiceColumn(pgettext_lazy("warning", "Level"), choices=WarningLevel.choices, colours=LEVEL_TONES)
    formula = tables.Column(pgettext_lazy("index", "Formula"))
    reckoned_at = tables.MomentColumn(pgettext_lazy("index", "Reckoned at"))

    class Meta(tables.Table.Meta):
        model = IndexDay
        order_by = "-day"


class WarningTable(tables.Table):
    """Warnings."""

    number = tables.LinkColumn(pgettext_lazy("warning", "Number"), lead=True)
    level = tables.ChoiceColumn(pgettext_lazy("warning", "Level"), choices=WarningLevel.choices, colours=LEVEL_TONES)
    place = tables.Column(pgettext_lazy("warning", "For"))
    state = tables.StateColumn(WARNING, _("State"))
    source = tables.ChoiceColumn(pgettext_lazy("warning", "Source"), choices=Source.choices)
    until = tables.DayColumn(pgettext_lazy("warning", "In force until"))
    made_at = tables.MomentColumn(pgettext_lazy("warning", "Made at"))
    value_before = tables.NumberColumn(_("Index before"), places=1)
    value_after = tables.NumberColumn(_("Index after"), places=1)
    told = tables.NumberColumn(_("Notices"))
    in_time = tables.NumberColumn(_("Acknowledged in time"))

    class Meta(tables.Table.Meta):
        model = EarlyWarning
        order_by = "-made_at"


class NoticeTable(tables.Table):
    """Notices."""

    to = tables.LinkColumn(pgettext_lazy("notice", "Addressee"), lead=True)
    number = tables.Column(pgettext_lazy("warning", "Number"), accessor="warning__number")
    level = tables.ChoiceColumn(
        pgettext_lazy("warning", "Level"), choices=WarningLevel.choices, colours=LEVEL_TONES, accessor="warning__level"
    )
    place = tables.Column(pgettext_lazy("warning", "For"), accessor="warning__place")
    state = tables.StateColumn(NOTICE, _("State"))
    answer_by = tables.DayColumn(pgettext_lazy("notice", "Acknowledge by"))
    acknowledged_at = tables.MomentColumn(pgettext_lazy("notice", "Acknowledged at"))
    reported_at = tables.MomentColumn(_("Reported at"))
    sent_at = tables.MomentColumn(pgettext_lazy("notice", "Sent at"))

    class Meta(tables.Table.Meta):
        model = Notice
        order_by = "-sent_at"


class PeriodTable(tables.Table):
    """Special periods."""

    name = tables.LinkColumn(pgettext_lazy("period", "Name"), lead=True)
    kind = tables.ChoiceColumn(pgettext_lazy("period", "Kind"), choices=PeriodKind.choices)
    first = tables.DayColumn(pgettext_lazy("period", "First day"))
    last = tables.DayColumn(pgettext_lazy("period", "Last day"))
    factor = tables.NumberColumn(_("Factor, %"))
    region_path = tables.RegionColumn(_("Region"))
    ended_at = tables.MomentColumn(_("Ended at"))

    class Meta(tables.Table.Meta):
        model = SpecialPeriod
        order_by = "-last"


def level_label(level: str) -> Any:
    """A level in the reader's language; below all levels it is said so."""
    return WarningLevel(level).label if level else pgettext_lazy("warning", "None")
