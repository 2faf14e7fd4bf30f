"""From a registered point to an assessment in force, its revisions, and everything that is refused on the way."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from anlan.kernel import clock
from anlan.kernel.codes.services import set_parameter
from anlan.kernel.deadlines.services import find
from anlan.kernel.errors import BadInput, BadInputs, NotAllowed, NotFound, WrongStep
from anlan.kernel.tallies.keeping import compare
from anlan.modules.risks import public, selectors, services
from anlan.modules.risks.models import Assessment, ColourChange, Factor, Measure, Register, RiskPoint
from anlan.modules.risks.services._standing import REVIEW
from anlan.modules.risks.tests.conftest import LEC, SYSTEM, WORDS, Plant, act, fresh


def test_a_point_is_assessed_with_its_working_and_put_in_force(plant: Plant) -> None:
    point = plant.point()
    assert point.number == "FX998801-000001" and point.state == "draft" and (point.lon, point.lat) == (115.2, 24.2)
    factor = plant.factor(point)
    assert (factor.inherent, factor.residual) == ("red", "yellow")
    assert (factor.inherent_score, factor.residual_score) == (540, 90)
    kept = factor.finding["inherent"]
    assert (
        kept["rule"] == "risk_lec"
        and kept["inputs"]["L"] == 6
        and "D＝L × E × C＝6 × 6 × 15＝540" in [s[1] for s in kept["steps"]]
    )
    services.assess_point(actor=plant.actor("safety"), point=point.pk, control_level="company", responsible="何安全")
    assert fresh(point).shown == "" and fresh(point).state == "assessed"
    services.put_in_force(actor=plant.actor("principal"), point=point.pk)
    stood = fresh(point)
    assert (stood.state, stood.shown, stood.inherent, stood.control_level) == ("in_force", "yellow", "red", "company")
    assert stood.accident_classes == ["中毒"]
    change = ColourChange.plain.get(point=point)
    assert (change.before, change.after, change.why) == ("", "yellow", "assessed")
    register = Register.plain.get(site=plant.site)
    assert (register.points, register.assessed, register.colour, register.complete) == (1, 1, "yellow", True)
    due = find(register, REVIEW)
    assert due is not None and due.desk_holder == plant.site.holder and register.review_due is not None
    assert 175 <= (register.review_due - clock.today()).days <= 185
    assert not due.late and "本地规定" in due.basis


@pytest.mark.parametrize(
    ("method", "inherent", "residual", "colours"),
    [
        ("ls", {"L": "4", "S": "5"}, {"L": "2", "S": "5"}, ("red", "yellow")),
        ("mes", {"M": "5", "E": "6", "S": "8"}, {"M": "1", "E": "6", "S": "8"}, ("red", "blue")),
        ("direct", {"major_hazard_installation": "true"}, {}, ("red", "red")),
        ("direct", {"people_in_danger": "10"}, {}, ("red", "red")),
    ],
)
def test_every_method_keeps_its_working(
    plant: Plant, method: str, inherent: dict[str, str], residual: dict[str, str], colours: tuple[str, str]
) -> None:
    factor = plant.factor(plant.point(), method=method, inherent=inherent, residual=residual)
    assert (factor.inherent, factor.residual) == colours
    assert factor.finding["inherent"]["steps"] and factor.finding["inherent"]["clauses"]


@pytest.mark.parametrize(
    ("method", "inherent", "residual", "column"),
    [
        ("lec", {"L": "4", "E": "6", "C": "15"}, LEC["residual"], "inherent_L"),
        ("lec", {"L": "x", "E": "6", "C": "15"}, LEC["residual"], "inherent_L"),
        ("lec", {"L": "3", "E": "6"}, LEC["residual"], "inherent_C"),
        ("lec", LEC["inherent"], {"L": "NaN", "E": "6", "C": "15"}, "residual_L"),
        ("lec", LEC["residual"], LEC["inherent"], "residual"),
        ("ls", {"L": "6", "S": "1"}, {"L": "1", "S": "1"}, "inherent_L"),
        ("ls", {"L": "2.5", "S": "1"}, {"L": "1", "S": "1"}, "inherent_L"),
        ("direct", {"people_in_danger": "9"}, {}, "inherent"),
        ("direct", {"people_in_danger": "many"}, {}, "inherent_people_in_danger"),
        ("hazop", LEC["inherent"], LEC["residual"], "method"),
    ],
)
def test_a_score_that_is_none_is_refused_at_its_value(
    plant: Plant, method: str, inherent: dict[str, str], residual: dict[str, str], column: str
) -> None:
    point = plant.point()
    with pytest.raises((BadInput, BadInputs)) as why:
        plant.factor(point, method=method, inherent=inherent, residual=residual)
    problems = getattr(why.value, "problems", [why.value])
    assert column in [p.column for p in problems]
    assert not Factor.plain.exists() and not Measure.plain.exists()


@pytest.mark.parametrize(
    ("more", "column"),
    [
        ({"accident_class": "踩踏"}, "accident_class"),
        ({"part": " "}, "part"),
        ({"engineering": "", "management": "", "emergency": ""}, "engineering"),
        ({"training": "培训" * 200}, "training"),
    ],
)
def test_what_is_said_of_a_factor_is_checked(plant: Plant, more: dict[str, str], column: str) -> None:
    point = plant.point()
    with pytest.raises(BadInput) as why:
        plant.factor(point, **more)
    assert why.value.column == column


@pytest.mark.parametrize(
    ("more", "column"),
    [
        ({"lon": 115.6, "lat": 24.2}, "lon"),
        ({"lon": 200.0, "lat": 24.2}, "lon"),
        ({"lon": 115.2}, "lat"),
        ({"kind": "cloud"}, "kind"),
        ({"name": "x"}, "name"),
        ({"people": -1}, "people"),
    ],
)
def test_a_point_that_cannot_be_is_refused(plant: Plant, more: dict[str, Any], column: str) -> None:
    with pytest.raises(BadInput) as why:
        plant.point(**more)
    assert why.value.column == column and not RiskPoint.plain.exists()
    if more.get("lon") == 115.6:
        assert "东风村" in str(why.value)


def test_the_same_name_at_the_same_place_is_named(plant: Plant) -> None:
    first = plant.point()
    with pytest.raises(BadInput) as why:
        plant.point()
    assert first.number in str(why.value)
    assert plant.point(place="二车间").pk != first.pk


def test_the_level_of_control_follows_the_colour(plant: Plant) -> None:
    point = plant.point()
    plant.factor(point, residual=LEC["inherent"])
    with pytest.raises(BadInput) as why:
        services.assess_point(actor=plant.actor("safety"), point=point.pk, control_level="team", responsible="班长")
    assert why.value.column == "control_level" and "公司（厂）级" in str(why.value.params["why"])
    assert fresh(point).state == "draft"
    services.assess_point(actor=plant.actor("safety"), point=point.pk, control_level="company", responsible="厂长")
    assert fresh(point).state == "assessed"


def test_an_assessment_without_factors_is_refused(plant: Plant) -> None:
    point = plant.point()
    with pytest.raises(BadInput):
        services.assess_point(actor=plant.actor("safety"), point=point.pk, control_level="company", responsible="厂长")


def test_a_settled_assessment_is_never_edited_but_superseded(plant: Plant) -> None:
    point = plant.in_force()
    factor = Factor.plain.get()
    with pytest.raises(WrongStep):
        services.change_factor(actor=plant.actor("safety"), row=factor.pk, method="lec", **WORDS, **LEC)
    for attempt in (
        lambda: Factor.plain.filter(pk=factor.pk).update(residual="blue"),
        lambda: factor.delete(),
        lambda: Measure.plain.update(text="无"),
        lambda: Assessment.plain.update(residual="blue"),
        lambda: Measure(assessment_id=point.assessment_id, factor=factor, kind="training", text="x",
                        region_path=point.region_path).save(),
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
    services.begin_review(actor=plant.actor("safety"), point=point.pk, reason="半年复评")
    assert fresh(point).shown == "yellow" and fresh(point).assessment_id == point.assessment_id
    copied = Factor.plain.exclude(pk=factor.pk).get()
    assert selectors.measures_of(copied).count() == selectors.measures_of(factor).count() == 4
    services.change_factor(
        actor=plant.actor("safety"), row=copied.pk, method="lec", **WORDS, inherent=LEC["inherent"],
        residual={"L": "0.5", "E": "6", "C": "15"},
    )  # fmt: skip
    services.assess_point(actor=plant.actor("safety"), point=point.pk, control_level="team", responsible="何安全")
    services.put_in_force(actor=plant.actor("principal"), point=point.pk)
    stood = fresh(point)
    assert stood.shown == "blue" and stood.assessment.number == 2 and stood.control_level == "team"
    old = Assessment.plain.get(pk=point.assessment_id)
    assert old.superseded_at is not None and old.residual == "yellow"
    assert [c.after for c in ColourChange.plain.order_by("pk")] == ["yellow", "blue"]


def test_a_returned_assessment_stays_on_record_and_its_copy_lies_on_the_table(plant: Plant) -> None:
    point = plant.point()
    plant.factor(point)
    safety, principal = plant.actor("safety"), plant.actor("principal")
    services.assess_point(actor=safety, point=point.pk, control_level="company", responsible="何安全")
    with pytest.raises(NotAllowed):
        services.return_assessment(actor=safety, point=point.pk, reason="再看看")
    with pytest.raises(BadInput):
        services.return_assessment(actor=principal, point=point.pk, reason=" ")
    services.return_assessment(actor=principal, point=point.pk, reason="措施不全")
    assert fresh(point).state == "under_review" and Assessment.plain.filter(point=point).count() == 2
    services.assess_point(actor=safety, point=point.pk, control_level="company", responsible="何安全")
    services.put_in_force(actor=principal, point=point.pk)
    assert fresh(point).assessment.number == 2


def test_only_the_unit_keeps_its_points(plant: Plant) -> None:
    point = plant.in_force()
    with pytest.raises(NotAllowed):
        services.begin_review(actor=plant.actor("worker"), point=point.pk)
    with pytest.raises(NotAllowed):
        services.begin_review(actor=plant.actor("town"), point=point.pk)
    with pytest.raises(NotFound):
        services.check_all_measures(actor=plant.actor("far"), point=point.pk)
    assert list(selectors.points(plant.actor("far"))) == [] and selectors.points(plant.actor("city")).count() == 1


def test_doing_it_twice_does_nothing(plant: Plant) -> None:
    point = plant.point()
    factor = plant.factor(point)
    version = fresh(point).version
    services.change_factor(actor=plant.actor("safety"), row=factor.pk, method="lec", **WORDS, **LEC)
    services.change_point(
        actor=plant.actor("safety"),
        point=point.pk,
        name=point.name,
        kind="place",
        identification="jha",
        lon=115.2,
        lat=24.2,
    )
    assert fresh(point).version == version
    services.change_point(
        actor=plant.actor("safety"), point=point.pk, name="氨机房", kind="place", identification="scl"
    )
    assert fresh(point).name == "氨机房" and fresh(point).version == version + 1


def test_a_point_struck_off_counts_no_longer(plant: Plant) -> None:
    point = plant.in_force()
    services.issue_card(actor=plant.actor("safety"), point=point.pk)
    assert selectors.card_of(fresh(point).card_token) is not None
    token = fresh(point).card_token
    services.close_point(actor=plant.actor("principal"), point=point.pk, reason="设备拆除")
    stood = fresh(point)
    assert (stood.state, stood.shown, stood.card_token) == ("closed", "", "")
    assert selectors.card_of(token) is None
    register = Register.plain.get(site=plant.site)
    assert (register.points, register.colour, register.review_due) == (0, "", None)
    assert find(register, REVIEW) is None
    with pytest.raises(WrongStep):
        services.change_point(
            actor=plant.actor("safety"), point=point.pk, name="x1", kind="place", identification="jha"
        )


def test_a_region_that_adopted_another_cycle_is_followed_and_named(plant: Plant) -> None:
    set_parameter(
        actor=SYSTEM,
        code="risks.review_months",
        region=plant.county,
        value=3,
        valid_from=clock.today(),
        basis="临安委〔2026〕3号",
    )
    plant.in_force()
    register = Register.plain.get()
    due = find(register, REVIEW)
    assert register.review_due is not None and (register.review_due - clock.today()).days <= 93
    assert due is not None and "临安委〔2026〕3号" in due.basis
    with clock.moved_to(clock.now() + dt.timedelta(days=1)):
        set_parameter(
            actor=SYSTEM,
            code="risks.review_months",
            region=plant.county,
            value=0,
            valid_from=clock.today(),
            basis="不再执行",
        )
        plant.in_force("冷库")
    assert Register.plain.get().review_due is None and find(register, REVIEW) is None


def test_a_point_struck_off_with_its_site_is_taken_back_when_that_reopens(plant: Plant) -> None:
    point, bare = plant.in_force(), plant.point("从未评估处")
    principal = plant.actor("principal")
    close, reopen = act("registry.close_site"), act("registry.reopen_site")
    close(actor=SYSTEM, site=plant.site.pk, since=clock.today(), reason="关停退出")
    assert public.strike_off_points(SYSTEM, site_id=plant.site.pk, reason="关停退出") == 2
    with pytest.raises(BadInput, match="reopened first"):
        services.reinstate_point(actor=principal, point=point.pk, reason="复产")
    with clock.moved_to(clock.now() + dt.timedelta(days=1)):
        reopen(actor=SYSTEM, site=plant.site.pk, since=clock.today(), reason="复产验收合格")
        with pytest.raises(NotAllowed):
            services.reinstate_point(actor=plant.actor("safety"), point=point.pk, reason="复产")
        revisions = Assessment.plain.filter(point=point).count()
        for _twice in range(2):
            services.reinstate_point(actor=principal, point=point.pk, reason="复产")
        services.reinstate_point(actor=principal, point=bare.pk, reason="复产")
    point.refresh_from_db()
    bare.refresh_from_db()
    assert (point.state, point.shown, point.closed_at, bare.state) == ("under_review", point.residual, None, "draft")
    assert Assessment.plain.filter(point=point).count() == revisions + 1, "what was in force lies on the table"
    assert Register.plain.get(site=plant.site).points == 2
    assert compare(["risks"]) == []
