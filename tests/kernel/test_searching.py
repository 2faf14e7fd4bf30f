"""Which words are looked for, and by which road."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.kernel.errors import BadInput
from anlan.kernel.scope import within
from anlan.kernel.searching import Statistics, by_pairs, folded, is_phone_end, words_of
from anlan.modules.hazards.models import Hazard
from anlan.rules.overlap import bigrams

WIDE = str.maketrans({chr(c): chr(c + 0xFEE0) for c in range(0x21, 0x7F)})


@given(st.text(alphabet="安洁化工abcXYZ0129", min_size=2, max_size=12))
def test_width_and_case_make_no_difference(word: str) -> None:
    assert words_of(word.translate(WIDE)) == words_of(word.upper()) == [folded(word)]


@given(st.text(max_size=60))
def test_every_word_can_be_looked_for_by_a_pair(text: str) -> None:
    try:
        words = words_of(text)
    except BadInput as why:
        assert why.column == "q"
    else:
        assert len(words) <= 6 and all(bigrams(word) for word in words)


@pytest.mark.parametrize("text", ["安", "安洁 厂", "--", "a", "，，。"])
def test_a_single_character_is_refused_by_name(text: str) -> None:
    with pytest.raises(BadInput):
        words_of(text)


def test_four_digits_may_end_a_telephone() -> None:
    assert is_phone_end("0371") and not is_phone_end("371") and not is_phone_end("二〇二六")


def query(most: int | None, *order: str, of: str = "") -> Any:
    where = Hazard.plain.filter(within("region_path", of)).query.where
    return SimpleNamespace(high_mark=most, order_by=order, get_meta=lambda: Hazard._meta, where=where)


def test_a_page_of_a_common_word_walks_along_its_order_and_a_rare_one_does_not() -> None:
    known = Statistics(4_000_000, {"安全": 0.3, "有限": 0.9, "公司": 0.95, "氨制": 0.004})
    assert not by_pairs(query(26, "-found_on", "-pk"), known, ["安全"])
    assert by_pairs(query(26, "-found_on", "-pk"), known, ["氨制"])
    assert by_pairs(query(26, "-found_on", "-pk"), known, ["有限", "氨制"]), "the rarest pair decides"
    assert by_pairs(query(26, "-found_on", "-pk"), known, ["没有"]), "unknown is rare"
    assert by_pairs(query(26, "title"), known, ["安全"]), "no index to walk along"
    assert by_pairs(query(26, "due_at"), known, ["安全"]), "an index of the open ones alone"
    assert by_pairs(query(None), known, ["有限"]), "every row is wanted"
    assert not by_pairs(query(10_001), known, ["有限", "公司"]), "counting to the ceiling"
    assert by_pairs(query(10_001), known, ["氨制"])
    assert by_pairs(query(26, "-found_on"), Statistics(5_000, {"安全": 0.3}), ["安全"]), "a small table"


def test_whoever_sees_a_small_part_does_not_walk_past_all_the_rest() -> None:
    paths = {"000100010001": 0.5, "000100010002": 0.3}
    known = Statistics(4_000_000, {"机械": 0.02}, paths, ("000100020001", "000100020002"))
    assert known.within([("00010001", "00010001~")]) == 0.8
    assert known.within([("00010002", "00010002~")]) == pytest.approx(0.2)
    assert known.within([("0001", "0001~")]) == 1
    assert not by_pairs(query(26, "-found_on", of="0001"), known, ["机械"]), "the city"
    assert not by_pairs(query(26, "-found_on", of="00010001"), known, ["机械"]), "most of it"
    assert by_pairs(query(26, "-found_on", of="00010002"), known, ["机械"])
    assert by_pairs(query(26, "-found_on", of="00010003"), known, ["机械"]), "nobody is known to be there"


@pytest.mark.django_db
def test_a_word_of_two_characters_is_its_own_pair() -> None:
    asked = str(Hazard.plain.filter(words__find="线路").query)
    assert "@>" in asked and "LIKE" not in asked
    asked = str(Hazard.plain.filter(words__find="线路").order_by("-found_on")[:25].query)
    assert "@>" in asked and "LIKE" in asked, "a page in an order"
    asked = str(Hazard.plain.filter(words__find="线路板").query)
    assert "@>" in asked and "LIKE" in asked
