"""What follows from a major hazard installation's level, and its filing forms."""

from __future__ import annotations

import datetime as dt

import pytest

from anlan.rules.book import apply
from anlan.rules.citation import Confidence
from anlan.rules.major_hazard_duties import Form, Who, duties, filing_fields
from anlan.rules.refusal import BadInput, NotHeld

ON = dt.date(2026, 3, 1)


def at(level: int, on: dt.date = ON) -> set[int]:
    return {duty.entry for duty in apply("major_hazard_duties", {"level": level}, on).value}


def test_a_graver_level_owes_whatever_a_lesser_one_does() -> None:
    assert at(4) == at(3) < at(2) < at(1) == {duty.entry for duty in duties()}


def test_what_only_the_two_gravest_owe() -> None:
    only = {duty.what for duty in duties() if duty.levels == (1, 2)}
    assert {"emergency shutdown system", "independent safety instrumented system (SIS)"} < only
    assert len(only) == 6


def test_reports_upward_are_the_departments_own() -> None:
    owed = {duty.who: (duty.figure, duty.unit, duty.levels) for duty in duties() if duty.who is not Who.UNIT}
    assert owed == {Who.COUNTY: (1, "each quarter", (1, 2)), Who.CITY: (1, "each half-year", (1,))}


def test_duties_known_only_in_part_are_to_be_verified() -> None:
    finding = apply("major_hazard_duties", {"level": 1}, ON)
    assert not finding.settled
    assert [duty.entry for duty in finding.value if duty.citation.to_verify] == [
        n for n in range(1, 27) if n not in (14, 16)
    ]


def test_the_criteria_of_2017_are_not_stretched_back() -> None:
    assert at(1) - at(1, dt.date(2017, 12, 31)) == {16}
    with pytest.raises(NotHeld, match="修正前"):
        at(1, dt.date(2015, 6, 30))


def test_a_level_outside_the_four_is_refused() -> None:
    for level in (0, 5, None):
        with pytest.raises(BadInput, match="level"):
            apply("major_hazard_duties", {"level": level}, ON)


def test_the_filing_forms_are_whole_and_speak_both_languages() -> None:
    assert [one.entry for one in filing_fields()] == list(range(1, 69))
    features = {one.label.zh: one for one in filing_fields(Form.FEATURES)}
    assert features["重大危险源级别"].choices == ("一级", "二级", "三级", "四级")
    assert features["单个最大容器：操作压力"].unit == "MPa"
    assert [one.part for one in filing_fields(Form.FEATURES)].count("chemical") == 12
    for one in filing_fields():
        assert (one.kind == "enum") == bool(one.choices)
        assert one.citation.confidence in (Confidence.B, Confidence.C)
    assert {one.citation.article for one in filing_fields(Form.ARCHIVE)} == {"第二十二条"}
