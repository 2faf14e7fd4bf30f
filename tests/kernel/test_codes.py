"""Running numbers and local figures."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import connections, transaction

from anlan.kernel.actor import Actor
from anlan.kernel.clock import moved_to, today
from anlan.kernel.codes.models import Counter, Parameter
from anlan.kernel.codes.services import DECLARED, declare, next_numbers, parameter, parameter_rows, set_parameter
from anlan.kernel.errors import BadInput, NotAllowed
from anlan.kernel.journal.record import about
from tests.kernel.conftest import SYSTEM, City, plain_actor

SET = frozenset({"codes.parameters"})
CODE = "tests.limit"
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def declared() -> Any:
    yield declare(CODE, "Limit", 15, least=1, most=90)
    DECLARED.pop(CODE)


@pytest.fixture
def admin(city: City) -> Actor:
    return plain_actor(city.root.path, SET)


def _set(actor: Actor, **given: Any) -> Parameter:
    row: Parameter = set_parameter(
        actor=actor, **{"code": CODE, "valid_from": today(), "basis": "安应急〔2026〕3号", **given}
    )
    return row


def test_the_nearest_region_upward_wins(city: City, admin: Actor) -> None:
    assert parameter(CODE) == parameter(CODE, city.v1.path) == 15
    assert parameter_rows(CODE, city.v1.path) == []
    _set(admin, region=city.root, value=20)
    _set(admin, region=city.a1, value=5)
    assert [parameter(CODE, r.path) for r in (city.root, city.a, city.a1, city.v1, city.b1)] == [20, 20, 5, 5, 20]
    assert [r.value for r in parameter_rows(CODE, city.v1.path)] == [5, 20]


def test_from_a_day_on(city: City, admin: Actor) -> None:
    _set(admin, region=city.a, value=20)
    _set(admin, region=city.a, value=25, valid_from=today() + 10 * DAY)
    assert parameter(CODE, city.v1.path) == 20
    assert parameter(CODE, city.v1.path, today() + 10 * DAY) == 25
    assert parameter(CODE, city.v1.path, today() - DAY) == 15
    with moved_to(dt.datetime.now(dt.UTC) + 11 * DAY):
        assert parameter(CODE, city.v1.path) == 25
        assert [r.value for r in parameter_rows(CODE, city.v1.path)] == [25]


def test_the_same_again_does_nothing_and_changes_are_kept(city: City, admin: Actor) -> None:
    row = _set(admin, region=city.a, value=20)
    assert _set(admin, region=city.a, value=20) == row
    assert len([e for e in about(city.a) if e.fact_type == "codes.ParameterSet"]) == 1
    changed = _set(admin, region=city.a, value=21)
    assert changed.pk == row.pk
    events = row.pgh_event_model.objects.filter(pgh_obj_id=row.pk).order_by("pgh_id")
    assert [e.value for e in events] == [20, 21]


@pytest.mark.parametrize(
    ("column", "given"),
    [
        ("code", {"code": "none"}),
        ("value", {"value": 0}),
        ("value", {"value": 91}),
        ("basis", {"basis": "  "}),
        ("valid_from", {"valid_from": dt.date(2020, 1, 1)}),
    ],
)
def test_bad_input(city: City, admin: Actor, column: str, given: dict[str, Any]) -> None:
    with pytest.raises(BadInput) as refused:
        _set(admin, **{"region": city.a, "value": 20, **given})
    assert refused.value.column == column
    assert not Parameter.objects.exists()


def test_who_may_not(city: City) -> None:
    for actor in (
        plain_actor(city.b.path, SET),
        plain_actor(city.a.path, SET, sector="mines"),
        plain_actor(city.a.path),
    ):
        with pytest.raises(NotAllowed):
            _set(actor, region=city.a, value=20)
    assert _set(SYSTEM, region=city.a, value=20, valid_from=dt.date(2020, 1, 1)).value == 20


def test_a_default_lies_within_its_bounds() -> None:
    with pytest.raises(ValueError, match="outside its bounds"):
        declare("tests.wrong", "Wrong", 0, least=1, most=2)
    assert "tests.wrong" not in DECLARED


def test_numbers_run_on(db: Any) -> None:
    assert list(next_numbers("hazard:2026")) == [1]
    assert list(next_numbers("hazard:2026", 3)) == [2, 3, 4]
    assert list(next_numbers("hazard:2027")) == [1]
    with pytest.raises(ValueError, match="at least one"):
        next_numbers("hazard:2026", 0)


def test_a_number_of_a_refused_act_is_given_again(db: Any) -> None:
    with pytest.raises(KeyError), transaction.atomic():
        next_numbers("s")
        raise KeyError
    assert list(next_numbers("s")) == [1]


@pytest.mark.django_db(transaction=True)
def test_no_number_is_given_twice() -> None:
    taken: list[int] = []

    def take() -> None:
        for _ in range(5):
            with transaction.atomic():
                taken.extend(next_numbers("s", 2))
        connections.close_all()

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(taken) == list(range(1, 41))
    assert Counter.objects.get().last == 40
