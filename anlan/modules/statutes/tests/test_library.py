"""Citations, texts, editions and what rests on an article."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from anlan.kernel.actor import Actor
from anlan.kernel.errors import BadInput
from anlan.kernel.journal.record import about
from anlan.modules.statutes import selectors, services
from anlan.modules.statutes.models import Article, CheckItem, CheckList, Edition, Statute
from anlan.rules.check_methods import OURS
from anlan.rules.citation import Citation

SYSTEM = Actor.system("tests")
FIRST = """# 中华人民共和国试验安全法

2020年1月2日 全国人民代表大会常务委员会通过

## 第一章 总则

第一条 为了试验，制定本法。

第二条 单位应当：

（一）建立台账；

（二）如实记录。

不得隐瞒。

## 第二章 附则

第三条 本法自2020年5月1日起施行。
"""
SECOND = FIRST.replace("如实记录", "如实记录并公示").replace("2020年5月1日", "2024年6月1日")

pytestmark = pytest.mark.django_db


def load(text: str, source: str = "试验安全法(2020-01-02).md", **more: Any) -> Edition:
    loaded: Edition = services.load_text(actor=SYSTEM, text=text, source=source, **more)
    return loaded


def test_citations_of_the_release_are_entered_once() -> None:
    added = services.enter_citations(actor=SYSTEM)
    assert added["editions"] > 40 and added["articles"] > 60 and added["lists"] > 10
    assert services.enter_citations(actor=SYSTEM) == {"editions": 0, "articles": 0, "lists": 0}
    law = Edition.objects.get(statute__title="安全生产法", valid_from=dt.date(2021, 9, 1))
    assert not law.held
    article = law.articles.get(label="第四十一条")
    assert article.body == "" and article.excerpt in ("文本未收录", "Text not held")
    assert not Statute.objects.filter(title="本地规定").exists(), "what is practice is no statute"


def test_every_citation_of_a_rule_leads_into_the_library() -> None:
    services.enter_citations(actor=SYSTEM)
    used = selectors.uses()
    found = selectors.places_of(SYSTEM, [use.citation for use in used])
    lost = [str(one.citation) for one in found if not one.url]
    assert not lost
    named = [(one.citation, one.article) for one in found if one.citation.place]
    assert named and not [c for c, article in named if article is None]


def test_a_text_is_taken_apart() -> None:
    edition = load(FIRST)
    assert (edition.statute.title, edition.statute.kind) == ("试验安全法", "law")
    assert (edition.adopted_on, edition.valid_from) == (dt.date(2020, 1, 2), dt.date(2020, 5, 1))
    assert [a.label for a in edition.articles.order_by("position")] == ["第一条", "第二条", "第三条"]
    cited = selectors.article_of(SYSTEM, Citation("试验安全法", "第二条第一款第二项"))
    assert cited.held and cited.url.endswith("#k1-x2")
    assert cited.article is not None and cited.article.chapter == "第一章 总则"


def test_the_same_text_again_changes_nothing() -> None:
    first = load(FIRST)
    told = len(about(first))
    again = load(FIRST.replace("\n", "\r\n") + "\n", source="copy.md")
    assert (again.pk, again.version, len(about(again))) == (first.pk, first.version, told)
    assert Article.objects.filter(edition__statute=first.statute).count() == 3


def test_a_changed_text_is_a_new_edition_and_says_what_it_replaces() -> None:
    old = load(FIRST)
    with pytest.raises(BadInput) as why:
        load(SECOND, source="试验安全法(2024-03-01).md")
    assert why.value.column == "replaces"
    assert Edition.objects.filter(statute=old.statute).count() == 1, "nothing was stored"
    new = load(SECOND, source="试验安全法(2024-03-01).md", replaces="2020-01-02")
    old.refresh_from_db()
    assert (old.replaced_by_id, old.valid_to) == (new.pk, dt.date(2024, 5, 31))
    assert "公示" not in old.articles.get(label="第二条").body, "an old text is never edited"
    with pytest.raises(BadInput):
        load(SECOND + "\n附言。\n", source="试验安全法(2024-03-01).md", replaces="2019-01-01")


def test_editions_come_in_any_order() -> None:
    new = load(SECOND, source="试验安全法(2024-03-01).md")
    old = load(FIRST, replaces="earlier")
    assert (old.replaced_by_id, old.valid_to) == (new.pk, dt.date(2024, 5, 31))
    on = dt.date(2023, 1, 1)
    assert selectors.article_of(SYSTEM, Citation("试验安全法", "第二条"), on).edition == old
    assert selectors.article_of(SYSTEM, Citation("试验安全法", "第二条"), dt.date(2025, 1, 1)).edition == new


def test_a_loaded_text_fills_the_edition_the_rules_cite() -> None:
    services.enter_citations(actor=SYSTEM)
    cited = Edition.objects.get(statute__title="生产安全事故报告和调查处理条例", valid_from=dt.date(2007, 6, 1))
    third = cited.articles.get(label="第三条")
    text = "# 生产安全事故报告和调查处理条例\n\n2007年4月9日 中华人民共和国国务院令第493号公布\n\n第一条 甲。\n\n第二条 乙。\n\n第三条 丙。\n\n第四条 本条例自2007年6月1日起施行。"
    edition = load(text, source="条例(2007-04-09).md")
    assert edition.pk == cited.pk
    third.refresh_from_db()
    assert third.body == "丙。", "links to the article hold"
    assert selectors.cited_missing(SYSTEM).filter(edition=edition).exists(), "cited, and not in the text loaded"


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("", "text"),
        ("# 某条例\n\n没有条文。", "text"),
        ("# 某条例\n\n第一条 甲。\n\n第三条 乙。", "text"),
        (FIRST, "kind"),
    ],
)
def test_a_bad_text_is_refused_by_name(text: str, column: str) -> None:
    with pytest.raises(BadInput) as why:
        load(text, **({"kind": "poem"} if column == "kind" else {}))
    assert why.value.column == column
    assert not Edition.objects.filter(statute__title__in=("某条例", "试验安全法")).exists()


def test_days_are_put_right_with_a_reason() -> None:
    edition = load(FIRST)
    with pytest.raises(BadInput):
        services.correct_edition(actor=SYSTEM, edition=edition, valid_from=dt.date(2020, 5, 2), reason=" ")
    with pytest.raises(BadInput):
        services.correct_edition(
            actor=SYSTEM, edition=edition, valid_from=dt.date(2020, 5, 2), valid_to=dt.date(2020, 5, 1), reason="公报"
        )
    given = {"number": "主席令第1号", "valid_from": dt.date(2020, 5, 2), "reason": "公报原文"}
    changed = services.correct_edition(actor=SYSTEM, edition=edition, **given)
    assert (changed.number, changed.valid_from, changed.version) == ("主席令第1号", dt.date(2020, 5, 2), 2)
    assert services.correct_edition(actor=SYSTEM, edition=edition, **given).version == 2


def test_lists_held_say_that_they_are_in_our_own_words() -> None:
    services.enter_citations(actor=SYSTEM)
    trades = CheckList.objects.filter(code__startswith="industry_trade.2023.")
    assert {row.sector for row in trades} >= {"general", "metallurgy", "dust", "confined_space"}
    items = CheckItem.objects.filter(check_list__in=trades)
    assert items.count() == 65 and all(i.own_words for i in items)
    assert all(OURS in i.method and OURS in i.evidence and "参照《" in i.method for i in items), "from clauses, and said so"
    topics = CheckItem.objects.filter(check_list__code__startswith="chemicals.2026.")
    assert {bool(i.method) for i in topics} == {True, False}, "no way is made up where the condition was not read"
    assert all(bool(i.method) == bool(i.evidence) for i in topics)
    assert {i.article.edition.statute.title for i in items.select_related("article__edition__statute")} == {
        "工贸企业重大事故隐患判定标准"
    }


def test_an_article_knows_what_rests_on_it() -> None:
    found = selectors.uses_of("安全生产法", dt.date(2021, 9, 1), None, "第四十一条")
    assert {use.kind for use in found} >= {"step"}
    graded = selectors.uses_of("生产安全事故报告和调查处理条例", dt.date(2007, 6, 1), None, "第三条")
    assert "accident_grade" in {use.code for use in graded if use.kind == "rule"}
    before = selectors.uses_of("生产安全事故报告和调查处理条例", None, dt.date(2000, 1, 1), "第三条")
    assert not before, "another period of force"
