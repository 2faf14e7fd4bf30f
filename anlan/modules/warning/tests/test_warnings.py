"""Warnings: proposed, issued, acknowledged, answered, withdrawn, expired; their effect."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from anlan.kernel import clock
from anlan.kernel.deadlines.selectors import due_for
from anlan.kernel.errors import BadInput, BadInputs, NotAllowed, NotFound, WrongStep
from anlan.kernel.journal.record import about
from anlan.kernel.notify.models import Message
from anlan.modules.warning import services
from anlan.modules.warning.models import EarlyWarning, IndexDay, Notice
from anlan.modules.warning.tasks import watch
from anlan.modules.warning.tests.conftest import NOON, SYSTEM, Scene


def facts(row: Any) -> list[str]:
    """The journal of a record, oldest first, without what deadlines say."""
    return [e.fact_type.split(".")[1] for e in reversed(about(row)) if e.fact_type.startswith("warning.")]


def told(scene: Scene, name: str) -> int:
    return Message.objects.filter(user=scene.users[name]).count()


def proposed(scene: Scene, level: str = "orange") -> EarlyWarning:
    """The town's index is set to a level, and the clock proposes."""
    services.reckon_indexes(actor=SYSTEM)
    row = scene.index(scene.town)
    IndexDay.plain.filter(pk=row.pk).update(level=level, value=72)
    made: EarlyWarning = services.propose_warning(actor=SYSTEM, index=row.pk)
    return made


def test_the_index_proposes_once_and_more_when_it_rises(scene: Scene) -> None:
    first = proposed(scene, "yellow")
    assert (first.state, first.level, first.place, first.region_path) == (
        "proposed",
        "yellow",
        "城南镇",
        scene.town.path,
    )
    assert proposed(scene, "yellow").pk == first.pk and EarlyWarning.plain.count() == 1
    risen = proposed(scene, "red")
    assert (risen.pk, risen.level) == (first.pk, "red")
    assert facts(first) == ["WarningProposed", "WarningProposed"]
    assert told(scene, "town_officer") == 2 and told(scene, "county_officer") == 0 and told(scene, "unit_safety") == 0


def test_below_the_level_nothing_is_proposed(scene: Scene) -> None:
    assert proposed(scene, "blue") is None and not EarlyWarning.plain.exists()


def test_a_proposal_is_issued_with_words_and_goes_to_the_town(scene: Scene) -> None:
    warning, officer = proposed(scene), scene.actor("town_officer")
    with pytest.raises(BadInput) as why:
        services.issue_proposed(actor=officer, warning=warning.pk, level="orange", text=" ", until=clock.today())
    assert why.value.column == "text"
    services.issue_proposed(
        actor=officer, warning=warning.pk, level="yellow", text="停止动火", until=clock.today() + dt.timedelta(days=2)
    )
    warning.refresh_from_db()
    assert (warning.state, warning.level, warning.told, warning.issuer) == (
        "issued",
        "yellow",
        1,
        scene.users["town_officer"],
    )
    notice = scene.notice(warning, "城南镇")
    assert (notice.state, notice.answer_by) == ("sent", clock.today() + dt.timedelta(days=1))
    assert facts(warning) == ["WarningProposed", "WarningIssued"] and facts(notice) == ["NoticeSent"]


def test_a_proposal_falls_with_the_index_or_is_dismissed(scene: Scene) -> None:
    first = proposed(scene)
    watch()
    first.refresh_from_db()
    assert (first.state, first.reason) == ("dismissed", "预警指数已低于建议等级"), "reckoned anew it stands for nothing"
    with clock.moved_to(NOON + dt.timedelta(days=2)):
        second = proposed(scene)
        assert second.pk != first.pk
        services.dismiss_warning(actor=scene.actor("town_officer"), warning=second.pk, reason="已现场核实")
        services.dismiss_warning(actor=scene.actor("town_officer"), warning=second.pk, reason="已现场核实")
        assert facts(second) == ["WarningProposed", "ProposalDropped"]
        assert proposed(scene).pk == second.pk, "not again within a day"


