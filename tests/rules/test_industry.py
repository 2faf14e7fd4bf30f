"""GB/T 4754-2017 as a whole and by its corners."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.rules.industry import IndustryLevel, children, industries, industry, parents, search, section_of

LENGTH = {IndustryLevel.SECTION: 1, IndustryLevel.DIVISION: 2, IndustryLevel.GROUP: 3, IndustryLevel.CLASS: 4}


def test_counts_are_those_the_standard_publishes() -> None:
    assert [len(industries(level)) for level in IndustryLevel] == [20, 97, 473, 1380]


def test_every_entry_hangs_on_an_entry_one_level_up_in_its_own_section() -> None:
    by_code = {entry.code: entry for entry in industries()}
    assert len(by_code) == 1970
    order = list(IndustryLevel)
    for entry in by_code.values():
        assert entry.name.strip() == entry.name != ""
        assert len(entry.code) == LENGTH[entry.level]
        if entry.parent is None:
            assert entry.level is IndustryLevel.SECTION
            continue
        above = by_code[entry.parent]
        assert order.index(above.level) == order.index(entry.level) - 1
        assert above.section == entry.section
        assert entry.level is IndustryLevel.DIVISION or entry.code.startswith(above.code)


def test_every_entry_but_a_class_has_children() -> None:
    for entry in industries():
        assert bool(children(entry.code)) is (entry.level is not IndustryLevel.CLASS)


def test_sections_span_the_published_divisions() -> None:
    spans = {s.code: [d.code for d in children(s.code)] for s in industries(IndustryLevel.SECTION)}
    assert (spans["A"][0], spans["A"][-1]) == ("01", "05")
    assert (spans["C"][0], spans["C"][-1]) == ("13", "43")
    assert spans["T"] == ["97"]


@pytest.mark.parametrize("typed", ["C2614", "c2614", " 2614 ", "Ｃ２６１４"])
def test_codes_are_read_as_offices_write_them(typed: str) -> None:
    assert industry(typed).name == "有机化学原料制造"


@pytest.mark.parametrize("wrong", ["", "B2614", "9999", "26145", "化工", "CC", "C26A"])
def test_unknown_codes_are_refused(wrong: str) -> None:
    with pytest.raises(KeyError):
        industry(wrong)


def test_parents_and_section() -> None:
    assert [p.name for p in parents("0610")] == ["采矿业", "煤炭开采和洗选业", "烟煤和无烟煤开采洗选"]
    assert parents("A") == ()
    assert section_of("B").code == "B"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("煤炭", "06"),
        ("危险化学品仓储", "594"),
        ("餐饮", "62"),
        ("261", "261"),
        ("C26", "26"),
        ("B", "B"),
        ("木质家具", "211"),
    ],
)
def test_search_finds_by_word_and_by_code(typed: str, code: str) -> None:
    assert code in {entry.code[: len(code)] for entry in search(typed)[:3]}


def test_search_keeps_to_the_section_letter_and_the_limit() -> None:
    assert search("B26") == ()
    assert len(search("制造", limit=7)) == 7
    assert search("") == search("  ") == ()
    assert search("zzzz") == ()


@given(st.text(max_size=12))
def test_search_takes_any_text(text: str) -> None:
    assert len(search(text)) <= 20


@given(st.sampled_from(industries()))
def test_every_entry_is_found_by_its_own_name(entry) -> None:  # type: ignore[no-untyped-def]
    assert any(found.name == entry.name for found in search(entry.name)[:5])
