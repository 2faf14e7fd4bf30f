"""The figures against a count by hand, in every part of the city."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from anlan.kernel import clock
from anlan.kernel.regions.services import merge_region
from anlan.modules.cockpit import selectors
from anlan.modules.cockpit.selectors import Counts
from anlan.modules.cockpit.selectors.trend import reckon_late
from anlan.modules.cockpit.tests.conftest import SYSTEM, City

ADDITIVE = (
    "sites", "open", "major", "overdue", "found_year", "closed_year", "due_year", "on_time_year", "found_month",
    "found_before",
)  # fmt: skip

# Counted by hand from the scene in conftest; today is 20 May 2026.
COUNTED = {
    "root": Counts(sites=6, units=4, open=5, major=2, overdue=2, found_year=6, closed_year=2, due_year=5,
                   on_time_year=2, found_month=3, found_before=2),
    "east": Counts(sites=5, units=3, open=5, major=2, overdue=2, found_year=6, closed_year=2, due_year=4,
                   on_time_year=1, found_month=3, found_before=2),
    "west": Counts(sites=1, units=1, due_year=1, on_time_year=1),
    "south": Counts(sites=3, units=2, open=3, major=1, overdue=1, found_year=5, closed_year=2, due_year=3,
                    on_time_year=1, found_month=2, found_before=2),
    "north": Counts(sites=1, units=1, open=1, overdue=1, due_year=1),
    "river": Counts(sites=1, units=1, due_year=1, on_time_year=1),
    "village": Counts(sites=1, units=1, open=2, major=1, overdue=1, found_year=3, closed_year=1, due_year=2,
                      on_time_year=1, found_month=2, found_before=1),
}  # fmt: skip


@pytest.mark.parametrize("name", COUNTED)
def test_figures_of_every_region(city: City, name: str) -> None:
    actor = city.actor("leader", city.root)
    where = selectors.place(actor, getattr(city, name).path)
    assert selectors.numbers(actor, where).total == COUNTED[name]


def test_shares_of_the_city(city: City) -> None:
    total = COUNTED["root"]
    assert total.overdue_per_100 == Decimal(50)
    assert round(total.closure_rate or 0, 4) == Decimal("0.3333")
    assert total.on_time_rate == Decimal("0.4")
    assert total.overdue_share == Decimal("0.4")


@pytest.mark.parametrize("name", ["root", "east", "west", "south"])
def test_parts_add_up_to_the_whole(city: City, name: str) -> None:
    actor = city.actor("leader", city.root)
    found = selectors.numbers(actor, selectors.place(actor, getattr(city, name).path))
    assert found.parts
    for figure in ADDITIVE:
        assert sum(getattr(p.counts, figure) for p in found.parts) == getattr(found.total, figure), figure


def test_what_lies_in_no_part_is_shown_as_the_rest(city: City) -> None:
    actor = city.actor("leader", city.root)
    found = selectors.numbers(actor, selectors.place(actor, city.east.path))
    assert [p.region.name if p.region else None for p in found.parts] == ["城南镇", "城北镇", None]
    rest = found.parts[-1].counts
    assert (rest.sites, rest.open, rest.major, rest.overdue) == (1, 1, 1, 0)


def test_a_unit_counts_once_however_many_sites(city: City) -> None:
    actor = city.actor("leader", city.root)
    found = selectors.numbers(actor, selectors.place(actor, city.east.path))
    assert [p.counts.units for p in found.parts] == [2, 1, 1]
    assert found.total.units == 3


def test_the_lowest_region_has_no_parts(city: City) -> None:
    actor = city.actor("leader", city.root)
    found = selectors.numbers(actor, selectors.place(actor, city.village.path))
    assert found.parts == ()
    assert found.total.open == 2


def test_an_empty_city_divides_by_nothing(empty: City) -> None:
    actor = empty.actor("leader", empty.root)
    where = selectors.place(actor)
    found = selectors.numbers(actor, where)
    assert found.total == Counts()
    assert (found.total.overdue_per_100, found.total.closure_rate, found.total.on_time_rate) == (None, None, None)
    assert [p.counts for p in found.parts] == [Counts(), Counts()]
    assert selectors.breakdown(actor, where) == {"sector": (), "category": ()}
    assert {(m.found, m.closed, m.overdue) for m in selectors.trend(actor, where)} == {(0, 0, 0)}
    assert [t.overdue_per_100 for t in selectors.towns(actor, where, "cockpit.lead")] == [None, None, None]
    assert selectors.majors_total(actor, where)["yuan"] == 0


def test_due_today_is_overdue_tomorrow(city: City) -> None:
    actor = city.actor("leader", city.root)
    with clock.moved_to(dt.date(2026, 5, 21)):
        assert selectors.numbers(actor, selectors.place(actor)).total.overdue == 3


def test_in_march_last_month_is_shorter(empty: City) -> None:
    site = empty.site(empty.south)
    for found in ("02-28", "03-31", "01-31", "02-01"):
        empty.hazard(site, found)
    actor = empty.actor("leader", empty.root)
    with clock.moved_to(dt.date(2026, 3, 31)):
        total = selectors.numbers(actor, selectors.place(actor)).total
    assert (total.found_month, total.found_before) == (1, 2)


def test_on_new_year_last_month_is_last_year(empty: City) -> None:
    site = empty.site(empty.south)
    empty.hazard(site, "2025-12-01")
    empty.hazard(site, "2025-12-05")
    empty.hazard(site, "2026-01-03")
    actor = empty.actor("leader", empty.root)
    with clock.moved_to(dt.date(2026, 1, 4)):
        total = selectors.numbers(actor, selectors.place(actor)).total
    assert (total.found_year, total.found_month, total.found_before) == (1, 1, 1)


@pytest.mark.parametrize("kept", [True, False])
def test_trend_by_month(city: City, kept: bool) -> None:
    actor = city.actor("leader", city.root)
    if kept:
        reckon_late()
    months = {m.first.isoformat()[:7]: m for m in selectors.trend(actor, selectors.place(actor))}
    assert len(months) == 24
    assert next(iter(months)) == "2024-06"
    told = {key: (m.found, m.closed, m.overdue) for key, m in months.items() if m.found or m.closed or m.overdue}
    assert told == {
        "2025-11": (1, 0, 0), "2025-12": (1, 0, 0),
        "2026-01": (0, 1, 0),
        "2026-03": (1, 0, 1),  # 03-01 due 03-20, closed 05-04
        "2026-04": (2, 1, 1),
        "2026-05": (3, 1, 2),
    }  # fmt: skip


def test_trend_ends_with_what_is_overdue_now(city: City) -> None:
    for where in (city.root, city.east, city.south, city.river):
        actor = city.actor("leader", where)
        place = selectors.place(actor)
        assert selectors.trend(actor, place)[-1].overdue == selectors.numbers(actor, place).total.overdue


def test_breakdown_by_line_and_category(city: City) -> None:
    actor = city.actor("leader", city.root)
    found = selectors.breakdown(actor, selectors.place(actor))
    assert [(s.code, s.open, s.overdue, s.major) for s in found["sector"]] == [("chem", 4, 2, 2), ("gas", 1, 0, 0)]
    assert {s.code: s.open for s in found["category"]} == {"other": 4, "fire": 1}


def test_towns_in_order(city: City) -> None:
    actor = city.actor("leader", city.root)
    ranked = selectors.towns(actor, selectors.place(actor), "cockpit.lead")
    assert [(t.name, t.units, t.overdue, t.overdue_per_100) for t in ranked] == [
        ("城北镇", 1, 1, Decimal(100)), ("城南镇", 2, 1, Decimal(50)), ("河口镇", 1, 0, Decimal(0)),
    ]  # fmt: skip


def test_majors_with_money_missing(city: City) -> None:
    actor = city.actor("leader", city.root)
    where = selectors.place(actor)
    rows = list(selectors.major_hazards(actor, where))
    assert [(h.leader_name, h.money_missing) for h in rows] == [("陈志远", Decimal(70_000)), ("", None)]
    total = selectors.majors_total(actor, where)
    assert total == {"count": 2, "overdue": 1, "yuan": Decimal(70_000), "unstated": 1, "leaderless": 1}


def test_money_overspent_is_not_missing(empty: City) -> None:
    empty.hazard(empty.site(empty.south), "05-01", grade="major", state="planning", needed=100, spent=150)
    actor = empty.actor("leader", empty.root)
    assert selectors.majors_total(actor, selectors.place(actor))["yuan"] == 0
    assert next(iter(selectors.major_hazards(actor, selectors.place(actor)))).money_missing == 0


def test_both_lists_are_in_order_and_cut(empty: City) -> None:
    site = empty.site(empty.south)
    for number in range(4):
        empty.hazard(site, "05-01", due=f"05-{10 + number}", grade="major", state="planning")
    actor = empty.actor("leader", empty.root)
    found = selectors.pressing(actor, selectors.place(actor), 3)
    assert (
        [h.title for h in found["overdue"]]
        == ["第1号隐患", "第2号隐患", "第3号隐患"]
        == [h.title for h in found["majors"]]
    )


def test_each_read_is_one_statement(city: City, django_assert_num_queries: Any) -> None:
    actor = city.actor("leader", city.root)
    reckon_late()
    with django_assert_num_queries(1):
        where = selectors.place(actor)
    with django_assert_num_queries(2):
        selectors.numbers(actor, where)
    for read in (selectors.trend, selectors.breakdown, selectors.towns, selectors.majors_total):
        with django_assert_num_queries(1):
            read(actor, where)
    with django_assert_num_queries(1):
        selectors.pressing(actor, where, 5)


def test_a_merged_town_keeps_the_county_whole(city: City) -> None:
    actor = city.actor("leader", city.root)
    before = selectors.numbers(actor, selectors.place(actor, city.east.path)).total
    merge_region(actor=SYSTEM, region=city.north, into=city.south, on=dt.date(2026, 5, 20), basis="安政发〔2026〕1号")
    found = selectors.numbers(actor, selectors.place(actor, city.east.path))
    assert found.total == before
    assert found.parts[0].region == city.south
    assert sum(p.counts.open for p in found.parts) == found.total.open
