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


def test_a_visitor_reads_what_is_open_without_signing_in(cast: Cast, enter: Callable[..., Page]) -> None:
    services.load_text(actor=SYSTEM, text=TEXT, source="条例(2007-04-09).md")
    page = enter(None, width=380)
    page.goto("/account/login/")
    page.get_by_role("link", name="未收录和待核实").click()
    expect(page).to_have_url(re.compile("/statutes/gaps/"))
    page.get_by_role("searchbox").fill("煤矿")
    page.get_by_role("button", name="搜索").click()
    expect(page.locator("main")).to_contain_text("煤矿重大事故隐患判定标准")
    page.get_by_role("searchbox").fill("没有这样的法规")
    page.get_by_role("button", name="搜索").click()
    expect(page.locator("main")).to_contain_text("没有符合条件的")
    page.goto("/statutes/rules/accident_grade/")
    page.locator("#in-deaths").fill("3")
    page.get_by_role("button", name="试算").click()
    expect(page.locator("#finding")).to_contain_text("较大事故")
    assert not Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]}).violations_count
    page.locator("#finding").get_by_role("link", name=re.compile("第三条")).first.click()
    expect(page.locator("main")).to_contain_text("事故等级如下")
    page.get_by_role("link", name="登录").click()
    expect(page).to_have_url(re.compile("/account/login/"))


def test_a_check_list_is_worked_on_and_issued(cast: Cast, enter: Callable[..., Page]) -> None:
    services.load_text(actor=SYSTEM, text=TEXT, source="条例(2007-04-09).md")
    page = enter(cast.here.users["town_officer"])
    page.goto("/statutes/lists/begin/")
    page.get_by_label("名称").fill("事故报告检查表")
    page.get_by_label("行业").select_option("general")
    page.get_by_role("button", name="开始编制").click()
    expect(page.locator("main")).to_contain_text("还没有项目")
    for asked in ("报告制度", "报告记录"):
        page.locator("main").get_by_role("link", name="添加项目").click()
        form = page.locator("#dialogs form")
        form.get_by_label("依据条款").fill("《生产安全事故报告和调查处理条例》第九条")
        form.get_by_label("检查内容").fill(asked)
        form.get_by_label("检查方法").fill("查阅台账")
        form.get_by_label("需留存的证据").fill("台账复印件")
        form.get_by_role("button", name="添加").click()
        expect(form).to_contain_text("文本未收录")
        form.get_by_label("依据条款").fill("《生产安全事故报告和调查处理条例》第三条第一款第一项")
        form.get_by_role("button", name="添加").click()
        expect(page.locator("#item-1")).to_be_visible()
        expect(page.locator("main")).to_contain_text(asked)
    page.locator("#item-2").get_by_role("button", name="第2项上移").click()
    expect(page.locator("#item-1")).to_contain_text("报告记录")
    page.locator(".page-head").get_by_role("link", name="印发", exact=True).click()
    page.locator("#dialogs form").get_by_role("button", name="印发").click()
    expect(page.locator("main")).not_to_contain_text("草稿")
    assert not Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]}).violations_count
    page.get_by_role("link", name=re.compile("第三条第一款第一项")).first.click()
    expect(page.locator("main")).to_contain_text("事故报告检查表")
