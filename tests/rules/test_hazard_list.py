"""The statutory lists: complete, dated, honest about what is not held; and the proposals made from them."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.rules import hazard_list
from anlan.rules.book import apply
from anlan.rules.citation import Confidence, NotHeld
from anlan.rules.hazard_criteria import EDITIONS, SUBJECTS, Described, hazard_criteria
from anlan.rules.hazard_list import SECTORS, Status, clause, clauses, not_held, propose, sets, sets_on
from anlan.rules.refusal import BadInput
from anlan.rules.tables import rows

ON = dt.date(2026, 5, 1)
COUNTS = {
    ("industry_trade", "2023"): 65,
    ("chemicals", "2017"): 20,
    ("chemicals", "2026"): 53,
    ("fireworks", "2017"): 20,
    ("mine_underground", "2022"): 32,
    ("mine_open_pit", "2022"): 13,
    ("tailings", "2022"): 19,
    ("mine_underground", "2024"): 4,
    ("mine_open_pit", "2024"): 2,
    ("tailings", "2024"): 2,
}


def test_every_list_has_its_published_number_of_items() -> None:
    counted = Counter((row["set"], row["version"]) for row in rows("major_hazard_clauses") if row["clause"])
    assert counted == COUNTS
    assert {(s.code, s.version): s.items for s in sets() if s.items is not None} == COUNTS


def test_articles_of_order_10_have_their_numbers_of_items() -> None:
    codes = [c.code for c in clauses("industry_trade", ON)]
    assert len(set(codes)) == len(codes)
    by_article = Counter(code.split("(")[0] for code in codes)
    assert by_article == {
        "3": 3, "4": 8, "5": 13, "6": 8, "7": 7, "8": 7, "9": 2, "10": 2, "11": 10, "12": 2, "13": 2, "14": 1,
    }  # fmt: skip
    assert sum(by_article.values()) - by_article["14"] == 64


def test_topics_of_the_chemical_list_of_2026_by_group() -> None:
    groups = Counter(c.code[:3] for c in clauses("chemicals", dt.date(2026, 10, 1)) if c.version == "2026")
    assert groups == {"5.1": 5, "5.2": 10, "5.3": 6, "5.4": 9, "5.5": 12, "5.6": 4, "5.7": 7}


def test_rows_and_editions_agree() -> None:
    editions = {(s.code, s.version): s for s in sets()}
    assert len(editions) == len(sets())
    for row in rows("major_hazard_clauses"):
        edition = editions[row["set"], row["version"]]
        assert row["status"] == edition.status.value
        assert row["sector"] in SECTORS
        assert row["confidence"] == edition.confidence.value
        if row["valid_from"] and edition.valid_from:
            assert row["valid_from"] == edition.valid_from.isoformat()
        assert bool(row["clause"]) is (edition.status is not Status.NOT_HELD)
        assert row["title_zh"]
        assert not re.search("[\u4e00-\u9fff]", row["title_en"])
    assert {(r["set"], r["version"]) for r in rows("major_hazard_clauses")} == set(editions)


def test_what_is_not_held_says_so() -> None:
    missing = {(s.code, s.number) for s in not_held()}
    assert ("coal", "应急管理部令第21号") in missing
    assert {code for code, _ in missing} >= {
        "coal", "construction", "gas", "power", "civil_explosives", "fire", "special_equipment",
    }  # fmt: skip
    for edition in not_held():
        assert edition.items is None
        assert "not_held" in edition.citation().note
    with pytest.raises(NotHeld, match="第21号"):
        clauses("coal", dt.date(2026, 7, 1))
    with pytest.raises(NotHeld, match="第4号"):
        clauses("coal", dt.date(2026, 6, 30))


@pytest.mark.parametrize(
    ("code", "on", "versions"),
    [
        ("industry_trade", "2023-05-15", {"2023"}),
        ("chemicals", "2026-09-29", {"2017"}),
        ("chemicals", "2026-09-30", {"2017", "2026"}),
        ("mine_underground", "2022-09-01", {"2022"}),
        ("mine_underground", "2024-04-23", {"2022", "2024"}),
    ],
)
def test_lists_apply_from_their_day(code: str, on: str, versions: set[str]) -> None:
    assert {c.version for c in clauses(code, dt.date.fromisoformat(on))} == versions


@pytest.mark.parametrize(
    ("code", "on"), [("industry_trade", "2023-05-14"), ("tailings", "2022-08-31"), ("fireworks", "2016-12-31")]
)
def test_before_their_day_nothing_is_held(code: str, on: str) -> None:
    with pytest.raises(NotHeld):
        clauses(code, dt.date.fromisoformat(on))


def test_unknown_lists_clauses_and_sectors_raise() -> None:
    with pytest.raises(KeyError):
        clauses("cooking", ON)
    with pytest.raises(KeyError):
        clause("industry_trade", "99", ON)
    with pytest.raises(KeyError, match="cooking"):
        propose("有限空间", "cooking", on=ON)


def test_a_clause_cites_its_text() -> None:
    found = clause("mine_underground", "S1", dt.date(2026, 1, 1))
    assert str(found.citation) == "《金属非金属矿山重大事故隐患判定标准补充情形（矿安〔2024〕41号）》第一部分第（一）项"
    assert found.citation.in_force(dt.date(2026, 1, 1))
    assert not found.citation.in_force(dt.date(2024, 4, 22))
    assert clause("chemicals", "1", ON).citation.confidence is Confidence.B


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("污水池清淤作业未办理有限空间作业审批，现场无监护人", "13(2)"),
        ("抛光打磨车间布袋除尘器未设置泄爆片", "11(3)"),
        ("喷漆房未安装可燃气体报警器", "7(7)"),
        ("木工车间积尘严重，未按制度清扫", "11(10)"),
        ("氯气钢瓶用明火加热", "8(3)"),
        ("液化石油气球罐未设置注水设施", "6"),
        ("冷库包装间空调采用氨直接蒸发制冷", "12(1)"),
        ("露天采场边坡未做稳定性分析", "6"),
        ("尾矿坝浸润线埋深不足，小于控制浸润线", "7"),
        ("喷漆房可燃气体报警器故障停用", "14"),
    ],
)
def test_inspectors_sentences_find_their_clause_first(text: str, code: str) -> None:
    assert propose(text, on=ON)[0].clause.code == code


def test_the_sector_decides_between_lists_that_say_the_same() -> None:
    text = "电工王某未持特种作业操作证上岗"
    first = {sector: propose(text, sector, on=ON)[0].clause for sector in ("machinery", "chemicals", "fireworks")}
    assert {sector: (c.set, c.code) for sector, c in first.items()} == {
        "machinery": ("industry_trade", "3(2)"),
        "chemicals": ("chemicals", "2"),
        "fireworks": ("fireworks", "2"),
    }


@pytest.mark.parametrize(
    "text", ["", "灭火器过期", "地面有一处油污", "员工未佩戴安全帽", "配电箱未上锁，电缆老化", "！？", "ABC"]
)
def test_ordinary_findings_propose_nothing(text: str) -> None:
    assert propose(text, on=ON) == ()


def test_a_sector_narrows_and_a_trade_brings_what_reaches_across() -> None:
    text = "主要负责人未经考核合格"
    assert {p.clause.sector for p in propose(text, "chemicals", on=ON)} == {"chemicals"}
    assert propose("有限空间作业未审批", "textile", on=ON)[0].clause.code == "13(2)"
    assert propose("有限空间作业未审批", ["fireworks", "tailings"], on=ON) == ()
    assert len(propose("未持证上岗", on=ON, limit=2)) == 2


def test_proposals_change_with_the_law() -> None:
    text = "喷漆房未安装可燃气体报警器"
    assert propose(text, "machinery", on=dt.date(2023, 5, 14)) == ()
    assert propose(text, "machinery", on=dt.date(2023, 5, 15))


@given(st.text(max_size=80))
def test_any_text_gets_ordered_scores_and_words_of_its_own(text: str) -> None:
    found = propose(text, on=ON)
    assert [p.score for p in found] == sorted((p.score for p in found), reverse=True)
    for proposal in found:
        assert 0 < proposal.score <= 1
        assert proposal.words
        assert proposal.clause.status is Status.TITLES_ONLY


@given(st.sampled_from([c for s in sets_on(ON) if s.items for c in clauses(s.code, ON)]))
def test_every_clause_is_found_by_its_own_title(wanted: hazard_list.Clause) -> None:
    found = propose(wanted.title.zh, wanted.sector, on=ON, limit=10)
    assert any(p.clause.title.zh == wanted.title.zh for p in found[:3])


def test_every_edition_is_reachable_from_its_clauses() -> None:
    for found in clauses("industry_trade", ON):
        assert found.edition.number == "应急管理部令第10号"
        assert found.printed.startswith("第")


@pytest.mark.parametrize(
    ("subject", "number", "on"),
    [
        ("coal", "应急管理部令第4号", "2026-06-30"), ("coal", "应急管理部令第21号", "2026-07-01"),
        ("construction", "建质规〔2024〕5号", "2026-05-01"), ("gas", "建城规〔2023〕4号", "2023-09-21"),
        ("power", "国家发展改革委令第41号", "2026-11-01"), ("civil_explosives", "工信部安全〔2024〕234号", "2026-05-01"),
        ("fire", "GB 35181-2025", "2026-05-01"), ("special_equipment", "GB 45067-2024", "2024-12-01"),
        ("industry_trade", "安监总管四〔2017〕129号", "2023-05-14"),
        ("mine_underground", "安监总管一〔2017〕98号", "2022-08-31"),
    ],
)  # fmt: skip
def test_a_list_that_is_not_held_refuses_by_its_number(subject: str, number: str, on: str) -> None:
    with pytest.raises(NotHeld, match="no text held: ") as caught:
        apply("hazard_criteria", {"subject": subject, "text": "瓦斯超限作业"}, on)
    assert number in str(caught.value)


def test_the_criteria_of_a_day_are_the_lists_in_force_that_are_held() -> None:
    for subject, editions in EDITIONS.items():
        for edition in editions:
            day = edition.start or dt.date(2014, 1, 1)
            wanted = [s for s in sets_on(day) if s.code == subject and s.status is not Status.NOT_HELD]
            if not wanted:
                with pytest.raises(NotHeld):
                    hazard_criteria(Described(subject=subject), day)
                continue
            found = hazard_criteria(Described(subject=subject), day)
            assert [one.document_number for one in found.value.lists] == [s.number for s in wanted]
            assert found.value.proposed == ()
            assert {c.law for c in found.citations} == {s.citation().law for s in wanted}
    assert set(SUBJECTS) == {s.code for s in sets()}


def test_of_an_undated_list_only_the_years_after_its_issue_are_answered() -> None:
    issued = {s.code: s.issued for s in sets() if s.valid_from is None and s.status is not Status.NOT_HELD}
    assert issued == {"chemicals": 2017, "fireworks": 2017}
    for subject, year in issued.items():
        with pytest.raises(NotHeld):
            clauses(subject, dt.date(year, 12, 31))
        assert clauses(subject, dt.date(year + 1, 1, 1))


def test_a_description_points_at_clauses_of_its_subject_only() -> None:
    text = "电工王某未持特种作业操作证上岗"
    for subject, code in (("chemicals", "2"), ("fireworks", "2"), ("industry_trade", "3(2)")):
        found = hazard_criteria(Described(subject=subject, text=text), ON).value.proposed
        assert found[0].code == code
        assert len(found) <= 5
        assert all(0 < one.share <= 1 for one in found)
    nothing = hazard_criteria(Described(subject="chemicals", text="地面有一处油污"), ON)
    assert nothing.value.proposed == ()
    assert nothing.steps[-1].zh == "由人员判定"  # type: ignore[attr-defined]
    with pytest.raises(BadInput, match="subject: is 'cooking'"):
        apply("hazard_criteria", {"subject": "cooking"}, ON)
