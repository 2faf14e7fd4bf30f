"""Words and colours of compliance, and the local rule by which saved hours are counted."""

from __future__ import annotations

from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anlan.kernel.codes.services import declare
from anlan.kernel.errors import gettext_noop
from anlan.rules.unit_duties import Standing, evidence_kinds
from anlan.rules.wording import in_language

REPORT_MINUTES = "compliance.report_minutes"
declare(
    REPORT_MINUTES, gettext_noop("Time one report of a unit takes (to verify)"), 120, least=0, most=2880,
    unit=gettext_noop("minutes"),
)  # fmt: skip

STANDINGS = {
    Standing.MISSED: (pgettext_lazy("duty of a unit", "Missed"), "red", "circle-x"),
    Standing.AT_RISK: (pgettext_lazy("duty of a unit", "To be answered"), "orange", "alert-triangle"),
    Standing.NO_DATA: (pgettext_lazy("duty of a unit", "No data"), "grey", "help"),
    Standing.MET: (pgettext_lazy("duty of a unit", "Met"), "green", "circle-check"),
}


class Outcome(models.TextChoices):
    """What was found at one item of a check list."""

    FINE = "fine", pgettext_lazy("self-check", "In order")
    FAULT = "fault", pgettext_lazy("self-check", "Not in order")
    NONE_HERE = "none_here", pgettext_lazy("self-check", "Does not concern us")


OUTCOME_TONES = {Outcome.FINE: "green", Outcome.FAULT: "red", Outcome.NONE_HERE: "grey"}

FACTS = {
    "persons": _("Persons"),
    "managers_hours": _("Hours of each principal and safety manager, the least"),
    "yuan": _("Amount"),
    "score": _("Score"),
    "risks": _("Risk points assessed"),
    "faults": _("Faults found"),
    "rescuers": _("Rescuers named"),
    "comprehensive": _("By the comprehensive or a special plan"),
    "on_site": _("By an on-site plan (workshops, posts)"),
    "told": _("Told to the workers"),
}
YES_NO = ("comprehensive", "on_site", "told")


def kind_name(code: str) -> str:
    """A kind of evidence in the reader's language."""
    kind = evidence_kinds().get(code)
    return in_language(kind.name, get_language() or "zh-hans") if kind else code
