"""Screens of places, stocks and movements."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.modules.chemicals import filters, forms, selectors, services
from anlan.modules.chemicals.choices import KIND_TONES, MovementKind
from anlan.modules.chemicals.models import Movement, Place, Stock
from anlan.modules.chemicals.tables import FindingTable, MovementTable, PlaceTable, StockTable
from anlan.modules.chemicals.workflow import KEEP, VIEW
from anlan.modules.registry.public import SITE, UNIT
from anlan.ui import links
from anlan.ui.pages import Action, ActPage, Empty, Export, Item, ListPage, RecordPage, Section, Tab

DRUG_CLASSES = {1: _("Precursor of drugs, class I"), 2: _("Precursor of drugs, class II"),
                3: _("Precursor of drugs, class III")}  # fmt: skip


def in_use(place: Place, actor: Actor) -> bool:
    """For acts on places in use."""
    return place.closed_on is None


def kept(stock: Stock, actor: Actor) -> bool:
    """For acts on stocks of places in use."""
    return stock.place.closed_on is None


def something(stock: Stock, actor: Actor) -> bool:
    """For taking something out."""
    return kept(stock, actor) and stock.kg > 0


def of_unit(row: Any) -> list[Item]:
    """Unit and site of a place."""
    site = row.site
    return [
        Item(_("Unit"), site.unit.name, url=links.url_of(UNIT, site.unit_id)),
        Item(_("Site"), site.name, url=links.url_of(SITE, site.pk)),
        Item(_("Region"), row.region_path, kind="region"),
    ]


def place_facts(place: Place, actor: Actor) -> list[Item]:
    """What is known of a place."""
    return [
        *of_unit(place),
        Item(pgettext_lazy("chemicals", "Kind of place"), place.get_kind_display()),
        Item(_("In stock in all"), getattr(place, "held_kg", None), unit=_("kg")),
        Item(_("At most in all"), place.most_kg, unit=_("kg")),
        Item(_("Given up on"), place.closed_on),
    ]


def place_badges(place: Any) -> list[tuple[Any, str]]:
    """That more is there than it is built for."""
    above = place.most_kg is not None and place.held_kg > place.most_kg
    return [(_("Above what the place is built for"), "red")] if above else []


def stock_facts(stock: Stock, actor: Actor) -> list[Item]:
    """What is known of a stock."""
    return [
        Item(_("In stock"), stock.kg, unit=_("kg")),
        Item(_("Design maximum"), stock.most_kg, unit=_("kg"), help=stock.basis),
        Item(
            pgettext_lazy("chemicals", "Substance"), stock.substance.name,
            url=links.url_of("chemicals.substance", stock.substance_id),
        ),
        Item(
            pgettext_lazy("chemicals", "Place of keeping"), stock.place.name,
            url=links.url_of("chemicals.place", stock.place_id),
        ),
        *of_unit(stock.place),
        Item(_("Number of the filing proof"), stock.filing_no),
        Item(_("Filed on"), stock.filed_on),
        Item(_("Mass balance"), _("This year so far"), url=balance_of(stock)),
    ]  # fmt: skip


def stock_badges(stock: Stock) -> list[tuple[Any, str]]:
    """What is special about it."""
    told: list[tuple[Any, str]] = [(_("Above the design maximum"), "red")] if stock.over else []
    if stock.substance.to_police:
        told.append((_("Reported to the police"), "purple"))
    if stock.substance.drug_class:
        told.append((DRUG_CLASSES[stock.substance.drug_class], "purple"))
    return told


def is_filed(stock: Stock, actor: Actor) -> bool:
    """Whether its production or trade is filed: a precursor of drugs of class II or III."""
    return stock.substance.drug_class in (2, 3)


def movement_facts(movement: Movement, actor: Actor) -> list[Item]:
    """What is known of a movement."""
    first = movement.corrects
    paper = movement.consignment
    lot = f"{reverse('chemicals:trace')}?{urlencode({'lot': movement.lot})}" if movement.lot else ""
    return [
        Item(
            pgettext_lazy("movement", "Kind"), movement.get_kind_display(), kind="badge", tone=KIND_TONES[movement.kind]
        ),
        Item(pgettext_lazy("movement", "Quantity"), movement.kg, unit=_("kg")),
        Item(_("What is there"), movement.counted_kg, unit=_("kg")),
        Item(pgettext_lazy("movement", "Day"), movement.on),
        Item(pgettext_lazy("movement", "Lot"), movement.lot, url=lot),
        Item(_("Other side"), movement.counterpart),
        Item(_("Document"), movement.document),
        Item(_("Purchase permit or filing"), movement.permit_no),
        Item(
            _("Consignment"), paper.number if paper else "",
            url=links.url_of("chemicals.consignment", paper.pk) if paper else "",
        ),
        Item(
            _("Puts right"), str(first) if first else "",
            url=links.url_of("chemicals.movement", first.pk) if first else "",
        ),
        Item(_("Note"), movement.note),
        Item(_("Keep the record until"), selectors.kept_until(movement)),
        Item(_("Entered by"), movement.by_name),
        Item(_("Entered on"), movement.entered_at),
        Item(pgettext_lazy("chemicals", "Place of keeping"), movement.place.name,
             url=links.url_of("chemicals.place", movement.place_id)),
        *of_unit(movement.place),
    ]  # fmt: skip


def may_correct(movement: Movement, actor: Actor) -> bool:
    """What came by itself is not corrected."""
    return movement.kind != MovementKind.COUNTED or movement.corrects_id is None


def sent_with_paper(movement: Movement, actor: Actor) -> bool:
    """Whether it is the line by which a precursor of drugs was sent: such a consignment names a permit or filing."""
    sent = movement.consignment_id is not None and movement.corrects_id is None and movement.kg < 0
    return sent and movement.substance.drug_class is not None


def balance_of(stock: Stock) -> str:
    """Where the balances of a stock's unit and substance stand."""
    query = urlencode({"holder": stock.holder, "substance": stock.substance_id})
    return f"{reverse('chemicals:balance')}?{query}"


