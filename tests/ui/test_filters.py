"""Filters: they narrow, they offer nothing foreign, and a wrong one hides rather than shows."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from anlan.kernel import clock
from anlan.kernel.identity.models import Grant
from tests.ui.conftest import CANARY
from tests.ui.test_lists import titles


@pytest.fixture
def papers(cast: SimpleNamespace, paper: Any) -> SimpleNamespace:
    """Papers on both sides of the county line."""
    past = clock.now() - dt.timedelta(days=2)
    return SimpleNamespace(
        big=paper(cast.town, "青溪化工厂", level="major", headcount=20, found_on=dt.date(2026, 3, 1), due_at=past),
        small=paper(cast.other_town, "和平木器厂", headcount=5, found_on=dt.date(2026, 3, 5), text="青溪路"),
        far=paper(cast.far_town, f"{CANARY}厂"),
    )


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("q=青溪", {"青溪化工厂", "和平木器厂"}),
        ("q=青溪 化工", {"青溪化工厂"}),
        ("q=100%25", set()),
        ("level=major", {"青溪化工厂"}),
        ("state=draft&state=closed", {"青溪化工厂", "和平木器厂"}),
        ("state=open", {"青溪化工厂", "和平木器厂"}),
        ("state=closed", set()),
        ("overdue=on", {"青溪化工厂"}),
        ("found_on_from=2026-03-02", {"和平木器厂"}),
        ("found_on_to=2026-03-01", {"青溪化工厂"}),
        ("found_on_from=2026-03-01&found_on_to=2026-03-05", {"青溪化工厂", "和平木器厂"}),
        ("headcount_from=6", {"青溪化工厂"}),
        ("headcount_to=6", {"和平木器厂"}),
    ],
)
def test_narrowing(cast: Any, papers: Any, sign_in: Any, query: str, wanted: set[str]) -> None:
    page = sign_in(cast.county_officer).get(f"/papers/?{query}")
    assert set(titles(page)) == wanted if wanted else page.context["total"] == 0
    assert page.context["chips"] or any(tab["active"] for tab in page.context["tabs"])  # a tab says it already


def test_a_region_means_all_below_it(cast: Any, papers: Any, sign_in: Any) -> None:
    browser = sign_in(cast.county_officer)
    assert titles(browser.get(f"/papers/?region={cast.town.path}")) == ["青溪化工厂"]
    page = browser.get(f"/papers/?region={cast.here.path}")
    assert len(titles(page)) == 2
    assert "临江县" in page.context["chips"][0]["label"]


@pytest.mark.parametrize(
    "query",
    [
        "level=none",
        "state=nowhere",
        "found_on_from=tomorrow",
        "headcount_from=many",
        "found_on_from=2026-03-05&found_on_to=2026-03-01",
        "region=zzzz",
        "twin=0",
        "sector=mine2",
    ],
)
def test_a_wrong_filter_is_named_and_shows_nothing(cast: Any, papers: Any, sign_in: Any, query: str) -> None:
    page = sign_in(cast.county_officer).get(f"/papers/?{query}")
    assert page.status_code == 200
    assert page.context["total"] == 0
    assert page.context["problems"]
    assert "更正之前列表不显示任何记录" in page.content.decode()


def test_foreign_values_are_not_accepted(cast: Any, papers: Any, sign_in: Any) -> None:
    browser = sign_in(cast.county_officer)
    for query in (f"region={cast.there.path}", f"twin={papers.far.pk}", f"plain={papers.far.pk}"):
        page = browser.get(f"/papers/?{query}")
        assert page.context["total"] == 0, query
        assert CANARY not in page.content.decode()
        assert page.context["problems"], query


def test_no_choice_names_anything_foreign(cast: Any, papers: Any, sign_in: Any) -> None:
    browser = sign_in(cast.county_officer)
    assert CANARY not in browser.get("/papers/?all=1").content.decode()
    drawer = browser.get("/papers/?all=1&filters=1").content.decode()
    assert CANARY not in drawer and "青溪化工厂" in drawer
    assert CANARY not in browser.get("/ui/regions/?permission=hazards.view").content.decode()
    assert CANARY not in browser.get(f"/ui/regions/?permission=hazards.view&q={CANARY}").content.decode()
    assert CANARY not in browser.get(f"/ui/regions/?under={cast.there.path}").content.decode()
    assert CANARY not in browser.get(f"/ui/regions/?under={cast.city.path}").content.decode()
    found = browser.get("/papers/options/twin/?q=厂").json()
    assert {r["text"] for r in found["results"]} == {"青溪化工厂", "和平木器厂"}
    assert browser.get("/papers/options/level/?q=厂").status_code == 404
    assert browser.get("/papers/options/nothing/").status_code == 404


def test_the_tree_opens_branch_by_branch(cast: Any, sign_in: Any) -> None:
    county = sign_in(cast.county_officer)
    top = county.get("/ui/regions/?permission=hazards.view").content.decode()
    assert f'data-value="{cast.here.path}"' in top and f'data-value="{cast.city.path}"' not in top
    below = county.get(f"/ui/regions/?permission=hazards.view&under={cast.here.path}").content.decode()
    assert "青溪镇" in below and "和平镇" in below
    assert "青溪镇" in county.get("/ui/regions/?permission=hazards.view&q=qx").content.decode()
    assert "data-value" not in county.get("/ui/regions/?permission=identity.users").content.decode()
    assert "没有符合的区域" in county.get("/ui/regions/?q=无此地").content.decode()


def test_only_the_own_lines_are_offered(cast: Any, papers: Any, sign_in: Any) -> None:
    everything = sign_in(cast.county_officer).get("/papers/?all=1")
    offered = [c for c, _ in everything.context["filters"].form.fields["sector"].choices]
    assert offered == ["", "fire", "mine"]
    Grant.objects.filter(user=cast.county_officer).update(sector="fire")
    mine = sign_in(cast.county_officer).get("/papers/?all=1")
    assert [c for c, _ in mine.context["filters"].form.fields["sector"].choices] == ["", "fire"]


def test_a_chip_says_the_label_of_what_was_offered_to_the_reader(cast: Any, papers: Any, sign_in: Any) -> None:
    page = sign_in(cast.county_officer).get("/papers/?sector=fire&state=draft")
    assert "Fire" in {c["label"].split("：")[1] for c in page.context["chips"]}
    Grant.objects.filter(user=cast.county_officer).update(sector="mine")
    foreign = sign_in(cast.county_officer).get("/papers/?sector=fire")
    assert "Fire" not in foreign.content.decode() and foreign.context["total"] == 0


def test_removing_a_chip_keeps_the_others(cast: Any, papers: Any, sign_in: Any) -> None:
    page = sign_in(cast.county_officer).get("/papers/?level=major&found_on_from=2026-01-01&q=厂&page=2")
    urls = {c["label"].split("：")[0]: c["url"] for c in page.context["chips"]}
    assert "found_on" not in urls["Found on"] and "level=major" in urls["Found on"] and "page" not in urls["Found on"]
