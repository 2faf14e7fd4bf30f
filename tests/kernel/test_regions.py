"""The tree of regions: added to, renamed, merged, moved; rows, grants and posts follow."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from anlan.kernel.actor import Actor
from anlan.kernel.clock import moved_to
from anlan.kernel.errors import BadInput, NotAllowed, NotFound
from anlan.kernel.journal.record import about
from anlan.kernel.regions import selectors
from anlan.kernel.regions.models import Region, RegionChange
from anlan.kernel.regions.repathing import late_changes, repath_rows
from anlan.kernel.regions.services import (
    add_region,
    merge_region,
    move_region,
    pinyin_key,
    rename_region,
)
from tests.kernel.conftest import SYSTEM, City, plain_actor

WHY = "a test"
ON = dt.date(2026, 6, 1)
BASIS = "省民函〔2026〕1号"
CHANGE = frozenset({"regions.change"})


@pytest.fixture(autouse=True)
def in_june() -> Any:
    with moved_to(dt.date(2026, 6, 15)):
        yield


@pytest.fixture
def admin(city: City) -> Actor:
    return plain_actor(city.root.path, CHANGE)


def _run_jobs() -> None:
    for change in RegionChange.objects.exclude(kind="rename").filter(finished_at=None).order_by("pk"):
        repath_rows(change)


def _fresh(region: Region) -> Region:
    found: Region = Region.objects.get(pk=region.pk)
    return found


class TestAdding:
    def test_a_region(self, city: City, admin: Actor) -> None:
        made = add_region(
            actor=admin,
            parent=city.a1,
            name=" 石桥村 ",
            kind="village",
            code="998801001",
            lon=112.5,
            lat=23.1,
        )
        assert (made.name, made.code, made.parent_path, made.depth) == (
            "石桥村",
            "998801001000",
            city.a1.path,
            4,
        )
        assert made.pinyin == "shiqiaocun sqc" == pinyin_key("石桥村")
        assert [e.fact_type for e in about(made)] == ["regions.RegionAdded"]
        assert made.ancestor_paths == [city.root.path, city.a.path, city.a1.path, made.path]

    @pytest.mark.parametrize(
        ("column", "given"),
        [
            ("name", {"name": " "}),
            ("name", {"name": "和平村"}),
            ("kind", {"kind": "planet"}),
            ("code", {"code": "12345"}),
            ("code", {"code": "99880１"}),
            ("code", {"code": "998801"}),
            ("lon", {"lon": 112.0}),
            ("lon", {"lon": 200.0, "lat": 1.0}),
        ],
    )
    def test_bad_input(self, city: City, admin: Actor, column: str, given: dict[str, Any]) -> None:
        with pytest.raises(BadInput) as refused:
            add_region(actor=admin, **{"parent": city.a1, "name": "石桥村", "kind": "village", **given})
        assert refused.value.column == column
        assert Region.objects.count() == 9

    def test_who_may_not(self, city: City) -> None:
        wanted = {"parent": city.a1, "name": "石桥村", "kind": "village"}
        for actor in (
            plain_actor(city.b.path, CHANGE),
            plain_actor(city.a.path, CHANGE, sector="mines"),
            plain_actor(city.a.path),
        ):
            with pytest.raises(NotAllowed):
                add_region(actor=actor, **wanted)
        with pytest.raises(NotAllowed):
            add_region(actor=plain_actor(city.root.path, CHANGE), parent=None, name="新市", kind="city")
        with pytest.raises(NotFound):
            rename_region(actor=plain_actor(city.b.path, CHANGE), region=city.a1, name="x", on=ON, basis=BASIS)
        with pytest.raises(NotAllowed):
            merge_region(
                actor=plain_actor(city.a.path, CHANGE),
                region=city.a1,
                into=city.b1,
                on=ON,
                basis=BASIS,
            )
        with pytest.raises(NotFound):
            rename_region(actor=SYSTEM, region=0, name="x", on=ON, basis=BASIS)

    def test_sixteen_levels_and_no_more(self, city: City) -> None:
        region = city.v1
        for level in range(5, 17):
            region = add_region(actor=SYSTEM, parent=region, name=f"第{level}级", kind="grid")
        assert (region.depth, len(region.path)) == (16, 64)
        with pytest.raises(BadInput, match="16 levels"):
            add_region(actor=SYSTEM, parent=region, name="再下", kind="grid")
        with pytest.raises(BadInput, match="16 levels"):
            move_region(actor=SYSTEM, region=city.a1, under=city.w1, on=ON, basis=BASIS)


class TestRenaming:
    def test_the_old_name_is_known(self, city: City, admin: Actor) -> None:
        change = rename_region(actor=admin, region=city.a1, name="城南街道", on=ON, basis=BASIS, code="998801001")
        region = _fresh(city.a1)
        assert (region.name, region.code, region.path) == ("城南街道", "998801001000", city.a1.path)
        assert (change.old_name, change.new_name) == ("城南镇", "城南街道")
        assert selectors.name_on(region, dt.date(2026, 5, 31)) == "城南镇"
        assert selectors.name_on(region, ON) == "城南街道"
        assert [c.pk for c in selectors.changes_of(region)] == [change.pk]
        assert late_changes() == []

    def test_the_same_again_does_nothing(self, city: City, admin: Actor) -> None:
        assert rename_region(actor=admin, region=city.a1, name="城南镇", on=ON, basis=BASIS) == city.a1
        assert not RegionChange.objects.exists()

    @pytest.mark.parametrize(
        ("column", "given"),
        [
            ("name", {"name": ""}),
            ("name", {"name": "城北镇"}),
            ("basis", {"basis": " "}),
            ("on", {"on": dt.date(2026, 7, 1)}),
        ],
    )
    def test_bad_input(self, city: City, admin: Actor, column: str, given: dict[str, Any]) -> None:
        with pytest.raises(BadInput) as refused:
            rename_region(
                actor=admin,
                **{"region": city.a1, "name": "新名", "on": ON, "basis": BASIS, **given},
            )
        assert refused.value.column == column


class TestReading:
    def test_by_code_or_name(self, city: City) -> None:
        assert selectors.by_code_or_name("998801") == selectors.by_code_or_name("998801000000") == city.a
        assert selectors.by_code_or_name(" 城南镇 ") == city.a1
        assert selectors.by_code_or_name("城南镇", within_path=city.a.path) == city.a1
        with pytest.raises(BadInput, match="No region"):
            selectors.by_code_or_name("城南镇", within_path=city.b.path)
        add_region(actor=SYSTEM, parent=city.b, name="城南镇", kind="town")
        with pytest.raises(BadInput, match="Several regions"):
            selectors.by_code_or_name("城南镇")

    def test_names(self, city: City) -> None:
        assert selectors.full_name(city.v1.path) == "甲县 · 城南镇 · 和平村"
        assert selectors.full_name(city.v1.path, below=2) == "城南镇 · 和平村"
        assert selectors.full_name(city.root.path) == "安州市"
        assert selectors.parent(city.v1.path) == city.a1
        assert selectors.parent(city.root.path) is None
        assert selectors.region_at("none") is None

    def test_of_kind(self, city: City) -> None:
        assert list(selectors.of_kind(plain_actor(city.a.path), "sample.view", "town")) == [
            city.a1,
            city.a2,
        ]
        assert list(selectors.of_kind(plain_actor("", holder="u"), "sample.view", "town")) == []
        assert list(selectors.of_kind(plain_actor(""), "sample.view", "town")) == []
        assert selectors.of_kind(SYSTEM, "x", "village").count() == 3
