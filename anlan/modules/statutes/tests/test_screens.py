"""The pages of the library as an office and a unit see them."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client

from anlan.modules.statutes import selectors
from anlan.modules.statutes.models import CheckList, Edition
from anlan.modules.statutes.tests.conftest import SYSTEM, House
from anlan.modules.statutes.views.rules import THEMES
from anlan.rules.book import RULES
from anlan.rules.citation import Citation, Level
from anlan.rules.inputs import slots
from anlan.ui import links

pytestmark = pytest.mark.django_db


def test_every_theme_of_rules_has_a_name() -> None:
    assert not {rule.theme for rule in RULES.values()} - set(THEMES)


def opened(browser: Client, address: str, status: int = 200) -> str:
    answer = browser.get(address, follow=True)
    assert answer.status_code == status, f"{address}: {answer.status_code}"
    return answer.content.decode()


@pytest.fixture
def officer(house: House) -> Client:
    return house.browser("city")


def test_everybody_reads_and_only_an_office_loads(house: House, officer: Client) -> None:
    worker = house.browser("grid")
    page = opened(worker, "/statutes/?q=安全生产法")
    assert "安全生产法" in page and "载入文本" not in page
    assert "载入文本" in opened(officer, "/statutes/")
    assert worker.get("/statutes/load/").status_code == 403
    assert worker.post("/statutes/enter/").status_code == 403


def test_a_text_is_loaded_by_a_form_and_read(officer: Client) -> None:
    text = "# 某某市安全生产办法\n\n第一条 为了安全，制定本办法。\n\n第二条 单位应当：\n\n（一）培训；\n\n（二）演练。\n\n第三条 本办法自2024年5月1日起施行。"
    sent = {"text": text, "source": "市政府公报", "adopted": "2024-04-01", "kind": "local", "key": "load-1"}
    shown = officer.post("/statutes/load/", sent)
    page = shown.content.decode()
    assert shown.status_code == 200 and "将载入的内容" in page and "<dd>3</dd>" in page
    assert not Edition.objects.filter(statute__title="某某市安全生产办法").exists(), "seen, not taken"
    sent |= {"previewed": shown.context["form"]["previewed"].value(), "do": "load"}
    other = officer.post("/statutes/load/", {**sent, "text": text.replace("培训", "教育")})
    assert other.status_code == 200 and not Edition.objects.filter(statute__title="某某市安全生产办法").exists()
    answer = officer.post("/statutes/load/", sent, follow=True)
    page = answer.content.decode()
    assert answer.status_code == 200 and "某某市安全生产办法" in page and "文本已收录" in page
    article = Edition.objects.get(statute__title="某某市安全生产办法").articles.get(label="第二条")
    read = opened(officer, f"/statutes/articles/{article.pk}/")
    assert 'id="k1-x2"' in read and "演练" in read
    assert "第二条" in opened(officer, "/statutes/articles/?q=演练")
    wrong = officer.post("/statutes/load/", {**sent, "text": text.replace("第二条", "第五条"), "key": "load-2"})
    assert wrong.status_code == 422 and "条号连续" in wrong.content.decode()


def test_an_article_without_text_says_so_and_prints_no_words_of_ours(officer: Client) -> None:
    item = CheckList.objects.get(code="industry_trade.2023.confined_space").items.order_by("position").first()
    assert item is not None
    page = opened(officer, f"/statutes/articles/{item.article_id}/")
    assert "文本未收录" in page and item.asked in page
    assert 'class="no-print"' in page
    sheet = opened(officer, f"/statutes/lists/{item.check_list_id}/print/")
    assert sheet.count(item.asked) == sheet.count(f'<span class="no-print">{item.asked}')


@pytest.mark.parametrize("name", sorted(RULES))
def test_every_rule_has_a_page_and_its_examples_are_answered(officer: Client, name: str) -> None:
    assert "试一试" in opened(officer, f"/statutes/rules/{name}/")
    for n, _example in enumerate(RULES[name].examples):
        page = opened(officer, f"/statutes/rules/{name}/?example={n}")
        assert 'id="finding"' in page, f"{name} {n}"


def test_a_rule_is_tried_and_its_clause_opened(officer: Client) -> None:
    page = opened(officer, "/statutes/rules/accident_grade/?deaths=3&occurred=2024-05-01")
    assert "larger" in page and "第三条" in page
    edition = Edition.objects.get(statute__title="生产安全事故报告和调查处理条例", valid_from=dt.date(2007, 6, 1))
    article = edition.articles.get(label="第三条")
    assert f"/statutes/articles/{article.pk}/#k1-x3" in page
    read = opened(officer, f"/statutes/articles/{article.pk}/")
    assert "/statutes/rules/accident_grade/" in read, "and back to the rule"


def test_wrong_figures_are_named_at_their_box(officer: Client) -> None:
    page = opened(officer, "/statutes/rules/accident_grade/?deaths=-3", 422)
    assert 'id="in-deaths-error"' in page and 'href="#in-deaths"' in page
    page = opened(officer, "/statutes/rules/major_hazard/?holdings[0].cas=7664-41-7&holdings[0].tonnes=x", 422)
    assert 'id="in-holdings-0--tonnes-error"' in page and "7664-41-7" in page
    page = opened(officer, "/statutes/rules/major_hazard/?holdings[0].cas=7664-41-7&holdings[0].tonnes=40&exposed=120")
    assert 'id="finding"' in page
    page = opened(officer, "/statutes/rules/major_hazard/?exposed=", 422)
    assert 'id="in-holdings-error"' in page, "an empty form is told what it lacks"
    assert "holdings[5].tonnes" in opened(officer, "/statutes/rules/major_hazard/?exposed=120&more=holdings:6")
    opened(officer, "/statutes/rules/no_such_rule/", 404)
    assert "法律未予" in opened(officer, "/statutes/rules/accident_grade/?deaths=1&occurred=2000-01-01", 422)


def test_what_is_not_held_is_said(officer: Client) -> None:
    page = opened(officer, "/statutes/gaps/")
    assert "煤矿重大事故隐患判定标准" in page and "待核实" in page
    assert 'id="hazard.close"' in opened(officer, "/statutes/steps/")


def test_the_api_reads_an_article_with_what_rests_on_it(officer: Client) -> None:
    law = Edition.objects.get(statute__title="安全生产法", valid_from=dt.date(2021, 9, 1))
    article = law.articles.get(label="第四十一条")
    told = officer.get(f"/api/v1/statutes/articles/{article.pk}").json()
    assert (told["title"], told["label"], told["body"]) == ("安全生产法", "第四十一条", "")
    assert {use["kind"] for use in told["uses"]} >= {"step"}
    cited = officer.get("/api/v1/statutes/cite", {"law": "安全生产法", "at": "第四十一条第二款"}).json()
    assert (cited["article"], cited["held"]) == (article.pk, False)


def test_a_citation_leads_to_its_article(officer: Client) -> None:
    law = Edition.objects.get(statute__title="安全生产法", valid_from=dt.date(2021, 9, 1))
    article = law.articles.get(label="第四十一条")
    answer = officer.get("/statutes/cite/", {"law": "安全生产法", "at": "第四十一条第二款", "from": "2021-09-01"})
    assert answer["Location"] == f"/statutes/articles/{article.pk}/#k2"
    opened(officer, "/statutes/cite/?law=没有的法&at=第一条&on=昨天", 404)


def test_a_step_leads_to_the_edition_of_its_own_day(officer: Client) -> None:
    clause = Citation("安全生产法", "第四十一条第二款", valid_from=dt.date(2021, 9, 1))
    then = officer.get(links.clause_url(clause, dt.date(2020, 3, 1)))
    before = Edition.objects.get(statute__title="安全生产法", valid_to=dt.date(2021, 8, 31))
    assert then["Location"] == before.get_absolute_url(), "of that edition no article is cited and no text held"
    now = officer.get(links.clause_url(clause, dt.date(2026, 3, 1)))
    assert now["Location"].endswith("#k2") and "/articles/" in now["Location"]
    assert links.clause_url(Citation("本地规定", "：备案", level=Level.LOCAL)) == "", "practice is no text of law"


def test_an_office_issues_its_own_list_in_versions(house: House, officer: Client) -> None:
    browser = house.browser("town")
    rows = "《安澜市安全检查办法》第二条第一款第一项\t出示证件\t查看证件\t制度原件\n《安澜市安全检查办法》第二条|记录|查阅记录|移送单"
    sent = {"region": house.town.path, "title": "镇级检查表", "sector": "general", "rows": rows}

    def issue(**more: Any) -> Any:
        return browser.post("/statutes/lists/new/", {**sent, **more}, follow=True)

    assert issue(key="l1").status_code == 200
    first = CheckList.objects.get(title="镇级检查表")
    assert [i.evidence for i in first.items.order_by("position")] == ["制度原件", "移送单"]
    assert issue(key="l2").status_code == 200 and CheckList.objects.filter(title="镇级检查表").count() == 1
    assert issue(key="l3", rows=rows.replace("制度原件", "制度复印件")).status_code == 200
    first.refresh_from_db()
    assert first.valid_to is not None
    latest = CheckList.objects.get(title="镇级检查表", number=2)
    wrong = issue(key="l4", rows="《没有的法》第一条\t甲\t乙\t丙\n安全生产法\t甲\t乙\t丙\n《安全生产法》第四十一条\t甲\n"
        "《安全生产法》第四十一条第二款\t甲\t乙\t丙\n《安澜市安全检查办法》第二条第九款\t甲\t乙\t丙")
    page = wrong.content.decode()
    assert wrong.status_code == 422 and all(f"第{n}行" in page for n in (1, 2, 3, 4, 5))
    elsewhere = house.browser("far")
    assert elsewhere.post(f"/statutes/lists/{latest.pk}/withdraw/", {"reason": "试", "key": "w1"}).status_code == 404
    assert "镇级检查表" not in opened(elsewhere, "/statutes/lists/?all=1") and "镇级检查表" in opened(
        house.browser("city"), "/statutes/lists/"
    )
    assert elsewhere.get(f"/statutes/lists/{latest.pk}/").status_code == 404
    done = browser.post(f"/statutes/lists/{latest.pk}/withdraw/", {"reason": "不再使用", "key": "w2"}, follow=True)
    assert done.status_code == 200
    latest.refresh_from_db()
    assert latest.valid_to is not None


def test_several_choices_are_ticked_and_an_order_is_typed(officer: Client) -> None:
    page = opened(officer, "/statutes/rules/plan_revision/")
    assert 'type="checkbox" name="changes"' in page and "用逗号分隔" not in page
    codes = next(slot for slot in slots(RULES["plan_revision"].input) if slot.name == "changes").choices[:2]
    asked = "&".join(f"changes={code}" for code in ("", *codes))
    page = opened(officer, f"/statutes/rules/plan_revision/?{asked}")
    assert 'id="finding"' in page and page.count("checked") == 2
    wrong = opened(officer, "/statutes/rules/plan_revision/?changes=nonsense", 422)
    assert 'id="in-changes-error"' in wrong and 'href="#in-changes"' in wrong
    matrix = opened(officer, "/statutes/rules/risk_ls/")
    assert 'type="checkbox"' not in matrix and "代码及含义" in matrix, "cells in order recur: no set to tick"


def test_one_row_more_keeps_what_was_typed(officer: Client) -> None:
    page = opened(officer, "/statutes/rules/major_hazard/")
    assert "第 1 行" in page and "第 2 行" not in page and 'value="holdings:2"' in page
    page = opened(officer, "/statutes/rules/major_hazard/?holdings[0].tonnes=40&more=holdings:2")
    assert "第 2 行" in page and 'value="40"' in page and 'id="finding"' not in page
    wrong = opened(officer, "/statutes/rules/major_hazard/?holdings[0].tonnes=x&exposed=120", 422)
    assert "第 1 行，" in wrong, "the summary says which row"
    opened(officer, "/statutes/rules/major_hazard/?more=holdings:999999999999")
    assert opened(officer, "/statutes/rules/major_hazard/?more=holdings:900").count('class="law-row"') == 30


def test_what_is_not_held_says_its_days_in_words(officer: Client) -> None:
    page = opened(officer, "/statutes/gaps/?kind=figures")
    assert re.search(r"\d{4}-\d\d-\d\d 以前", page) and "–" not in re.sub(r"<title>.*?</title>", "", page)
    assert 'data-label="无数值的时段"' in page
    officer.cookies["anlan_language"] = "en"
    page = opened(officer, "/statutes/gaps/?kind=figures")
    assert re.search(r"Up to \d{4}-\d\d-\d\d", page)
    assert "Four levels, one the highest" in opened(officer, "/statutes/rules/")


def test_articles_that_can_be_read_are_found_first(officer: Client) -> None:
    found = list(selectors.articles_to_read(SYSTEM).values_list("body", flat=True))
    held = [bool(body) for body in found]
    assert True in held and False in held and held == sorted(held, reverse=True)
    page = opened(officer, "/statutes/articles/")
    assert "文本未收录" not in page.split("<tbody")[1].split("</tr>")[0]


def test_articles_on_a_phone_are_cards_whose_sentences_begin_at_the_left(officer: Client) -> None:
    page = opened(officer, "/statutes/articles/?q=检查")
    assert 'class="list list-cards' in page
    for label in ("名称", "施行期间", "文本"):
        assert f'data-label="{label}" class="reads"' in page, label
    Edition.objects.filter(statute__title="安澜市安全检查办法").update(
        valid_from=dt.date(2020, 3, 1), valid_to=dt.date(2023, 12, 31)
    )
    assert "2020-03-01 至 2023-12-31" in opened(officer, "/statutes/articles/?q=检查记录")
    Edition.objects.filter(statute__title="安澜市安全检查办法").update(valid_to=None)
    assert "自 2020-03-01 起" in opened(officer, "/statutes/articles/?q=检查记录")
    Edition.objects.filter(statute__title="安澜市安全检查办法").update(valid_from=None, adopted_on=dt.date(2020, 1, 5))
    assert "2020-01-05通过（修正）" in opened(officer, "/statutes/articles/?q=检查记录")
