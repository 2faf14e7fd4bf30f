"""Rates of dual prevention (SO-57, SO-59, SO-60), live: for a unit, and for towns, counties and the city.

SO-59 is asked of units (生产经营单位): built is a unit all of whose sites that are not closed have a register whose
every risk point has an assessment in force and whose review is not overdue; must build is every unit with such a site.
It follows from the kept numbers of sites, put right for the units that have several sites in the place. Assessed is a
unit of a high-risk sector above scale (large or medium-sized) all of whose such sites have an assessment in force; one
with sites in two towns counts in both, and once in their county. The double report is asked of open major hazards.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, Sum, Value
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
    """Numerators and denominators; a rate is None where nothing is asked.

    ``units``, ``built``, ``high_risk`` and ``assessed`` are units, ``sites`` and ``built_sites`` their sites.
    """

    units: int = 0
    built: int = 0
    sites: int = 0
    built_sites: int = 0
    high_risk: int = 0
    assessed: int = 0
    major: int = 0
    reported: int = 0
    settled: int = 0

    @property
    def built_rate(self) -> Decimal | None:
        """SO-59: units with dual prevention built, of all units."""
        return _share(self.built, self.units)

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
    return _whole(actor, where, _units_built(actor, where))


def rates_of_parts(actor: Actor, where: Place) -> dict[str, Rates]:
    """The built and assessed rates of each part of a place, by its path."""
    return _parts(actor, where, _units_built(actor, where)) if where.region is not None else {}


def rates_and_parts(actor: Actor, where: Place) -> tuple[Rates, dict[str, Rates]]:
    """Both at once, the sites read once."""
    built = _units_built(actor, where)
    return _whole(actor, where, built), _parts(actor, where, built) if where.region is not None else {}


def _whole(actor: Actor, where: Place, built: dict[str, dict[str, int]]) -> Rates:
    must, done = _high_risk(actor, where, 0)
    told = [hazards.double_reports(actor, path) for path in ([where.path] if where.region else where.tops)]
    return Rates(
        **built.get("", {}), high_risk=must.get("", 0), assessed=done.get("", 0), major=sum(t.major for t in told),
        reported=sum(t.reported for t in told), settled=sum(t.settled for t in told),
    )  # fmt: skip


def _parts(actor: Actor, where: Place, built: dict[str, dict[str, int]]) -> dict[str, Rates]:
    must, done = _high_risk(actor, where, len(where.path) + STEP)
    return {
        r.path: Rates(**built.get(r.path, {}), high_risk=must.get(r.path, 0), assessed=done.get(r.path, 0))
        for r in where.parts
    }


def rates_of_unit(actor: Actor, holder: str) -> Rates:
    """The rates of one unit, over its sites."""
    sites: Any = registry.site_rows(actor).filter(holder=holder).exclude(status=registry.SiteStatus.CLOSED)
    registers: Any = Register.objects.visible_to(actor).filter(holder=holder)
    keys = set(registers.filter(_complete()).values_list("site_id", flat=True))
    rows = list(sites.values_list("pk", "flags", "scale"))
    high = {pk for pk, flags, scale in rows if registry.Flag.HIGH_RISK in flags and scale in ABOVE_SCALE}
    assessed = set(registers.filter(assessed__gt=0).values_list("site_id", flat=True))
    told = hazards.double_reports(actor, holder=holder)
    done = sum(pk in keys for pk, _, _ in rows)
    return Rates(
        units=int(bool(rows)), built=int(bool(rows) and done == len(rows)), sites=len(rows), built_sites=done,
        high_risk=int(bool(high)), assessed=int(bool(high) and high <= assessed), major=told.major,
        reported=told.reported, settled=told.settled,
    )  # fmt: skip


def _complete() -> Q:
    in_time = Q(review_due=None) | Q(review_due__gte=clock.today())
    return Q(points__gt=0, assessed=F("points")) & in_time


def _units_built(actor: Actor, where: Place) -> dict[str, dict[str, int]]:
    """Units and sites, and those built, of the place ("") and of each part by its path.

    Most units have one site, so that sites stand for units; what is wrong about that is put right for the units with
    several sites in a place: they count once, and as built only when each of these sites is.
    """
    length = len(where.path) + STEP if where.region else 0
    sites, built = _kept(actor, where, length), _built(actor, where)
    found = {
        part: {"units": number, "built": built.get(part, 0), "sites": number, "built_sites": built.get(part, 0)}
        for part, number in sites.items()
    }
    for part, number, done in _several(actor, where, length):
        if part in found and number > 1:
            found[part]["units"] -= number - 1
            found[part]["built"] -= done - (done == number)
    return found


def _kept(actor: Actor, where: Place, length: int) -> dict[str, int]:
    """Sites that are not closed, from the registry's kept numbers, of the place and by part."""
    rows: Any = Tally.objects.visible_to(actor, MAP).filter(_inside(where), what="registry.sites")
    grouped = rows.annotate(part=_part(length)).values("part").annotate(total=Sum("n"))
    told = {part: int(total) for part, total in grouped.values_list("part", "total")}
    return {**told, "": sum(told.values())}


def _built(actor: Actor, where: Place) -> dict[str, int]:
    """Complete registers in time. They are kept for every region above a site: a place has cells of its own."""
    own = [where.path] if where.region else list(where.tops)
    paths = [*own, *(region.path for region in where.parts)]
    rows: Any = Tally.objects.visible_to(actor, MAP).filter(what="risks.sites", b="complete", region_path__in=paths)
    rows = rows.filter(Q(day=None) | Q(day__gte=clock.today())).values("region_path").annotate(total=Sum("n"))
    told = {path: int(total) for path, total in rows.values_list("region_path", "total")}
    return {**told, "": sum(told.get(path, 0) for path in own)}


def _several(actor: Actor, where: Place, length: int) -> Iterator[tuple[str, int, int]]:
    """Units with several open sites, in the whole place ("") and in its parts: how many sites, how many of them with a
    complete register.

    Such a unit has a site there that is not its main one, and those are few and found by an index of their own.
    """
    sites: Any = registry.site_rows(actor).filter(_inside(where)).exclude(status=registry.SiteStatus.CLOSED)
    sites = sites.select_related(None).order_by()
    registers = Register.objects.visible_to(actor).filter(_complete(), site=OuterRef("pk"))
    rows = sites.filter(holder__in=sites.filter(is_main=False).values("holder")).annotate(part=_part(length))
    grouped: Any = rows.values("part", "holder").annotate(n=Count("pk"), done=Count("pk", filter=Exists(registers)))
    whole: dict[str, tuple[int, int]] = {}
    for part, holder, number, done in grouped.values_list("part", "holder", "n", "done"):
        before = whole.get(holder, (0, 0))
        whole[holder] = (before[0] + number, before[1] + done)
        if part:
            yield part, number, done
    for number, done in whole.values():
        yield "", number, done


def _part(length: int) -> Any:
    return Substr("region_path", 1, length) if length else Value("")


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
