"""The front door of risks: frozen values and functions for other modules and for flows."""

from __future__ import annotations

from dataclasses import dataclass

from anlan.kernel.actor import Actor
from anlan.modules.hazards import public as hazards
from anlan.modules.risks import selectors, services
from anlan.modules.risks.events import AreaAssessed, AssessmentInForce, LevelRaised, MeasureFailed, PointClosed

POINT = "risks.RiskPoint"

JOINABLE = frozenset({
    "point__number", "point__name", "point__state", "point__shown", "point__site_id", "point__region_path",
    "point__sector", "point__holder",
})  # fmt: skip
"""The fields of a risk point another module may name in a query, from its own foreign key ``point``."""


@dataclass(frozen=True, slots=True)
class PointView:
    """A risk point as other modules see it; ``shown`` is one of the four colours, "" while it was never assessed."""

    id: int
    number: str
    name: str
    kind: str
    state: str
    shown: str
    site_id: int
    holder: str
    region_path: str
    sector: str


def points_of_site(actor: Actor, site_id: int) -> list[PointView]:
    """The points of a site that are not struck off."""
    return [
        PointView(p.pk, p.number, p.name, p.kind, p.state, p.shown, p.site_id, p.holder, p.region_path, p.sector)
        for p in selectors.points_of_site(actor, site_id)
    ]


def carry_risks(actor: Actor, *, from_site: int, to_site: int, why: str) -> int:
    """Let everything on a site follow it (or the site it was merged into); answers how many points there are."""
    moved: int = services.carry_risks(actor=actor, from_site=from_site, to_site=to_site, why=why)
    return moved


def carry_risks_of_unit(actor: Actor, *, holder: str, why: str) -> int:
    """Let everything held by a unit follow its own sites; answers how many sites there are."""
    sites = set(selectors.points(actor).filter(holder=holder).values_list("site_id", flat=True))
    for site in sorted(sites):
        services.carry_risks(actor=actor, from_site=site, to_site=site, why=why)
    return len(sites)


def strike_off_points(actor: Actor, *, site_id: int, reason: str) -> int:
    """A site closed for good: its points are struck off and colour no place any more; answers how many there were."""
    pks = list(selectors.points_of_site(actor, site_id).values_list("pk", flat=True))
    for pk in pks:
        services.close_point(actor=actor, point=pk, reason=reason)
    return len(pks)


def hazard_settled(actor: Actor, hazard_id: int) -> int:
    """The hazard is closed: the measures that failed with it are effective again; answers how many."""
    if selectors.tie_of(hazard_id) is None:
        return 0
    restored: int = services.restore_measures(actor=actor, hazard=hazard_id)
    return restored


def hazard_reopened(actor: Actor, hazard_id: int) -> int:
    """The hazard was opened again: its measure has failed again; answers how many."""
    failed: int = services.fail_again(actor=actor, hazard=hazard_id)
    return failed


def hazard_was_merged(actor: Actor, hazard_id: int, reason: str) -> bool:
    """The hazard was merged into another: that one takes its place on the point; answers whether it counted there."""
    tie, into = selectors.tie_of(hazard_id), hazards.merged_into(hazard_id)
    if tie is None or not tie.counts or into is None:
        return False
    services.follow_merger(actor=actor, tie=tie.pk, into=into, reason=reason)
    return True


def find_points_again(actor: Actor, *, unit_id: int | None = None, site_id: int | None = None) -> int:
    """Let the points of a unit, or of one site, be found by its present name; answers how many there are."""
    rows = selectors.points(actor)
    rows = rows.filter(site=site_id) if site_id is not None else rows.filter(site__unit_id=unit_id or 0)
    pks = list(rows.order_by("pk").values_list("pk", flat=True))
    for pk in pks:
        services.find_again(actor=actor, point=pk)
    return len(pks)


def hazard_was_none(actor: Actor, hazard_id: int, reason: str) -> bool:
    """The hazard was withdrawn: it counts no longer; answers whether it did."""
    tie = selectors.tie_of(hazard_id)
    if tie is None or not tie.counts:
        return False
    services.drop_tie(actor=actor, tie=tie.pk, reason=reason)
    return True


__all__ = [
    "JOINABLE",
    "POINT",
    "AreaAssessed",
    "AssessmentInForce",
    "LevelRaised",
    "MeasureFailed",
    "PointClosed",
    "PointView",
    "carry_risks",
    "carry_risks_of_unit",
    "find_points_again",
    "hazard_reopened",
    "hazard_settled",
    "hazard_was_merged",
    "hazard_was_none",
    "points_of_site",
    "strike_off_points",
]
