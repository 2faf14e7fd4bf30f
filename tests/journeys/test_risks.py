"""The two lines of defence in a real browser: a point is scored, drawn, carded; a failed measure opens a hazard."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from anlan.kernel import clock
from anlan.kernel.events.bus import deliver
from anlan.kernel.events.models import EventRow
from anlan.modules.hazards import services as hazards
from anlan.modules.hazards.models import Hazard
from anlan.modules.risks.models import Measure, RiskPoint, Zone
from tests.cast import Cast, picture

pytestmark = pytest.mark.django_db(transaction=True)
Enter = Callable[..., Page]


def drawing() -> Any:
    """A floor plan as a file."""
    out = io.BytesIO()
    Image.new("RGB", (800, 600), "white").save(out, "PNG")
    return {"name": "一层平面.png", "mimeType": "image/png", "buffer": out.getvalue()}


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
        else:
            control.fill(str(value))
    page.locator("main form button[type=submit]").last.click()
    expect(page).not_to_have_url(re.compile(re.escape(address) + "$"))


def fail(page: Page, measure: Measure) -> None:
    """Find a measure failed, on the phone."""
    send(page, f"/risks/measures/{measure.pk}/check/", effective="no", note="现场查看联锁已被短接", photos=photo())
    expect(page.locator("#toasts")).to_contain_text("已登记隐患")


def test_a_point_from_registration_to_a_hazard_and_back(cast: Cast, enter: Enter) -> None:
    here = cast.here
    safety, principal = enter(here.users["unit_safety"]), enter(here.users["unit_principal"])
    worker, city = enter(here.users["unit_worker"], phone=True, width=390), enter(cast.city_officer)

    send(safety, "/risks/points/new/", name="氨压缩机房", kind="place", identification="jha")
    point = RiskPoint.plain.get()
    lec = {
        "inherent_L": "6",
        "inherent_E": "6",
        "inherent_C": "15",
        "residual_L": "1",
        "residual_E": "6",
        "residual_C": "15",
    }
    send(
        safety, f"/risks/points/{point.pk}/factor-lec/", part="开机巡检", factor="轴封泄漏氨气", accident_class="中毒",
        engineering="轴封在线监测\n事故排风联锁", management="每班巡检两次", emergency="切断阀门并撤离", **lec,
    )  # fmt: skip
    safety.locator("main details.why summary").first.click()
    expect(safety.locator("main")).to_contain_text("D＝L × E × C＝6 × 6 × 15＝540")
    expect(safety.locator("main")).to_contain_text("D＝L × E × C＝1 × 6 × 15＝90")
    send(safety, f"/risks/points/{point.pk}/assess/", control_level="workshop", responsible="何安全")
    send(principal, f"/risks/points/{point.pk}/in-force/")
    expect(principal.locator("main")).to_contain_text("一般风险")

    # Drawn on the plan, corner by corner.
    send(safety, "/risks/plans/add/", name="一层平面", picture=drawing())
    safety.get_by_role("link", name="标绘区域").first.click()
    safety.locator("main select[name=point]").select_option(str(point.pk))
    plan = safety.locator("[data-plan-editor] > svg")
    box = plan.bounding_box()
    assert box is not None
    for x, y in ((0.2, 0.2), (0.6, 0.2), (0.6, 0.6), (0.9, 0.9)):
        plan.click(position={"x": box["width"] * x, "y": box["height"] * y})
    safety.get_by_role("button", name="撤回上一顶点").click()
    expect(safety.locator(".risk-corner")).to_have_count(3)
    safety.locator("main form button[type=submit]").last.click()
    expect(safety.locator("main polygon.tone-yellow")).to_have_count(1)
    corners = Zone.plain.get().corners
    assert len(corners) == 3 and all(abs(a - b) < 0.02 for a, b in zip(corners[1], (0.6, 0.2), strict=True))

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

    # The hazard goes through the loop; its end makes the measure effective again.
    hazard = Hazard.plain.earliest("pk")
    head, hand = here.actor("unit_principal"), here.actor("unit_safety")
    hazards.assess_own(actor=head, hazard=hazard.pk, due=clock.today())
    hazards.submit_rectification(
        actor=hand, hazard=hazard.pk, measures="恢复联锁", money_spent_yuan="100", after=[picture("green", "after.png")]
    )
    hazards.accept_own(actor=head, hazard=hazard.pk, opinion="合格")
    hazards.close_own(actor=head, hazard=hazard.pk)
    row = EventRow.objects.filter(event_type="hazards.HazardClosed").latest("at", "pk")
    assert deliver(str(row.pk), "closed_hazard_restores_measure")
    assert not Measure.plain.get(pk=measures[0].pk).failed
    city.goto(f"/hazards/{hazard.pk}/")
    expect(city.locator("main")).to_contain_text("氨压缩机房")
    worker.goto(f"/risks/points/{point.pk}/know/")
    expect(worker.locator("main")).to_contain_text("轴封泄漏氨气")
