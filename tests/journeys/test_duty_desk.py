"""The duty desk in a real browser: a tank's level rises through high and high-high, the officer hears, acknowledges,
shelves; nobody acts on the next and it goes up to the county."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from playwright.sync_api import Page, expect

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.modules.alarms import services as alarms
from anlan.modules.alarms.models import Alarm
from anlan.modules.alarms.public import Engine, record_transitions, settings
from anlan.modules.alarms.tasks import watch
from anlan.modules.duty import services as duty
from anlan.modules.monitoring import services as monitoring
from tests.cast import Cast
from tests.journeys.conftest import Hands

pytestmark = pytest.mark.django_db(transaction=True)
Enter = Callable[..., Page]
SOON = 15_000
HEARING = """
window.tonesHeard = [];
const begin = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...given) {
  window.tonesHeard.push(this.frequency.value);
  return begin.apply(this, given);
};
"""
"""Runs before the page's own scripts: whatever tone the page starts is written down by its frequency (Hz)."""
NIGHT = dt.datetime(2026, 11, 21, 3, 0, tzinfo=clock.CHINA)


def tank(here: Any) -> Any:
    """A level tag of the unit with two limits; the town officer stands duty."""
    system = Actor.system("tests")
    gateway, _secret = monitoring.register_gateway(actor=system, site=here.site.pk, code="tank", name="氨罐网关")
    monitoring.put_tag(
        actor=system, gateway=gateway.pk, name="LT1", label="1号罐液位", quantity="level", unit_of_measure="m",
        low_range=0.0, high_range=10.0, period_s=5,
    )  # fmt: skip
    tag = apps.get_model("monitoring.Tag").plain.get(name="LT1")
    officer = here.actor("county_officer")
    for kind, limit, priority in (("high", 8.0, 2), ("high_high", 9.0, 1)):
        alarms.make_setting(actor=officer, tag=tag.pk, kind=kind, threshold=limit, dead_band=0.1, priority=priority)
    room = duty.open_room(actor=here.actor("town_officer"), region=here.town, phone="0998-2200110")
    duty.put_shift(
        actor=here.actor("town_officer"), room=room, begins=NIGHT - dt.timedelta(hours=9),
        ends=NIGHT + dt.timedelta(hours=5), officer=here.users["town_officer"].pk, leader=here.users["leader"].pk
        if here.users["leader"].pk in _members(here) else here.users["town_officer_2"].pk,
    )  # fmt: skip
    return tag


def _members(here: Any) -> set[int]:
    from anlan.modules.duty.selectors import members

    return set(members(here.town.path, clock.today(), "duty.serve", "duty.approve").values_list("pk", flat=True))


def rises(engine: Engine, tag: Any, *levels: float) -> None:
    """The level as the instrument sends it, five seconds apart, judged and recorded as the historian does."""
    now = int(clock.now().timestamp() * 1000)
    count = len(levels)
    found = engine.feed(
        [tag.pk] * count, [now + 5000 * n for n in range(count)], list(levels), [0] * count, [False] * count, now
    )
    record_transitions(found)


def test_a_level_rises_and_the_desk_hears(cast: Cast, enter: Enter, hands: Hands) -> None:
    here = cast.here
    with clock.moved_to(NIGHT):
        tag = tank(here)
        engine = Engine(settings())
        page = enter(here.users["town_officer"])
        page.goto("/alarms/")
        expect(page.locator("[data-desk-rows]")).to_contain_text("当前无报警")
        page.get_by_role("button", name="试听报警声").click()
        page.get_by_role("button", name="听到了").click()
        expect(page.locator("[data-desk-sound]")).to_contain_text("报警声正常")

        rises(engine, tag, 7.0, 7.9, 8.3)
        expect(page.locator("[data-alarm]")).to_have_count(1, timeout=SOON)
        expect(page.locator("[data-desk-sound]")).to_contain_text("报警声响中", timeout=SOON)
        page.keyboard.press("j")
        page.keyboard.press("a")
        expect(page.locator("[data-alarm]").first).to_contain_text("已确认")
        expect(page.locator("[data-desk-sound]")).to_contain_text("报警声正常", timeout=SOON)

        hands.set(NIGHT + dt.timedelta(minutes=2))
        rises(engine, tag, 9.2)
        expect(page.locator("[data-alarm]")).to_have_count(2, timeout=SOON)
        expect(page.locator("[data-alarm]").first).to_contain_text("9.2 m")
        expect(page.locator("[data-desk-sound]")).to_contain_text("报警声响中", timeout=SOON)
        page.locator("[data-alarm]").first.focus()
        page.keyboard.press("s")
        page.locator("#dialogs [name=reason]").fill("清罐检修，液位计校验")
        page.locator("#dialogs button[type=submit]").last.click()
        expect(page.locator("main")).to_contain_text("已搁置")
        shelved = Alarm.plain.get(kind="high_high")
        assert (shelved.state, shelved.shelved_by) == ("shelved", here.users["town_officer"])

        # Next night: nobody acts.
        hands.set(NIGHT + dt.timedelta(hours=2))
        watch()
        shelved.refresh_from_db()
        assert shelved.state == "unacknowledged", "its hour on the shelf is over"
        hands.set(NIGHT + dt.timedelta(hours=2, minutes=6))
        watch()
        county = enter(here.users["county_officer"], phone=True, width=390)
        county.goto("/inbox/")
        expect(county.locator("main")).to_contain_text("1号罐液位")
        county.goto("/alarms/")
        expect(county.locator("[data-alarm]").first).to_contain_text("已上报")
        assert county.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing runs off a phone"
        county.locator("[data-desk-open]").first.click()
        expect(county.locator("main")).to_contain_text("上报")


def test_a_page_that_hears_nothing_screams(cast: Cast, enter: Enter, hands: Hands) -> None:
    page = enter(cast.here.users["town_officer"])
    page.add_init_script(HEARING)
    page.goto("/alarms/")
    expect(page.locator("[data-desk-dead]")).to_be_hidden()
    page.get_by_role("button", name="试听报警声").click()
    page.context.set_offline(True)
    expect(page.locator("[data-desk-dead]")).to_be_visible(timeout=70_000)
    expect(page.locator("[data-desk-sound]")).to_contain_text("报警声响中")
    assert {1200, 600} <= set(page.evaluate("window.tonesHeard")), "it screams aloud, not in words alone"
    page.context.set_offline(False)
    expect(page.locator("[data-desk-dead]")).to_be_hidden(timeout=40_000)
