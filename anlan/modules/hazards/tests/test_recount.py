"""A provisional day of a hazard, and the hazard's own copies of it, once the year's holiday notice is loaded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.deadlines.notices import load_notice
from anlan.kernel.deadlines.services import find
from anlan.modules.hazards import documents
from anlan.modules.hazards.tests.conftest import Story
from anlan.rules import working_days

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_calendar() -> Iterator[None]:
    before = working_days.hold(())
    yield
    working_days.hold(before)


def test_the_copies_of_a_hazard_follow_a_day_that_was_counted_anew(story: Story, fresh: Any) -> None:
    """Three days from 3 February end on a Saturday and roll past the festival: further once the week is given off."""
    statutory = working_days.festivals_of(2027)
    week = {dt.date(2027, 2, day): working_days.FESTIVAL_NAMES["spring"] for day in (9, 10, 11, 12)}
    with clock.moved_to(dt.date(2027, 2, 3)):
        hazard = story.reported()
        before = find(hazard, "assess")
        assert (clock.day_of(before.due_at), before.provisional) == (dt.date(2027, 2, 9), True)
        assert before.raw_on == dt.date(2027, 2, 6)
        notice = working_days.Notice(2027, tuple((statutory | week).items()), ())
        assert load_notice(actor=Actor.system("a test"), notice=notice, source="2027.csv") == {"recounted": 1, "moved": 1}
    hazard = fresh(hazard)
    assert clock.day_of(hazard.due_at) == dt.date(2027, 2, 15)
    assert hazard.due_kind == "assess"


def test_a_provisional_limit_is_marked_on_the_record_sheet(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    hazard = story.reported()
    hazard.rectify_due = dt.date(2027, 2, 9)
    plain = documents._limit(hazard)
    assert "2027" in plain and "暂定" not in plain
    monkeypatch.setattr(documents, "find", lambda subject, kind: SimpleNamespace(provisional=kind == "rectify"))
    assert documents._limit(hazard) == f"{plain}（暂定）"
