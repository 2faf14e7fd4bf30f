"""Following a lot from unit to unit: every movement of it the reader may see, and whether it adds up."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from anlan.kernel.actor import Actor
from anlan.modules.chemicals.choices import MovementKind
from anlan.modules.chemicals.models import Consignment, Movement
from anlan.modules.chemicals.selectors.records import consignments, movements

MOST = 500


@dataclass(frozen=True, slots=True)
class Trace:
    """A lot: its movements in order, its consignments, and the kilograms by what became of them.

    ``made`` came into being or came from outside, ``ended`` was used, lost, disposed of or left the area, ``there`` is
    what the units still hold, ``road`` what is under way, ``lacking`` what the figures of both sides differ by.
    """

    lot: str
    movements: list[Movement]
    consignments: list[Consignment]
    made: Decimal
    ended: Decimal
    there: Decimal
    road: Decimal
    lacking: Decimal
    cut: bool


def trace(actor: Actor, lot: str) -> Trace:
    """What the reader may see of a lot."""
    rows = list(movements(actor).filter(lot=lot).order_by("on", "pk")[: MOST + 1]) if lot else []
    papers = list(consignments(actor).filter(lot=lot).order_by("sent_on", "pk")[:MOST]) if lot else []
    cut, rows = len(rows) > MOST, rows[:MOST]
    inner = {c.pk for c in papers if c.state in ("under_way", "arrived")}

    def total(*kinds: MovementKind, outside: bool = False) -> Decimal:
        return sum(
            (m.kg for m in rows if m.kind in kinds and not (outside and m.consignment_id in inner)), Decimal(0)
        )  # fmt: skip

    kind = MovementKind
    made = total(kind.OPENING, kind.PRODUCED) + total(kind.RECEIVED, outside=True)
    ended = -total(kind.USED, kind.LOST) - total(kind.DISPOSED, kind.SOLD, kind.MOVED_OUT, outside=True)
    ended -= sum((m.kg for m in rows if m.kind == kind.MOVED_IN and m.consignment_id is None), Decimal(0))
    there = sum((m.kg for m in rows), Decimal(0))
    road = sum((c.sent_kg for c in papers if c.state == "under_way"), Decimal(0))
    lacking = sum((c.sent_kg - (c.received_kg or 0) for c in papers if c.state == "arrived"), Decimal(0))
    return Trace(lot, rows, papers, made, ended, there, road, lacking, cut)
