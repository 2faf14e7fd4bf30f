"""Writing in the ledger: one movement, what it does to the stock, to the stocktaking after it and to findings."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum

from anlan.kernel import clock
from anlan.kernel.acts import Work, created
from anlan.kernel.errors import BadInput, gettext_noop
from anlan.modules.chemicals.choices import KIND_SAID, TRADED, MovementKind
from anlan.modules.chemicals.events import MovementRecorded
from anlan.modules.chemicals.models import Movement, Place, Stock, Substance
from anlan.modules.chemicals.services import _findings as findings
from anlan.modules.chemicals.services import _police as police
from anlan.modules.chemicals.services import _precursors as precursors
from anlan.modules.chemicals.services._findings import shown

MOST = Decimal("9999999999.999")
WHY = "the ledger of one stock in hand"
TOO_LITTLE = gettext_noop(
    "%(place)s holds only %(held)s kg of %(substance)s on %(day)s, so %(asked)s kg cannot leave it. Enter first what "
    "came in, correct the movement that is wrong, or take stock."
)
LOT_TOO_LITTLE = gettext_noop("Of lot %(lot)s only %(held)s kg are there. Correct the lot or the quantity.")
AHEAD = gettext_noop("This day lies ahead. Enter a movement once it has happened.")


def mass(kg: Any, column: str = "kg", *, none: bool = False) -> Decimal:
    """A mass in kilograms to the gram; refused when it is none, negative, too fine or too large."""
    try:
        value = Decimal(str(kg))
    except ArithmeticError as why:
        raise BadInput(column, gettext_noop("Give the quantity in kilograms, such as 1250 or 0.5.")) from why
    if not value.is_finite() or value > MOST or value < 0 or (not value and not none):
        raise BadInput(column, gettext_noop("Give a quantity above 0 and below ten million tonnes, in kilograms."))
    if value != value.quantize(Decimal("0.001")):
        raise BadInput(column, gettext_noop("A quantity is given to the gram: at most three decimals."))
    return value.quantize(Decimal("0.001"))


def rows_of(stock: Stock) -> QuerySet[Movement]:
    """The movements of a stock."""
    rows: QuerySet[Movement] = Movement.objects.everything(why=WHY)
    return rows.filter(place=stock.place_id, substance=stock.substance_id)


def total(rows: QuerySet[Movement]) -> Decimal:
    """The kilograms of movements."""
    return Decimal(rows.aggregate(kg=Sum("kg"))["kg"] or 0)


def stock_at(place: Place, substance: Substance) -> Stock:
    """The stock of a substance at a place, locked; a new one where there was none."""
    if place.closed_on is not None:
        raise BadInput("place", gettext_noop("%(place)s is no longer in use. Choose another place."), place=place.name)
    scope = {"region_path": place.region_path, "sector": place.sector, "holder": place.holder}
    found, _fresh = Stock.objects.everything(why=WHY).get_or_create(place=place, substance=substance, defaults=scope)
    return locked(found.pk)


def locked(pk: int) -> Stock:
    """One stock, locked, with place and substance at hand."""
    rows = Stock.objects.everything(why=WHY).select_for_update(of=("self",))
    return rows.select_related("place__site__unit", "substance").get(pk=pk)


def post(
    work: Work, stock: Stock, *, kind: str, kg: Decimal, on: dt.date, lot: str = "", counted_kg: Decimal | None = None,
    corrects: Movement | None = None, **said: Any,
) -> Movement:  # fmt: skip
    """Add one movement to a locked stock.

    Refused when the stock, or what is there of the lot, would be less than nothing at the end of that day or any day
    after it. What comes before a stocktaking changes nothing of what was counted: it changes what was open, by a
    further line of that stocktaking.
    """
    if on > clock.day_of(work.now):
        raise BadInput("on", AHEAD)
    count = _count_after(stock, on, corrects)
    _enough(stock, kg, on, until=count.on if count else None)
    if lot and kg < 0 and kind != MovementKind.COUNTED:
        there = total(rows_of(stock).filter(lot=lot))
        if there + kg < 0:
            raise BadInput("lot", LOT_TOO_LITTLE, lot=lot, held=shown(there))
    movement = _line(work, stock, kind=kind, kg=kg, on=on, lot=lot, counted_kg=counted_kg, corrects=corrects, **said)
    if count is not None:
        note = f"{movement.pk}"
        _line(work, stock, kind=MovementKind.COUNTED, kg=-kg, on=count.on, corrects=count, note=note)
        findings.weigh_count(work, stock, count)
    _record(work, stock, movement)
    findings.weigh_stock(work, stock)
    if kind in TRADED and corrects is None:
        police.owe(work, movement)
        precursors.weigh_purchase(work, stock, movement, movement.kg)
    if corrects is None:
        precursors.owe_filing(work, stock, movement)
    return movement


def _line(work: Work, stock: Stock, *, kind: str, kg: Decimal, on: dt.date, **said: Any) -> Movement:
    movement = created(
        Movement(
            region_path=stock.region_path, sector=stock.sector, holder=stock.holder, place_id=stock.place_id,
            substance=stock.substance, kind=kind, kg=kg, on=on, entered_at=work.now,
            by_name=work.actor.name[:80], **said,
        )
    )  # fmt: skip
    stock.kg += kg
    stock.save(update_fields=["kg"])
    return movement


def _record(work: Work, stock: Stock, movement: Movement) -> None:
    if movement.kind == MovementKind.COUNTED:
        return  # the act says itself what was counted
    fact = MovementRecorded(
        site_id=stock.place.site_id, substance_code=stock.substance.code, what=KIND_SAID[MovementKind(movement.kind)],
        kg=shown(movement.kg), on=movement.on.isoformat(), note=movement.note,
    )  # fmt: skip
    work.record(fact, on=stock)


def _count_after(stock: Stock, on: dt.date, corrects: Movement | None) -> Movement | None:
    """The first stocktaking at whose time a movement of that day had happened; None without one.

    On the day of a stocktaking itself only what puts right an earlier entry belongs before it.
    """
    counts = rows_of(stock).filter(kind=MovementKind.COUNTED, corrects=None)
    if corrects is not None and corrects.kind == MovementKind.COUNTED:
        return counts.filter(Q(on__gt=on) | Q(on=on, pk__gt=corrects.pk)).order_by("on", "pk").first()
    at = corrects.pk if corrects is not None else None
    later = Q(on__gt=on) | Q(on=on, pk__gt=at) if at else Q(on__gt=on)
    return counts.filter(later).order_by("on", "pk").first()


def _enough(stock: Stock, kg: Decimal, on: dt.date, until: dt.date | None) -> None:
    """Refuse what would make the stock less than nothing on its day or later (up to the stocktaking after it)."""
    if kg >= 0:
        return
    after = rows_of(stock).filter(on__gt=on)
    days = list(after.order_by("on").values_list("on").annotate(kg=Sum("kg")))
    there, day = stock.kg - sum((moved for _day, moved in days), Decimal(0)), on
    least = there
    for later, moved in days:
        if until is not None and later >= until:
            break
        there += moved
        if there < least:
            least, day = there, later
    if least + kg < 0:
        raise BadInput(
            "kg", TOO_LITTLE, place=stock.place.name, held=shown(least), substance=stock.substance.name,
            day=day.isoformat(), asked=shown(-kg),
        )  # fmt: skip
