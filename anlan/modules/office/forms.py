"""Forms of the office."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.identity import selectors as identity
from anlan.kernel.identity.models import GrantKind
from anlan.kernel.regions.models import RegionKind
from anlan.modules.office import choices, selectors
from anlan.modules.registry.public import sectors, site_rows
from anlan.ui import forms

USERS, GRANTS, REGIONS, RULES = "identity.users", "identity.grants", "regions.change", "codes.parameters"
BASIS_HELP = _("Number and title of the decision, as printed on it.")
DOCUMENT_HELP = _("What a secondment or delegation rests on: number and title, as printed on it.")


def lines(actor: Actor) -> list[tuple[str, str]]:
    """The sector lines in which the actor may give authorities; every line first, where he may give that."""
    own = {g.sector for g in actor.grants_for(GRANTS) if not g.holder}
    every = "" in own or actor.is_system
    return [("all", gettext("All lines")), *sectors()] if every else [pair for pair in sectors() if pair[0] in own]


def line_of(value: str) -> str:
    """What the act is given for a chosen line."""
    return "" if value == "all" else value


def called(user: Any) -> str:
    """A person with his name of sign-in: names are not unique."""
    return f"{user.name} ({user.username})"


class UserForm(forms.Form):
    """A new account."""

    name = forms.Text(_("Full name"), max_length=60)
    username = forms.Text(_("Sign-in name"), max_length=60, help_text=_("Without spaces. Capitals make no difference."))
    title = forms.Text(_("Job title"), max_length=60, required=False)
    email = forms.Email(_("E-mail"), required=False, help_text=_("For reminders; they are in the inbox in any case."))
    region = forms.RegionChoice(_("Kept by"), permission=USERS, help_text=_("Whose administrators keep this account."))


class ReasonForm(forms.Form):
    """Only a reason."""

    reason = forms.LongText(_("Reason"), max_length=200, rows=2)


class GiveForm(forms.Form):
    """An authority over a region."""

    post = forms.RecordChoice(
        _("Post"), selectors.open_posts, required=False, search=("office", "title", "region__name"),
        help_text=_("A post brings its own role, region and line; leave these empty then."),
    )  # fmt: skip
    role = forms.Choice(_("Role"), lambda actor: choices.roles(for_unit=False), required=False)
    region = forms.RegionChoice(_("Region"), permission=GRANTS, required=False)
    sector = forms.Choice(_("Sector line"), lines, required=False, help_text=_("Empty means all lines."))
    kind = forms.Choice(
        _("Kind"), [(k.value, k.label) for k in (GrantKind.POST, GrantKind.TEMPORARY, GrantKind.SECONDED)], radio=True,
        initial=GrantKind.POST,
    )  # fmt: skip
    valid_from = forms.Day(_("From"), first=clock.today, initial=clock.today)
    valid_to = forms.Day(
        _("To"), required=False, help_text=_("The last day; a temporary authority and a secondment need it.")
    )
    basis = forms.Text(_("Document"), max_length=200, required=False, help_text=DOCUMENT_HELP)
    reason = forms.LongText(_("Reason"), max_length=200, rows=2)

    def arguments(self) -> dict[str, Any]:
        """The line as the act takes it."""
        given = super().arguments()
        return {**given, "sector": line_of(given["sector"])}


class UnitForm(forms.Form):
    """An authority for a unit, chosen by one of its sites."""

    site = forms.RecordChoice(
        _("Unit"), site_rows, search=("name", "address"), hint=lambda site: site.number,
        help_text=_("Any site of the unit; the authority is for the whole unit."),
    )  # fmt: skip
    role = forms.Choice(_("Role"), lambda actor: choices.roles(for_unit=True))
    valid_from = forms.Day(_("From"), first=clock.today, initial=clock.today)
    valid_to = forms.Day(_("To"), required=False)
    reason = forms.LongText(_("Reason"), max_length=200, rows=2)

    def arguments(self) -> dict[str, Any]:
        """The unit's reference, which its sites carry."""
        given = super().arguments()
        return {**given, "holder": given.pop("site").holder}


class DelegateForm(forms.Form):
    """Lending an authority of one's own."""

    authority = forms.RecordChoice(
        _("Which of your authorities"), identity.delegable, search=("role", "region__name"),
        called=lambda grant: f"{choices.role_label(grant.role)} · {grant.region.name}",
    )  # fmt: skip
    user = forms.RecordChoice(_("To whom"), identity.colleagues, search=("name", "username"), called=called)
    region = forms.RegionChoice(
        _("Region"), permission="identity.delegate", required=False, help_text=_("Empty: the whole of it.")
    )
    valid_from = forms.Day(_("From"), first=clock.today, initial=clock.today)
    valid_to = forms.Day(_("To"), help_text=_("The last day; it ends by itself."))
    basis = forms.Text(_("Document"), max_length=200, help_text=DOCUMENT_HELP)
    reason = forms.LongText(_("Reason"), max_length=200, rows=2, required=False)

    def arguments(self) -> dict[str, Any]:
        """The authority by its key."""
        given = super().arguments()
        return {**given, "authority": given["authority"].pk}


