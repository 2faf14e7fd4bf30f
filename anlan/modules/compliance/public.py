"""The front door of compliance: following the registry, and the few numbers others show of a unit."""

from __future__ import annotations

from dataclasses import dataclass

from anlan.kernel.actor import Actor
from anlan.modules.compliance import selectors
from anlan.modules.compliance.models import Workspace
from anlan.modules.compliance.services import carry_checks, carry_workspace, end_checks, open_workspace
from anlan.modules.registry import public as registry

WORKSPACE = "compliance.Workspace"


@dataclass(frozen=True, slots=True)
class Standings:
    """How many duties of a unit stand how, at the last look."""

    met: int
    at_risk: int
    missed: int
    no_data: int


def standings_of(actor: Actor, holder: str) -> Standings | None:
    """The duties of a unit the actor may see, counted; None where they are not followed yet."""
    row = selectors.workspace_of(actor, holder)
    return Standings(row.met, row.at_risk, row.missed, row.no_data) if row else None


def follow_unit(actor: Actor, unit_id: int) -> int:
    """Have the duties of a unit followed from today; answers the key of its workspace."""
    row: Workspace = open_workspace(actor=actor, unit=unit_id)
    return row.pk


def carry_workspaces(actor: Actor, *, holder: str, why: str) -> int:
    """Let the workspaces kept under a reference follow their unit to where it is now; answers how many."""
    rows = Workspace.objects.everything(why="a unit goes with its duties").filter(holder=holder)
    unit = registry.unit_of_holder(holder)
    keys = list(rows.order_by("pk").values_list("pk", flat=True)) if unit else []
    for pk in keys:
        carry_workspace(actor=actor, workspace=pk, unit=unit.id if unit else 0, why=why)
    return len(keys)


def carry_self_checks(actor: Actor, *, from_site: int, to_site: int, why: str) -> int:
    """Let the self-checks of a merged site go on at the surviving one; answers how many."""
    moved: int = carry_checks(actor=actor, from_site=from_site, to_site=to_site, why=why)
    return moved


def end_self_checks(actor: Actor, *, site_id: int, reason: str) -> int:
    """Let the planned self-checks of a site that closed for good end; answers how many."""
    ended: int = end_checks(actor=actor, site=site_id, reason=reason)
    return ended


__all__ = [
    "WORKSPACE", "Standings", "carry_self_checks", "carry_workspaces", "end_self_checks", "follow_unit", "standings_of",
]  # fmt: skip
