"""Consignments: sent by one unit, received by another."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from anlan.kernel import clock
from anlan.kernel.acts import Work, act, created
from anlan.kernel.codes.services import next_numbers, parameter
from anlan.kernel.deadlines import services as deadlines
from anlan.kernel.errors import BadInput, gettext_noop
from anlan.kernel.workflow import remember, take
from anlan.modules.chemicals import selectors
from anlan.modules.chemicals.choices import ROAD_DAYS, MovementKind, Purpose
from anlan.modules.chemicals.events import ConsignmentReceived, ConsignmentSent, TransportNamed
from anlan.modules.chemicals.models import Consignment, Movement, Stock
from anlan.modules.chemicals.services import _findings as findings
from anlan.modules.chemicals.services import _precursors as precursors
from anlan.modules.chemicals.services._book import AHEAD, locked, mass, post, stock_at
from anlan.modules.chemicals.services._findings import shown
from anlan.modules.chemicals.services._sites import receiver
from anlan.modules.chemicals.workflow import BOTH_SIDES, CONSIGNMENT, KEEP
from anlan.modules.registry import public as registry

NOT_ASKED = gettext_noop(
    "Only what was sent away of a precursor of drugs names a transport permit or filing. Open the line it was sent by."
)
NOT_YET = gettext_noop("It was sent on %(day)s. It cannot arrive before that.")


@act(may=KEEP, on=Stock)
def send_stock(
    work: Work, stock: Stock, *, kg: Decimal, on: dt.date, purpose: str, to_code: str = "", to_name: str = "",
    carrier: str = "", plate: str = "", lot: str = "", document: str = "", transport_no: str = "",
    transport_until: dt.date | None = None,
) -> Consignment:  # fmt: skip
    """Send goods away: sold, to a site of one's own, or as waste to whoever disposes of it.

    A receiver on file is named by its unified code (or the number of its site) and has to receive; one outside the
    area is named in words. The lot goes along; where none is given it is the consignment's number. ``transport_no``:
    the transport permit or filing of a precursor of drugs, ``transport_until`` its last day; without a valid one the
    consignment is a finding.
    """
    if purpose not in Purpose.values:
        raise BadInput("purpose", gettext_noop("Choose why it is sent."))
    amount = mass(kg)
    if on > clock.day_of(work.now):
        raise BadInput("on", AHEAD)
    to = receiver(to_code) if to_code.strip() else None
    if to is None and not to_name.strip():
        raise BadInput("to_code", gettext_noop("Give the receiver's code, or its name where it lies outside the area."))
    if to is not None and to.id == stock.place.site_id:
        raise BadInput("to_code", gettext_noop("This is the same site. Move the goods to another place instead."))
    if to is not None and (purpose == Purpose.OWN) != (to.holder == stock.holder):
        raise BadInput("purpose", gettext_noop("The purpose does not fit the receiver: one's own site or another's."))
    held = locked(stock.pk)
    consignment = _paper(work, held, amount, on, purpose, to, to_name.strip()[:120])
    consignment.lot = lot.strip()[:40] or consignment.number
    consignment.carrier, consignment.plate = carrier.strip()[:120], plate.strip()[:20]
    consignment.transport_no, consignment.transport_until = transport_no.strip()[:60], transport_until
    created(consignment)
    remember(work, consignment, "send" if to is not None else "send_out")
    work.record(
        ConsignmentSent(substance=held.substance.name, kg=shown(amount), to=consignment.to_name), on=consignment
    )
    post(
        work, held, kind=purpose, kg=-amount, on=on, lot=lot.strip()[:40], counterpart=consignment.to_name,
        document=document.strip()[:60] or consignment.number, consignment=consignment,
    )  # fmt: skip
    precursors.weigh_transport(work, held, consignment)
    if consignment.due_on is not None:
        deadlines.start(
            work, consignment, kind="chemicals.arrival", label=CONSIGNMENT.step("receive").label,
            due=consignment.due_on, duty=KEEP, desk_holder=consignment.holder, basis=str(BOTH_SIDES),
        )  # fmt: skip
    return consignment


def _paper(
    work: Work, stock: Stock, kg: Decimal, on: dt.date, purpose: str, to: registry.SiteView | None, name: str
) -> Consignment:
    scope = to if to is not None else stock
    number = next_numbers(f"consignment:{on.year}")[0]
    return Consignment(
        region_path=scope.region_path, sector=scope.sector, holder=scope.holder, number=f"WY{on.year}{number:07d}",
        substance=stock.substance, purpose=purpose, from_site_id=stock.place.site_id, from_path=stock.region_path,
        from_sector=stock.sector, from_holder=stock.holder, to_site_id=to.id if to else None,
        to_name=to.unit_name if to else name, sent_kg=kg, sent_on=on, state="under_way" if to else "left",
        due_on=on + dt.timedelta(days=parameter(ROAD_DAYS, stock.region_path)) if to else None,
    )  # fmt: skip


@act(may=KEEP, on=Consignment)
def receive_consignment(
    work: Work,
    consignment: Consignment,
    *,
    place: int,
    kg: Decimal,
    on: dt.date,
    document: str = "",
    permit_no: str = "",
) -> Movement:
    """Receive what was sent: into which place, how many kilograms by one's own scale, when; bought precursors of drugs
    under which permit or filing.

    What differs from what the sender says is a finding on both sides. Received already: nothing again.
    """
    earlier = selectors.arrival_of(consignment)
    if consignment.state == "arrived" and earlier is not None:
        return earlier
    if on < consignment.sent_on:
        raise BadInput("on", NOT_YET, day=consignment.sent_on.isoformat())
    target = selectors.places_to_receive(work.actor, consignment).filter(pk=place).first()
    if target is None:
        raise BadInput("place", gettext_noop("Choose a place of the receiving site that is in use."))
    amount = mass(kg)
    take(work, consignment, "receive")
    consignment.received_kg, consignment.received_on = amount, on
    consignment.save(update_fields=["state", "received_kg", "received_on"])
    deadlines.meet(work, consignment, "chemicals.arrival")
    stock = stock_at(target, consignment.substance)
    own = consignment.purpose == Purpose.OWN
    movement = post(
        work, stock, kind=MovementKind.MOVED_IN if own else MovementKind.RECEIVED, kg=amount, on=on,
        lot=consignment.lot, counterpart=selectors.sender_name(consignment)[:120],
        document=document.strip()[:60] or consignment.number, consignment=consignment,
        permit_no="" if own else permit_no.strip()[:60],
    )  # fmt: skip
    work.record(ConsignmentReceived(sent=shown(consignment.sent_kg), received=shown(amount)), on=consignment)
    findings.weigh_consignment(work, consignment)
    return movement


@act(may=KEEP, on=Movement)
def name_transport(
    work: Work, movement: Movement, *, transport_no: str, reason: str, transport_until: dt.date | None = None
) -> Consignment:
    """Name the transport permit or filing that a precursor of drugs was sent with after the consignment was entered, or
    put a wrong one right; ``movement`` is the line it was sent by. The consignment is weighed anew: with a valid paper
    its finding is cleared. The line itself stays as it was entered; what stood there before and why is in the journal.

    Named so already: nothing again.
    """
    sent = movement.consignment_id is not None and movement.corrects_id is None and movement.kg < 0
    if not sent or not movement.substance.drug_class:
        raise BadInput("transport_no", NOT_ASKED)
    number, said = transport_no.strip()[:60], reason.strip()[:200]
    if not number:
        raise BadInput("transport_no", gettext_noop("Give the number of the permit or of the proof of filing."))
    rows = Consignment.objects.everything(why="the consignment of a movement in hand").select_for_update(of=("self",))
    consignment: Consignment = rows.get(pk=movement.consignment_id or 0)
    if not consignment.sent_kg:
        raise BadInput(
            "transport_no", gettext_noop("This consignment was called back. Name the paper when it is sent.")
        )
    if (consignment.transport_no, consignment.transport_until) == (number, transport_until):
        return consignment
    if not said:
        raise BadInput("reason", gettext_noop("Say why it was not named when the goods were sent."))
    told = TransportNamed(
        before=consignment.transport_no, number=number,
        until=transport_until.isoformat() if transport_until else "", reason=said,
    )  # fmt: skip
    consignment.transport_no, consignment.transport_until = number, transport_until
    consignment.save(update_fields=["transport_no", "transport_until"])
    work.record(told, on=consignment)
    precursors.weigh_transport(work, locked(selectors.stock_of_movement(movement).pk), consignment)
    return consignment
