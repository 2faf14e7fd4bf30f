"""Screens: the desk, the card, the settings."""

from __future__ import annotations

import datetime as dt
from importlib import import_module
from typing import Any

from anlan.kernel import clock
from anlan.kernel.journal.models import Entry
from anlan.modules.alarms import services
from anlan.modules.alarms.models import Alarm, AlarmSetting
from anlan.modules.alarms.public import record_transitions
from anlan.modules.alarms.tests.conftest import NOON, Scene, signed_in


def shown(scene: Scene, name: str, address: str) -> Any:
    return signed_in(scene.users[name]).get(address)


def test_the_desk_lists_what_stands_and_says_how_it_sounds(scene: Scene) -> None:
    record_transitions([scene.raised(), scene.raised("high_high", 2, 9.1)])
    answer = shown(scene, "town_officer", "/alarms/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'data-loud="2"' in page and 'data-worst="1"' in page and "1号储罐液位" in page
    assert page.index("9.1 m") < page.index("8.2 m"), "the more urgent one stands first"
    assert 'data-stream="/live?on=alarms.desk"' in page and "tel:0998-2200110" in page


def test_the_stream_follows_the_places_of_the_reader(scene: Scene) -> None:
    held = shown(scene, "town_officer", "/live?on=alarms.desk")["X-Anlan-Live"]
    assert f"alarms.desk:{scene.town.path}" in held
    assert f'alarms.desk:{scene.county.path}"' not in held
    assert "alarms.desk" not in shown(scene, "unit_worker", "/live?on=alarms.desk")["X-Anlan-Live"]


def test_the_list_alone_is_asked_for_when_something_changes(scene: Scene) -> None:
    scene.stands()
    answer = shown(scene, "county_officer", "/alarms/desk/rows/")
    assert answer.status_code == 200 and answer["Cache-Control"] == "no-store"
    assert b"data-desk-list" in answer.content and b"<html" not in answer.content
    assert shown(scene, "town_officer", f"/alarms/desk/rows/?region={scene.county.path}").status_code == 404


def test_one_touch_acknowledges(scene: Scene) -> None:
    alarm = scene.stands()
    browser = signed_in(scene.users["town_officer"])
    answer = browser.post(f"/alarms/{alarm.pk}/acknowledge-now/", headers={"HX-Request": "true"})
    assert answer.status_code == 200 and b'data-loud="0"' in answer.content
    assert scene.alarm().state == "acknowledged"
    assert browser.post(f"/alarms/{alarm.pk}/acknowledge-now/").status_code == 302


def test_the_card_shows_whom_to_call_and_shelves(scene: Scene) -> None:
    alarm = scene.stands("gas", value=30)
    page = shown(scene, "town_officer", f"/alarms/{alarm.pk}/").content.decode()
    assert "安州水产冷冻厂" in page and "30 ppm" in page
    until = (NOON + dt.timedelta(hours=2)).astimezone(clock.CHINA).strftime("%Y-%m-%dT%H:%M")
    browser = signed_in(scene.users["town_officer"])
    refused = browser.post(f"/alarms/{alarm.pk}/shelve/", {"until": until, "reason": "", "key": "k1"})
    assert refused.status_code in (200, 422) and scene.alarm("gas").state == "unacknowledged"
    browser.post(f"/alarms/{alarm.pk}/shelve/", {"until": until, "reason": "探头标定", "key": "k2"})
    assert scene.alarm("gas").state == "shelved"


def test_a_limit_is_made_and_changed_by_forms(scene: Scene) -> None:
    browser = signed_in(scene.users["county_officer"])
    given = {
        "tag": scene.level.pk, "kind": "low", "threshold": "1.5", "dead_band": "0.1", "on_delay_s": "3",
        "off_delay_s": "0", "priority": "3", "hours": "1-5 08:00-18:00", "key": "n1",
    }  # fmt: skip
    assert browser.post("/alarms/settings/new/", given).status_code == 302
    made = AlarmSetting.plain.get(kind="low")
    assert (made.threshold, made.on_delay_s, made.priority) == (1.5, 3, 3)
    page = browser.get(f"/alarms/settings/{made.pk}/change/").content.decode()
    assert "1-5 08:00-18:00" in page
    changed = {**given, "threshold": "1.2", "reason": "设计变更", "key": "n2", "version": made.version}
    assert browser.post(f"/alarms/settings/{made.pk}/change/", changed).status_code == 302
    made.refresh_from_db()
    assert made.threshold == 1.2
    wrong = browser.post("/alarms/settings/new/", {**given, "threshold": "99", "kind": "low_low", "key": "n3"})
    assert wrong.status_code in (200, 422) and AlarmSetting.plain.filter(kind="low_low").count() == 0


def test_statistics_by_days_and_place_and_as_a_file(scene: Scene) -> None:
    record_transitions(
        [scene.raised(after_s=5 * n) if n % 2 == 0 else scene.returned(after_s=5 * n) for n in range(24)]
    )
    with clock.moved_to(NOON + dt.timedelta(days=2)):
        page = shown(scene, "county_officer", "/alarms/statistics/").content.decode()
        assert "城南镇" in page and "1号储罐液位" in page and "2026-11-20 12:00:00" in page
        assert f"/alarms/statistics/?days=7&amp;region={scene.town.path}" in page
        today = shown(scene, "county_officer", "/alarms/statistics/?first=2026-11-22&last=2026-11-22").content.decode()
        assert "1号储罐液位" not in today
        for wrong in ("first=2026-11-22&last=2026-11-21", "first=x&last=", "first=2020-01-01&last=2026-01-01"):
            answer = shown(scene, "county_officer", f"/alarms/statistics/?{wrong}")
            assert answer.status_code == 200 and "显示的是最近七天" in answer.content.decode(), wrong
        assert shown(scene, "town_officer", f"/alarms/statistics/?region={scene.county.path}").status_code == 404
        assert shown(scene, "unit_safety", f"/alarms/statistics/?region={scene.town.path}").status_code == 404
        assert "1号储罐液位" in shown(scene, "unit_safety", "/alarms/statistics/").content.decode()
        lines = {}
        for what in ("frequent", "chattering", "standing", "floods"):
            answer = shown(scene, "county_officer", f"/alarms/statistics.csv?what={what}&days=7")
            assert answer["Content-Type"].startswith("text/csv") and "attachment" in answer["Content-Disposition"]
            lines[what] = answer.content.decode("utf-8-sig").splitlines()
        assert [len(told) for told in lines.values()] == [2, 2, 1, 2]
        assert lines["frequent"][1] == "1号储罐液位,高,安州水产冷冻厂,本县 · 城南镇,12,1.0"
        assert lines["floods"][1] == "2026-11-20 12:00:00,2026-11-20 12:01:50,12,12"
        assert shown(scene, "county_officer", "/alarms/statistics.csv?what=all").status_code == 404
    taken = Entry.plain.filter(fact_type="services.LedgerExported").order_by("pk")
    assert [one.data["rows"] for one in taken] == [1, 1, 0, 1]


def test_statistics_by_the_api_are_what_the_page_shows(scene: Scene) -> None:
    record_transitions(
        [scene.raised(after_s=5 * n) if n % 2 == 0 else scene.returned(after_s=5 * n) for n in range(24)]
    )
    scene.stands("high_high", value=9.2)
    address = "/api/v1/alarms/statistics"
    with clock.moved_to(NOON + dt.timedelta(days=2)):
        officer = signed_in(scene.users["county_officer"])
        shown_ = officer.get("/alarms/statistics/").context["found"]
        told = officer.get(address).json()
        for name in ("raised", "an_hour", "most_in_an_hour", "escalated", "standing_hours", "chatter_count",
                     "flood_count", "flood_minutes", "cut"):  # fmt: skip
            assert told[name] == getattr(shown_, name), name
        assert told["flooded"] == round(shown_.flooded, 4) > 0
        assert {one["region_path"]: one["raised"] for one in told["regions"]} == shown_.by_path
        for name in ("frequent", "chattering"):
            rows = [(c.setting.pk, c.times) for c in getattr(shown_, name)]
            assert rows and [(o["setting_id"], o["times"]) for o in told[name]] == rows
        assert [o["share"] for o in told["frequent"]] == [round(c.share, 4) for c in shown_.frequent]
        assert [one["id"] for one in told["standing"]] == [a.pk for a in shown_.standing] != []
        assert [(o["raised"], o["most"]) for o in told["floods"]] == [(f.raised, f.most) for f in shown_.floods] != []
        today = officer.get(address, {"since": "2026-11-22T00:00:00", "until": "2026-11-23T00:00:00+08:00"}).json()
        page = officer.get("/alarms/statistics/?first=2026-11-22&last=2026-11-22").context["found"]
        assert today["raised"] == page.raised == 0 and today["since"].startswith("2026-11-2")
        assert len(officer.get(address, {"most": 1}).json()["frequent"]) == 1


def test_page_file_and_api_say_what_was_looked_through(scene: Scene, monkeypatch: Any) -> None:
    record_transitions(
        [scene.raised(after_s=5 * n) if n % 2 == 0 else scene.returned(after_s=5 * n) for n in range(24)]
    )
    said = "2026-11-20 12:01:40"
    with clock.moved_to(NOON + dt.timedelta(days=1)):
        assert said not in shown(scene, "county_officer", "/alarms/statistics/").content.decode()
        monkeypatch.setattr(import_module("anlan.modules.alarms.selectors.statistics"), "READ", 2)
        page = shown(scene, "county_officer", "/alarms/statistics/").content.decode()
        assert said in page and "最新2条报警" in page and "100.0%" in page
        told = shown(scene, "county_officer", "/api/v1/alarms/statistics").json()
        assert (told["cut"], told["looked_through"], told["raised"]) == (True, 2, 12)
        assert dt.datetime.fromisoformat(told["looked_since"]) == NOON + dt.timedelta(seconds=100)
        for what in ("chattering", "floods", "frequent"):
            file = shown(scene, "county_officer", f"/alarms/statistics.csv?what={what}").content.decode()
            assert (said in file) is (what != "frequent"), what
        monkeypatch.setattr(import_module("anlan.modules.alarms.views.statistics"), "MOST_TAKEN", 1)
        file = shown(scene, "county_officer", "/alarms/statistics.csv?what=frequent").content.decode()
        assert "只含前1行" in file


def test_statistics_by_the_api_stay_within_reach(scene: Scene) -> None:
    from django.test import Client

    scene.stands()
    address = "/api/v1/alarms/statistics"
    with clock.moved_to(NOON + dt.timedelta(minutes=5)):
        assert Client().get(address).status_code == 401
        assert shown(scene, "town_officer", f"{address}?region={scene.county.path}").status_code == 404
        assert shown(scene, "unit_safety", f"{address}?region={scene.town.path}").status_code == 404
        assert shown(scene, "unit_safety", address).json()["raised"] == 1
        stranger = shown(scene, "unit_worker", address)
        assert stranger.status_code == 403 and "1号储罐" not in stranger.content.decode()
        for wrong, field in (
            ("since=2026-11-20T10:00:00&until=2026-11-19T10:00:00", "until"),
            ("since=2024-11-20T10:00:00&until=2026-11-19T10:00:00", "since"),
        ):
            answer = shown(scene, "county_officer", f"{address}?{wrong}")
            assert answer.status_code == 422 and field in answer.content.decode()
        assert shown(scene, "county_officer", f"{address}?most=0").status_code == 422


def test_statistics_and_the_empty_desk(scene: Scene) -> None:
    assert "data-desk-list" in shown(scene, "unit_safety", "/alarms/").content.decode()
    assert shown(scene, "county_officer", "/alarms/statistics/?days=30").status_code == 200
    assert Alarm.plain.count() == 0


def test_the_api_lists_and_acknowledges(scene: Scene) -> None:
    from anlan.kernel.identity.services import issue_token

    alarm, officer = scene.stands(), scene.users["town_officer"]
    _token, secret = issue_token(
        actor=scene.actor("town_officer"), user=officer, name="值班大屏", days=3,
        scopes=["alarms.view", "alarms.acknowledge"],
    )  # fmt: skip
    headers = {"Authorization": f"Bearer {secret}"}
    from django.test import Client

    rows = Client().get("/api/v1/alarms/alarms", headers=headers).json()
    assert [row["id"] for row in rows["items"]] == [alarm.pk]
    answer = Client().post(
        f"/api/v1/alarms/alarms/{alarm.pk}/acknowledge",
        {"note": "已处置"},
        content_type="application/json",
        headers=headers,
    )
    assert answer.status_code == 200 and answer.json()["state"] == "acknowledged"
    services.acknowledge_alarm(actor=scene.actor("town_officer"), alarm=alarm)
