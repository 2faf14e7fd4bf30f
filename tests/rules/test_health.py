"""Occupational health: each number by its clause and its confidence, shares and staff."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.rules.book import apply
from anlan.rules.citation import NotHeld
from anlan.rules.health_clock import Counted, HealthUnit, Share, health_ratio, health_staffing
from anlan.rules.refusal import BadInput, RuleBroken

DAY = dt.date(2026, 3, 2)


@pytest.mark.parametrize(
    ("step", "number", "unit", "confidence", "clause"),
    [
        ("declare_project", 30, "days", "C", "第八条第一项"),
        ("declare_process", 15, "days", "C", "第八条"),
        ("declare_detection", 15, "days", "B", "第八条第四项"),
        ("declare_end", 15, "days", "C", "第九条"),
        ("detection_severe", 1, "years", "B", "第二十条"),
        ("evaluation_severe", 3, "years", "B", "第二十条"),
        ("detection_general", 3, "years", "C", "第二十条"),
        ("detection_highly_toxic", 1, "months", "A", "第二十六条第二款"),
        ("evaluation_highly_toxic", 6, "months", "A", "第二十六条第二款"),
        ("exit_exam", 30, "days", "C", "第十五条"),
        ("exam_counts_as_exit", 90, "days", "C", "第十五条"),
        ("survey", 10, "days", "A", "第四十七条第二款"),
        ("ruling", 30, "days", "A", "第四十八条第二款"),
        ("arbitration", 30, "days", "A", "第四十九条第一款"),
        ("suit", 15, "days", "A", "第四十九条第四款"),
    ],
)  # fmt: skip
def test_each_step_has_its_number_and_its_confidence(
    step: str, number: int, unit: str, confidence: str, clause: str
) -> None:
    found = apply("health_clock", {"step": step, "start": "2026-03-02"})
    citation = found.citations[0]
    assert (found.value.number, found.value.unit) == (number, unit)
    assert (citation.confidence.value, citation.article) == (confidence, clause)


def test_rules_before_their_day_are_not_held() -> None:
    with pytest.raises(NotHeld, match="工作场所职业卫生监督管理规定"):
        apply("health_clock", {"step": "detection_severe", "start": "2021-01-31"})
    with pytest.raises(NotHeld, match="2018年修正前"):
        apply("health_clock", {"step": "survey", "start": "2018-12-28"})


@given(st.sampled_from(list(Share)), st.integers(1, 10**6), st.data())
def test_one_more_complying_never_lowers_the_share(share: Share, required: int, data: st.DataObject) -> None:
    complying = data.draw(st.integers(0, required - 1))
    less = health_ratio(Counted(share=share, complying=complying, required=required), DAY).value
    more = health_ratio(Counted(share=share, complying=complying + 1, required=required), DAY).value
    assert 0 <= less.ratio < more.ratio <= 1
    assert more.met >= less.met


def test_a_target_just_reached_is_met() -> None:
    value = health_ratio(Counted(share="projects_reviewed", complying=7, required=10), DAY).value
    assert (value.ratio, value.met) == (Fraction(7, 10), True)
    assert not health_ratio(Counted(share="projects_reviewed", complying=69, required=100), DAY).value.met


def test_impossible_counts_are_refused() -> None:
    with pytest.raises(BadInput, match="complying: is 3, more than 2 that must"):
        Counted(share="declared", complying=3, required=2)
    with pytest.raises(RuleBroken, match="there is no share"):
        health_ratio(Counted(share="declared", complying=0, required=0), DAY)


@pytest.mark.parametrize(
    ("severe", "employees", "full", "part", "met"),
    [
        (True, 3, 0, 2, False),
        (True, 3, 1, 0, True),
        (False, 100, 0, 1, True),
        (False, 101, 0, 1, False),
        (False, 5, 0, 0, False),
    ],
)
def test_staff(severe: bool, employees: int, full: int, part: int, met: bool) -> None:
    found = health_staffing(HealthUnit(severe=severe, employees=employees, full_time=full, part_time=part), DAY)
    assert found.value.met is met
    assert not found.settled
