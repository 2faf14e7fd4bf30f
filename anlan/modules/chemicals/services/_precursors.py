"""What the regulation on precursors of drugs asks besides the report of a sale: the paper of a purchase and of a
transport, the filing of production and trade."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from anlan.kernel.acts import Work
from anlan.kernel.codes.services import parameter
from anlan.kernel.deadlines import services as deadlines
from anlan.kernel.errors import gettext_noop
from anlan.kernel.law import basis_of, finding
from anlan.kernel.regions.models import Region, RegionKind
from anlan.kernel.regions.selectors import regions_at
from anlan.modules.chemicals.choices import FILED_WITHIN, KEY_AREA, FindingKind, MovementKind
from anlan.modules.chemicals.models import Consignment, Movement, Stock
from anlan.modules.chemicals.services import _findings as findings
from anlan.modules.chemicals.workflow import KEEP
from anlan.rules.drug_transport import Paper, Reach

DUE = "chemicals.filing"
FILED_CLASSES = (2, 3)  # 第十三条; production and trade of class I are licensed by the province beforehand
WHY = "the stocks of a precursor of drugs of one unit"
LABEL = gettext_noop("File the production or trade of a precursor of drugs with the work safety department")


def weigh_purchase(work: Work, stock: Stock, movement: Movement, true: Decimal) -> None:
    """A precursor of drugs is bought under a permit (class I, article 15) or after filing (class II, III, article 17):
    a purchase that names neither is a finding."""
    if stock.substance.drug_class and movement.kind == MovementKind.RECEIVED and not movement.permit_no:
        findings.settle(work, stock, FindingKind.NO_PAPER, true, movement.on, movement.on, count=movement)


def weigh_transport(work: Work, stock: Stock, consignment: Consignment) -> None:
    """A precursor of drugs sets out with its transport permit (class I, II, beyond the city) or filing (class III):
    without one, with one that had run out, or with one of class I used before, the consignment is a finding."""
    drug_class = stock.substance.drug_class
    if drug_class:
        lacking = consignment.sent_kg if _without_paper(consignment, drug_class) else Decimal(0)
        day = consignment.sent_on
        findings.settle(work, stock, FindingKind.NO_PASS, lacking, day, day, consignment=consignment)


def _without_paper(consignment: Consignment, drug_class: int) -> bool:
    to = consignment.region_path if consignment.to_site_id else ""
    reach, day = _reach(consignment.from_path, to), consignment.sent_on
    asked = {
        "drug_class": str(drug_class), "reach": reach,
        "key_area": bool(parameter(KEY_AREA, consignment.from_path, day)),
    }  # fmt: skip
    needed = finding("drug_transport", asked, day).value
    within = needed.paper == Paper.FILING and reach != Reach.BEYOND
    if needed.paper == Paper.NONE or (within and not parameter(FILED_WITHIN, consignment.from_path, day)):
        return False
    until = consignment.transport_until
    if not consignment.transport_no or (until is not None and until < day):
        return True
    others = Consignment.objects.everything(why="where a permit that holds once was used").exclude(pk=consignment.pk)
    mine = others.filter(from_holder=consignment.from_holder, transport_no=consignment.transport_no, sent_kg__gt=0)
    return needed.once and mine.exclude(state="recalled").exists()


def _reach(start: str, end: str) -> Reach:
    """How far it is from one place to another by their paths; "" lies outside the area. Where no city stands above a
    place (a municipality, an area of one county), what has one root is one city."""
    steps = [[path[:n] for n in range(Region.steplen, len(path) + 1, Region.steplen)] for path in (start, end)]
    known = regions_at([step for path in steps for step in path])

    def of(kind: RegionKind) -> list[str]:
        return [next((p for p in path if p in known and known[p].kind == kind), "") for path in steps]

    cities, counties = of(RegionKind.CITY), of(RegionKind.COUNTY)
    if not end or steps[0][:1] != steps[1][:1] or cities[0] != cities[1]:
        return Reach.BEYOND
    return Reach.COUNTY if counties[0] == counties[1] else Reach.CITY


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
