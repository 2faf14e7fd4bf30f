"""Local figures in place of ones to verify: set by a jurisdiction from its text, journalled, used by whatever is asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from anlan.kernel import law
from anlan.kernel.actor import Actor
from anlan.kernel.clock import moved_to, now, today
from anlan.kernel.codes.models import Parameter
from anlan.kernel.codes.services import LAW, end_figure, figure_rows, set_figure
from anlan.kernel.errors import BadInput, NotAllowed, Refused
from anlan.kernel.journal.record import about
from anlan.rules.figures import FIGURES
from anlan.ui.timeline import sentence
from tests.kernel.conftest import SYSTEM, City, plain_actor

SET = frozenset({"codes.parameters"})
CODE, BASIS = "review_cycle.installation_filing.number", "某省〔2026〕1号第三条"
DAY = dt.timedelta(days=1)
OPEN = sorted(code for code, figure in FIGURES.items() if figure.end is None or figure.end >= today())
OVER = sorted(set(FIGURES) - set(OPEN))


@pytest.fixture
def admin(city: City) -> Actor:
    return plain_actor(city.root.path, SET)


@pytest.fixture(autouse=True)
def forgets() -> Iterator[None]:
    """What a test set is forgotten with its transaction."""
    yield
    law._kept = ()


def _set(actor: Actor, region: Any, value: Any = 20, **given: Any) -> Parameter:
    row: Parameter = set_figure(
        actor=actor, region=region, **{"code": CODE, "value": Decimal(value), "valid_from": today(), "basis": BASIS, **given}
    )
    law.read_figures()
    return row


def _days(path: str, on: dt.date | None = None) -> int:
    start = on or today()
    found = law.finding("review_cycle", {"step": "installation_filing", "start": start.isoformat()}, path=path)
    return int(found.value.number)


def test_the_nearest_region_upward_wins_and_the_finding_says_so(city: City, admin: Actor) -> None:
    assert _days(city.a1.path) == 15
    _set(admin, city.root, 20)
    _set(admin, city.a, 12)
    assert [_days(region.path) for region in (city.root, city.a, city.a1, city.b1)] == [20, 12, 12, 20]
    assert _days("") == 15, "asked for no place, the rule answers by its own"
    found = law.finding("review_cycle", {"step": "installation_filing", "start": today().isoformat()}, path=city.a1.path)
    assert any(BASIS in str(clause) and city.a.name in str(clause) for clause in found.citations)
    assert any(BASIS in step for step in found.steps) and not found.settled


def test_it_counts_from_its_day_to_its_day(city: City, admin: Actor) -> None:
    _set(admin, city.a, 12, valid_from=today() + 5 * DAY, valid_to=today() + 9 * DAY)
    assert [_days(city.a.path, today() + n * DAY) for n in (4, 5, 9, 10)] == [15, 12, 12, 15]


def test_it_is_journalled_in_both_languages_and_the_same_again_does_nothing(city: City, admin: Actor) -> None:
    from django.utils.translation import override

    row = _set(admin, city.a, 12)
    assert _set(admin, city.a, 12) == row
    entries = [e for e in about(city.a) if e.fact_type == "codes.FigureSet"]
    assert len(entries) == 1 and entries[0].actor_key == admin.key
    with override("zh-hans"):
        assert "重大危险源备案" in sentence(entries[0]) and "12日" in sentence(entries[0]) and BASIS in sentence(entries[0])
    with override("en"):
        assert "12 days" in sentence(entries[0])
    assert row.set_by == admin.key
    _set(admin, city.a, 13)
    events = row.pgh_event_model.objects.filter(pgh_obj_id=row.pk).order_by("pgh_id")
    assert [event.value for event in events] == [12, 13]


def test_ending_one_lets_what_counted_before_count_again(city: City, admin: Actor) -> None:
    _set(admin, city.root, 20)
    row = _set(admin, city.a, 12)
    with moved_to(now() + 3 * DAY):
        ended = end_figure(actor=admin, code=CODE, region=city.a, valid_to=today() - DAY)
        assert end_figure(actor=admin, code=CODE, region=city.a, valid_to=today() - DAY) == ended == row
        law.read_figures()
        assert (_days(city.a.path), _days(city.a.path, today() - DAY)) == (20, 12)
        assert len([e for e in about(city.a) if e.fact_type == "codes.FigureEnded"]) == 1
        with pytest.raises(BadInput) as refused:
            end_figure(actor=admin, code=CODE, region=city.a, valid_to=today() - 2 * DAY)
        assert refused.value.column == "valid_to"
    with pytest.raises(BadInput) as refused:
        end_figure(actor=admin, code=CODE, region=city.b, valid_to=today())
    assert refused.value.column == "code"


@pytest.mark.parametrize(
    ("given", "column"),
    [
        ({"code": "penalty_clock.payment.number"}, "code"), ({"code": "none"}, "code"), ({"basis": "  "}, "basis"),
        ({"value": Decimal(0)}, "value"), ({"value": Decimal("1.5")}, "value"), ({"value": Decimal(10**9)}, "value"),
        ({"valid_from": dt.date(2020, 1, 1)}, "valid_from"), ({"valid_to": dt.date(2020, 1, 1)}, "valid_to"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_by_field(city: City, admin: Actor, given: Any, column: str) -> None:
    with pytest.raises(BadInput) as refused:
        _set(admin, city.a, **given)
    assert refused.value.column == column
    assert not figure_rows()


def test_only_over_ones_own_region(city: City) -> None:
    with pytest.raises(NotAllowed):
        _set(plain_actor(city.b.path, SET), city.a)
    with pytest.raises(Refused):
        _set(plain_actor(city.a.path, frozenset()), city.a)


def test_every_figure_in_force_can_be_set_and_none_whose_edition_is_over(city: City) -> None:
    for code in OPEN:
        value = FIGURES[code].default
        row = set_figure(actor=SYSTEM, code=code, region=city.a, value=value, valid_from=today(), basis=BASIS)
        assert row.code == f"{LAW}{code}" and Decimal(str(row.value)) == value
    assert len(figure_rows()) == len(OPEN)
    for code in OVER:
        with pytest.raises(BadInput) as refused:
            set_figure(
                actor=SYSTEM, code=code, region=city.a, value=FIGURES[code].default, valid_from=today(), basis=BASIS
            )
        assert refused.value.column == "valid_from"


def test_another_process_hears_of_it(city: City, admin: Actor, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    set_figure(actor=admin, region=city.a, code=CODE, value=Decimal(9), valid_from=today(), basis=BASIS)
    assert _days(city.a.path) == 15, "not before it is committed, or looked at"
    settings.CALENDAR_LOOK_SECONDS = 0
    monkeypatch.setattr(law, "_read_at", float("-inf"))
    assert _days(city.a.path) == 9


def test_whoever_sets_one_knows_at_once(
    city: City, admin: Actor, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        set_figure(actor=admin, region=city.a, code=CODE, value=Decimal(9), valid_from=today(), basis=BASIS)
    assert _days(city.a.path) == 9


def test_a_rule_asked_directly_within_goes_by_the_place(city: City, admin: Actor) -> None:
    from anlan.rules.major_hazard_duties import figure_on

    _set(admin, city.a, 10, code="major_hazard_duties.23.figure")
    with law.by_figures_of(city.a1.path):
        number, clause = figure_on(23, today())
    assert number == 10 and BASIS in str(clause)
    assert figure_on(23, today()) == (15, None)
