"""Figures, dates and spans in both languages."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import translation

from anlan.ui import formats


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [
        (1234567, None, "1,234,567"),
        (Decimal("12.50"), None, "12.5"),
        (Decimal("2.345"), 2, "2.35"),
        (0, None, "0"),
        ("", None, "—"),
        (None, 2, "—"),
        ("twelve", None, "—"),
        (float("nan"), None, "—"),
        (True, None, "—"),
    ],
)
def test_number(value: object, places: int | None, shown: str) -> None:
    assert formats.number(value, places) == shown


@pytest.mark.parametrize(
    ("value", "chinese", "english"),
    [(9999, "9,999", "9,999"), (12345, "1.2万", "12.3k"), (2_500_000, "250万", "2.5m"), (310_000_000, "3.1亿", "310m")],
)
def test_compact_speaks_the_language(value: int, chinese: str, english: str) -> None:
    with translation.override("zh-hans"):
        assert formats.compact(value) == chinese
    with translation.override("en"):
        assert formats.compact(value) == english


def test_money_in_yuan_and_in_ten_thousands() -> None:
    assert formats.money(Decimal("12000")) == "¥ 12,000.00"
    with translation.override("zh-hans"):
        assert formats.money(Decimal("125000"), "wan") == "12.50 万元"
    assert formats.money(None) == "—"


def test_days_follow_the_chinese_calendar_day() -> None:
    late_evening = dt.datetime(2026, 11, 4, 17, 30, tzinfo=dt.UTC)  # 01:30 of the 5th in China
    assert formats.day(late_evening) == "2026-11-05"
    assert formats.moment(late_evening) == "2026-11-05 01:30"
    with translation.override("zh-hans"):
        assert formats.day(late_evening, "long") == "2026年11月5日"
    with translation.override("en"):
        assert formats.day(late_evening, "long") == "5 November 2026"


@pytest.mark.parametrize(
    ("days", "shown"), [(0, "due today"), (1, "1 day left"), (12, "12 days left"), (-3, "3 days over")]
)
def test_span(days: int, shown: str) -> None:
    with translation.override("en"):
        assert formats.span(days) == shown


@pytest.mark.parametrize(
    ("ago", "shown"),
    [
        (dt.timedelta(seconds=20), "just now"),
        (dt.timedelta(minutes=5), "5 minutes ago"),
        (dt.timedelta(hours=1), "1 hour ago"),
        (dt.timedelta(days=3), "3 days ago"),
        (dt.timedelta(days=45), "2026-09-21"),
    ],
)
def test_since(ago: dt.timedelta, shown: str) -> None:
    now = dt.datetime(2026, 11, 5, 4, tzinfo=dt.UTC)
    with translation.override("en"):
        assert formats.since(now - ago, now) == shown


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        ("13812345678", "phone", "138****5678"),
        ("441481199001011234", "id", "4414**********1234"),
        ("张三丰", "name", "张**"),
        ("张", "name", "张*"),
        ("12345", "id", "1****"),
        ("", "phone", "—"),
    ],
)
def test_mask_never_shows_a_short_value_whole(value: str, kind: str, shown: str) -> None:
    assert formats.mask(value, kind) == shown


def test_count_stops_at_its_ceiling() -> None:
    assert formats.count(10_000) == "10,000"
    assert formats.count(10_001) == "10,000+"
    assert formats.count(None) == "—"


def test_file_size() -> None:
    assert [formats.file_size(n) for n in (None, 512, 3_565_158, 157_286_400)] == ["—", "512 B", "3.4 MB", "150 MB"]
