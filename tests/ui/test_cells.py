"""Cells: the same as the table library's own, and nothing of a record ever becomes markup."""

from __future__ import annotations

import datetime as dt
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import pytest
from django.template.base import render_value_in_context
from django.template.context import Context
from django_tables2.rows import BoundRow

from anlan.kernel import clock
from anlan.ui import places, tables
from anlan.ui.cells import Cells
from anlan.ui.pages import PAGES
from anlan.ui.pages.lists import ListPage
from anlan.ui.tables import Column
from tests.cast import Cast
from tests.ui.sample import PAPERS, PaperTable

HOSTILE = "\"'><img src=x onerror=alert(1)>&amp;</td></table>"


class Tags(HTMLParser):
    """The elements and the attributes of a piece of HTML, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.names: set[str] = set()
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(tag)
        self.names |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


class Row(SimpleNamespace):
    """A record that is no model, hostile through and through."""

    def __str__(self) -> str:
        return HOSTILE


def hostile_row() -> Row:
    return Row(
        pk=HOSTILE, plain=HOSTILE, long=HOSTILE * 9, link=HOSTILE, state=HOSTILE, choice="a", unknown=HOSTILE,
        number=HOSTILE, place=HOSTILE, region_path=HOSTILE, phone=HOSTILE, flag=HOSTILE, empty=None,
        due=clock.today(), done=None, day=clock.today(), moment=clock.now(),
    )  # fmt: skip


class HostileTable(tables.Table):
    """Each kind of column; what its labels and defaults say is as hostile as the record."""

    plain = tables.Column(HOSTILE)
    long = tables.TextColumn(HOSTILE)
    link = tables.LinkColumn(HOSTILE, lead=True, to=lambda row: f"/{HOSTILE}", beneath=lambda row: HOSTILE)
    state = tables.StateColumn(PAPERS, HOSTILE)
    choice = tables.ChoiceColumn(HOSTILE, choices=[("a", HOSTILE)], colours={"a": HOSTILE})
    unknown = tables.ChoiceColumn(HOSTILE)
    number = tables.NumberColumn(HOSTILE)
    place = tables.PlacedColumn(HOSTILE)
    region_path = tables.RegionColumn(HOSTILE)
    phone = tables.MaskedColumn(HOSTILE)
    flag = tables.FlagColumn(HOSTILE)
    empty = tables.Column(HOSTILE, default=HOSTILE)
    due = tables.DueColumn(HOSTILE)
    day = tables.DayColumn(HOSTILE)
    moment = tables.MomentColumn(HOSTILE)
    picked = tables.PickColumn()


def test_nothing_of_a_record_becomes_markup(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        places, "names", lambda paths, levels=2: dict.fromkeys(paths, f"{HOSTILE}{places.JOIN}{HOSTILE}")
    )
    kinds = {type(column) for column in HostileTable.base_columns.values()}
    own = {kind for kind in vars(tables).values() if isinstance(kind, type) and issubclass(kind, Column)}
    assert kinds == own, "a kind of column is missing here"
    table = HostileTable([hostile_row(), hostile_row()])
    for html in (table.body(), table.render()):
        seen = Tags(html)
        assert "img" not in seen.found and "onerror" not in seen.names
        assert seen.found.count("tr") == 2 + ("<thead>" in html)
        assert "alert(1)" in seen.text


def inner(html: str) -> str:
    """What stands between a cell's tags."""
    return html[html.index(">") + 1 : html.rindex("</")]


def by_the_library(table: Any, record: Any) -> list[str]:
    row = BoundRow(record, table)
    return [str(render_value_in_context(row.get_cell(bound.name), Context())) for bound in table.columns]


def by_us(table: Any, record: Any) -> list[str]:
    return [inner(Cells(table, bound).html(record)) for bound in table.columns]


def test_the_library_would_say_the_same_of_other_records() -> None:
    rows = [
        {"plain": 1200, "choice": "a", "due": None, "state": "draft", "day": dt.date(2026, 3, 1), "flag": True},
        Row(plain=None, choice=None, due=clock.now(), state="closed", day=None, flag=False, long="短"),
    ]
    for record in rows:
        table = HostileTable([record], exclude=["place", "region_path", "picked", "link"])
        assert by_us(table, record) == by_the_library(table, record)


@pytest.mark.django_db
def test_the_library_would_say_the_same_of_every_list(world: Cast) -> None:
    seen = set()
    for page in PAGES.values():
        if not isinstance(page, ListPage) or "<" in page.path:
            continue
        for actor in [world.actor(user) for user in (world.city_officer, *world.here.users.values())]:
            if page.permissions and not actor.may_any(page.permissions):
                continue
            rows = list(page.selector(actor)[:20])
            table = page.table(rows, base_url="/")
            for record in rows:
                assert by_us(table, record) == by_the_library(table, record), (page.name, record)
                seen.add(page.name)
    assert len(seen) > 8, seen


def test_a_columns_copy_leaves_its_workflow_where_it_is() -> None:
    table = PaperTable([])
    assert table.columns["state"].column is not PaperTable.base_columns["state"]
    assert table.columns["state"].column.process is PAPERS
    table.columns["state"].column.attrs["td"] = {"class": "x"}
    assert "td" not in PaperTable.base_columns["state"].attrs
