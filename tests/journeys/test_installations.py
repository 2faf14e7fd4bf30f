"""An ammonia cold store in a real browser: registered, declared, graded as level IV with the working shown, filed."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from anlan.kernel import clock
from anlan.modules.chemicals.models import Substance, fill_catalogue
from anlan.modules.installations.models import Filing, Installation
from tests.cast import Cast, picture
from tests.journeys.test_chemicals import Works, fill

pytestmark = pytest.mark.django_db(transaction=True)
Enter = Callable[..., Page]
RECORD = re.compile(r"/installations/\d+/$")


def pick(page: Page, typed: str, shown: str) -> None:
    """Choose a record by typing."""
    page.locator("main .combo input[role=combobox]").first.press_sequentially(typed)
    page.get_by_role("option").filter(has_text=shown).first.click()


def send(page: Page) -> None:
    """Send the form on the page."""
    page.locator("main form button[type=submit]").last.click()


def test_an_ammonia_cold_store_is_graded_and_filed(cast: Cast, enter: Enter) -> None:
    fill_catalogue()
    ammonia = Substance.plain.get(code="7664-41-7")
    store = Works(cast, 31, "澜江水产冷冻厂", ("unit", "氨制冷系统"))
    page = enter(store.user)
    page.goto("/installations/register/")
    main = page.locator("main")
    main.locator("[name=kind]").select_option("production")
    main.locator("[name=name]").fill("氨制冷机房")
    main.locator("[name=exposed]").fill("20")
    pick(page, "水产冷冻", "澜江水产冷冻厂")
    send(page)
    expect(page).to_have_url(RECORD)
    one = Installation.plain.get()

    page.goto(f"/installations/{one.pk}/holding/")
    pick(page, "7664-41-7", "7664-41-7")
    main.locator("[name=tonnes]").fill("15")
    main.locator("[name=basis]").select_option("design_maximum")
    main.locator("[name=paper]").fill("制冷系统设计说明")
    send(page)
    expect(page).to_have_url(RECORD)
    expect(main).to_contain_text(ammonia.name)
    fill(page, f"/installations/{one.pk}/grade/")
    expect(page).to_have_url(RECORD)
    for told in ("15吨（设计最大量）÷临界量10吨", "按表6为四级重大危险源", "四级"):
        expect(main).to_contain_text(told)

    fill(page, f"/installations/{one.pk}/target/", kind="school", name="港前小学", distance_m=380, persons=420)
    expect(main).to_contain_text("港前小学")
    fill(page, f"/installations/{one.pk}/provision/?entry=6", answer="lack", note="探头月底前到货")
    expect(page).to_have_url(RECORD)
    expect(main).to_contain_text("监测监控缺项")
    fill(page, f"/installations/{one.pk}/provision/?entry=6", answer="have", note="机房顶部6只氨探头")
    expect(main).not_to_contain_text("监测监控缺项")
    fill(page, f"/installations/{one.pk}/responsible/", principal="林总", technical="陈工", operating="黄班长")
    expect(page).to_have_url(RECORD)

    page.goto(f"/installations/{one.pk}/submit/")
    main.locator("[name=filing_kind]").select_option("first")
    main.locator("[name=assessed_on]").fill(clock.today().isoformat())
    main.locator("input[type=file][name=report]").set_input_files(
        {"name": "评估报告.png", "mimeType": "image/png", "buffer": picture().read()}
    )
    typed = {
        "enterprise_kind": "有限责任公司",
        "area_m2": "8200",
        "plant": "氨制冷机组两套，冷库6000吨",
        "accidents": "无",
    }
    for name, value in typed.items():
        main.locator(f"[name={name}]").fill(value)
    send(page)
    expect(page).to_have_url(RECORD)
    expect(main).to_contain_text("备案待审核")

    county = enter(cast.here.users["county_officer"])
    filing = Filing.plain.get()
    county.goto(f"/installations/filings/{filing.pk}/")
    for told in ("氨制冷机组两套，冷库6000吨", "工艺流程图", "缺少", ammonia.name):
        expect(county.locator("main")).to_contain_text(told)
    fill(county, f"/installations/{one.pk}/file/", filing_no="BA粤9988-001")
    expect(county.locator("main")).to_contain_text("BA粤9988-001")
    county.goto("/installations/?level=4")
    expect(county.locator("main")).to_contain_text("氨制冷机房")
    county.goto("/installations/map/")
    expect(county.locator("main")).to_contain_text("四级")
    filing.refresh_from_db()
    assert Installation.plain.get().state == "filed" and filing.outcome == "filed"
