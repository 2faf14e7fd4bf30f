"""Tables of major hazard installations."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anlan.modules.installations.choices import (
    OUTCOME_TONES,
    TONES,
    Basis,
    FilingKind,
    Level,
    Outcome,
    TargetKind,
    UnitType,
)
from anlan.modules.installations.models import Filing, Holding, Installation, Target
from anlan.modules.installations.workflow import INSTALLATION
from anlan.ui import tables


def correct_holding(holding: Any) -> str:
    """Where a holding is corrected: the form filled in with what is declared; "" for whoever may not."""
    return reverse("installations:correct-holding", args=[holding.pk]) if holding.changeable else ""


def correct_target(target: Any) -> str:
    """Where a target is corrected; "" for whoever may not."""
    return reverse("installations:correct-target", args=[target.pk]) if target.changeable else ""


class StrikeColumn(tables.Column):
    """Leads to where a row is struck, whoever may (``changeable``, which the page says of its rows)."""

    def __init__(self, page: str) -> None:
        super().__init__(_("Strike"), accessor="pk", orderable=False)
        self.page = page

    def render(self, value: Any, record: Any) -> Any:
        if not record.changeable:
            return self.default
        return format_html('<a href="{}">{}</a>', reverse(self.page, args=[value]), gettext("Strike"))


class InstallationTable(tables.Table):
    """The register."""

    name = tables.LinkColumn(pgettext_lazy("installation", "Name of the installation"), lead=True)
    level = tables.ChoiceColumn(
        pgettext_lazy("installation", "Level"),
        choices=Level.choices,
        colours={str(level): tone for level, tone in TONES.items()},
    )
    state = tables.StateColumn(INSTALLATION, _("State"))
    kind = tables.ChoiceColumn(pgettext_lazy("installation", "Kind of unit"), choices=UnitType.choices)
    unit = tables.Column(_("Unit"), accessor="site__unit__name")
    r_value = tables.NumberColumn("R", places=2)
    filing_no = tables.Column(pgettext_lazy("filing", "Filing number"))
    filed_on = tables.DayColumn(pgettext_lazy("filing", "On file since"))
    assessed_on = tables.DayColumn(_("Assessment report of"))
    unmet = tables.NumberColumn(_("Lacking of what is required"))
    over_t = tables.NumberColumn(_("Above the declared basis, t"))
    region_path = tables.RegionColumn(_("Region"))

    class Meta(tables.Table.Meta):
        model = Installation
        order_by = "-pk"


class HoldingTable(tables.Table):
    """What an installation holds."""

    substance = tables.LinkColumn(
        pgettext_lazy("chemicals", "Substance"), lead=True, accessor="substance__name", to=correct_holding
    )
    tonnes = tables.NumberColumn(_("Tonnes"))
    basis = tables.ChoiceColumn(pgettext_lazy("holding", "Basis"), choices=Basis.choices)
    paper = tables.TextColumn(_("Paper it rests on"))
    place = tables.Column(pgettext_lazy("chemicals", "Place of keeping"), accessor="place__name")
    largest_t = tables.NumberColumn(_("In the largest vessel, t"))
    strike = StrikeColumn("installations:drop-holding")

    class Meta(tables.Table.Meta):
        model = Holding
        order_by = "pk"


class TargetTable(tables.Table):
    """What must be protected nearby."""

    name = tables.LinkColumn(pgettext_lazy("target", "Name"), lead=True, to=correct_target)
    kind = tables.ChoiceColumn(pgettext_lazy("target", "Kind"), choices=TargetKind.choices)
    distance_m = tables.NumberColumn(_("Distance, m"))
    persons = tables.NumberColumn(_("Persons"))
    strike = StrikeColumn("installations:drop-target")

    class Meta(tables.Table.Meta):
        model = Target
        order_by = "distance_m"


class FilingTable(tables.Table):
    """Filings as they were handed in."""

    handed_on = tables.LinkColumn(pgettext_lazy("filing", "Handed in on"), lead=True)
    name = tables.Column(pgettext_lazy("installation", "Name of the installation"), accessor="installation__name")
    kind = tables.ChoiceColumn(pgettext_lazy("filing", "Kind of filing"), choices=FilingKind.choices)
    level = tables.ChoiceColumn(
        pgettext_lazy("installation", "Level"), choices=Level.choices,
        colours={str(level): tone for level, tone in TONES.items()},
    )  # fmt: skip
    outcome = tables.ChoiceColumn(pgettext_lazy("filing", "Outcome"), choices=Outcome.choices, colours=OUTCOME_TONES)
    number = tables.Column(pgettext_lazy("filing", "Filing number"))
    decided_on = tables.DayColumn(pgettext_lazy("filing", "Decided on"))
    by_name = tables.Column(pgettext_lazy("filing", "Handed in by"))
    unit = tables.Column(_("Unit"), accessor="installation__site__unit__name")
    region_path = tables.RegionColumn(_("Region"))

    class Meta(tables.Table.Meta):
        model = Filing
        order_by = "-pk"
