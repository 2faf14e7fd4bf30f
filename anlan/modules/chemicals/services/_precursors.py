"""What the regulation on precursors of drugs asks besides the report of a sale: the paper of a purchase, the filing of
production and trade."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from anlan.kernel.acts import Work
from anlan.kernel.deadlines import services as deadlines
from anlan.kernel.errors import gettext_noop
from anlan.kernel.law import basis_of, finding
from anlan.modules.chemicals.choices import FindingKind, MovementKind
from anlan.modules.chemicals.models import Movement, Stock
from anlan.modules.chemicals.services import _findings as findings
from anlan.modules.chemicals.workflow import KEEP

DUE = "chemicals.filing"
FILED_CLASSES = (2, 3)  # 第十三条; production and trade of class I are licensed by the province beforehand
WHY = "the stocks of a precursor of drugs of one unit"
LABEL = gettext_noop("File the production or trade of a precursor of drugs with the work safety department")


def weigh_purchase(work: Work, stock: Stock, movement: Movement, true: Decimal) -> None:
    """A precursor of drugs is bought under a permit (class I, article 15) or after filing (class II, III, article 17):
    a purchase that names neither is a finding."""
    if stock.substance.drug_class and movement.kind == MovementKind.RECEIVED and not movement.permit_no:
        findings.settle(work, stock, FindingKind.NO_PAPER, true, movement.on, movement.on, count=movement)


def owe_filing(work: Work, stock: Stock, movement: Movement) -> None:
    """Who begins to produce a precursor of class II or III, or to sell what he did not make, files it within 30 days;
    once for a unit and a substance."""
    step = {MovementKind.PRODUCED: "drug_production_filing", MovementKind.SOLD: "drug_trade_filing"}.get(
        MovementKind(movement.kind)
    )
    if step is None or stock.substance.drug_class not in FILED_CLASSES:
        return
    mine = Stock.objects.everything(why=WHY).filter(holder=stock.holder, substance=stock.substance_id)
    if mine.exclude(filing_no="").exists() or any(deadlines.find(one, DUE) for one in mine.order_by("pk")):
        return
    asked = {"step": step, "start": movement.on.isoformat()}
    term = finding("permit_clock", asked, movement.on, path=stock.region_path)
    due = term.value.due
    deadlines.start(
        work, stock, kind=DUE, label=LABEL, due=due.date() if isinstance(due, dt.datetime) else due,
        starts_on=movement.on, duty=KEEP, desk_holder=stock.holder, basis=basis_of(term),
        trace=tuple(str(said) for said in term.steps),
    )  # fmt: skip
