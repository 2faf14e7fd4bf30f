"""The loop through services: the worked journey, separation of duties, returns, evidence."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from anlan.kernel import clock
from anlan.kernel.deadlines.models import Deadline
from anlan.kernel.deadlines.services import find, open_on
from anlan.kernel.deadlines.tasks import sweep
from anlan.kernel.errors import BadInput, BadInputs, NotAllowed, NotFound, RuleBroken, SamePerson, Stale, WrongStep
from anlan.kernel.files.services import files_of
from anlan.kernel.journal.models import Entry
from anlan.modules.hazards import services
from anlan.modules.hazards.models import Hazard
from anlan.modules.hazards.tests.conftest import PLAN, SETTLED, TODAY, Cast, Story, picture

pytestmark = pytest.mark.django_db


def facts(hazard: Hazard) -> list[str]:
    """The types of facts about a hazard, oldest first."""
    rows = Entry.plain.filter(subject_type="hazards.hazard", subject_id=str(hazard.pk)).order_by("id")
    return [e.fact_type.partition(".")[2] for e in rows]


def test_the_worked_journey(cast: Cast, story: Story, fresh: Any) -> None:
    hazard = story.reported(
        proposed_grade="major", description="污水池清淤作业未审批，现场无监护人", category="confined_space"
    )
    assert hazard.number == "YH449801-2026-00001"
    assert (hazard.state, hazard.source, hazard.by_unit) == ("registered", "self_check", True)
    assert hazard.owner_path == cast.regions["townA"].path
    assert hazard.due_kind == "assess"
    assert files_of(hazard).get().purpose == "before"

    services.return_report(actor=cast.town, hazard=hazard, reason="请补充部位")
    assert find(hazard, "supplement").desk_holder == hazard.holder
    services.resubmit_report(actor=cast.worker, hazard=hazard, place="污水池")
    assert fresh(hazard).place == "污水池"

    story.major(hazard)
    hazard = fresh(hazard)
    assert hazard.state == "planning"
    assert (hazard.clause_set, hazard.clause_version, hazard.clause_code) == ("industry_trade", "2023", "13(2)")
    assert "第十三条第（二）项" in hazard.clause
    assert hazard.reported_regulator_on == TODAY
    assert {d.kind for d in open_on(hazard)} == {"submit_plan", "report_major"}

    story.approved(story.planned(hazard))
    hazard = fresh(hazard)
    assert (hazard.state, hazard.rectify_due) == ("rectifying", dt.date(2026, 3, 31))
    assert hazard.rectify_basis == "《安全生产事故隐患排查治理暂行规定》第十五条"

    listing = services.list_hazard(
        actor=cast.county, hazard=hazard, level="county", leader_name="王五", leader_title="副县长",
        due_on=dt.date(2026, 4, 10), reason="长期未整改", leader_phone="0753-1234567",
    )  # fmt: skip
    assert listing.number == "GP449801-2026-001"
    assert fresh(hazard).listing_level == "county"

    with clock.moved_to(dt.date(2026, 4, 1)):
        assert sweep() >= 1
        assert find(hazard, "rectify").escalated_path == cast.regions["townA"].path
    assert "DeadlineEscalated" in facts(hazard)
    with clock.moved_to(dt.date(2026, 4, 5)):
        sweep()
        assert find(hazard, "rectify").escalated_path == cast.regions["countyA"].path

    with clock.moved_to(dt.date(2026, 4, 6)):
        assert fresh(hazard).overdue
        story.rectified(hazard)
        with pytest.raises(NotAllowed):
            services.accept_rectification(actor=cast.safety, hazard=hazard, opinion="自己验收")
        services.accept_rectification(actor=cast.town, hazard=hazard, opinion="现场核查合格")
        with pytest.raises(BadInputs) as lacking:
            services.close_hazard(actor=cast.town, hazard=hazard)
        assert set(lacking.value.by_column) == {"reported_workers_on", "evaluated_on"}
        story.complete_major(hazard)
        with pytest.raises(RuleBroken, match="listed"):
            services.close_hazard(actor=cast.town, hazard=hazard)
        services.request_delisting(actor=cast.safety, listing=listing, evaluation="已按方案完成治理")
        services.delist_hazard(actor=cast.county, listing=listing, answer="同意解除")
        services.close_hazard(actor=cast.town, hazard=hazard, opinion="同意销账")

    hazard = fresh(hazard)
    assert (hazard.state, hazard.due_at, hazard.listing_level) == ("closed", None, "")
    assert find(hazard, "recheck").desk_path == cast.regions["townA"].path
    assert facts(hazard)[0] == "HazardRegistered"
    assert "HazardClosed" in facts(hazard)
    closing = Entry.plain.filter(fact_type="hazards.HazardClosed", subject_id=str(hazard.pk)).get()
    assert closing.data["late"] is True

    with clock.moved_to(dt.date(2026, 4, 20)):
        services.recheck_hazard(actor=cast.town2, hazard=hazard, opinion="保持良好")
        assert not Deadline.plain.filter(subject_id=str(hazard.pk), state="open").exists()
        services.reopen_hazard(actor=cast.town, hazard=hazard, reason="监护人再次缺岗")
    hazard = fresh(hazard)
    assert (hazard.state, hazard.reopened, hazard.closed_at) == ("rectifying", 1, None)
    assert hazard.rectify_due == dt.date(2026, 5, 5)


def test_a_unit_settles_its_own_general_hazard(cast: Cast, story: Story, fresh: Any) -> None:
    hazard = story.reported()
    assert find(hazard, "assess").desk_holder == hazard.holder
    services.assess_own(actor=cast.principal, hazard=hazard, due=dt.date(2026, 3, 6))
    story.rectified(hazard)
    services.accept_own(actor=cast.principal, hazard=hazard, opinion="已接地")
    services.close_own(actor=cast.principal, hazard=hazard)
    hazard = fresh(hazard)
    assert hazard.state == "closed"
    services.reopen_hazard(actor=cast.town, hazard=hazard, reason="抽查发现未接地")
    services.regrade_major(actor=cast.town, hazard=hazard, judgement="整体配电系统缺陷", reason="范围扩大")
    assert fresh(hazard).state == "planning"


def test_the_rectifier_never_accepts_even_as_principal(cast: Cast, story: Story) -> None:
    hazard = story.reported()
    services.assess_own(actor=cast.principal, hazard=hazard, due=dt.date(2026, 3, 6))
    services.submit_rectification(
        actor=cast.principal, hazard=hazard, measures="已接地", money_spent_yuan=0, after=[picture("green")]
    )
    assert find(hazard, "review").desk_path == cast.regions["townA"].path
    with pytest.raises(SamePerson):
        services.accept_own(actor=cast.principal, hazard=hazard, opinion="合格")


def test_on_behalf_of_a_unit_without_accounts(cast: Cast, story: Story, fresh: Any) -> None:
    hazard = story.general()
    services.submit_rectification(
        actor=cast.town, hazard=hazard, measures="商户已更换", money_spent_yuan=0, after=[picture("green")]
    )
    with pytest.raises(SamePerson):
        services.accept_rectification(actor=cast.town, hazard=hazard, opinion="合格")
    services.accept_rectification(actor=cast.town2, hazard=hazard, opinion="合格")
    assert fresh(hazard).state == "accepted"


def test_own_steps_are_for_own_findings(cast: Cast, story: Story) -> None:
    hazard = story.found()
    with pytest.raises(RuleBroken, match="found itself"):
        services.assess_own(actor=cast.principal, hazard=hazard, due=TODAY)


def test_plan_lacks_are_all_named(cast: Cast, story: Story) -> None:
    hazard = story.major()
    with pytest.raises(BadInputs) as lacking:
        services.submit_plan(
            actor=cast.safety, hazard=hazard, settled={**SETTLED, "funds": " "}, plan={"goals": "消除"}, plan_due=TODAY
        )
    assert set(lacking.value.by_column) == {
        "settled_funds", "plan_methods", "plan_resources", "plan_people", "plan_time_limit", "plan_safety",
    }  # fmt: skip


def test_photos_are_needed_anew_after_a_return(cast: Cast, story: Story, fresh: Any) -> None:
    hazard = story.rectified(story.general())
    with clock.moved_to(dt.datetime(2026, 3, 3, 9, tzinfo=clock.CHINA)):
        services.return_rectification(actor=cast.town, hazard=hazard, reason="照片不清")
    with clock.moved_to(dt.datetime(2026, 3, 3, 10, tzinfo=clock.CHINA)):
        with pytest.raises(BadInputs) as lacking:
            services.submit_rectification(actor=cast.safety, hazard=hazard, measures="重拍", money_spent_yuan=0)
        assert set(lacking.value.by_column) == {"after"}
        services.add_files(actor=cast.safety, hazard=hazard, purpose="after", files=[picture("yellow")])
        services.submit_rectification(actor=cast.safety, hazard=hazard, measures="重拍", money_spent_yuan=0)
    assert fresh(hazard).returned == 1


def test_who_handed_in_in_time_gets_time_after_a_return(cast: Cast, story: Story, fresh: Any) -> None:
    hazard = story.general(due=dt.date(2026, 3, 6))
    with clock.moved_to(dt.date(2026, 3, 6)):
        story.rectified(hazard)
    with clock.moved_to(dt.date(2026, 3, 10)):
        services.return_rectification(actor=cast.town, hazard=hazard, reason="不彻底")
    assert fresh(hazard).rectify_due == dt.date(2026, 3, 16)  # five days, rolled off a Sunday


def test_who_was_late_stays_late(cast: Cast, story: Story, fresh: Any) -> None:
    hazard = story.general(due=dt.date(2026, 3, 6))
    with clock.moved_to(dt.date(2026, 3, 9)):
        story.rectified(hazard)
        services.return_rectification(actor=cast.town, hazard=hazard, reason="不彻底")
        assert fresh(hazard).overdue
    assert fresh(hazard).rectify_due == dt.date(2026, 3, 6)


def test_an_order_states_the_limit(cast: Cast, story: Story, fresh: Any) -> None:
    hazard = story.general()
    assert fresh(hazard).rectify_basis.startswith("本地规定")
    assert fresh(hazard).rectify_due == dt.date(2026, 3, 17)
    services.order_rectification(actor=cast.town, hazard=hazard, due=dt.date(2026, 3, 9), requirements="停用配电箱")
    first = fresh(hazard)
    assert (first.rectify_due, first.order_number) == (dt.date(2026, 3, 9), "ZG449801-2026-00001")
    assert "第六十五条" in first.rectify_basis
    services.order_rectification(actor=cast.town, hazard=hazard, due=dt.date(2026, 3, 9))
    assert fresh(hazard).version == first.version, "the same order again changes nothing"


def test_double_submission_acts_once(cast: Cast, story: Story) -> None:
    said = {"site": cast.sites["works"], "description": "灭火器过期三个月", "category": "fire"}
    first = services.report_hazard(actor=cast.worker, key="k1", **said)
    again = services.report_hazard(actor=cast.worker, key="k1", **said)
    assert first.pk == again.pk
    assert Hazard.plain.count() == 1


def test_two_people_on_one_record(cast: Cast, story: Story) -> None:
    hazard = story.found()
    services.assess_general(actor=cast.town, hazard=hazard, version=1)
    with pytest.raises(Stale):
        services.assess_major(actor=cast.county, hazard=hazard.pk, judgement="依据条款判定", version=1)


def test_an_open_twin_is_named_and_a_settled_one_makes_a_repeat(cast: Cast, story: Story, fresh: Any) -> None:
    first = story.reported()
    with pytest.raises(BadInput, match=first.number):
        story.reported(description="配电箱未接地，门有缺失", before=[])
    other = story.reported(description="配电箱未接地，门有缺失", before=[], distinct=True)
    services.merge_hazard(actor=cast.town, hazard=other, into=first, reason="同一配电箱")
    assert fresh(other).merged_into_id == first.pk
    story.closed(story.general(first))
    again = story.reported()
    assert again.repeat_of_id == first.pk
    assert story.reported(description="叉车无证驾驶，通道堵塞", category="special_equipment").repeat_of_id is None


def test_withdrawal_needs_a_second_person(cast: Cast, story: Story, fresh: Any) -> None:
    hazard = story.general()
    services.propose_withdrawal(actor=cast.town, hazard=hazard, reason="实为施工临时措施")
    with pytest.raises(SamePerson):
        services.agree_withdrawal(actor=cast.town, hazard=hazard)
    services.refuse_withdrawal(actor=cast.town2, hazard=hazard, reason="仍有风险")
    assert fresh(hazard).state == "rectifying"
    services.propose_withdrawal(actor=cast.town, hazard=hazard, reason="实为施工临时措施")
    services.agree_withdrawal(actor=cast.town2, hazard=hazard)
    hazard = fresh(hazard)
    assert (hazard.state, hazard.due_at) == ("withdrawn", None)
    assert not open_on(hazard)


def test_scope(cast: Cast, story: Story) -> None:
    hazard = story.found()
    assert Hazard.objects.visible_to(cast.grid).filter(pk=hazard.pk).exists()
    for name in ("sibling", "other_county", "stranger", "fireline"):
        assert not Hazard.objects.visible_to(getattr(cast, name)).filter(pk=hazard.pk).exists(), name
        with pytest.raises(NotFound):
            services.assess_general(actor=getattr(cast, name), hazard=hazard)
    with pytest.raises(BadInput, match="jurisdiction"):
        services.report_hazard(actor=cast.stranger, site=cast.sites["works"], description="不是我的场所")


def test_bad_input_names_the_field(cast: Cast, story: Story) -> None:
    with pytest.raises(BadInputs) as bad:
        story.found(description="", found_on="明天", category="不存在")
    assert set(bad.value.by_column) == {"description", "found_on", "category"}
    hazard = story.general()
    with pytest.raises(BadInput, match="yuan"):
        services.submit_rectification(
            actor=cast.safety, hazard=hazard, measures="好", money_spent_yuan="三千", after=[picture("green")]
        )
    with pytest.raises(WrongStep):
        services.close_hazard(actor=cast.town, hazard=hazard)


def test_bad_files_are_named_and_nothing_is_kept(cast: Cast, story: Story) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    with pytest.raises(BadInputs) as bad:
        story.reported(before=[picture(), SimpleUploadedFile("x.exe", b"MZ" + b"0" * 100)])
    assert bad.value.problems[0].column == "before"
    assert not Hazard.plain.exists()


def test_regrading_down_needs_another_person(cast: Cast, story: Story, fresh: Any) -> None:
    hazard = story.major()
    with pytest.raises(SamePerson):
        services.regrade_general(actor=cast.town, hazard=hazard, reason="复核不符合条款")
    services.regrade_general(actor=cast.county, hazard=hazard, reason="复核不符合条款")
    hazard = fresh(hazard)
    assert (hazard.state, hazard.grade, hazard.clause) == ("rectifying", "general", "")
    assert {d.kind for d in open_on(hazard)} == {"rectify"}


def test_a_list_not_held_takes_the_article_as_read(cast: Cast, story: Story, fresh: Any) -> None:
    hazard = story.found()
    with pytest.raises(BadInput, match="clause"):
        services.assess_major(actor=cast.town, hazard=hazard, judgement="条款不存在", clause="industry_trade:99")
    services.assess_major(
        actor=cast.town, hazard=hazard, judgement="燃气管道穿越密闭空间", clause="gas:", clause_printed="第六条"
    )
    assert fresh(hazard).clause.startswith("《城镇燃气经营安全重大隐患判定标准（建城规〔2023〕4号）》第六条")
    assert PLAN
