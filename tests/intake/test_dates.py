"""Days in the spellings of ledgers; what is not one certain day is refused with the reason."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.kernel.intake.cells import ErrorCell, MonthCell, PercentCell
from anlan.kernel.intake.dates import day_of, from_serial
from anlan.kernel.intake.problems import Unfit

THE_DAY = dt.date(2024, 3, 5)
WIDE = str.maketrans("0123456789/.-", "０１２３４５６７８９／．－")


@pytest.mark.parametrize(
    "raw",
    [
        "2024年3月5日", "2024/3/5", "20240305", "2024.03.05", "2024-3-5", "2024年03月05号", "2024 年 3 月 5 日",
        "２０２４年３月５日", "２０２４／３／５", "二〇二四年三月五日", "2024-03-05T08:30:00", "2024/3/5 8:30",
        "2024年3月5日14时30分",
        "2024年3月5日下午3点", "2024/3/5 2:30 PM", "20240305143000", " 2024-03-05\u3000", 45356, 45356.0, 45356.75,
        "45356",
        dt.datetime(2024, 3, 5, 23, 59),  # noqa: DTZ001 - a cell has no zone
        20240305, 20240305.0, THE_DAY, "\ufeff2024-03-05",
    ],
)  # fmt: skip
def test_one_day_in_many_spellings(raw: Any) -> None:
    assert day_of(raw) == THE_DAY


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("2024年3月", "month_only"), ("2024-03", "month_only"), ("202403", "month_only"), (2024.03, "month_only"),
        ("2024.3", "month_only"), ("二〇二四年三月", "month_only"), (MonthCell(dt.date(2024, 3, 1)), "month_only"),
        ("2024", "year_only"), (2024, "year_only"), ("2024年", "year_only"),
        ("24.3.5", "two_digit_year"), ("240315", "two_digit_year"), ("24年3月5日", "two_digit_year"),
        ("03/05/24", "two_digit_year"), ("3/5/2024", "day_order"), ("5.3.2024", "day_order"), ("3月5日", "no_year"),
        ("2024-02-31", "no_such_day"), ("2023年2月29日", "no_such_day"), ("20241301", "no_such_day"),
        ("0000-01-01", "no_such_day"), ("14:30", "time_only"), (dt.time(8), "time_only"),
        ("2024-03-05T16:30:00Z", "time_zone"), ("2024-03-05 16:30+08:00", "time_zone"),
        (dt.datetime(2024, 3, 5, tzinfo=dt.UTC), "time_zone"),
        ("昨天", "not_a_day"), ("长期", "not_a_day"), ("2024-3/5", "not_a_day"), ("2024/3/5 25:00", "not_a_day"),
        (True, "not_a_day"), (0, "not_a_day"), (-45356, "not_a_day"), (float("nan"), "not_a_day"),
        (1e300, "not_a_day"),
        ("٢٠٢٤-٠٣-٠٥", "not_a_day"), ("约2024年3月5日", "not_a_day"), (PercentCell(0.5), "not_a_day"),
        ([], "not_a_day"),
        (ErrorCell("#REF!"), "error_cell"), (ErrorCell(""), "formula_empty"), ("2024\ufffd3", "unreadable"),
    ],
)  # fmt: skip
def test_what_is_not_one_day_is_refused(raw: Any, code: str) -> None:
    with pytest.raises(Unfit) as refusal:
        day_of(raw)
    assert refusal.value.code == code


def test_serials_of_both_systems() -> None:
    assert from_serial(1) == dt.date(1900, 1, 1)
    assert from_serial(59) == dt.date(1900, 2, 28)
    assert from_serial(61) == dt.date(1900, 3, 1)
    assert from_serial(0, epoch1904=True) == dt.date(1904, 1, 1)
    assert day_of(43894, epoch1904=True) == THE_DAY
    for serial in (60, 0, -1, 2_958_466):
        with pytest.raises(Unfit, match="no_such_day"):
            from_serial(serial)


def test_a_bare_serial_is_refused_when_the_epoch_is_not_known() -> None:
    with pytest.raises(Unfit, match="serial_unsure"):
        day_of(45356, epoch1904=None)
    assert day_of("2024-03-05", epoch1904=None) == THE_DAY


@given(st.dates(dt.date(1932, 1, 1), dt.date(2170, 1, 1)), st.booleans())
def test_every_day_is_read_back_in_every_spelling(day: dt.date, wide: bool) -> None:
    serial = (day - dt.date(1899, 12, 30)).days
    spellings = [
        f"{day.year}年{day.month}月{day.day}日", f"{day.year}/{day.month}/{day.day}", f"{day:%Y%m%d}",
        f"{day:%Y.%m.%d}", f"{day.year}-{day.month}-{day.day}", str(serial),
    ]  # fmt: skip
    for spelling in spellings:
        assert day_of(spelling.translate(WIDE) if wide else spelling) == day
    assert day_of(serial) == day_of(float(serial)) == day_of(serial + 0.5) == day
    assert day_of(serial - 1462, epoch1904=True) == day


@given(
    st.one_of(
        st.text(max_size=20), st.from_regex(r"[0-9年月日./ :-]{1,14}", fullmatch=True), st.floats(), st.integers()
    )
)
def test_nothing_but_a_day_or_a_reason_comes_out(raw: Any) -> None:
    try:
        day = day_of(raw)
    except Unfit as refusal:
        assert refusal.code
    else:
        assert type(day) is dt.date


@given(st.integers(0, 9999), st.integers(0, 99), st.integers(0, 99))
def test_only_days_of_the_calendar(year: int, month: int, day: int) -> None:
    text = f"{year:04}-{month}-{day}"
    try:
        expected = dt.date(year, month, day)
    except ValueError:
        with pytest.raises(Unfit, match="no_such_day"):
            day_of(text)
    else:
        assert day_of(text) == expected
