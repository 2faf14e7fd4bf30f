"""Screens of the catalogue."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.law import basis_of, found_at, place_of
from anlan.modules.chemicals import filters, forms, selectors, services
from anlan.modules.chemicals.models import Substance
from anlan.modules.chemicals.tables import StockTable, SubstanceTable
from anlan.modules.chemicals.workflow import CATALOGUE, KEEP, VIEW
from anlan.rules import exposure_limit, gb18218, refusal
from anlan.rules.substances import DRUG_LIST
from anlan.rules.wording import in_language
from anlan.ui import formats
from anlan.ui.pages import Action, ActPage, Empty, Export, FormPage, Item, ListPage, RecordPage, Section, actor_of

ABSOLUTE_ZERO = Decimal("273.15")
TO_VERIFY = _("to verify")


def marked(answer: bool | None, basis: str) -> str:
    """Yes, no, or that the list is not held."""
    if answer is None:
        return gettext("Not held: mark it by the list you have in hand")
    said = gettext("Yes") if answer else gettext("No")
    return f"{said} ({basis})"


def facts(substance: Substance, actor: Actor) -> list[Item]:
    """Names, numbers and marks."""
    known, key = substance.table, substance.key_entry
    return [
        Item(_("CAS number"), substance.cas),
        Item(_("UN number"), substance.un),
        Item(_("Number in the catalogue of hazardous chemicals"), "", help=_("The catalogue is not held")),
        Item(_("English name"), substance.name_en),
        Item(_("Other names"), substance.aliases),
        Item(_("Formula"), known.formula if known else ""),
        Item(
            _("Key supervised chemical"),
            gettext("Number %(n)s of the national list") % {"n": key} if key else _("No"),
        ),
        Item(_("Highly toxic chemical"), marked(substance.highly_toxic, substance.toxic_basis)),
        Item(_("Precursor of explosives"), marked(substance.explosive_precursor, substance.explosive_basis)),
        Item(
            _("Precursor of drugs"),
            gettext("Class %(n)s") % {"n": substance.drug_class} if substance.drug_class else _("No"),
            help=str(DRUG_LIST) if substance.drug_class else "",
        ),
    ]  # fmt: skip


def hazards_of(substance: Substance, actor: Actor) -> list[Item]:
    """Hazard categories and the threshold of GB 18218."""
    told = [
        Item(symbol, in_language(gb18218.SYMBOLS[symbol], formats.spoken()), help=TO_VERIFY, wide=True)
        for symbol in substance.symbols
        if symbol in gb18218.SYMBOLS
    ]
    try:
        factor = gb18218.factor(None, substance.cas or None, None, tuple(substance.symbols))
    except refusal.BadInput as why:
        return [
            *told,
            Item(_("Threshold of a major hazard"), "", help=in_language(why.reason, formats.spoken()), wide=True),
        ]
    beta = "" if factor.beta is None else f"β = {formats.number(float(factor.beta))}"
    source = in_language(factor.q_from, formats.spoken())
    threshold = Item(
        _("Threshold of a major hazard"), float(factor.threshold_t), unit=_("t"), help=f"GB 18218-2018 {source} {beta}"
    )
    return [*told, threshold]


def properties(substance: Substance, actor: Actor) -> list[Item] | None:
    """Physical properties; None for a unit's own."""
    known = substance.table
    if known is None:
        return None

    def celsius(kelvin: Decimal | None) -> Any:
        return None if kelvin is None else kelvin - ABSOLUTE_ZERO

    def percent(share: Decimal | None) -> Any:
        return None if share is None else share * 100

    return [
        Item(_("Molar mass"), known.molar_mass, unit="g/mol"),
        Item(_("Melting point"), celsius(known.melting_K), unit="°C"),
        Item(_("Boiling point"), celsius(known.boiling_K), unit="°C"),
        Item(_("Flash point"), celsius(known.flash_K), unit="°C"),
        Item(_("Autoignition"), celsius(known.autoignition_K), unit="°C"),
        Item(_("Lower explosive limit"), percent(known.lower_limit), unit="%"),
        Item(_("Upper explosive limit"), percent(known.upper_limit), unit="%"),
    ]


