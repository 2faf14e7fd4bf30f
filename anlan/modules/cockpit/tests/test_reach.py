"""Who may look where, and what he then counts."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest
from django.test import Client

from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotAllowed, NotFound, SignInNeeded, Unguarded
from anlan.kernel.identity.actors import actor_for
from anlan.kernel.identity.models import Grant, User
from anlan.modules.cockpit import selectors
from anlan.modules.cockpit.models import HazardFact, SiteFact
from anlan.modules.cockpit.tests.conftest import City


def test_ones_own_region_without_asking(city: City) -> None:
    where = selectors.place(city.actor("county_officer", city.east))
    assert where.region == city.east
    assert where.above == ()
    assert [r.name for r in where.parts] == ["城南镇", "城北镇"]


def test_the_way_down_starts_at_ones_own_region(city: City) -> None:
    where = selectors.place(city.actor("county_officer", city.east), city.village.path)
    assert [r.name for r in where.above] == ["东江县", "城南镇"]


@pytest.mark.parametrize("name", ["root", "west", "river"])
def test_another_region_is_not_found(city: City, name: str) -> None:
    with pytest.raises(NotFound):
        selectors.place(city.actor("county_officer", city.east), getattr(city, name).path)


@pytest.mark.parametrize(
    "text", ["00010001\x00", "0001000100", "00010001000Z0009", "0001'--", "00010001" * 10, "城南镇"]
)
def test_what_is_no_region_is_not_found(city: City, text: str) -> None:
    with pytest.raises(NotFound):
        selectors.place(city.actor("leader", city.root), text)
    with pytest.raises(NotFound):
        selectors.place(Actor.system("tests"), text)


def test_whoever_holds_nothing_is_refused(city: City) -> None:
    with pytest.raises(NotAllowed):
        selectors.place(city.actor("expert", city.root))
    with pytest.raises(NotAllowed):
        selectors.place(city.actor("county_officer", city.east), permission="cockpit.lead")
    with pytest.raises(SignInNeeded):
        selectors.place(Actor.nobody())


def test_a_line_counts_only_itself(city: City) -> None:
    actor = city.actor("city_officer", city.root, sector="gas")
    where = selectors.place(actor)
    found = selectors.numbers(actor, where)
    assert where.lines == ("gas",)
    assert (found.total.sites, found.total.open, found.total.overdue) == (2, 1, 0)
    assert sum(p.counts.open for p in found.parts) == 1
    assert [s.code for s in selectors.breakdown(actor, where)["sector"]] == ["gas"]
    assert sum(m.found for m in selectors.trend(actor, where)) == 3


def test_every_line_in_one_county_and_one_line_elsewhere(city: City) -> None:
    user = city.user("city_officer", city.root, sector="gas")
    Grant.objects.create(user=user, role="county_officer", region=city.east, valid_from="2020-01-01")
    actor = actor_for(user)
    where = selectors.place(actor)
    assert where.region == city.root
    assert where.lines == ("gas",)
    found = selectors.numbers(actor, where)
    assert found.total.sites == 6
    assert [p.counts.sites for p in found.parts] == [5, 1]
    assert selectors.place(actor, city.east.path).lines == ()


def test_several_regions_stand_side_by_side(city: City) -> None:
    actor = city.actor("town_officer", city.south, city.river)
    where = selectors.place(actor)
    assert where.region is None
    assert [r.name for r in where.parts] == ["城南镇", "河口镇"]
    found = selectors.numbers(actor, where)
    assert (found.total.sites, found.total.units, found.total.open) == (4, 3, 3)
    assert [p.counts.sites for p in found.parts] == [3, 1]
    assert selectors.place(actor, city.river.path).region == city.river
    with pytest.raises(NotFound):
        selectors.place(actor, city.east.path)


def test_a_grant_inside_another_adds_nothing(city: City) -> None:
    actor = city.actor("county_officer", city.east, city.south)
    assert selectors.tops_of(actor) == (city.east.path,)
    assert selectors.place(actor).region == city.east


def test_a_token_without_the_scope_counts_nothing(city: City) -> None:
    actor = dataclasses.replace(city.actor("leader", city.root), scopes=frozenset({"hazards.view"}))
    with pytest.raises(NotAllowed):
        selectors.place(actor)


def test_the_views_are_guarded_like_tables(city: City) -> None:
    for model in (HazardFact, SiteFact):
        with pytest.raises(Unguarded):
            model.objects.count()


PAGES = ("/cockpit/", "/cockpit/live/", "/cockpit/map/", "/cockpit/lead/")


@pytest.mark.parametrize("page", PAGES)
def test_pages_of_another_region_are_not_found(city: City, browser: Callable[[User], Client], page: str) -> None:
    client = browser(city.user("leader", city.east))
    assert client.get(page).status_code == 200
    assert client.get(page, {"region": city.south.path}).status_code == 200
    assert client.get(page, {"region": city.west.path}).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_pages_name_nothing_of_another_region(city: City, browser: Callable[[User], Client], page: str) -> None:
    text = browser(city.user("leader", city.west)).get(page).content.decode()
    for name in ("东江县", "城南镇", "和平村", "第1号隐患"):
        assert name not in text


@pytest.mark.parametrize("page", PAGES)
def test_nobody_is_sent_to_sign_in(city: City, page: str) -> None:
    assert Client().get(page).status_code == 302


@pytest.mark.parametrize(("page", "role"), [("/cockpit/", "expert"), ("/cockpit/lead/", "county_officer")])
def test_without_the_permission(city: City, browser: Callable[[User], Client], page: str, role: str) -> None:
    assert browser(city.user(role, city.root)).get(page).status_code == 403
