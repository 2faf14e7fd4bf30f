"""How points, registers, changes, checks and plans look in lists."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.modules.hazards.public import HAZARD
from anlan.modules.risks.choices import Colour, ControlLevel, Identification, PointKind, Why
from anlan.modules.risks.models import (
    AreaAssessment,
    Assessment,
    ColourChange,
    FloorPlan,
    HazardTie,
    MeasureCheck,
    Register,
    RiskPoint,
)
from anlan.modules.risks.workflow import POINT
from anlan.ui import links, tables

TONES = {"red": "red", "orange": "orange", "yellow": "yellow", "blue": "blue", "": "grey"}
NONE = ("", _("Not assessed"))
LEVEL = _("Risk level")


def level_column(label: Any = LEVEL, **kwargs: Any) -> tables.ChoiceColumn:
    """A colour with the level it shows."""
    return tables.ChoiceColumn(label, choices=[NONE, *Colour.choices], colours=TONES, empty_values=(), **kwargs)


class PointTable(tables.Table):
    """Risk points: the number stands under the name."""

    name = tables.LinkColumn(_("Risk point"), lead=True, beneath=lambda p: p.number)
    unit = tables.PlacedColumn(_("Unit"), accessor="site__unit__name", order_by="site__unit__name")
    kind = tables.ChoiceColumn(_("Kind"), choices=PointKind.choices)
    shown = level_column()
    inherent = level_column(_("Inherent risk"))
    state = tables.StateColumn(POINT)
    control_level = tables.ChoiceColumn(_("Control level"), choices=ControlLevel.choices)
    responsible = tables.Column(pgettext_lazy("risk", "Responsible"))
    assessed_on = tables.DayColumn(_("Assessed on"))

    class Meta(tables.Table.Meta):
        model = RiskPoint
        order_by = "-pk"


class PointLedger(tables.Table):
    """The risk ledger (安全风险分级管控清单) as it is taken away."""

    number = tables.Column(_("Number"), width=20)
    unit = tables.Column(_("Unit"), accessor="site__unit__name", width=30)
    site = tables.Column(_("Site"), accessor="site__name", width=24)
    region_path = tables.RegionColumn(_("Region"))
    name = tables.Column(_("Risk point"), width=24)
    kind = tables.ChoiceColumn(_("Kind"), choices=PointKind.choices)
    place = tables.Column(_("Where on the site"))
    identification = tables.ChoiceColumn(_("Identified by"), choices=Identification.choices)
    accident_classes = tables.Column(_("Possible accidents"), orderable=False)
    inherent = level_column(_("Inherent risk"))
    residual = level_column(_("Residual risk"))
    shown = level_column()
    control_level = tables.ChoiceColumn(_("Control level"), choices=ControlLevel.choices)
    responsible = tables.Column(pgettext_lazy("risk", "Responsible"))
    assessed_on = tables.DayColumn(_("Assessed on"))
    state = tables.StateColumn(POINT)

    class Meta(tables.Table.Meta):
        model = RiskPoint
        order_by = "-pk"

    def value_accident_classes(self, value: Any) -> str:
        """The classes in one cell."""
        return "、".join(value)


class RegisterTable(tables.Table):
    """Registers of sites."""

    site = tables.LinkColumn(_("Site"), lead=True, accessor="site__name")
    unit = tables.PlacedColumn(_("Unit"), accessor="site__unit__name", order_by="site__unit__name")
    points = tables.NumberColumn(_("Risk points"))
    assessed = tables.NumberColumn(_("Points in force"))
    failed = tables.NumberColumn(_("Failed measures"))
    colour = level_column(_("Gravest"))
    review_due = tables.DueColumn(_("Review due"))

    class Meta(tables.Table.Meta):
        model = Register
        order_by = "review_due"


class ChangeTable(tables.Table):
    """What changed: from which colour to which, when, why."""

    point = tables.LinkColumn(
        _("Risk point"), lead=True, accessor="point__name", to=lambda c: links.url_of(c.point),
        beneath=lambda c: c.point.number, orderable=False,
    )  # fmt: skip
    unit = tables.PlacedColumn(_("Unit"), accessor="point__site__unit__name", orderable=False)
    before = level_column(pgettext_lazy("colour", "Before"))
    after = level_column(pgettext_lazy("colour", "After"))
    why = tables.ChoiceColumn(pgettext_lazy("colour", "Why"), choices=Why.choices)
    on = tables.DayColumn(_("Changed on"))

    class Meta(tables.Table.Meta):
        model = ColourChange
        order_by = "-on"


class CheckTable(tables.Table):
    """Checks of measures."""

    measure = tables.LinkColumn(
        _("Measure"), lead=True, accessor="measure__text", to=lambda c: links.url_of(c), orderable=False,
        beneath=lambda c: c.point.name,
    )  # fmt: skip
    unit = tables.PlacedColumn(_("Unit"), accessor="point__site__unit__name", orderable=False)
    effective = tables.ChoiceColumn(
        _("What was seen"), choices=[(True, _("Effective")), (False, _("Failed"))],
        colours={"True": "green", "False": "red"},
    )  # fmt: skip
    by_name = tables.Column(_("Checked by"))
    at = tables.MomentColumn(_("Checked at"))
    hazard = tables.LinkColumn(
        _("Hazard"), accessor="hazard__number", to=lambda c: links.url_of(HAZARD, c.hazard_id) if c.hazard_id else "",
        orderable=False,
    )  # fmt: skip

    class Meta(tables.Table.Meta):
        model = MeasureCheck
        order_by = "-pk"


class TieTable(tables.Table):
    """The hazards that lie on a point."""

    hazard = tables.LinkColumn(
        _("Hazard"), lead=True, accessor="hazard__title", to=lambda t: links.url_of(HAZARD, t.hazard_id),
        beneath=lambda t: t.hazard.number,
    )  # fmt: skip
    found_on = tables.DayColumn(_("Found on"))
    counts = tables.FlagColumn(_("Counts"))
    by_name = tables.Column(_("Tied by"))

    class Meta(tables.Table.Meta):
        model = HazardTie
        order_by = "-pk"


class AssessmentTable(tables.Table):
    """The revisions of a point."""

    number = tables.LinkColumn(_("Revision"), lead=True)
    inherent = level_column(_("Inherent risk"))
    residual = level_column(_("Residual risk"))
    assessed_by = tables.Column(_("Assessed by"))
    assessed_at = tables.MomentColumn(_("Assessed on"))
    in_force_at = tables.MomentColumn(pgettext_lazy("assessment", "In force from"))
    superseded_at = tables.MomentColumn(_("Superseded"))

    class Meta(tables.Table.Meta):
        model = Assessment
        order_by = "-number"


class PlanTable(tables.Table):
    """Floor plans."""

    name = tables.LinkColumn(_("Floor plan"), lead=True)
    site = tables.PlacedColumn(_("Site"), accessor="site__name", order_by="site__name")
    drawn_at = tables.MomentColumn(_("Added on"))

    class Meta(tables.Table.Meta):
        model = FloorPlan
        order_by = "-pk"


class AreaTable(tables.Table):
    """Assessments of areas."""

    subject = tables.LinkColumn(_("What was assessed"), lead=True)
    region_path = tables.RegionColumn(_("Region"))
    colour = level_column(_("Level found"))
    assessed_on = tables.DayColumn(_("Assessed on"))
    next_due = tables.DayColumn(_("Next due"))
    assessed_by = tables.Column(_("Assessed by"))

    class Meta(tables.Table.Meta):
        model = AreaAssessment
        order_by = "-assessed_on"