class HandOverForm(ReasonForm):
    """Handing all work over to a successor."""

    to = forms.RecordChoice(
        _("Successor"), lambda actor, user: identity.successors(user), search=("name", "username"),
        called=called,
        help_text=_("Somebody who serves at the same desk already; otherwise give him the authority first."),
    )  # fmt: skip
    last_day = forms.Day(_("Last day of validity"), first=clock.today, initial=clock.today)
    field_order = ("to", "last_day", "reason")


class OwnHandOverForm(HandOverForm):
    """The same about oneself."""

    to = forms.RecordChoice(
        _("Successor"), identity.own_successors, search=("name", "username"), called=called,
        help_text=_("Somebody who serves at the same desk already; otherwise have the authority given first."),
    )  # fmt: skip
    field_order = ("to", "last_day", "reason")


class EndForm(ReasonForm):
    """The end of an authority."""

    valid_to = forms.Day(
        _("Last day of validity"),
        required=False,
        help_text=_("Empty: it ends at once. An earlier end that was set already stands."),
    )


class GlassForm(forms.Form):
    """An emergency authority."""

    region = forms.RegionChoice(_("Region"), permission="identity.break_glass")
    role = forms.Choice(_("Role"), lambda actor: choices.roles(for_unit=False))
    hours = forms.Whole(_("Duration"), unit=_("hours"), least=1, most=24, initial=2)
    reason = forms.LongText(_("What has happened"), max_length=200, rows=3)


class PostForm(forms.Form):
    """A new post."""

    region = forms.RegionChoice(_("Region"), permission=GRANTS)
    office = forms.Text(_("Office or department"), max_length=80)
    title = forms.Text(_("Post"), max_length=60)
    role = forms.Choice(_("Role"), lambda actor: choices.roles(for_unit=False))
    sector = forms.Choice(_("Sector line"), lines, required=False, help_text=_("Empty means all lines."))

    def arguments(self) -> dict[str, Any]:
        """The line as the act takes it."""
        given = super().arguments()
        return {**given, "sector": line_of(given["sector"])}


class RegionForm(forms.Form):
    """A new region below another."""

    name = forms.Text(_("Official name"), max_length=60)
    short_name = forms.Text(_("Short name"), max_length=30, required=False)
    kind = forms.Choice(_("Kind"), RegionKind.choices)
    code = forms.Text(
        _("Region code"), max_length=12, required=False, help_text=_("6, 9 or 12 digits; empty for parks and grids.")
    )
    lon = forms.Decimal(_("Longitude"), places=6, required=False)
    lat = forms.Decimal(_("Latitude"), places=6, required=False)
    valid_from = forms.Day(_("In force from"), required=False)

    def arguments(self) -> dict[str, Any]:
        """With the region it lies in; coordinates as the tree keeps them."""
        given = super().arguments()
        for name in ("lon", "lat"):
            given[name] = None if given[name] is None else float(given[name])
        return {**given, "parent": self.record}


class RenameForm(forms.Form):
    """A new name."""

    name = forms.Text(_("New name"), max_length=60)
    short_name = forms.Text(_("Short name"), max_length=30, required=False)
    code = forms.Text(_("Region code"), max_length=12, required=False)
    on = forms.Day(_("From"), last=clock.today, initial=clock.today)
    basis = forms.Text(_("Decision"), max_length=200, help_text=BASIS_HELP)


class MergeForm(forms.Form):
    """A merge into another region."""

    into = forms.RegionChoice(_("Merged into"), permission=REGIONS)
    on = forms.Day(_("From"), last=clock.today, initial=clock.today)
    basis = forms.Text(_("Decision"), max_length=200, help_text=BASIS_HELP)


class MoveForm(forms.Form):
    """A move under another region."""

    under = forms.RegionChoice(_("Now part of"), permission=REGIONS)
    on = forms.Day(_("From"), last=clock.today, initial=clock.today)
    basis = forms.Text(_("Decision"), max_length=200, help_text=BASIS_HELP)


class RuleForm(forms.Form):
    """A figure of a jurisdiction's own."""

    code = forms.Choice(_("Rule"), lambda actor: choices.parameters())
    region = forms.RegionChoice(_("For"), permission=RULES, help_text=_("It counts there and in everything below."))
    value = forms.Whole(_("Value"))
    valid_from = forms.Day(_("Counts from"), first=clock.today, initial=clock.today)
    basis = forms.Text(_("Basis"), max_length=200, help_text=_("Number and title of the local rule or decision."))
