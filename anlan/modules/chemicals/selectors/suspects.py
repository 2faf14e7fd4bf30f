"""Which movements may have caused an open balance: figures that, put right in a usual way, would close it.

Book-keepers' rules, no proof: a figure ten times too large or too small, two neighbouring digits exchanged, an entry
made twice or that never happened, and the other side of a consignment that says otherwise.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q

from anlan.kernel.errors import gettext_noop
from anlan.kernel.scope import system_read
from anlan.modules.chemicals.choices import INWARD, FindingKind, MovementKind
from anlan.modules.chemicals.models import Finding, Movement

MOST = 400  # movements of a period that are looked at one by one, the largest first
OTHER_SIDE = gettext_noop("The other side says %(true)s kg")
DECIMAL = gettext_noop("Ten times too small or too large: %(true)s kg would close the balance")
DIGITS = gettext_noop("Two digits exchanged: %(true)s kg would close the balance")
TWICE = gettext_noop("Entered twice: without one of them the balance closes")
NEVER = gettext_noop("Without this movement the balance closes")


@dataclass(frozen=True, slots=True)
class Suspect:
    """A movement, what may be wrong with it (an English msgid), and the figure that would close the balance."""

    movement: Movement
    why: str
    true_kg: Decimal
    rank: int


@system_read("the movements behind a finding in hand")
def suspects(finding: Finding) -> list[Suspect]:
    """The movements of a finding's period that may have caused it, the likeliest first."""
    rows = Movement.objects.everything(why="the movements behind a finding in hand").select_related(
        "substance", "place", "consignment"
    )
    if finding.kind == FindingKind.MISMATCH:
        rows = rows.filter(consignment=finding.consignment_id, corrects=None)
        return [Suspect(m, OTHER_SIDE, _other_side(m) or abs(m.kg), 0) for m in rows.order_by("pk")]
    if finding.kind != FindingKind.OPEN_BALANCE:
        return []
    stock = finding.stock
    rows = rows.filter(
        place=stock.place_id, substance=stock.substance_id, on__gte=finding.first, on__lte=finding.last, corrects=None
    )
    held = list(rows.exclude(kind__in=[MovementKind.COUNTED, MovementKind.OPENING]).order_by("-on", "pk")[:MOST])
    twice: Counter[Any] = Counter((m.kind, m.on, m.kg, m.counterpart, m.lot) for m in held)
    corrected = set(
        Movement.objects.everything(why="what was put right is not suspected again")
        .filter(Q(corrects__in=held))
        .values_list("corrects", flat=True)
    )
    found = [s for m in held if m.pk not in corrected and (s := _judge(m, finding.gap_kg, twice))]
    return sorted(found, key=lambda s: (s.rank, -abs(s.movement.kg), s.movement.pk))


def _judge(movement: Movement, gap: Decimal, twice: Counter[Any]) -> Suspect | None:
    said = abs(movement.kg)
    true = said - gap if movement.kind in INWARD else said + gap
    other = _other_side(movement)
    if other is not None and other != said:
        return Suspect(movement, OTHER_SIDE, other, 0)
    if true < 0:
        return None
    if not true:
        again = twice[(movement.kind, movement.on, movement.kg, movement.counterpart, movement.lot)] > 1
        return Suspect(movement, TWICE if again else NEVER, true, 2 if again else 3)
    if true in (said * 10, said / 10, said * 100, said / 100, said * 1000, said / 1000):
        return Suspect(movement, DECIMAL, true, 1)
    if exchanged(said, true):
        return Suspect(movement, DIGITS, true, 2)
    return None


def _other_side(movement: Movement) -> Decimal | None:
    if movement.consignment is None:
        return None
    return movement.consignment.sent_kg if movement.kind in INWARD else movement.consignment.received_kg


@system_read("compares two figures, reads nothing")
def exchanged(one: Decimal, other: Decimal) -> bool:
    """Whether two figures differ by one exchange of neighbouring digits.

    >>> exchanged(Decimal("1250"), Decimal("1520")), exchanged(Decimal("1250"), Decimal("2150"))
    (True, True)
    >>> exchanged(Decimal("1250"), Decimal("1250")), exchanged(Decimal("1250"), Decimal("1025"))
    (False, False)
    """
    first, second = (f"{n.quantize(Decimal('0.001')):f}".replace(".", "") for n in (one, other))
    if len(first) != len(second):
        return False
    differ = [at for at, (a, b) in enumerate(zip(first, second, strict=True)) if a != b]
    return (
        len(differ) == 2
        and differ[1] == differ[0] + 1
        and first[differ[0]] == second[differ[1]]
        and (first[differ[1]] == second[differ[0]])
    )
