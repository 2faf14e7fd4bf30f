"""Selectors, the front door, the facts view, and following the registry."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.deadlines.services import find
from anlan.kernel.errors import BadInput
from anlan.kernel.scope import follow_subject
from anlan.modules.hazards import public, selectors, services
from anlan.modules.hazards.models import Hazard, Listing
from anlan.modules.hazards.tests.conftest import Cast, Story

pytestmark = pytest.mark.django_db


def test_figures(cast: Cast, story: Story) -> None:
    story.closed()
    story.approved(story.planned(story.major(story.found(description="粉尘除尘系统未设泄爆", category="dust"))))
    story.general(story.found(description="楼梯护栏缺失", category="building"), due=dt.date(2026, 3, 3))
    with clock.moved_to(dt.date(2026, 3, 10)):
        told = public.figures(cast.county, cast.regions["countyA"].path)
        assert (told["open"], told["overdue"], told["major"], told["found"], told["closed"]) == (2, 2, 1, 3, 1), (
            "a report not made counts as overdue"
        )
        assert told["closure_rate"] == pytest.approx(1 / 3)
        paths = [cast.regions["countyA"].path, cast.regions["countyB"].path]
        by = public.figures_by_region(cast.city, paths)
        assert (by[paths[0]].open, by[paths[1]].open, by[paths[1]].closure_rate) == (2, 0, None)
        assert public.figures(cast.other_county)["open"] == 0
        (major,) = public.open_major(cast.leader)
        assert major.money_missing_yuan == 30000
        months = public.trend(cast.city, months=3)
        assert [(m["month"].month, m["found"], m["closed"]) for m in months] == [(1, 0, 0), (2, 0, 0), (3, 3, 1)]


def test_search_finds_two_characters_anywhere(cast: Cast, story: Story) -> None:
    hazard = story.found(description="空压机安全阀未校验", place="动力房")
    story.found(description="楼梯护栏缺失", category="building")
    for text in ("护栏", "YH449801-2026-00001", "动力 安全阀", "works 护栏", "空压机"):
        found = selectors.matching(selectors.hazards(cast.town), text)
        assert found.count() == 1, text
    assert selectors.matching(selectors.hazards(cast.town), "安全 护栏").count() == 0
    assert selectors.matching(selectors.hazards(cast.town), "安全阀").get() == hazard
    with pytest.raises(BadInput) as why:
        selectors.matching(selectors.hazards(cast.town), "阀")
    assert why.value.column == "q"


def test_the_lists_propose_and_a_person_decides(cast: Cast, story: Story) -> None:
    proposals = selectors.proposals(story.found())
    assert "13(2)" in [p.clause.code for p in proposals]
    assert story.found(description="粉尘除尘系统未设泄爆", category="dust").grade == ""


def test_another_module_opens_a_hazard(cast: Cast) -> None:
    view = public.open_hazard(
        Actor.system("alarm:1"), site_id=cast.sites["depot"].pk, description="储罐液位高高报警未处置", source="alarm",
        key="alarm-1", category="chemicals",
    )  # fmt: skip
    again = public.open_hazard(
        Actor.system("alarm:1"), site_id=cast.sites["depot"].pk, description="储罐液位高高报警未处置", source="alarm",
        key="alarm-1", category="chemicals",
    )  # fmt: skip
    assert view == again
    assert (view.state, view.sector) == ("registered", "chem")


def test_the_facts_view(cast: Cast, story: Story) -> None:
    story.closed()
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, is_open, is_overdue, rectified_late, closed_on FROM facts_hazards")
        rows = cursor.fetchall()
    assert rows == [("YH449801-2026-00001", False, False, False, dt.date(2026, 3, 2))]


def test_a_moved_site_carries_its_hazards(cast: Cast, story: Story, fresh: Any) -> None:
    hazard = story.general()
    story.approved(story.planned(story.major(story.found(description="粉尘除尘系统未设泄爆", category="dust"))))
    listed = services.list_hazard(
        actor=cast.county, hazard=Hazard.plain.get(grade="major"), level="county", leader_name="王五",
        leader_title="副县长", due_on=dt.date(2026, 4, 30), reason="难度大",
    )  # fmt: skip
    site, region = cast.sites["works"], cast.regions["townA2"]
    type(site).plain.filter(pk=site.pk).update(region=region, region_path=region.path)
    system = Actor.system("moved_site_carries_hazards")
    assert public.carry_hazards(system, from_site=site.pk, to_site=site.pk, why="迁址") == 2
    hazard = fresh(hazard)
    assert (hazard.region_path, hazard.owner_path) == (region.path, region.path)
    assert find(hazard, "rectify").region_path == region.path
    assert Listing.plain.get(pk=listed.pk).owner_path == region.path
    version = hazard.version
    public.carry_hazards(system, from_site=site.pk, to_site=site.pk, why="迁址")
    assert fresh(hazard).version == version, "what changed nothing does nothing"
    assert follow_subject


def test_merged_units_carry_their_hazards(cast: Cast, story: Story, fresh: Any) -> None:
    hazard = story.general()
    site, other = cast.sites["works"], cast.sites["depot"]
    old = hazard.holder
    type(site).plain.filter(pk=site.pk).update(unit=other.unit, holder=other.holder, serial=2, is_main=False)
    public.carry_hazards_of_unit(Actor.system("merged"), holder=old, why="合并")
    hazard = fresh(hazard)
    assert hazard.holder == other.holder
    assert find(hazard, "rectify").desk_holder == other.holder
    assert selectors.matching(selectors.hazards(cast.town), "depot").filter(pk=hazard.pk).exists()
