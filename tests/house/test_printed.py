"""Nothing that is printed carries a short title of ours: every print view, paper and ledger of the cast is read."""

from __future__ import annotations

import datetime as dt
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from anlan.kernel import clock
from anlan.kernel.identity.actors import actor_for
from anlan.modules.hazards import documents
from anlan.modules.hazards import services as hazards
from anlan.modules.statutes.selectors.uses import documents as registered
from anlan.rules import hazard_list
from anlan.rules.citation import Level
from anlan.rules.wording import in_language
from tests.cast import Cast, texts_of
from tests.house.doors import NOT_YET, body_of, doors, endpoints

pytestmark = pytest.mark.django_db
CLAUSE = ("industry_trade", "13(2)")
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Printed(HTMLParser):
    """The text of a page as paper shows it: what is marked ``no-print`` is left out with all it holds."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = (dict(attrs).get("class") or "").split()
        if tag not in _VOID and (self.hidden or "no-print" in classes or tag in ("script", "template", "title")):
            self.hidden.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.hidden and tag in self.hidden:
            while self.hidden.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.text.append(data)


def printed(page: str) -> str:
    reader = Printed()
    reader.feed(page)
    return re.sub(r"\s+", " ", "".join(reader.text))


def ours() -> set[str]:
    """Our own short titles in both languages, those long enough to be told from plain words."""
    found: set[str] = set()
    for edition in hazard_list.sets():
        if edition.status is not hazard_list.Status.NOT_HELD:
            for clause in hazard_list.clauses_of(edition):
                found |= {in_language(clause.title, language) for language in ("zh-hans", "en")}
    return {title for title in found if len(title) >= 8}


def judged(world: Cast) -> Any:
    """A hazard of here judged by a clause of a list, with an order, as the office would."""
    officer = actor_for(world.here.of_role("county_officer"))
    hazard = world.here.hazards["registered"]
    hazards.assess_major(
        actor=officer, hazard=hazard, judgement="现场核实，依据判定标准认定。", clause=":".join(CLAUSE), clause_printed=""
    )
    hazard.refresh_from_db()
    return hazard


def test_the_reader_of_paper_sees_what_paper_shows() -> None:
    page = '<p>一<span class="no-print">二<b>三</b></span>四</p><nav class="side no-print"><br>五</nav>六'
    assert printed(page) == "一四六"


def test_no_print_view_carries_a_title_of_ours(world: Cast) -> None:
    hazard, titles = judged(world), ours()
    chosen = hazard_list.clause(*CLAUSE, dt.date(2026, 1, 1)).title.zh
    assert chosen in titles
    read, told = 0, []
    for endpoint in endpoints():
        if endpoint.kind not in ("print", "export") or endpoint.name in NOT_YET:
            continue
        for door in doors(endpoint, world.here):
            for language in ("zh-hans", "en"):
                readers = [door.owner] if door.owner else door.holders(world.here, on_it=door.is_object)
                browser = world.browser(readers[0])
                browser.cookies["anlan_language"] = language
                answer = browser.get(door.address, {} if door.is_object else {"all": "1"})
                if answer.status_code != 200:
                    continue
                read += 1
                kind = answer.headers.get("Content-Type", "")
                texts = [printed(answer.content.decode())] if "html" in kind else texts_of(body_of(answer), kind)
                told += [f"{door.address}: {t}" for t in titles for text in texts if t in text]
    sheet = world.browser(world.here.of_role("county_officer")).get(f"/hazards/{hazard.pk}/print/")
    assert str(hazard_list.clause(*CLAUSE, dt.date(2026, 1, 1)).citation) in printed(sheet.content.decode())
    assert not [t for t in titles if t in printed(sheet.content.decode())]
    browser = world.browser(world.here.of_role("county_officer"))
    browser.cookies["anlan_language"] = "zh-hans"
    assert chosen in browser.get(f"/hazards/{hazard.pk}/").content.decode()
    assert read > 60 and not told, told[:10]


DOCUMENTS = {
    "hazards.notice", "hazards.record", "installations.record", "installations.filing", "compliance.workspace",
}  # fmt: skip
"""What the platform prints that names clauses of a text."""


def test_every_document_that_names_a_clause_is_in_the_library_with_what_it_names() -> None:
    assert set(registered()) == DOCUMENTS
    for code, (label, citations) in registered().items():
        assert label and citations, code
        assert all(one.level is not Level.LOCAL for one in citations), code


def test_no_paper_carries_a_title_of_ours(world: Cast) -> None:
    """Every paper registered in the library, and the record sheet, for a hazard judged by a clause of a list."""
    officer = actor_for(world.here.of_role("county_officer"))
    hazard, titles = judged(world), ours()
    makers = {"hazards.notice": documents.notice_pdf, "hazards.record": documents.record_pdf}
    ordered = world.here.hazards["rectifying"]
    type(ordered).plain.filter(pk=ordered.pk).update(
        clause_set="industry_trade", clause_version="2023", clause_code=CLAUSE[1], clause=hazard.clause
    )
    hazards.order_rectification(
        actor=officer, hazard=ordered.pk, due=clock.today() + dt.timedelta(days=20), requirements="限期整改。"
    )
    for code, make in makers.items():
        for key in (ordered.pk, *([hazard.pk] if code == "hazards.record" else [])):
            _name, content = make(officer, key)
            text = "".join("".join(texts_of(content, "application/pdf")).split())
            assert "第十三条第（二）项" in text, code
            assert not [t for t in titles if "".join(t.split()) in text], code
