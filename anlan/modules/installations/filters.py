"""Filters of the register."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.modules.installations.choices import FilingKind, Level, Outcome, UnitType
from anlan.modules.installations.models import Filing, Installation
from anlan.modules.installations.workflow import INSTALLATION, VIEW
from anlan.ui import filters

LEVELS = [(str(level), label) for level, label in Level.choices]


class InstallationFilters(filters.FilterSet):
    """Of installations."""

    q = filters.Search(["name", "site__unit__name", "filing_no"], placeholder=_("Name, unit or filing number"))
    level = filters.Choice("level", LEVELS, pgettext_lazy("installation", "Level"), several=True)
    state = filters.State(INSTALLATION)
    kind = filters.Choice("kind", UnitType.choices, pgettext_lazy("installation", "Kind of unit"))
    region = filters.Region("region_path", permission=VIEW)
    major = filters.Flag(pgettext_lazy("installation", "Major hazard"), Q(level__isnull=False) & ~Q(state="cancelled"))
    over = filters.Flag(_("Above the declared basis"), Q(over_t__gt=0))
    unmet = filters.Flag(_("Monitoring lacking"), Q(unmet__gt=0))
    stale = filters.Flag(_("To be graded anew"), Q(stale=True))

    class Meta:
        model = Installation
        fields: tuple[str, ...] = ()


class FilingFilters(filters.FilterSet):
    """Of filings."""

    q = filters.Search(
        ["installation__name", "installation__site__unit__name", "number"], placeholder=_("Name, unit or filing number")
    )
    outcome = filters.Choice("outcome", Outcome.choices, pgettext_lazy("filing", "Outcome"))
    kind = filters.Choice("kind", FilingKind.choices, pgettext_lazy("filing", "Kind of filing"))
    region = filters.Region("region_path", permission=VIEW)
    handed = filters.Days(pgettext_lazy("filing", "Handed in on"), "handed_on")

    class Meta:
        model = Filing
        fields: tuple[str, ...] = ()
