"""Who controls a risk at the least, and when hazards that come back raise it: both sides of every bound."""

from __future__ import annotations

import datetime as dt

import pytest

from anlan.rules.refusal import BadInput
from anlan.rules.risk_control import LOWEST, Controlled, ControlLevel, Repeated, risk_control, risk_repeated
from anlan.rules.risk_scores import Colour

DAY = dt.date(2026, 3, 1)


@pytest.mark.parametrize("colour", list(Colour))
@pytest.mark.parametrize("level", list(ControlLevel))
def test_a_level_below_the_lowest_is_refused_and_the_remedy_named(colour: Colour, level: ControlLevel) -> None:
    lowest = LOWEST[colour.level]
    if level.rank >= lowest.rank:
        assert risk_control(Controlled(colour=colour, control_level=level), DAY).value.lowest is lowest
        return
    with pytest.raises(BadInput) as why:
        Controlled(colour=colour, control_level=level)
    assert why.value.field == "control_level" and "公司（厂）级" in why.value.accepted.zh


def test_the_graver_the_risk_the_higher_the_lowest_level() -> None:
    ranks = [LOWEST[colour.level].rank for colour in Colour]
    assert ranks == sorted(ranks, reverse=True) and ranks[0] == 3


@pytest.mark.parametrize(
    ("colour", "hazards", "shown"),
    [("blue", 2, "blue"), ("blue", 3, "yellow"), ("yellow", 4, "orange"), ("orange", 3, "red"), ("red", 30, "red")],
)
def test_hazards_from_the_threshold_on_raise_one_level(colour: str, hazards: int, shown: str) -> None:
    found = risk_repeated(Repeated(colour=Colour(colour), hazards=hazards, threshold=3, days=180), DAY)
    assert found.value.colour.value == shown and found.value.raised is (shown != colour)
    assert found.steps[0].zh.startswith("180日内发现隐患")
