"""Rates and cuts: the printed figures of the planning documents, zero bases, series breaks, and what always holds."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.rules.indicator import FIELDS, KINDS, Counted, indicator
from anlan.rules.reduction import Against, Checkpoint, Cut, Outcome, Series, Year, cut_of, reduction, reduction_series
from anlan.rules.refusal import BadInput

DAY = dt.date(2026, 3, 1)


@pytest.mark.parametrize(
    ("base", "now", "printed"),
    [
        ("0.268", "0.053", "80.22"), ("2.42", "1.934", "20.08"), ("172", "166", "3.49"), ("9", "3", "66.67"),  # 阳江
        ("0.69", "0.22", "68.12"), ("18.12", "14.55", "19.70"), ("7.11", "2.36", "66.81"), ("1.34", "0", "100"),  # 玉溪
        ("241", "161", "33.2"),
    ],
)  # fmt: skip
def test_the_cuts_of_the_documents_to_the_printed_digits(base: str, now: str, printed: str) -> None:
    cut = reduction(Cut(base=Decimal(base), now=Decimal(now)), DAY).value
    assert (cut * 100).quantize(Decimal(printed)) == Decimal(printed)


def test_a_cut_from_zero_is_refused() -> None:
    with pytest.raises(BadInput, match="base: is 0: a cut from zero is undefined; accepted: a number above 0"):
        Cut(base=Decimal(0), now=Decimal(3))
    with pytest.raises(ZeroDivisionError):
        cut_of(Decimal(0), Decimal(0))


def test_a_rise_is_a_negative_cut_and_says_so() -> None:
    found = reduction(Cut(base=Decimal(4), now=Decimal(5)), DAY)
    assert found.value == Decimal("-0.25")
    assert "上升25.00%" in found.steps[0].zh  # type: ignore[attr-defined]


amounts = st.decimals(0, 10**6, places=3)


@given(amounts.filter(bool), amounts, amounts)
def test_the_less_there_is_now_the_greater_the_cut(base: Decimal, a: Decimal, b: Decimal) -> None:
    less, more = sorted((a, b))
    cuts = [reduction(Cut(base=base, now=n), DAY).value for n in (less, more)]
    assert cuts[0] >= cuts[1]
    assert cuts[0] <= 1


def series(values: dict[int, int], **more: Any) -> Any:
    years = tuple(Year(year=y, value=Decimal(v)) for y, v in values.items())
    asked = Series(series=years, **more)
    return reduction_series(asked, DAY).value


NANHAI = {2016: 216, 2017: 93, 2018: 71, 2019: 68, 2020: 45}


def test_three_conventions() -> None:
    last = (Checkpoint(year=2020),)
    cuts = {
        how: series(NANHAI, checkpoints=last, against=how, base_year=2017 if how is Against.BASE_YEAR else None)[0]
        for how in Against
    }
    assert {how: one.base_year for how, one in cuts.items()} == {
        Against.BASE_YEAR: 2017, Against.FIRST_YEAR: 2016, Against.YEAR_BEFORE: 2019,
    }  # fmt: skip
    assert [f"{one.cut:.4f}" for one in cuts.values()] == ["0.5161", "0.7917", "0.3382"]


def test_outcomes() -> None:
    found = series(
        {2014: 100, 2015: 0, 2016: 50, 2017: 45, 2019: 44}, against=Against.YEAR_BEFORE, breaks=(2014,),
        checkpoints=(
            Checkpoint(year=2016, target_percent=5), Checkpoint(year=2017, target_percent=10),
            Checkpoint(year=2017, target_percent="10.01"), Checkpoint(year=2018), Checkpoint(year=2019), Checkpoint(year=2015),
        ),  # type: ignore[arg-type]
    )  # fmt: skip
    assert [one.outcome for one in found] == [
        Outcome.ZERO_BASE, Outcome.MET, Outcome.MISSED, Outcome.NO_DATA, Outcome.NO_DATA, Outcome.NO_TARGET,
    ]  # fmt: skip
    assert all((one.cut is None) == (one.outcome in (Outcome.ZERO_BASE, Outcome.NO_DATA)) for one in found)


@pytest.mark.parametrize(("first", "comparable"), [(2016, False), (2017, True), (2020, False), (2021, True)])
def test_years_on_either_side_of_a_break_are_not_compared(first: int, comparable: bool) -> None:
    found = series(
        {2015: 250, **NANHAI}, checkpoints=(Checkpoint(year=2016),) if first < 2018 else (Checkpoint(year=2020),),
        base_year=2015 if first < 2018 else 2016, breaks=(first,),
    )  # fmt: skip
    assert (found[0].outcome is not Outcome.NOT_COMPARABLE) == comparable


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"checkpoints": ()}, "checkpoints"),
        ({"checkpoints": (Checkpoint(year=2020),)}, "base_year"),
        ({"checkpoints": (Checkpoint(year=2020),), "against": Against.FIRST_YEAR, "base_year": 2016}, "base_year"),
        ({"checkpoints": (Checkpoint(year=2016),), "base_year": 2016}, "checkpoints[0].year"),
        ({"checkpoints": (Checkpoint(year=2016),), "against": Against.FIRST_YEAR}, "checkpoints[0].year"),
    ],
)
def test_a_series_that_cannot_be_judged_is_refused(more: dict[str, Any], field: str) -> None:
    with pytest.raises(BadInput) as caught:
        series(NANHAI, **more)
    assert caught.value.field == field


def test_each_year_stands_once() -> None:
    one = Year(year=2020, value=Decimal(1))
    for wrong, why in (((), "is empty"), ((one, one), "has 2020 twice")):
        with pytest.raises(BadInput, match=f"series: {why}"):
            Series(series=wrong, checkpoints=(Checkpoint(year=2021),), base_year=2020)


def test_the_seven_indicators_of_the_documents() -> None:
    assert len(KINDS) == 7
    assert len(FIELDS) == 7
    assert KINDS["deaths_road_vehicles"].field != KINDS["deaths_operating_vehicles"].field


@pytest.mark.parametrize("code", KINDS)
def test_an_indicator_takes_its_own_denominator_and_no_other(code: str) -> None:
    kind = KINDS[code]
    found = indicator(Counted(indicator=code, deaths=3, **{kind.field: kind.per}), DAY)  # type: ignore[arg-type]
    assert found.value.rate == 3
    assert found.value.unit == kind.unit
    with pytest.raises(BadInput, match=f"{kind.field}: is missing"):
        Counted(indicator=code, deaths=3)
    other = next(name for name in FIELDS if name != kind.field)
    with pytest.raises(BadInput, match=f"{other}: is not the denominator of {code}; accepted: {kind.field}"):
        Counted(indicator=code, deaths=3, **{kind.field: kind.per, other: Decimal(1)})  # type: ignore[arg-type]
    with pytest.raises(BadInput, match=f"{kind.field}: is 0; accepted: a number"):
        Counted(indicator=code, deaths=3, **{kind.field: Decimal(0)})  # type: ignore[arg-type]


@given(st.sampled_from(sorted(KINDS)), st.integers(0, 10**4), st.integers(0, 10**4), st.integers(1, 10**12))
def test_more_deaths_never_lower_a_rate(code: str, a: int, b: int, under: int) -> None:
    less, more = sorted((a, b))
    rates = [
        indicator(Counted(indicator=code, deaths=n, **{KINDS[code].field: under}), DAY).value.rate for n in (less, more)
    ]  # type: ignore[arg-type]
    assert rates[0] <= rates[1]
