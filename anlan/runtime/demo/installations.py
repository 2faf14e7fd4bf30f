"""Major hazard installations of the demo city: every third place of the ledgers with a design maximum, graded.

The rule reckons each; the rows are copied in at once. The first cold store's own is played through the acts.
"""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from typing import Any

from django.db.models import F, Func, Value
from django.utils.translation import gettext_noop

from anlan.config.roles import ROLES
from anlan.kernel import clock
from anlan.kernel.actor import Actor, Grant
from anlan.kernel.bulk import copy_in, reserve_ids
from anlan.kernel.deadlines.models import Deadline
from anlan.kernel.identity.actors import actor_for
from anlan.kernel.journal.record import bulk_load
from anlan.kernel.law import finding
from anlan.modules.chemicals.models import Stock
from anlan.modules.installations import selectors, services
from anlan.modules.installations.models import Filing, Grading, Holding, Installation, Provision, Target
from anlan.modules.installations.workflow import ANEW, FILE, FILED, INSTALLATION, KEEP
from anlan.modules.registry.models import Site
from anlan.modules.registry.public import Flag
from anlan.rules.wording import in_language
from anlan.runtime.demo.clocks import deadline_row
from anlan.runtime.demo.people import person_name
from anlan.runtime.demo.pictures import picture
from anlan.runtime.demo.world import World

WHY = gettext_noop("the demo city's installations")
NEARBY = (0, 0, 12, 25, 36, 60, 140)
LONGEST = 1_120  # days since a grading at the most: a few are past the three years
STANDS, SHARES = ("filed", "graded", "submitted", "leaving"), (82, 7, 7, 4)
TYPED = {"4": "514000", "9": "anquan@example.cn", "12": 18_600, "13": "storage", "15": "有限责任公司",
         "25": "储罐区及配套泵房、装卸设施", "30": "近三年未发生危险化学品事故"}  # fmt: skip
