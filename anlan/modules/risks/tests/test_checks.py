"""The two lines of defence joined: failed measures, hazards that come back, what the flows make of their end."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.apps import apps

from anlan.kernel import clock
from anlan.kernel.deadlines.services import find
from anlan.kernel.errors import BadInput, WrongStep
from anlan.kernel.events.bus import deliver
from anlan.kernel.events.models import EventRow
from anlan.kernel.files.services import files_of
from anlan.modules.risks import public, selectors, services
from anlan.modules.risks.models import ColourChange, HazardTie, MeasureCheck, Register, RiskPoint
from anlan.modules.risks.services._standing import REASSESS, REVIEW
from anlan.modules.risks.tests.conftest import LEC, SYSTEM, Plant, act, fresh, image

Hazard: Any = apps.get_model("hazards.Hazard")


def run(event: str, flow: str) -> None:
    """Let a flow hear of the newest event of a type."""
    row = EventRow.objects.filter(event_type=event).latest("at", "pk")
    assert deliver(str(row.pk), flow)


def fail(plant: Plant, point: Any, who: str = "worker", at: int = 0, note: str = "联锁已被短接") -> MeasureCheck:
    made: MeasureCheck = services.check_measure(
        actor=plant.actor(who), measure=plant.measure(point, at).pk, effective=False, note=note, photos=[image()]
    )
    return made


def test_a_failed_measure_opens_a_hazard_with_its_photo(plant: Plant) -> None:
    point = plant.in_force()
    check = fail(plant, point)
    hazard = Hazard.plain.get()
    assert check.hazard_id == hazard.pk and hazard.source == "self_check" and hazard.by_unit
    assert (
        "联锁已被短接" in hazard.description and "轴封在线监测" in hazard.description and hazard.state == "registered"
    )
    assert files_of(hazard).count() == 1 and files_of(check).count() == 1
    measure = plant.measure(point)
    assert measure.failed and measure.hazard_id == hazard.pk
    assert HazardTie.plain.get().point_id == point.pk and Register.plain.get().failed == 1


def test_an_inspectors_finding_is_no_self_check(plant: Plant) -> None:
    point = plant.in_force()
    check = fail(plant, point, "inspector")
    hazard = Hazard.plain.get()
    assert (hazard.source, hazard.by_unit, check.by_unit) == ("inspection", False, False)


def test_a_second_look_at_a_failed_measure_opens_no_second_hazard(plant: Plant) -> None:
    point = plant.in_force()
    first = fail(plant, point)
    again = fail(plant, point, "inspector", note="仍未恢复联锁")
    assert again.hazard_id == first.hazard_id and Hazard.plain.count() == 1
    with pytest.raises(BadInput) as why:
        services.check_measure(actor=plant.actor("worker"), measure=plant.measure(point).pk, effective=True)
    assert Hazard.plain.get().number in str(why.value)


def test_what_a_check_must_say(plant: Plant) -> None:
    point = plant.in_force()
    with pytest.raises(BadInput) as why:
        fail(plant, point, note="坏")
    assert why.value.column == "note" and not Hazard.plain.exists()
    with pytest.raises(BadInput) as why:
        services.check_measure(
            actor=plant.actor("worker"), measure=plant.measure(point).pk, effective=False, note="联锁失效了",
            photos=[image(name="a.txt", kind="GIF")],
        )  # fmt: skip
    assert not MeasureCheck.plain.exists()


def test_all_effective_leaves_out_what_failed(plant: Plant) -> None:
    point = plant.in_force()
    fail(plant, point)
    assert services.check_all_measures(actor=plant.actor("worker"), point=point.pk) == 3
    assert MeasureCheck.plain.filter(effective=True).count() == 3 and plant.measure(point).failed


def test_a_measure_of_an_old_revision_is_not_checked(plant: Plant) -> None:
    point = plant.in_force()
    old = plant.measure(point)
    services.begin_review(actor=plant.actor("safety"), point=point.pk)
    services.check_measure(actor=plant.actor("worker"), measure=old.pk, effective=True)  # still the one in force
    services.assess_point(actor=plant.actor("safety"), point=point.pk, control_level="company", responsible="何安全")
    services.put_in_force(actor=plant.actor("principal"), point=point.pk)
    with pytest.raises(WrongStep):
        services.check_measure(actor=plant.actor("worker"), measure=old.pk, effective=True)


def test_a_measure_that_failed_during_a_review_has_failed_in_the_next_revision(plant: Plant) -> None:
    point = plant.in_force()
    services.begin_review(actor=plant.actor("safety"), point=point.pk)
    fail(plant, point)
    services.assess_point(actor=plant.actor("safety"), point=point.pk, control_level="company", responsible="何安全")
    services.put_in_force(actor=plant.actor("principal"), point=point.pk)
    assert plant.measure(point).failed and Register.plain.get().failed == 1


def test_the_loop_closes_and_the_measure_is_effective_again(plant: Plant) -> None:
    point = plant.in_force()
    fail(plant, point)
    hazard = Hazard.plain.get()
    principal, safety = plant.actor("principal"), plant.actor("safety")
    act("hazards.assess_own")(actor=principal, hazard=hazard.pk, due=clock.today())
    act("hazards.submit_rectification")(
        actor=safety,
        hazard=hazard.pk,
        measures="恢复联锁并加锁",
        money_spent_yuan="200",
        after=[image(name="after.png")],
    )
    act("hazards.accept_own")(actor=principal, hazard=hazard.pk, opinion="合格")
    act("hazards.close_own")(actor=principal, hazard=hazard.pk)
    run("hazards.HazardClosed", "closed_hazard_restores_measure")
    assert not plant.measure(point).failed and Register.plain.get().failed == 0
    services.check_measure(actor=plant.actor("worker"), measure=plant.measure(point).pk, effective=True)
    act("hazards.reopen_hazard")(actor=plant.actor("town"), hazard=hazard.pk, reason="回头看发现联锁再次短接")
    run("hazards.HazardReopened", "reopened_hazard_fails_measure")
    assert plant.measure(point).failed and plant.measure(point).hazard_id == hazard.pk


def test_hazards_that_come_back_raise_the_level_until_it_is_assessed_again(plant: Plant) -> None:
    point = plant.in_force(residual={"L": "0.5", "E": "6", "C": "15"})  # 45: blue
    assert point.shown == "blue"
    for at in range(2):
        fail(plant, point, at=at)
    assert fresh(point).shown == "blue"
    fail(plant, point, at=2)
    stood = fresh(point)
    assert (stood.shown, stood.raised, stood.residual) == ("yellow", "yellow", "blue")
    change = ColourChange.plain.latest("pk")
    assert change.why == "repeated" and "180日内发现隐患3起，达到3起升级" in [s[1] for s in change.steps]
    assert find(stood, REASSESS) is not None and Register.plain.get().colour == "yellow"
    fail(plant, point, at=3)  # the count begins anew: one more raises nothing
    assert fresh(point).shown == "yellow"
    services.begin_review(actor=plant.actor("safety"), point=point.pk, reason="升级后复评")
    services.assess_point(actor=plant.actor("safety"), point=point.pk, control_level="company", responsible="何安全")
    services.put_in_force(actor=plant.actor("principal"), point=point.pk)
    assert (fresh(point).shown, fresh(point).raised) == ("blue", "") and find(fresh(point), REASSESS) is None


def test_a_raised_point_is_controlled_high_enough(plant: Plant) -> None:
    point = plant.point()
    plant.factor(point, residual={"L": "0.5", "E": "6", "C": "15"})
    services.assess_point(actor=plant.actor("safety"), point=point.pk, control_level="post", responsible="岗位工")
    services.put_in_force(actor=plant.actor("principal"), point=point.pk)
    for at in range(3):
        fail(plant, point, at=at)
    assert fresh(point).control_level == "workshop"


def test_a_withdrawn_hazard_counts_no_longer(plant: Plant) -> None:
    point = plant.in_force()
    fail(plant, point)
    hazard = Hazard.plain.get()
    act("hazards.propose_withdrawal")(actor=plant.actor("town"), hazard=hazard.pk, reason="现场核实不属隐患")
    act("hazards.agree_withdrawal")(actor=plant.actor("city"), hazard=hazard.pk, opinion="同意")
    run("hazards.HazardWithdrawn", "withdrawn_hazard_leaves_risk_point")
    assert not HazardTie.plain.get().counts and not plant.measure(point).failed


def test_a_merged_hazard_leaves_its_point_to_the_one_that_goes_on(plant: Plant) -> None:
    point = plant.in_force()
    fail(plant, point)
    first = Hazard.plain.get()
    twin = act("hazards.find_hazard")(
        actor=plant.actor("inspector"), site=plant.site.pk, description="压缩机轴封监测探头断线"
    )
    act("hazards.merge_hazard")(actor=plant.actor("town"), hazard=first.pk, into=twin.pk, reason="同一处隐患")
    run("hazards.HazardMerged", "merged_hazard_keeps_risk_point")
    assert {(t.hazard_id, t.counts) for t in HazardTie.plain.all()} == {(first.pk, False), (twin.pk, True)}
    measure = plant.measure(point)
    assert measure.failed and measure.hazard_id == twin.pk and Register.plain.get().failed == 1
    assert public.hazard_was_merged(SYSTEM, first.pk, "x") is False  # a second time: nothing
    assert public.hazard_settled(SYSTEM, twin.pk) == 1 and not plant.measure(point).failed
    assert public.hazard_reopened(SYSTEM, twin.pk) == 1 and plant.measure(point).failed


def test_a_hazard_opened_again_fails_the_measure_of_the_revision_in_force(plant: Plant) -> None:
    point = plant.in_force()
    fail(plant, point)
    hazard = Hazard.plain.get()
    public.hazard_settled(SYSTEM, hazard.pk)
    services.begin_review(actor=plant.actor("safety"), point=point.pk)
    services.assess_point(actor=plant.actor("safety"), point=point.pk, control_level="company", responsible="何安全")
    services.put_in_force(actor=plant.actor("principal"), point=point.pk)
    assert public.hazard_reopened(SYSTEM, hazard.pk) == 1
    assert plant.measure(point).failed and plant.measure(point).hazard_id == hazard.pk


def found(plant: Plant, said: str) -> Any:
    """A hazard found on the site."""
    return act("hazards.find_hazard")(actor=plant.actor("inspector"), site=plant.site.pk, description=said)


def test_hazards_known_when_the_point_was_assessed_do_not_raise_it(plant: Plant) -> None:
    with clock.moved_to(clock.now() - dt.timedelta(days=9)):
        known = [found(plant, said) for said in ("压缩机房堆放杂物", "应急照明损坏", "配电箱门缺失")]
    point = plant.in_force()
    for hazard in known:
        services.tie_hazard(actor=plant.actor("inspector"), point=point.pk, hazard=hazard.pk)
    assert HazardTie.plain.filter(counts=True).count() == 3 and fresh(point).raised == ""


def test_what_turned_out_to_be_no_hazard_is_not_tied(plant: Plant) -> None:
    point, hazard = plant.in_force(), found(plant, "压缩机房堆放杂物")
    act("hazards.propose_withdrawal")(actor=plant.actor("town"), hazard=hazard.pk, reason="现场核实不属隐患")
    act("hazards.agree_withdrawal")(actor=plant.actor("city"), hazard=hazard.pk, opinion="同意")
    with pytest.raises(BadInput) as why:
        services.tie_hazard(actor=plant.actor("inspector"), point=point.pk, hazard=hazard.pk)
    assert hazard.number in str(why.value) and not HazardTie.plain.exists()
    assert hazard.pk not in selectors.hazards_of_point(plant.actor("inspector"), point).values_list("pk", flat=True)


def test_the_points_of_a_site_that_closed_colour_no_place_any_more(plant: Plant) -> None:
    point = plant.in_force()
    plant.point("尚未评估")
    services.issue_card(actor=plant.actor("safety"), point=point.pk)
    token = fresh(point).card_token
    act("registry.close_site")(actor=SYSTEM, site=plant.site.pk, since=clock.today(), reason="企业注销")
    run("registry.SiteClosed", "closed_site_strikes_off_risk_points")
    assert set(RiskPoint.plain.values_list("state", flat=True)) == {"closed"} and selectors.card_of(token) is None
    register = Register.plain.get()
    assert (register.points, register.colour, register.review_due) == (0, "", None) and find(register, REVIEW) is None


def test_a_hazard_of_the_site_is_tied_by_hand_once(plant: Plant) -> None:
    point, other = plant.in_force(), plant.in_force("冷库")
    found = act("hazards.find_hazard")(
        actor=plant.actor("inspector"), site=plant.site.pk, description="压缩机房堆放杂物"
    )
    tie = services.tie_hazard(actor=plant.actor("inspector"), point=point.pk, hazard=found.pk)
    assert services.tie_hazard(actor=plant.actor("inspector"), point=point.pk, hazard=found.pk).pk == tie.pk
    with pytest.raises(BadInput) as why:
        services.tie_hazard(actor=plant.actor("inspector"), point=other.pk, hazard=found.pk)
    assert point.name in str(why.value)
    with pytest.raises(BadInput):
        services.tie_hazard(actor=plant.actor("inspector"), point=other.pk, hazard=10**9)


def test_the_measures_kept_by_direct_judgement_are_checked_too(plant: Plant) -> None:
    point = plant.in_force(method="direct", inherent={"past_accident": "true"}, residual={})
    assert point.shown == "red" and LEC
    fail(plant, point)
    assert Hazard.plain.count() == 1
