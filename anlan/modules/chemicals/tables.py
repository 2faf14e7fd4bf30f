"""Tables of chemicals."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anlan.modules.chemicals.choices import KIND_TONES, FindingKind, MovementKind, PlaceKind, Purpose, Regime
from anlan.modules.chemicals.models import Consignment, Finding, Movement, Place, PoliceRecord, Stock, Substance
from anlan.modules.chemicals.workflow import CONSIGNMENT, FINDING, POLICE
from anlan.ui import formats, tables

KG = _("kg")


def kilograms(value: Any) -> str:
    """Kilograms without idle decimals."""
    return formats.number(value)


class MassColumn(tables.NumberColumn):
    """Kilograms."""

    def __init__(self, verbose_name: Any = None, **kwargs: Any) -> None:
        super().__init__(verbose_name, **{"width": 14, **kwargs})


class SubstanceTable(tables.Table):
    """The catalogue."""

    name = tables.LinkColumn(pgettext_lazy("chemicals", "Substance"), lead=True, beneath=lambda s: s.aliases)
    name_en = tables.TextColumn(_("English name"))
    cas = tables.Column(_("CAS number"), wrap=False)
    un = tables.Column(_("UN number"))
    key_entry = tables.FlagColumn(_("Key supervised"))
    highly_toxic = tables.FlagColumn(_("Highly toxic"))
    explosive_precursor = tables.FlagColumn(_("Precursor of explosives"))
    drug_class = tables.Column(_("Precursor of drugs, class"))
    holder = tables.Column(_("Whose entry"), empty_values=())

    class Meta(tables.Table.Meta):
        model = Substance
        order_by = ("-holder", "cas")

    def render_holder(self, record: Any) -> str:
        """Of the tables, or a unit's own."""
        return gettext("A unit's own") if record.own else gettext("Tables")

    def value_holder(self, record: Any) -> str:
        """The same for a ledger."""
        return self.render_holder(record)


class PlaceTable(tables.Table):
    """Places of keeping."""

    name = tables.LinkColumn(pgettext_lazy("chemicals", "Place of keeping"), lead=True)
    kind = tables.ChoiceColumn(pgettext_lazy("chemicals", "Kind of place"), choices=PlaceKind.choices)
    unit = tables.Column(_("Unit"), accessor="site__unit__name")
    site = tables.Column(_("Site"), accessor="site__name")
    most_kg = MassColumn(_("At most in all, kg"))
    closed_on = tables.DayColumn(_("Given up on"))
    region_path = tables.RegionColumn(_("Region"))

    class Meta(tables.Table.Meta):
        model = Place
        order_by = "-pk"


class StockTable(tables.Table):
    """What is kept where."""

    substance = tables.LinkColumn(pgettext_lazy("chemicals", "Substance"), lead=True, accessor="substance__name")
    place = tables.Column(pgettext_lazy("chemicals", "Place of keeping"), accessor="place__name")
    kind = tables.ChoiceColumn(
        pgettext_lazy("chemicals", "Kind of place"), accessor="place__kind", choices=PlaceKind.choices
    )
    kg = MassColumn(_("In stock, kg"))
    most_kg = MassColumn(_("Design maximum, kg"))
    unit = tables.Column(_("Unit"), accessor="place__site__unit__name")
    region_path = tables.RegionColumn(_("Region"))

    class Meta(tables.Table.Meta):
        model = Stock
        order_by = "-pk"


class MovementTable(tables.Table):
    """The ledger."""

    on = tables.DayColumn(pgettext_lazy("movement", "Day"))
    kind = tables.ChoiceColumn(pgettext_lazy("movement", "Kind"), choices=MovementKind.choices, colours=KIND_TONES)
    substance = tables.LinkColumn(pgettext_lazy("chemicals", "Substance"), lead=True, accessor="substance__name")
    kg = MassColumn(_("kg"))
    place = tables.Column(pgettext_lazy("chemicals", "Place of keeping"), accessor="place__name")
    lot = tables.Column(pgettext_lazy("movement", "Lot"), wrap=False)
    counterpart = tables.TextColumn(_("Other side"))
    document = tables.Column(_("Document"))
    unit = tables.Column(_("Unit"), accessor="place__site__unit__name")
    corrects = tables.Column(_("Puts right"), accessor="corrects_id", orderable=False)
    note = tables.TextColumn(_("Note"))
    by_name = tables.Column(_("Entered by"))
    entered_at = tables.MomentColumn(_("Entered on"))

    class Meta(tables.Table.Meta):
        model = Movement
        order_by = "-pk"


class ConsignmentTable(tables.Table):
    """Consignments."""

    number = tables.LinkColumn(_("Consignment number"), lead=True)
    state = tables.StateColumn(CONSIGNMENT, _("State"))
    substance = tables.Column(pgettext_lazy("chemicals", "Substance"), accessor="substance__name")
    purpose = tables.ChoiceColumn(pgettext_lazy("consignment", "Purpose"), choices=Purpose.choices)
    sender = tables.Column(_("Sender"), accessor="from_site__unit__name")
    to_name = tables.Column(_("Receiver"))
    sent_kg = MassColumn(_("Sent, kg"))
    received_kg = MassColumn(_("Received, kg"))
    sent_on = tables.DayColumn(_("Sent on"))
    due_on = tables.DueColumn(_("Expected by"), done="received_on")
    lot = tables.Column(pgettext_lazy("movement", "Lot"), wrap=False)

    class Meta(tables.Table.Meta):
        model = Consignment
        order_by = "-pk"


class FindingTable(tables.Table):
    """Findings."""

    kind = tables.ChoiceColumn(pgettext_lazy("finding", "Kind"), choices=FindingKind.choices)
    state = tables.StateColumn(FINDING, _("State"))
    substance = tables.LinkColumn(pgettext_lazy("chemicals", "Substance"), lead=True, accessor="stock__substance__name")
    place = tables.Column(pgettext_lazy("chemicals", "Place of keeping"), accessor="stock__place__name")
    gap_kg = MassColumn(_("Difference, kg"))
    unit = tables.Column(_("Unit"), accessor="stock__place__site__unit__name")
    opened_at = tables.MomentColumn(_("Found on"))

    class Meta(tables.Table.Meta):
        model = Finding
        order_by = "-pk"


class PoliceTable(tables.Table):
    """Records for the police."""

    substance = tables.LinkColumn(
        pgettext_lazy("chemicals", "Substance"), lead=True, accessor="movement__substance__name"
    )
    state = tables.StateColumn(POLICE, _("State"))
    kind = tables.ChoiceColumn(
        pgettext_lazy("movement", "Kind"), accessor="movement__kind", choices=MovementKind.choices
    )
    on = tables.DayColumn(pgettext_lazy("movement", "Day"), accessor="movement__on")
    kg = MassColumn(_("kg"), accessor="movement__kg")
    regime = tables.ChoiceColumn(_("Reported as"), choices=Regime.choices)
    counterpart = tables.Column(_("Other side"))
    due_on = tables.DueColumn(_("Report by"), done="settled")
    reported_on = tables.DayColumn(_("Reported on"))
    unit = tables.Column(_("Unit"), accessor="movement__place__site__unit__name")

    class Meta(tables.Table.Meta):
        model = PoliceRecord
        order_by = "-pk"
