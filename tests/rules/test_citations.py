"""Every citation of a text that was read leads to an article, paragraph and item there is.

The texts are not in the repository; ``articles.csv`` holds only their numbers (``make_articles.py``), so that a citation
of an article that does not exist is refused here all the same.
"""

from __future__ import annotations

import csv
import datetime as dt
import importlib
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import anlan
from anlan.rules.book import RULES
from anlan.rules.citation import Citation, Level
from anlan.rules.editions import State
from anlan.rules.inputs import slots
from anlan.rules.refusal import BadInput, RuleBroken
from anlan.rules.rule import Rule
from anlan.rules.steps import Workflow

TOKEN = re.compile(r"第[（(]?(?P<number>[一二三四五六七八九十百千零]+)[）)]?(?P<what>条|款|项)")
DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")}
UNITS = {"十": 10, "百": 100, "千": 1000}
Index = dict[str, list[tuple[dt.date, dict[int, list[int]]]]]


@cache
def index() -> Index:
    """By title: the editions read, the oldest first, each with its articles and the items of their paragraphs."""
    found: dict[str, dict[dt.date, dict[int, list[int]]]] = {}
    with (Path(__file__).parent / "articles.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            edition = found.setdefault(row["title"], {}).setdefault(dt.date.fromisoformat(row["adopted"]), {})
            edition[int(row["article"])] = [int(items) for items in row["items"].split(";")]
    return {title: sorted(editions.items()) for title, editions in found.items()}


def number(text: str) -> int:
    total = current = 0
    for sign in text:
        if sign in UNITS:
            total, current = total + (current or 1) * UNITS[sign], 0
        else:
            current = DIGITS[sign]
    return total + current


def edition_of(citation: Citation) -> dict[int, list[int]] | None:
    """The articles of the edition a citation means; ``None`` where no edition of that time was read."""
    editions = index().get(citation.law, [])
    day = citation.valid_from or (citation.valid_to if citation.valid_to else dt.date.max)
    read = [articles for adopted, articles in editions if adopted <= day]
    return read[-1] if read else None


def wrong(citation: Citation) -> str:
    """What a citation names that its text does not have; empty when all is there."""
    articles = edition_of(citation)
    if articles is None:
        return ""
    article = paragraph = 0
    for token in TOKEN.finditer(citation.article):
        at = number(token["number"])
        if token["what"] == "条":
            article, paragraph = at, 0
            if article not in articles:
                return f"{citation}: there are {len(articles)} articles"
            continue
        items = articles.get(article, [])
        if token["what"] == "款":
            paragraph = at
            if not 1 <= paragraph <= len(items):
                return f"{citation}: the article has {len(items)} paragraphs"
        elif not items or at > (items[paragraph - 1] if paragraph else max(items)):
            return f"{citation}: no such item; items by paragraph: {items}"
    return ""


def modules() -> Iterator[Any]:
    """Every module of the law, and the business modules' processes, words and papers."""
    root = Path(anlan.__file__).parent
    for path in sorted(root.rglob("*.py")):
        name = ".".join(("anlan", *path.relative_to(root).with_suffix("").parts))
        if re.fullmatch(r"anlan\.(rules\.\w+|(modules|kernel)\.\w+\.(workflow|choices|documents))", name):
            yield importlib.import_module(name.removesuffix(".__init__"))


def citations_in(value: Any) -> Iterator[Citation]:
    """The citations a module holds: by itself, in a collection, or in the steps of a workflow."""
    if isinstance(value, Citation):
        yield value
    elif isinstance(value, Workflow):
        for step in value.steps:
            yield step.clause
    elif isinstance(value, dict):
        yield from (one for each in value.values() for one in citations_in(each))
    elif isinstance(value, tuple | list):
        yield from (one for each in value for one in citations_in(each))


def cited() -> set[Citation]:
    found = {one for module in modules() for value in vars(module).values() for one in citations_in(value)}
    return found.union(*(rule.rests_on for rule in RULES.values()))


def faults(of: Iterable[Citation]) -> list[str]:
    return sorted(filter(None, (wrong(citation) for citation in of)))


def test_every_clause_cited_from_a_text_that_was_read_exists() -> None:
    all_cited = cited()
    checked = [one for one in all_cited if edition_of(one) is not None and TOKEN.search(one.article)]
    assert len(checked) > 150
    assert faults(all_cited) == []


def vague(one: Citation) -> bool:
    """Whether it names an article that has several paragraphs and none of them, unless it cites several articles."""
    articles, place = edition_of(one), one.place
    if articles is None or place is None or "、" in one.article or "至" in one.article:
        return False
    several = len(articles[number(place.article[1:-1])]) > 1
    return several and not place.paragraph and not place.item


def test_figures_that_are_settled_name_the_paragraph_where_there_are_several() -> None:
    """A settled citation of a limit or of a row of a table names the paragraph, unless it cites articles as a whole."""
    limits = [
        f"{of.matter}: {edition.citation}"
        for rule in RULES.values()
        for of in rule.editions
        for edition in of
        if edition.state is State.HELD and vague(edition.citation)
    ]
    in_tables = [
        f"{rule.name}: {one}"
        for rule in RULES.values()
        for one in (rule.cites() if rule.cites else ())
        if one.confidence.settled and vague(one)
    ]
    assert sorted(limits) == []
    assert sorted(in_tables) == []


def other_answers(rule: Rule) -> Iterator[Citation]:
    """What a rule cites when each choice of its examples is made otherwise, on the first day of each edition too."""
    starts = [edition.start for of in rule.editions for edition in of if edition.start]
    for example in rule.examples:
        for slot in slots(rule.input):
            codes = [str(code) for code in slot.about.choices or ()]
            for value in (*codes, *([code] for code in codes), codes, True, False, None):
                for on in (example.on, *starts):
                    try:
                        yield from rule.apply({**example.given, slot.name: value}, on).citations
                    except (BadInput, RuleBroken):
                        continue


@pytest.mark.parametrize("name", list(RULES))
def test_a_rule_says_beforehand_which_clauses_it_may_cite(name: str) -> None:
    said = {(one.law, one.article) for one in RULES[name].rests_on}
    found = {(one.law, one.article) for one in other_answers(RULES[name]) if one.level is not Level.LOCAL}
    assert sorted(found - said) == []


@pytest.mark.parametrize(
    ("law", "article"),
    [
        ("安全生产法", "第一百二十条"), ("安全生产法", "第九十五条第五项"), ("安全生产法", "第六十五条第三款"),
        ("生产安全事故报告和调查处理条例", "第十九条第四款"), ("安全生产法", "第六十五条第一款第二项、第五项"),
        ("生产安全事故报告和调查处理条例", "第九条、第四十七条"),
    ],
)  # fmt: skip
def test_a_clause_that_does_not_exist_is_refused(law: str, article: str) -> None:
    assert wrong(Citation(law, article))


@pytest.mark.parametrize(
    ("citation", "there"),
    [
        (Citation("突发事件应对法", "第七十一条", valid_from=dt.date(2007, 11, 1)), False),
        (Citation("突发事件应对法", "第七十一条第二款", valid_from=dt.date(2024, 11, 1)), True),
        (Citation("安全生产法", "第六十五条第一款第二项、第三项"), True),
        (Citation("没有收录的规定", "第九百条"), True),
    ],
)
def test_a_clause_is_looked_up_in_the_edition_of_its_own_day(citation: Citation, there: bool) -> None:
    assert (not wrong(citation)) is there
