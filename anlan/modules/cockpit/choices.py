"""What each figure means: its name, its definition with numerator and denominator, its tone and how it is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anlan.modules.hazards.public import CATEGORIES
from anlan.modules.registry.public import sectors


@dataclass(frozen=True)
class Figure:
    """One figure: ``kind`` is number, ratio (shown as a percentage) or rate (per 100 enterprises).

    ``good`` says which direction is welcome: up, down or none. ``mapped`` figures can colour the map.
    """

    code: str
    label: Any
    means: Any
    kind: str = "number"
    tone: str = "blue"
    icon: str = "hash"
    good: str = "none"
    mapped: bool = False
    short: Any = ""

    @property
    def head(self) -> Any:
        """The name where there is little room."""
        return self.short or self.label


FIGURES: dict[str, Figure] = {
    figure.code: figure
    for figure in (
        Figure(
            "sites", _("Sites"),
            _("Sites that are not closed, those suspended included, counted where they lie."),
            icon="building-factory-2",
        ),
        Figure(
            "units", _("Enterprises"),
            _("Enterprises and other units with at least one site here that is not closed. A unit with sites in two "
              "towns counts once in each of them, and once in the county."),
            icon="building",
        ),
        Figure(
            "open", _("Open hazards"),
            _("Hazards that are neither closed nor withdrawn nor merged, general and major, those still to be assessed "
              "included."),
            tone="orange", icon="alert-triangle", good="down", mapped=True, short=pgettext_lazy("hazards", "Open"),
        ),
        Figure(
            "major", _("Open major hazards"), _("Open hazards assessed as major."),
            tone="red", icon="alert-octagon", good="down", mapped=True, short=pgettext_lazy("hazards", "Major"),
        ),
        Figure(
            "overdue", _("Overdue"),
            _("Open hazards of which a time limit has passed: of assessment, plan, rectification, review or closing."),
            tone="red", icon="alarm", good="down",
        ),
        Figure(
            "overdue_per_100", _("Overdue per 100 enterprises"),
            _("Overdue hazards ÷ enterprises × 100. Not stated where there is no enterprise."),
            kind="rate", tone="red", icon="gauge", good="down", mapped=True, short=_("Overdue per 100"),
        ),
        Figure(
            "closure_rate", _("Closure rate this year"),
            _("Of the hazards found since 1 January, those withdrawn or merged left out: the share that is closed."),
            kind="ratio", tone="green", icon="circle-check", good="up", mapped=True, short=_("Closure rate"),
        ),
        Figure(
            "on_time_rate", _("Rectified in time this year"),
            _("Of the hazards whose time limit for rectification has run out since 1 January, those withdrawn or "
              "merged left out: the share rectified by that day. What is not rectified yet counts as late."),
            kind="ratio", tone="green", icon="clock", good="up", short=_("Rectified in time"),
        ),
        Figure(
            "found_month", _("Found this month"),
            _("Hazards found since the first of this month, those withdrawn or merged left out; compared with the same "
              "days of last month."),
            icon="search", short=_("This month"),
        ),
    )
}  # fmt: skip

MAPPED = tuple(f for f in FIGURES.values() if f.mapped)
FIRST_MAPPED = "overdue_per_100"
TREND = (
    ("found", pgettext_lazy("hazards", "Found"), "blue",
     _("Hazards found in the month, those withdrawn or merged left out.")),
    ("closed", pgettext_lazy("hazards", "Closed"), "green", _("Hazards closed in the month.")),
    ("overdue", _("Overdue at month's end"), "red",
     _("Hazards open at the end of the month of which a time limit had passed by then; for this month, now. Time "
       "limits moved since are taken as they stand today.")),
)  # fmt: skip


def sector_label(code: str) -> str:
    """A sector line in the reader's language; what no line answers for yet is said so."""
    return str(dict(sectors()).get(code, code)) if code else gettext("No line yet")


def category_label(code: str) -> str:
    """A category of hazards in the reader's language."""
    return str(dict(CATEGORIES).get(code, code))
