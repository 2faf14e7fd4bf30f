"""No page reads a scoped table from end to end: what PostgreSQL would do is asked of every statement of every page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from anlan.kernel import clock
from anlan.kernel.deadlines.models import Deadline
from anlan.kernel.deadlines.selectors import due_for, open_deadlines
from anlan.kernel.scope import Elsewhere, Scoped, within
from anlan.kernel.searching import forget_statistics
from anlan.modules.hazards import selectors as hazards
from anlan.modules.hazards.models import Hazard
from anlan.modules.registry.models import Person, Site
from anlan.ui.views.home import windows
from tests.cast import Cast, build
from tests.house.doors import NOT_YET, doors, endpoints
from tests.house.filling import ABSENT, COMMON, FEW, RARE, fill, scoped
from tests.house.walk import own_models

MOST_ROWS = 3_000  # a table of fewer rows is read whole as fast as by an index
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def filled(django_db_setup: None, django_db_blocker: Any) -> Iterator[Cast]:
    """The cast among many records."""
    with django_db_blocker.unblock():
        scene = transaction.atomic()
        scene.__enter__()
        try:
            cast = build()
            fill(cast)
            yield cast
        finally:
            forget_statistics()
            transaction.set_rollback(True)
            scene.__exit__(None, None, None)


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", []):
        yield from nodes(below)


def plan_of(sql: str, params: Any = None) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        (told,) = cursor.fetchone()
    return list(nodes((json.loads(told) if isinstance(told, str) else told)[0]["Plan"]))


def of(rows: Any) -> list[dict[str, Any]]:
    return plan_of(*rows.query.sql_with_params())


def indexes(plan: list[dict[str, Any]]) -> set[str]:
    return {node["Index Name"] for node in plan if "Index Name" in node}


def large_tables() -> set[str]:
    names = [m._meta.db_table for m in own_models() if issubclass(m, Scoped)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relname = ANY(%s) AND reltuples > %s", [names, MOST_ROWS])
        return {name for (name,) in cursor.fetchall()}


def whole(plan: list[dict[str, Any]], large: set[str]) -> set[str]:
    """The large tables that a plan reads from end to end; whether there is any row at all, the first one answers."""
    if plan[0]["Node Type"] == "Limit" and plan[0]["Plan Rows"] <= 1:
        return set()
    return {node["Relation Name"] for node in plan if node["Node Type"] == "Seq Scan"} & large


def test_there_is_something_to_choose(filled: Cast) -> None:
    large = large_tables()
    assert {m._meta.db_table for m in scoped() if m._meta.label not in FEW} <= large, "every scoped table is large"
    assert whole(of(Hazard.plain.filter(description="x")), large) == {"hazards_hazard"}, (
        "a reading from end to end is seen"
    )


# Lists that whoever sees a whole city has sorted, each with the reason.
SORTED: dict[str, str] = {
    "chemicals:findings": "differences that are open: what a keeper has not settled yet, some hundreds in a city",
    "duty:gaps": "rosters are short: a gap is an alarm, not a kind of record",
    "duty:shifts": "shifts ahead: two a day and office for a month or two",
    "duty:swaps": "requests that run beside shifts ahead",
    "registry:certificates": "by the day they run out within a line: an officer of a whole city narrows to one",
    "risks:areas": "assessments of whole regions: a handful a town and year",
    "ui:batches": "ledgers taken in: some hundreds a year in a city",
    "welcome:people": "people of units by name: the office that keeps them is a town's",
    "welcome:uninvited": "units without an account by name: the office that invites them is a town's",
}
COUNT = re.compile(r"\(?SELECT (COUNT|\(SELECT count)\(", re.IGNORECASE)


def read_whole(name: str, asked: Iterable[dict[str, str]], large: set[str], seen: dict[str, set[str]]) -> set[str]:
    """The large tables that a page's statements read from end to end; printed. ``seen``: what is known by statement."""
    guilty: set[str] = set()
    for query in asked:
        sql = query["sql"]
        if not re.match(r"\(?(SELECT|WITH)\b", sql):
            continue
        shape = re.sub(r"'[^']*'|\b\d+\b", "?", sql)
        if shape not in seen:
            seen[shape] = whole(plan_of(sql), large)
        if seen[shape]:
            guilty |= seen[shape]
            print(f"{name} reads {', '.join(seen[shape])} from end to end:\n{sql}")
    return guilty


