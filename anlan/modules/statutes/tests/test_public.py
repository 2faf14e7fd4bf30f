"""What everybody reads without signing in: texts, rules, what is not held; how often, and what stays inside."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from anlan.modules.statutes.models import Article, CheckList, Edition
from anlan.modules.statutes.tests.conftest import House

pytestmark = pytest.mark.django_db


def opened(address: str, status: int = 200, language: str = "zh-hans") -> str:
    visitor = Client()
    visitor.cookies["anlan_language"] = language
    answer = visitor.get(address)
    assert answer.status_code == status, f"{address}: {answer.status_code}"
    return answer.content.decode()


def test_the_gate_leads_to_what_is_open(house: House) -> None:
    gate = opened("/account/login/")
    for address in ("/statutes/", "/statutes/rules/", "/statutes/gaps/"):
        assert f'href="{address}"' in gate
        opened(address)


def test_what_is_not_held_is_public_searched_and_sorted(house: House) -> None:
    page = opened("/statutes/gaps/")
    assert "煤矿重大事故隐患判定标准" in page and "待核实" in page and "登录" in page
    assert not any(user.name in page for user in house.users.values())
    found = opened("/statutes/gaps/?q=煤矿 判定")
    assert "煤矿重大事故隐患判定标准" in found and "烟花爆竹" not in re.sub(r"<nav.*?</nav>", "", found, flags=re.S)
    kinds = opened("/statutes/gaps/?kind=lists")
    assert "煤矿重大事故隐患判定标准" in kinds and "工贸企业重大事故隐患判定标准（2017年版）" not in opened("/statutes/gaps/?kind=verify")
    assert "没有符合条件的" in opened("/statutes/gaps/?q=没有这样的法规")
    assert "What is not held" in opened("/statutes/gaps/", language="en")
    opened("/statutes/gaps/?kind=%27%22&q=%3C")


def test_every_list_of_criteria_that_is_not_held_stands_there_with_its_number(house: House) -> None:
    page = opened("/statutes/gaps/?kind=lists")
    for title, number in (
        ("煤矿重大事故隐患判定标准", "应急管理部令第21号"), ("煤矿重大事故隐患判定标准", "应急管理部令第4号"),
        ("房屋市政工程生产安全重大事故隐患判定标准", "建质规〔2024〕5号"),
        ("城镇燃气经营安全重大隐患判定标准", "建城规〔2023〕4号"), ("电力重大事故隐患判定标准", "国家发展改革委令第41号"),
        ("民用爆炸物品行业重大事故隐患判定标准", "工信部安全〔2024〕234号"), ("重大火灾隐患判定规则", "GB 35181-2025"),
        ("特种设备重大事故隐患判定准则", "GB 45067-2024"), ("工贸行业重大生产安全事故隐患判定标准", "安监总管四〔2017〕129号"),
        ("金属非金属矿山重大生产安全事故隐患判定标准", "安监总管一〔2017〕98号"),
    ):  # fmt: skip
        assert title in page and number in page, number
    assert page.count("安监总管一〔2017〕98号") == 1, "one text in three parts"
    refused = opened("/statutes/rules/hazard_criteria/?subject=coal&found=2026-07-01", 422)
    assert "文本未收录" in refused and "应急管理部令第21号" in refused


def test_a_visitor_reads_a_text_and_tries_a_rule(house: House) -> None:
    article = Article.objects.get(label="第二条", edition__statute__title="安澜市安全检查办法")
    page = opened(article.get_absolute_url())
    assert "制作检查记录" in page
    edition = opened(article.edition.get_absolute_url())
    assert "办理经过" not in edition and "timeline" not in edition, "who loaded it is for those inside"
    tried = opened("/statutes/rules/accident_grade/?deaths=3&occurred=2024-05-01")
    assert 'id="finding"' in tried and "较大事故" in tried
    assert "检查记录" in opened("/statutes/articles/?q=检查记录")


def test_what_is_an_offices_own_stays_inside(house: House) -> None:
    held = CheckList.objects.filter(source="held").first()
    assert held is not None
    opened(held.get_absolute_url())
    for address in (
        "/statutes/load/", "/statutes/enter/", "/statutes/lists/begin/", "/statutes/export.xlsx",
        f"/statutes/editions/{Edition.objects.first().pk}/timeline/", f"{held.get_absolute_url()}adopt/",  # type: ignore[union-attr]
    ):  # fmt: skip
        answer = Client().get(address)
        assert answer.status_code == 302 and "/account/login/" in answer["Location"], address
    assert Client().get("/api/v1/statutes/editions").status_code == 401


def test_visitors_are_counted_by_address(house: House, settings: Any) -> None:
    settings.LIMITS = {"visitor": 6, "visitor.ask": 3}
    visitor = Client()
    for _ in range(3):
        assert visitor.get("/statutes/rules/accident_grade/?deaths=3").status_code == 200
    told = visitor.get("/statutes/rules/accident_grade/?deaths=3")
    assert told.status_code == 429 and int(told["Retry-After"]) > 0
    assert Client(REMOTE_ADDR="192.0.2.9").get("/statutes/rules/accident_grade/?deaths=3").status_code == 200
    signed_in = house.browser("grid")
    assert all(signed_in.get("/statutes/rules/accident_grade/?deaths=3").status_code == 200 for _ in range(5))
