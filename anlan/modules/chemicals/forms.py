"""Forms of chemicals. Field names are the acts' own."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anlan.kernel import clock
from anlan.modules.chemicals import selectors
from anlan.modules.chemicals.choices import BY_HAND, Mark, PlaceKind, Purpose
from anlan.rules.gb18218 import SYMBOLS
from anlan.rules.wording import in_language
from anlan.ui import forms

KG = _("kg")
KEYS = ("site", "substance", "place", "to")


def _mass(label: Any, *, least: Any = 0, **more: Any) -> forms.Decimal:
    return forms.Decimal(label, unit=KG, places=3, least=least, **more)


def _day(label: Any) -> forms.Day:
    return forms.Day(label, last=clock.today, initial=clock.today)


def categories() -> list[tuple[str, str]]:
    """The categories of Table 2."""
    language = get_language() or "zh-hans"
    return [(symbol, f"{symbol} {in_language(label, language)}") for symbol, label in SYMBOLS.items()]


class _Keys(forms.Form):
    """Records go to the act by their keys."""

    def arguments(self) -> dict[str, Any]:
        """Keys for records."""
        given = super().arguments()
        return {name: (value.pk if name in KEYS and value else value) for name, value in given.items()}


def _called_substance(substance: Any) -> str:
    return f"{substance.name} {substance.cas}".strip()


def _called_place(place: Any) -> str:
    return place.name if place.name and place.site.name == place.site.unit.name else f"{place.name} · {place.site.name}"


def _called_site(site: Any) -> str:
    return str(site.name) if site.name == site.unit.name else f"{site.unit.name} · {site.name}"


def _substance(selector: Any) -> forms.RecordChoice:
    return forms.RecordChoice(
        pgettext_lazy("chemicals", "Substance"), selector, search=("name", "aliases", "name_en", "cas", "code"),
        called=_called_substance, hint=lambda s: s.aliases or s.name_en,
    )  # fmt: skip


def _lot() -> forms.Text:
    return forms.Text(pgettext_lazy("movement", "Lot"), max_length=40, required=False)


def _permit() -> forms.Text:
    return forms.Text(
        _("Purchase permit or filing"), max_length=60, required=False,
        help_text=_("Of precursors of drugs: the permit (class I) or the proof of filing with the county's police "
                    "before the purchase (class II, III). A purchase that names none is a finding."),
    )  # fmt: skip


class SubstanceForm(_Keys):
    """A unit's own substance."""

    site = forms.RecordChoice(_("Site"), selectors.own_sites, search=("search_text__has",), called=_called_site)
    name = forms.Text(_("Name on the safety data sheet"), max_length=120)
    aliases = forms.Text(_("Other names"), max_length=300, required=False)
    name_en = forms.Text(_("English name"), max_length=120, required=False)
    un = forms.Text(_("UN number"), max_length=4, required=False)
    symbols = forms.Choices(
        _("Hazard categories of GB 18218 Table 2"), categories, required=False,
        help_text=_("As on its safety data sheet; none where it falls under none of them."),
    )  # fmt: skip


class MarkForm(forms.Form):
    """Marking a substance."""

    mark = forms.Choice(_("Marked as"), Mark.choices)
    listed = forms.Flag(_("It stands in the list"))
    basis = forms.Text(
        _("List, year and number"), max_length=120,
        help_text=_("The list itself is not held here: name the one you have in hand."),
    )  # fmt: skip


class PlaceForm(_Keys):
    """A place of keeping."""

    site = forms.RecordChoice(_("Site"), selectors.own_sites, search=("search_text__has",), called=_called_site)
    kind = forms.Choice(pgettext_lazy("chemicals", "Kind of place"), PlaceKind.choices)
    name = forms.Text(pgettext_lazy("chemicals", "Name or number of the place"), max_length=60)
    most_kg = _mass(_("At most in all"), required=False)


class ChangePlaceForm(forms.Form):
    """Changing a place."""

    kind = forms.Choice(pgettext_lazy("chemicals", "Kind of place"), PlaceKind.choices)
    name = forms.Text(pgettext_lazy("chemicals", "Name or number of the place"), max_length=60)
    most_kg = _mass(_("At most in all"), required=False)


class ReasonForm(forms.Form):
    """A reason."""

    reason = forms.LongText(_("Reason"), max_length=200, rows=2)


class LimitForm(_Keys):
    """The design maximum of a substance at a place."""

    substance = _substance(selectors.substances_of_place)
    most_kg = _mass(_("Design maximum"))
    basis = forms.Text(_("Paper it rests on"), max_length=120)


