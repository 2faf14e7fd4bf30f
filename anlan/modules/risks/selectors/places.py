"""The colour of a place from the kept numbers of its points, and why it has it. One statement a place.

The numbers are kept for every region above a point (migration ``0004_rolled_up``), so that a place is read from its own
cells and those of its parts, however many points lie below.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case, Q, QuerySet, Sum, When

from anlan.kernel.actor import Actor
from anlan.kernel.codes.services import parameter
from anlan.kernel.law import finding
from anlan.kernel.regions.models import Region
from anlan.kernel.regions.reach import Place
from anlan.kernel.tallies.models import Tally
from anlan.modules.risks.choices import ORDER, SHARE
from anlan.modules.risks.models import RiskPoint
from anlan.modules.risks.workflow import MAP
from anlan.rules.citation import Finding

POINTS = "risks.points"
WAYS = ("highest", "share")
USUAL_SHARE = 20  # 本地规定: the share asked for where a place set none
MOST_NAMED = 3_000


@dataclass(frozen=True)
class Coloured:
    """A region with its points by colour ("" not assessed), how many are raised, and the colour that follows.

    Without ``region`` it is what lies in the place but in none of its parts.
    """

    region: Region | None
    path: str
    counts: dict[str, int] = field(default_factory=dict)
    raised: int = 0
    colour: str = ""

    @property
    def total(self) -> int:
        """All points."""
        return sum(self.counts.values())

    @property
    def open(self) -> int:
        """Points without an assessment in force."""
        return self.counts.get("", 0)


@dataclass(frozen=True)
class Why:
    """A place with its parts, the way its colour follows, and the finding that says so (None: nothing assessed)."""

    place: Place
    whole: Coloured
    parts: tuple[Coloured, ...]
    way: str
    share: int
    found: Finding[Any] | None


def coloured(actor: Actor, where: Place, way: str = "") -> tuple[Coloured, tuple[Coloured, ...], str, int]:
    """The place and its parts with their colours, as the actor may count them; the way, and the share it asks."""
    way, share = _way(where, way)
    own = where.path
    told = _tallies(actor, where).values("region_path", "a", "b").annotate(total=Sum("n"))
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    raised: dict[str, int] = defaultdict(int)
    for path, colour, mark, number in told.values_list("region_path", "a", "b", "total"):
        counts[path][colour] += int(number)
        raised[path] += int(number) if mark == "raised" else 0
    parts = [
        Coloured(
            region, region.path, said := _some(counts[region.path]), raised[region.path], _colour(said, way, share)
        )
        for region in where.parts
    ]
    inside, above = _added([part.counts for part in parts]), sum(part.raised for part in parts)
    if where.region is None:
        return Coloured(None, own, inside, above, _colour(inside, way, share)), tuple(parts), way, share
    whole = _some(counts[own])
    left = _some({colour: number - inside.get(colour, 0) for colour, number in whole.items()})
    if left:
        parts.append(Coloured(None, own, left, raised[own] - above, _colour(left, way, share)))
    return Coloured(where.region, own, whole, raised[own], _colour(whole, way, share)), tuple(parts), way, share


def why(actor: Actor, where: Place, way: str = "") -> Why:
    """Why a place has its colour: the finding over its parts, each colour of each part weighed by its points."""
    whole, parts, way, share = coloured(actor, where, way)
    # A part is not assessed where nothing in it is; points that wait elsewhere colour nothing, nor are they a part.
    given = [
        {"name": _called(part, where), "colour": colour, "weight": number}
        for part in parts
        for colour, number in part.counts.items()
        if colour
    ]
    given += [{"name": _called(part, where), "weight": part.open} for part in parts if part.total == part.open > 0]
    found = _found(given, way, share) if any("colour" in one for one in given) else None
    return Why(where, whole, parts, way, share, found)


def _called(part: Coloured, where: Place) -> str:
    region = part.region or where.region
    return region.name if region else part.path


def points_at(actor: Actor, where: Place) -> QuerySet[RiskPoint]:
    """The points of the place that lie somewhere, the gravest first, as many as a map shows."""
    rows = RiskPoint.objects.visible_to(actor, MAP).filter(_inside(where)).exclude(state="closed").exclude(lon=None)
    grave = Case(*(When(shown=c.value, then=n) for n, c in enumerate(ORDER)), default=len(ORDER))
    return rows.select_related("site__unit").order_by(grave, "pk")[:MOST_NAMED]


def _way(where: Place, wanted: str) -> tuple[str, int]:
    share = parameter(SHARE, where.path)
    if wanted not in WAYS:
        wanted = "share" if share else "highest"
    return wanted, share or USUAL_SHARE


def _found(parts: list[dict[str, Any]], way: str, share: int) -> Finding[Any]:
    return finding("risk_place", {"parts": parts, "convention": way, "share_percent": share})


def _colour(counts: dict[str, int], way: str, share: int) -> str:
    """The colour of a place by the same rule that explains it; "" where nothing is assessed."""
    parts = [{"colour": c.value, "weight": counts[c.value]} for c in ORDER if counts.get(c.value, 0) > 0]
    return str(_found(parts, way, share).value.colour.value) if parts else ""


def _added(several: list[dict[str, int]]) -> dict[str, int]:
    added: dict[str, int] = defaultdict(int)
    for counts in several:
        for colour, number in counts.items():
            added[colour] += number
    return dict(added)


def _some(counts: dict[str, int]) -> dict[str, int]:
    return {colour: number for colour, number in counts.items() if number > 0}


def _tallies(actor: Actor, where: Place) -> QuerySet[Tally]:
    """The cells of the place and of each of its parts: what lies below a region is added up in the region's own."""
    paths = [*([where.path] if where.region else []), *(region.path for region in where.parts)]
    return Tally.objects.visible_to(actor, MAP).filter(what=POINTS, region_path__in=paths)


def _inside(where: Place) -> Q:
    return reduce(or_, (Q(region_path__gte=low, region_path__lt=high) for low, high in where.ranges), Q(pk__in=[]))
