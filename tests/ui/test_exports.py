"""Ledgers: the filtered rows, real numbers and days, no formulas, nothing personal, and a note in the journal."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest
from django.utils.translation import gettext, override

from anlan.kernel.journal.models import Entry
from anlan.ui import exports
from tests.ui.conftest import CANARY


def opened(answer: Any) -> Any:
    """The first sheet of a downloaded ledger."""
    return openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active


def test_the_ledger_holds_what_the_list_shows(cast: Any, paper: Any, sign_in: Any) -> None:
    paper(cast.town, "青溪化工厂", level="major", headcount=20, found_on=dt.date(2026, 3, 1), phone="13812345678")
    paper(cast.town, '=HYPERLINK("http://x")', headcount=3)
    paper(cast.other_town, "+86电话厂")
    paper(cast.far_town, f"{CANARY}厂")
    answer = sign_in(cast.county_officer).get("/papers/export.xlsx?sort=headcount")
    assert answer.status_code == 200
    assert "papers-" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    rows = list(opened(answer).iter_rows(min_row=2, values_only=True))
    head, body = rows[0], rows[1:]
    assert head == ("Title", "地点", "Level", "状态", "期限", "Found on", "Headcount")
    by_title = {row[0]: row for row in body}
    assert set(by_title) == {"青溪化工厂", '\'=HYPERLINK("http://x")', "'+86电话厂"}
    major = by_title["青溪化工厂"]
    with override("zh-hans"):  # a word that other catalogues may know
        draft = gettext("Draft")
    assert major[1] == "临江县 · 青溪镇" and major[2] == "Major" and major[3] == draft
    assert major[5].date() == dt.date(2026, 3, 1) and major[6] == 20
    assert not any("138" in str(cell) or CANARY in str(cell) for row in rows for cell in row)


def test_taking_a_ledger_is_journalled(cast: Any, paper: Any, sign_in: Any) -> None:
    paper(cast.town, "青溪化工厂", level="major")
    answer = sign_in(cast.county_officer).get("/papers/export.xlsx?level=major")
    b"".join(answer.streaming_content)
    entry = Entry.plain.get(fact_type="services.LedgerExported")
    assert entry.data == {"title": "Papers", "rows": 1, "page": "papers:list", "query": "level=major"}
    assert entry.actor_key == f"user:{cast.county_officer.pk}"


def test_whoever_may_not_export_may_not(cast: Any, paper: Any, sign_in: Any) -> None:
    paper(cast.town, "青溪化工厂")
    worker = sign_in(cast.grid_worker)
    assert worker.get("/papers/export.xlsx").status_code == 403
    assert worker.get("/papers/?all=1").context["export_url"] == ""


def test_a_cut_ledger_says_so(cast: Any, paper: Any, sign_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.ui.sample import LIST

    for number in range(3):
        paper(cast.town, f"厂{number}")
    monkeypatch.setattr(LIST, "export", type(LIST.export)(permission="hazards.export", most=2))
    sheet = opened(sign_in(cast.county_officer).get("/papers/export.xlsx"))
    assert sheet.max_row == 4
    assert "2" in sheet["A1"].value and "县局李" in sheet["A1"].value


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("安全", "安全"),
        ("a\x00b", "ab"),
    ],
)
def test_text_is_never_a_formula(text: str, safe: str) -> None:
    assert exports.neutral(text) == safe


def test_long_text_fits_a_cell() -> None:
    assert len(exports.neutral("=" + "字" * 40_000)) <= exports.CELL