def test_a_warning_by_hand_settles_what_was_proposed_for_the_place(scene: Scene) -> None:
    proposal, officer = proposed(scene), scene.actor("town_officer")
    elsewhere = scene.issued(region=scene.county)
    proposal.refresh_from_db()
    assert proposal.state == "proposed", "the county's warning decides nothing for the town"
    issued = scene.issued(region=scene.town, level="yellow")
    proposal.refresh_from_db()
    assert (proposal.state, proposal.ended_at) == ("dismissed", clock.now())
    assert proposal.reason == f"已另行发布预警 {issued.number}"
    assert facts(proposal) == ["WarningProposed", "ProposalSettled"]
    assert facts(issued) == facts(elsewhere) == ["WarningIssued"]
    assert about(proposal)[0].data["number"] == issued.number
    assert scene.issued(region=scene.town, level="yellow").pk == issued.pk
    with pytest.raises(WrongStep):
        services.issue_proposed(
            actor=officer, warning=proposal.pk, level="orange", text="停止动火", until=clock.today()
        )
    assert proposed(scene).pk == proposal.pk, "not again within a day"


def test_a_warning_by_hand_goes_one_level_down_with_two_days(scene: Scene) -> None:
    warning = scene.issued()
    assert scene.issued().pk == warning.pk, "the same again"
    assert sorted(Notice.plain.values_list("to", flat=True)) == ["城北镇", "城南镇"]
    due = {(d.kind, d.due_at.date().isoformat()) for d in due_for(scene.actor("town_officer"))}
    assert due == {("warning.acknowledge", "2026-11-21"), ("warning.report", "2026-11-23")}
    assert told(scene, "town_officer") == 1 and told(scene, "unit_safety") == 0


def test_units_at_risk_are_told_when_asked_for(scene: Scene) -> None:
    services.reckon_indexes(actor=SYSTEM)
    IndexDay.plain.filter(about="unit").update(level="orange")
    assert scene.issued(units=True).told == 3
    assert told(scene, "unit_safety") == 1 and told(scene, "unit_worker") == 0


def test_a_warning_for_a_unit_goes_to_it_and_its_town(scene: Scene) -> None:
    warning = scene.issued(region=None, unit=scene.unit.pk, level="red")
    assert sorted(n.to for n in Notice.plain.filter(warning=warning)) == ["城南镇", "安州水产冷冻厂"]
    notice = scene.notice(warning, "安州水产冷冻厂")
    assert (notice.holder, notice.answer_by) == (scene.unit.holder, clock.today())
    assert due_for(scene.actor("unit_safety")).count() == 2


def test_acknowledged_and_answered_by_whom_it_went_to(scene: Scene) -> None:
    notice = scene.notice(scene.issued(), "城南镇")
    with pytest.raises(NotFound):
        services.acknowledge_notice(actor=scene.actor("other_town"), notice=notice.pk)
    with pytest.raises(NotAllowed):
        services.acknowledge_notice(actor=scene.actor("leader"), notice=notice.pk)
    officer = scene.actor("town_officer")
    services.acknowledge_notice(actor=officer, notice=notice.pk)
    services.acknowledge_notice(actor=officer, notice=notice.pk)
    assert {d.kind for d in due_for(officer)} == {"warning.report"}
    services.report_measures(actor=officer, notice=notice.pk, measures="已检查三家企业")
    services.report_measures(actor=officer, notice=notice.pk, measures="已检查三家企业")
    notice.refresh_from_db()
    assert (notice.state, notice.acknowledger, notice.reporter) == ("reported", officer_of(scene), officer_of(scene))
    assert facts(notice) == ["NoticeSent", "NoticeAcknowledged", "MeasuresReported"] and not due_for(officer).exists()


def officer_of(scene: Scene) -> Any:
    return scene.users["town_officer"]


