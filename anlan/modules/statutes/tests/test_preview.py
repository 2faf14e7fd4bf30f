"""What loading a text comes to, before it is taken; and the search in what is held."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anlan.kernel.actor import Actor
from anlan.modules.statutes import selectors, services
from anlan.modules.statutes.models import Article, Edition
from anlan.modules.statutes.tests.conftest import House
from anlan.modules.statutes.tests.texts import CHECKS, LATER, LATER_SOURCE, SOURCE

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("tests")


def test_the_same_text_is_known(house: House) -> None:
    found = selectors.preview(SYSTEM, CHECKS.replace("\n", "\r\n"), SOURCE)
    assert found.same is not None and found.same.statute.title == "安澜市安全检查办法"


def test_a_changed_text_is_compared_article_by_article(house: House) -> None:
    found = selectors.preview(SYSTEM, LATER + "\n\n第四条 附件另行印发。\n", LATER_SOURCE)
    assert found.same is None and found.fills is None and found.against is not None
    assert (found.articles, found.added, found.removed) == (4, ("第四条",), ())
    assert [one.label for one in found.changed] == ["第二条", "第三条"]
    assert "三年" in found.changed[0].before and "五年" in found.changed[0].after
    assert [(p.heading, p.first, p.last) for p in found.parts] == [("第一章 总则", "第一条", "第二条"), ("第二章 附则", "第三条", "第四条")]
    assert Edition.objects.filter(statute__title="安澜市安全检查办法").count() == 1, "nothing was taken"


def test_what_is_cited_and_not_in_the_text_is_said(house: House) -> None:
    edition = Edition.objects.get(statute__title="生产安全事故报告和调查处理条例", valid_from="2007-06-01")
    labels = set(edition.articles.values_list("label", flat=True))
    assert "第三条" in labels
    text = "生产安全事故报告和调查处理条例\n第一条 甲。\n第二条 乙。\n第三条 丙。\n第四条 本条例自2007年6月1日起施行。"
    found = selectors.preview(SYSTEM, text, "gazette")
    assert found.fills == edition
    assert set(found.strays) == labels - {"第一条", "第二条", "第三条", "第四条"}


def test_a_file_is_seen_and_taken_by_the_administrator(house: House) -> None:
    officer = house.browser("city")
    file = SimpleUploadedFile(LATER_SOURCE, LATER.encode("gb18030"), "text/markdown")
    shown = officer.post("/statutes/load/", {"file": file, "replaces": "earlier", "key": "f1"})
    page = shown.content.decode()
    assert shown.status_code == 200 and "保存五年" in page and "有改动" in page
    form = shown.context["form"]
    assert form["source"].value() == LATER_SOURCE
    kept = {name: form[name].value() or "" for name in ("text", "source", "replaces", "previewed")}
    taken = officer.post("/statutes/load/", {**kept, "do": "load", "key": "f2"}, follow=True)
    assert taken.status_code == 200
    assert Edition.objects.filter(statute__title="安澜市安全检查办法").exclude(sha256="").count() == 2
    first = Edition.objects.get(statute__title="安澜市安全检查办法", adopted_on="2024-04-01")
    assert str(first.valid_to) == "2026-06-30" and first.replaced_by is not None


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("a.md", b"\x89PNG\r\n\x1a\n\x00\x00", "不是文本"), ("a.md", "没有条文".encode(), "没有条文"),
     ("a.md", "某办法\n第一条 甲。\n第三条 乙。".encode(), "第3行"), ("a.md", b"", "空")],
)  # fmt: skip
def test_what_is_no_text_is_refused_with_the_reason(house: House, name: str, content: bytes, said: str) -> None:
    before = Edition.objects.count()
    answer = house.browser("city").post("/statutes/load/", {"file": SimpleUploadedFile(name, content), "key": "x"})
    assert answer.status_code == 422 and said in answer.content.decode()
    assert Edition.objects.count() == before


def test_a_changed_text_is_a_new_edition_only_when_said_so(house: House) -> None:
    officer = house.browser("city")
    sent = {"text": LATER, "source": LATER_SOURCE, "key": "c1"}
    shown = officer.post("/statutes/load/", sent)
    sent |= {"previewed": shown.context["form"]["previewed"].value(), "do": "load"}
    refused = officer.post("/statutes/load/", sent)
    assert refused.status_code == 422 and "replaces" in refused.context["form"].errors
    assert Edition.objects.filter(statute__title="安澜市安全检查办法").count() == 1


@pytest.mark.parametrize("typed", ["记录", "查记", "检查 记录", "出示", "安澜", "２０２４"])
def test_any_two_characters_find_the_article_and_are_shown_in_their_sentence(house: House, typed: str) -> None:
    page = house.browser("grid").get("/statutes/articles/", {"q": typed}).content.decode()
    held = Article.objects.filter(edition__statute__title="安澜市安全检查办法")
    assert any(f'href="{article.get_absolute_url()}"' in page for article in held)
    if typed in ("记录", "查记", "出示", "２０２４"):
        assert "<mark>" in page


def test_loading_again_changes_nothing(house: House) -> None:
    before = set(Edition.objects.values_list("pk", "sha256", "version"))
    services.load_text(actor=SYSTEM, text=CHECKS, source=SOURCE, kind="local")
    assert set(Edition.objects.values_list("pk", "sha256", "version")) == before
