"""Every citation in the code is walked both ways: from what cites to the article, from the article to what cites."""

from __future__ import annotations

import html
import re
from functools import cache

import pytest
from django.test import Client
from django.urls import reverse

from anlan.kernel.actor import Actor
from anlan.modules.statutes import selectors
from anlan.modules.statutes.models import Article, CheckItem
from anlan.modules.statutes.selectors.uses import labels_of, named
from anlan.modules.statutes.tests.conftest import House
from anlan.rules.book import RULES
from anlan.rules.citation import Citation, Level
from anlan.rules.hazard_grade import LAW_2021_FROM

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("tests")
_HREF = re.compile(r'href="([^"]+)"')


def test_each_use_and_its_articles_lead_to_each_other(house: House) -> None:
    visitor = Client()

    @cache
    def page(address: str) -> str:
        answer = visitor.get(address)
        assert answer.status_code == 200, f"{address}: {answer.status_code}"
        return answer.content.decode()

    @cache
    def links(address: str) -> frozenset[str]:
        return frozenset(html.unescape(found) for found in _HREF.findall(page(address)))

    uses = selectors.uses()
    kinds = {use.kind for use in uses}
    assert kinds == {"rule", "step", "clause", "document"}
    places = selectors.places_of(SYSTEM, [use.citation for use in uses])
    lost, walked = [], 0
    for use, cited in zip(uses, places, strict=True):
        base, _, mark = use.url.partition("#")
        if mark and f'id="{mark}"' not in page(base):
            lost.append(f"{use.url}: no such place on the page")
        if cited.url not in links(base):
            lost.append(f"{base} does not lead to {cited.url} ({use.citation})")
        if cited.article is None:
            continue
        back = links(cited.article.get_absolute_url())
        if use.url not in back:
            lost.append(f"{cited.article} does not lead back to {use.url}")
        walked += 1
    assert not lost, "\n".join(lost[:20])
    assert walked > 300, "the generated list is not empty"


def test_every_article_a_use_names_is_in_the_library(house: House) -> None:
    missing = []
    there = set(Article.objects.values_list("edition__statute__title", "label"))
    for use in selectors.uses():
        title, _ = named(use.citation)
        missing += [f"{title} {label}" for label in labels_of(use.citation) if (title, label) not in there]
    assert not missing, missing[:20]


def test_each_clause_of_the_tables_of_a_rule_leads_back_to_it(house: House) -> None:
    visitor = Client()
    entered: dict[str, set[Citation]] = {name: set() for name in RULES}
    for use in selectors.uses():
        if use.kind == "rule":
            entered[use.code].add(use.citation)
    for name, rule in RULES.items():
        left_out = {one for one in rule.rests_on if one.level is not Level.LOCAL} - entered[name]
        assert not left_out, f"{name}: {left_out}"
    law = Article.objects.filter(edition__statute__title="安全生产法", edition__valid_from=LAW_2021_FROM)
    for label in ("九十三", "九十八", "九十九", "一百零一", "一百零二", "一百零四", "一百零五", "一百零八"):
        article = law.get(label=f"第{label}条")
        shown = visitor.get(article.get_absolute_url()).content.decode()
        assert f'href="{reverse("statutes:rule", kwargs={"rule": "penalty_bracket"})}"' in shown, (
            f"{article} does not lead back"
        )


def test_each_item_of_a_check_list_and_its_article_lead_to_each_other(house: House) -> None:
    visitor = Client()
    items = CheckItem.objects.filter(check_list__valid_to=None).select_related("check_list", "article")
    assert items
    lists: dict[str, str] = {}
    for item in items:
        address = item.check_list.get_absolute_url()
        shown = lists.setdefault(address, visitor.get(address).content.decode())
        assert f'href="{item.article.get_absolute_url()}"' in shown, f"{item} does not lead to its article"
    for article in {item.article for item in items}:
        shown = visitor.get(article.get_absolute_url()).content.decode()
        for item in items:
            if item.article_id == article.pk:
                assert f'href="{item.check_list.get_absolute_url()}"' in shown, f"{article} does not lead to {item}"
