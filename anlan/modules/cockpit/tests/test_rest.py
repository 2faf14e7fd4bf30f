"""The API: the same figures, typed, in the caller's scope."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from anlan.kernel.identity.models import User
from anlan.modules.cockpit.tests.conftest import City

API = "/api/v1/cockpit"


def test_summary(city: City, browser: Callable[[User], Client]) -> None:
    told = browser(city.user("leader", city.root)).get(f"{API}/summary").json()
    assert (told["region"], told["name"], told["lines"]) == (city.root.path, "安州市", [])
    assert told["figures"] == {
        "sites": 6, "units": 4, "open": 5, "major": 2, "overdue": 2, "overdue_per_100": 50.0, "found_year": 6,
        "closed_year": 2, "closure_rate": 0.3333, "due_year": 5, "on_time_year": 2, "on_time_rate": 0.4,
        "found_month": 3, "found_before": 2,
    }  # fmt: skip


def test_regions_add_up(city: City, browser: Callable[[User], Client]) -> None:
    client = browser(city.user("leader", city.root))
    whole = client.get(f"{API}/summary", {"region": city.east.path}).json()["figures"]
    parts = client.get(f"{API}/regions", {"region": city.east.path}).json()["parts"]
    assert [p["name"] for p in parts] == ["城南镇", "城北镇", ""]
    assert parts[0]["code"] == "998801001000"
    assert sum(p["figures"]["open"] for p in parts) == whole["open"]


def test_trend(city: City, browser: Callable[[User], Client]) -> None:
    months = browser(city.user("leader", city.root)).get(f"{API}/trend").json()["months"]
    assert len(months) == 24
    assert months[-1] == {"month": "2026-05-01", "found": 3, "closed": 1, "overdue": 2}


@pytest.mark.parametrize("name", ["summary", "regions", "trend"])
def test_scope(city: City, browser: Callable[[User], Client], name: str) -> None:
    client = browser(city.user("county_officer", city.east))
    assert client.get(f"{API}/{name}").status_code == 200
    assert client.get(f"{API}/{name}", {"region": city.west.path}).status_code == 404
    assert client.get(f"{API}/{name}", {"region": "no region"}).status_code == 404
    assert Client().get(f"{API}/{name}").status_code == 401
    assert browser(city.user("expert", city.east)).get(f"{API}/{name}").status_code == 403


def test_an_empty_region_has_no_rates(empty: City, browser: Callable[[User], Client]) -> None:
    figures = browser(empty.user("leader", empty.root)).get(f"{API}/summary").json()["figures"]
    assert (figures["overdue_per_100"], figures["closure_rate"], figures["on_time_rate"]) == (None, None, None)


def test_a_region_that_is_too_long_is_refused(city: City, browser: Callable[[User], Client]) -> None:
    assert browser(city.user("leader", city.root)).get(f"{API}/summary", {"region": "0" * 65}).status_code == 422
