"""Forms of duty."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.modules.duty import selectors
from anlan.modules.duty.workflow import PLAN
from anlan.ui import forms

PEOPLE = ("officer", "leader", "deputy", "user", "colleague")


def titled(user: Any) -> str:
    """A person with his title."""
    return f"{user.name} · {user.title}" if user.title else str(user.name)


class _Keys(forms.Form):
    """People go to the act by their keys."""

    def arguments(self) -> dict[str, Any]:
        """Keys for records."""
        given = super().arguments()
        for name, value in given.items():
            if name in PEOPLE:
                given[name] = value.pk if value else None
        return given


class RoomForm(forms.Form):
    """An office begins to stand duty."""

    region = forms.RegionChoice(_("Office of the region"), permission=PLAN)
    phone = forms.Phone(
        _("Telephone of the duty room"), help_text=_("It is shown to everybody in office, and rings at night.")
    )


class PhoneForm(forms.Form):
    """Another telephone."""

    phone = forms.Phone(_("Telephone of the duty room"))


class ReasonForm(forms.Form):
    """A reason."""

    reason = forms.LongText(_("Reason"), max_length=200, rows=2)


class AnswerForm(forms.Form):
    """An answer that must be given."""

    answer = forms.LongText(_("Answer"), max_length=200, rows=2)


class PerhapsAnswerForm(forms.Form):
    """An answer that may be given."""

    answer = forms.LongText(_("Answer"), max_length=200, rows=2, required=False)


def months(actor: Actor) -> list[tuple[str, str]]:
    """This month and the next three."""
    first, found = clock.today().replace(day=1), []
    for _n in range(4):
        found.append((f"{first:%Y-%m}", month_name(first)))
        first = (first + dt.timedelta(days=32)).replace(day=1)
    return found


def month_name(first: dt.date) -> str:
    """A month in the reader's manner."""
    return gettext("Month %(month)s of %(year)s") % {"month": first.month, "year": first.year}


class MonthForm(forms.Form):
    """Planning a month."""

    month = forms.Choice(_("Month"), months)
    officers = forms.RecordChoices(
        _("Duty officers in rotation"), selectors.officers, called=titled,
        help_text=_("At least two: nobody stands two shifts in a row. Whoever is off is passed over and comes next."),
    )  # fmt: skip
    leaders = forms.RecordChoices(_("Leading cadres in rotation"), selectors.leaders, called=titled)
    deputies = forms.RecordChoices(_("Deputies in rotation"), selectors.officers, called=titled, required=False)

    def arguments(self) -> dict[str, Any]:
        """People by their keys."""
        given = super().arguments()
        for name in ("officers", "leaders", "deputies"):
            given[name] = [user.pk for user in given[name]]
        return given


class PeopleForm(_Keys):
    """The people of a shift."""

    officer = forms.RecordChoice(_("Duty officer"), selectors.officers, called=titled)
    leader = forms.RecordChoice(_("Leading cadre"), selectors.leaders, called=titled)
    deputy = forms.RecordChoice(_("Deputy"), selectors.officers, called=titled, required=False)


class ShiftForm(PeopleForm):
    """One shift."""

    begins = forms.Moment(_("Begins"))
    ends = forms.Moment(_("Ends"))
    field_order = ("begins", "ends", "officer", "leader", "deputy")


class ChangeForm(PeopleForm):
    """Other people on a shift."""

    reason = forms.LongText(_("Reason"), max_length=200, rows=2, required=False)


class NoteForm(forms.Form):
    """The hand-over note."""

    note = forms.LongText(
        _("Hand-over note"), rows=8, max_length=4_000,
        help_text=_("What came in, what was done and told to whom, what is still open, what whoever comes must do."),
    )  # fmt: skip


class SwapForm(_Keys):
    """Asking for a swap."""

    colleague = forms.RecordChoice(_("Colleague"), selectors.colleagues, called=titled)
    reason = forms.LongText(_("Reason"), max_length=200, rows=2)


class AbsenceForm(_Keys):
    """Days on which somebody cannot stand duty."""

    user = forms.RecordChoice(_("Full name"), selectors.leaders, called=titled)
    first = forms.Day(_("First day"))
    last = forms.Day(pgettext_lazy("duty", "Last day"), first=clock.today)
    reason = forms.LongText(_("Reason"), max_length=200, rows=2)
