"""Duties of the planning documents: every row whole, every figure as printed, and how each comes to stand."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.rules.answer import as_json
from anlan.rules.book import apply
from anlan.rules.jurisdictions import DocumentStatus, PlanningDocument, document
from anlan.rules.obligation_outcome import ACCEPTED_NUMBERS, Asked, Fact, Judged, Outcome, obligation_outcome
from anlan.rules.obligations import ASKED, OWNERS, Asks, Every, Measure, Obligation, Owner, obligation, obligations
from anlan.rules.refusal import BadInput

D = dt.date
DUTIES = obligations()
EACH = pytest.mark.parametrize("duty", DUTIES, ids=[duty.id for duty in DUTIES])
# Figures that are not printed as digits: 全部 is 100 %, 24小时 without a gap is 0 hours, a fund is more than 0.
CALENDAR = (Every.DAY, Every.MONTH, Every.QUARTER, Every.HALF_YEAR, Every.YEAR)
READ = {
    ("SO-34", "100"), ("SO-41", "100"), ("SO-42", "0"), ("SO-48", "0"), ("SO-54", "0"), ("SO-61", "100"),
    ("SO-67", "100"), ("SO-73", "100"), ("SO-123", "100"), ("SO-125", "2"),
}  # fmt: skip


def home(duty: Obligation) -> PlanningDocument:
    """The document a duty is judged by: the issued one where there is one."""
    return next((d for d in duty.documents if d.status is DocumentStatus.ISSUED), duty.documents[0])


def ask(duty: str, on: dt.date, *facts: Fact, **more: Any) -> Judged:
    """How a duty stands at its own place; adopted there from the first day where it is a draft."""
    paper = home(obligation(duty))
    if paper.status is DocumentStatus.DRAFT:
        more.setdefault("adopted_from", paper.period_from)
    more.setdefault("jurisdiction", paper.jurisdiction)
    found: Judged = obligation_outcome(Asked(number=duty, facts=facts, **more), on).value
    return found


def fact(name: str, **what: Any) -> Fact:
    return Fact(fact=name, **{k: Decimal(str(v)) if k in ("value", "compared_with") else v for k, v in what.items()})


def good(measure: Measure, day: dt.date) -> Fact:
    """A fact of a day that answers a measure."""
    figure = measure.figure if measure.figure is not None else Decimal(7)
    told: dict[Asks, dict[str, Any]] = {
        Asks.CUT: {"value": 100 - figure, "compared_with": 100},
        Asks.AT_LEAST: {"value": figure}, Asks.AT_MOST: {"value": figure},
        Asks.NEVER_ABOVE: {"value": figure, "compared_with": 7}, Asks.ABOVE: {"value": figure + 1},
        Asks.EXACTLY: {"value": figure}, Asks.RISE: {"value": 2, "compared_with": 1},
        Asks.FALL: {"value": 1, "compared_with": 2}, Asks.DONE: {"done_on": min(day, D(day.year, 3, 31)) if measure.yearly else day},
        Asks.WITHIN: {"begun_on": day, "done_on": day}, Asks.EVERY: {"done_on": day},
        Asks.NONE_WITHIN: {"begun_on": day}, Asks.ABOVE_ASKS: {"value": figure + 1, "done": True},
        Asks.RECORDED: {"value": figure},
    }  # fmt: skip
    return fact(measure.fact, of=day, **told[measure.test])


def bad(measure: Measure, day: dt.date) -> Fact | None:
    """A fact of a day that falls just short of a measure; ``None`` where nothing does."""
    figure = measure.figure if measure.figure is not None else Decimal(7)
    little = Decimal("0.01")
    told: dict[Asks, dict[str, Any] | None] = {
        Asks.CUT: {"value": 100 - figure + little, "compared_with": 100},
        Asks.AT_LEAST: {"value": figure - little}, Asks.AT_MOST: {"value": figure + little},
        Asks.NEVER_ABOVE: {"value": figure + little, "compared_with": 7}, Asks.ABOVE: {"value": figure},
        Asks.EXACTLY: {"value": figure + 1}, Asks.RISE: {"value": 1, "compared_with": 1},
        Asks.FALL: {"value": 1, "compared_with": 1}, Asks.DONE: {"done": False},
        Asks.WITHIN: {"begun_on": D(2000, 1, 1), "done_on": day}, Asks.EVERY: {"done_on": D(2000, 1, 1)},
        Asks.NONE_WITHIN: {"begun_on": day, "done_on": day}, Asks.ABOVE_ASKS: {"value": figure + 1, "done": False},
        Asks.RECORDED: None,
    }  # fmt: skip
    said = told[measure.test]
    return fact(measure.fact, of=day, **said) if said is not None else None


def last_day(duty: Obligation) -> dt.date:
    """A day on which every printed date of a duty falls within its period."""
    return home(duty).period_to or D(2020, 12, 31)


def days(duty: Obligation, measure: Measure) -> dt.date:
    """A day a fact of a measure tells of: its due day where one is printed."""
    return measure.due_day if measure.due_day and (measure.every or duty.every) not in CALENDAR else last_day(duty)


def test_the_tables_are_complete() -> None:
    assert len(DUTIES) == 107
    measures = [m for duty in DUTIES for m in duty.measures]
    assert (len(measures), len({m.fact for m in measures})) == (164, 135)
    assert Counter(d.code for duty in DUTIES for d in duty.documents) == {
        "XN": 31,
        "YX": 29,
        "NH": 19,
        "DG": 17,
        "YJ": 13,
    }
    assert Counter(duty.owner for duty in DUTIES) == {
        Owner.GOVERNMENT: 37, Owner.ENTERPRISE: 36, Owner.PERSON: 11, Owner.DEPARTMENT: 9, Owner.LEADER: 8, Owner.TOWN: 6,
    }  # fmt: skip
    assert Counter(duty.section.value for duty in DUTIES) == {
        "indicator": 23, "leadership": 19, "enterprise": 28, "capacity": 14, "health": 6, "accountability": 9, "milestone": 8,
    }  # fmt: skip
    assert {m.test for m in measures} == set(Asks) == set(ASKED)
    assert set(OWNERS) == set(Owner)


@EACH
def test_every_duty_names_the_facts_that_answer_it(duty: Obligation) -> None:
    assert duty.measures
    assert duty.every or duty.threshold.zh
    for measure in duty.measures:
        assert re.fullmatch(r"[a-z][a-z0-9_]+", measure.fact) and measure.name.zh
        assert measure.figure is not None or measure.test in (
            Asks.DONE, Asks.RISE, Asks.FALL, Asks.NEVER_ABOVE, Asks.NONE_WITHIN,
        )  # fmt: skip
    printed = {m.due_day for m in duty.measures if m.due_day}
    assert printed == set(duty.due_days)


@EACH
def test_every_figure_is_the_printed_one(duty: Obligation) -> None:
    printed = set(re.findall(r"\d+(?:\.\d+)?", f"{duty.threshold.zh} {duty.threshold} {duty.what.zh}"))
    for measure in duty.measures:
        if measure.figure is not None and (duty.id, f"{measure.figure:f}") not in READ:
            assert f"{measure.figure:f}" in printed, measure


@EACH
def test_a_duty_without_facts_has_no_data(duty: Obligation) -> None:
    found = ask(duty.id, last_day(duty))
    assert (found.binding, found.outcome) == (True, Outcome.NO_DATA)
    assert {t.outcome for t in found.tests} <= {Outcome.NO_DATA, None}


@EACH
def test_a_duty_is_met_by_exactly_what_is_printed(duty: Obligation) -> None:
    facts = [good(m, days(duty, m)) for m in duty.measures]
    found = ask(duty.id, last_day(duty), *facts)
    assert found.outcome is Outcome.MET, found.tests
    assert len(found.tests) == len(duty.measures)


@EACH
def test_a_duty_is_not_met_a_hair_short_of_it(duty: Obligation) -> None:
    for short in duty.measures:
        wrong = bad(short, days(duty, short))
        if wrong is None:
            continue
        others = [good(m, days(duty, m)) for m in duty.measures if m.fact != short.fact]
        after = last_day(duty) + dt.timedelta(days=1)
        found = ask(duty.id, after, wrong, *others, period_of=last_day(duty))
        at_once = short.test in (Asks.NEVER_ABOVE, Asks.WITHIN, Asks.EVERY, Asks.NONE_WITHIN)
        # An event, and a draft whose period has no end, print no day after which they are missed.
        bounded = home(duty).period_to is not None and duty.every is not Every.EVENT
        ends = at_once or bounded or short.due or (short.every or duty.every) in (*CALENDAR, Every.STANDING)
        assert found.outcome is (Outcome.MISSED if ends else Outcome.AT_RISK), (short, found.tests)


@pytest.mark.parametrize(
    ("number", "code", "day", "binds"),
    [
        ("SO-01", "441700", D(2016, 1, 1), True), ("SO-01", "441700", D(2015, 12, 31), False),
        ("SO-01", "441702101000", D(2020, 12, 31), True), ("SO-01", "441700", D(2021, 1, 1), False),
        ("SO-01", "441900", D(2018, 1, 1), False), ("SO-01", "440000", D(2018, 1, 1), False),
        ("SO-06", "441900003000", D(2018, 1, 1), True), ("SO-11", "530402", D(2013, 1, 1), True),
        ("SO-30", "441481", D(2019, 1, 1), False), ("SO-20", "440605", D(2022, 1, 1), False),
        ("SO-40", "441700", D(2018, 1, 1), True), ("SO-40", "440605", D(2022, 1, 1), False),
        ("SO-45", "441900", D(2018, 1, 1), True), ("SO-45", "441700", D(2018, 1, 1), True),
    ],
)  # fmt: skip
def test_whom_it_binds_when(number: str, code: str, day: dt.date, binds: bool) -> None:
    found = ask(number, day, jurisdiction=code, adopted_from=None)
    assert (found.binding, found.outcome is None) == (binds, not binds)


def test_adoption_binds_elsewhere_and_makes_a_draft_bind() -> None:
    for day, binds in (
        (D(2018, 12, 31), False),
        (D(2019, 1, 1), True),
        (D(2019, 12, 31), True),
        (D(2020, 1, 1), False),
    ):
        for number in ("SO-01", "SO-30"):
            found = ask(number, day, jurisdiction="441900", adopted_from=D(2019, 1, 1), adopted_to=D(2019, 12, 31))
            assert found.binding is binds, (number, day)
    said = apply("obligation", {"number": "SO-30", "jurisdiction": "441481"}, D(2019, 1, 1))
    assert said.value.draft and not said.value.binding and said.citations[0].note.startswith("draft")


def test_two_checkpoints_are_looked_at_one_after_the_other() -> None:
    def of(day: dt.date, *pairs: tuple[int, int]) -> list[str | None]:
        told = [fact("deaths", of=D(year, 12, 31), value=value, compared_with=100) for year, value in pairs]
        found = ask("SO-01", day, *told, period_of=min(day, D(2020, 12, 31)))
        return [found.outcome and found.outcome.value, *(t.outcome and t.outcome.value for t in found.tests)]

    assert of(D(2017, 12, 31), (2017, 95)) == ["at_risk", "at_risk", None]
    assert of(D(2018, 12, 31), (2018, 94)) == ["met", "met", None]
    assert of(D(2019, 1, 1), (2018, 95)) == ["missed", "missed", "at_risk"]
    assert of(D(2019, 1, 1), (2017, 80)) == ["no_data", "no_data", "met"], "2017 does not tell how 2018 ended"
    assert of(D(2020, 12, 31), (2018, 94), (2020, 90)) == ["met", "met", "met"]
    assert of(D(2021, 1, 1), (2018, 94), (2020, 91)) == ["missed", "met", "missed"]


def test_rhythms_are_judged_by_the_calendar() -> None:
    name = "party_committee_safety_meetings"
    inside = fact(name, of=D(2019, 3, 31), value=1)
    for day, expected in ((D(2019, 3, 31), Outcome.MET), (D(2019, 4, 1), Outcome.NO_DATA)):
        assert ask("SO-30", day, inside).outcome is expected
    none = fact(name, of=D(2019, 3, 31), value=0)
    assert ask("SO-30", D(2019, 3, 31), none).outcome is Outcome.AT_RISK
    assert ask("SO-30", D(2019, 4, 1), none, period_of=D(2019, 3, 1)).outcome is Outcome.MISSED
    drills = ask("SO-58", D(2022, 8, 1), fact("comprehensive_drills", value=1, of=D(2022, 2, 1)),
                 fact("workshop_drills", value=1, of=D(2022, 7, 1)))  # fmt: skip
    assert [(t.due, t.outcome) for t in drills.tests] == [(D(2022, 12, 31), Outcome.MET)] * 2
    halves = ask("SO-58", D(2022, 8, 1), fact("workshop_drills", value=1, of=D(2022, 6, 30)))
    assert halves.tests[1].outcome is Outcome.NO_DATA, "the first half-year says nothing of the second"
    scores = [
        ask("SO-41", D(2019, 4, 1), fact("appraisal_published", done_on=day)) for day in (D(2019, 3, 31), D(2019, 4, 1))
    ]
    assert [s.tests[0].outcome for s in scores] == [Outcome.MET, Outcome.MISSED]


def test_time_that_runs_from_a_day() -> None:
    closed = D(2019, 2, 28)
    name = "rectification_evaluation"
    for on, done, expected in (
        (D(2020, 2, 28), None, Outcome.AT_RISK), (D(2020, 2, 29), None, Outcome.MISSED),
        (D(2020, 6, 1), D(2020, 2, 28), Outcome.MET), (D(2020, 6, 1), D(2020, 2, 29), Outcome.MISSED),
    ):  # fmt: skip
        found = ask("SO-43", on, fact(name, begun_on=closed, done_on=done))
        assert (found.outcome, found.tests[0].due) == (expected, D(2020, 2, 28))
    for on, expected in ((D(2022, 5, 1), Outcome.MET), (D(2022, 5, 2), Outcome.MISSED)):
        assert ask("SO-88", on, fact("enforcement_training_rotation", done_on=D(2019, 5, 1))).outcome is expected
    ban, life = "posts_after_penalty", "posts_after_major_accident"
    found = ask("SO-113", D(2045, 1, 1), fact(ban, begun_on=D(2019, 1, 1), done_on=D(2024, 1, 2)),
                fact(life, begun_on=D(2019, 1, 1), done_on=D(2044, 1, 1)))  # fmt: skip
    assert [t.outcome for t in found.tests] == [Outcome.MET, Outcome.MISSED]
    assert [t.due for t in found.tests] == [D(2024, 1, 1), None]


def test_a_hundred_staff_ask_for_nothing_a_hundred_and_one_do() -> None:
    for staff, done, expected in (
        (100, None, Outcome.MET),
        (101, None, Outcome.NO_DATA),
        (101, True, Outcome.MET),
        (101, False, Outcome.MISSED),
    ):
        found = ask(
            "SO-54", D(2019, 5, 1), fact("employees", value=staff, done=done), fact("high_risk_sector", value=0)
        )
        assert found.outcome is expected, (staff, done)


def test_a_zero_base_a_missing_quota_and_a_day_set_by_the_deployment() -> None:
    assert ask("SO-15", D(2015, 12, 31), fact("deaths_coal", value=0, compared_with=0)).outcome is Outcome.NO_DATA
    quota = [fact("larger_accidents", value=3, compared_with=3), fact("major_accidents", value=0)]
    assert ask("SO-05", D(2018, 6, 1), *quota).outcome is Outcome.MET
    assert ask("SO-05", D(2018, 6, 1), fact("larger_accidents", value=3), quota[1]).outcome is Outcome.NO_DATA
    over = fact("major_accidents", value=1)
    assert ask("SO-05", D(2018, 6, 1), quota[0], over).outcome is Outcome.MISSED, (
        "it cannot be undone before the year ends"
    )
    plan = fact("safety_plan_approved", done_on=D(2019, 4, 2))
    assert ask("SO-50", D(2019, 5, 1), plan).outcome is Outcome.MET, "the text prints no day"
    assert ask("SO-50", D(2019, 5, 1), plan, due_on=D(2019, 3, 31)).outcome is Outcome.MISSED


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"number": "SO-24", "jurisdiction": "441700"}, "number"), ({"number": "SO-1", "jurisdiction": "441700"}, "number"),
        ({"number": "SO-01", "jurisdiction": "44170"}, "jurisdiction"),
        ({"number": "SO-01", "jurisdiction": "991700"}, "jurisdiction"),
        ({"number": "SO-01", "jurisdiction": "441700", "facts": [{"fact": "accidents", "value": 1}]}, "facts[0].fact"),
        ({"number": "SO-01", "jurisdiction": "441700", "facts": [{"fact": "deaths", "value": -1}]}, "facts[0].value"),
        ({"number": "SO-01", "jurisdiction": "441700", "facts": [{"fact": "deaths", "of": "2018-05-02"}]}, "facts[0].of"),
        ({"number": "SO-01", "jurisdiction": "441700", "adopted_to": "2018-05-02"}, "adopted_to"),
        ({"number": "SO-01", "jurisdiction": "441700", "adopted_from": "2018-05-02", "adopted_to": "2018-05-01"}, "adopted_to"),
        ({"jurisdiction": "441700"}, "number"), ({"number": "SO-01"}, "jurisdiction"),
    ],
)  # fmt: skip
def test_what_is_refused_names_the_field(sent: dict[str, Any], field: str) -> None:
    with pytest.raises(BadInput) as why:
        apply("obligation", sent, D(2018, 5, 1))
    assert why.value.field == field and why.value.accepted


def test_the_numbers_that_are_accepted_are_those_there_are() -> None:
    spans = re.findall(r"SO-(\d+) to SO-(\d+)", ACCEPTED_NUMBERS)
    named = [f"SO-{n:02}" for first, last in spans for n in range(int(first), int(last) + 1)]
    assert named == [duty.id for duty in DUTIES]


def test_the_working_is_said_in_both_languages() -> None:
    told = {"fact": "deaths", "of": "2018-12-31", "value": 156, "compared_with": 166}
    found = apply("obligation", {"number": "SO-01", "jurisdiction": "441700", "facts": [told]}, D(2019, 3, 1))
    zh, en = as_json(found, "zh-hans")["steps"], as_json(found)["steps"]
    assert zh[1] == "死亡人数：较基期下降不少于6%，期限2018-12-31；（166－156）÷166＝6.02%：已完成"
    assert en[1] == "deaths: cut against the base by at least 6 %, by 2018-12-31; (166 − 156) ÷ 166 = 6.02 %: met"
    assert str(found.citations[0]) == "《阳江市安全生产“十三五”规划（2016—2020年）（阳府〔2017〕20号）》SO-01"
    assert document("YJ").period_to == found.citations[0].valid_to


WORSE = {Outcome.MET: 0, Outcome.AT_RISK: 1, Outcome.MISSED: 2}
duties = st.sampled_from(DUTIES)
dates = st.dates(D(2011, 1, 1), D(2027, 12, 31))
amounts = st.decimals(0, 200, places=2)
at_least = [(duty, m) for duty in DUTIES for m in duty.measures if m.test is Asks.AT_LEAST and len(duty.measures) == 1]


@given(st.sampled_from(at_least), amounts, amounts, dates)
def test_more_of_what_is_asked_is_never_worse(
    one: tuple[Obligation, Measure], a: Decimal, b: Decimal, on: dt.date
) -> None:
    duty, measure = one
    found = [ask(duty.id, on, fact(measure.fact, value=v), adopted_from=D(2011, 1, 1)).outcome for v in sorted((a, b))]
    if Outcome.NO_DATA not in found:
        less, more = (WORSE[outcome] for outcome in found if outcome is not None)
        assert more <= less


@given(
    st.sampled_from([d for d in DUTIES if any(m.test is Asks.CUT for m in d.measures)]),
    amounts,
    amounts,
    amounts,
    dates,
)
def test_fewer_deaths_are_never_worse(duty: Obligation, base: Decimal, a: Decimal, b: Decimal, on: dt.date) -> None:
    names = {m.fact for m in duty.measures if m.test is Asks.CUT}

    def of(value: Decimal) -> list[Outcome | None]:
        told = [fact(name, value=value, compared_with=base) for name in names]
        return [t.outcome for t in ask(duty.id, on, *told, adopted_from=D(2011, 1, 1)).tests if t.test is Asks.CUT]

    for fewer, more in zip(*(of(value) for value in sorted((a, b))), strict=True):
        assert (fewer in WORSE) is (more in WORSE)
        if fewer in WORSE and more in WORSE:
            assert fewer is not None and more is not None and WORSE[fewer] <= WORSE[more]


@given(duties, dates, dates)
def test_what_is_missed_stays_missed(duty: Obligation, a: dt.date, b: dt.date) -> None:
    early, late = sorted((a, b))
    told = [wrong for m in duty.measures if (wrong := bad(m, early)) is not None]
    before, after = (ask(duty.id, on, *told, period_of=early, adopted_from=D(2011, 1, 1)).tests for on in (early, late))
    for one, other in zip(before, after, strict=True):
        assert one.outcome is not Outcome.MISSED or other.outcome is Outcome.MISSED


@given(duties, st.sampled_from(["441700", "441702", "441900", "441481", "530400", "440605", "110105"]), dates)
def test_nothing_binds_outside_its_place_and_period(duty: Obligation, code: str, on: dt.date) -> None:
    found = ask(duty.id, on, jurisdiction=code, adopted_from=None)
    binding = [
        d for d in duty.documents
        if d.status is DocumentStatus.ISSUED and d.covers(on) and code.startswith(d.jurisdiction.rstrip("0"))
    ]  # fmt: skip
    assert found.binding is bool(binding)
    assert found.binding or (found.outcome is None and not found.tests)