ADD = Action(_("Enter a place of keeping"), "chemicals:add-place", icon="plus", permission=KEEP, tone="primary")

STOCKS = ListPage(
    name="chemicals:stocks",
    path="",
    title=_("Stocks of chemicals"),
    icon="flask",
    permission=VIEW,
    selector=selectors.stocks,
    table=StockTable,
    filters=filters.StockFilters,
    tabs=(
        Tab(_("Something is there"), "there=on"), Tab(_("Above the design maximum"), "over=on"),
        Tab(_("Key supervised"), "there=on&key=on"), Tab(_("Highly toxic or precursor of explosives"), "police=on"),
        Tab(_("All"), ""),
    ),
    opens="there=on",
    actions=(
        Action(_("Places of keeping"), "chemicals:places", icon="building-warehouse", permission=VIEW),
        Action(_("Ledger of movements"), "chemicals:movements", icon="list-details", permission=VIEW),
        Action(_("Catalogue of substances"), "chemicals:substances", icon="book", permission=VIEW),
    ),
    empty=Empty(_("No stock"), _("Enter a place of keeping, then what came into it."), ADD),
    export=Export(permission=VIEW, filename="chemicals-stocks"),
)  # fmt: skip
STOCK = RecordPage(
    name="chemicals:stock",
    path="stocks/<int:pk>/",
    permission=VIEW,
    selector=selectors.stocks,
    title=str,
    badges=stock_badges,
    facts=stock_facts,
    back="chemicals:stocks",
    deadlines=False,
    sections=(
        Section(
            _("Findings not settled"), table=FindingTable, icon="alert-triangle", empty=_("Nothing is open."),
            rows=lambda stock, actor: selectors.open_findings(actor).filter(stock=stock).order_by("-pk"),
            columns=("substance", "kind", "state", "gap_kg", "opened_at"),
        ),
        Section(
            _("Movements"), table=MovementTable, icon="list-details", most=30, empty=_("Nothing was entered yet."),
            rows=lambda stock, actor: selectors.movements(actor)
            .filter(place=stock.place_id, substance=stock.substance_id)
            .order_by("-on", "-pk"),
            columns=("on", "kind", "kg", "lot", "counterpart", "note"),
        ),
    ),
    actions=(
        Action(_("Send"), "chemicals:send", icon="truck", permission=KEEP, tone="primary", when=something),
        Action(_("Move to another place"), "chemicals:move", icon="arrows-exchange", permission=KEEP, when=something),
        Action(_("Take stock"), "chemicals:count", icon="scale", permission=KEEP, when=kept),
        Action(_("Note the filing"), "chemicals:filing", icon="file-certificate", permission=KEEP, when=is_filed,
               aside=True),
    ),
)  # fmt: skip


