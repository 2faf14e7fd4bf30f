"""Reporting sales and purchases of marked substances to the police, and filing what is produced or traded."""

from __future__ import annotations

import datetime as dt

from anlan.kernel import clock
from anlan.kernel.acts import Work, act
from anlan.kernel.deadlines import services as deadlines
from anlan.kernel.errors import BadInput, BadInputs, gettext_noop
from anlan.kernel.workflow import take
from anlan.modules.chemicals.events import FilingNoted, PoliceReported
from anlan.modules.chemicals.models import PoliceRecord, Stock
from anlan.modules.chemicals.services import _precursors as precursors
from anlan.modules.chemicals.services._police import net
from anlan.modules.chemicals.workflow import KEEP

LONGEST = {"address": 200, "handler": 40, "used_for": 120}


@act(may=KEEP, on=Stock)
def note_filing(work: Work, stock: Stock, *, filing_no: str, on: dt.date) -> None:
    """The production or trade of a precursor of drugs of class II or III was filed with the work safety department: the
    proof's number and day. It holds for every stock of the unit. Again: nothing."""
    if stock.substance.drug_class not in precursors.FILED_CLASSES:
        raise BadInput("filing_no", gettext_noop("Only precursors of drugs of class II or III are filed."))
    number = filing_no.strip()[:60]
    if (stock.filing_no, stock.filed_on) == (number, on):
        return
    if not number:
        raise BadInput("filing_no", gettext_noop("Give the number of the filing proof."))
    if on > clock.day_of(work.now):
        raise BadInput("on", gettext_noop("This day lies ahead."))
    stock.filing_no, stock.filed_on = number, on
    stock.save(update_fields=["filing_no", "filed_on"])
    mine = Stock.objects.everything(why=precursors.WHY).filter(holder=stock.holder, substance=stock.substance_id)
    for one in mine.order_by("pk"):
        deadlines.meet(work, one, precursors.DUE)
    work.record(FilingNoted(number=number, on=on.isoformat()), on=stock)


@act(may=KEEP, on=PoliceRecord)
def report_police(
    work: Work, record: PoliceRecord, *, address: str, handler: str, used_for: str, permit_no: str,
    reported_on: dt.date, receipt_no: str,
) -> None:  # fmt: skip
    """Complete the record of a sale or purchase and say when and under which receipt it was reported.

    Late is late: the day stands, and the deadline says so. Again: nothing.
    """
    if record.state == "reported":
        return
    said = {
        "address": address,
        "handler": handler,
        "used_for": used_for,
        "permit_no": permit_no,
        "receipt_no": receipt_no,
    }
    lacking = [name for name, text in said.items() if not text.strip()]
    if lacking:
        needed = gettext_noop("The record of a sale or purchase must hold this.")
        raise BadInputs([BadInput(name, needed) for name in lacking])
    if reported_on > clock.day_of(work.now):
        raise BadInput("reported_on", gettext_noop("This day lies ahead."))
    if reported_on < record.movement.on:
        raise BadInput("reported_on", gettext_noop("It cannot have been reported before it happened."))
    take(work, record, "report", given={"reported_on": reported_on, "receipt_no": receipt_no})
    for name, text in said.items():
        setattr(record, name, text.strip()[: LONGEST.get(name, 60)])
    record.reported_on, record.reported_kg = reported_on, abs(net(record.movement))
    record.save(update_fields=["state", "reported_on", "reported_kg", *said])
    deadlines.meet(work, record, "chemicals.police")
    work.record(PoliceReported(on=reported_on.isoformat(), receipt=record.receipt_no), on=record)
