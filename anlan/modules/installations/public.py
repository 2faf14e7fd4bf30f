"""The front door of installations: following the ledger and the registry."""

from __future__ import annotations

from typing import Any

from anlan.kernel.actor import Actor
from anlan.modules.installations import selectors
from anlan.modules.installations.events import InstallationCancelled, InstallationFiled, InstallationGraded
from anlan.modules.installations.models import Installation
from anlan.modules.installations.services import carry_installation, weigh_installation


def weigh_installations(actor: Actor, site_id: int) -> int:
    """Compare the installations of a site with its ledger; answers how many there were."""
    keys = selectors.keys_at(site_id)
    for pk in keys:
        weigh_installation(actor=actor, installation=pk)
    return len(keys)


def is_major(actor: Actor, site_id: int) -> bool:
    """Whether any installation of a site the actor may see is a major hazard and not cancelled."""
    rows = selectors.installations(actor).filter(site=site_id, level__isnull=False)
    return rows.exclude(state="cancelled").exists()


def carry_installations(actor: Actor, *, from_site: int, to_site: int, why: str) -> int:
    """Let every installation of a site follow it to where it is now; answers how many there were."""
    rows = Installation.objects.everything(why="a site goes with all its installations").filter(site=from_site)
    keys: list[Any] = list(rows.order_by("pk").values_list("pk", flat=True))
    for pk in keys:
        carry_installation(actor=actor, installation=pk, site=to_site, why=why)
    return len(keys)


def carry_installations_of_unit(actor: Actor, *, holder: str, why: str) -> int:
    """Let every installation held under a reference follow its own site to the holder it has now."""
    rows = Installation.objects.everything(why="a unit goes with all its installations").filter(holder=holder)
    pairs = list(rows.order_by("pk").values_list("pk", "site"))
    for pk, site in pairs:
        carry_installation(actor=actor, installation=pk, site=site, why=why)
    return len(pairs)


__all__ = [
    "InstallationCancelled", "InstallationFiled", "InstallationGraded", "carry_installations",
    "carry_installations_of_unit", "is_major", "weigh_installations",
]  # fmt: skip
