"""How the items of the statutory lists are checked: each from a clause that was read, or with the reason why not."""

from __future__ import annotations

import re

import pytest

from anlan.rules import hazard_list
from anlan.rules.check_methods import GAPS, OURS, Gap, Way, way_of, ways
from anlan.rules.tables import rows
from tests.rules.test_citations import edition_of, wrong

HELD = [
    (edition.code, edition.version, clause.code)
    for edition in hazard_list.sets()
    if edition.status is not hazard_list.Status.NOT_HELD
    for clause in hazard_list.clauses_of(edition)
]
SETTLED = {(listed, version, clause) for listed, version, clause in HELD if (listed, version) != ("chemicals", "2026")}


@pytest.mark.parametrize("clause", HELD, ids="-".join)
def test_every_item_says_how_and_what_is_kept_or_why_not(clause: tuple[str, str, str]) -> None:
    way = way_of(*clause)
    if isinstance(way, Gap):
        assert GAPS[way].zh
        return
    assert way.how and way.evidence and way.sources
    assert OURS in way.said and OURS in way.kept, "shown as ours, never as if it were the text"


def test_nothing_stands_in_the_table_that_is_no_clause() -> None:
    assert {(row["set"], row["version"], row["clause"]) for row in rows("check_clauses")} == set(HELD)
    assert all(bool(row["method"]) != bool(row["gap"]) for row in rows("check_clauses"))
    assert {row["method"] for row in rows("check_clauses")} - {""} == set(ways())


@pytest.mark.parametrize("way", ways().values(), ids=list(ways()))
def test_each_way_rests_on_clauses_that_were_read(way: Way) -> None:
    for source in way.sources:
        assert edition_of(source) is not None and wrong(source) == "", source
    assert not re.search(r"\d|[一二三四五六七八九十百]+(?:日|个月|年|小时|人|米|次)", way.how + way.evidence), "no figure"


def test_the_lines_whose_conditions_are_held_are_filled() -> None:
    trade = [way_of(*one) for one in HELD if one[:2] == ("industry_trade", "2023")]
    assert len(trade) == 65 and not any(isinstance(way, Gap) for way in trade)
    chemicals = [way_of(*one) for one in HELD if one[:2] == ("chemicals", "2017")]
    assert len(chemicals) == 20 and not any(isinstance(way, Gap) for way in chemicals)
    filled = [one for one in SETTLED if not isinstance(way_of(*one), Gap)]
    assert len(filled) >= 0.9 * len(SETTLED)


def test_a_topic_whose_condition_was_not_read_says_so() -> None:
    assert {way for one in HELD if one[1] == "2026" and isinstance(way := way_of(*one), Gap)} == {
        Gap.CONDITION_NOT_READ
    }
