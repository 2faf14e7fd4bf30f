"""Forms of warning."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.kernel import clock
from anlan.modules.warning import selectors
from anlan.modules.warning.choices import LEAST_FACTOR, MOST_FACTOR, PeriodKind, WarningLevel
from anlan.modules.warning.workflow import ISSUE, PERIODS
from anlan.ui import forms

UNITS_HELP = _("Units of the place whose own index reached a warning level today or yesterday; at most a hundred.")


class _Content(forms.Form):
    """Level, words, days."""

    level = forms.Choice(pgettext_lazy("warning", "Level"), WarningLevel.choices, radio=True)
    text = forms.LongText(pgettext_lazy("warning", "What to watch and do"), max_length=1000, rows=5)
    until = forms.Day(pgettext_lazy("warning", "In force until"), first=clock.today)
    units = forms.Flag(_("Also to the units at risk"), help_text=UNITS_HELP)


class ProposedForm(_Content):
    """Issuing what was proposed."""


class IssueForm(_Content):
    """A warning by hand."""

    region = forms.RegionChoice(
        _("Region"), permission=ISSUE, required=False, help_text=_("A region or a unit, one of the two.")
    )
    unit = forms.RecordChoice(
        _("Unit"), lambda actor: selectors.issuable_units(actor), required=False, search=("name",)
    )
    field_order = ("region", "unit", "level", "text", "until", "units")

    def arguments(self) -> dict[str, Any]:
        """The region as a record or none, the unit by its key."""
        given = super().arguments()
        given["region"] = given.get("region") or None
        given["unit"] = given["unit"].pk if given.get("unit") else None
        return given


class ReasonForm(forms.Form):
    """A reason."""

    reason = forms.LongText(_("Reason"), max_length=200, rows=2)


class MeasuresForm(forms.Form):
    """What was done."""

    measures = forms.LongText(
        pgettext_lazy("notice", "Measures"), max_length=1000, rows=5,
        help_text=_("Who was told, what was checked, stopped, put right; what is still open."),
    )  # fmt: skip


class PeriodForm(forms.Form):
    """A time that weighs more."""

    region = forms.RegionChoice(_("Region"), permission=PERIODS)
    name = forms.Text(pgettext_lazy("period", "Name"), max_length=60)
    kind = forms.Choice(pgettext_lazy("period", "Kind"), PeriodKind.choices)
    first = forms.Day(pgettext_lazy("period", "First day"))
    last = forms.Day(pgettext_lazy("period", "Last day"), first=clock.today)
    factor = forms.Whole(
        _("Factor, %"), least=LEAST_FACTOR, most=MOST_FACTOR, initial=120,
        help_text=_("120: the index there is a fifth higher. Of several periods the gravest counts."),
    )  # fmt: skip
    reason = forms.LongText(_("Reason"), max_length=200, rows=2, help_text=_("The notice or decision it rests on."))
