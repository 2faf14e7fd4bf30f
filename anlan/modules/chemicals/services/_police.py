"""What is owed to the police after a sale or purchase of a marked substance."""

from __future__ import annotations

import datetime as dt

from anlan.kernel.acts import Work, created
from anlan.kernel.deadlines import services as deadlines
from anlan.kernel.law import finding
from anlan.kernel.workflow import remember
from anlan.modules.chemicals.events import PoliceReportDropped, PoliceReportOwed
from anlan.modules.chemicals.models import Movement, PoliceRecord, Stock
from anlan.modules.chemicals.workflow import KEEP, POLICE


def owe(work: Work, stock: Stock, movement: Movement) -> None:
    """A record to be reported within the days of the law in force on the day of the movement."""
    if not stock.substance.to_police:
        return
    on = movement.on
    clocked = finding("permit_clock", {"step": "toxic_sale_record", "start": on.isoformat()}, on)
    kept = finding("record_keeping", {"step": "sale_records", "start": on.isoformat()}, on)
    due, basis = clocked.value.due, str(clocked.citations[0])
    record = created(
        PoliceRecord(
            region_path=stock.region_path, sector=stock.sector, holder=stock.holder, state="due", movement=movement,
            counterpart=movement.counterpart or stock.place.name, due_on=due, basis=basis[:120],
            keep_until=_day(kept.value.due),
        )
    )  # fmt: skip
    remember(work, record, "owe")
    work.record(PoliceReportOwed(due=due.isoformat()), on=record)
    deadlines.start(
        work, record, kind="chemicals.police", label=POLICE.step("report").label, due=_day(due), starts_on=on,
        duty=KEEP, desk_holder=record.holder, basis=basis, trace=tuple(str(step) for step in clocked.steps),
    )  # fmt: skip


def drop(work: Work, movement: Movement) -> None:
    """Nothing was sold or bought after all: what was still owed falls away."""
    rows = PoliceRecord.objects.everything(why="the record of one movement in hand")
    record = rows.filter(movement=movement, state="due").select_for_update(of=("self",)).first()
    if record is None:
        return
    record.state = "void"
    record.save(update_fields=["state"])
    remember(work, record, "drop")
    deadlines.cancel(work, record, "chemicals.police")
    work.record(PoliceReportDropped(), on=record)


def _day(value: dt.date | dt.datetime) -> dt.date:
    return value.date() if isinstance(value, dt.datetime) else value