def test_no_list_of_a_whole_city_is_read_from_end_to_end(filled: Cast) -> None:
    """Whoever sees everything is shown a page of it: along an order, not by sorting all there is."""
    large, seen, guilty = large_tables(), {}, {}
    browser = filled.browser(filled.city_officer)
    opened = 0
    for endpoint in endpoints():
        if endpoint.kind != "list" or endpoint.name in NOT_YET:
            continue
        for door in doors(endpoint, filled.here)[:1]:
            with CaptureQueriesContext(connection) as asked:
                answer = browser.get(door.address, follow=True)
            opened += answer.status_code == 200
            # A count reads no further than the ceiling, which lies beyond the tables of this scene.
            drawn = [query for query in asked if not COUNT.match(query["sql"]) and "LIMIT 10001" not in query["sql"]]
            if (found := read_whole(endpoint.name, drawn, large, seen)) and endpoint.name not in SORTED:
                guilty[endpoint.name] = found
    assert guilty == {} and opened > 20


def test_no_page_reads_a_scoped_table_from_end_to_end(filled: Cast) -> None:
    large = large_tables()
    guilty: dict[str, set[str]] = {}
    seen: dict[str, set[str]] = {}
    answered: dict[str, int] = {}
    for endpoint in endpoints():
        if "GET" not in endpoint.methods or endpoint.name in NOT_YET:
            continue
        for door in doors(endpoint, filled.here)[:1]:
            if door.address.endswith("/panel/none/"):
                continue  # no module adds a panel to such records
            able = [door.owner] if door.owner else door.holders(filled.here, on_it=door.row is not None)
            if not able:
                continue
            first = able[-1] if len(able) < 4 else able[2]
            with CaptureQueriesContext(connection) as asked:
                for reader in (first, *(user for user in able if user is not first)):
                    answer = filled.browser(reader).get(door.address, follow=True)
                    b"".join(answer) if answer.streaming else answer.content
                    if answer.status_code == 200:  # a step may be open to one of those who hold its right alone
                        break
            answered[endpoint.name] = answer.status_code
            if found := read_whole(endpoint.name, asked, large, seen):
                guilty[endpoint.name] = found
    assert len(seen) > 150
    assert {name: status for name, status in answered.items() if status != 200} == {}
    assert guilty == {}


def test_open_deadlines_are_found_by_their_partial_indexes(filled: Cast) -> None:
    open_ones = {
        "deadline_desk", "deadline_holder", "deadline_assignee", "deadline_escalated", "deadline_next", "deadline_region",
    }  # fmt: skip
    office, unit = filled.here.actor("town_officer"), filled.here.actor("unit_principal")
    asked = {
        "an office's desk": due_for(office),
        "a unit's desk": due_for(unit),
        "overdue on a desk": due_for(office).filter(windows()["overdue"][3]),
        "a jurisdiction": open_deadlines(office, filled.here.town.path).order_by("due_at")[:25],
        "the sweep": Deadline.objects.everything(why="tests").filter(
            state="open", next_action_at__lte=clock.now()
        ).order_by("next_action_at", "pk")[:500],
    }  # fmt: skip
    for name, rows in asked.items():
        plan = of(rows)
        used = {index for index in indexes(plan) if index.startswith("deadline")}
        assert used and used <= open_ones, (name, used)
        assert not whole(plan, {"deadlines_deadline"}), name


