"""Enforcement: each limit with the number its clause prints, the change of 1 February 2026, money and brackets."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.rules.book import apply
from anlan.rules.citation import Level, NotHeld
from anlan.rules.penalty_bracket import CASES, LAWS, Breach, penalty_bracket
from anlan.rules.penalty_money import Penalised, UnpaidFine, closure_proposal, penalty_surcharge
from anlan.rules.refusal import BadInput, RuleBroken
from anlan.rules.tables import rows

DAY = dt.date(2026, 3, 2)  # a Monday
LAST_OF_15, FIRST_OF_18 = dt.date(2026, 1, 31), dt.date(2026, 2, 1)
BY_ORDER = (
    "filing_urgent", "decision_by_order", "large_penalty_filing", "extension_request", "extension_answer", "recheck",
)  # fmt: skip


def due(rule: str, step: str, start: dt.date = DAY, **more: Any) -> Any:
    return apply(rule, {"step": step, "start": start.isoformat(), **more}, start)


@pytest.mark.parametrize(
    ("rule", "step", "number", "unit", "extended", "clause"),
    [
        ("penalty_clock", "liability", 2, "years", None, "《行政处罚法》第三十六条第一款"),
        ("penalty_clock", "liability_with_harm", 5, "years", None, "《行政处罚法》第三十六条第一款"),
        ("penalty_clock", "preserved_evidence", 7, "working_days", None, "《行政处罚法》第五十六条"),
        ("penalty_clock", "hearing_request", 5, "working_days", None, "《行政处罚法》第六十四条第一项"),
        ("penalty_clock", "hearing_notice", 7, "working_days", None, "《行政处罚法》第六十四条第二项"),
        ("penalty_clock", "decision", 90, "days", None, "《行政处罚法》第六十条"),
        ("penalty_clock", "service", 7, "working_days", None, "《行政处罚法》第六十一条第一款"),
        ("penalty_clock", "payment", 15, "days", None, "《行政处罚法》第六十七条第三款"),
        ("penalty_clock", "cash_to_agency", 2, "working_days", None, "《行政处罚法》第七十一条"),
        ("penalty_clock", "publication", 7, "working_days", None, "《安全生产法》第七十八条第二款"),
        ("penalty_clock", "retraction", 3, "working_days", None, "《行政处罚法》第四十八条第二款"),
        ("coercion_clock", "seizure", 30, "days", "2026-05-01", "《行政强制法》第二十五条第一款"),
        ("coercion_clock", "freeze_service", 3, "working_days", None, "《行政强制法》第三十一条"),
        ("coercion_clock", "freeze", 30, "days", "2026-05-01", "《行政强制法》第三十二条第一款"),
        ("coercion_clock", "demand_wait", 10, "working_days", None, "《行政强制法》第五十四条"),
        ("coercion_clock", "court_application", 3, "months", None, "《行政强制法》第五十三条"),
        ("coercion_clock", "court_acceptance", 5, "working_days", None, "《行政强制法》第五十六条第一款"),
        ("coercion_clock", "court_ruling", 7, "working_days", None, "《行政强制法》第五十七条"),
        ("coercion_clock", "surcharge_enforcement", 30, "days", None, "《行政强制法》第四十六条第一款"),
        ("coercion_clock", "substitute_demand", 3, "working_days", None, "《行政强制法》第五十一条第一款第二项"),
        ("remedy_clock", "review_application", 60, "days", None, "《行政复议法》第二十条第一款"),
        ("remedy_clock", "review_check", 5, "working_days", None, "《行政复议法》第三十条第一款"),
        ("remedy_clock", "review_reply", 10, "working_days", None, "《行政复议法》第四十八条"),
        ("remedy_clock", "review_decision", 60, "days", "2026-06-01", "《行政复议法》第六十二条第一款"),
        ("remedy_clock", "review_decision_simple", 30, "days", None, "《行政复议法》第六十二条第二款"),
        ("remedy_clock", "suit", 6, "months", None, "《行政诉讼法》第四十六条第一款"),
        ("remedy_clock", "suit_after_review", 15, "days", None, "《行政诉讼法》第四十五条"),
        ("transfer_clock", "decision", 3, "days", None, "《行政执法机关移送涉嫌犯罪案件的规定》第五条第二款"),
        ("transfer_clock", "objection", 3, "days", None, "《行政执法机关移送涉嫌犯罪案件的规定》第九条第一款"),
    ],
)  # fmt: skip
def test_the_number_of_each_step_is_the_one_its_clause_prints(
    rule: str, step: str, number: int, unit: str, extended: str | None, clause: str
) -> None:
    found = due(rule, step)
    assert (found.value.number, found.value.unit) == (number, unit)
    assert str(found.value.extended) == str(extended)
    assert str(found.citations[0]) == clause
    assert found.citations[0].confidence.settled


@pytest.mark.parametrize("step", BY_ORDER)
def test_what_only_the_order_sets_is_not_held_from_february_2026(step: str) -> None:
    found = due("penalty_clock", step, LAST_OF_15)
    assert found.citations[0].to_verify
    assert found.citations[0].number == "安监总局令第15号"
    with pytest.raises(NotHeld, match="no text held") as why:
        due("penalty_clock", step, FIRST_OF_18)
    assert why.value.citations[0].number == "应急管理部令第18号"


def test_what_the_law_sets_goes_on_and_says_what_is_missing() -> None:
    for start in (LAST_OF_15, FIRST_OF_18):
        found = due("penalty_clock", "decision", start)
        assert found.citations[0].law == "行政处罚法"
        assert any("令第18号文本未收录" in step.zh for step in found.steps)  # type: ignore[attr-defined]


def test_the_penalty_law_before_its_revision_is_not_held() -> None:
    assert due("penalty_clock", "payment", dt.date(2021, 7, 15)).value.number == 15
    with pytest.raises(NotHeld, match="2017年修正本"):
        due("penalty_clock", "payment", dt.date(2021, 7, 14))


def test_the_large_fine_of_order_15_ends_with_it() -> None:
    sent = {"party": "unit", "fine_yuan": 60_000}
    before, after = apply("penalty_procedure", sent, LAST_OF_15), apply("penalty_procedure", sent, FIRST_OF_18)
    assert (before.value.hearing, after.value.hearing) == (True, None)
    assert not before.settled
    assert after.settled
    given_by_province = apply("penalty_procedure", {**sent, "large_fine_yuan": 100_000}, FIRST_OF_18)
    assert given_by_province.value.hearing is False


@pytest.mark.parametrize(
    ("party", "fine", "spot", "cash"),
    [("person", 200, True, False), ("person", 201, False, False), ("unit", 3000, True, False), ("unit", 3001, False, False),
     ("unit", 100, True, True), ("person", 0, True, False)],
)  # fmt: skip
def test_the_bounds_of_the_simple_procedure_include_the_number(party: str, fine: int, spot: bool, cash: bool) -> None:
    found = apply("penalty_procedure", {"party": party, "fine_yuan": fine}, DAY).value
    assert (found.on_the_spot, found.cash) == (spot, cash)


@given(st.integers(1, 10**9), st.integers(0, 200), st.integers(0, 200))
def test_a_surcharge_grows_by_the_day_and_never_beyond_the_fine(fine: int, late: int, more: int) -> None:
    def of(days: int) -> Decimal:
        asked = UnpaidFine(fine_yuan=Decimal(fine), due=DAY, paid=DAY + dt.timedelta(days=days))
        return penalty_surcharge(asked, DAY).value.surcharge_yuan

    assert 0 <= of(late) <= of(late + more) <= fine
    assert of(34) == fine


def test_a_surcharge_refuses_more_days_stopped_than_late() -> None:
    with pytest.raises(BadInput, match="stopped_days: is 3, of 2 days late"):
        UnpaidFine(fine_yuan=Decimal(1), due=DAY, paid=DAY + dt.timedelta(days=2), stopped_days=3)


@given(
    st.lists(st.dates(dt.date(2025, 1, 1), dt.date(2026, 6, 30)), max_size=8),
    st.dates(dt.date(2025, 1, 1), dt.date(2026, 6, 30)),
)
def test_one_penalty_more_never_undoes_a_closure(days: list[dt.date], another: dt.date) -> None:
    def of(penalties: list[dt.date]) -> Any:
        asked = Penalised(penalties=tuple(penalties), major_hazard=True, day=dt.date(2026, 6, 30))
        return closure_proposal(asked, asked.day).value

    fewer, more = of(days), of([*days, another])
    assert more.in_180_days >= fewer.in_180_days
    assert more.propose >= fewer.propose
    assert more.in_180_days <= more.in_one_year


def test_without_a_major_hazard_closure_is_not_proposed() -> None:
    asked = Penalised(penalties=(DAY,) * 5, major_hazard=False, day=DAY)
    assert not closure_proposal(asked, DAY).value.propose


def test_every_bracket_is_a_range_within_its_law() -> None:
    for row in rows("penalty_brackets"):
        assert row["law"] in LAWS
        assert row["article"].startswith("第")
        assert row["stage"] in ("first", "overdue")
        if row["basis"] == "none":
            assert (row["least"], row["most"]) == ("", "")
            assert row["with_zh"]
        else:
            assert 0 <= int(row["least"]) <= int(row["most"])
    keys = [(row["case"], row["stage"], row["subject"], row["when"]) for row in rows("penalty_brackets")]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("case", CASES)
def test_every_breach_has_a_range_or_a_measure(case: str) -> None:
    answers = 0
    for row in (row for row in rows("penalty_brackets") if row["case"] == case):
        asked = Breach(
            case=case, stage=row["stage"], subject=row["subject"], gains_yuan=Decimal(150_000), income_yuan=Decimal(100_000)
        )  # fmt: skip
        value = penalty_bracket(asked, DAY).value
        assert value.measures or value.most_yuan
        if value.most_yuan is not None:
            assert value.least_yuan <= value.most_yuan
            answers += 1
    assert answers


def test_a_bracket_asks_for_what_it_needs() -> None:
    with pytest.raises(BadInput, match="gains_yuan: is missing"):
        penalty_bracket(Breach(case="aqf-103-1"), DAY)
    with pytest.raises(BadInput, match="income_yuan: is missing"):
        penalty_bracket(Breach(case="aqf-110-2", subject="principal"), DAY)
    with pytest.raises(RuleBroken, match="sets nothing for first responsible; it does for: first unit, overdue"):
        penalty_bracket(Breach(case="aqf-97", subject="responsible"), DAY)
    with pytest.raises(BadInput, match="share_to: is missing"):
        Breach(case="aqf-97", share_from=Decimal(30))
    with pytest.raises(BadInput, match="share_to: is 20, below share_from"):
        Breach(case="aqf-97", share_from=Decimal(30), share_to=Decimal(20))
    with pytest.raises(BadInput, match="aggravated: is true"):
        Breach(case="aqf-97", aggravated=True)


def test_gains_just_below_the_bound_take_the_fixed_range() -> None:
    below = penalty_bracket(Breach(case="aqf-92-2", gains_yuan=Decimal("99999.99")), DAY).value
    assert (below.least_yuan, below.most_yuan) == (100_000, 200_000)
    at = penalty_bracket(Breach(case="aqf-92-2", gains_yuan=Decimal(100_000)), DAY).value
    assert (at.least_yuan, at.most_yuan) == (200_000, 500_000)


def test_the_authoritys_scale_is_cited_as_local() -> None:
    found = penalty_bracket(Breach(case="aqf-99", share_from=Decimal(0), share_to=Decimal(100)), DAY)
    assert (found.value.scaled_least_yuan, found.value.scaled_most_yuan) == (0, 50_000)
    assert Level.LOCAL in [citation.level for citation in found.citations]


def test_a_breach_before_the_law_is_not_judged_by_it() -> None:
    with pytest.raises(NotHeld):
        penalty_bracket(Breach(case="aqf-97"), dt.date(2021, 8, 31))
    with pytest.raises(RuleBroken, match="no such rule was in force"):
        penalty_bracket(Breach(case="mk-64"), dt.date(2024, 4, 30))
