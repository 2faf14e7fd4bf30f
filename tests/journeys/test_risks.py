"""The two lines of defence in a real browser: a point is scored and carded; measures that fail raise its colour."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from anlan.modules.hazards.models import Hazard
from anlan.modules.risks.models import Measure, RiskPoint
from tests.cast import Cast, picture

pytestmark = pytest.mark.django_db(transaction=True)
Enter = Callable[..., Page]
# 6 × 6 × 15 = 540 without the measures, 1 × 6 × 15 = 90 with them.
LEC = {
    "inherent_L": "6", "inherent_E": "6", "inherent_C": "15", "residual_L": "1", "residual_E": "6", "residual_C": "15",
}  # fmt: skip


def photo() -> Any:
    """A picture as a camera gives it."""
    return {"name": "现场.png", "mimeType": "image/png", "buffer": picture("red").read()}


def send(page: Page, address: str, **fields: Any) -> None:
    """Open a form, fill it in, send it; it leads elsewhere."""
    page.goto(address)
    for name, value in fields.items():
        control = page.locator(f"main [name='{name}']").first
        if isinstance(value, dict):
            page.locator(f"main input[type=file][name='{name}']").set_input_files(value)
        elif control.evaluate("e => e.tagName") == "SELECT":
            control.select_option(str(value))
        elif control.get_attribute("type") == "radio":
            page.locator(f"main [name='{name}'][value='{value}']").check(force=True)
        elif control.get_attribute("type") == "checkbox":
            control.set_checked(bool(value), force=True)
        else:
            control.fill(str(value))
    page.locator("main form button[type=submit]").last.click()
    expect(page).not_to_have_url(re.compile(re.escape(address) + "$"))


def fail(page: Page, measure: Measure, by: Locator | None = None) -> None:
    """Find a measure failed, on the phone; ``by`` is the link that leads to its form where the page shown has one."""
    address = f"/risks/measures/{measure.pk}/check/"
    if by is not None:
        by.click()
        expect(page).to_have_url(re.compile(re.escape(address) + "$"))
    send(page, address, effective="no", note="现场查看联锁已被短接", photos=photo())
    expect(page.locator("#toasts")).to_contain_text("已登记隐患")


def test_a_point_from_registration_to_a_raised_colour(cast: Cast, enter: Enter) -> None:
    here = cast.here
    safety, principal = enter(here.users["unit_safety"]), enter(here.users["unit_principal"])
    worker, city = enter(here.users["unit_worker"], phone=True, width=390), enter(cast.city_officer)

    send(safety, "/risks/points/new/", name="氨压缩机房", kind="place", identification="jha")
    point = RiskPoint.plain.get()
    send(
        safety, f"/risks/points/{point.pk}/factor-lec/", part="开机巡检", factor="轴封泄漏氨气", accident_class="中毒",
        engineering="轴封在线监测\n事故排风联锁", management="每班巡检两次", emergency="切断阀门并撤离", **LEC,
    )  # fmt: skip
    safety.locator("main details.why summary").first.click()
    expect(safety.locator("main")).to_contain_text("D＝L × E × C＝6 × 6 × 15＝540")
    expect(safety.locator("main")).to_contain_text("D＝L × E × C＝1 × 6 × 15＝90")
    send(safety, f"/risks/points/{point.pk}/assess/", control_level="workshop", responsible="何安全")
    send(principal, f"/risks/points/{point.pk}/in-force/")
    expect(principal.locator("main")).to_contain_text("一般风险")

    # The card, and what a stranger reads behind its code.
    send(safety, f"/risks/points/{point.pk}/issue-card/")
    safety.emulate_media(media="print")
    expect(safety.locator("svg.qr")).to_be_visible()
    expect(safety.locator("article")).to_contain_text("切断阀门并撤离")
    printed = re.search(r"/risks/card/[\w-]{16,}/", safety.content())
    safety.emulate_media(media="screen")
    stranger = enter(None, phone=True, width=390)
    assert printed is not None
    answer = stranger.goto(printed[0])
    assert answer is not None and answer.status == 200
    expect(stranger.locator("main")).to_contain_text("切断阀门并撤离")
    expect(stranger.locator("main")).to_contain_text("一般风险")

    city.goto("/risks/?way=highest")
    expect(city.locator("#why")).to_contain_text("为什么是一般风险？")

    # A worker finds measures failed; the third hazard raises the point, the regulator asks why.
    measures = list(Measure.plain.order_by("pk"))
    for measure in measures[:3]:
        fail(worker, measure)
    assert Hazard.plain.count() == 3 and RiskPoint.plain.get().shown == "orange"
    city.goto("/risks/?way=highest")
    expect(city.locator("#why")).to_contain_text("为什么是较大风险？")
    expect(city.locator("main")).to_contain_text("隐患反复")
    city.goto(f"/risks/points/{point.pk}/")
    expect(city.locator("main")).to_contain_text("180日内发现隐患3起，达到3起升级")
    expect(city.locator("main")).to_contain_text("失效")
