"""Counts stop at a ceiling, in one statement for several."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import models
from django.db.models import Count
from django.db.models.functions import Length
from hypothesis import given
from hypothesis import strategies as st

from anlan.kernel import counting
from anlan.kernel.codes.models import Counter
from anlan.kernel.counting import counted, counted_each, cut, forget_counts
from anlan.kernel.errors import BadInput
from anlan.ui import formats
from anlan.ui.api import PageQuery, paged

pytestmark = pytest.mark.django_db


@pytest.fixture
def seven() -> Any:
    Counter.objects.bulk_create([Counter(series=f"X{n}") for n in range(7)])
    return Counter.objects.filter(series__startswith="X")


def test_a_count_stops_one_past_its_ceiling(seven: Any) -> None:
    assert [counted(seven, most) for most in (3, 6, 7, 8)] == [4, 7, 7, 7]
    assert formats.count(counted(seven, 3), 3) == "3+"
    assert formats.count(counted(seven, 7), 7) == "7"


def test_several_counts_are_one_statement(seven: Any, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        told = counted_each({"every": seven, "nothing": seven.none(), "ordered": seven.order_by("-pk")}, 3)
    assert told == {"every": 4, "nothing": 0, "ordered": 4}
    with django_assert_num_queries(0):
        assert counted_each({"nothing": seven.none()}) == {"nothing": 0}


def test_distinct_rows_are_counted_as_rows(seven: Any) -> None:
    assert counted(seven.distinct()) == 7
    assert counted(seven.values("series").distinct()) == 7
    assert counted(seven.values("series").annotate(n=Count("pk"))) == 7


@pytest.fixture
def of_three(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """A ceiling of three, an empty memory, and a watch to be set."""
    watch = [1000.0]
    monkeypatch.setattr(counting, "CEILING", 3)
    monkeypatch.setattr(counting, "WORTH", 1e9)
    monkeypatch.setattr(counting.time, "monotonic", lambda: watch.append(watch[-1] + 0.001) or watch[-1])
    forget_counts()
    yield watch
    forget_counts()


def test_that_there_are_too_many_is_known_for_a_while(
    seven: Any, of_three: list[float], django_assert_num_queries: Any
) -> None:
    """Counting to the ceiling is what costs; what is below is counted every time."""
    with django_assert_num_queries(1):
        assert counted_each({"seven": seven, "one": seven.filter(series="X1")}, 3) == {"seven": 4, "one": 1}
    with django_assert_num_queries(0):
        assert counted(seven, 3) == 4
    with django_assert_num_queries(1):
        assert counted_each({"seven": seven, "one": seven.filter(series="X1")}, 3) == {"seven": 4, "one": 1}
    seven.filter(series__gt="X1").delete()
    assert counted(seven, 3) == 4
    of_three.append(of_three[-1] + counting.LONGEST)
    assert counted(seven, 3) == 2


def test_a_limit_of_tries_is_counted_every_time(
    seven: Any, of_three: list[float], django_assert_num_queries: Any
) -> None:
    assert counted(seven, 5) == 6
    seven.filter(series__gt="X1").delete()
    with django_assert_num_queries(1):
        assert counted(seven, 5) == 2


def test_what_was_quickly_counted_is_soon_counted_again(
    seven: Any, of_three: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "WORTH", 5000)
    assert counted(seven, 3) == 4
    seven.filter(series__gt="X1").delete()
    of_three.append(of_three[-1] + 4)
    assert counted(seven, 3) == 4
    of_three.append(of_three[-1] + 8)
    assert counted(seven, 3) == 2


def test_the_same_of_a_moment_later_is_the_same_question(
    seven: Any, of_three: list[float], django_assert_num_queries: Any
) -> None:
    """What is overdue is asked with the moment at which it is asked; a day of one's own choice is another question."""
    now = dt.datetime(2026, 3, 1, 12, 0, 1, tzinfo=dt.UTC)
    rows = seven.annotate(at=models.Value(now, models.DateTimeField()))
    assert counted(rows.filter(at__lte=now), 3) == 4
    with django_assert_num_queries(0):
        assert counted(rows.filter(at__lte=now + dt.timedelta(seconds=30)), 3) == 4
    with django_assert_num_queries(1):
        assert counted(rows.filter(at__lte=now - dt.timedelta(days=1)), 3) == 0


def test_a_page_is_the_same_part_of_the_whole_in_the_same_order(seven: Any, django_assert_num_queries: Any) -> None:
    for rows in (
        seven.order_by("-series"),
        seven.order_by("pk").annotate(length=Length("series")),
        seven.values("series").order_by("-series"),
        seven.order_by("series").distinct(),
        seven.values("series").annotate(n=Count("pk")).order_by("series"),
    ):
        whole = list(rows)
        for first in range(8):
            for last in range(first, 9):
                with django_assert_num_queries(0 if first == last else 1):
                    assert list(cut(rows.all(), first, last)) == whole[first:last]


def test_a_collection_says_that_there_is_more_and_where_it_ends(seven: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("anlan.ui.api.CEILING", 4)
    monkeypatch.setattr("anlan.ui.api.counted", lambda rows: counted(rows, 4))
    rows = seven.order_by("pk")
    first = paged(rows, PageQuery(page=1, size=2))
    assert (len(first["items"]), first["total"], first["more_than"]) == (2, 4, True)
    assert len(paged(rows, PageQuery(page=2, size=2))["items"]) == 2
    with pytest.raises(BadInput) as why:
        paged(rows, PageQuery(page=3, size=2))
    assert why.value.column == "page"


@given(st.integers(0, 30_000))
def test_what_is_written_never_says_more_than_was_counted(number: int) -> None:
    stopped = min(number, counting.CEILING + 1)
    assert formats.count(stopped) == (f"{number:,}" if number <= 10_000 else "10,000+")
