"""The colour of a place from the kept numbers of its points, and why it has it. One statement a place."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Substr

from anlan.kernel.actor import Actor
from anlan.kernel.codes.services import parameter
from anlan.kernel.law import finding
from anlan.kernel.regions.models import Region
from anlan.kernel.regions.reach import STEP, Place
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
    length = len(where.path) + STEP if where.region is not None else 0
    rows: Any = _tallies(actor, where)
    if length:
        rows = rows.annotate(part=Substr("region_path", 1, length))
        told = rows.values("part", "a", "b").annotate(total=Sum("n")).values_list("part", "a", "b", "total")
    else:
        grouped = rows.values("region_path", "a", "b").annotate(total=Sum("n"))
        told = [
            (next((top for top in where.tops if path.startswith(top)), path), a, b, n)
            for path, a, b, n in grouped.values_list("region_path", "a", "b", "total")
        ]
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    raised: dict[str, int] = defaultdict(int)
    for part, colour, mark, number in told:
        counts[part][colour] += int(number)
        raised[part] += int(number) if mark == "raised" else 0
    known = {region.path: region for region in where.parts}
    parts = [
        Coloured(region, path, dict(counts.get(path, {})), raised[path], _colour(counts.get(path, {}), way, share))
        for path, region in known.items()
    ]
    rest = [path for path in counts if path not in known]
    if rest:
        left = _added([counts[path] for path in rest])
        parts.append(Coloured(None, where.path, left, sum(raised[p] for p in rest), _colour(left, way, share)))
    whole = _added(list(counts.values()))
    total = Coloured(where.region, where.path, whole, sum(raised.values()), _colour(whole, way, share))
    return total, tuple(parts), way, share


def why(actor: Actor, where: Place, way: str = "") -> Why:
    """Why a place has its colour: the finding over its parts, each colour of each part weighed by its points."""
    whole, parts, way, share = coloured(actor, where, way)
    given = [
        {"name": part.region.name if part.region else where.path, "colour": colour, "weight": number}
        for part in parts
        for colour, number in part.counts.items()
        if colour and number > 0
    ]
    given += [
        {"name": part.region.name if part.region else where.path, "weight": part.open}
        for part in parts
        if part.open > 0
    ]
    found = _found(given, way, share) if any("colour" in one for one in given) else None
    return Why(where, whole, parts, way, share, found)


def points_at(actor: Actor, where: Place) -> QuerySet[RiskPoint]:
    """The points of the place that lie somewhere, the gravest first, as many as a map shows."""
    rows = RiskPoint.objects.visible_to(actor, MAP).filter(_inside(where)).exclude(state="closed").exclude(lon=None)
    return rows.select_related("site__unit").order_by("region_path", "pk")[:MOST_NAMED]


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


def _tallies(actor: Actor, where: Place) -> QuerySet[Tally]:
    return Tally.objects.visible_to(actor, MAP).filter(_inside(where), what=POINTS)


def _inside(where: Place) -> Q:
    return reduce(or_, (Q(region_path__gte=low, region_path__lt=high) for low, high in where.ranges), Q(pk__in=[]))
