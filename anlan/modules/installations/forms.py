"""Forms of installations. Field names are the acts' own."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anlan.kernel import clock
from anlan.modules.installations import selectors
from anlan.modules.installations.choices import Basis, FilingKind, TargetKind, UnitType
from anlan.rules.gb18218 import SYMBOLS
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


class RegisterForm(SurroundingsForm):
    """Registering an installation."""

    site = forms.RecordChoice(_("Site"), selectors.own_sites, search=("search_text__has",), called=_called)
    kind = forms.Choice(pgettext_lazy("installation", "Kind of unit"), UnitType.choices)
    name = forms.Text(pgettext_lazy("installation", "Name of the installation"), max_length=80)
    field_order = ("site", "kind", "name", "exposed", "started_on", "park", "lon", "lat")


class HoldingForm(_Keys):
    """What it holds of a substance."""

    substance = forms.RecordChoice(
        pgettext_lazy("chemicals", "Substance"), selectors.substances_for,
        search=("name", "aliases", "name_en", "cas", "code"), called=lambda s: f"{s.name} {s.cas}".strip(),
        hint=lambda s: s.aliases or s.name_en,
    )  # fmt: skip
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


class TargetForm(_Keys):
    """What must be protected."""

    kind = forms.Choice(pgettext_lazy("target", "Kind"), TargetKind.choices)
    name = forms.Text(pgettext_lazy("target", "Name"), max_length=80)
    distance_m = forms.Whole(_("Distance"), unit=_("m"), least=0, most=100_000)
    persons = forms.Whole(_("Persons"), least=0, most=1_000_000, required=False)
    lon = _degrees(_("Longitude"))
    lat = _degrees(_("Latitude"))


class ResponsibleForm(forms.Form):
    """The responsible three."""

    principal = forms.Text(_("Principal responsible"), max_length=40)
    technical = forms.Text(_("Technical responsible"), max_length=40)
    operating = forms.Text(_("Operating responsible"), max_length=40)


class FilingForm(forms.Form):
    """Handing in."""

    filing_kind = forms.Choice(pgettext_lazy("filing", "Kind of filing"), FilingKind.choices)
    assessed_on = forms.Day(_("Assessment report of"), last=clock.today)
    report = forms.Files(_("Assessment report and archive"), purpose="report")


class NumberForm(forms.Form):
    """Putting on file."""

    filing_no = forms.Text(pgettext_lazy("filing", "Filing number"), max_length=40)


class OpinionForm(forms.Form):
    """An opinion."""

    opinion = forms.LongText(_("Opinion"), max_length=200, rows=2)


class ReasonForm(forms.Form):
    """A reason."""

    reason = forms.LongText(_("Reason"), max_length=200, rows=2)
