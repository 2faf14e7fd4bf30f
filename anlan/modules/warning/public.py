"""The front door of warning: what flows need."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.modules.registry.public import unit_of_holder
from anlan.modules.warning.events import WarningExpired, WarningIssued, WarningWithdrawn
from anlan.modules.warning.models import Notice
from anlan.modules.warning.services import carry_notice


def carry_notices_of_unit(actor: Actor, *, holder: str, why: str) -> int:
    """Let every notice of a warning that is in force, held under a reference, go to the surviving unit."""
    unit = unit_of_holder(holder)
    if unit is None or unit.holder == holder:
        return 0
    rows = Notice.objects.everything(why="a unit goes with its notices").filter(holder=holder).exclude(state="ended")
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    for pk in keys:
        carry_notice(actor=actor, notice=pk, unit=unit, why=why)
    return len(keys)


__all__ = ["WarningExpired", "WarningIssued", "WarningWithdrawn", "carry_notices_of_unit"]
