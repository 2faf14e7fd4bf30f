"""What enters the statistics, how grave an injury is, and the factors of GB/T 13861: both sides of every bound."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.rules.accident_statistics import SECTORS, ForStatistics, Sector, accident_statistics
from anlan.rules.book import RULES
from anlan.rules.hazard_factor import Factor, hazard_factor
from anlan.rules.injury_degree import Injury, injury_degree
from anlan.rules.refusal import BadInput, NotHeld
from anlan.rules.tables import rows

DAY = dt.date(2026, 3, 1)
FEW = st.integers(0, 40)


@pytest.mark.parametrize(
    ("cost", "met"),
    [
        ({"deaths": 1}, ("deaths",)),
        ({"serious_injuries": 1}, ("serious_injuries",)),
        ({"direct_loss_yuan": 1_000_000}, ("direct_loss_yuan",)),
        ({"direct_loss_yuan": 999_999}, ()),
        ({"missing": 1}, ()),
        ({"missing": 1, "count_missing": "as_dead"}, ("deaths",)),
    ],
)
def test_what_is_counted_on_both_sides_of_the_floor(cost: dict[str, Any], met: tuple[str, ...]) -> None:
    found = accident_statistics(ForStatistics(**cost), DAY)
    assert (found.value.met, found.value.counted) == (met, bool(met))
    assert found.citations[0].to_verify


@pytest.mark.parametrize(
    ("kind", "died", "deaths"),
    [("fire", 8, 1), ("fire", 9, 0), ("road_traffic", 9, 0), ("other", 31, 1)],
)
def test_deaths_that_follow_count_while_the_window_is_open(kind: str, died: int, deaths: int) -> None:
    asked = ForStatistics(
        serious_injuries=1, later_deaths=1, kind=kind, occurred=DAY, last_death=dt.date(2026, 3, died)
    )
    found = accident_statistics(asked, DAY).value
    assert (found.deaths, found.serious_injuries, found.counted) == (deaths, 1 - deaths, True)


def test_an_accident_of_nothing_and_one_before_the_survey_are_refused() -> None:
    with pytest.raises(BadInput, match="deaths: is 0"):
        ForStatistics()
    with pytest.raises(NotHeld, match="生产安全事故统计调查制度"):
        accident_statistics(ForStatistics(deaths=1), dt.date(2015, 12, 31))


def test_every_sector_is_named_and_three_are_industry_and_commerce() -> None:
    of = {sector: accident_statistics(ForStatistics(deaths=1, sector=sector), DAY).value for sector in Sector}
    assert all(found.sector_name is SECTORS[sector] for sector, found in of.items())
    yes = {sector for sector, found in of.items() if found.industry_and_commerce}
    assert yes == {Sector.MINING, Sector.COMMERCE_AND_MANUFACTURING, Sector.CONSTRUCTION}


@given(st.integers(1, 40), FEW, FEW, FEW)
def test_more_harm_never_takes_an_accident_out_of_the_statistics(d: int, i: int, more_d: int, more_i: int) -> None:
    less = accident_statistics(ForStatistics(deaths=d, serious_injuries=i), DAY).value
    more = accident_statistics(ForStatistics(deaths=d + more_d, serious_injuries=i + more_i), DAY).value
    assert set(less.met) <= set(more.met)


@pytest.mark.parametrize(("lost", "degree"), [(1, "minor"), (104, "minor"), (105, "serious"), (6000, "serious")])
def test_the_degree_on_both_sides_of_its_bound(lost: int, degree: str) -> None:
    found = injury_degree(Injury(lost_days=lost), DAY)
    assert (found.value.degree, found.value.lost_days) == (degree, lost)
    assert found.citations[0].to_verify


def test_a_death_counts_6000_days_whatever_was_lost() -> None:
    assert injury_degree(Injury(died=True, lost_days=3), DAY).value.lost_days == 6000


@pytest.mark.parametrize("sent", [{}, {"lost_days": 0}, {"lost_days": 6001}, {"lost_days": -1}])
def test_days_that_cannot_be_are_refused_by_name(sent: dict[str, Any]) -> None:
    with pytest.raises(BadInput, match=r"^lost_days: "):
        Injury(**sent)


def test_the_degree_under_the_new_standard_is_not_held() -> None:
    assert injury_degree(Injury(lost_days=105), dt.date(2026, 6, 30)).value.degree == "serious"
    with pytest.raises(NotHeld, match="GB 6441-2025"):
        injury_degree(Injury(lost_days=105), dt.date(2026, 7, 1))


def test_every_factor_answers_or_says_its_name_is_not_held() -> None:
    silent = []
    for row in rows("hazard_factors"):
        try:
            found = hazard_factor(Factor(factor=row["code"]), DAY)
        except NotHeld:
            silent.append(row["code"])
            continue
        assert (found.value.code, found.value.name.zh) == (row["code"], row["name_zh"])
        assert found.citations[0].confidence == row["confidence"]
        assert all(row["code"].startswith(above) for above in found.value.above)
    assert silent == ["2301", "2302", "2303", "2304", "2399", "45", "46"]


def test_the_four_classes_hold_every_code_once() -> None:
    def under(code: str) -> list[str]:
        try:
            parts = hazard_factor(Factor(factor=code), DAY).value.parts
        except NotHeld:
            parts = ()
        return [code, *(below for part in parts for below in under(part))]

    assert [code for top in "1234" for code in under(top)] == [row["code"] for row in rows("hazard_factors")]


@pytest.mark.parametrize(("factor", "accepted"), [("其他", "1199, 1299"), ("9", "1, 11, 1101"), ("２１０３", "1, 11")])
def test_an_unknown_factor_or_one_of_several_names_the_codes(factor: str, accepted: str) -> None:
    with pytest.raises(BadInput, match=f"^factor: .*accepted: {accepted}"):
        hazard_factor(Factor(factor=factor), DAY)


def test_factors_before_the_edition_are_not_held() -> None:
    with pytest.raises(NotHeld):
        hazard_factor(Factor(factor="2103"), dt.date(2022, 12, 31))


@pytest.mark.parametrize(
    ("sent", "rate", "unit"),
    [
        ({"rate": "deaths_per_thousand", "persons": 3, "mean_staff": 1_200}, "2.5", "人/千人"),
        ({"rate": "serious_injuries_per_thousand", "persons": 0, "mean_staff": 1}, "0", "人/千人"),
        ({"rate": "deaths_per_million_hours", "persons": 1, "hours_worked": 200_000}, "5", "人/百万工时"),
    ],
)
def test_a_rate_of_a_unit_is_its_persons_over_its_own_denominator(sent: dict[str, Any], rate: str, unit: str) -> None:
    found = RULES["injury_rate"].apply(sent, DAY)
    assert (found.value.rate, found.value.unit.zh) == (Decimal(rate), unit)
    assert not found.settled, "the formulas are recall"


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"rate": "deaths_per_thousand", "persons": 1}, "mean_staff"),
        ({"rate": "deaths_per_million_hours", "persons": 1, "mean_staff": 5}, "hours_worked"),
        ({"rate": "deaths_per_thousand", "persons": 1, "mean_staff": 5, "hours_worked": 9}, "hours_worked"),
        ({"rate": "deaths_per_thousand", "persons": 1, "mean_staff": 0}, "mean_staff"),
    ],
)
def test_a_rate_names_the_denominator_it_lacks_or_does_not_take(sent: dict[str, Any], field: str) -> None:
    with pytest.raises(BadInput, match=rf"^{field}: "):
        RULES["injury_rate"].apply(sent, DAY)


def test_the_rates_of_the_standard_of_2025_are_not_held() -> None:
    sent = {"rate": "deaths_per_thousand", "persons": 1, "mean_staff": 500, "period_end": "2026-07-01"}
    with pytest.raises(NotHeld):
        RULES["injury_rate"].apply(sent)
    assert RULES["injury_rate"].apply({**sent, "period_end": "2026-06-30"}).value.rate == 2