def _on_stock(name: str, title: Any, act: Any, form: type[forms.forms.Form], **more: Any) -> ActPage:
    return ActPage(
        name=f"chemicals:{name}", path=f"stocks/<int:pk>/{name}/", title=title, act=act, form=form,
        selector=selectors.stocks, **more,
    )  # fmt: skip


MOVE = _on_stock("move", _("Move to another place"), services.move_stock, forms.MoveForm,
                 done=lambda moved: links.url_of(selectors.stock_of_movement(moved)))  # fmt: skip
SEND = _on_stock(
    "send", _("Send"), services.send_stock, forms.SendForm, submit=_("Send"),
    message=_("It was sent. The receiver has to receive it by his own scale."),
)  # fmt: skip
COUNT = _on_stock(
    "count", _("Take stock"), services.count_stock, forms.CountForm,
    done=lambda count: links.url_of(selectors.stock_of_movement(count)),
    intro=_("Say what is really there. What the ledger says besides becomes the open balance, with its movements."),
)  # fmt: skip

FILING = _on_stock(
    "filing", _("Note the filing"), services.note_filing, forms.FilingForm,
    initial=lambda stock, actor: {"filing_no": stock.filing_no, "on": stock.filed_on},
    intro=_("Production and trade of precursors of drugs of class II (with the city) and III (production with the "
            "city, trade with the county) are filed with the work safety department within 30 days."),
)  # fmt: skip

PLACES = ListPage(
    name="chemicals:places",
    path="places/",
    title=_("Places of keeping"),
    icon="building-warehouse",
    permission=VIEW,
    selector=selectors.places,
    table=PlaceTable,
    filters=filters.PlaceFilters,
    tabs=(Tab(_("In use"), "used=on"), Tab(_("All"), "")),
    actions=(ADD,),
    empty=Empty(_("No place of keeping"), _("Enter the warehouses, tanks and process units of a site."), ADD),
    export=Export(permission=VIEW, filename="chemicals-places"),
)
PLACE = RecordPage(
    name="chemicals:place",
    path="places/<int:pk>/",
    permission=VIEW,
    selector=selectors.places_with_total,
    title=lambda place: place.name,
    badges=place_badges,
    facts=place_facts,
    back="chemicals:places",
    deadlines=False,
    sections=(
        Section(
            _("What it keeps"), table=StockTable, icon="flask", most=50, empty=_("Nothing was entered yet."),
            rows=lambda place, actor: selectors.stocks(actor).filter(place=place).order_by("-kg", "pk"),
            columns=("substance", "kg", "most_kg"),
        ),
    ),
    actions=(
        Action(_("Enter a movement"), "chemicals:record", icon="plus", permission=KEEP, tone="primary", when=in_use),
        Action(_("Set a design maximum"), "chemicals:limit", icon="ruler-measure", permission=KEEP, when=in_use),
        Action(_("Change"), "chemicals:change-place", icon="pencil", permission=KEEP, aside=True, when=in_use),
        Action(_("Give up the place"), "chemicals:close-place", icon="circle-x", permission=KEEP, aside=True,
               when=in_use),
    ),
)  # fmt: skip
ADD_PLACE = ActPage(
    name="chemicals:add-place", path="places/add/", title=_("Enter a place of keeping"), act=services.add_place,
    form=forms.PlaceForm, cancel="chemicals:places",
)  # fmt: skip


