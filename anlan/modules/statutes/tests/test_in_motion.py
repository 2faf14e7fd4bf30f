"""Law in motion: an act is answered by the edition of its own day, and a decision can be run again as of that day."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from anlan.kernel import clock, law
from anlan.kernel.actor import Actor
from anlan.modules.statutes import selectors
from anlan.modules.statutes.public import Today, rerun
from anlan.modules.statutes.selectors.uses import cite_url
from anlan.modules.statutes.tests.conftest import House
from anlan.rules.answer import plain
from anlan.rules.book import RULES
from anlan.rules.citation import Citation
from anlan.rules.rule import Rule

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("tests")
DAY = dt.timedelta(days=1)
# Rule, what is asked, the first day of the new text, and its title.
CHANGES: list[tuple[str, dict[str, Any], dt.date, str]] = [
    ("certificate_due", {"kind": "special_operation", "issued": "2023-05-31"}, dt.date(2026, 6, 1),
     "特种作业人员安全技术培训考核管理规定"),
    ("permit_clock", {"step": "hazchem_business", "start": "2026-05-06"}, dt.date(2026, 5, 1), "危险化学品安全法"),
    ("penalty_clock", {"step": "decision_by_order", "start": "2026-02-02"}, dt.date(2026, 2, 1),
     "安全生产违法行为行政处罚办法"),
]  # fmt: skip


def cited(rule: str, given: dict[str, Any], on: dt.date) -> set[tuple[str, dt.date | None]]:
    """The texts a rule's edition of a day rests on, with their first days; those without figures included."""
    from anlan.kernel.errors import RuleBroken

    try:
        found = law.finding(rule, given, on)
    except RuleBroken as why:
        assert why.clause is not None
        return {(why.clause.law, why.clause.valid_from)}
    return {(c.law, c.valid_from) for c in found.citations}


@pytest.mark.parametrize(("rule", "given", "first", "title"), CHANGES, ids=[c[0] for c in CHANGES])
def test_the_text_of_the_day_answers(rule: str, given: dict[str, Any], first: dt.date, title: str) -> None:
    before, after = cited(rule, given, first - DAY), cited(rule, given, first)
    assert before != after, "the day before another text answers"
    assert any(title in law and begun == first for law, begun in after), after
    assert not any(title in law and begun == first for law, begun in before), before


def test_the_review_of_a_card_is_answered_by_the_text_of_its_own_day(house: House) -> None:
    with clock.moved_to(dt.datetime(2026, 11, 22, 9, tzinfo=clock.CHINA)):
        last = rerun("certificate_due", {"kind": "special_operation", "issued": "2023-05-31"}, dt.date(2026, 5, 31))
        assert last is not None and last.value["review_due"] == "2026-05-31" and last.value["valid"]
        assert last.today is Today.OTHERWISE and not last.now["valid"], "its review was due the day before the change"
        page = Client().get(last.url.partition("#")[0]).content.decode()
        assert "按今日施行的版本" in page and "与今日不同" in page and "2026-05-31" in page
        first = rerun("certificate_due", {"kind": "special_operation", "issued": "2023-06-01"}, dt.date(2026, 6, 1))
        assert first is not None and first.value["review_due"] is None and first.today is Today.SAME


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_a_kept_finding_is_run_again_as_it_was_asked(rule: Rule, db: None) -> None:
    """Of every rule: what a module keeps of a finding is enough to run it again, and leads to the page that does."""
    for example in rule.examples:
        found = law.finding(rule.name, example.given, example.on)
        again = rerun(rule.name, plain(found.inputs), example.on)
        assert again is not None
        assert (again.value, again.citations) == (plain(found.value, "zh-hans"), found.citations)
        assert again.says[1]
    page = Client().get(again.url.partition("#")[0])
    assert page.status_code == 200 and 'id="finding"' in page.content.decode(), again.url


def test_what_the_new_texts_say_of_an_act_of_before(house: House) -> None:
    permit = rerun("permit_clock", {"step": "hazchem_business", "start": "2026-04-20"}, dt.date(2026, 4, 30))
    assert permit is not None and (permit.value["number"], permit.value["unit"]) == (30, "days")
    assert permit.today is Today.OTHERWISE and (permit.now["number"], permit.now["unit"]) == (20, "working_days")
    penalty = rerun("penalty_clock", {"step": "decision_by_order", "start": "2026-01-20"}, dt.date(2026, 1, 31))
    assert penalty is not None and penalty.value["number"] == 30
    assert penalty.today is Today.NO_ANSWER and penalty.why is not None, "the text of order 18 is not held"
    assert rerun("penalty_clock", {"step": "decision_by_order", "start": "2026-01-20"}, dt.date(2026, 2, 1)) is None


@pytest.mark.parametrize(("rule", "given", "first", "title"), CHANGES, ids=[c[0] for c in CHANGES])
def test_a_citation_leads_to_the_edition_of_the_day(
    house: House, rule: str, given: dict[str, Any], first: dt.date, title: str
) -> None:
    for day in (first - DAY, first):
        place = selectors.article_of(SYSTEM, Citation(title, ""), day)
        if place.edition is not None:
            assert place.edition.in_force(day), f"{place.edition} on {day}"


def test_a_step_of_before_names_no_article_of_a_later_text() -> None:
    clause = Citation("安全生产法", "第四十一条第二款", valid_from=dt.date(2021, 9, 1))
    assert "at=" not in cite_url(clause, dt.date(2021, 8, 31))
    assert "at=" in cite_url(clause, dt.date(2021, 9, 1))
