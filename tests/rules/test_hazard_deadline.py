"""The clocks of hazards: each with its clause, its confidence, and what happens where the law is silent."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.rules import hazard_deadline as clocks
from anlan.rules.citation import Level, NotHeld
from anlan.rules.hazard_grade import (
    DEFINITIONS,
    PLAN_ITEMS,
    REPORT_ITEMS,
    REPORT_RECEIVERS,
    SETTLED_ITEMS,
    Grade,
    missing_plan_items,
    missing_report_items,
    missing_report_receivers,
    missing_settled_items,
)

DAY = dt.date(2026, 3, 2)
LOCAL = Level.LOCAL


@pytest.mark.parametrize(
    ("quarter", "due"), [(1, "2026-04-15"), (2, "2026-07-15"), (3, "2026-10-15"), (4, "2027-01-15")]
)
def test_quarterly_statistics(quarter: int, due: str) -> None:
    finding = clocks.quarterly_statistics_due(2026, quarter)
    assert finding.value == dt.date.fromisoformat(due)
    assert not finding.settled
    assert "待核实" in str(finding.citations[0])


def test_yearly_statistics_and_its_refusals() -> None:
    assert clocks.yearly_statistics_due(2025).value == dt.date(2026, 1, 31)  # a Saturday: reports do not roll
    for wrong in (0, 5):
        with pytest.raises(ValueError, match="quarter"):
            clocks.quarterly_statistics_due(2026, wrong)
    with pytest.raises(NotHeld):
        clocks.yearly_statistics_due(2006)


def test_the_law_gives_no_number_for_reporting_a_major_hazard() -> None:
    finding = clocks.report_major_due(DAY)
    assert finding.value == DAY + dt.timedelta(days=1)
    assert [c.level for c in finding.citations] == [Level.NATIONAL, LOCAL]
    assert finding.settled
    assert any("未规定具体日数" in step.zh for step in finding.steps)  # type: ignore[attr-defined]
    assert clocks.report_major_due(DAY, local_days=0).value == DAY


def test_the_duty_to_report_is_cited_as_it_stood_that_day() -> None:
    assert clocks.report_major_due(dt.date(2021, 9, 1)).citations[0].law == "安全生产法"
    old = clocks.report_major_due(dt.date(2021, 8, 31))
    assert old.citations[0].law == "安全生产事故隐患排查治理暂行规定"
    assert not old.settled
    with pytest.raises(NotHeld):
        clocks.report_major_due(dt.date(2008, 1, 31))


def test_the_order_governs_then_the_plan_then_the_local_default() -> None:
    order, plan = dt.date(2026, 3, 10), dt.date(2026, 4, 1)
    by_order = clocks.rectification_due(order, plan, DAY)
    assert (by_order.value, by_order.citations[0].law) == (order, "安全生产法")
    assert "以文书为准" in by_order.steps[1].zh  # type: ignore[attr-defined]
    assert len(clocks.rectification_due(order, order, DAY).steps) == 1
    by_plan = clocks.rectification_due(None, plan, DAY)
    assert (by_plan.value, by_plan.citations[0].article) == (plan, "第十五条")
    default = clocks.rectification_due(None, None, DAY)
    assert (default.value, [c.level for c in default.citations]) == (dt.date(2026, 3, 17), [LOCAL])
    assert clocks.rectification_due(None, None, DAY, local_default_days=7).value == dt.date(2026, 3, 9)
    assert default.inputs["provisional"] is False


@pytest.mark.parametrize(
    ("ordered", "plan"), [(dt.date(2026, 3, 1), None), (None, dt.date(2026, 3, 1)), (DAY, dt.date(2026, 3, 1))]
)
def test_a_limit_before_the_hazard_was_found_is_refused_in_both_languages(
    ordered: dt.date | None, plan: dt.date | None
) -> None:
    with pytest.raises(ValueError, match="lies before") as refused:
        clocks.rectification_due(ordered, plan, DAY)
    assert "早于发现日期2026-03-02" in refused.value.args[0].zh


def test_recheck_changes_with_the_order_in_force() -> None:
    before = clocks.recheck_due(dt.date(2026, 1, 31))
    assert before.value == dt.date(2026, 2, 10)
    assert before.citations[0].valid_to == dt.date(2026, 1, 31)
    after = clocks.recheck_due(dt.date(2026, 2, 1), local_days=5)
    assert after.value == dt.date(2026, 2, 6)
    assert [c.level for c in after.citations] == [Level.NATIONAL, LOCAL]
    assert "not held" in after.citations[0].note
    with pytest.raises(NotHeld, match="第18号"):
        clocks.recheck_due(dt.date(2026, 2, 1))


def test_extensions_rest_on_order_15_only() -> None:
    start, end = clocks.extension_window(dt.date(2025, 6, 30)).value
    assert (end - start).days == 10
    assert clocks.extension_answer_due(dt.date(2025, 6, 23)).inputs["raw"] == dt.date(2025, 6, 28)
    for ask in (clocks.extension_window, clocks.extension_answer_due):
        with pytest.raises(NotHeld, match="第18号"):
            ask(dt.date(2026, 2, 1))


def test_reviews_look_back_and_coal() -> None:
    assert clocks.restart_review_due(DAY).value == dt.date(2026, 3, 12)
    assert not clocks.restart_review_due(DAY).settled
    assert clocks.review_due(DAY, days_local=3).value == dt.date(2026, 3, 5)
    assert clocks.look_back_due(DAY, local_days=60).value == dt.date(2026, 5, 1)
    assert clocks.coal_restart_acceptance_due(DAY).inputs["raw"] == dt.date(2026, 3, 22)
    assert clocks.coal_publication_due(DAY).value == dt.date(2026, 3, 9)
    for ask in (clocks.coal_restart_acceptance_due, clocks.coal_publication_due):
        with pytest.raises(NotHeld):
            ask(dt.date(2024, 4, 30))


def test_rolled_limits_keep_the_raw_day_and_tell_what_is_provisional() -> None:
    finding = clocks.restart_review_due(dt.date(2026, 9, 25))
    assert (finding.value, finding.inputs["raw"]) == (dt.date(2026, 10, 8), dt.date(2026, 10, 5))
    assert [c.law for c in finding.citations] == ["安全生产事故隐患排查治理暂行规定", "民法典"]
    assert clocks.restart_review_due(dt.date(2027, 2, 1)).inputs["provisional"] is True


@pytest.mark.parametrize(
    "ask",
    [
        lambda: clocks.report_major_due(DAY, local_days=-1),
        lambda: clocks.rectification_due(None, None, DAY, local_default_days=-1),
        lambda: clocks.review_due(DAY, days_local=-1),
        lambda: clocks.recheck_due(DAY, local_days=-1),
        lambda: clocks.look_back_due(DAY, local_days=-1),
    ],
)
def test_negative_parameters_are_refused(ask) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match="negative"):
        ask()


def test_local_parameters_are_marked_as_such() -> None:
    assert len({p.code for p in clocks.LOCAL_PARAMETERS}) == 4
    for parameter in clocks.LOCAL_PARAMETERS:
        citation = parameter.citation(parameter.days)
        assert citation.level is LOCAL
        assert str(citation) == f"本地规定：{parameter.label.zh}{parameter.days}日"


@given(st.dates(dt.date(2008, 2, 1), dt.date(2045, 1, 1)), st.integers(0, 365))
def test_no_clock_runs_backwards(found: dt.date, days: int) -> None:
    assert clocks.report_major_due(found, local_days=days).value == found + dt.timedelta(days=days)
    assert clocks.rectification_due(None, None, found, local_default_days=days).value >= found
    for finding in (
        clocks.review_due(found, days_local=days),
        clocks.restart_review_due(found),
        clocks.recheck_due(max(found, dt.date(2016, 1, 1)), local_days=days),
    ):
        assert finding.value >= finding.inputs["raw"] >= found
        assert finding.citations
        assert finding.steps


def test_items_are_the_published_numbers_with_both_languages() -> None:
    assert [len(items) for items in (SETTLED_ITEMS, PLAN_ITEMS, REPORT_ITEMS, REPORT_RECEIVERS)] == [5, 6, 3, 2]
    assert "".join(i.label.zh[:2] for i in SETTLED_ITEMS) == "责任资金措施时限预案"
    assert set(DEFINITIONS) == set(Grade)
    for items in (SETTLED_ITEMS, PLAN_ITEMS, REPORT_ITEMS, REPORT_RECEIVERS):
        assert len({i.code for i in items}) == len(items)
        assert all(i.clause.law and i.label.zh for i in items)


def test_what_is_missing_is_named_in_order() -> None:
    assert missing_plan_items({}) == PLAN_ITEMS
    assert missing_plan_items({i.code: "有" for i in PLAN_ITEMS}) == ()
    assert [
        i.code
        for i in missing_settled_items({"responsibility": "张三", "funds": 0, "measures": "\t", "contingency": []})
    ] == [
        "measures",
        "time_limit",
        "contingency",
    ]
    assert [i.code for i in missing_report_items({"state": "x", "plan": ["a"]})] == ["analysis"]
    assert [i.code for i in missing_report_receivers({"regulator": dt.date(2026, 1, 1), "workers": None})] == [
        "workers"
    ]
