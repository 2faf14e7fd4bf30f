"""Which duties bind where, by whose adoption, and how they stand by the facts that functions answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from anlan.kernel.clock import moved_to
from anlan.kernel.codes.services import set_parameter
from anlan.kernel.obligations import facts
from anlan.kernel.obligations.adoption import adopted_at
from anlan.kernel.obligations.facts import Answer, Asked, Place, Whose, answers, first_of, share
from anlan.kernel.obligations.selectors import Standing, code_at, standing
from anlan.kernel.regions.models import Region
from anlan.rules.obligation_outcome import Outcome
from anlan.rules.obligations import Every, obligations
from tests.kernel.conftest import SYSTEM, City

pytestmark = pytest.mark.django_db
ADOPTED = dt.date(2026, 6, 1)


@pytest.fixture(autouse=True)
def own_answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No fact is answered but by the test itself."""
    monkeypatch.setattr(facts, "_ANSWERING", {})
    with moved_to(dt.date(2026, 6, 15)):
        yield


def adopt(region: Region, document: str = "xn", value: int = 1, since: dt.date = ADOPTED) -> None:
    set_parameter(
        actor=SYSTEM, code=f"obligations.adopt_{document}", region=region, value=value, valid_from=since, basis="市府办〔2026〕1号"
    )


def at(region: Region) -> dict[str, Standing]:
    return {row.duty.id: row for row in standing(SYSTEM, Place(region.path))}


def test_no_document_binds_outside_its_place_and_period(city: City) -> None:
    assert at(city.a) == {}


def test_an_issued_document_binds_within_its_period(city: City) -> None:
    Region.objects.filter(pk=city.a.pk).update(code="441700000000")
    assert at(city.a) == {}
    with moved_to(dt.date(2018, 5, 1)):
        found = at(city.a)
    assert {row.document.code for row in found.values()} == {"YJ"}
    assert len(found) == sum("YJ" in [d.code for d in duty.documents] for duty in obligations())
    assert {row.outcome for row in found.values()} == {Outcome.NO_DATA}


def test_a_region_adopts_a_draft_for_all_below_it_and_may_end_it(city: City) -> None:
    adopt(city.root)
    found = at(city.a1)
    assert {row.document.code for row in found.values()} == {"XN"}
    (adoption,) = {row.adoption for row in found.values()}
    assert adoption is not None
    assert (adoption.path, adoption.since, adoption.basis) == (city.root.path, ADOPTED, "市府办〔2026〕1号")
    adopt(city.a, value=0)
    assert at(city.a1) == {}
    assert at(city.b1)
    with moved_to(dt.date(2026, 5, 31)):
        assert adopted_at(city.root.path, dt.date(2026, 5, 31)) == {}


def test_a_fact_is_judged_with_the_records_behind_it(city: City) -> None:
    adopt(city.root)
    asked: list[Asked] = []

    @answers("major_hazard_reports", of=Whose.REGION)
    def one_of_two(actor: Any, question: Asked) -> Answer:
        asked.append(question)
        return Answer(value=1, records=(city.v1,), more=3)

    @answers("rectification_items_settled", of=Whose.REGION)
    def nothing(actor: Any, question: Asked) -> None:
        return None

    row = at(city.a)["SO-57"]
    assert row.outcome is Outcome.NO_DATA  # one of the two tests has nothing to tell
    assert [test.outcome for test in row.finding.value.tests] == [Outcome.AT_RISK, Outcome.NO_DATA]
    told = row.answers["major_hazard_reports"]
    assert told is not None
    assert (told.records, told.more) == ((city.v1,), 3)
    assert row.answers["rectification_items_settled"] is None
    assert asked == [Asked(Place(city.a.path), dt.date(2026, 6, 15), dt.date(2026, 1, 1))]


@pytest.mark.parametrize(("hours", "outcome"), [(0, Outcome.MET), (1, Outcome.MISSED)])
def test_the_worst_test_decides(city: City, hours: int, outcome: Outcome) -> None:
    adopt(city.root)
    answers("duty_hours_without_officer", of=Whose.REGION)(lambda actor, question: Answer(value=hours))
    answers("special_periods_without_leader", of=Whose.REGION)(lambda actor, question: Answer(value=0))
    row = at(city.a1)["SO-42"]
    assert row.outcome is outcome
    assert row.due == dt.date(2026, 6, 15)
    assert row.finding.steps
    assert row.finding.citations


def test_one_fact_is_asked_once_for_all_duties_and_by_its_own_period(city: City) -> None:
    adopt(city.root)
    adopt(city.root, "yj")
    adopt(city.root, "yx")
    asked: list[Asked] = []

    @answers("certified_share", of=Whose.REGION)
    def held(actor: Any, question: Asked) -> Answer:
        asked.append(question)
        return Answer(value=100)

    found = at(city.a)
    assert {"SO-82", "SO-89"} <= set(found)
    assert len(asked) == 1


def test_a_unit_is_asked_what_enterprises_owe_and_what_is_answered_for_units(city: City) -> None:
    adopt(city.root)
    adopt(city.root, "yj")
    answers("certified_share", of=Whose.UNIT)(lambda actor, question: Answer(value=50))
    found = {row.duty.id: row for row in standing(SYSTEM, Place(city.a.path, "f" * 32))}
    assert "SO-82" in found and "SO-80" not in found
    assert all(row.duty.owner == "enterprise" for key, row in found.items() if key != "SO-82")


def test_a_fact_no_duty_asks_for_and_one_answered_twice_are_refused() -> None:
    with pytest.raises(ValueError, match="no duty asks"):
        answers("weather", of=Whose.REGION)

    def elsewhere(actor: Any, question: Asked) -> None:
        return None

    answers("employees", of=Whose.UNIT)(elsewhere)
    elsewhere_too = type(elsewhere)(elsewhere.__code__, {}, "elsewhere_too")
    elsewhere_too.__module__ = "another.module"
    with pytest.raises(ValueError, match="is answered in"):
        answers("employees", of=Whose.UNIT)(elsewhere_too)


def test_a_place_without_a_sound_code_takes_that_above_it_and_is_else_bound_by_adoption_alone(city: City) -> None:
    assert code_at(city.v1.path) == "", "no province has the code 99"
    assert at(city.v1) == {}
    Region.objects.filter(pk=city.root.pk).update(code="441700000000")
    assert code_at(city.v1.path) == "441700000000"
    Region.objects.filter(pk=city.root.pk).update(code="")
    adopt(city.root)
    assert at(city.v1)


def test_periods_and_shares() -> None:
    day = dt.date(2026, 8, 15)
    assert [str(first_of(every, day)) for every in (Every.DAY, Every.MONTH, Every.QUARTER, Every.HALF_YEAR, Every.YEAR)] == [
        "2026-08-15", "2026-08-01", "2026-07-01", "2026-07-01", "2026-01-01",
    ]  # fmt: skip
    assert share(0, 0) is None
    assert share(2, 3) is not None and share(2, 3) < 67  # type: ignore[operator]
