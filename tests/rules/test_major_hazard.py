"""GB 18218-2018: identification and grading of major hazard installations."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.rules.answer import as_json
from anlan.rules.book import apply
from anlan.rules.gb18218 import COMMON_CLASS, IN_FORCE, SYMBOLS, TABLES, factor, tables
from anlan.rules.major_hazard import Grading, Holding, Installation, major_hazard, regrade
from anlan.rules.refusal import BadInput, NotHeld
from anlan.rules.tables import rows

ON = dt.date(2026, 3, 1)
NAMED = ("液氨", "氯", "光气", "甲醇", "乙醚", "天然气", "液氧", "硫化氢")
tonnes = st.decimals(0, 5000, places=3)
holdings = st.lists(
    st.one_of(
        st.builds(lambda name, t: Holding(substance=name, tonnes=t), st.sampled_from(NAMED), tonnes),
        st.builds(lambda symbol, t: Holding(category=symbol, tonnes=t), st.sampled_from(list(SYMBOLS)), tonnes),
    ),
    min_size=1,
    max_size=6,
)
people = st.integers(0, 300)


def graded(held: list[Holding], exposed: int | None = 120) -> Grading:
    return major_hazard(Installation(holdings=tuple(held), exposed=exposed), ON).value


def one(tonnes: str | int = 1, **sent: Any) -> Grading:
    return apply("major_hazard", {"holdings": [{**sent, "tonnes": tonnes}], "exposed": 120}, ON).value


def fault(**sent: Any) -> BadInput:
    with pytest.raises(BadInput) as caught:
        one(**sent)
    return caught.value


def test_the_tables_are_whole() -> None:
    by = tables()
    assert (len(by.entries), len(by.thresholds), len(by.betas), len(rows("gb18218_table3"))) == (85, 24, 24, 14)
    assert [entry.entry for entry in by.entries] == list(range(1, 86))
    assert set(by.betas) == set(by.thresholds) == set(SYMBOLS)
    assert (by.betas["J2"], factor("液氯").threshold_t) == (1, 5)  # two figures that public copies print wrong
    assert {row["symbol"] for row in rows("gb18218_classes")} <= set(SYMBOLS)


def test_every_gas_of_table_3_but_carbon_monoxide_stands_in_table_1() -> None:
    outside = [row["name"] for row in rows("gb18218_table3") if not tables().names.numbered(row["cas"])]
    assert outside == ["一氧化碳"]


@pytest.mark.parametrize(
    ("sent", "threshold", "beta"),
    [
        ({"substance": "液氨"}, 10, 2),
        ({"cas": "7664-41-7"}, 10, 2),
        ({"substance": "氨 气"}, 10, 2),
        ({"substance": "光气"}, "0.3", 20),
        ({"substance": "天然气"}, 50, "1.5"),
        ({"cas": "8006-14-2"}, 50, "1.5"),
        ({"substance": "氯化氢"}, 20, 3),
        ({"substance": "硝酸铵", "entry": 44}, 50, 1),
        ({"entry": 43}, 5, 2),
        ({"substance": "甲醛（含量＞90％）", "category": "J3"}, 5, 2),
        ({"category": "W5.3"}, 1000, 1),
        ({"category": "W5.4", "substance": "磷酸三甲酯"}, 5000, 1),
        ({"category": "J3", "categories": ["W2"]}, 10, 2),
        ({"categories": ["W5.4", "J5"]}, 500, 1),
        ({"cas": "630-08-0", "category": "W2"}, 10, 2),
        ({"substance": "乙醇", "category": "W5.1"}, 500, "1.5"),
        ({"substance": "氨", "category": "W1.1"}, 10, 2),
    ],
)
def test_what_a_holding_is_reckoned_with(sent: dict[str, Any], threshold: str | int, beta: str | int) -> None:
    share = one(**sent).holdings[0]
    assert (share.threshold_t, share.beta) == (Fraction(threshold), Fraction(beta))


@pytest.mark.parametrize(
    ("sent", "field", "said"),
    [
        ({"substance": "硝酸铵"}, "substance", "entry 43 .*entry 44 "),
        ({"cas": "9004-70-0"}, "cas", "entry 37 .*entry 42"),
        ({"substance": "硝化棉"}, "substance", "entry 37 .*entry 41"),
        ({"substance": "甲醛"}, "substance", r"entry 8 \(甲醛\(含量>90%\)\)"),
        ({"cas": "7697-37-2"}, "cas", "entry 81"),
        ({"substance": "盐酸"}, "category", "is missing: 盐酸 is not named in Table 1.*accepted: J1"),
        ({"cas": "1310-73-2"}, "category", "1310-73-2 is not named in Table 1"),
        ({"cas": "7664-41-8"}, "cas", "check digit"),
        ({"cas": "氨"}, "cas", "check digit"),
        ({"substance": "液氨", "cas": "7782-50-5"}, "cas", "which is not No. 1 氨.*accepted: 7664-41-7"),
        ({"substance": "液氨", "cas": "1310-73-2"}, "cas", "but 液氨 is No. 1"),
        ({"substance": "液氨", "entry": 12}, "substance", "which is not No. 12 氯"),
        ({"entry": 86}, "entry", "is 86; accepted: a whole number from 1 to 85"),
        ({"category": "W12"}, "category", "is 'W12'; accepted: J1, J2"),
        ({}, "substance", "is missing, and so are cas and category"),
        ({"substance": "液氨", "tonnes": -1}, "tonnes", "is -1; accepted: a number"),
        ({"substance": "液氨", "tonnes": "40 吨"}, "tonnes", "accepted: a number"),
        ({"substance": "氟", "tonnes": 1}, "category", "氟 stands in Table 1 but not in Table 3"),
    ],
)
def test_what_is_refused_and_how(sent: dict[str, Any], field: str, said: str) -> None:
    why = fault(**sent)
    assert why.field == f"holdings[0].{field}"
    assert re.search(said, why.reason), why.reason
    assert why.reason.zh


def test_an_empty_unit_and_unknown_exposure_are_refused() -> None:
    with pytest.raises(BadInput, match="holdings: is empty"):
        apply("major_hazard", {"holdings": [], "exposed": 1}, ON)
    with pytest.raises(BadInput, match="exposed: is missing: from S = 1 on"):
        graded([Holding(substance="液氨", tonnes=Decimal(10))], None)
    below = graded([Holding(substance="液氨", tonnes=Decimal(9))], None)
    assert (below.S, below.is_major, below.R, below.level) == (Fraction(9, 10), False, None, None)


def test_below_one_there_is_no_level_however_large_r() -> None:
    value = one(substance="光气", tonnes="0.2999")
    assert (value.is_major, value.level, value.R) == (False, None, 40 * Fraction("0.2999") / Fraction("0.3"))


def test_the_bound_is_exact() -> None:
    """A third and two thirds are one; a billionth of a tonne less is not, and no rounding hides it."""
    thirds = [Holding(category="W3", tonnes=Decimal(50)), Holding(category="W3", tonnes=Decimal(100))]
    assert graded(thirds).is_major
    finding = apply("major_hazard", {"holdings": [{"substance": "氨", "tonnes": "9.999999999"}], "exposed": 0}, ON)
    assert not finding.value.is_major
    assert "(exactly: below 1)" in finding.steps[-2]


@pytest.mark.parametrize(
    ("tonnes", "level"), [("249.999999", 2), (250, 1), ("124.999999", 3), (125, 2), (25, 3), ("24.999999", 4)]
)
def test_the_levels_begin_where_table_6_says(tonnes: str | int, level: int) -> None:
    assert one(substance="液氨", tonnes=tonnes).level == level  # R = 2.0 × 2 × q / 10


def test_actual_quantities_are_said_to_be_no_identification() -> None:
    sent = {"holdings": [{"substance": "液氨", "tonnes": 40, "basis": "actual"}], "exposed": 0, "unit": "storage"}
    finding = apply("major_hazard", sent, ON)
    assert not finding.value.by_design_maximum
    assert any("设计最大量确定" in step.zh for step in finding.steps)
    assert one(substance="液氨").by_design_maximum


def test_tonnes_stand_in_the_working_as_they_are_spoken() -> None:
    sent = {"holdings": [{"substance": "液氨", "tonnes": "1050.000"}], "exposed": 0}
    step = apply("major_hazard", sent, ON).steps[0]
    assert "：1050吨（设计最大量）" in step.zh and ": 1050 t (" in step
    half = apply("major_hazard", {**sent, "holdings": [{"substance": "液氨", "tonnes": "0.500"}]}, ON).steps[0]
    assert "：0.5吨（" in half.zh


def test_a_category_taken_from_common_classification_is_to_be_verified() -> None:
    assumed = apply("major_hazard", {"holdings": [{"substance": "甲醇", "tonnes": 500}], "exposed": 0}, ON)
    given_ = apply(
        "major_hazard", {"holdings": [{"substance": "甲醇", "category": "W5.3", "tonnes": 500}], "exposed": 0}, ON
    )
    assert (COMMON_CLASS in assumed.citations, assumed.settled) == (True, False)
    assert "W5.1" in assumed.steps[0]
    assert (TABLES[4] in given_.citations, given_.settled) == (True, True)
    assert assumed.value.R == given_.value.R == Fraction(1, 2)


def test_before_2019_nothing_is_borrowed() -> None:
    with pytest.raises(NotHeld, match="no text held: 《危险化学品重大危险源辨识》（GB 18218-2009及以前版本）"):
        apply("major_hazard", {"holdings": [{"substance": "液氨", "tonnes": 40}], "exposed": 1}, "2019-02-28")


def test_the_json_is_what_the_form_promises() -> None:
    said = as_json(
        apply("major_hazard", {"holdings": [{"substance": "液氨", "tonnes": 40}], "exposed": 120}, ON), "zh-hans"
    )
    assert {key: said["value"][key] for key in ("S", "is_major", "R", "level", "level_name")} == {
        "S": 4, "is_major": True, "R": 16, "level": 3, "level_name": "三级",
    }  # fmt: skip
    assert [cite["article"] for cite in said["citations"]] == ["式（1）", "表1", "表3", "表5", "式（2）", "表6"]


@given(holdings, people, st.data())
def test_the_order_of_holdings_does_not_matter(held: list[Holding], exposed: int, data: st.DataObject) -> None:
    other = data.draw(st.permutations(held))
    first, second = graded(held, exposed), graded(other, exposed)
    assert (first.S, first.R, first.level) == (second.S, second.R, second.level)


@given(holdings, people, st.decimals(0, 100, places=3))
def test_more_tonnes_never_lower_anything(held: list[Holding], exposed: int, more: Decimal) -> None:
    first = held[0]
    grown = Holding(substance=first.substance, category=first.category, tonnes=first.tonnes + more)
    before, after = graded(held, exposed), graded([grown, *held[1:]], exposed)
    assert after.S >= before.S
    assert after.R is not None
    assert before.R is not None
    assert after.R >= before.R
    assert (after.level or 5) <= (before.level or 5)


@given(holdings, people, st.decimals(0, 1, places=3))
def test_splitting_a_holding_changes_nothing(held: list[Holding], exposed: int, share: Decimal) -> None:
    first = held[0]
    part = (first.tonnes * share).quantize(Decimal("0.000001"))
    parts = [
        Holding(substance=first.substance, category=first.category, tonnes=tonnes)
        for tonnes in (part, first.tonnes - part)
    ]
    whole, split = graded(held, exposed), graded([*parts, *held[1:]], exposed)
    assert (whole.S, whole.R, whole.level) == (split.S, split.R, split.level)


@given(holdings, people, people)
def test_more_people_never_lower_the_level(held: list[Holding], few: int, many: int) -> None:
    few, many = sorted((few, many))
    assert (graded(held, many).level or 5) <= (graded(held, few).level or 5)


@given(st.lists(st.tuples(holdings, people), max_size=4))
def test_regrading_many_agrees_with_the_rule(units: list[tuple[list[Holding], int]]) -> None:
    fast = list(regrade((([(h.factor, h.tonnes) for h in held], exposed) for held, exposed in units), ON))
    slow = [graded(held, exposed) for held, exposed in units]
    assert fast == [(value.S, value.R, value.level) for value in slow]


def test_regrading_where_a_category_is_not_known_says_so() -> None:
    fluorine = factor("氟")
    assert list(regrade([([(fluorine, Decimal(2))], 10)], IN_FORCE)) == [(Fraction(2), None, None)]
    assert list(regrade([([(fluorine, Decimal(0))], 10)], IN_FORCE)) == [(Fraction(0), Fraction(0), None)]
