"""An enterprise in a real browser: one paper turns three duties green; a self-check on a phone finds a hazard."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from anlan.kernel import clock
from anlan.modules.compliance import services
from anlan.modules.compliance.models import CheckAnswer, SelfCheck
from anlan.modules.hazards.models import Hazard
from anlan.modules.statutes import public as statutes
from tests.cast import SYSTEM, Cast, picture

pytestmark = pytest.mark.django_db(transaction=True)
Enter = Callable[..., Page]
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
ANSWERED = ("inspection_half_year", "self_check", "risk_assessment_half_year")


def test_one_paper_turns_three_duties_green_and_the_officer_sees_it(cast: Cast, enter: Enter) -> None:
    since = clock.today() - dt.timedelta(days=800)
    workspace = services.open_workspace(actor=SYSTEM, unit=cast.here.unit.pk, since=since)
    page = enter(cast.here.users["unit_safety"])
    page.goto("/compliance/mine/")
    main = page.locator("main")
    for code in ANSWERED:
        expect(main.locator(f"#duty-{code} .tone-red").first).to_be_visible()
    main.locator("#duty-inspection_half_year").get_by_role("link", name="半年全面安全检查记录").click()
    expect(main.locator("[name=kind]")).to_have_value("half_year_inspection")
    main.locator("[name=told_on]").fill(clock.today().isoformat())
    main.locator("[name=risks]").fill("12")
    main.locator("input[type=file][name=papers]").set_input_files(
        {"name": "检查记录.png", "mimeType": "image/png", "buffer": picture().read()}
    )
    main.locator("form button[type=submit]").last.click()
    expect(page).to_have_url(re.compile(rf"/compliance/{workspace.pk}/$"))
    for code in ANSWERED:
        expect(main.locator(f"#duty-{code} .tone-green").first).to_be_visible()

    office = enter(cast.here.users["county_officer"])
    office.goto("/compliance/?all=1")
    office.get_by_role("link", name="机械制造有限公司").first.click()
    expect(office.locator("#duty-inspection_half_year .tone-green").first).to_be_visible()
    expect(office.locator("#duty-fire_test .tone-red").first).to_be_visible()


def test_a_self_check_on_a_phone_finds_a_hazard(cast: Cast, enter: Enter) -> None:
    statutes.enter_citations(actor=SYSTEM)
    safety = cast.here.actor("unit_safety")
    workspace = services.open_workspace(actor=SYSTEM, unit=cast.here.unit.pk)
    listed = next(one for one in statutes.lists_for(safety, sector="dust"))
    check: SelfCheck = services.plan_check(
        actor=safety, workspace=workspace.pk, site=cast.here.site.pk, check_list=listed.pk, every_days=30,
        due_on=clock.today(),
    )  # fmt: skip
    page = enter(cast.here.users["unit_safety"], width=380, phone=True)
    page.goto(f"/compliance/checks/{check.pk}/")
    main = page.locator("main")
    assert not page.evaluate(WIDE)
    main.get_by_role("link", name="填写下一项").click()
    main.locator("[name=outcome][value=fault]").check()
    main.locator("[name=note]").fill("除尘器泄爆片锈死")
    main.locator("form button[type=submit]").last.click()
    second = CheckAnswer.plain.get(self_check=check, position=2)
    expect(page).to_have_url(re.compile(rf"/compliance/answers/{second.pk}/"))
    assert not page.evaluate(WIDE)
    for _ in range(check.items - 1):
        main.locator("[name=outcome][value=fine]").check()
        with page.expect_navigation():
            main.locator("form button[type=submit]").last.click()
    hazard = Hazard.plain.get()
    expect(main).to_contain_text(hazard.number)
    page.goto(f"/compliance/checks/{check.pk}/finish/")
    main.locator("form button[type=submit]").last.click()
    expect(main).to_contain_text("已完成")

    office = enter(cast.here.users["town_officer"])
    office.goto(f"/hazards/{hazard.pk}/")
    expect(office.locator("main")).to_contain_text("除尘器泄爆片锈死")
    office.goto("/compliance/checks/?faults=on")
    expect(office.locator("main")).to_contain_text("机械制造有限公司")
