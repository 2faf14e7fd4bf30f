"""Regions and local rules on the screen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from anlan.kernel.clock import today
from anlan.kernel.codes.models import Parameter
from anlan.kernel.codes.services import DECLARED, declare, set_parameter
from anlan.kernel.identity.models import User
from anlan.kernel.regions.models import Region, RegionChange
from anlan.kernel.regions.repathing import repath_rows
from anlan.modules.office.tests.conftest import SYSTEM, City
from anlan.modules.office.tests.test_people import _send, _text

Browser = Callable[[User], Client]
BASIS = "省民函〔2026〕1号"


def _page(region: Region) -> str:
    return reverse("office:region", args=[region.pk])


def test_the_tree_of_ones_own(city: City, admin: User, browser: Browser) -> None:
    client = browser(admin)
    text = _text(client.get(reverse("office:regions")))
    assert "城南镇" in text
    assert "河东镇" not in text
    page = _text(client.get(_page(city.here)))
    assert "城南镇" in page
    assert "和平村" not in page[page.index("城南镇") :], "one level at a time"
    assert client.get(_page(city.there)).status_code == 404
    assert client.get(_page(city.root)).status_code == 404


def test_adding(city: City, admin: User, browser: Browser) -> None:
    client, url = browser(admin), reverse("office:add-region", args=[city.town.pk])
    fields = {
        "name": "新建村",
        "short_name": "",
        "kind": "village",
        "code": "998801001001",
        "lon": "112.5",
        "lat": "23.25",
        "valid_from": "",
    }
    assert _send(client, url, **{**fields, "code": "12"}).status_code == 422
    assert _send(client, url, **{**fields, "lat": ""}).status_code == 422
    _send(client, url, **fields)
    made = Region.objects.get(name="新建村")
    assert (made.parent_path, made.code, made.lon) == (city.town.path, "998801001001", 112.5)
    assert client.get(reverse("office:add-region", args=[city.far_town.pk])).status_code == 404


def test_renaming(city: City, admin: User, browser: Browser) -> None:
    client, url = browser(admin), reverse("office:rename", args=[city.town.pk])
    assert 'value="城南镇"' in _text(client.get(url))
    fields = {"name": "城南街道", "short_name": "", "code": "", "on": today().isoformat(), "basis": BASIS}
    tomorrow = (today() + dt.timedelta(days=1)).isoformat()
    assert _send(client, url, **{**fields, "on": tomorrow}).status_code == 422
    assert _send(client, url, **fields).url == _page(city.town)
    page = _text(client.get(_page(city.town)))
    assert "城南街道" in page
    assert BASIS in page
    assert "城南镇" in page, "the former name stands in the list of changes"
    assert _send(client, url, **fields).url == _page(city.town), "the same again does nothing"
    assert RegionChange.objects.count() == 1


def test_merging_shows_how_far_it_has_come(city: City, admin: User, browser: Browser) -> None:
    client, url = browser(admin), reverse("office:merge", args=[city.town.pk])
    fields = {"into": city.next_town.path, "on": today().isoformat(), "basis": BASIS}
    assert _send(client, url, **{**fields, "into": city.far_town.path}).status_code == 422
    assert _send(client, url, **{**fields, "into": city.village.path}).status_code == 422
    assert _send(client, url, **fields).url == _page(city.town)
    page = _text(client.get(_page(city.town)))
    change = RegionChange.objects.get(kind="merge")
    assert f'id="change-{change.pk}"' in page
    assert "已撤销" in page or "合并" in page
    bar = reverse("office:progress", args=[change.pk])
    assert "hx-get" in _text(client.get(bar))
    for one in RegionChange.objects.order_by("pk"):
        repath_rows(one)
    assert "hx-get" not in _text(client.get(bar))
    assert f'id="change-{change.pk}"' not in _text(client.get(_page(city.town)))
    assert reverse("office:merge", args=[city.town.pk]) not in _text(client.get(_page(city.town)))
    assert client.get(url).status_code == 404, "what is merged is not changed again"
    assert "城南镇" in _text(client.get(reverse("office:changes")))


def test_progress_of_others_is_not_found(city: City, admin: User, browser: Browser) -> None:
    change = RegionChange.objects.create(
        region=city.far_town, kind="move", on=today(), old_path="0009", new_path=city.far_town.path, basis="x"
    )
    assert browser(admin).get(reverse("office:progress", args=[change.pk])).status_code == 404
    assert browser(admin).get(reverse("office:progress", args=[0])).status_code == 404


def test_moving(city: City, admin: User, browser: Browser) -> None:
    url = reverse("office:move", args=[city.village.pk])
    fields = {"under": city.next_town.path, "on": today().isoformat(), "basis": BASIS}
    assert _send(browser(admin), url, **fields).status_code == 302
    assert Region.objects.get(pk=city.village.pk).parent_path == city.next_town.path


class TestRules:
    @pytest.fixture(autouse=True)
    def declared(self) -> Iterator[None]:
        declare("tests.limit", "Recheck within", 30, least=1, most=90)
        yield
        DECLARED.pop("tests.limit")

    def test_why_a_figure_counts(self, city: City, admin: User, browser: Browser) -> None:
        given = {"actor": SYSTEM, "code": "tests.limit", "valid_from": today(), "basis": "安应急〔2026〕3号"}
        set_parameter(**given, region=city.root, value=20)
        client = browser(admin)
        page = _text(client.get(_page(city.town)))
        row = page[page.index("Recheck within") :][:1500]
        for word in ("20", "安州市", "安应急〔2026〕3号"):
            assert word in row
        set_parameter(**{**given, "basis": "本县规定"}, region=city.here, value=10)
        row = _text(client.get(_page(city.town)))
        row = row[row.index("Recheck within") :][:1500]
        for word in ("10", "本县规定", "20", "安州市"):
            assert word in row, "what it overrides is told as well"

    def test_the_default_says_what_may_be_set(self, city: City, admin: User, browser: Browser) -> None:
        page = _text(browser(admin).get(_page(city.town)))
        row = page[page.index("Recheck within") :][:1500]
        assert "30" in row
        assert "90" in row

    def test_setting(self, city: City, admin: User, browser: Browser) -> None:
        client, url = browser(admin), reverse("office:set-rule")
        fields = {
            "code": "tests.limit",
            "region": city.here.path,
            "value": 12,
            "valid_from": today().isoformat(),
            "basis": "本县规定",
        }
        for wrong in (
            {"value": 91},
            {"basis": ""},
            {"region": city.there.path},
            {"code": "none"},
            {"valid_from": "2020-01-01"},
        ):
            assert _send(client, url, **{**fields, **wrong}).status_code == 422, wrong
        assert not Parameter.objects.exists()
        assert _send(client, url, **fields).url == _page(city.here)
        listed = _text(client.get(reverse("office:rules")))
        for word in ("Recheck within", "12", "本县规定", "本县"):
            assert word in listed

    def test_rules_above_count_here_and_are_shown(self, city: City, admin: User, browser: Browser) -> None:
        given: dict[str, Any] = {"actor": SYSTEM, "code": "tests.limit", "valid_from": today()}
        set_parameter(**given, region=city.root, value=20, basis="市规定")
        set_parameter(**given, region=city.there, value=25, basis="他县规定")
        listed = _text(browser(admin).get(reverse("office:rules")))
        assert "市规定" in listed
        assert "他县规定" not in listed
