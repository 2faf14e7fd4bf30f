"""The mass balance: opening + in − out − closing = open balance, per unit and substance, of a period.

One statement over the movements, whoever asks and however many they are. A stocktaking enters the ledger as what the
ledger has to change by, so what stays open in a period is the sum of those lines with the sign turned: no figure is
fetched from anywhere else, and the four sums always add up.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Abs

from anlan.kernel.actor import Actor
from anlan.kernel.scope import within
from anlan.modules.chemicals.choices import MovementKind
from anlan.modules.chemicals.models import Movement
from anlan.modules.registry import public as registry

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Balance:
    """One unit and substance in a period, in kilograms. Outward figures are positive; ``moved`` is net.

    ``closing`` is the ledger after its stocktakings; ``open_kg`` is what is missing (positive) or too much (negative).
    """

    holder: str
    unit: str
    substance_id: int
    substance: str
    opening: Decimal
    produced: Decimal
    received: Decimal
    moved: Decimal
    used: Decimal
    sold: Decimal
    disposed: Decimal
    lost: Decimal
    closing: Decimal
    open_kg: Decimal

    @property
    def came(self) -> Decimal:
        """Everything that came in."""
        return self.produced + self.received + max(self.moved, ZERO)

    @property
    def went(self) -> Decimal:
        """Everything that went out."""
        return self.used + self.sold + self.disposed + self.lost + max(-self.moved, ZERO)

    @property
    def closes(self) -> bool:
        """Whether nothing is open."""
        return not self.open_kg


def _sum(*kinds: MovementKind, within_period: Q) -> Sum:
    return Sum("kg", filter=within_period & Q(kind__in=[str(kind) for kind in kinds]))


def balance_rows(
    actor: Actor, first: dt.date, last: dt.date, *, region: str = "", substance: int | None = None, holder: str = "",
    only_open: bool = False,
) -> QuerySet[Any, Any]:  # fmt: skip
    """The balances as a query: one row a unit and substance, those with most open first, or only those."""
    rows = Movement.objects.visible_to(actor).filter(on__lte=last)
    if region:
        rows = rows.filter(within("region_path", region))
    if substance is not None:
        rows = rows.filter(substance=substance)
    if holder:
        rows = rows.filter(holder=holder)
    inside, kind = Q(on__gte=first), MovementKind
    found: QuerySet[Any, Any] = (
        rows.values("holder", "substance")
        .order_by()
        .annotate(
            opening=Sum("kg", filter=Q(on__lt=first) | Q(kind=kind.OPENING)),
            produced=_sum(kind.PRODUCED, within_period=inside),
            received=_sum(kind.RECEIVED, within_period=inside),
            moved=_sum(kind.MOVED_IN, kind.MOVED_OUT, within_period=inside),
            used=_sum(kind.USED, within_period=inside),
            sold=_sum(kind.SOLD, within_period=inside),
            disposed=_sum(kind.DISPOSED, within_period=inside),
            lost=_sum(kind.LOST, within_period=inside),
            counted=_sum(kind.COUNTED, within_period=inside),
            closing=Sum("kg"),
        )
        .order_by(Abs("counted").desc(nulls_last=True), "holder", "substance")
    )
    return found.filter(Q(counted__lt=0) | Q(counted__gt=0)) if only_open else found


def balances(actor: Actor, rows: Iterable[dict[str, Any]]) -> list[Balance]:
    """Rows of ``balance_rows`` with the names of units and substances."""
    from anlan.modules.chemicals.selectors.places import substances

    held = list(rows)
    units = registry.unit_names({row["holder"] for row in held})
    names = dict(substances(actor).filter(pk__in={row["substance"] for row in held}).values_list("pk", "name"))

    def of(row: dict[str, Any], name: str, sign: int = 1) -> Decimal:
        return sign * (row[name] or ZERO) if row[name] else ZERO

    return [
        Balance(
            row["holder"], units.get(row["holder"], row["holder"]), row["substance"],
            names.get(row["substance"], str(row["substance"])), of(row, "opening"), of(row, "produced"),
            of(row, "received"), of(row, "moved"), of(row, "used", -1), of(row, "sold", -1), of(row, "disposed", -1),
            of(row, "lost", -1), of(row, "closing"), of(row, "counted", -1),
        )
        for row in held
    ]  # fmt: skip
