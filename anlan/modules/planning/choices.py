"""The colours of an outcome, the chapters of the duties, and which lines a duty is about where its text names some."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.rules.obligation_outcome import Outcome
from anlan.rules.obligations import Section

VIEW = "planning.view"

OUTCOMES = {
    Outcome.MISSED: (pgettext_lazy("duty of a plan", "Missed"), "red", "circle-x"),
    Outcome.AT_RISK: (pgettext_lazy("duty of a plan", "At risk"), "orange", "alert-triangle"),
    Outcome.NO_DATA: (pgettext_lazy("duty of a plan", "No data"), "grey", "help"),
    Outcome.MET: (pgettext_lazy("duty of a plan", "Met"), "green", "circle-check"),
}

SECTIONS = {
    Section.INDICATOR: _("Indicators"),
    Section.LEADERSHIP: _("Meetings, inspections, leadership"),
    Section.ENTERPRISE: _("Enterprises"),
    Section.CAPACITY: _("Regulators and training"),
    Section.HEALTH: _("Occupational health"),
    Section.ACCOUNTABILITY: _("Accountability and credit"),
    Section.MILESTONE: _("Platform and projects"),
}

# The lines and flags of the registry a duty's text names; without an entry it is asked of every unit. Our reading.
LINES: dict[str, frozenset[str]] = {
    "SO-18": frozenset({"mining"}),
    "SO-19": frozenset({"industry_trade"}),
    "SO-63": frozenset({"key_process", "key_chemical", "major_hazard", "pipeline"}),
    "SO-64": frozenset({"chem"}),
    "SO-65": frozenset({"chem", "industry_trade", "key_process", "key_chemical", "major_hazard"}),
    "SO-66": frozenset({"coal"}),
    "SO-68": frozenset({"industry_trade"}),
    "SO-69": frozenset({"mining"}),
    "SO-71": frozenset({"power", "water"}),
    "SO-72": frozenset({"explosives"}),
    "SO-73": frozenset({"traffic"}),
    "SO-74": frozenset({"construction"}),
    "SO-75": frozenset({"chem"}),
    "SO-76": frozenset({"fire", "crowded"}),
}
