"""Filters of the lists of warning."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.kernel import clock
from anlan.modules.warning.choices import About, PeriodKind, WarningLevel
from anlan.modules.warning.models import EarlyWarning, IndexDay, Notice, SpecialPeriod
from anlan.modules.warning.workflow import NOTICE, OPEN, SURVEY, VIEW, WARNING
from anlan.ui import filters


class DayFilters(filters.FilterSet):
    """Of indexes."""

    q = filters.Search(["unit__name"], placeholder=_("Unit"))
    about = filters.Choice("about", About.choices, pgettext_lazy("index", "Of what"))
    level = filters.Choice("level", WarningLevel.choices, pgettext_lazy("warning", "Level"))
    region = filters.Region("region_path", permission=SURVEY)
    days = filters.Days(pgettext_lazy("index", "Day"), "day")

    class Meta:
        model = IndexDay
        fields: tuple[str, ...] = ()


class WarningFilters(filters.FilterSet):
    """Of warnings."""

    q = filters.Search(["number", "place"], placeholder=_("Number or place"))
    state = filters.State(WARNING)
    level = filters.Choice("level", WarningLevel.choices, pgettext_lazy("warning", "Level"))
    region = filters.Region("region_path", permission=SURVEY)
    days = filters.Days(pgettext_lazy("warning", "Made at"), "made_at")
    open = filters.Flag(_("Proposed or in force"), Q(state__in=OPEN))

    class Meta:
        model = EarlyWarning
        fields: tuple[str, ...] = ()


class NoticeFilters(filters.FilterSet):
    """Of notices."""

    q = filters.Search(["to", "warning__number", "warning__place"], placeholder=_("Number, place or addressee"))
    state = filters.State(NOTICE)
    level = filters.Choice("warning__level", WarningLevel.choices, pgettext_lazy("warning", "Level"))
    region = filters.Region("region_path", permission=VIEW)
    open = filters.Flag(pgettext_lazy("warning", "In force"), ~Q(state="ended"))
    late = filters.Flag(_("Not acknowledged in time"), lambda: Q(state="sent", answer_by__lt=clock.today()))

    class Meta:
        model = Notice
        fields: tuple[str, ...] = ()


class PeriodFilters(filters.FilterSet):
    """Of special periods."""

    q = filters.Search(["name"], placeholder=pgettext_lazy("period", "Name"))
    kind = filters.Choice("kind", PeriodKind.choices, pgettext_lazy("period", "Kind"))
    region = filters.Region("region_path", permission=SURVEY)
    ahead = filters.Flag(_("Running or ahead"), lambda: Q(last__gte=clock.today(), ended_at=None))

    class Meta:
        model = SpecialPeriod
        fields: tuple[str, ...] = ()
