"""Screens: the index with its working, warnings, notices; who sees what."""

from __future__ import annotations

import datetime as dt
from typing import Any

from anlan.kernel import clock
from anlan.modules.warning import services
from anlan.modules.warning.models import EarlyWarning
from anlan.modules.warning.tests.conftest import NOON, SYSTEM, Scene, signed_in


def shown(scene: Scene, name: str, address: str) -> Any:
    return signed_in(scene.users[name]).get(address)


def test_the_page_says_why_part_by_part(scene: Scene) -> None:
    empty = shown(scene, "county_officer", "/warning/")
    assert empty.status_code == 200, "nothing reckoned yet"
    scene.raised("high_high")
    services.reckon_indexes(actor=SYSTEM)
    page = shown(scene, "county_officer", "/warning/").content.decode()
    assert "25.0" in page and "×10" in page and f"/alarms/all/?region={scene.county.path}&amp;open=on" in page
    assert "城南镇" in page and "安州水产冷冻厂" in page and "本地规定" in page
    assert shown(scene, "county_officer", f"/warning/?region={scene.city.path}").status_code == 404
    assert shown(scene, "unit_safety", "/warning/").status_code == 403


def test_a_unit_sees_its_own_index_and_notices_alone(scene: Scene) -> None:
    scene.raised("high_high")
    services.reckon_indexes(actor=SYSTEM)
    warning = scene.issued(region=None, unit=scene.unit.pk)
    scene.issued(text="只发乡镇")
    page = shown(scene, "unit_safety", f"/warning/units/{scene.unit.pk}/").content.decode()
    assert "25.0" in page and warning.number in page
    notices = shown(scene, "unit_safety", "/warning/notices/").content.decode()
    assert "安州水产冷冻厂" in notices and "城北镇" not in notices
    assert shown(scene, "unit_safety", f"/warning/warnings/{warning.pk}/").status_code == 404
    assert shown(scene, "other_town", f"/warning/units/{scene.unit.pk}/").status_code == 404


def test_a_warning_is_issued_answered_and_withdrawn_on_screen(scene: Scene) -> None:
    until = (NOON + dt.timedelta(days=3)).date().isoformat()
    officer = signed_in(scene.users["county_officer"])
    given = {"region": scene.county.path, "level": "yellow", "text": "加强巡查", "until": until, "key": "w1"}
    refused = officer.post("/warning/warnings/issue/", {**given, "text": "", "key": "w0"})
    assert refused.status_code in (200, 422) and not EarlyWarning.plain.exists()
    assert officer.post("/warning/warnings/issue/", given).status_code == 302
    warning = EarlyWarning.plain.get()
    notice = scene.notice(warning, "城南镇")
    town = signed_in(scene.users["town_officer"])
    assert warning.number in town.get("/").content.decode() or "签收" in town.get("/").content.decode()
    assert town.post(f"/warning/notices/{notice.pk}/acknowledge/", {"key": "a1"}).status_code == 302
    page = town.get(f"/warning/notices/{notice.pk}/").content.decode()
    assert "加强巡查" in page and f"/warning/notices/{notice.pk}/report/" in page
    answer = officer.post(f"/warning/warnings/{warning.pk}/withdraw/", {"reason": "险情消除", "key": "x1"})
    assert answer.status_code == 302
    assert "50.0%" in officer.get(f"/warning/warnings/{warning.pk}/").content.decode()


def test_the_course_is_drawn_from_the_second_day_on(scene: Scene) -> None:
    services.reckon_indexes(actor=SYSTEM)
    assert b"warning-course" not in shown(scene, "county_officer", "/warning/").content
    with clock.moved_to(NOON + dt.timedelta(days=1)):
        services.reckon_indexes(actor=SYSTEM)
        assert b"warning-course" in shown(scene, "county_officer", "/warning/?days=90").content