def emergency(substance: Substance, actor: Actor) -> list[Item] | None:
    """Emergency values and workplace limits; None where none is held."""
    known = substance.table
    told = [
        Item(level.name, level.value, unit=level.unit, help="" if level.confidence.settled else TO_VERIFY)
        for level in (known.levels if known else ())
    ]
    return [*told, *_workplace(substance, substance.region_path or place_of(actor))] or None


def _workplace(substance: Substance, path: str) -> list[Item]:
    """The limits in the air of workplaces, by the figures of a region."""
    try:
        asked = exposure_limit.Exposure(cas=substance.cas) if substance.cas else None
        found = found_at(path, exposure_limit.exposure_limit, asked, clock.today()) if asked else None
    except (refusal.BadInput, refusal.RuleBroken):
        return []
    if found is None:
        return []
    cited = basis_of(found)
    limits = (("MAC", found.value.mac), ("PC-TWA", found.value.pc_twa), ("PC-STEL", found.value.pc_stel))
    return [Item(name, value, unit="mg/m³", help=cited) for name, value in limits if value is not None]


def mark(request: HttpRequest, form: forms.MarkForm, substance: Substance) -> Any:
    """Mark a substance."""
    given = form.arguments()
    return services.mark_substance(actor=actor_of(request), key=form.key, substance=substance.pk, **given)


ADD = Action(_("Enter a substance of one's own"), "chemicals:add-substance", icon="plus", permission=KEEP)

SUBSTANCES = ListPage(
    name="chemicals:substances",
    path="substances/",
    title=_("Catalogue of substances"),
    icon="flask",
    permission=VIEW,
    selector=selectors.substances,
    table=SubstanceTable,
    filters=filters.SubstanceFilters,
    lead=_("Names and numbers as the tables hold them; what is not held is said on each page."),
    actions=(ADD,),
    empty=Empty(_("No substance"), _("Search by another name, or by CAS number."), ADD),
    export=Export(permission=VIEW, filename="substances"),
)
SUBSTANCE = RecordPage(
    name="chemicals:substance",
    path="substances/<int:pk>/",
    permission=VIEW,
    selector=selectors.substances,
    title=lambda substance: substance.name,
    number=lambda substance: substance.code,
    facts=facts,
    back="chemicals:substances",
    deadlines=False,
    sections=(
        Section(_("Hazards"), items=hazards_of, icon="alert-triangle", empty=_("No category is held.")),
        Section(_("Emergency values and workplace limits"), items=emergency, icon="ambulance"),
        Section(_("Properties"), items=properties, icon="temperature"),
        Section(
            _("Where it is kept"), table=StockTable, icon="building-warehouse", empty=_("Nowhere within your reach."),
            rows=lambda substance, actor: selectors.stocks(actor).filter(substance=substance, kg__gt=0).order_by("-kg"),
            columns=("substance", "place", "kg", "most_kg", "unit"),
        ),
    ),
    actions=(Action(_("Mark"), "chemicals:mark", icon="flag", permission=CATALOGUE),),
)  # fmt: skip
ADD_SUBSTANCE = ActPage(
    name="chemicals:add-substance", path="substances/add/", title=_("Enter a substance of one's own"),
    act=services.add_substance, form=forms.SubstanceForm, cancel="chemicals:substances",
    intro=_("Only what the catalogue does not have: mixtures, and products with a safety data sheet of their own."),
)  # fmt: skip
MARK = FormPage(
    name="chemicals:mark", path="substances/<int:pk>/mark/", title=_("Mark"), permission=CATALOGUE,
    selector=selectors.substances, form=forms.MarkForm, handle=mark,
)  # fmt: skip
