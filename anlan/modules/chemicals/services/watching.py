"""What the clock does with a stock: whether it is what its movements make, whether it is above its limit."""

from __future__ import annotations

from anlan.kernel import clock
from anlan.kernel.acts import Work, act
from anlan.modules.chemicals.choices import FindingKind
from anlan.modules.chemicals.models import Stock
from anlan.modules.chemicals.services import _findings as findings
from anlan.modules.chemicals.services._book import locked, rows_of, total
from anlan.modules.chemicals.workflow import WATCH


@act(may=WATCH, on=Stock)
def check_stock(work: Work, stock: Stock) -> None:
    """Open what is wrong with a stock, clear what is right again."""
    held = locked(stock.pk)
    today = clock.day_of(work.now)
    findings.settle(work, held, FindingKind.LEDGER, held.kg - total(rows_of(held)), today, today)
    findings.weigh_stock(work, held)