@pytest.mark.parametrize("word", [RARE, ABSENT])
def test_a_rare_word_is_found_by_its_pairs(filled: Cast, word: str) -> None:
    county = filled.here.actor("county_officer")
    rows = hazards.matching(hazards.hazards(county), word)
    for asked in (rows.order_by("-found_on", "-pk")[:25], rows.order_by().values("pk")[:10_001]):
        assert "hazard_placed_words" in indexes(of(asked)) or not whole(of(asked), {"hazards_hazard"})
    everything = hazards.matching(Hazard.objects.everything(why="tests"), word)
    assert "hazard_placed_words" in indexes(of(everything.order_by("-found_on", "-pk")[:25]))
    assert "hazard_placed_words" in indexes(of(everything.order_by().values("pk")[:10_001]))
    assert everything.count() == (0 if word == ABSENT else Hazard.plain.filter(search_text__contains=word).count())
    sites = Site.objects.everything(why="tests").filter(search_text__has=word).order_by("-pk")[:25]
    assert indexes(of(sites)) == {"site_search"}


@pytest.mark.parametrize("place", ["owner_path", "offered_path"])
def test_the_planner_knows_how_little_is_dealt_with_elsewhere(filled: Cast, place: str) -> None:
    """Taken for nearly everything, it would turn a search of the whole city into reading the whole table."""
    away = Hazard.plain.filter(Elsewhere("region_path", place))
    everything, there = Hazard.plain.count(), away.count()
    assert of(away)[0]["Plan Rows"] <= 2 * there + everything / 50
    assert of(away.filter(within(place, filled.city.path)))[0]["Plan Rows"] <= 2 * there + everything / 50
    assert of(away.order_by())[0]["Node Type"] != "Seq Scan"


def test_a_telephone_s_end_and_initials_lead_to_hazards_by_indexes(filled: Cast) -> None:
    """Of the words, of the units and sites whose people have such a telephone: all of them by an index."""
    everything = Hazard.objects.everything(why="tests")
    people = Person.plain.filter(site=None).exclude(holder="").order_by("-pk")[:20]
    holders, sites = {p.holder for p in people}, list(Site.plain.order_by("-pk").values_list("pk", flat=True)[:20])
    found = hazards.matching(everything, "7093", lambda word: Q(holder__in=holders) | Q(site__in=sites))
    for rows in (found.order_by("-found_on", "-pk")[:25], found.order_by().values("pk")[:10_001]):
        plan = of(rows)
        assert not whole(plan, {"hazards_hazard"})
        used = indexes(plan)
        each = {"hazard_placed_words", "hazard_holder"} <= used and any("site" in index for index in used)
        assert each or (rows.query.order_by and "hazard_newest" in used), used  # a page may also walk along its order
    initials = hazards.matching(everything, "qjvx")
    assert indexes(of(initials.order_by("-found_on", "-pk")[:25])) >= {"hazard_placed_words"}
    assert indexes(of(initials.order_by().values("pk")[:10_001])) >= {"hazard_placed_words"}


def test_a_page_of_a_common_word_is_not_sorted(filled: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("anlan.kernel.searching.WALK_PAYS", 1)  # the table is a hundredth of a city's
    everything = hazards.matching(Hazard.objects.everything(why="tests"), COMMON)
    plan = of(everything.order_by("-found_on", "-pk")[:25])
    assert "Sort" not in {node["Node Type"] for node in plan} and "hazard_newest" in indexes(plan)
    sites = Site.objects.everything(why="tests").filter(search_text__has=COMMON).order_by("-pk")[:25]
    assert "Sort" not in {node["Node Type"] for node in of(sites)}
    first = [h.pk for h in everything.order_by("-found_on", "-pk")[:25]]
    slow = Hazard.plain.filter(search_text__contains=COMMON).order_by("-found_on", "-pk")[:25]
    assert first == [h.pk for h in slow]


def test_people_are_found_by_indexes(filled: Cast) -> None:
    by_end = Person.objects.everything(why="tests").filter(phone_tail="0" * 32)
    assert indexes(of(by_end)) == {"person_tail"}
    by_name = Person.objects.everything(why="tests").filter(name__has=ABSENT).order_by("-pk")[:9]
    assert "person_name" in indexes(of(by_name))
