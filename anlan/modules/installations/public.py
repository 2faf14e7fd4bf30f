"""The front door of installations: following the ledger and the registry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from anlan.kernel.actor import Actor
from anlan.modules.hazards import public as hazards
from anlan.modules.installations import selectors
from anlan.modules.installations.choices import Answer
from anlan.modules.installations.events import (
    InstallationCancelled,
    InstallationFiled,
    InstallationGraded,
    ProvisionLacking,
)
from anlan.modules.installations.models import Installation, Provision
from anlan.modules.installations.services import carry_installation, follow_hazard, weigh_installation

INSTALLATION = "installations.Installation"
JOINABLE = frozenset({
    "installation__name", "installation__level", "installation__state", "installation__site_id",
})  # fmt: skip
"""The fields another module may name in a query, from its own foreign key ``installation``."""


def installation_rows(actor: Actor) -> QuerySet[Installation]:
    """The installations the actor may see that are not cancelled, for choices in forms and for counting."""
    return selectors.installations(actor).exclude(state="cancelled")


@dataclass(frozen=True, slots=True)
class ResponsibleThree:
    """Who answers for an installation: principal, technical and operating; "" where nobody was named."""

    id: int
    name: str
    principal: str
    technical: str
    operating: str


def responsible_three(actor: Actor, site_id: int, installation_id: int | None = None) -> list[ResponsibleThree]:
    """Of an installation the actor may see, or of all of a site when none is named, the highest level first."""
    rows = installation_rows(actor).filter(site=site_id)
    rows = rows.filter(pk=installation_id) if installation_id is not None else rows
    return [
        ResponsibleThree(one.pk, one.name, one.principal, one.technical, one.operating)
        for one in rows.order_by("level", "pk")[:5]
    ]


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


def open_hazard_of_provision(actor: Actor, provision_id: int, *, article: str, what: str, note: str) -> int | None:
    """Open the hazard of something required that is lacking, once; answers its key, None where it lacks no more."""
    rows = Provision.objects.everything(why="announced by an act of this module").select_related("installation__site")
    found = rows.filter(pk=provision_id, answer=Answer.LACK, hazard=None).first()
    if found is None or found.installation.state == "cancelled":
        return None
    view = hazards.open_hazard(
        actor, site_id=found.installation.site_id, source="self_check", own=True, category="chemicals",
        title=f"重大危险源缺少：{what}"[:40], place=found.installation.name[:120],
        description=f"{found.installation.name}（{article}）缺少“{what}”：{note}",
    )  # fmt: skip
    follow_hazard(actor=actor, provision=found.pk, hazard=view.id, answer=Answer.LACK)
    return view.id


def _follow(actor: Actor, hazard_id: int, into: int | None, answer: Answer) -> int:
    rows = Provision.objects.everything(why="what stands and falls with the hazard in hand").filter(hazard=hazard_id)
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    for pk in keys:
        follow_hazard(actor=actor, provision=pk, hazard=into, answer=answer)
    return len(keys)


def hazard_settled(actor: Actor, hazard_id: int) -> int:
    """The hazard is closed: what was lacking is in place; answers how many."""
    return _follow(actor, hazard_id, hazard_id, Answer.HAVE)


def hazard_was_none(actor: Actor, hazard_id: int) -> int:
    """The hazard was withdrawn as none: the unit states anew; answers how many."""
    return _follow(actor, hazard_id, None, Answer.LACK)


def hazard_was_merged(actor: Actor, hazard_id: int) -> int:
    """The hazard was merged into another: that one stands for what is lacking; answers how many."""
    into = hazards.merged_into(hazard_id)
    return _follow(actor, hazard_id, into, Answer.LACK) if into is not None else 0


def hazard_reopened(actor: Actor, hazard_id: int) -> int:
    """A closed hazard was opened again: what it was opened for is lacking again; answers how many."""
    return _follow(actor, hazard_id, hazard_id, Answer.LACK)


__all__ = [
    "INSTALLATION", "JOINABLE", "InstallationCancelled", "InstallationFiled", "InstallationGraded", "ProvisionLacking",
    "ResponsibleThree", "carry_installations", "carry_installations_of_unit", "hazard_reopened", "hazard_settled",
    "hazard_was_merged", "hazard_was_none", "installation_rows", "is_major", "open_hazard_of_provision",
    "responsible_three", "weigh_installations",
]  # fmt: skip
