"""The registry's forms. Fields of the row schema are those of the ledger: the same names, bounds and sentences."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.kernel.clock import today
from anlan.modules.registry import selectors
from anlan.modules.registry.choices import PostKind
from anlan.modules.registry.models import Person, Site, Unit
from anlan.modules.registry.rows import CERTIFICATE, ENTERPRISE, PERSON
from anlan.modules.registry.services.found import FOUND_FIELDS, SEEN_FIELDS
from anlan.ui import forms

CHANGE, FOUND = "registry.change", "registry.sites"
SEARCH = ("search_text__has",)
PLACE_FIELDS = ("site_name", "address", "lon", "lat", "industry", "sector", "scale", "headcount", "flags", "opened")
UNIT_FIELDS = ("name", "kind", "founded", "registered_address", "business_scope")


class DataForm(forms.Form):
    """A form whose fields of the row schema go to the act as one mapping, ``data``."""

    beside: ClassVar[tuple[str, ...]] = ()

    def arguments(self) -> dict[str, Any]:
        """``data`` with the schema's fields, and the others by their names."""
        given = super().arguments()
        data = {name: given.pop(name) for name in self.use if name in given}
        return {"data": data, **given}


class OfUnit(DataForm):
    """A form on a unit's page whose act creates something of that unit."""

    def arguments(self) -> dict[str, Any]:
        """The unit as the act takes it."""
        return {**super().arguments(), "unit": self.record}


class RegisterForm(DataForm):
    """A unit with its first site and its people."""

    schema = ENTERPRISE
    use = (
        "name", "uscc", "kind", "founded", "registered_address", "business_scope", *PLACE_FIELDS,
        "legal_representative", "legal_phone", "principal", "principal_phone", "safety_manager", "safety_phone",
    )  # fmt: skip
    region = forms.RegionChoice(_("Town, street or village"), permission=CHANGE)
    sections = (
        (_("The unit"), ("name", "uscc", "kind", "founded", "registered_address", "business_scope")),
        (_("The site"), ("region", "site_name", "address", "lon", "lat")),
        (_("What is done there"), ("sector", "industry", "scale", "headcount", "opened", "flags")),
        (
            _("People"),
            ("legal_representative", "legal_phone", "principal", "principal_phone", "safety_manager", "safety_phone"),
        ),
    )
    help = _("Leave the code empty when the unit has none: it gets a provisional number, to be upgraded later.")


class SiteForm(OfUnit):
    """A further site."""

    schema, use = ENTERPRISE, PLACE_FIELDS
    region = forms.RegionChoice(_("Town, street or village"), permission=CHANGE)
    sections = (
        (_("Where"), ("region", "site_name", "address", "lon", "lat")),
        (_("What is done there"), ("sector", "industry", "scale", "headcount", "opened", "flags")),
    )


class FoundForm(DataForm):
    """What somebody in the field sees of a site without a licence."""

    schema, use = ENTERPRISE, FOUND_FIELDS
    region = forms.RegionChoice(_("Town, street or village"), permission=FOUND)
    sections = (
        (_("What was found"), ("name", "sector", "industry", "headcount", "flags")),
        (_("Where"), ("region", "address", "lon", "lat")),
        (_("Who runs it"), ("principal", "principal_phone")),
    )
    help = _("It gets a provisional number. The office of the town is told and completes the record.")


class CorrectForm(DataForm):
    """What somebody on the spot sees to be different."""

    schema, use = ENTERPRISE, SEEN_FIELDS


class ChangeUnitForm(DataForm):
    """The unit's own fields."""

    schema, use = ENTERPRISE, UNIT_FIELDS


class ChangeSiteForm(DataForm):
    """The site's own fields; town and status have acts of their own."""

    schema, use = ENTERPRISE, PLACE_FIELDS
    sections = (
        (_("Where"), ("site_name", "address", "lon", "lat")),
        (_("What is done there"), ("sector", "industry", "scale", "headcount", "opened", "flags")),
    )


class UpgradeForm(forms.Form):
    """The code that takes the place of the provisional number."""

    schema, use = ENTERPRISE, ("uscc",)


