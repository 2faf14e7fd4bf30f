"""Small stories at the screen: two at one record, a double click, the keyboard alone, a phone, every reader."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from anlan.modules.hazards import services
from anlan.modules.hazards.models import Hazard
from anlan.ui.pages import ENDPOINTS
from tests.cast import PASSWORD, Cast, picture

pytestmark = pytest.mark.django_db(transaction=True)
Enter = Callable[..., Page]
RECORD = re.compile(r"/hazards/\d+/$")


def reported(cast: Cast, words: str = "配电箱未接地") -> Hazard:
    """A hazard somebody reported."""
    found: Hazard = services.report_hazard(
        actor=cast.here.actor("unit_safety"), site=cast.here.site.pk, description=words, category="electrical",
        before=[picture()],
    )  # fmt: skip
    return found


def test_the_second_of_two_is_told(cast: Cast, enter: Enter) -> None:
    hazard = reported(cast)
    first, second = enter(cast.here.users["town_officer"]), enter(cast.here.users["town_officer_2"])
    for page in (first, second):
        page.goto(f"/hazards/{hazard.pk}/return-report/")
        page.locator("main textarea[name=reason]").fill(f"请补充照片{page is first}")
    first.locator("main form button[type=submit]").last.click()
    expect(first).to_have_url(RECORD)
    second.locator("main form button[type=submit]").last.click()
    expect(second.locator("main")).to_contain_text("请补充照片True")  # what happened in the meantime
    expect(second.locator("main textarea[name=reason]")).to_have_value("请补充照片False")  # nothing typed is lost
    assert Hazard.plain.get(pk=hazard.pk).returned == 1


def test_a_double_click_reports_once(cast: Cast, enter: Enter) -> None:
    page = enter(cast.here.users["unit_safety"])
    page.goto("/hazards/report/")
    page.locator("textarea[name=description]").fill("车间安全出口被堵塞")
    page.locator("input[type=file][name=before]").set_input_files(
        {"name": "a.png", "mimeType": "image/png", "buffer": picture().read()}
    )
    page.locator("main form button[type=submit]").last.dblclick()
    expect(page).to_have_url(RECORD)
    page.go_back()
    page.locator("textarea[name=description]").wait_for()
    assert Hazard.plain.count() == 1


def test_by_keyboard_alone(cast: Cast, enter: Enter) -> None:
    page = enter(None)
    page.goto("/hazards/report/")
    expect(page.locator("#id_login")).to_be_focused()
    page.keyboard.type("here_unit_safety")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/hazards/report/"))
    description = page.locator("textarea[name=description]")
    for _ in range(60):
        if description.evaluate("e => e === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(description).to_be_focused()
    page.keyboard.type("压力表超过检定有效期")
    sender = page.locator("main form button[type=submit]").last
    for _ in range(60):
        if sender.evaluate("e => e === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(RECORD)
    assert Hazard.plain.get().description == "压力表超过检定有效期"


def test_on_a_phone_in_three_taps(cast: Cast, enter: Enter) -> None:
    page = enter(cast.here.users["unit_worker"], width=380)
    page.goto("/")
    page.locator("main a[href='/hazards/report/']").first.click()  # one
    page.locator("input[type=file][name=before]").set_input_files(
        {"name": "a.png", "mimeType": "image/png", "buffer": picture().read()}
    )  # two: the camera
    page.locator("textarea[name=description]").fill("地面油污未清理")
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.evaluate(wide)
    page.locator("main form button[type=submit]").last.click()  # three
    expect(page).to_have_url(RECORD)
    assert not page.evaluate(wide)


def test_rectify_and_verify_on_a_phone_in_three_taps(cast: Cast, enter: Enter) -> None:
    here = cast.here
    hazard = reported(cast)
    services.assess_general(actor=here.actor("town_officer"), hazard=hazard)
    worker = enter(here.users["unit_safety"], width=380)
    worker.goto("/")
    worker.locator(f"main .due-list a[href='/hazards/{hazard.pk}/']").first.click()  # one: what is due
    worker.locator(".page-head .btn-primary").click()  # two: the main button
    dialog = worker.locator("#dialogs dialog[open]")
    dialog.locator("textarea[name=measures]").fill("已安装接地线并复测")
    dialog.locator("input[name=money_spent_yuan]").fill("300")
    dialog.locator("input[type=file][name=after]").set_input_files(
        {"name": "b.png", "mimeType": "image/png", "buffer": picture("green").read()}
    )
    dialog.locator("button[type=submit]").last.click()  # three
    expect(worker.locator(".page-head")).to_contain_text("待验收")
    officer = enter(here.users["town_officer"], width=380)
    officer.goto("/")
    officer.locator(".tabbar a[href='/hazards/']").click()  # one: the list opens on what is under way
    officer.locator(f"main .lead a[href='/hazards/{hazard.pk}/']").click()  # two
    button = officer.locator(".page-head .btn-primary")
    expect(button).to_contain_text("验收通过")
    button.click()  # three: the form is there
    dialog = officer.locator("#dialogs dialog[open]")
    dialog.locator("textarea[name=opinion]").fill("现场复核，接地良好")
    dialog.locator("button[type=submit]").last.click()
    expect(officer.locator(".page-head")).to_contain_text("待销账")


MAIN_PAGES = (
    ("/", "town_officer"), ("/due/", "town_officer"), ("/hazards/", "county_officer"), ("/hazards/{hazard}/", "county_officer"),
    ("/hazards/report/", "unit_safety"), ("/hazards/listings/", "county_officer"), ("registry:sites", "county_officer"),
    ("registry:unit", "county_officer"), ("/cockpit/", "leader"), ("/cockpit/lead/", "leader"),
    ("/inbox/", "town_officer"), ("/me/", "town_officer"),
)  # fmt: skip


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_reader_can_use_the_main_pages(full_cast: Cast, enter: Enter, theme: str) -> None:
    here, found, pages = full_cast.here, [], {}
    for address, who in MAIN_PAGES:
        page = pages.setdefault(who, None) or enter(here.users[who], theme=theme)
        pages[who] = page
        if not address.startswith("/"):
            address = ENDPOINTS[address].address(here.unit)
        answer: Any = page.goto(address.format(hazard=here.hazards["listed"].pk), wait_until="networkidle")
        assert answer.status == 200, address
        found += [
            (address, rule["id"], [n["target"] for n in rule["nodes"]][:3])
            for rule in Axe().run(page).response["violations"]
            if rule["impact"] in ("serious", "critical")
        ]
    assert not found, found
