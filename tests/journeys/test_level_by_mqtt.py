"""From the instrument to the ear: a tank's level rises, said by MQTT to the message server as it really runs, judged by
the historian in its own process; the duty desk in a real browser shows it, sounds, and people act or do not."""

from __future__ import annotations

import datetime as dt
import io
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.modules.alarms import services as alarms
from anlan.modules.alarms.models import Alarm, AlarmTransition
from anlan.modules.alarms.tasks import watch
from anlan.modules.duty import services as duty
from anlan.modules.monitoring import services as monitoring
from anlan.modules.monitoring.models import Gateway, Tag
from anlan.runtime.embedded.nats import free_port
from tests.cast import Cast, signed_in
from tests.historian.test_together import Device, Running, running, until
from tests.journeys.conftest import Hands
from tests.journeys.test_duty_desk import HEARING

__all__ = ["running"]
pytestmark = pytest.mark.django_db(transaction=True)
SOON = 15_000
TOPIC = "anlan/telemetry/tank"
DESK, MAP = "[data-desk]", "[data-live-map]"
OLD_MACHINE = """
const given = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
  return kind === "webgl2" ? null : given.call(this, kind, ...more);
};
"""
"""Runs before the page's own scripts: a browser without WebGL2, for which the map is drawn as SVG."""
AS_HERE = {"DJANGO_SETTINGS_MODULE": "anlan.config.settings.test"}  # so that a session made here counts there


class Tank:
    """A level instrument behind its gateway, with a limit of 8 m and one of 9 m; the town stands duty."""

    def __init__(self, here: Any, running: Running) -> None:
        system, officer = Actor.system("tests"), here.actor("county_officer")
        gateway, secret = monitoring.register_gateway(actor=system, site=here.site.pk, code="tank", name="氨罐网关")
        monitoring.put_tag(
            actor=system, gateway=gateway.pk, name="LT1", label="1号罐液位", quantity="level", unit_of_measure="m",
            low_range=0.0, high_range=10.0, period_s=5,
        )  # fmt: skip
        tag = Tag.plain.get(name="LT1")
        for kind, limit, priority in (("high", 8.0, 2), ("high_high", 9.0, 1)):
            alarms.make_setting(actor=officer, tag=tag.pk, kind=kind, threshold=limit, dead_band=0.1, priority=priority)
        town = here.actor("town_officer")
        room = duty.open_room(actor=town, region=here.town, phone="0998-2200110")
        now = clock.now().replace(minute=0, second=0, microsecond=0)
        duty.put_shift(
            actor=town, room=room, begins=now - dt.timedelta(hours=4), ends=now + dt.timedelta(hours=8),
            officer=here.users["town_officer"].pk, leader=here.users["town_officer_2"].pk,
        )  # fmt: skip
        running.start_nats()
        running.start_historian()
        self.device = Device(running, "tank", secret)
        assert until(lambda: self.device.answers) == ["Success"]

    def rises(self, *levels: float) -> None:
        """Each level as a message of its own, acknowledged before the next."""
        for level in levels:
            at = time.time_ns() // 1_000_000
            mid = self.device.say(TOPIC, {"t": at, "v": {"LT1": level}})
            until(lambda kept=mid: kept in self.device.kept)
            until(lambda then=at: time.time_ns() // 1_000_000 > then)


@pytest.fixture
def tank(cast: Cast, running: Running) -> Any:
    """The tank, speaking."""
    made = Tank(cast.here, running)
    yield made
    made.device.end()


@pytest.fixture
def opened(browser: Browser, running: Running) -> Iterator[Callable[..., Page]]:
    """The web as it really runs, its live streams included: ``opened(user)`` is a desk somebody signed in at."""
    port = free_port()
    contexts: list[BrowserContext] = []
    base = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--port", str(port), "--backpressure", "500"]
    command += ["--workers-kill-timeout", "3", "--no-ws", "anlan.config.asgi:application"]
    with (running.data / "web.log").open("ab") as words:
        web = subprocess.Popen(command, env={**running.environment, **AS_HERE}, stdout=words, stderr=words)

    def made(
        user: Any, *, width: int = 1280, theme: str = "light", language: str = "zh-hans", at: str = "/alarms/",
        live: str = DESK, before: str = HEARING,
    ) -> Page:
        small = width < 600
        context = browser.new_context(
            viewport={"width": width, "height": 860}, base_url=base, has_touch=small, is_mobile=small
        )
        contexts.append(context)
        context.set_default_timeout(SOON)
        cookies = {"anlan_language": language, "anlan_theme": theme}
        cookies["sessionid"] = signed_in(user).cookies["sessionid"].value
        context.add_cookies([{"name": n, "value": v, "url": base} for n, v in cookies.items()])
        context.add_init_script(before)
        page = context.new_page()
        page.goto(at)
        expect(page.locator(live)).to_have_attribute("data-state", "live")
        return page

    try:
        until(lambda: _answers(port), 60)
        yield made
    finally:
        for context in contexts:
            context.close()
        web.terminate()
        web.wait(20)


def _answers(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/account/login/", timeout=5).close()
    except OSError:
        return False
    return True


def tones(page: Page) -> set[int]:
    """The frequencies (Hz) of the tones the page has played."""
    return set(page.evaluate("window.tonesHeard"))


def test_from_the_instrument_to_the_ear(cast: Cast, tank: Tank, opened: Callable[..., Page], hands: Hands) -> None:
    here = cast.here
    desk = opened(here.users["town_officer"])
    expect(desk.locator("[data-desk-rows]")).to_contain_text("当前无报警")
    desk.get_by_role("button", name="试听报警声").click()
    assert until(lambda: {660, 880, 1320} <= tones(desk)), "the test tone"
    desk.get_by_role("button", name="听到了").click()
    expect(desk.locator("[data-desk-sound]")).to_contain_text("报警声正常")
    county = opened(here.users["county_officer"], width=380, theme="dark", language="en")

    tank.rises(7.0, 7.9, 8.3)
    expect(desk.locator("[data-alarm]")).to_have_count(1, timeout=SOON)
    expect(desk.locator("[data-alarm]")).to_contain_text("8.3 m")
    assert until(lambda: 780 in tones(desk)), "high sounds"
    assert 960 not in tones(desk)
    desk.keyboard.press("j")
    desk.keyboard.press("a")
    expect(desk.locator("[data-alarm]").first).to_contain_text("已确认")

    tank.rises(8.8, 9.2)
    expect(desk.locator("[data-alarm]")).to_have_count(2, timeout=SOON)
    assert until(lambda: {960, 720} <= tones(desk)), "high-high sounds otherwise"
    desk.locator("[data-alarm]").first.focus()
    desk.keyboard.press("s")
    desk.locator("#dialogs [name=reason]").fill("清罐检修，液位计校验")
    desk.locator("#dialogs button[type=submit]").last.click()
    expect(desk.locator("main")).to_contain_text("已搁置")
    shelved = Alarm.plain.get(kind="high_high")
    assert (shelved.state, shelved.shelf_reason) == ("shelved", "清罐检修，液位计校验")
    assert shelved.shelved_by == here.users["town_officer"]

    # It falls, and rises again: the first was acknowledged and is over; the next is nobody's yet.
    tank.rises(6.0, 8.4)
    again = until(lambda: Alarm.plain.filter(kind="high", state="unacknowledged").first())
    assert Alarm.plain.filter(kind="high").count() == 2
    expect(county.locator(f'[data-alarm="{again.pk}"]')).to_be_visible(timeout=SOON)
    expect(county.locator(f'[data-alarm="{again.pk}"]')).not_to_contain_text("raised up once")
    hands.set(again.escalate_at + dt.timedelta(seconds=1))
    watch()
    expect(county.locator(f'[data-alarm="{again.pk}"]')).to_contain_text("raised up once", timeout=SOON)
    assert county.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing runs off a phone"
    county.goto("/inbox/")
    expect(county.locator("main")).to_contain_text("1号罐液位")
    said = list(AlarmTransition.plain.order_by("at", "pk").values_list("setting__kind", "raised", "value"))
    assert said == [
        ("high", True, 8.3), ("high_high", True, 9.2), ("high", False, 6.0), ("high_high", False, 6.0),
        ("high", True, 8.4),
    ]  # fmt: skip


def drawn(page: Page, tone: str) -> int:
    """How many pixels of the map have just the colour of a tone: a site's dot has some dozens and more."""
    colour = page.evaluate(f"getComputedStyle(document.documentElement).getPropertyValue('--a-{tone}-solid').trim()")
    wanted = tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))
    picture = Image.open(io.BytesIO(page.locator(".map-canvas").screenshot())).convert("RGB")
    return sum(
        many
        for many, found in picture.getcolors(1 << 24) or ()
        if isinstance(found, tuple) and all(abs(a - b) < 3 for a, b in zip(found, wanted, strict=True))
    )


