"""The map of live state, as alarms make it look."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.apps import apps

from anlan.kernel import clock
from anlan.kernel.acts import ACTS
from anlan.modules.alarms import services
from anlan.modules.alarms.public import record_transitions
from anlan.modules.alarms.tests.conftest import NOON, Scene, signed_in
from anlan.modules.monitoring.public import standing_of_sites

GATEWAYS = "monitoring.Gateway"


def look(scene: Scene, name: str = "county_officer") -> tuple[str, int]:
    """How the one site looks to somebody."""
    (site,) = standing_of_sites(scene.actor(name))
    return site.look.code, site.many


def heard(minutes: int) -> None:
    apps.get_model(GATEWAYS).plain.update(last_seen=NOON - dt.timedelta(minutes=minutes))


def data(scene: Scene, name: str, path: str = "") -> Any:
    answer = signed_in(scene.users[name]).get(
        f"/monitoring/map/data/?region={path}" if path else "/monitoring/map/data/"
    )
    return answer.json() if answer.status_code == 200 else answer.status_code


def test_without_alarms_a_site_is_normal_or_offline(scene: Scene) -> None:
    assert look(scene) == ("silent", 0), "never heard of"
    heard(10)
    assert look(scene) == ("normal", 0)
    heard(61)
    assert look(scene) == ("silent", 0)


def test_a_site_looks_as_its_worst_alarm(scene: Scene) -> None:
    heard(1)
    record_transitions([scene.raised("high")])
    assert look(scene) == ("alarm_2", 1)
    record_transitions([scene.raised("high_high", 2, 9.1)])
    assert look(scene) == ("alarm_1", 2)
    services.acknowledge_alarm(actor=scene.actor("town_officer"), alarm=scene.alarm("high_high"))
    assert look(scene) == ("alarm_2", 2)
    record_transitions([scene.returned("high")])
    assert look(scene) == ("answered", 2)
    record_transitions([scene.returned("high_high", 70)])
    assert look(scene) == ("returned", 1)
    services.acknowledge_alarm(actor=scene.actor("town_officer"), alarm=scene.alarm("high"))
    assert look(scene) == ("normal", 0)


def test_an_alarm_is_shown_although_the_last_gateway_was_revoked(scene: Scene) -> None:
    heard(10)
    record_transitions([scene.raised("high")])
    apps.get_model(GATEWAYS).plain.update(state="revoked")
    (site,) = standing_of_sites(scene.actor("county_officer"))
    assert (site.look.code, site.many, site.unit, site.region_path) == ("alarm_2", 1, scene.unit.name, scene.town.path)
    assert site.last_seen == NOON - dt.timedelta(minutes=10) and site.lon is not None
    points = next(one for one in data(scene, "county_officer")["layers"] if one["id"] == "sites")
    assert [one["properties"]["tone"] for one in points["data"]["features"]] == ["orange"]
    page = signed_in(scene.users["county_officer"]).get("/monitoring/map/").content.decode()
    assert scene.unit.name in page and "data-map" in page
    store = ACTS["installations.register_installation"].function(
        actor=scene.actor("unit_safety"), site=scene.site.pk, kind="storage", name="氨制冷系统"
    )
    type(store).plain.filter(pk=store.pk).update(level=3)
    assert look(scene) == ("alarm_2", 1), "once, although it must be connected as well"
    assert standing_of_sites(scene.actor("city_officer"), scene.county.path)
    assert standing_of_sites(scene.actor("unit_worker")) == []
    record_transitions([scene.returned("high")])
    services.acknowledge_alarm(actor=scene.actor("town_officer"), alarm=scene.alarm("high"))
    assert look(scene) == ("unconnected", 0)


def test_parts_take_the_tone_of_their_worst_site(scene: Scene) -> None:
    heard(1)
    outline = {"type": "Polygon", "coordinates": [[[115, 24], [115.4, 24], [115.4, 24.4], [115, 24.4], [115, 24]]]}
    type(scene.town).objects.filter(pk=scene.town.pk).update(outline=outline)
    record_transitions([scene.raised("high_high", 2, 9.1)])
    drawn = data(scene, "county_officer")
    areas, points = (next(one for one in drawn["layers"] if one["id"] == name) for name in ("parts", "sites"))
    (town,) = areas["data"]["features"]
    assert (town["properties"]["tone"], town["properties"]["label"]) == ("red", "1")
    (site,) = points["data"]["features"]
    assert site["properties"]["tone"] == "red" and site["properties"]["url"] == f"/registry/units/{scene.unit.pk}/"
    inside = data(scene, "county_officer", scene.town.path)
    assert [one["id"] for one in inside["layers"]] == ["around", "parts", "sites"]
    legend = [(one["tone"], one["mark"]) for one in drawn["legend"]]
    assert len(legend) == len({tone for tone, _mark in legend}) == len({mark for _tone, mark in legend}) == 9


def test_who_must_be_connected_and_is_not_is_another_state_than_offline(scene: Scene) -> None:
    heard(90)
    store = ACTS["installations.register_installation"].function(
        actor=scene.actor("unit_safety"), site=scene.site.pk, kind="storage", name="氨制冷系统"
    )
    type(store).plain.filter(pk=store.pk).update(level=3)
    assert look(scene) == ("silent", 0)
    apps.get_model(GATEWAYS).plain.update(state="revoked")
    assert look(scene) == ("unconnected", 0)
    points = next(one for one in data(scene, "county_officer")["layers"] if one["id"] == "sites")
    (site,) = points["data"]["features"]
    assert (site["properties"]["tone"], site["properties"]["mark"]) == ("hollow", "?")
    page = signed_in(scene.users["county_officer"]).get("/monitoring/map/").content.decode()
    assert "无网关" in page and page.count("data-live-map") == 1


def test_the_page_names_whom_it_concerns_and_follows_the_desk(scene: Scene) -> None:
    empty = signed_in(scene.users["county_officer"])
    apps.get_model(GATEWAYS).plain.update(state="revoked")
    assert b"data-map" not in empty.get("/monitoring/map/").content
    apps.get_model(GATEWAYS).plain.update(state="active")
    record_transitions([scene.raised("high")])
    with clock.moved_to(NOON + dt.timedelta(minutes=2)):
        page = signed_in(scene.users["county_officer"]).get("/monitoring/map/").content.decode()
    assert 'data-live-map="/live?on=alarms.desk"' in page and "安州水产冷冻厂" in page
    assert data(scene, "town_officer", scene.county.path) == 404
    assert data(scene, "unit_safety") == 403
