"""Movements: entered, transferred, counted, put right."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum

from anlan.kernel.acts import Work, act
from anlan.kernel.deadlines import services as deadlines
from anlan.kernel.errors import BadInput, gettext_noop
from anlan.kernel.workflow import remember
from anlan.modules.chemicals import selectors
from anlan.modules.chemicals.choices import BY_HAND, INWARD, MovementKind
from anlan.modules.chemicals.events import (
    ConsignmentCorrected,
    ConsignmentRecalled,
    MovementCorrected,
    StockCounted,
)
from anlan.modules.chemicals.models import Consignment, Movement, Place, Stock
from anlan.modules.chemicals.services import _findings as findings
from anlan.modules.chemicals.services import _police as police
from anlan.modules.chemicals.services import _precursors as precursors
from anlan.modules.chemicals.services._book import locked, mass, post, rows_of, stock_at
from anlan.modules.chemicals.services._findings import shown
from anlan.modules.chemicals.workflow import KEEP

WHY = "the movements of a stock in hand"


@act(may=KEEP, on=Place)
def record_movement(
    work: Work, place: Place, *, substance: int, kind: str, kg: Decimal, on: dt.date, lot: str = "",
    counterpart: str = "", document: str = "", note: str = "", permit_no: str = "",
) -> Movement:  # fmt: skip
    """Enter what came in or went out at a place, in kilograms: opening stock, produced, received from outside the
    area, used, disposed of on site, lost. A purchase from a unit on file is received by its consignment. ``permit_no``:
    the purchase permit or filing proof of a precursor of drugs; a purchase that names none is a finding. The use of
    one of class I says in ``note`` what for: these movements are its use ledger."""
    if kind not in BY_HAND:
        raise BadInput("kind", gettext_noop("Choose what happened. Sales and transfers have their own forms."))
    found = selectors.substance_for(place, substance)
    amount = mass(kg)
    if kind == MovementKind.RECEIVED and not counterpart.strip():
        raise BadInput("counterpart", gettext_noop("Say from whom it was received."))
    if kind == MovementKind.LOST and not note.strip():
        raise BadInput("note", gettext_noop("Say how it was lost: evaporation, cleaning, leak."))
    if kind == MovementKind.USED and found.drug_class == 1 and not note.strip():
        raise BadInput("note", gettext_noop("Say what it was used for: this line stands in the use ledger of class I."))
    stock = stock_at(place, found)
    if kind == MovementKind.OPENING and rows_of(stock).exists():
        raise BadInput("kind", gettext_noop("This stock has movements already. An opening stock comes first and once."))
    return post(
        work, stock, kind=kind, kg=amount if kind in INWARD else -amount, on=on, lot=lot.strip()[:40],
        counterpart=counterpart.strip()[:120], document=document.strip()[:60], note=note.strip()[:200],
        permit_no=permit_no.strip()[:60] if kind == MovementKind.RECEIVED else "",
    )  # fmt: skip


@act(may=KEEP, on=Stock)
def move_stock(
    work: Work, stock: Stock, *, to: int, kg: Decimal, on: dt.date, lot: str = "", note: str = ""
) -> Movement:
    """Move goods to another place of the same unit: two movements, of which the second names the first."""
    target = selectors.other_places(stock).filter(pk=to).first()
    if target is None:
        raise BadInput("to", gettext_noop("Choose another place of this unit that is in use."))
    amount = mass(kg)
    said: dict[str, Any] = {"lot": lot.strip()[:40], "note": note.strip()[:200]}
    for pk in sorted((stock.pk, stock_at(target, stock.substance).pk)):
        locked(pk)
    here, there = locked(stock.pk), stock_at(target, stock.substance)
    out = post(work, here, kind=MovementKind.MOVED_OUT, kg=-amount, on=on, counterpart=target.name, **said)
    post(work, there, kind=MovementKind.MOVED_IN, kg=amount, on=on, counterpart=here.place.name, pair=out, **said)
    return out


@act(may=KEEP, on=Stock)
def count_stock(work: Work, stock: Stock, *, counted_kg: Decimal, on: dt.date, note: str = "") -> Movement:
    """Take stock: what is really there at the end of a day. What the ledger said besides is the open balance of the
    period since the stocktaking before, and a finding."""
    counted = mass(counted_kg, "counted_kg", none=True)
    last = rows_of(stock).filter(kind=MovementKind.COUNTED, corrects=None).order_by("-on", "-pk").first()
    if last is not None and on < last.on:
        raise BadInput(
            "on", gettext_noop("Stock was taken on %(day)s already. Correct that one, or count as of a later day."),
            day=last.on.isoformat(),
        )  # fmt: skip
    held = locked(stock.pk)
    after = Decimal(rows_of(held).filter(on__gt=on).aggregate(kg=Sum("kg"))["kg"] or 0)
    book = held.kg - after
    if last is not None and last.on == on and last.counted_kg == counted == book:
        return last
    count = post(
        work, held, kind=MovementKind.COUNTED, kg=counted - book, on=on, counted_kg=counted, note=note.strip()[:200]
    )
    told = StockCounted(
        site_id=held.place.site_id, substance_code=held.substance.code, on=on.isoformat(), counted=shown(counted),
        book=shown(book),
    )  # fmt: skip
    work.record(told, on=held)
    findings.weigh_count(work, held, count)
    return count


@act(may=KEEP, on=Movement)
def correct_movement(work: Work, movement: Movement, *, kg: Decimal, reason: str) -> Movement:
    """Put a movement right: say how many kilograms it truly was (0: it never happened), and why.

    The movement stays as it is; another one that names it carries the difference. The other half of a transfer goes
    along, the consignment gets the figure, and a consignment still on the road that is put right to 0 is called back.
    The figure it has already does nothing.
    """
    first = movement.corrects or movement
    if first.kind == MovementKind.COUNTED and movement.corrects_id:
        raise BadInput("movement", gettext_noop("This line came by itself. Correct the stocktaking it names."))
    true, reason = mass(kg, none=True), reason.strip()[:200]
    if not reason:
        raise BadInput("reason", gettext_noop("Say what was wrong and how you know."))
    stock = locked(selectors.stock_of_movement(first).pk)
    if first.kind == MovementKind.COUNTED:
        return _recount(work, stock, first, true, reason)
    net = abs(police.net(first))
    if net == true:
        return first
    done = _put_right(work, stock, first, true, reason)
    for other in _halves(first):
        _put_right(work, locked(selectors.stock_of_movement(other).pk), other, true, reason)
    if first.consignment_id:
        _tell_consignment(work, first, true, reason)
    police.correct(work, first, true)
    precursors.weigh_purchase(work, stock, first, true)
    work.record(MovementCorrected(before=shown(net), after=shown(true), reason=reason), on=first)
    return done


def _recount(work: Work, stock: Stock, count: Movement, true: Decimal, reason: str) -> Movement:
    lines = Movement.objects.everything(why=WHY).filter(corrects=count, counted_kg__isnull=False).order_by("-pk")
    newest = lines.first() or count
    said = newest.counted_kg or Decimal(0)
    if said == true:
        return count
    done = post(
        work,
        stock,
        kind=MovementKind.COUNTED,
        kg=true - said,
        on=count.on,
        counted_kg=true,
        corrects=count,
        note=reason,
    )
    work.record(MovementCorrected(before=shown(said), after=shown(true), reason=reason), on=count)
    findings.weigh_count(work, stock, count)
    return done


def _put_right(work: Work, stock: Stock, movement: Movement, true: Decimal, reason: str) -> Movement:
    wanted = true if movement.kind in INWARD else -true
    said: dict[str, Any] = {
        "lot": movement.lot,
        "counterpart": movement.counterpart,
        "document": movement.document,
        "note": reason,
    }
    return post(
        work, stock, kind=movement.kind, kg=wanted - police.net(movement), on=movement.on, corrects=movement,
        consignment=movement.consignment, **said,
    )  # fmt: skip


def _halves(movement: Movement) -> list[Movement]:
    """The other half of a transfer."""
    rows = Movement.objects.everything(why=WHY).select_related("substance")
    return list(rows.filter(Q(pair=movement) | Q(pk=movement.pair_id or 0)).order_by("pk"))


def _tell_consignment(work: Work, movement: Movement, true: Decimal, reason: str) -> None:
    rows = Consignment.objects.everything(why="the consignment of a movement in hand").select_for_update(of=("self",))
    consignment = rows.get(pk=movement.consignment_id or 0)
    came = movement.kind in INWARD
    before = (consignment.received_kg if came else consignment.sent_kg) or Decimal(0)
    if came:
        consignment.received_kg = true
    else:
        consignment.sent_kg = true
    if not came and not true and consignment.state == "under_way":
        consignment.state = "recalled"
        remember(work, consignment, "recall", reason)
        deadlines.cancel(work, consignment, "chemicals.arrival")
        work.record(ConsignmentRecalled(reason=reason), on=consignment)
    else:
        work.record(ConsignmentCorrected(before=shown(before), after=shown(true), reason=reason), on=consignment)
    consignment.save(update_fields=["received_kg", "sent_kg", "state"])
    findings.weigh_consignment(work, consignment)
    if not came:
        precursors.weigh_transport(work, selectors.stock_of_movement(movement), consignment)