def test_the_map_changes_while_it_is_looked_at(cast: Cast, tank: Tank, opened: Callable[..., Page]) -> None:
    """Alarm, graver alarm, acknowledged, back to normal, alarm, returned by itself: each seen without a reload."""
    here = cast.here
    type(here.site).plain.filter(pk=here.site.pk).update(lon=115.2, lat=24.2)
    tank.rises(7.0)
    until(lambda: Gateway.plain.filter(last_seen__isnull=False).exists())
    county, officer = here.users["county_officer"], here.actor("town_officer")
    at = f"/monitoring/map/?region={here.region.path}"
    plain = opened(county, at=at, live=MAP, before=OLD_MACHINE)
    phone = opened(county, at=at, live=MAP, before="", width=380, theme="dark", language="en")
    for page in (plain, phone):
        page.evaluate("window.neverLeft = true")
        expect(page.locator(".map-legend li")).to_have_count(9)

    def shows(tone: str, said: str, words: str) -> None:
        expect(plain.locator("svg.map-plain circle")).to_have_class(re.compile(f"tone-{tone}$"), timeout=SOON)
        expect(plain.locator("[data-live-part=needing]")).to_contain_text(said, timeout=SOON)
        expect(phone.locator("[data-live-part=needing]")).to_contain_text(words, timeout=SOON)
        for page in (plain, phone):
            until(lambda page=page: drawn(page, tone) > 8)

    def acknowledged() -> None:
        for alarm in Alarm.plain.filter(state__in=("unacknowledged", "returned")):
            alarms.acknowledge_alarm(actor=officer, alarm=alarm.pk)

    shows("green", "全部正常", "All sites are normal")
    tank.rises(8.3)
    shows("orange", "未确认报警（高）", "Unacknowledged alarm, high")
    tank.rises(9.2)
    shows("red", "未确认报警（紧急）", "Unacknowledged alarm, critical")
    acknowledged()
    shows("purple", "已确认或搁置", "Alarm acknowledged or shelved")
    tank.rises(6.0)
    shows("green", "全部正常", "All sites are normal")
    tank.rises(8.4)
    shows("orange", "未确认报警（高）", "Unacknowledged alarm, high")
    tank.rises(6.0)
    shows("blue", "已恢复未确认", "Alarm returned, not acknowledged")
    acknowledged()
    shows("green", "全部正常", "All sites are normal")
    assert all(page.evaluate("window.neverLeft") for page in (plain, phone)), "it was never loaded anew"
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing runs off a phone"
