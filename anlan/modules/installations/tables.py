"""Tables of major hazard installations."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.modules.installations.choices import TONES, Basis, Level, TargetKind, UnitType
from anlan.modules.installations.models import Holding, Installation, Target
from anlan.modules.installations.workflow import INSTALLATION
from anlan.ui import tables


def change_holding(holding: Any) -> str:
    """Where a holding is struck."""
    return reverse("installations:drop-holding", args=[holding.pk])


def change_target(target: Any) -> str:
    """Where a target is struck."""
    return reverse("installations:drop-target", args=[target.pk])


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
    over_t = tables.NumberColumn(_("Above the declared basis, t"))
    region_path = tables.RegionColumn(_("Region"))

    class Meta(tables.Table.Meta):
        model = Installation
        order_by = "-pk"


class HoldingTable(tables.Table):
    """What an installation holds."""

    substance = tables.LinkColumn(
        pgettext_lazy("chemicals", "Substance"), lead=True, accessor="substance__name", to=change_holding
    )
    tonnes = tables.NumberColumn(_("Tonnes"))
    basis = tables.ChoiceColumn(pgettext_lazy("holding", "Basis"), choices=Basis.choices)
    paper = tables.TextColumn(_("Paper it rests on"))
    place = tables.Column(pgettext_lazy("chemicals", "Place of keeping"), accessor="place__name")

    class Meta(tables.Table.Meta):
        model = Holding
        order_by = "pk"


class TargetTable(tables.Table):
    """What must be protected nearby."""

    name = tables.LinkColumn(pgettext_lazy("target", "Name"), lead=True, to=change_target)
    kind = tables.ChoiceColumn(pgettext_lazy("target", "Kind"), choices=TargetKind.choices)
    distance_m = tables.NumberColumn(_("Distance, m"))
    persons = tables.NumberColumn(_("Persons"))

    class Meta(tables.Table.Meta):
        model = Target
        order_by = "distance_m"
