"""Emergency plans and drills: each number by its clause, the law of 1 November 2024, the calendar halves."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.rules.book import apply
from anlan.rules.citation import NotHeld
from anlan.rules.emergency_plans import Change, Changed, Drill, LastDrill, drill_due, plan_revision
from anlan.rules.plan_parts import PARTS, Plan, PlanHeld, plan_parts
from anlan.rules.refusal import BadInput, RuleBroken

DAY = dt.date(2026, 3, 2)
days = st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 31))


@pytest.mark.parametrize(
    ("step", "number", "unit", "settled"),
    [
        ("filing", 20, "working_days", True),
        ("filing_check", 5, "working_days", False),
        ("assessment", 3, "years", False),
    ],
)
def test_plans(step: str, number: int, unit: str, settled: bool) -> None:
    found = apply("plan_clock", {"step": step, "start": "2026-03-02"})
    assert (found.value.number, found.value.unit, found.citations[0].confidence.settled) == (number, unit, settled)
    with pytest.raises(NotHeld, match="2019年修正前"):
        apply("plan_clock", {"step": step, "start": "2019-08-31"})


@pytest.mark.parametrize(
    ("kind", "last", "due", "strict", "clause"),
    [
        (Drill.HIGH_RISK, "2026-06-30", "2026-12-31", "2026-12-30", "《生产安全事故应急条例》第八条第二款"),
        (Drill.HIGH_RISK, "2026-07-01", "2027-06-30", "2027-01-01", "《生产安全事故应急条例》第八条第二款"),
        (Drill.COMPREHENSIVE, "2026-01-05", "2027-12-31", "2027-01-05", "《生产安全事故应急预案管理办法》第三十三条第一款"),
        (Drill.ON_SITE, "2026-08-31", "2027-06-30", "2027-02-28", "《生产安全事故应急预案管理办法》第三十三条第一款"),
        (Drill.GOVERNMENT, "2024-05-01", "2026-12-31", "2026-05-01", "《生产安全事故应急条例》第八条第一款"),
    ],
)  # fmt: skip
def test_the_next_drill(kind: Drill, last: str, due: str, strict: str, clause: str) -> None:
    day = dt.date.fromisoformat(last)
    found = drill_due(LastDrill(kind=kind, held_on=day), day)
    assert (str(found.value.due), str(found.value.strict), str(found.citations[0])) == (due, strict, clause)


@given(st.sampled_from(list(Drill)), days, st.integers(0, 800))
def test_a_later_drill_never_asks_for_an_earlier_one(kind: Drill, day: dt.date, later: int) -> None:
    other = day + dt.timedelta(days=later)
    first = drill_due(LastDrill(kind=kind, held_on=day), day).value
    second = drill_due(LastDrill(kind=kind, held_on=other), other).value
    assert first.due > day
    assert first.strict > day
    assert second.due >= first.due
    assert second.strict >= first.strict


def test_there_was_no_duty_before_the_regulation() -> None:
    day = dt.date(2019, 3, 31)
    with pytest.raises(RuleBroken, match="no such rule was in force"):
        drill_due(LastDrill(kind=Drill.HIGH_RISK, held_on=day), day)
    with pytest.raises(NotHeld):
        drill_due(LastDrill(kind=Drill.ON_SITE, held_on=day), day)


def test_each_case_of_revision_has_its_item() -> None:
    found = plan_revision(Changed(changes=(Change.OTHER, Change.LAW, Change.LAW)), DAY)
    assert found.value.items == ("第六条第二款第一项", "第六条第二款第六项")
    assert not plan_revision(Changed(changes=()), DAY).value.revise


def test_warnings_have_colours_under_both_laws_and_responses_only_under_the_new_one() -> None:
    for day, clause in (("2024-10-31", "第四十二条第二款"), ("2024-11-01", "第六十三条第二款")):
        found = apply("emergency_level", {"of": "warning", "level": 4}, day)
        assert (found.value.colour.zh, found.citations[0].article) == ("蓝色", clause)
    assert apply("emergency_level", {"of": "response", "level": 2}, "2024-11-01").value.colour is None
    with pytest.raises(RuleBroken):
        apply("emergency_level", {"of": "response", "level": 2}, "2024-10-31")
    with pytest.raises(BadInput, match="level: is 5"):
        apply("emergency_level", {"of": "warning", "level": 5}, DAY)


@pytest.mark.parametrize(("kind", "parts"), [("comprehensive", 7), ("special", 2), ("on_site", 3), ("annexes", 3)])
def test_a_plan_is_complete_when_nothing_is_missing(kind: str, parts: int) -> None:
    of = PARTS[Plan(kind)]
    assert len(of) == parts
    for left_out in of:
        value = plan_parts(PlanHeld(kind=kind, parts=tuple(code for code in of if code != left_out)), DAY).value
        assert (value.missing, value.complete) == ((left_out,), False)
    assert plan_parts(PlanHeld(kind=kind, parts=tuple(of)), DAY).value.complete


def test_a_part_of_another_plan_is_refused() -> None:
    with pytest.raises(
        BadInput, match=r"parts\[0\]: is 'support', no part of a special plan; accepted: command, measures"
    ):
        PlanHeld(kind="special", parts=("support",))
