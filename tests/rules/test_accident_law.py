"""Fines for accidents, near misses, papers, bans and the cue for transfer: each figure against its clause."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.rules.accident_fine import TIERS, Charged, accident_fine
from anlan.rules.accident_grade import WAN
from anlan.rules.accident_papers import PARTS, Paper, PaperHeld, accident_papers
from anlan.rules.crime_threshold import Harm, crime_threshold
from anlan.rules.driving_time import Drive, driving_time
from anlan.rules.near_miss import Happening, near_miss
from anlan.rules.penalty_bracket import Breach, penalty_bracket
from anlan.rules.post_ban import Banned, Cause, post_ban
from anlan.rules.refusal import BadInput, NotHeld
from anlan.rules.reporting_period import Report, Reported, reporting_period

DAY = dt.date(2026, 3, 1)


def yuan(**given: Any) -> tuple[int, int]:
    found = accident_fine(Charged(**given), DAY).value
    return int(found.least_yuan or 0) // WAN, int(found.most_yuan or 0) // WAN


@pytest.mark.parametrize(
    ("cost", "least", "most"),
    [
        ({"serious_injuries": 2}, 30, 50), ({"direct_loss_yuan": 300 * WAN - 1}, 30, 50),
        ({"serious_injuries": 3}, 50, 70), ({"deaths": 1}, 50, 70), ({"direct_loss_yuan": 300 * WAN}, 50, 70),
        ({"serious_injuries": 5}, 50, 70), ({"serious_injuries": 6}, 70, 100), ({"deaths": 2}, 70, 100),
        ({"direct_loss_yuan": 500 * WAN}, 70, 100), ({"serious_injuries": 9}, 70, 100),
        ({"deaths": 3}, 100, 200), ({"deaths": 9}, 100, 200), ({"deaths": 10}, 200, 1000), ({"deaths": 30}, 1000, 2000),
        ({"serious_injuries": 100}, 1000, 2000), ({"direct_loss_yuan": 5000 * WAN}, 200, 1000),
    ],
)  # fmt: skip
def test_the_units_fine_on_both_sides_of_every_bound(cost: dict[str, Any], least: int, most: int) -> None:
    assert yuan(**cost) == (least, most)


def test_the_parts_of_the_ordinary_grade_cover_the_laws_range_without_a_gap() -> None:
    assert (TIERS[0].least, TIERS[-1].most) == (30 * WAN, 100 * WAN)
    for below, above in pairwise(TIERS):
        assert below.most == above.least
        assert (below.deaths, below.injuries, below.loss_yuan) < (above.deaths, above.injuries, above.loss_yuan)


@pytest.mark.parametrize(
    ("given_", "least", "most", "article"),
    [
        ({"deaths": 1, "liable": "principal"}, 40, 40, "第九十五条第一项"),
        ({"deaths": 3, "liable": "principal"}, 60, 60, "第九十五条第二项"),
        ({"deaths": 10, "liable": "principal"}, 80, 80, "第九十五条第三项"),
        ({"deaths": 30, "liable": "principal"}, 100, 100, "第九十五条第四项"),
        ({"deaths": 1, "liable": "manager"}, 20, 50, "第九十六条"),
        ({"deaths": 1, "liable": "principal", "conduct": "no_rescue"}, 60, 100, "第一百一十条第一款"),
        ({"deaths": 1, "liable": "principal", "conduct": "concealed"}, 60, 100, "第一百一十条第二款"),
        ({"deaths": 1, "liable": "responsible", "conduct": "concealed"}, 60, 100, "第三十六条第一项"),
    ],
)  # fmt: skip
def test_persons_pay_a_share_of_last_years_income(given_: dict[str, Any], least: int, most: int, article: str) -> None:
    found = accident_fine(Charged(**given_, income_yuan=100_000), DAY)
    value = found.value
    assert (value.least_percent, value.most_percent) == (least, most)
    assert (value.least_yuan, value.most_yuan) == (least * 1000, most * 1000)
    assert article in {citation.article for citation in found.citations}
    assert accident_fine(Charged(**given_), DAY).value.least_yuan is None


def test_the_units_fine_is_the_bracket_of_its_clause() -> None:
    for deaths, case in ((3, "aqf-114-2"), (10, "aqf-114-3"), (30, "aqf-114-4")):
        for aggravated in (False, True):
            fine = accident_fine(Charged(deaths=deaths, aggravated=aggravated), DAY).value
            bracket = penalty_bracket(Breach(case=case, aggravated=aggravated), DAY).value
            assert (fine.least_yuan, fine.most_yuan) == (bracket.least_yuan, bracket.most_yuan)


def test_what_is_from_recall_is_marked_and_what_is_not_held_is_not_stretched() -> None:
    found = accident_fine(Charged(deaths=1), DAY)
    assert [c.law for c in found.citations if c.to_verify] == ["生产安全事故罚款处罚规定"]
    before = accident_fine(Charged(deaths=1), dt.date(2024, 2, 29))
    assert (before.value.divided, before.settled) == (False, True)
    with pytest.raises(NotHeld, match="2021年修正前"):
        accident_fine(Charged(deaths=1), dt.date(2021, 8, 31))
    old = accident_fine(Charged(deaths=1, conduct="concealed"), dt.date(2015, 1, 1))  # type: ignore[arg-type]
    assert old.value.most_yuan == 500 * WAN


@given(
    st.integers(0, 40), st.integers(0, 120), st.integers(0, 2 * 10**8),
    st.integers(0, 40), st.integers(0, 120), st.integers(0, 10**8),
)  # fmt: skip
def test_more_harm_never_lowers_the_fine(d: int, i: int, loss: int, d2: int, i2: int, more: int) -> None:
    if d or i or loss:
        less = yuan(deaths=d, serious_injuries=i, direct_loss_yuan=loss)
        worse = yuan(deaths=d + d2, serious_injuries=i + i2, direct_loss_yuan=loss + more)
        assert worse[0] >= less[0] and worse[1] >= less[1] and less[0] < less[1]


@pytest.mark.parametrize(
    ("given_", "field"),
    [
        ({}, "deaths"),
        ({"deaths": 1, "liable": "manager", "conduct": "concealed"}, "liable"),
        ({"deaths": 1, "liable": "unit", "conduct": "no_rescue"}, "liable"),
        ({"deaths": 1, "liable": "principal", "aggravated": True}, "aggravated"),
        ({"deaths": -1}, "deaths"),
    ],
)
def test_a_charge_that_cannot_be_is_refused(given_: dict[str, Any], field: str) -> None:
    with pytest.raises(BadInput) as caught:
        Charged(**given_)
    assert caught.value.field == field
    assert caught.value.accepted


@pytest.mark.parametrize(
    ("given_", "met"),
    [
        ({"at_risk": 9, "trapped_or_missing": 2, "evacuated": 499}, ()),
        ({"at_risk": 10}, ("at_risk",)), ({"trapped_or_missing": 3}, ("trapped_or_missing",)),
        ({"evacuated": 500}, ("evacuated",)), ({"serious_pollution": True}, ("serious_pollution",)),
        ({"key_site": True, "other": True}, ("key_site", "other")),
    ],
)  # fmt: skip
def test_a_near_miss_on_both_sides_of_every_bound(given_: dict[str, Any], met: tuple[str, ...]) -> None:
    found = near_miss(Happening(**given_), DAY).value
    assert (found.met, found.near_miss, found.again_per_day) == (met, bool(met), 1 if met else None)
    with pytest.raises(NotHeld):
        near_miss(Happening(**given_), dt.date(2009, 6, 30))


@given(*(st.integers(0, 1000) for _ in range(6)))
def test_more_people_in_danger_never_unmake_a_near_miss(a: int, t: int, e: int, a2: int, t2: int, e2: int) -> None:
    less = near_miss(Happening(at_risk=a, trapped_or_missing=t, evacuated=e), DAY).value
    more = near_miss(Happening(at_risk=a + a2, trapped_or_missing=t + t2, evacuated=e + e2), DAY).value
    assert set(less.met) <= set(more.met)


@pytest.mark.parametrize(("kind", "number"), [(Paper.REPORT, 6), (Paper.INVESTIGATION_REPORT, 6), (Paper.TEAM, 7)])
def test_papers_have_the_parts_of_their_article(kind: Paper, number: int) -> None:
    whole = accident_papers(PaperHeld(kind=kind, parts=tuple(PARTS[kind])), DAY).value
    assert (whole.required, whole.missing, whole.complete) == (number, (), True)
    with pytest.raises(BadInput, match=r"parts\[0\]"):
        PaperHeld(kind=kind, parts=("command",))


@pytest.mark.parametrize("cause", list(Cause))
def test_a_ban_lasts_five_years_or_for_life(cause: Cause) -> None:
    found = post_ban(Banned(cause=cause, start=DAY), DAY)
    assert found.value.until == (None if found.value.for_life else dt.date(2031, 3, 1))
    assert found.value.for_life == cause.value.startswith("grave")
    assert found.citations[0].article in ("第九十四条第三款", "第一百一十三条", "第九十二条第三款")


@given(*(st.integers(0, 40) for _ in range(4)), st.integers(0, 10**7), st.integers(0, 10**7))
def test_more_harm_never_unmakes_the_cue(d: int, i: int, d2: int, i2: int, loss: int, more: int) -> None:
    less = crime_threshold(Harm(deaths=d, serious_injuries=i, direct_loss_yuan=loss, main_responsibility=True), DAY)  # type: ignore[arg-type]
    worse = crime_threshold(
        Harm(deaths=d + d2, serious_injuries=i + i2, direct_loss_yuan=loss + more, main_responsibility=True),  # type: ignore[arg-type]
        DAY,
    )
    assert less.value.transfer <= worse.value.transfer
    assert less.value.grave <= worse.value.grave
    assert not less.value.grave or less.value.transfer


@pytest.mark.parametrize(
    ("minutes", "night", "within"), [(240, False, True), (241, False, False), (120, True, True), (121, True, False)]
)
def test_driving_has_its_bounds(minutes: int, night: bool, within: bool) -> None:
    assert driving_time(Drive(minutes=minutes, night=night), dt.date(2026, 6, 1)).value.within is within
    assert not driving_time(Drive(minutes=1, rest_minutes=19), dt.date(2026, 6, 1)).value.within
    with pytest.raises(NotHeld):
        driving_time(Drive(minutes=minutes, night=night), dt.date(2026, 4, 30))


@given(st.sampled_from(list(Report)), st.dates(dt.date(2024, 5, 1), dt.date(2040, 12, 31)))
def test_a_day_lies_in_its_period_and_periods_follow_each_other(report: Report, day: dt.date) -> None:
    found = reporting_period(Reported(report=report, day=day), day).value
    assert found.first <= day <= found.last
    next_day = found.last + dt.timedelta(1)
    assert reporting_period(Reported(report=report, day=next_day), next_day).value.first == next_day