def test_reporting_acknowledges_and_needs_words(scene: Scene) -> None:
    notice, officer = scene.notice(scene.issued(), "城南镇"), scene.actor("town_officer")
    with pytest.raises(BadInputs):
        services.report_measures(actor=officer, notice=notice.pk, measures="  ")
    notice.refresh_from_db()
    assert notice.state == "sent" and notice.acknowledged_at is None
    services.report_measures(actor=officer, notice=notice.pk, measures="已停产")
    notice.refresh_from_db()
    assert notice.state == "reported" and notice.acknowledged_at is not None


def test_withdrawn_with_its_effect(scene: Scene) -> None:
    scene.raised("high_high")
    services.reckon_indexes(actor=SYSTEM)
    warning = scene.issued()
    services.acknowledge_notice(actor=scene.actor("town_officer"), notice=scene.notice(warning, "城南镇").pk)
    with clock.moved_to(NOON + dt.timedelta(days=2)):
        services.report_measures(
            actor=scene.actor("other_town"), notice=scene.notice(warning, "城北镇").pk, measures="已巡查"
        )
        IndexDay.plain.filter(about="region").update(value=12, day=clock.today())
        services.withdraw_warning(actor=scene.actor("county_officer"), warning=warning.pk, reason="险情已消除")
        services.withdraw_warning(actor=scene.actor("county_officer"), warning=warning.pk, reason="险情已消除")
    warning.refresh_from_db()
    assert (warning.state, warning.told, warning.in_time, warning.answered) == ("withdrawn", 2, 1, 1)
    assert (str(warning.value_before), str(warning.value_after)) == ("25.0", "12.0")
    assert set(Notice.plain.values_list("state", flat=True)) == {"ended"}
    assert not due_for(scene.actor("town_officer")).exists()
    assert facts(warning) == ["WarningIssued", "WarningWithdrawn"]


def test_it_expires_after_its_last_day(scene: Scene) -> None:
    warning = scene.issued()
    with clock.moved_to(dt.datetime(2026, 11, 23, 23, 50, tzinfo=clock.CHINA)):
        watch()
        warning.refresh_from_db()
        assert warning.state == "issued", "its last day is one of its days"
    with clock.moved_to(dt.datetime(2026, 11, 24, 0, 12, tzinfo=clock.CHINA)):
        watch()
    warning.refresh_from_db()
    assert (warning.state, warning.in_time) == ("expired", 0) and facts(warning) == ["WarningIssued", "WarningExpired"]


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("region", {"region": None}), ("level", {"level": "pink"}), ("text", {"text": ""}),
     ("until", {"until": dt.date(2026, 11, 1)}), ("until", {"until": dt.date(2027, 11, 1)})],
)  # fmt: skip
def test_a_wrong_warning_names_its_field(scene: Scene, field: str, wrong: dict[str, Any]) -> None:
    with pytest.raises(BadInput) as why:
        scene.issued(**wrong)
    assert why.value.column == field and not EarlyWarning.plain.exists()


def test_one_issues_within_ones_own_reach(scene: Scene) -> None:
    with pytest.raises(NotAllowed):
        scene.issued(region=scene.city)
    with pytest.raises(NotAllowed):
        services.issue_warning(
            actor=scene.actor("leader"), level="blue", text="x", until=clock.today(), region=scene.county
        )
    with pytest.raises(NotFound):
        scene.issued(region=None, unit=99)


def test_what_ended_stays_ended(scene: Scene) -> None:
    warning = scene.issued()
    services.withdraw_warning(actor=scene.actor("county_officer"), warning=warning.pk, reason="已消除")
    notice = scene.notice(warning, "城南镇")
    with pytest.raises(WrongStep):
        services.acknowledge_notice(actor=scene.actor("town_officer"), notice=notice.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        EarlyWarning.plain.filter(pk=warning.pk).update(state="issued")
    with pytest.raises(DatabaseError), transaction.atomic():
        Notice.plain.filter(pk=notice.pk).update(state="sent")
