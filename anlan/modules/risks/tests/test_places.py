"""Kept numbers, colours of places with why, rates; plans and zones; areas; risks that follow their site."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from anlan.kernel import clock
from anlan.kernel.codes.services import set_parameter
from anlan.kernel.deadlines.services import find
from anlan.kernel.errors import BadInput, NotAllowed, NotFound
from anlan.kernel.events.bus import deliver
from anlan.kernel.events.models import EventRow
from anlan.kernel.obligations import facts
from anlan.kernel.obligations.facts import Asked, Whose
from anlan.kernel.regions import reach
from anlan.kernel.regions.reach import Place
from anlan.kernel.tallies.keeping import compare, fold
from anlan.modules.risks import public, selectors, services
from anlan.modules.risks.models import AreaAssessment, Factor, FloorPlan, Measure, Register, RiskPoint, Zone
from anlan.modules.risks.services._standing import AREA, REVIEW
from anlan.modules.risks.tasks import settle_areas
from anlan.modules.risks.tests.conftest import LEC, SYSTEM, WORDS, Plant, act, fresh, image
from anlan.rules.working_days import add_months

SQUARE = "0.1,0.1 0.4,0.1 0.4,0.4 0.1,0.4"
BLUE = {"L": "0.5", "E": "6", "C": "15"}


def place(plant: Plant, who: str = "city", path: str = "") -> reach.Place:
    return reach.place(plant.actor(who), path, permission="risks.map")


def test_the_colour_of_a_place_is_fresh_and_says_why(plant: Plant) -> None:
    plant.in_force("一号冷库", residual=LEC["inherent"])
    for name in ("二", "三", "四", "五", "六"):
        plant.in_force(f"{name}号冷库", residual=BLUE)
    plant.point("未评估处")
    told = selectors.why(plant.actor("city"), place(plant), "highest")
    assert told.whole.colour == "red" and told.whole.counts == {"red": 1, "blue": 5, "": 1} and told.whole.open == 1
    assert told.found is not None and "临江县" in told.found.value.decided_by
    shared = selectors.why(plant.actor("city"), place(plant), "share")
    assert shared.whole.colour == "blue" and shared.found is not None
    assert any("红色及以上占16.67%，规定占比20%" in step.zh for step in shared.found.steps)
    fold()
    assert selectors.why(plant.actor("city"), place(plant), "highest").whole.counts == told.whole.counts
    services.close_point(actor=plant.actor("principal"), point=RiskPoint.plain.get(name="一号冷库").pk, reason="拆除")
    assert selectors.why(plant.actor("city"), place(plant), "highest").whole.colour == "blue"
    assert compare(["risks"]) == []


def test_nothing_assessed_has_no_colour(plant: Plant) -> None:
    plant.point()
    told = selectors.why(plant.actor("city"), place(plant))
    assert told.whole.colour == "" and told.found is None and told.whole.total == 1


def test_what_changed_since_last_month_is_counted_and_named(plant: Plant) -> None:
    long_ago, today = dt.datetime(2026, 8, 3, 9, tzinfo=clock.CHINA), dt.datetime(2026, 11, 20, 9, tzinfo=clock.CHINA)
    with clock.moved_to(long_ago):
        plant.in_force("老冷库", residual=BLUE)
        graver = plant.in_force("一号冷库", residual=BLUE)
        milder = plant.in_force("二号冷库", residual=LEC["inherent"])
        gone = plant.in_force("三号冷库", residual=BLUE)
    with clock.moved_to(today):
        plant.in_force("四号冷库", residual=BLUE)
        for point, residual in ((graver, LEC["inherent"]), (milder, BLUE)):
            safety = plant.actor("safety")
            services.begin_review(actor=safety, point=point.pk)
            factor = Factor.plain.get(assessment__point=point, assessment__in_force_at=None)
            services.change_factor(actor=safety, row=factor.pk, method="lec", **{**WORDS, **LEC, "residual": residual})
            services.assess_point(actor=safety, point=point.pk, control_level="company", responsible="何安全")
            services.put_in_force(actor=plant.actor("principal"), point=point.pk)
        services.close_point(actor=plant.actor("principal"), point=gone.pk, reason="拆除")
        found = selectors.turned(plant.actor("city"), plant.city.path)
        assert found == selectors.Turned(graver=1, milder=1, fresh=1, struck=1)
        assert selectors.turned(plant.actor("far"), plant.village.path) == selectors.Turned(0, 0, 0, 0)
        page = plant.client("city").get(reverse("risks:map")).content.decode()
        told = page.split("上月以来的变化")[1]
        for name in ("一号冷库", "二号冷库", "三号冷库", "四号冷库"):
            assert name in told
        assert "老冷库" not in told and "升级 1" in told and "降级 1" in told
        for way, mine, other in (("graver", "一号冷库", "二号冷库"), ("milder", "二号冷库", "一号冷库")):
            listed = plant.client("city").get(reverse("risks:changes"), {"recent": "on", way: "on"}).content.decode()
            assert mine in listed.split("<main")[1] and other not in listed.split("<main")[1]


def test_a_foreign_place_is_not_found(plant: Plant) -> None:
    with pytest.raises(NotFound):
        place(plant, "far", plant.county.path)
    with pytest.raises(NotAllowed):
        place(plant, "safety")
    plant.in_force()
    assert selectors.why(plant.actor("far"), place(plant, "far")).whole.total == 0


def test_rates_of_dual_prevention_are_live(plant: Plant) -> None:
    before = selectors.rates(plant.actor("city"), place(plant))
    assert (before.units, before.built, before.high_risk, before.assessed) == (1, 0, 1, 0) and before.built_rate == 0
    plant.in_force()
    after = selectors.rates(plant.actor("city"), place(plant))
    assert (after.built, after.assessed) == (1, 1) and after.assessed_rate == 1
    assert selectors.rates_of_unit(plant.actor("principal"), plant.site.holder) == after
    parts = selectors.rates_of_parts(plant.actor("city"), place(plant))
    assert parts[plant.county.path].built == 1
    plant.point("尚未评估")
    assert selectors.rates(plant.actor("city"), place(plant)).built == 0
    assert after.major == 0 and after.reported_rate is None
    with clock.moved_to(clock.now() + dt.timedelta(days=400)):
        assert selectors.rates_of_unit(plant.actor("principal"), plant.site.holder).built == 0


def test_accident_risks_are_assessed_by_unit_on_each_of_its_sites(plant: Plant) -> None:
    plant.in_force()
    data = {"site_name": "二厂", "address": "工业路9号", "flags": ["high_risk"], "scale": "medium", "sector": "chem"}
    second = act("registry.add_site")(actor=SYSTEM, unit=plant.unit.pk, data=data, region=plant.town)
    one = selectors.rates(plant.actor("city"), place(plant))
    assert (one.sites, one.high_risk, one.assessed) == (2, 1, 0)
    assert (one.units, one.built, one.built_sites) == (1, 0, 1), "the duty is a unit's, on each of its sites"
    assert selectors.rates_of_unit(plant.actor("principal"), plant.site.holder).built == 0
    assert selectors.rates_of_unit(plant.actor("principal"), plant.site.holder).assessed == 0
    services.register_point(actor=plant.actor("safety"), site=second.pk, name="反应釜", kind="equipment")
    plant.site = second
    plant.in_force("罐区")
    both = selectors.rates(plant.actor("city"), place(plant))
    assert (both.high_risk, both.assessed) == (1, 1)
    assert (both.units, both.built, both.sites, both.built_sites) == (1, 0, 2, 1), "one point is open still"
    services.close_point(actor=plant.actor("principal"), point=RiskPoint.plain.get(name="反应釜").pk, reason="拆除")
    both = selectors.rates(plant.actor("city"), place(plant))
    assert (both.units, both.built, both.sites, both.built_sites) == (1, 1, 2, 2)
    county = selectors.rates_of_parts(plant.actor("city"), place(plant))[plant.county.path]
    assert (county.units, county.built, county.sites) == (1, 1, 2), "once in the county, whatever its towns"
    parts = selectors.rates_of_parts(plant.actor("city"), place(plant, path=plant.county.path))
    assert (parts[plant.town.path].high_risk, parts[plant.town.path].assessed) == (1, 1)
    assert (parts[plant.town.path].units, parts[plant.town.path].built) == (1, 1)


def test_the_duties_of_the_plans_are_answered_by_units(plant: Plant) -> None:
    asked = Asked(facts.Place(plant.city.path), clock.today(), clock.today().replace(month=1, day=1))
    own = Asked(facts.Place(plant.site.region_path, plant.site.holder), clock.today(), asked.first)
    share = facts.answering("dual_prevention_share", Whose.REGION)
    of_unit = facts.answering("accident_risk_assessed_share", Whose.UNIT)
    assert share is not None and of_unit is not None
    plant.point("尚未评估")
    told = share(plant.actor("city"), asked)
    assert told is not None and told.value == 0 and [r.site_id for r in told.records] == [plant.site.pk]
    other = of_unit(plant.actor("principal"), own)
    assert other is not None and other.value == 0
    services.close_point(actor=plant.actor("principal"), point=RiskPoint.plain.get().pk, reason="拆除")
    plant.in_force()
    full, assessed = share(plant.actor("city"), asked), of_unit(plant.actor("principal"), own)
    assert full is not None and assessed is not None and (full.value, full.records, assessed.value) == (100, (), 100)


def test_numbers_are_kept_for_every_region_above_a_point(plant: Plant) -> None:
    plant.in_force(residual=BLUE)
    for path in (plant.city.path, plant.county.path, plant.town.path, plant.village.path):
        told = selectors.coloured(plant.actor("city"), place(plant, path=path))
        assert told[0].counts == {"blue": 1} and told[0].colour == "blue", path
    town = Place(plant.town, (), (), (), ())  # as if the village were no more: what lies in none of the parts
    assert selectors.coloured(plant.actor("city"), town)[1][-1].region is None
    fold()
    services.close_point(actor=plant.actor("principal"), point=RiskPoint.plain.get().pk, reason="拆除")
    assert selectors.coloured(plant.actor("city"), place(plant))[0].total == 0 and compare(["risks"]) == []


def test_points_are_found_by_what_unit_and_site_are_called(plant: Plant) -> None:
    point, safety = plant.point("氨压缩机房", place="一号厂房"), plant.actor("safety")

    def found(word: str) -> list[int]:
        return list(selectors.points(safety).filter(search_text__has=word).values_list("pk", flat=True))

    for word in (point.number, point.number.lower(), "压缩", "厂房", "冷冻", "ljld", plant.unit.uscc[4:12]):
        assert found(word) == [point.pk], word
    assert found("化工") == [] and found("新名") == []
    act("registry.change_unit")(actor=SYSTEM, unit=plant.unit.pk, data={"name": "临江新名有限公司"})
    assert public.find_points_again(SYSTEM, unit_id=plant.unit.pk) == 1
    assert found("新名") == [point.pk] and found("冷冻") == []
    act("registry.change_site")(actor=SYSTEM, site=plant.site.pk, data={"site_name": "东郊分厂"})
    renamed = EventRow.objects.get(event_type="registry.SiteRenamed")
    assert deliver(str(renamed.pk), "renamed_site_finds_risk_points") and found("东郊") == [point.pk]
    services.change_point(actor=safety, point=point.pk, name="螺杆机房", kind="place", identification="jha")
    assert found("螺杆") == [point.pk] and found("压缩") == []


def test_the_village_shows_its_gravest_points_first(plant: Plant) -> None:
    blue, red = plant.in_force("一号", residual=BLUE), plant.in_force("二号", residual=LEC["inherent"])
    plant.point("三号")
    village = place(plant, path=plant.village.path)
    assert [p.name for p in selectors.points_at(plant.actor("city"), village)] == [red.name, blue.name, "三号"]


def test_a_zone_is_drawn_on_the_plan(plant: Plant) -> None:
    point, safety = plant.in_force(), plant.actor("safety")
    plan = services.add_plan(actor=safety, site=plant.site.pk, name="一层", picture=image())
    assert (plan.width, plan.height) == (400, 300)
    zone = services.draw_zone(actor=safety, plan=plan.pk, point=point.pk, corners=SQUARE)
    version = fresh(plan).version
    assert services.draw_zone(actor=safety, plan=plan.pk, point=point.pk, corners=SQUARE).pk == zone.pk
    assert fresh(plan).version == version
    services.draw_zone(actor=safety, plan=plan.pk, point=point.pk, corners="0,0 1,0 1,1")
    assert Zone.plain.get().corners == [[0, 0], [1, 0], [1, 1]]
    services.erase_zone(actor=safety, zone=Zone.plain.get().pk)
    assert not Zone.plain.exists()
    services.remove_plan(actor=safety, plan=plan.pk, reason="改造")
    assert selectors.plans(safety).count() == 0
    with pytest.raises(BadInput):
        services.draw_zone(actor=safety, plan=plan.pk, point=point.pk, corners=SQUARE)


@pytest.mark.parametrize(
    "corners",
    ["", "0.1,0.1 0.2,0.2", "0.1,0.1 1.2,0.1 0.4,0.4", "0.1 0.2 0.3", "a,b c,d e,f", "nan,0 0,1 1,1", "0,0 1,1 1,0 0,1",
     "0.1,0.1 0.1001,0.1 0.1001,0.1001", " ".join(f"{n / 100},0.5" for n in range(70))],
)  # fmt: skip
def test_a_zone_that_is_none_is_refused(plant: Plant, corners: str) -> None:
    point, safety = plant.in_force(), plant.actor("safety")
    plan = services.add_plan(actor=safety, site=plant.site.pk, name="一层", picture=image())
    with pytest.raises(BadInput) as why:
        services.draw_zone(actor=safety, plan=plan.pk, point=point.pk, corners=corners)
    assert why.value.column == "corners" and not Zone.plain.exists()


def test_a_plan_that_is_no_picture_is_refused(plant: Plant) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    safety = plant.actor("safety")
    for file in (SimpleUploadedFile("a.pdf", b"%PDF-1.4 x"), SimpleUploadedFile("a.png", b"\x89PNG\r\n\x1a\nxx"),
                 SimpleUploadedFile("a.dwg", b"AC1027"), SimpleUploadedFile("e.png", b""), image(50, 50), None):  # fmt: skip
        with pytest.raises(BadInput) as why:
            services.add_plan(actor=safety, site=plant.site.pk, name="一层", picture=file)
        assert why.value.column == "picture"
    assert not FloorPlan.plain.exists()


def test_an_area_is_assessed_again_only_where_that_was_adopted(plant: Plant) -> None:
    given: dict[str, Any] = {
        "region": plant.county, "assessed_on": clock.today(), "colour": "orange", "conclusion": "总体风险可控",
        "assessed_by": "市安全生产技术中心",
    }  # fmt: skip

    def assessed(subject: str) -> AreaAssessment:
        return services.record_area_assessment(actor=plant.actor("city"), subject=subject, **given)

    def decide(code: str, region: Any, value: int, basis: str) -> None:
        set_parameter(actor=SYSTEM, code=code, region=region, value=value, valid_from=clock.today(), basis=basis)

    nobody = assessed("化工园区")
    assert nobody.next_due is None and find(nobody, AREA) is None
    decide("obligations.adopt_xn", plant.city, 1, "市安委会决定")
    adopted = assessed("港区")
    due = find(adopted, AREA)
    assert adopted.next_due is not None and adopted.next_due.year == clock.today().year + 3
    assert due is not None and due.basis == "本地规定：市安委会决定"
    decide("risks.area_years", plant.county, 2, "县安委会决定")
    sooner = assessed("老旧小区")
    assert sooner.next_due is not None and sooner.next_due.year == clock.today().year + 2
    decide("risks.area_years", plant.county, 0, "县安委会暂缓")
    assert assessed("商圈").next_due is None


def test_an_area_assessed_before_the_adoption_is_due_after_it_and_no_more_when_it_ends(plant: Plant) -> None:
    given: dict[str, Any] = {
        "region": plant.county, "colour": "orange", "conclusion": "总体风险可控", "assessed_by": "市安全生产技术中心",
    }  # fmt: skip
    before, newest = (
        services.record_area_assessment(actor=plant.actor("city"), subject="化工园区", assessed_on=day, **given)
        for day in (clock.today() - dt.timedelta(days=400), clock.today() - dt.timedelta(days=30))
    )

    def decide(value: int, day: dt.date) -> None:
        set_parameter(
            actor=SYSTEM, code="risks.area_years", region=plant.county, value=value, valid_from=day, basis="县安委会决定"
        )

    assert settle_areas() == 1 and fresh(newest).next_due is None and find(newest, AREA) is None
    decide(3, clock.today())
    for _twice in range(2):
        settle_areas()
        due, version = find(newest, AREA), fresh(newest).version
        assert due is not None and due.basis == "本地规定：县安委会决定"
        assert clock.day_of(due.due_at) == fresh(newest).next_due == add_months(newest.assessed_on, 36, roll=False).due
    assert find(before, AREA) is None and fresh(before).next_due is None, "only the newest of a subject is followed"
    decide(2, clock.today())
    settle_areas()
    assert fresh(newest).version > version
    assert fresh(newest).next_due == add_months(newest.assessed_on, 24, roll=False).due
    decide(0, clock.today())
    settle_areas()
    assert fresh(newest).next_due is None and find(newest, AREA) is None


def test_an_area_is_assessed_and_the_next_is_due_in_three_years(plant: Plant) -> None:
    set_parameter(
        actor=SYSTEM,
        code="obligations.adopt_xn",
        region=plant.city,
        value=1,
        valid_from=clock.today(),
        basis="市安委会决定",
    )
    given: dict[str, Any] = {
        "region": plant.county, "subject": "化工园区", "assessed_on": clock.today(), "colour": "orange",
        "conclusion": "总体风险可控，两处需整改", "assessed_by": "市安全生产技术中心",
    }  # fmt: skip
    with pytest.raises(NotAllowed):
        services.record_area_assessment(actor=plant.actor("far"), **given)
    first = services.record_area_assessment(actor=plant.actor("city"), **given)
    assert services.record_area_assessment(actor=plant.actor("city"), **given).pk == first.pk
    due = find(first, AREA)
    assert due is not None and first.next_due is not None and first.next_due.year == clock.today().year + 3
    with pytest.raises(BadInput):
        ahead = {**given, "assessed_on": clock.today() + dt.timedelta(days=1)}
        services.record_area_assessment(actor=plant.actor("city"), **ahead)
    with clock.moved_to(clock.now() + dt.timedelta(days=900)):
        again = services.record_area_assessment(
            actor=plant.actor("city"), **{**given, "assessed_on": clock.today(), "colour": "yellow"}
        )
        assert find(first, AREA) is None and find(again, AREA) is not None
    assert AreaAssessment.plain.count() == 2 and list(selectors.area_assessments(plant.actor("far"))) == []


def test_risks_follow_their_site(plant: Plant) -> None:
    from anlan.kernel.regions.models import Region

    point = plant.in_force()
    other = Region.objects.get(name="西山县")
    act("registry.move_site")(actor=SYSTEM, site=plant.site.pk, region=other, reason="区划调整")
    moved = public.carry_risks(SYSTEM, from_site=plant.site.pk, to_site=plant.site.pk, why="区划调整")
    assert moved == 1 and fresh(point).region_path == other.path
    assert {m.region_path for m in Measure.plain.all()} == {other.path} == {r.region_path for r in Register.plain.all()}
    assert selectors.why(plant.actor("far"), place(plant, "far")).whole.total == 1
    assert public.carry_risks_of_unit(SYSTEM, holder=plant.site.holder, why="x") == 1
    due = find(Register.plain.get(), REVIEW)
    assert due is not None and due.region_path == other.path
