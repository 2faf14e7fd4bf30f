"""Forms of installations. Field names are the acts' own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anlan.kernel import clock
from anlan.modules.installations import selectors
from anlan.modules.installations.choices import Answer, Basis, Duty, FilingKind, Phase, TargetKind, UnitType
from anlan.rules.gb18218 import SYMBOLS
from anlan.rules.major_hazard_duties import Form as Paper
from anlan.rules.major_hazard_duties import filing_fields
from anlan.rules.wording import in_language
from anlan.ui import forms

KEYS = ("site", "substance", "place")


def categories() -> list[tuple[str, str]]:
    """The categories of Table 2."""
    language = get_language() or "zh-hans"
    return [(symbol, f"{symbol} {in_language(label, language)}") for symbol, label in SYMBOLS.items()]


def _degrees(label: Any) -> forms.Decimal:
    return forms.Decimal(label, places=6, required=False)


class _Keys(forms.Form):
    """Records go to the act by their keys, degrees as numbers."""

    def arguments(self) -> dict[str, Any]:
        """Keys for records."""
        given = super().arguments()
        for name, value in given.items():
            if name in KEYS:
                given[name] = value.pk if value else None
            elif name in ("lon", "lat"):
                given[name] = None if value is None else float(value)
        return given


def _called(site: Any) -> str:
    return str(site.name) if site.name == site.unit.name else f"{site.unit.name} · {site.name}"


class SurroundingsForm(_Keys):
    """People nearby, the point, since when."""

    exposed = forms.Whole(_("Persons living within 500 m outside the site"), least=0, most=1_000_000, required=False)
    lon = _degrees(_("Longitude"))
    lat = _degrees(_("Latitude"))
    started_on = forms.Day(_("In use since"), last=clock.today, required=False)
    park = forms.Text(_("Chemical park"), max_length=80, required=False)


class ChangeForm(SurroundingsForm):
    """Changing the record."""

    kind = forms.Choice(pgettext_lazy("installation", "Kind of unit"), UnitType.choices)
    name = forms.Text(pgettext_lazy("installation", "Name of the installation"), max_length=80)
    field_order = ("kind", "name", "exposed", "started_on", "park", "lon", "lat")


class RegisterForm(SurroundingsForm):
    """Registering an installation."""

    site = forms.RecordChoice(_("Site"), selectors.own_sites, search=("search_text__has",), called=_called)
    kind = forms.Choice(pgettext_lazy("installation", "Kind of unit"), UnitType.choices)
    name = forms.Text(pgettext_lazy("installation", "Name of the installation"), max_length=80)
    field_order = ("site", "kind", "name", "exposed", "started_on", "park", "lon", "lat")


# Left empty, basis and paper say what to do and not only that something is missing.
WITHOUT_BASIS = _("Say how the quantity was determined, and name the paper: a holding without its basis is none.")


class _Declared(_Keys):
    """What is declared of a substance, whichever it is."""

    tonnes = forms.Decimal(_("Tonnes"), unit=_("t"), places=3, least=0)
    basis = forms.Choice(
        pgettext_lazy("holding", "Basis"), Basis.choices,
        help_text=_("The standard asks the design maximum; by actual quantities it is no identification."),
    )  # fmt: skip
    paper = forms.Text(_("Paper it rests on"), max_length=120)
    place = forms.RecordChoice(
        pgettext_lazy("chemicals", "Place of keeping"), selectors.places_for, required=False,
        help_text=_("Its ledger is compared with what is declared here."),
    )  # fmt: skip
    symbols = forms.Choices(
        _("Hazard categories of GB 18218 Table 2"), categories, required=False,
        help_text=_("Only where the substance does not stand in Table 1, or its category differs from the usual."),
    )  # fmt: skip
    entry = forms.Whole(_("Number in Table 1"), least=1, most=85, required=False)
    used_for = forms.Text(_("Use in production"), max_length=120, required=False)
    method = forms.Text(_("Production process"), max_length=120, required=False)
    phase = forms.Choice(_("State in the vessel"), Phase.choices, required=False)
    temperature_c = forms.Decimal(_("Operating temperature"), unit="°C", places=1, required=False)
    pressure_mpa = forms.Decimal(_("Operating pressure"), unit="MPa", places=3, required=False)
    largest_t = forms.Decimal(_("In the largest vessel"), unit=_("t"), places=3, least=0, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("basis", "paper"):
            self.fields[name].error_messages["required"] = str(WITHOUT_BASIS)


class HoldingForm(_Declared):
    """What it holds of a substance."""

    substance = forms.RecordChoice(
        pgettext_lazy("chemicals", "Substance"), selectors.substances_for,
        search=("name", "aliases", "name_en", "cas", "code"), called=lambda s: f"{s.name} {s.cas}".strip(),
        hint=lambda s: s.aliases or s.name_en,
    )  # fmt: skip
    sections: ClassVar[Sequence[tuple[Any, ...]]] = (
        (_("Quantity and basis"), ("substance", "tonnes", "basis", "paper", "place")),
        (_("Table of basic features: use and largest vessel"),
         ("used_for", "method", "phase", "temperature_c", "pressure_mpa", "largest_t"), True),
        (_("Where the substance does not stand in Table 1"), ("symbols", "entry"), True),
    )  # fmt: skip


class CorrectHoldingForm(_Declared):
    """Correcting what is declared of a substance."""

    place = forms.RecordChoice(
        pgettext_lazy("chemicals", "Place of keeping"),
        lambda actor, holding: selectors.places_for(actor, holding.installation), required=False,
        help_text=_("Its ledger is compared with what is declared here."),
    )  # fmt: skip
    sections: ClassVar[Sequence[tuple[Any, ...]]] = (
        (_("Quantity and basis"), ("tonnes", "basis", "paper", "place")),
        *HoldingForm.sections[1:],
    )


class CorrectTargetForm(_Keys):
    """Correcting what must be protected."""

    kind = forms.Choice(pgettext_lazy("target", "Kind"), TargetKind.choices)
    distance_m = forms.Whole(
        _("Shortest distance"), unit=_("m"), least=0, most=100_000, required=False,
        help_text=_("Left empty, it is reckoned between the two points on the map."),
    )  # fmt: skip
    persons = forms.Whole(_("Persons"), least=0, most=1_000_000, required=False)
    lon = _degrees(_("Longitude"))
    lat = _degrees(_("Latitude"))


class TargetForm(CorrectTargetForm):
    """What must be protected."""

    name = forms.Text(pgettext_lazy("target", "Name"), max_length=80)
    field_order = ("kind", "name", "distance_m", "persons", "lon", "lat")


class ResponsibleForm(forms.Form):
    """The responsible three."""

    principal = forms.Text(_("Principal responsible"), max_length=40)
    technical = forms.Text(_("Technical responsible"), max_length=40)
    operating = forms.Text(_("Operating responsible"), max_length=40)
    commitment = forms.LongText(_("Published safety commitment"), max_length=500, rows=3, required=False)
    board = forms.Files(_("Photo of the notice board"), purpose="board", pictures=True, required=False, most=3)


class DutyForm(forms.Form):
    """What one of the responsible three did."""

    duty = forms.Choice(_("Who"), Duty.choices)
    on = forms.Day(pgettext_lazy("movement", "Day"), last=clock.today, initial=clock.today)
    what = forms.LongText(_("What was done"), max_length=300, rows=2)


def documents() -> list[tuple[str, str]]:
    """The documents of the archive."""
    language = get_language() or "zh-hans"
    return [(str(field.entry), in_language(field.label, language)) for field in filing_fields(Paper.ARCHIVE)]


def unit_types() -> list[tuple[str, str]]:
    """What kind of unit files."""
    language = get_language() or "zh-hans"
    return [(code, in_language(label, language)) for code, label in selectors.UNIT_TYPES.items()]


def required_here(actor: Any, installation: Any) -> list[tuple[str, str]]:
    """The provisions required at the level of the installation in hand."""
    language = get_language() or "zh-hans"
    asked = selectors.monitoring_at(installation.level, installation.region_path) if installation.level else ()
    return [(str(duty.entry), f"{duty.article} {in_language(duty.what, language)}") for duty in asked]


class ProvisionForm(forms.Form):
    """What there is of something required."""

    entry = forms.Choice(_("What is required"), required_here)
    answer = forms.Choice(pgettext_lazy("provision", "Answer"), Answer.choices)
    note = forms.LongText(
        pgettext_lazy("provision", "What there is, or what is done"), max_length=200, rows=2, required=False,
        help_text=_("Needed where it is lacking or does not apply: why, what is done about it, by when."),
    )  # fmt: skip

    def arguments(self) -> dict[str, Any]:
        """The number of the duty."""
        given = super().arguments()
        return {**given, "entry": int(given["entry"])}


class PapersForm(forms.Form):
    """Files for the archive."""

    entry = forms.Choice(_("Document of the archive"), documents)
    papers = forms.Files(_("Files"), purpose="archive")

    def arguments(self) -> dict[str, Any]:
        """The number of the document."""
        given = super().arguments()
        return {**given, "entry": int(given["entry"])}


class FilingForm(forms.Form):
    """Handing in: the application, the table of basic features as far as a person fills it in, the papers."""

    filing_kind = forms.Choice(pgettext_lazy("filing", "Kind of filing"), FilingKind.choices)
    assessed_on = forms.Day(_("Assessment report of"), last=clock.today)
    report = forms.Files(_("Assessment report"), purpose="report", required=False)
    person_in_charge = forms.Text(_("Person in charge"), max_length=40)
    filled_by = forms.Text(_("Filled in by"), max_length=40)
    unit_type = forms.Choice(pgettext_lazy("filing", "Kind of unit"), unit_types)
    enterprise_kind = forms.Text(_("Kind of enterprise"), max_length=60)
    area_m2 = forms.Whole(_("Site area"), unit="m²", least=1, most=999_999_999)
    postcode = forms.Text(_("Postal code"), max_length=6, required=False)
    email = forms.Email(_("E-mail"), required=False)
    address = forms.Text(_("Address of the installation, where it differs"), max_length=200, required=False)
    plant = forms.LongText(_("Main plant and facilities and their capacity"), max_length=500, rows=3)
    accidents = forms.LongText(
        _("Accidents with hazardous chemicals in three years"), max_length=500, rows=2,
        help_text=_("None is said as such."),
    )  # fmt: skip
    on_paper = forms.Choices(
        _("Handed over on paper"), documents, required=False,
        help_text=_("Documents that are not uploaded here. What is neither is named to the county as lacking."),
    )  # fmt: skip
    sections = (
        (_("Filing and assessment"), ("filing_kind", "assessed_on", "report")),
        (_("Filing application"), ("person_in_charge", "filled_by", "unit_type", "enterprise_kind", "area_m2",
                                   "postcode", "email", "address")),
        (_("Table of basic features"), ("plant", "accidents")),
        (_("Archive"), ("on_paper",)),
    )  # fmt: skip
    help = _("Names, addresses, level, quantities and distances are taken from the record; both forms are kept as "
             "handed in.")  # fmt: skip

    def arguments(self) -> dict[str, Any]:
        """Documents by their number."""
        given = super().arguments()
        return {**given, "on_paper": tuple(int(entry) for entry in given["on_paper"])}


class NumberForm(forms.Form):
    """Putting on file."""

    filing_no = forms.Text(pgettext_lazy("filing", "Filing number"), max_length=40)


class OpinionForm(forms.Form):
    """An opinion."""

    opinion = forms.LongText(_("Opinion"), max_length=200, rows=2)


class ReasonForm(forms.Form):
    """A reason."""

    reason = forms.LongText(_("Reason"), max_length=200, rows=2)
    proof = forms.Files(_("Assessment or proof that it is no major hazard any more"), purpose="cancel", required=False)