class MovementForm(_Keys):
    """What came in or went out."""

    kind = forms.Choice(pgettext_lazy("movement", "What happened"), [(k.value, k.label) for k in BY_HAND])
    substance = _substance(selectors.substances_of_place)
    kg = _mass(pgettext_lazy("movement", "Quantity"))
    on = _day(pgettext_lazy("movement", "Day"))
    lot = _lot()
    counterpart = forms.Text(_("Received from"), max_length=120, required=False)
    document = forms.Text(_("Document"), max_length=60, required=False)
    permit_no = _permit()
    note = forms.LongText(_("Note"), max_length=200, rows=2, required=False)


class MoveForm(_Keys):
    """Moving goods to another place."""

    to = forms.RecordChoice(
        pgettext_lazy("chemicals", "To the place"), lambda actor, stock: selectors.other_places(stock),
        called=_called_place,
    )  # fmt: skip
    kg = _mass(pgettext_lazy("movement", "Quantity"))
    on = _day(pgettext_lazy("movement", "Day"))
    lot = _lot()
    note = forms.LongText(_("Note"), max_length=200, rows=2, required=False)


class SendForm(forms.Form):
    """Sending goods away."""

    purpose = forms.Choice(pgettext_lazy("consignment", "Purpose"), Purpose.choices)
    kg = _mass(pgettext_lazy("movement", "Quantity"))
    on = _day(_("Sent on"))
    to_code = forms.Text(
        _("Code of the receiver"), max_length=24, required=False,
        help_text=_("Unified code of a unit on file, or the number of its site. It has to receive the consignment."),
    )  # fmt: skip
    to_name = forms.Text(
        _("Name of the receiver"), max_length=120, required=False, help_text=_("Only where it lies outside the area.")
    )
    lot = _lot()
    carrier = forms.Text(_("Carrier"), max_length=120, required=False)
    plate = forms.Text(_("Number plate"), max_length=20, required=False)
    transport_no = forms.Text(
        _("Transport permit or filing"), max_length=60, required=False,
        help_text=_("Of precursors of drugs: the permit of the police at the place of dispatch (class I and II, beyond "
                    "the city) or the proof of filing (class III). Without a valid one the consignment is a finding."),
    )  # fmt: skip
    transport_until = forms.Day(_("Transport permit valid until"), required=False)
    document = forms.Text(_("Document"), max_length=60, required=False)


class TransportForm(forms.Form):
    """The transport permit or filing of what was sent."""

    transport_no = forms.Text(_("Transport permit or filing"), max_length=60)
    transport_until = forms.Day(_("Transport permit valid until"), required=False)
    reason = forms.LongText(_("Why it was not named when the goods were sent"), max_length=200, rows=2)


class CountForm(forms.Form):
    """Stocktaking."""

    counted_kg = _mass(_("What is there"))
    on = _day(_("At the end of the day"))
    note = forms.LongText(_("Note"), max_length=200, rows=2, required=False)


class CorrectForm(forms.Form):
    """Putting a movement right."""

    kg = _mass(
        _("True quantity"), help_text=_("0 where it never happened. The movement stays; another one puts it right.")
    )
    reason = forms.LongText(_("What was wrong, and how you know"), max_length=200, rows=2)


class ReceiveForm(_Keys):
    """Receiving a consignment."""

    place = forms.RecordChoice(
        pgettext_lazy("chemicals", "Into the place"), selectors.places_to_receive,
        called=_called_place,
    )  # fmt: skip
    kg = _mass(_("Quantity by your own scale"))
    on = _day(_("Received on"))
    document = forms.Text(_("Document"), max_length=60, required=False)
    permit_no = _permit()


class ExplainForm(forms.Form):
    """Explaining a finding."""

    explanation = forms.LongText(
        _("Explanation"), rows=5, help_text=_("What the difference comes from, how you know, what was done about it.")
    )


class FilingForm(forms.Form):
    """The filing of production or trade."""

    filing_no = forms.Text(_("Number of the filing proof"), max_length=60)
    on = _day(_("Filed on"))


class OpinionForm(forms.Form):
    """An opinion that must be given."""

    opinion = forms.LongText(_("Opinion"), max_length=200, rows=2)


class PerhapsOpinionForm(forms.Form):
    """An opinion that may be given."""

    opinion = forms.LongText(_("Opinion"), max_length=200, rows=2, required=False)


class PoliceForm(forms.Form):
    """The record of a sale or purchase."""

    address = forms.Text(_("Address of the other side"), max_length=200)
    handler = forms.Text(
        _("Handled by"), max_length=40,
        help_text=_("Whoever bought or sold in person. The identity card's number stays on the copy in your file."),
    )  # fmt: skip
    used_for = forms.Text(_("Use"), max_length=120)
    permit_no = forms.Text(_("Licence or proof of lawful use"), max_length=60)
    reported_on = _day(_("Reported on"))
    receipt_no = forms.Text(_("Receipt number"), max_length=60)
