"""What the chemicals ledger says is there, beside what an installation declares."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from anlan.kernel.scope import system_read
from anlan.modules.chemicals import public as chemicals
from anlan.modules.installations.models import Holding, Installation
from anlan.modules.installations.selectors.records import holdings_of
from anlan.rules import gb18218, refusal


@dataclass(frozen=True, slots=True)
class Compared:
    """One substance at one place, in tonnes: what is there, what is declared (0: it is not declared at all)."""

    substance: str
    place: str
    there_t: Decimal
    declared_t: Decimal

    @property
    def over_t(self) -> Decimal:
        """By how much more is there than is declared."""
        return max(self.there_t - self.declared_t, Decimal(0))


@system_read("compares declared and kept quantities of one installation in hand")
def compared(installation: Installation) -> list[Compared]:
    """Holdings that name a place of keeping, and what else with a threshold these places keep undeclared."""
    held = [h for h in holdings_of(installation) if h.place_id]
    if not held:
        return []
    ledger = chemicals.held_at(installation.site_id, [h.place_id or 0 for h in held])
    there = {(row.place_id, row.substance_id): row for row in ledger}
    found = []
    for holding in held:
        row = there.pop((holding.place_id or 0, holding.substance_id), None)
        tonnes = row.kg / 1000 if row else Decimal(0)
        place = holding.place.name if holding.place else ""
        found.append(Compared(holding.substance.name, place, tonnes, holding.tonnes))
    return found + _undeclared(installation, [row for row in there.values() if row.kg > 0])


def _undeclared(installation: Installation, rows: list[chemicals.Held]) -> list[Compared]:
    """What stands in the places of an installation, counts by GB 18218, and no installation of the site declares."""
    if not rows:
        return []
    others = Holding.objects.everything(why="the installations of one site share its places").filter(
        installation__site=installation.site_id, place__in={row.place_id for row in rows}
    )
    declared = set(others.exclude(installation__state="cancelled").values_list("place", "substance"))
    views = chemicals.substance_views({row.substance_id for row in rows})
    return [
        Compared(row.substance, row.place, row.kg / 1000, Decimal(0))
        for row in rows
        if (row.place_id, row.substance_id) not in declared and _counts(views[row.substance_id])
    ]


def _counts(substance: chemicals.SubstanceView) -> bool:
    try:
        gb18218.factor(None, substance.cas or None, None, substance.symbols)
    except (refusal.BadInput, refusal.RuleBroken):
        return False
    return True


@system_read("compares declared and kept quantities of one installation in hand")
def above_basis(installation: Installation) -> tuple[str, Decimal, Decimal] | None:
    """The substance most above what is declared, in tonnes: (name, there, declared); None without."""
    over = [row for row in compared(installation) if row.over_t]
    worst = max(over, key=lambda row: row.over_t, default=None)
    return (worst.substance, worst.there_t, worst.declared_t) if worst is not None else None