ON_PAPER = (50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60)
TARGETS = (
    ("homes", "新村安置小区"), ("homes", "老街居民点"), ("school", "镇中心小学"), ("school", "蓝天幼儿园"),
    ("hospital", "镇卫生院"), ("hospital", "敬老院"), ("crowded", "农贸市场"), ("crowded", "汽车客运站"),
    ("water", "自来水厂取水口"),
)  # fmt: skip
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
        on = world.as_of - dt.timedelta(days=dice.randrange(40, LONGEST))
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
            started_on=on - dt.timedelta(days=dice.randrange(900, 5000)), state="below",
        )  # fmt: skip
        if level:
            _carried_on(one, on, dice.choices(STANDS, SHARES)[0], dice, world.as_of)
        installations.append(one)
        holdings.append(
            Holding(
                pk=next(keys[Holding]), installation_id=one.pk, substance_id=stock.substance_id, tonnes=tonnes,
                basis="design_maximum", paper=stock.basis, symbols=list(stock.substance.symbols),
                place_id=stock.place_id, used_for="生产原料" if kind == "production" else "储存经营", phase="liquid",
                temperature_c=Decimal(25), pressure_mpa=Decimal("0.101"), largest_t=_half(tonnes), **scope,
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
    major = [one for one in installations if one.level]
    provisions = _provisions(world, major)
    with bulk_load(Actor.system("demo city"), WHY):
        for model, rows in ((Installation, installations), (Holding, holdings), (Grading, gradings)):
            copy_in(model, rows)
        copy_in(Provision, provisions)
        copy_in(Target, _targets(world, major))
        copy_in(Filing, _filings(world, [one for one in major if one.assessed_on]))
        copy_in(Deadline, _deadlines(world, major))
    _flag({one.site_id for one in major})
    return len(installations)


def _carried_on(one: Installation, on: dt.date, state: str, dice: Any, today: dt.date) -> None:
    """How far its filing came."""
    if state in ("graded", "submitted"):
        on = one.graded_on = today - dt.timedelta(days=dice.randrange(3, 13))
    one.state = state
    if state == "graded":
        return
    one.principal, one.technical, one.operating = (person_name(dice) for _ in range(3))
    one.commitment = "今日各岗位运行正常，无动火、进入受限空间等特殊作业，安全风险可控。"
    one.filing_kind, one.assessed_on = "first", on + dt.timedelta(days=1 if state == "submitted" else 5)
    one.application = {**TYPED, "5": one.principal, "7": one.technical}
    one.on_paper = [entry for entry in ON_PAPER if dice.randrange(12)]
    if state != "submitted":
        one.filing_no, one.filed_on = f"BA澜{on:%Y}{one.pk:05d}", on + dt.timedelta(days=20)
        one.stale = not dice.randrange(15)
    if state == "leaving":
        one.reason = "储罐已清空并拆除，不再构成重大危险源。"


def _half(tonnes: Decimal) -> Decimal:
    return max((tonnes / 2).quantize(Decimal("0.001")), Decimal("0.001"))


def _provisions(world: World, major: list[Installation]) -> list[Provision]:
    """What each says of the monitoring its level requires; one in nineteen lacks something."""
    dice, rows = world.dice("provisions"), []
    asked = {level: selectors.monitoring_at(level) for level in range(1, 5)}
    for one in major:
        for duty in asked[one.level or 4]:
            answer = "outside" if duty.condition and dice.randrange(3) else "have" if dice.randrange(19) else "lack"
            note = {"outside": "本单元不涉及", "lack": "已列入本年度技改计划，年底前完成", "have": ""}[answer]
            one.unmet += answer == "lack"
            rows.append(
                Provision(
                    installation_id=one.pk, entry=duty.entry, answer=answer, note=note,
                    stated_on=one.graded_on or world.as_of,
                    region_path=one.region_path, sector=one.sector, holder=one.holder,
                )
            )  # fmt: skip
    for row, pk in zip(rows, reserve_ids(Provision, len(rows)), strict=True):
        row.pk = pk
    return rows


def _targets(world: World, major: list[Installation]) -> list[Target]:
    """One to three places nearby that must be protected, at their distance."""
    dice, rows = world.dice("targets"), []
    for one in major:
        for kind, name in dice.sample(TARGETS, dice.randrange(1, 4)):
            metres, turn = dice.randrange(180, 1500), dice.random() * 2 * math.pi
            point = {}
            if one.lon is not None and one.lat is not None:
                point = {"lon": round(one.lon + metres * math.cos(turn) / 101_000, 6),
                         "lat": round(one.lat + metres * math.sin(turn) / 111_000, 6)}  # fmt: skip
            rows.append(
                Target(
                    installation_id=one.pk, kind=kind, name=name, distance_m=metres, persons=dice.randrange(40, 900),
                    region_path=one.region_path, sector=one.sector, holder=one.holder, **point,
                )
            )  # fmt: skip
    for row, pk in zip(rows, reserve_ids(Target, len(rows)), strict=True):
        row.pk = pk
    return rows


def _filings(world: World, handed_in: list[Installation]) -> list[Filing]:
    """The filing of each, as the forms stood; those on file were granted twenty days after the grading."""
    rows, keys = [], reserve_ids(Filing, len(handed_in))
    for one in handed_in:
        handed = one.assessed_on or world.as_of
        with clock.moved_to(dt.datetime.combine(handed, dt.time(9), clock.CHINA)):
            sheet = selectors.sheet_of(one, kind=one.filing_kind, by_name="安全管理员")
        rows.append(
            Filing(
                pk=next(keys), installation=one, kind=one.filing_kind, handed_on=handed, by_name="安全管理员",
                assessed_on=handed, level=one.level or 4, sheet=sheet.fields, chemicals=sheet.chemicals,
                papers=sheet.papers, lacking=[[in_language(n, "en"), in_language(n, "zh")] for n in sheet.lacking],
                outcome="filed" if one.filed_on else "waiting", number=one.filing_no, decided_on=one.filed_on,
                region_path=one.region_path, sector=one.sector, holder=one.holder,
            )
        )  # fmt: skip
    return rows


def _deadlines(world: World, major: list[Installation]) -> list[Deadline]:
    """To file, to be checked by the county, to be assessed anew three years after the assessment."""
    rows, (years, _basis) = [], selectors.figure(4, ANEW, "")
    keys = reserve_ids(Deadline, 2 * len(major))
    for one in major:
        graded = one.graded_on or world.as_of
        steps: list[tuple[str, str, str, dt.date, dt.date, Any, str]] = []
        if one.state == "graded":
            due = graded + dt.timedelta(days=selectors.figure(23, FILED, one.region_path)[0])
            steps.append(("installations.file", "submit", KEEP, due, graded, FILED, ""))
        if one.state in ("submitted", "leaving"):
            begun = one.assessed_on if one.state == "submitted" else world.as_of - dt.timedelta(days=4)
            begun = begun or world.as_of
            step = "file" if one.state == "submitted" else "cancel"
            county = selectors.county_of(one.region_path)
            steps.append(("installations.check", step, FILE, begun + dt.timedelta(days=10), begun, FILED, county))
        if one.filed_on and one.assessed_on:
            due = one.assessed_on.replace(year=one.assessed_on.year + years, day=min(one.assessed_on.day, 28))
            steps.append(("installations.anew", "grade", KEEP, due, one.assessed_on, ANEW, ""))
        rows += [
            deadline_row(
                next(keys), one, world.as_of, kind=kind, label=INSTALLATION.step(step).label, duty=duty, due=due,
                starts=starts, basis=str(clause), title=one.name, desk_path=desk,
                remind=(90, 30, 3) if kind == "installations.anew" else (3, 1),
            )
            for kind, step, duty, due, starts, clause, desk in steps
        ]  # fmt: skip
    return rows


def _flag(sites: set[int]) -> None:
    """The registry's flag follows what was graded, as the flow would have set it."""
    rows = Site.objects.everything(why=WHY).filter(pk__in=sites).exclude(flags__contains=[Flag.MAJOR_HAZARD])
    rows.update(flags=Func(F("flags"), Value(str(Flag.MAJOR_HAZARD)), function="array_append"))


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
        services.put_target(
            actor=keeper, installation=one.pk, kind="homes", name="港前新村", distance_m=420, persons=20,
            lon=None if site.lon is None else round(site.lon + 0.0035, 6),
            lat=None if site.lat is None else round(site.lat + 0.0023, 6),
        )  # fmt: skip
        services.submit_filing(
            actor=keeper, installation=one.pk, filing_kind="first", assessed_on=clock.today() - dt.timedelta(days=4),
            report=[picture("evaluation", 0)], person_in_charge="林国强", filled_by="陈志远", unit_type="use",
            enterprise_kind="有限责任公司", area_m2=8_200, plant="氨制冷机组两套、冷库6000吨", accidents="近三年无",
            on_paper=tuple(entry for entry in ON_PAPER if entry != 58),
        )  # fmt: skip
        for entry in (5, 6, 7, 8, 10, 12, 13, 17):
            services.state_provision(actor=keeper, installation=one.pk, entry=entry, answer="have")
    with clock.moved_to(at + dt.timedelta(days=6)):
        services.file_installation(actor=county, installation=one.pk, filing_no=f"BA澜{at:%Y}-CS001")