class MoveForm(forms.Form):
    """Another town."""

    schema, use = ENTERPRISE, ("address", "lon", "lat")
    region = forms.RegionChoice(_("Where the site lies now"), permission=CHANGE)
    reason = forms.Text(_("Reason"), max_length=200)
    sections = (("", ("region", "address", "lon", "lat", "reason")),)

    def arguments(self) -> dict[str, Any]:
        """Blanks as the act takes them."""
        given = super().arguments()
        return {**given, "address": given["address"] or ""}


class StatusForm(forms.Form):
    """From which day, and why."""

    since = forms.Day(_("Since"), last=today)
    reason = forms.Text(_("Reason and document"), max_length=200)


class LandlordForm(forms.Form):
    """The site that lets the premises."""

    landlord = forms.RecordChoice(
        _("Landlord"),
        lambda actor: selectors.sites(actor),
        search=SEARCH,
        required=False,
        hint=lambda s: s.address,
        help_text=_("Empty: nobody lets these premises."),
    )


def _sites_of(actor: Actor, record: Unit | Site) -> Any:
    unit = record if isinstance(record, Unit) else record.unit
    return selectors.sites_of(actor, unit)


class PersonForm(OfUnit):
    """A person with posts."""

    schema, use = PERSON, ("name", "posts", "since", "document", "phone", "id_number")
    site = forms.RecordChoice(
        _("Works at"),
        _sites_of,
        required=False,
        empty_label=_("the whole unit"),
        called=lambda s: s.name,
    )
    help = _("Telephone and identity number are sealed: shown masked, and read only with a reason that is recorded.")


class ChangePersonForm(DataForm):
    """Name and sealed data; an empty box keeps what is on file."""

    schema, use = PERSON, ("name", "phone", "id_number")
    help = _("Leave telephone or identity number empty to keep the one on file.")

    def arguments(self) -> dict[str, Any]:
        """Only what was typed."""
        given = super().arguments()
        return {"data": {name: value for name, value in given["data"].items() if value}}


class PostForm(forms.Form):
    """A further post."""

    kind = forms.Choice(_("Post held"), PostKind.choices)
    since = forms.Day(_("Since"), last=today, required=False)
    document = forms.Text(_("Letter of appointment"), max_length=120, required=False)


def _held(actor: Actor, record: Person) -> list[tuple[str, Any]]:
    return [(post.kind, post.get_kind_display()) for post in record.posts.filter(until=None)]


class EndPostForm(forms.Form):
    """Which post ended, and when."""

    kind = forms.Choice(_("Post held"), _held)
    until = forms.Day(_("Last day"), last=today)


class CertificateForm(DataForm):
    """A certificate."""

    schema, use = CERTIFICATE, ("kind", "work", "number", "issuer", "issued_on", "valid_to")
    help = _("A number on file renews that certificate. The day it ends becomes a deadline of the unit.")


class ReasonForm(forms.Form):
    """A reason."""

    reason = forms.Text(_("Reason"), max_length=200)


class EraseForm(forms.Form):
    """The request and its ground in law."""

    reason = forms.Text(_("Request and ground in law"), max_length=200)
    sure = forms.Flag(_("I know that nobody can bring these data back"), must=True)

    def arguments(self) -> dict[str, Any]:
        """The tick is for the reader alone."""
        return {"reason": self.cleaned_data["reason"]}


def _other_units(actor: Actor, record: Unit) -> Any:
    return selectors.units(actor).exclude(pk=record.pk)


class MergeUnitForm(forms.Form):
    """The second record of this unit."""

    other = forms.RecordChoice(
        _("Record to merge into this one"),
        _other_units,
        search=SEARCH,
        hint=lambda u: u.number,
        help_text=_("Its sites, people, accounts and files come here; its history is kept and its address leads here."),
    )
    reason = forms.Text(_("How do you know they are one?"), max_length=200)


def _other_sites(actor: Actor, record: Site) -> Any:
    return selectors.sites_of(actor, record.unit).exclude(pk=record.pk)


class MergeSiteForm(forms.Form):
    """The second record of this site."""

    other = forms.RecordChoice(_("Record to merge into this one"), _other_sites, hint=lambda s: s.address)
    reason = forms.Text(_("How do you know they are one?"), max_length=200)


class DifferentForm(forms.Form):
    """Two that look alike and are two."""

    other = forms.RecordChoice(_("The other unit"), _other_units, search=SEARCH, hint=lambda u: u.number)
    reason = forms.Text(_("How do you know they are two?"), max_length=200)
