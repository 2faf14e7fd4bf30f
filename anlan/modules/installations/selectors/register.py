"""The register of a place: installations by level, region by region."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Left

from anlan.kernel.actor import Actor
from anlan.kernel.regions.models import Region
from anlan.kernel.regions.reach import Place
from anlan.kernel.scope import within
from anlan.modules.installations.models import Installation
from anlan.modules.installations.selectors.records import installations

MAJOR = Q(level__isnull=False) & ~Q(state="cancelled")


@dataclass(frozen=True, slots=True)
class Counted:
    """A part of a place, or all of it (``region`` None): how many major hazards at each level, 1 to 4."""

    region: Region | None
    levels: tuple[int, int, int, int]

    @property
    def total(self) -> int:
        """Of all levels."""
        return sum(self.levels)

    @property
    def gravest(self) -> int | None:
        """The highest level there is; None without any."""
        return next((number for number, many in enumerate(self.levels, 1) if many), None)


def majors(actor: Actor, where: Place) -> QuerySet[Installation]:
    """The major hazards of a place within the actor's reach."""
    rows = installations(actor).filter(MAJOR)
    return rows.filter(within("region_path", where.path)) if where.path else rows


def by_part(actor: Actor, where: Place) -> tuple[Counted, list[Counted]]:
    """The whole place and each of its parts; one statement. What lies in none of the parts counts in the whole."""
    depth = max((len(region.path) for region in where.parts), default=len(where.path) or Region.steplen)
    rows = (
        majors(actor, where)
        .select_related(None)
        .order_by()
        .annotate(part=Left("region_path", depth))
        .values_list("part", "level")
        .annotate(many=Count("pk"))
    )
    whole, counts = [0, 0, 0, 0], {region.path: [0, 0, 0, 0] for region in where.parts}
    for part, level, many in rows:
        whole[(level or 4) - 1] += many
        for path, levels in counts.items():
            if part.startswith(path):
                levels[(level or 4) - 1] += many
    return Counted(where.region, _four(whole)), [Counted(r, _four(counts[r.path])) for r in where.parts]


def _four(counts: list[int]) -> tuple[int, int, int, int]:
    one, two, three, four = counts
    return one, two, three, four
