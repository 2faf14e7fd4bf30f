"""The index: its formula, what it counts, kept once a day, reckoned again the same."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from hypothesis import given
from hypothesis import strategies as st

from anlan.kernel import clock
from anlan.kernel.codes.models import Parameter
from anlan.kernel.errors import BadInput, NotAllowed
from anlan.modules.warning import selectors, services
from anlan.modules.warning.choices import _FIGURES, OF_INDEX
from anlan.modules.warning.engine import FORMULAS, Found, index_of, level_of
from anlan.modules.warning.models import IndexDay, SpecialPeriod
from anlan.modules.warning.tests.conftest import NOON, SYSTEM, Scene
from anlan.modules.warning.views.working import working

USUAL = {code: default for code, _label, default, *_rest in _FIGURES}
MANY = st.integers(0, 500)
FOUND = st.builds(
    Found, alarms=st.tuples(MANY, MANY, MANY, MANY), watched=MANY, owed=st.just(0), away=st.just(0), major=MANY,
    general=MANY, units=st.integers(0, 100_000), factor=st.integers(100, 200),
)  # fmt: skip


@given(FOUND, st.integers(0, 50), st.integers(0, 50))
def test_the_working_adds_up_and_stays_within_bounds(found: Found, owed: int, away: int) -> None:
    found = Found(**{**found.__dict__, "owed": owed + away, "away": away})
    told = index_of(found, USUAL)
    assert Decimal(0) <= told.value <= Decimal(100)
    assert told.base == sum(part.adds for part in told.parts)
    assert abs(told.value - min(told.base * found.factor / 100, Decimal(100))) <= Decimal("0.05")
    assert all(Decimal(0) <= part.measure <= Decimal(100) for part in told.parts)
    assert index_of(found, USUAL) == told, "the same again"


@given(FOUND, st.sampled_from(["alarms", "major", "general", "factor"]))
def test_more_of_anything_never_lowers_it(found: Found, what: str) -> None:
    given_ = {**found.__dict__, "watched": max(found.watched, 1)}
    more: Any = (found.alarms[0] + 1, *found.alarms[1:]) if what == "alarms" else getattr(found, what) + 1
    less, greater = index_of(Found(**given_), USUAL), index_of(Found(**{**given_, what: more}), USUAL)
    assert greater.value >= less.value


def test_what_does_not_apply_has_no_weight() -> None:
    told = index_of(Found(general=5), USUAL)
    assert [(p.code, p.applies, str(p.adds)) for p in told.parts] == [
        ("alarms", False, "0.0"), ("offline", False, "0.0"), ("overdue", True, "50.0"),
    ]  # fmt: skip
    assert level_of(told.value, USUAL) == "yellow"


def test_a_version_of_the_formula_stays_what_it_was() -> None:
    found = Found(alarms=(1, 2, 3, 4), watched=9, owed=5, away=2, major=1, general=6, units=4, factor=120)
    told = FORMULAS["1"](found, USUAL)
    assert [(str(p.raw), p.size, str(p.measure), str(p.adds)) for p in told.parts] == [
        ("30", 3, "50.0", "20.0"), ("40.0", 1, "40.0", "8.0"), ("22", 2, "52.4", "21.0"),
    ]  # fmt: skip
    assert (str(told.base), str(told.value)) == ("49.0", "58.8")


def test_it_counts_alarms_of_the_unit_and_of_every_region_above(scene: Scene) -> None:
    scene.raised("high_high")
    services.reckon_indexes(actor=SYSTEM)
    for row in (scene.of_unit(), scene.index(scene.town), scene.index(scene.county), scene.index(scene.city)):
        assert row.found["alarms"] == [1, 0, 0, 0] and row.found["watched"] == 1
        assert (str(row.value), row.level, row.formula) == ("25.0", "", "1")
    assert scene.index(scene.other).value == 0
    assert scene.of_unit().holder == scene.unit.holder


def test_a_day_is_kept_once_and_again_is_the_same(scene: Scene) -> None:
    scene.raised("high")
    services.reckon_indexes(actor=SYSTEM)
    before = {row.pk: (row.value, row.reckoned_at) for row in IndexDay.plain.all()}
    with clock.moved_to(NOON + dt.timedelta(hours=1)):
        services.reckon_indexes(actor=SYSTEM)
    assert {row.pk: (row.value, row.reckoned_at) for row in IndexDay.plain.all()} == before, (
        "nothing new, nothing written"
    )
    with clock.moved_to(NOON + dt.timedelta(hours=2)):
        scene.raised("high_high")
        services.reckon_indexes(actor=SYSTEM)
    assert IndexDay.plain.count() == len(before) and scene.of_unit().found["alarms"] == [1, 1, 0, 0]
    with clock.moved_to(NOON + dt.timedelta(days=1)):
        services.reckon_indexes(actor=SYSTEM)
    assert IndexDay.plain.count() == 2 * len(before), "another day, other rows"


def test_days_are_kept_for_as_long_as_the_rule_says(scene: Scene) -> None:
    from anlan.modules.warning.tasks import drop_old

    scene.raised("high")
    services.reckon_indexes(actor=SYSTEM)
    first = IndexDay.plain.count()
    with clock.moved_to(NOON + dt.timedelta(days=1)):
        services.reckon_indexes(actor=SYSTEM)
    both = IndexDay.plain.count()
    with clock.moved_to(NOON + dt.timedelta(days=1096)):
        drop_old(0)
        assert IndexDay.plain.count() == both, "the last day of those that are kept"
    with clock.moved_to(NOON + dt.timedelta(days=1097)):
        assert services.drop_old_indexes(actor=SYSTEM, most=1) == 1, "a part at a time"
        drop_old(0)
        assert {row.day for row in IndexDay.plain.all()} == {NOON.date() + dt.timedelta(days=1)}
        assert IndexDay.plain.count() == both - first
        assert services.drop_old_indexes(actor=SYSTEM) == 0
    Parameter.objects.create(code="warning.kept_days", region_path="", value=120, basis="试行",
                             valid_from=dt.date(2026, 1, 1), set_by="tests")  # fmt: skip
    with clock.moved_to(NOON + dt.timedelta(days=122)):
        drop_old(0)
    assert not IndexDay.plain.exists()
    with pytest.raises(NotAllowed):
        services.drop_old_indexes(actor=scene.actor("city_officer"))


def test_what_is_kept_gives_the_same_index_again(scene: Scene) -> None:
    scene.raised("high")
    scene.raised("high_high")
    services.reckon_indexes(actor=SYSTEM)
    for row in IndexDay.plain.all():
        found = Found(**{**row.found, "alarms": tuple(row.found["alarms"])})
        again = index_of(found, row.figures, row.formula)
        assert again.value == row.value and level_of(again.value, row.figures) == row.level
        assert [str(part.adds) for part in again.parts] == [part["adds"] for part in row.parts]
        assert set(row.figures) == set(OF_INDEX) and json.dumps(row.parts)


def test_only_overdue_hazards_count(scene: Scene) -> None:
    hazard = apps.get_model("hazards.Hazard")
    opened = _hazard(scene)
    hazard.plain.filter(pk=opened).update(due_at=NOON - dt.timedelta(days=2))
    services.reckon_indexes(actor=SYSTEM)
    assert (scene.of_unit().found["general"], scene.index(scene.county).found["general"]) == (1, 1)
    assert scene.of_unit().found["major"] == 0 and scene.of_unit().parts[2]["measure"] == "16.7"
    hazard.plain.filter(pk=opened).update(due_at=NOON + dt.timedelta(days=2))
    services.reckon_indexes(actor=SYSTEM)
    assert scene.of_unit().value == 0, "within its time it counts for nothing"


def _hazard(scene: Scene) -> int:
    from anlan.modules.hazards.public import open_hazard

    made = open_hazard(SYSTEM, site_id=scene.site.pk, description="罐区喷淋失效", source="alarm", key="index-test")
    return made.id


def test_a_site_that_must_be_connected_and_is_silent_counts(scene: Scene) -> None:
    gateway = apps.get_model("monitoring.Gateway").plain
    assert [c.connected for c in selectors.gathering.connections()] == [False]
    gateway.update(last_seen=NOON - dt.timedelta(minutes=5))
    assert [(c.watched, c.owed, c.connected) for c in selectors.gathering.connections()] == [(True, False, True)]


def test_local_figures_count_where_they_were_set(scene: Scene) -> None:
    Parameter.objects.create(code="warning.alarm_2", region_path=scene.county.path, value=100, basis="试行",
                             valid_from=dt.date(2026, 1, 1), set_by="tests")  # fmt: skip
    scene.raised("high")
    services.reckon_indexes(actor=SYSTEM)
    assert scene.index(scene.county).figures["alarm_2"] == 100 and scene.index(scene.city).figures["alarm_2"] == 5
    assert scene.index(scene.county).value > scene.index(scene.city).value


def test_the_gravest_period_in_force_multiplies(scene: Scene) -> None:
    officer = scene.actor("county_officer")
    given_ = {"kind": "season", "first": dt.date(2026, 11, 1), "last": dt.date(2026, 12, 1), "reason": "县安委办通知"}
    one = services.set_period(actor=officer, region=scene.county, name="冬季", factor=120, **given_)
    services.set_period(actor=officer, region=scene.county, name="节日", factor=110, **given_)
    assert services.set_period(actor=officer, region=scene.county, name="冬季", factor=120, **given_).pk == one.pk
    scene.raised("high_high")
    services.reckon_indexes(actor=SYSTEM)
    assert (str(scene.index(scene.town).value), str(scene.index(scene.city).value)) == ("30.0", "25.0")
    assert [p["name"] for p in scene.index(scene.town).periods] == ["冬季", "节日"]
    told = {who: working(scene.index(scene.town), scene.actor(who))["periods"] for who in ("county_officer", "other_town")}
    assert [bool(p["url"]) for p in told["county_officer"]] == [True, True]
    assert [p["url"] for p in told["other_town"]] == ["", ""], "nothing leads to what is not shown to the town"
    services.end_period(actor=officer, period=one.pk, reason="提前结束")
    services.end_period(actor=officer, period=one.pk, reason="提前结束")
    services.reckon_indexes(actor=SYSTEM)
    assert str(scene.index(scene.town).value) == "27.5"


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("name", {"name": " "}), ("kind", {"kind": "moon"}), ("last", {"last": dt.date(2026, 10, 1)}),
     ("factor", {"factor": 300}), ("reason", {"reason": ""}), ("last", {"last": dt.date(2028, 10, 1)})],
)  # fmt: skip
def test_a_wrong_period_names_its_field(scene: Scene, field: str, wrong: dict[str, Any]) -> None:
    good = {"name": "冬季", "kind": "season", "first": dt.date(2026, 11, 1), "last": dt.date(2026, 12, 1), "factor": 120,
            "reason": "通知"}  # fmt: skip
    with pytest.raises(BadInput) as why:
        services.set_period(actor=scene.actor("county_officer"), region=scene.county, **{**good, **wrong})
    assert why.value.column == field and not SpecialPeriod.plain.exists()


def test_a_period_is_set_within_ones_own_reach(scene: Scene) -> None:
    good = {"name": "冬季", "kind": "season", "first": dt.date(2026, 11, 1), "last": dt.date(2026, 12, 1), "factor": 120,
            "reason": "通知"}  # fmt: skip
    with pytest.raises(NotAllowed):
        services.set_period(actor=scene.actor("county_officer"), region=scene.city, **good)
    with pytest.raises(NotAllowed):
        services.set_period(actor=scene.actor("town_officer"), region=scene.town, **good)
