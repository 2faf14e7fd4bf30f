"""A story of the law: a rule is looked up and tried, and the clause it cites is opened and leads back."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from anlan.modules.statutes import services
from tests.cast import SYSTEM, Cast

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = """# 生产安全事故报告和调查处理条例

2007年4月9日 中华人民共和国国务院令第493号公布

第一条 为了规范事故报告，制定本条例。

第二条 本条例的适用范围依照法律规定。

第三条 事故等级如下：

（一）甲；

（二）乙。

第二款。

第三款。

第四条 本条例自2007年6月1日起施行。
"""


def test_a_rule_is_tried_and_its_clause_opened(cast: Cast, enter: Callable[..., Page]) -> None:
    services.load_text(actor=SYSTEM, text=TEXT, source="条例(2007-04-09).md")
    page = enter(cast.here.users["grid_worker"])
    page.goto("/statutes/rules/")
    page.get_by_role("link", name=re.compile("事故等级")).first.click()
    expect(page).to_have_url(re.compile("/statutes/rules/accident_grade/"))
    page.locator("#in-deaths").fill("-1")
    page.get_by_role("button", name="试算").click()
    expect(page.locator("#in-deaths-error")).to_be_visible()
    page.locator("#in-deaths").fill("3")
    page.get_by_role("button", name="试算").click()
    finding = page.locator("#finding")
    expect(finding).to_contain_text("较大事故")
    assert not Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]}).violations_count
    finding.get_by_role("link", name=re.compile("第三条")).first.click()
    expect(page).to_have_url(re.compile(r"/statutes/articles/\d+/#k"))
    expect(page.locator("main")).to_contain_text("事故等级如下")
    page.locator("main").get_by_role("link", name=re.compile("事故等级")).first.click()
    expect(page).to_have_url(re.compile("/statutes/rules/accident_grade/"))
