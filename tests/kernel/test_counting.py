"""Counts stop at a ceiling, in one statement for several."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import Count
from django.db.models.functions import Length
from hypothesis import given
from hypothesis import strategies as st

from anlan.kernel import counting
from anlan.kernel.codes.models import Counter
from anlan.kernel.counting import counted, counted_each, cut
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


def test_parts_are_counted_together_up_to_the_ceiling(seven: Any, django_assert_num_queries: Any) -> None:
    low, high = seven.filter(series__lt="X3"), seven.filter(series__gte="X3")
    with django_assert_num_queries(2):
        assert counted_each({"parts": [low, high], "none": [low.none()], "one": [low, low.none()]}, 8)["parts"] == 7
        assert counted_each({"parts": [low, high], "one": [high, low.none()]}, 3) == {"parts": 4, "one": 4}
    assert counted_each({"no part": []}) == {"no part": 0}


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
