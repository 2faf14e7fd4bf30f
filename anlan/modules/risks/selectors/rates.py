"""Rates of dual prevention (SO-57, SO-59, SO-60), live: for a unit, and for towns, counties and the city.

Built is a site whose every risk point has an assessment in force and whose register is not over its review; must build
is every site that is not closed. Assessed is a unit of a high-risk sector above scale (large or medium-sized) all of
whose such sites have an assessment in force; one with sites in two towns counts in both, and once in their county. The
double report is asked of open major hazards.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Substr

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.regions.reach import STEP, Place
from anlan.kernel.tallies.models import Tally
from anlan.modules.hazards import public as hazards
from anlan.modules.registry import public as registry
from anlan.modules.risks.models import Register
from anlan.modules.risks.workflow import MAP

ABOVE_SCALE = ("large", "medium")  # 规上, as the size class on file tells; the reference holds no other figure
BUILT_ASKED, ASSESSED_ASKED = Decimal(100), Decimal(95)  # SO-59, SO-60


@dataclass(frozen=True)
class Rates:
    """Numerators and denominators; a rate is None where nothing is asked. ``high_risk`` and ``assessed`` are units."""

    sites: int = 0
    built: int = 0
    high_risk: int = 0
    assessed: int = 0
    major: int = 0
    reported: int = 0
    settled: int = 0

    @property
    def built_rate(self) -> Decimal | None:
        """SO-59: sites with dual prevention built, of all sites."""
        return _share(self.built, self.sites)

    @property
    def assessed_rate(self) -> Decimal | None:
        """SO-60: high-risk units above scale that were assessed."""
        return _share(self.assessed, self.high_risk)

    @property
    def reported_rate(self) -> Decimal | None:
        """SO-57: open major hazards reported to regulator and workers' congress."""
        return _share(self.reported, self.major)

    @property
    def settled_rate(self) -> Decimal | None:
        """SO-57: open major hazards with all five items settled."""
        return _share(self.settled, self.major)


def rates(actor: Actor, where: Place) -> Rates:
    """The rates of a whole place."""
    sites, built = _kept(actor, where, 0), _built(actor, where, 0)
    must, done = _high_risk(actor, where, 0)
    told = [hazards.double_reports(actor, path) for path in ([where.path] if where.region else where.tops)]
    return Rates(
        sites=sites.get("", 0), built=built.get("", 0), high_risk=must.get("", 0), assessed=done.get("", 0),
        major=sum(t.major for t in told), reported=sum(t.reported for t in told), settled=sum(t.settled for t in told),
    )  # fmt: skip


def rates_of_parts(actor: Actor, where: Place) -> dict[str, Rates]:
    """The built and assessed rates of each part of a place, by its path."""
    if where.region is None:
        return {}
    length = len(where.path) + STEP
    sites, built = _kept(actor, where, length), _built(actor, where, length)
    must, done = _high_risk(actor, where, length)
    return {
        r.path: Rates(
            sites=sites.get(r.path, 0), built=built.get(r.path, 0), high_risk=must.get(r.path, 0),
            assessed=done.get(r.path, 0),
        )
        for r in where.parts
    }  # fmt: skip


def rates_of_unit(actor: Actor, holder: str) -> Rates:
    """The rates of one unit, over its sites."""
    sites: Any = registry.site_rows(actor).filter(holder=holder).exclude(status=registry.SiteStatus.CLOSED)
    registers: Any = Register.objects.visible_to(actor).filter(holder=holder)
    keys = set(registers.filter(_complete()).values_list("site_id", flat=True))
    rows = list(sites.values_list("pk", "flags", "scale"))
    high = {pk for pk, flags, scale in rows if registry.Flag.HIGH_RISK in flags and scale in ABOVE_SCALE}
    assessed = set(registers.filter(assessed__gt=0).values_list("site_id", flat=True))
    told = hazards.double_reports(actor, holder=holder)
    return Rates(
        sites=len(rows), built=sum(pk in keys for pk, _, _ in rows), high_risk=int(bool(high)),
        assessed=int(bool(high) and high <= assessed), major=told.major, reported=told.reported, settled=told.settled,
    )  # fmt: skip


def _complete() -> Q:
    in_time = Q(review_due=None) | Q(review_due__gte=clock.today())
    return Q(points__gt=0, assessed=F("points")) & in_time


def _kept(actor: Actor, where: Place, length: int) -> dict[str, int]:
    """Sites that are not closed, from the registry's kept numbers."""
    return _by_part(Tally.objects.visible_to(actor, MAP).filter(_inside(where), what="registry.sites"), length)


def _built(actor: Actor, where: Place, length: int) -> dict[str, int]:
    """Complete registers in time. They are kept for every region above a site: a place has cells of its own."""
    own = [where.path] if where.region else list(where.tops)
    paths = [region.path for region in where.parts] if length else own
    rows = Tally.objects.visible_to(actor, MAP).filter(what="risks.sites", b="complete", region_path__in=paths)
    return _by_part(rows.filter(Q(day=None) | Q(day__gte=clock.today())), length)


def _by_part(rows: QuerySet[Tally], length: int) -> dict[str, int]:
    if not length:
        return {"": int(rows.aggregate(total=Sum("n"))["total"] or 0)}
    grouped: Any = rows.annotate(part=Substr("region_path", 1, length)).values("part").annotate(total=Sum("n"))
    return {part: int(total) for part, total in grouped.values_list("part", "total")}


def _high_risk(actor: Actor, where: Place, length: int) -> tuple[dict[str, int], dict[str, int]]:
    """Units with high-risk sites above scale by part, and those of them with an assessment in force on every one."""
    sites: Any = registry.site_rows(actor).filter(
        _inside(where), flags__contains=[registry.Flag.HIGH_RISK], scale__in=ABOVE_SCALE
    )
    sites = sites.exclude(status=registry.SiteStatus.CLOSED).select_related(None).order_by()
    registers: Any = Register.objects.visible_to(actor).filter(site=OuterRef("pk"), assessed__gt=0)
    must = _units_by_part(sites, length)
    without = _units_by_part(sites.filter(~Exists(registers)), length)
    return must, defaultdict(int, {part: units - without[part] for part, units in must.items()})


def _units_by_part(sites: Any, length: int) -> dict[str, int]:
    units = Count("holder", distinct=True)
    if not length:
        return defaultdict(int, {"": int(sites.aggregate(total=units)["total"])})
    grouped = sites.annotate(part=Substr("region_path", 1, length)).values("part").annotate(total=units)
    return defaultdict(int, dict(grouped.values_list("part", "total")))


def _inside(where: Place) -> Q:
    return reduce(or_, (Q(region_path__gte=low, region_path__lt=high) for low, high in where.ranges), Q(pk__in=[]))


def _share(part: int, whole: int) -> Decimal | None:
    return Decimal(part) / Decimal(whole) if whole else None
