"""Filters of the lists of chemicals."""

from __future__ import annotations

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.modules.chemicals.choices import FindingKind, MovementKind, PlaceKind, Regime
from anlan.modules.chemicals.models import Consignment, Finding, Movement, Place, PoliceRecord, Stock, Substance
from anlan.modules.chemicals.workflow import CONSIGNMENT, FINDING, POLICE, VIEW
from anlan.ui import filters


class SubstanceFilters(filters.FilterSet):
    """Of the catalogue."""

    q = filters.Search(["name", "aliases", "name_en", "cas", "un"], placeholder=_("Name, CAS number or UN number"))
    key = filters.Flag(_("Key supervised"), Q(key_entry__isnull=False))
    toxic = filters.Flag(_("Highly toxic"), Q(highly_toxic=True))
    explosive = filters.Flag(_("Precursor of explosives"), Q(explosive_precursor=True))
    drug = filters.Flag(_("Precursor of drugs"), Q(drug_class__isnull=False))
    own = filters.Flag(_("A unit's own"), ~Q(holder=""))

    class Meta:
        model = Substance
        fields: tuple[str, ...] = ()


class PlaceFilters(filters.FilterSet):
    """Of places."""

    q = filters.Search(["name", "site__name", "site__unit__name"], placeholder=_("Place, site or unit"))
    kind = filters.Choice("kind", PlaceKind.choices, pgettext_lazy("chemicals", "Kind of place"))
    region = filters.Region("region_path", permission=VIEW)
    used = filters.Flag(_("In use"), Q(closed_on=None))

    class Meta:
        model = Place
        fields: tuple[str, ...] = ()


class StockFilters(filters.FilterSet):
    """Of stocks."""

    q = filters.Search(
        ["substance__name", "substance__cas", "place__name", "place__site__unit__name"],
        placeholder=_("Substance, CAS number, place or unit"),
    )
    kind = filters.Choice("place__kind", PlaceKind.choices, pgettext_lazy("chemicals", "Kind of place"))
    region = filters.Region("region_path", permission=VIEW)
    there = filters.Flag(_("Something is there"), Q(kg__gt=0))
    over = filters.Flag(_("Above the design maximum"), Q(kg__gt=F("most_kg")))
    key = filters.Flag(_("Key supervised"), Q(substance__key_entry__isnull=False))
    drug = filters.Flag(_("Precursor of drugs"), Q(substance__drug_class__isnull=False))
    police = filters.Flag(
        _("Highly toxic or precursor of explosives"),
        Q(substance__highly_toxic=True) | Q(substance__explosive_precursor=True),
    )

    class Meta:
        model = Stock
        fields: tuple[str, ...] = ()


class MovementFilters(filters.FilterSet):
    """Of movements."""

    q = filters.Search(
        ["substance__name", "lot", "document", "counterpart", "place__site__unit__name"],
        placeholder=_("Substance, lot, document, other side or unit"),
    )
    kind = filters.Choice("kind", MovementKind.choices, pgettext_lazy("movement", "Kind"), several=True)
    region = filters.Region("region_path", permission=VIEW)
    on = filters.Days(pgettext_lazy("movement", "Day"), "on")
    corrections = filters.Flag(_("Corrections"), Q(corrects__isnull=False))
    first_class = filters.Flag(_("Use of precursors of class I"), Q(substance__drug_class=1, kind=MovementKind.USED))

    class Meta:
        model = Movement
        fields: tuple[str, ...] = ()


class ConsignmentFilters(filters.FilterSet):
    """Of consignments."""

    q = filters.Search(
        ["number", "lot", "to_name", "substance__name", "from_site__unit__name", "plate"],
        placeholder=_("Number, lot, substance, either side or number plate"),
    )
    state = filters.State(CONSIGNMENT)
    region = filters.Region("region_path", permission=VIEW)
    sent = filters.Days(_("Sent on"), "sent_on")
    differ = filters.Flag(_("Sent and received differ"), Q(received_kg__isnull=False) & ~Q(received_kg=F("sent_kg")))

    class Meta:
        model = Consignment
        fields: tuple[str, ...] = ()


class FindingFilters(filters.FilterSet):
    """Of findings."""

    q = filters.Search(
        ["stock__substance__name", "stock__place__name", "stock__place__site__unit__name"],
        placeholder=_("Substance, place or unit"),
    )
    state = filters.State(FINDING)
    kind = filters.Choice("kind", FindingKind.choices, pgettext_lazy("finding", "Kind"))
    region = filters.Region("region_path", permission=VIEW)
    waiting = filters.Flag(_("Not settled"), Q(state__in=["open", "explained"]))

    class Meta:
        model = Finding
        fields: tuple[str, ...] = ()


class PoliceFilters(filters.FilterSet):
    """Of police records."""

    q = filters.Search(
        ["movement__substance__name", "counterpart", "movement__place__site__unit__name", "receipt_no"],
        placeholder=_("Substance, other side, unit or receipt number"),
    )
    state = filters.State(POLICE)
    regime = filters.Choice("regime", Regime.choices, _("Reported as"))
    region = filters.Region("region_path", permission=VIEW)
    late = filters.Overdue("due_on", open_when=Q(state="due"), day=True)

    class Meta:
        model = PoliceRecord
        fields: tuple[str, ...] = ()
