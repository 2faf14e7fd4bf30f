"""Major hazard installations of the demo city: every third place of the ledgers with a design maximum, graded.

The rule reckons each; the rows are copied in at once. The first cold store's own is played through the acts.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_noop

from anlan.config.roles import ROLES
from anlan.kernel import clock
from anlan.kernel.actor import Actor, Grant
from anlan.kernel.bulk import copy_in, reserve_ids
from anlan.kernel.identity.actors import actor_for
from anlan.kernel.journal.record import bulk_load
from anlan.kernel.law import finding
from anlan.modules.chemicals.models import Stock
from anlan.modules.installations import services
from anlan.modules.installations.models import Grading, Holding, Installation
from anlan.rules.wording import in_language
from anlan.runtime.demo.people import person_name
from anlan.runtime.demo.pictures import picture
from anlan.runtime.demo.world import World

WHY = gettext_noop("the demo city's installations")
NEARBY = (0, 0, 12, 25, 36, 60, 140)
AMMONIA = "7664-41-7"


def build(world: World, sites: list[Any]) -> None:
    """The register, then the cold store's story."""
    kept = Stock.objects.everything(why=WHY).filter(most_kg__isnull=False).select_related("place", "substance")
    by_id, stocks = {site.id: site for site in sites}, list(kept.order_by("pk"))
    story = next((s for s in stocks if s.substance.code == AMMONIA), None)
    made = _register(world, by_id, [s for s in stocks if s is not story][::3])
    if story is not None:
        _story(world, by_id[story.place.site_id], story)
    world.report(f"installations: {made + (story is not None)} units graded")


def _register(world: World, sites: dict[int, Any], stocks: list[Any]) -> int:
    dice = world.dice("installations")
    keys = {model: reserve_ids(model, len(stocks)) for model in (Installation, Holding, Grading)}
    installations, holdings, gradings = [], [], []
    for stock in stocks:
        site, tonnes, exposed = sites[stock.place.site_id], stock.most_kg / 1000, dice.choice(NEARBY)
        on = world.as_of - dt.timedelta(days=dice.randrange(40, 900))
        kind = "storage" if stock.place.kind != "unit" else "production"
        given: dict[str, Any] = {
            "holdings": [{"cas": stock.substance.cas, "tonnes": f"{tonnes:f}", "basis": "design_maximum"}],
            "unit": kind, "exposed": exposed,
        }  # fmt: skip
        found = finding("major_hazard", given, on)
        level, s, r = found.value.level, _six(found.value.S), _six(found.value.R)
        scope = {"region_path": site.region_path, "sector": site.sector, "holder": site.holder}
        one = Installation(
            pk=next(keys[Installation]), site_id=site.id, kind=kind, name=f"{stock.place.name}单元",
            lon=site.lon, lat=site.lat, exposed=exposed, level=level, s_value=s, r_value=r, graded_on=on, **scope,
            state="filed" if level else "below",
        )  # fmt: skip
        if level:
            one.filing_kind, one.filing_no = "first", f"BA澜{on:%Y}{one.pk:05d}"
            one.assessed_on, one.filed_on = on + dt.timedelta(days=5), on + dt.timedelta(days=20)
            one.principal, one.technical, one.operating = (person_name(dice) for _ in range(3))
        installations.append(one)
        holdings.append(
            Holding(
                pk=next(keys[Holding]), installation_id=one.pk, substance_id=stock.substance_id, tonnes=tonnes,
                basis="design_maximum", paper=stock.basis, symbols=list(stock.substance.symbols),
                place_id=stock.place_id, **scope,
            )
        )  # fmt: skip
        gradings.append(
            Grading(
                pk=next(keys[Grading]), installation_id=one.pk, on=on, s_value=s, r_value=r, level=level, given=given,
                steps_en=[str.__str__(step) for step in found.steps],
                steps_zh=[in_language(step, "zh") for step in found.steps],
                clauses=[str(clause) for clause in found.citations], by_name="安全管理员", **scope,
            )
        )  # fmt: skip
    with bulk_load(Actor.system("demo city"), WHY):
        for model, rows in ((Installation, installations), (Holding, holdings), (Grading, gradings)):
            copy_in(model, rows)
    return len(installations)


def _six(value: Any) -> Decimal:
    """Six decimals, downward."""
    return Decimal(value.numerator * 10**6 // value.denominator) / 10**6


def _story(world: World, site: Any, stock: Any) -> None:
    """A cold store is registered, graded as level IV, handed in by its unit and put on file by the county."""
    grant = Grant(role="unit_safety", permissions=ROLES["unit_safety"].permissions, holder=site.holder)
    keeper = Actor(key=f"unit:{site.holder[:20]}", name="安全管理员", grants=(grant,))
    counties = [region.path for key, region in world.regions.items() if key != "city"]
    county = actor_for(world.users[f"county{counties.index(site.region_path[:8]) + 1}-1"])
    at = dt.datetime.combine(world.as_of - dt.timedelta(days=30), dt.time(10), clock.CHINA)
    with clock.moved_to(at):
        one = services.register_installation(
            actor=keeper, site=site.id, kind="production", name="氨制冷机房", exposed=20, lon=site.lon, lat=site.lat
        )
        services.put_holding(
            actor=keeper, installation=one.pk, substance=stock.substance_id,
            tonnes=max(stock.most_kg / 1000, Decimal(15)), basis="design_maximum", paper="制冷系统设计说明",
            place=stock.place_id,
        )  # fmt: skip
        services.grade_installation(actor=keeper, installation=one.pk)
        services.name_responsible(
            actor=keeper, installation=one.pk, principal="林国强", technical="陈志远", operating="黄建军"
        )
        services.submit_filing(
            actor=keeper, installation=one.pk, filing_kind="first", assessed_on=clock.today() - dt.timedelta(days=4),
            report=[picture("evaluation", 0)],
        )  # fmt: skip
    with clock.moved_to(at + dt.timedelta(days=6)):
        services.file_installation(actor=county, installation=one.pk, filing_no=f"BA澜{at:%Y}-CS001")