def _on_place(name: str, title: Any, act: Any, form: type[forms.forms.Form], **more: Any) -> ActPage:
    return ActPage(
        name=f"chemicals:{name}", path=f"places/<int:pk>/{name}/", title=title, act=act, form=form,
        selector=selectors.places, **more,
    )  # fmt: skip


CHANGE_PLACE = _on_place(
    "change-place", _("Change the place of keeping"), services.change_place, forms.ChangePlaceForm,
    initial=lambda place, actor: {"kind": place.kind, "name": place.name, "most_kg": place.most_kg},
)  # fmt: skip
CLOSE_PLACE = _on_place("close-place", _("Give up the place"), services.close_place, forms.ReasonForm, danger=True)
LIMIT = _on_place(
    "limit", _("Set a design maximum"), services.set_limit, forms.LimitForm,
    intro=_("What tanks, containers and racks are built for, by the paper that says so; it is what a major hazard is "
            "judged by."),
)  # fmt: skip
RECORD = _on_place(
    "record", _("Enter a movement"), services.record_movement, forms.MovementForm, wide=True,
    done=lambda movement: links.url_of(selectors.stock_of_movement(movement)),
    message=lambda movement: gettext("Entered: %(kg)s kg.") % {"kg": f"{abs(movement.kg):f}"},
)  # fmt: skip

MOVEMENTS = ListPage(
    name="chemicals:movements",
    path="movements/",
    title=_("Ledger of movements"),
    icon="list-details",
    permission=VIEW,
    selector=selectors.movements,
    table=MovementTable,
    filters=filters.MovementFilters,
    tabs=(Tab(_("All"), ""), Tab(_("Corrections"), "corrections=on"), Tab(_("Stocktakings"), "kind=counted"),
          Tab(_("Use of precursors of class I"), "first_class=on")),
    lead=_("Nothing here is ever changed: what was wrong is put right by another movement that names it."),
    empty=Empty(_("No movement"), _("Movements are entered on the page of a place of keeping.")),
    export=Export(permission=VIEW, filename="chemicals-movements"),
)
MOVEMENT = RecordPage(
    name="chemicals:movement",
    path="movements/<int:pk>/",
    permission=VIEW,
    selector=selectors.movements,
    title=str,
    facts=movement_facts,
    back="chemicals:movements",
    deadlines=False,
    sections=(
        Section(
            _("Put right by"),
            table=MovementTable,
            icon="pencil",
            empty=_("It stands as it was entered."),
            rows=lambda movement, actor: selectors.movements(actor).filter(corrects=movement).order_by("pk"),
            columns=("on", "kind", "substance", "kg", "note", "by_name", "entered_at"),
        ),
    ),
    actions=(
        Action(_("Put right"), "chemicals:correct", icon="pencil", permission=KEEP, when=may_correct),
        Action(_("Name the transport permit"), "chemicals:name-transport", icon="file-certificate", permission=KEEP,
               when=sent_with_paper),
    ),
)  # fmt: skip
CORRECT = ActPage(
    name="chemicals:correct", path="movements/<int:pk>/correct/", title=_("Put a movement right"),
    act=services.correct_movement, form=forms.CorrectForm, selector=selectors.movements,
    initial=lambda movement, actor: {"kg": abs(movement.counted_kg or movement.kg)},
    done=lambda movement: links.url_of(selectors.stock_of_movement(movement)),
    intro=_("The movement stays as it is; another one that names it carries the difference."),
)  # fmt: skip
