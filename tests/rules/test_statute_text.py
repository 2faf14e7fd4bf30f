"""Reading the texts of statutes: numerals, headings, articles, 款 and 项, days of force."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.rules.refusal import BadInput
from anlan.rules.statute_text import first_day, number_of, numeral, paragraphs, read_statute

HEAD = "# 中华人民共和国试验法\n\n"


def law(*articles: str, before: str = "") -> str:
    """A text of these articles."""
    return HEAD + before + "\n\n".join(articles)


@given(st.integers(1, 9999))
def test_numerals_read_as_they_are_written(number: int) -> None:
    assert number_of(f"第{numeral(number)}条") == number


def test_headings_stand_over_their_articles() -> None:
    text = law(
        "## 第一编 总则",
        "## 第一章 总 则",
        "### 第一节 目的",
        "第一条 甲。",
        "## 第二章 监督",
        "第二条 乙。",
        "## 第二编 附则",
        "第三条 丙。",
    )
    found = [(a.label, a.part, a.chapter, a.section) for a in read_statute(text).articles]
    assert found == [
        ("第一条", "第一编 总则", "第一章 总则", "第一节 目的"),
        ("第二条", "第一编 总则", "第二章 监督", ""),
        ("第三条", "第二编 附则", "", ""),
    ]


def test_plain_text_reads_like_markdown() -> None:
    marked = law("## 第一章 总则", "第一条 甲。", "第二条 乙。")
    bare = marked.replace("# ", "").replace("#", "").replace("第一条 ", "第一条\u3000")
    assert read_statute(bare).articles == read_statute(marked).articles


def test_a_reference_at_the_start_of_a_line_is_no_article() -> None:
    text = law("第一条 甲：", "第一条规定的情形除外。", "第二条 乙。")
    assert [a.label for a in read_statute(text).articles] == ["第一条", "第二条"]


def test_inserted_articles_and_annexes() -> None:
    text = law("第一条 甲。", "第一条之一 乙。", "第二条 丙。", "附表", "第一类", "物质")
    read = read_statute(text)
    assert [a.label for a in read.articles] == ["第一条", "第一条之一", "第二条", "附表"]
    assert read.articles[-1].body == "第一类\n物质"


def test_items_belong_to_the_paragraph_before_them() -> None:
    read = paragraphs("应当：\n（一）甲；\n（二）乙。\n前款所称：\n（一）丙。")
    assert [(p.label, [label for label, _ in p.items]) for p in read] == [
        ("第一款", ["第一项", "第二项"]),
        ("第二款", ["第一项"]),
    ]


@pytest.mark.parametrize(
    ("closing", "before", "adopted", "day"),
    [
        ("本法自2024年5月1日起施行。", "", dt.date(2024, 1, 2), dt.date(2024, 5, 1)),
        ("本法自2002年11月1日起施行。", "", dt.date(2021, 6, 10), None),  # an amended law keeps its first day
        ("本法自公布之日起施行。", "2002年5月12日 国务院令第352号公布\n\n", dt.date(2002, 5, 12), dt.date(2002, 5, 12)),
        ("本法自公布之日起施行。", "2006年1月21日 国务院令第455号公布\n\n", dt.date(2016, 2, 6), None),
        ("本法自2024年5月1日起施行。2000年1月1日公布的旧法同时废止。", "", None, dt.date(2024, 5, 1)),
    ],
)
def test_the_day_of_force_is_read_only_where_the_text_says_it(
    closing: str, before: str, adopted: dt.date | None, day: dt.date | None
) -> None:
    assert first_day(read_statute(law(f"第一条 {closing}", before=before)), adopted) == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        HEAD,
        HEAD + "没有条文",
        law("第二条 甲。"),
        law("第一条 甲。", "第三条 乙。"),
        law("第一条 甲。", "第一条 乙。"),
    ],
)
def test_what_is_no_statute_is_refused(text: str) -> None:
    with pytest.raises(BadInput) as why:
        read_statute(text)
    assert why.value.field == "text" and why.value.why.zh


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        assert read_statute(text).articles
    except BadInput as why:
        assert why.field == "text"
