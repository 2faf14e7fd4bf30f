"""Forms of invitations and of the people of units."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.modules.welcome import selectors
from anlan.modules.welcome.services import MOST, SUB_ROLES, read_numbers
from anlan.modules.welcome.tables import role_name
from anlan.ui import forms

POLICY = _("At least ten characters of three kinds: capital letters, small letters, figures, signs.")


class Password(django_forms.CharField):
    """A password to be chosen; never shown again, not even with the errors."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        widget = django_forms.PasswordInput(attrs={"autocomplete": "new-password"})
        super().__init__(label=label, max_length=128, strip=False, widget=widget, **kwargs)


class AgainForm(forms.Form):
    """What a bulk invitation asks."""

    again = forms.Flag(
        _("Invite again"), required=False,
        help_text=_("Units that are invited already get a new code; their old one opens nothing any more."),
    )  # fmt: skip


class NumbersForm(AgainForm):
    """A list of numbers, typed or pasted, or as a text file."""

    numbers = forms.LongText(
        _("Unified codes or provisional numbers"), rows=10, max_length=60_000, required=False,
        help_text=_("One a line; a column copied from a spreadsheet will do. What follows on a line is passed over."),
    )  # fmt: skip
    field_order = ("numbers", "again")

    def clean(self) -> dict[str, Any]:
        """At least one number, and not too many."""
        cleaned = super().clean()
        numbers = read_numbers(cleaned.get("numbers") or "")
        if "numbers" not in self.errors and not numbers:
            self.add_error("numbers", gettext("Give at least one number."))
        elif len(numbers) > MOST:
            self.add_error("numbers", gettext("At most %(most)s units are invited in one go.") % {"most": MOST})
        cleaned["numbers"] = numbers
        return cleaned


class ReasonForm(forms.Form):
    """Only a reason."""

    reason = forms.LongText(_("Reason"), max_length=200, rows=2)


class OpenForm(forms.Form):
    """Base of the public forms: nobody is signed in, nothing is kept of a key."""

    def clean(self) -> dict[str, Any]:
        """The two passwords are one."""
        cleaned = super().clean()
        if cleaned.get("password") and cleaned.get("again") != cleaned["password"]:
            self.add_error("again", gettext("The two passwords differ. Type both again."))
        return cleaned

    def arguments(self) -> dict[str, Any]:
        """Without the password's repetition."""
        return {name: value for name, value in super().arguments().items() if name != "again"}


class ClaimForm(OpenForm):
    """Claiming a unit's file."""

    code = forms.Text(_("Code on the slip"), max_length=40, help_text=_("Twelve characters; dashes do not matter."))
    number = forms.Text(_("Unified social credit code or provisional number of the unit"), max_length=40)
    name = forms.Text(_("Name of the unit's principal"), max_length=60)
    phone = forms.Phone(_("Telephone"), help_text=_("Kept encrypted; the office sees it only for a stated reason."))
    username = forms.Text(_("Sign-in name"), max_length=60, help_text=_("Choose one, without spaces."))
    password = Password(_("Password"), help_text=POLICY)
    again = Password(_("Password once more"))


class RecoverForm(OpenForm):
    """Setting a new password by a code."""

    username = forms.Text(_("Sign-in name"), max_length=60)
    code = forms.Text(_("Code on the slip"), max_length=40, help_text=_("Twelve characters; dashes do not matter."))
    password = Password(_("New password"), help_text=POLICY)
    again = Password(_("Password once more"))


def sole_unit(actor: Actor) -> dict[str, Any]:
    """The unit, where the actor keeps the people of but one."""
    keys = list(selectors.units_kept(actor).values_list("pk", flat=True)[:2])
    return {"unit": keys[0]} if len(keys) == 1 else {}


class _UnitForm(forms.Form):
    unit = forms.RecordChoice(
        _("Unit"), selectors.units_kept, search=("name", "uscc", "provisional_number"), hint=lambda unit: unit.number
    )

    def arguments(self) -> dict[str, Any]:
        """The unit by its key."""
        given = super().arguments()
        return {**given, "unit": given["unit"].pk}


class SafetyForm(_UnitForm):
    """Naming a safety manager: one of the unit's people, or somebody new."""

    account = forms.RecordChoice(
        _("One of the unit's people"), selectors.people_below, required=False, search=("user__name", "user__username"),
        called=lambda grant: f"{grant.user.name} · {role_name(grant.role)}",
        help_text=_("Leave empty for somebody who has no account yet, and fill in the fields below."),
    )  # fmt: skip
    name = forms.Text(_("Full name"), max_length=60, required=False)
    username = forms.Text(_("Sign-in name"), max_length=60, required=False, help_text=_("Without spaces."))
    phone = forms.Phone(_("Telephone"), required=False)

    def arguments(self) -> dict[str, Any]:
        """The account by its key."""
        given = super().arguments()
        return {**given, "account": given["account"].pk if given["account"] else None}


class AccountForm(_UnitForm):
    """An account for a workshop or a worker."""

    role = forms.Choice(_("Kind of account"), lambda actor: [(code, role_name(code)) for code in SUB_ROLES], radio=True)
    title = forms.Text(_("Name of the workshop, or post"), max_length=60, required=False)
    name = forms.Text(_("Who uses it"), max_length=60, help_text=_("The head of the workshop, or the worker."))
    username = forms.Text(_("Sign-in name"), max_length=60, help_text=_("Without spaces."))
