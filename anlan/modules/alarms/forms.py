"""Forms of alarms."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.modules.alarms import selectors
from anlan.modules.alarms.choices import PRIORITIES, CallOutcome, LimitKind, Priority
from anlan.modules.alarms.workflow import SET
from anlan.modules.monitoring.public import Quantity
from anlan.modules.registry.public import unit_rows
from anlan.ui import forms

HOURS_HELP = _("Empty for always. Else such as “1-5 08:00-18:00; 6-7 00:00-24:00”; 1 is Monday.")


def said(tag: Any) -> str:
    """A tag in a list: label, name in the payload, range, unit."""
    reach = f"{tag.low_range:g}–{tag.high_range:g} " if None not in (tag.low_range, tag.high_range) else ""
    return f"{tag.label} ({tag.name}) {reach}{tag.unit_of_measure} · {tag.site.name}"


class NoteForm(forms.Form):
    """What is done about it."""

    note = forms.LongText(
        pgettext_lazy("alarm", "What is done"), rows=2, max_length=300, required=False,
        help_text=_("Whom you told, what they do. It may stay empty."),
    )  # fmt: skip


class ShelveForm(forms.Form):
    """For how long, and why."""

    until = forms.Moment(_("Shelved until"))
    reason = forms.LongText(_("Reason"), max_length=200, rows=2)


class OutForm(forms.Form):
    """Until when, and why."""

    until = forms.Moment(_("Out of service until"))
    reason = forms.LongText(_("Reason"), max_length=200, rows=2)


class ReasonForm(forms.Form):
    """A reason."""

    reason = forms.LongText(_("Reason"), max_length=200, rows=2)


class CallForm(forms.Form):
    """What came of a call."""

    whom = forms.Text(pgettext_lazy("call", "Whom"), max_length=80)
    outcome = forms.Choice(pgettext_lazy("call", "Outcome"), CallOutcome.choices, radio=True)
    note = forms.LongText(pgettext_lazy("call", "What was said"), rows=2, max_length=300, required=False)


class _Figures(forms.Form):
    """The figures of a limit."""

    threshold = forms.Decimal(
        pgettext_lazy("alarm", "Limit"),
        places=4,
        help_text=_("In the unit of the tag; the rate of change in that unit a minute; no data and stuck in seconds."),
    )
    dead_band = forms.Decimal(
        _("Dead-band"),
        places=4,
        least=0,
        initial=0,
        help_text=_("How far the value must come back before it counts as returned."),
    )
    on_delay_s = forms.Whole(_("Raised after, s"), least=0, initial=0)
    off_delay_s = forms.Whole(_("Returned after, s"), least=0, initial=0)
    priority = forms.Choice(pgettext_lazy("alarm", "Priority"), PRIORITIES, initial=Priority.MEDIUM)

    def arguments(self) -> dict[str, Any]:
        """Numbers as numbers."""
        given = super().arguments()
        for name in ("threshold", "dead_band"):
            if name in given:
                given[name] = float(given[name])
        given["priority"] = int(given["priority"])
        return given


class SettingForm(_Figures):
    """A new limit."""

    tag = forms.RecordChoice(
        pgettext_lazy("alarm", "Tag"),
        lambda actor: selectors.settable_tags(actor),
        called=said,
        search=("label", "name"),
    )
    kind = forms.Choice(pgettext_lazy("alarm", "Kind"), LimitKind.choices)
    hours = forms.Text(_("Hours"), required=False, max_length=200, help_text=HOURS_HELP)
    statutory = forms.Flag(
        _("Must be handled"), help_text=_("Not handled in time it becomes a hazard. Only the authority may say so.")
    )
    field_order = (
        "tag",
        "kind",
        "threshold",
        "dead_band",
        "on_delay_s",
        "off_delay_s",
        "priority",
        "hours",
        "statutory",
    )

    def arguments(self) -> dict[str, Any]:
        """The tag by its key."""
        given = super().arguments()
        given["tag"] = given["tag"].pk
        return given


class ChangeForm(_Figures):
    """Other figures for a limit."""

    hours = forms.Text(_("Hours"), required=False, max_length=200, help_text=HOURS_HELP)
    statutory = forms.Flag(_("Must be handled"))
    reason = forms.LongText(_("Reason"), max_length=200, rows=2)


class ManyForm(_Figures):
    """One limit for every tag of a quantity."""

    quantity = forms.Choice(_("Quantity"), Quantity.choices)
    unit = forms.RecordChoice(
        _("Unit"), lambda actor: unit_rows(actor, SET), required=False, search=("name",),
        help_text=_("Empty for every unit within your reach."),
    )  # fmt: skip
    kind = forms.Choice(pgettext_lazy("alarm", "Kind"), LimitKind.choices)
    of_range = forms.Flag(
        _("In per cent of each instrument's range"), help_text=_("Limit and dead-band; tags without a range stay out.")
    )
    field_order = (
        "quantity",
        "unit",
        "kind",
        "of_range",
        "threshold",
        "dead_band",
        "on_delay_s",
        "off_delay_s",
        "priority",
    )

    def arguments(self) -> dict[str, Any]:
        """The unit by its key."""
        given = super().arguments()
        given["unit"] = given["unit"].pk if given.get("unit") else None
        return given
