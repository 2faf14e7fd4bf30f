"""An ammonia cold store in a real browser: registered, declared, graded as level IV with the working shown, filed."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from anlan.kernel import clock
from anlan.modules.chemicals.models import Substance, fill_catalogue
from anlan.modules.installations.models import Installation
from tests.cast import Cast, picture
from tests.journeys.test_chemicals import fill

pytestmark = pytest.mark.django_db(transaction=True)
Enter = Callable[..., Page]
RECORD = re.compile(r"/installations/\d+/$")


def pick(page: Page, typed: str, shown: str) -> None:
    """Choose a record by typing."""
    page.locator("main .combo input[role=combobox]").first.press_sequentially(typed)
    page.get_by_role("option").filter(has_text=shown).first.click()


def test_an_ammonia_cold_store_is_graded_and_filed(cast: Cast, enter: Enter) -> None:
    fill_catalogue()
    ammonia = Substance.plain.get(code="7664-41-7")
    page = enter(cast.here.users["unit_safety"])
    page.goto("/installations/register/")
    main = page.locator("main")
    main.locator("[name=kind]").select_option("production")
    main.locator("[name=name]").fill("氨制冷机房")
    main.locator("[name=exposed]").fill("20")
    pick(page, "机械制造", "机械制造有限公司")
    main.locator("form button[type=submit]").last.click()
    expect(page).to_have_url(RECORD)
    one = Installation.plain.get()

    page.goto(f"/installations/{one.pk}/holding/")
    pick(page, "7664-41-7", "7664-41-7")
    main.locator("[name=tonnes]").fill("15")
    main.locator("[name=basis]").select_option("design_maximum")
    main.locator("[name=paper]").fill("制冷系统设计说明")
    main.locator("form button[type=submit]").last.click()
    expect(page).to_have_url(RECORD)
    expect(main).to_contain_text(ammonia.name)
    fill(page, f"/installations/{one.pk}/grade/")
    expect(page).to_have_url(RECORD)
    for told in ("15吨（设计最大量）÷临界量10吨", "按表6为四级重大危险源", "四级"):
        expect(main).to_contain_text(told)
    fill(page, f"/installations/{one.pk}/responsible/", principal="林总", technical="陈工", operating="黄班长")
    page.goto(f"/installations/{one.pk}/submit/")
    main.locator("[name=filing_kind]").select_option("first")
    main.locator("[name=assessed_on]").fill(clock.today().isoformat())
    main.locator("input[type=file][name=report]").set_input_files(
        {"name": "评估报告.png", "mimeType": "image/png", "buffer": picture().read()}
    )
    main.locator("form button[type=submit]").last.click()
    expect(main).to_contain_text("备案待审核")

    county = enter(cast.here.users["county_officer"])
    fill(county, f"/installations/{one.pk}/file/", filing_no="BA粤9988-001")
    expect(county.locator("main")).to_contain_text("BA粤9988-001")
    county.goto("/installations/?level=4")
    expect(county.locator("main")).to_contain_text("氨制冷机房")
    assert Installation.plain.get().state == "filed"
