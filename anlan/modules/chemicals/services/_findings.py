"""Opening, weighing and clearing findings. Called inside acts, with the stock locked."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum
from django.db.models.functions import Abs

from anlan.kernel import clock
from anlan.kernel.acts import Work, created
from anlan.kernel.codes.services import parameter
from anlan.kernel.deadlines import services as deadlines
from anlan.kernel.workflow import remember
from anlan.modules.chemicals.choices import EXPLAIN_DAYS, FINDING_SAID, TOLERANCE, FindingKind, MovementKind
from anlan.modules.chemicals.events import LedgerPutRight, LedgerQuestioned
from anlan.modules.chemicals.models import Consignment, Finding, Movement, Stock
from anlan.modules.chemicals.workflow import EXPLAINED, FINDING, KEEP, OPEN
from anlan.rules.substances import conflicts

WHY = "the findings on a stock in hand"


def shown(kg: Decimal) -> str:
    """Kilograms without idle zeros."""
    return f"{kg:f}".rstrip("0").rstrip(".") if "." in f"{kg:f}" else f"{kg:f}"


def weigh_count(work: Work, stock: Stock, count: Movement) -> None:
    """What a stocktaking leaves open, with all its later lines: a finding, unless it is nothing or within tolerance."""
    rows = Movement.objects.everything(why=WHY).filter(place=stock.place_id, substance=stock.substance_id)
    lines = rows.filter(Q(pk=count.pk) | Q(corrects=count))
    gap = -Decimal(lines.aggregate(kg=Sum("kg"))["kg"] or 0)
    earlier = rows.filter(
        Q(on__lt=count.on) | Q(on=count.on, pk__lt=count.pk), kind=MovementKind.COUNTED, corrects=None
    )
    before = earlier.order_by("-on", "-pk").first()
    first = before.on if before is not None else rows.order_by("on").values_list("on", flat=True).first() or count.on
    permille = parameter(TOLERANCE, stock.region_path) if gap else 0
    handled = rows.filter(on__gte=first, on__lte=count.on).exclude(kind=MovementKind.COUNTED)
    much = Decimal(handled.aggregate(kg=Sum(Abs("kg")))["kg"] or 0) if permille else Decimal(0)
    wrong = gap if abs(gap) > much * permille / 1000 else Decimal(0)
    settle(work, stock, FindingKind.OPEN_BALANCE, wrong, first, count.on, count=count)


def weigh_stock(work: Work, stock: Stock) -> None:
    """Whether a stock or its place is above what it is built for, or stands beside what it should not."""
    today = clock.day_of(work.now)
    limit = stock.most_kg
    above = stock.kg - limit if limit is not None and stock.kg > limit else Decimal(0)
    settle(work, stock, FindingKind.OVER_LIMIT, above, today, today)
    weigh_place(work, stock)
    _weigh_neighbours(work, stock, today)


def weigh_place(work: Work, stock: Stock) -> None:
    """Whether a stock's place keeps more in all than it is built for; one finding a place, on the stock that did it.

    Two movements of different substances at the same moment may not see each other; the nightly look does.
    """
    place, today = stock.place, clock.day_of(work.now)
    there = Stock.objects.everything(why=WHY).filter(place=place).aggregate(kg=Sum("kg"))["kg"] or Decimal(0)
    above = there - place.most_kg if place.most_kg is not None and there > place.most_kg else Decimal(0)
    rows = Finding.objects.everything(why=WHY).filter(stock__place=place, kind=FindingKind.OVER_PLACE, state__in=OPEN)
    found = rows.select_related("stock__place", "stock__substance").first()
    settle(work, found.stock if found is not None else stock, FindingKind.OVER_PLACE, above, today, today)


def _weigh_neighbours(work: Work, stock: Stock, today: dt.date) -> None:
    others = Stock.objects.everything(why=WHY).filter(place=stock.place_id).exclude(pk=stock.pk)
    for other in others.select_related("substance", "place").order_by("pk"):
        met = stock.kg > 0 and other.kg > 0 and conflicts([_kept(stock), _kept(other)])
        first, second = sorted((stock, other), key=lambda s: s.pk)
        gap = min(stock.kg, other.kg) if met else Decimal(0)
        settle(work, first, FindingKind.TOGETHER, gap, today, today, other=second)


def _kept(stock: Stock) -> tuple[str, str, list[str]]:
    return stock.substance.name, stock.substance.cas, list(stock.substance.symbols)


def weigh_consignment(work: Work, consignment: Consignment) -> None:
    """Whether both sides of a consignment say the same; each side's stock carries a finding where not."""
    gap = consignment.sent_kg - consignment.received_kg if consignment.received_kg is not None else Decimal(0)
    moved = Movement.objects.everything(why=WHY).filter(consignment=consignment, corrects=None)
    days = [consignment.sent_on, consignment.received_on or consignment.sent_on]
    for movement in moved.order_by("pk"):
        stock = Stock.objects.everything(why=WHY).select_related("place", "substance")
        one = stock.get(place=movement.place_id, substance=movement.substance_id)
        settle(work, one, FindingKind.MISMATCH, gap, min(days), max(days), consignment=consignment)


def settle(
    work: Work, stock: Stock, kind: FindingKind, gap: Decimal, first: dt.date, last: dt.date, **about: Any
) -> None:
    """Open a finding, carry it on with another figure, or clear it where nothing is wrong any more."""
    rows = Finding.objects.everything(why=WHY).filter(stock=stock, kind=kind, state__in=OPEN, **about)
    found = rows.select_for_update(of=("self",)).first()
    if found is None:
        if gap:
            _open(work, stock, kind, gap, first, last, about)
    elif not gap:
        found.state, found.closed_at = "cleared", work.now
        found.save(update_fields=["state", "closed_at"])
        remember(work, found, "clear")
        deadlines.meet(work, found, "chemicals.explain", "chemicals.verify")
        work.record(LedgerPutRight(kind=kind), on=found)
    elif found.gap_kg != gap and kind != FindingKind.TOGETHER:  # that two stand together is news once
        found.gap_kg, found.last = gap, max(found.last, last)
        found.save(update_fields=["gap_kg", "last"])
        work.record(LedgerQuestioned(kind=kind, what=FINDING_SAID[kind], kg=shown(gap)), on=found)


def _open(
    work: Work, stock: Stock, kind: FindingKind, gap: Decimal, first: dt.date, last: dt.date, about: dict[str, Any]
) -> None:
    finding = created(
        Finding(
            region_path=stock.region_path, sector=stock.sector, holder=stock.holder, state="open", kind=kind,
            stock=stock, gap_kg=gap, first=first, last=last, opened_at=work.now, **about,
        )
    )  # fmt: skip
    remember(work, finding, "find")
    work.record(LedgerQuestioned(kind=kind, what=FINDING_SAID[kind], kg=shown(gap)), on=finding)
    await_explanation(work, finding)


def await_explanation(work: Work, finding: Finding) -> None:
    """The unit explains within the region's days."""
    days = parameter(EXPLAIN_DAYS, finding.region_path)
    deadlines.start(
        work, finding, kind="chemicals.explain", label=FINDING.step("explain").label,
        due=clock.day_of(work.now) + dt.timedelta(days=days), duty=KEEP, desk_holder=finding.holder,
        basis=str(EXPLAINED),
    )  # fmt: skip
