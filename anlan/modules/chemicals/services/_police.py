"""What is owed to the police after a sale or purchase of a marked substance."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum

from anlan.kernel import clock
from anlan.kernel.acts import Work, created
from anlan.kernel.deadlines import services as deadlines
from anlan.kernel.law import basis_of, finding
from anlan.kernel.workflow import remember
from anlan.modules.chemicals.choices import TRADED, MovementKind, Regime
from anlan.modules.chemicals.events import PoliceReportDropped, PoliceReportOwed
from anlan.modules.chemicals.models import Movement, PoliceRecord, Substance
from anlan.modules.chemicals.workflow import ANEW, KEEP, POLICE

WHY = "the sales and purchases of a substance in hand"
LONGEST_DAYS = 30  # the longest limit of all: what lies farther back is owed no more
KEPT = {Regime.TOXIC: "sale_records", Regime.DRUGS: "drug_sale_ledger"}


def owe(work: Work, movement: Movement) -> None:
    """The records to be reported within the days of the laws in force on the day of the movement.

    Highly toxic chemicals and precursors of explosives: sale and purchase. Precursors of drugs: the sale; their
    purchase is licensed or filed beforehand, and the seller asks for the proof.
    """
    substance = movement.substance
    if substance.to_police and movement.kind in TRADED:
        _owe(work, movement, Regime.TOXIC, "toxic_sale_record")
    if substance.drug_class and movement.kind == MovementKind.SOLD:
        _owe(work, movement, Regime.DRUGS, "drug_sale_first" if substance.drug_class == 1 else "drug_sale_others")


def owe_since(work: Work, substance: Substance) -> int:
    """A substance was marked: what was sold or bought so lately that its days still run is owed as well."""
    today = clock.day_of(work.now)
    rows: QuerySet[Movement] = Movement.objects.everything(why=WHY).filter(
        substance=substance, kind__in=[str(kind) for kind in TRADED], corrects=None,
        on__gte=today - dt.timedelta(days=LONGEST_DAYS),
    )  # fmt: skip
    made = 0
    for movement in rows.select_related("substance", "place").order_by("pk"):
        if _due(movement, movement.on, "toxic_sale_record")[0] >= today and net(movement):
            made += _owe(work, movement, Regime.TOXIC, "toxic_sale_record")
    return made


def net(movement: Movement) -> Decimal:
    """The kilograms of a movement with everything that puts it right, signed."""
    rows = Movement.objects.everything(why=WHY).filter(Q(pk=movement.pk) | Q(corrects=movement))
    return Decimal(rows.aggregate(kg=Sum("kg"))["kg"] or 0)


def correct(work: Work, movement: Movement, true: Decimal) -> None:
    """Another figure is true: what was owed falls away where nothing was traded, and is owed after all where something
    was; what was reported, nothing included, is reported anew."""
    rows = PoliceRecord.objects.everything(why="the records of one movement in hand").filter(movement=movement)
    for record in rows.select_for_update(of=("self",)).order_by("pk"):
        if record.state == "due" and not true and record.reported_on is None:
            _drop(work, record)
        elif record.state == "void" and true:
            _take_up(work, record)
        elif record.state == "reported" and record.reported_kg != true:
            _owe_again(work, record)


def _due(movement: Movement, on: dt.date, step: str) -> tuple[dt.date, str, tuple[str, ...]]:
    """By when what is owed for a movement is reported, counted from a day: the day, its basis, the working."""
    clocked = finding("permit_clock", {"step": step, "start": on.isoformat()}, on, path=movement.region_path)
    return _day(clocked.value.due), basis_of(clocked), tuple(str(said) for said in clocked.steps)


def _owe(work: Work, movement: Movement, regime: Regime, step: str) -> bool:
    if PoliceRecord.objects.filter(movement=movement, regime=regime).exists():
        return False
    due, basis, trace = _due(movement, movement.on, step)
    asked = {"step": KEPT[regime], "start": movement.on.isoformat()}
    kept = finding("record_keeping", asked, movement.on, path=movement.region_path)
    record = created(
        PoliceRecord(
            region_path=movement.region_path, sector=movement.sector, holder=movement.holder, state="due",
            movement=movement, regime=regime, counterpart=movement.counterpart or movement.place.name, due_on=due,
            basis=basis[:120], keep_until=_day(kept.value.due),
        )
    )  # fmt: skip
    remember(work, record, "owe")
    _await(work, record, basis, trace)
    return True


def _owe_again(work: Work, record: PoliceRecord) -> None:
    today = clock.day_of(work.now)
    step = "toxic_sale_record" if record.regime == Regime.TOXIC else "drug_sale_first"
    record.state, record.due_on, record.basis = "due", _due(record.movement, today, step)[0], str(ANEW)[:120]
    record.save(update_fields=["state", "due_on", "basis"])
    remember(work, record, "owe_again")
    _await(work, record, record.basis, ())


def _take_up(work: Work, record: PoliceRecord) -> None:
    """The days run from the sale or purchase as before, though they may be over by now."""
    record.state = "due"
    record.save(update_fields=["state"])
    remember(work, record, "take_up")
    _await(work, record, record.basis, ())


def _await(work: Work, record: PoliceRecord, basis: str, trace: tuple[str, ...]) -> None:
    work.record(PoliceReportOwed(due=record.due_on.isoformat()), on=record)
    deadlines.start(
        work, record, kind="chemicals.police", label=POLICE.step("report").label, due=record.due_on,
        starts_on=record.movement.on, duty=KEEP, desk_holder=record.holder, basis=basis, trace=trace,
    )  # fmt: skip


def _drop(work: Work, record: PoliceRecord) -> None:
    record.state = "void"
    record.save(update_fields=["state"])
    remember(work, record, "drop")
    deadlines.cancel(work, record, "chemicals.police")
    work.record(PoliceReportDropped(), on=record)


def _day(value: dt.date | dt.datetime) -> dt.date:
    return value.date() if isinstance(value, dt.datetime) else value
