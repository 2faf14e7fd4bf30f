"""GBZ 2.1 and GBZ 2.2: limits of agents and dusts in air, mixtures, noise and other physical agents."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.rules.book import apply
from anlan.rules.chemical_names import checked_cas
from anlan.rules.citation import Confidence
from anlan.rules.exposure_limit import Sample, time_weighted
from anlan.rules.gbz21 import UNITS, agent, agents
from anlan.rules.noise_exposure import Factor, equivalent, physical_limits
from anlan.rules.refusal import BadInput, NotHeld

ON = dt.date(2026, 3, 1)


def limit(**sent: Any) -> Any:
    return apply("exposure_limit", sent, ON).value


def fault(rule: str, **sent: Any) -> BadInput:
    with pytest.raises(BadInput) as caught:
        apply(rule, sent, ON)
    assert caught.value.reason.zh
    return caught.value


def test_every_row_has_a_limit_a_unit_and_a_sound_cas_number() -> None:
    assert len(agents()) == 355 + 56
    for row in agents():
        limits = [n for n in (row.mac, row.pc_twa, row.pc_stel, row.pc_twa_respirable) if n is not None]
        assert limits
        assert all(n > 0 for n in limits)
        assert row.unit in UNITS
        assert not row.cas or checked_cas(row.cas) == row.cas
        assert (row.mac is None) or (row.pc_twa is None)
        assert row.pc_stel is None or (row.pc_twa is not None and row.pc_stel > row.pc_twa)
        assert bool(row.also_printed) == (row.confidence is Confidence.D)


@pytest.mark.parametrize(
    ("sent", "mac", "twa", "stel"),
    [
        ({"substance": "氨"}, None, 20, 30),
        ({"substance": "液氨"}, None, 20, 30),
        ({"cas": "7783-06-4"}, 10, None, None),
        ({"substance": "光气"}, "0.5", None, None),
        ({"substance": "一氧化碳（非高原）"}, None, 20, 30),
        ({"substance": "一氧化碳(高原,海拔>3000m)", "cas": "630-08-0"}, 15, None, None),
        ({"substance": "二甲苯"}, None, 50, 100),
        ({"substance": "铅烟"}, None, "0.03", None),
        ({"substance": "苯", "amendment_1": False}, None, 6, 10),
        ({"substance": "苯", "amendment_1": True}, None, 3, 6),
        ({"substance": "水泥粉尘"}, None, 4, None),
    ],
)
def test_limits_by_name_alias_and_cas(sent: dict[str, Any], mac: Any, twa: Any, stel: Any) -> None:
    value = limit(**sent)
    assert (value.mac, value.pc_twa, value.pc_stel) == tuple(n and Decimal(n) for n in (mac, twa, stel))
    assert (value.comparisons, value.within) == ((), None)


@pytest.mark.parametrize(
    ("sent", "field", "said"),
    [
        ({}, "substance", "is missing, and so is cas"),
        ({"substance": "一氧化碳"}, "substance", "several entries.*非高原"),
        ({"cas": "7439-92-1"}, "cas", "铅尘.*铅烟"),
        ({"substance": "矽尘"}, "substance", "several entries.*>80%"),
        ({"substance": "空气"}, "substance", "no limit is held"),
        ({"substance": "铅尘", "cas": "7440-50-8"}, "cas", "which is not 铅尘"),
        ({"cas": "7439-92-2"}, "cas", "check digit"),
        ({"substance": "氨", "twa": 5}, "unit", "is missing; accepted: mg/m3"),
        ({"substance": "氨", "twa": 5, "unit": "ppm"}, "unit", "is 'ppm'"),
        ({"substance": "石棉纤维", "twa": 1, "unit": "mg/m3"}, "unit", "accepted: f/mL"),
        ({"substance": "氨", "twa": -1, "unit": "mg/m3"}, "twa", "is -1"),
        ({"substance": "氯", "twa": 1, "unit": "mg/m3"}, "twa", "氯 has no PC-TWA; accepted: what its limits ask: MAC"),
        ({"substance": "苯胺", "short_term": 4, "unit": "mg/m3"}, "short_term", "has no PC-STEL"),
        ({"substance": "茶尘", "twa": 1, "unit": "mg/m3", "fraction": "respirable"}, "fraction", "accepted: total"),
        (
            {"substance": "氨", "twa": 1, "samples": [{"concentration": 1, "hours": 8}], "unit": "mg/m3"},
            "samples",
            "beside",
        ),
        (
            {"substance": "氨", "samples": [{"concentration": 1, "hours": 13}] * 2, "unit": "mg/m3"},
            "samples",
            "last 26 h",
        ),
        (
            {"substance": "氨", "samples": [{"concentration": 1, "hours": 0}], "unit": "mg/m3"},
            "samples[0].hours",
            "is 0",
        ),
    ],
)
def test_what_is_refused_and_how(sent: dict[str, Any], field: str, said: str) -> None:
    why = fault("exposure_limit", **sent)
    assert why.field == field
    assert re.search(said, why.reason), why.reason


@pytest.mark.parametrize(("highest", "within"), [("0.999999", True), (1, True), ("1.000001", False)])
def test_the_limit_itself_is_kept(highest: str | int, within: bool) -> None:
    assert limit(substance="氯", unit="mg/m3", highest=highest).within is within


def test_the_respirable_fraction_has_its_own_limit() -> None:
    sent = {"substance": "煤尘", "unit": "mg/m3", "twa": 3}
    assert (limit(**sent).within, limit(**sent, fraction="respirable").within) == (True, False)


def test_figures_that_were_not_read_are_to_be_verified() -> None:
    assert apply("exposure_limit", {"substance": "氨"}, ON).settled
    doubtful = apply("exposure_limit", {"substance": "乐果"}, ON)
    assert not doubtful.settled
    assert "待核实" in str(doubtful.citations[0])
    assert any("另有文本载为0.5" in step.zh for step in doubtful.steps)


def test_benzene_is_not_answered_where_the_day_of_its_amendment_is_not_held() -> None:
    with pytest.raises(NotHeld, match="修改前6/10、修改后3/6"):
        apply("exposure_limit", {"substance": "苯"}, ON)
    assert apply("exposure_limit", {"substance": "苯"}, "2026-11-01").value.pc_twa == 3


@pytest.mark.parametrize("rule", ["exposure_limit", "exposure_mixture"])
def test_before_2020_nothing_is_borrowed(rule: str) -> None:
    two = [{"substance": name, "concentration": 1, "unit": "mg/m3"} for name in ("甲苯", "二甲苯")]
    sent = {"substance": "氨"} if rule == "exposure_limit" else {"agents": two}
    with pytest.raises(NotHeld, match=r"GBZ 2\.1-2007"):
        apply(rule, sent, "2020-03-31")


@given(st.lists(st.tuples(st.decimals(0, 500, places=2), st.decimals("0.1", 3, places=1)), min_size=1, max_size=8))
def test_the_average_lies_within_its_samples_and_splitting_one_changes_nothing(
    parts: list[tuple[Decimal, Decimal]],
) -> None:
    samples = tuple(Sample(concentration=c, hours=h) for c, h in parts)
    hours = sum((Fraction(h) for _, h in parts), Fraction(0))
    average = time_weighted(samples) * 8 / hours
    assert min(c for c, _ in parts) <= average <= max(c for c, _ in parts)
    first = samples[0]
    halves = tuple(Sample(concentration=first.concentration, hours=first.hours / 2) for _ in range(2))
    assert time_weighted((*halves, *samples[1:])) == time_weighted(samples)


def mixture(*parts: tuple[str, Any]) -> dict[str, Any]:
    return {"agents": [{"substance": name, "concentration": c, "unit": "mg/m3"} for name, c in parts]}


def test_a_mixture_is_judged_whole_and_exactly() -> None:
    kept = apply("exposure_mixture", mixture(("甲苯", 25), ("二甲苯", 25)), ON).value
    over = apply("exposure_mixture", mixture(("甲苯", 25), ("二甲苯", "25.000001")), ON).value
    assert (kept.ratio, kept.within, over.within) == (1, True, False)
    assert apply("exposure_mixture", mixture(("氯", "0.5"), ("氯化氢及盐酸", "1.5")), ON).value.ratio == Fraction(7, 10)


@pytest.mark.parametrize(
    ("sent", "field", "said"),
    [
        (mixture(("甲苯", 1)), "agents", "fewer than two"),
        (mixture(("甲苯", 1), ("甲基苯", 1)), "agents[1]", "甲苯 again"),
        (mixture(("甲苯", 1), ("石棉纤维", 1)), "agents[1].unit", "accepted: f/mL"),
        ({"agents": [{"substance": "甲苯", "concentration": 1}] * 2}, "agents[0].unit", "is missing"),
    ],
)
def test_a_mixture_refused(sent: dict[str, Any], field: str, said: str) -> None:
    why = fault("exposure_mixture", **sent)
    assert why.field == field
    assert said in why.reason


def noise(**sent: Any) -> Any:
    return apply("noise_exposure", sent, ON).value


@pytest.mark.parametrize(
    ("sent", "quantity", "level", "within"),
    [
        ({"stretches": [{"level_dba": 85, "hours": 8}]}, "L_EX,8h", "85.0", True),
        ({"stretches": [{"level_dba": "85.001", "hours": 8}]}, "L_EX,8h", "85.0", False),
        ({"stretches": [{"level_dba": 88, "hours": 4}]}, "L_EX,8h", "85.0", True),
        ({"stretches": [{"level_dba": 85, "hours": 12}]}, "L_EX,8h", "86.8", False),
        ({"stretches": [{"level_dba": 85, "hours": 8}], "days_per_week": 4}, "L_EX,40h", "84.0", True),
        ({"daily_levels_dba": [85, 85, 85, 85, 85, 85]}, "L_EX,40h", "85.8", False),
        ({"daily_levels_dba": [80, 80, 80, 80, 86]}, "L_EX,8h", "86.0", False),
    ],
)
def test_noise(sent: dict[str, Any], quantity: str, level: str, within: bool) -> None:
    value = noise(**sent)
    assert (value.quantity, value.level_dba, value.within) == (quantity, Decimal(level), within)


@pytest.mark.parametrize(
    ("impulses", "allowed"), [(1, 140), (100, 140), (101, 130), (1000, 130), (1001, 120), (10000, 120)]
)
def test_the_peak_allowed_falls_with_the_number_of_impulses(impulses: int, allowed: int) -> None:
    value = noise(impulses=impulses, peak_db=130)
    assert (value.peak_limit_db, value.peak_within, value.within) == (allowed, allowed >= 130, None)


@pytest.mark.parametrize(
    ("sent", "field", "said"),
    [
        ({}, "stretches", "are missing"),
        ({"stretches": [{"level_dba": 80, "hours": 8}], "daily_levels_dba": [80]}, "stretches", "given twice"),
        ({"stretches": [{"level_dba": 80, "hours": 13}] * 2}, "stretches", "last 26 h"),
        ({"daily_levels_dba": [80] * 8}, "daily_levels_dba", "more than 7 days"),
        ({"impulses": 5}, "stretches", "are missing"),
        ({"stretches": [{"level_dba": 80, "hours": 8}], "impulses": 5}, "peak_db", "is missing beside impulses"),
        ({"impulses": 10_001, "peak_db": 100}, "impulses", "beyond the table; accepted: 1 to 10000"),
        (
            {"stretches": [{"level_dba": 80, "hours": 8}], "days_per_week": 8},
            "days_per_week",
            "accepted: a whole number",
        ),
        ({"stretches": [{"level_dba": -1, "hours": 8}]}, "stretches[0].level_dba", "is -1"),
    ],
)
def test_noise_refused(sent: dict[str, Any], field: str, said: str) -> None:
    why = fault("noise_exposure", **sent)
    assert why.field == field
    assert said in why.reason


levels = st.lists(st.tuples(st.decimals(50, 120, places=1), st.decimals("0.5", 3, places=1)), min_size=1, max_size=8)


@given(levels, st.integers(0, 7), st.decimals("0.1", 20, places=1))
def test_a_louder_stretch_never_lowers_the_level(parts: list[tuple[Decimal, Decimal]], at: int, more: Decimal) -> None:
    level, hours = parts[at % len(parts)]
    louder = [*parts]
    louder[at % len(parts)] = (level + more, hours)
    assert equivalent(tuple(louder), 8) >= equivalent(tuple(parts), 8)


@given(levels)
def test_halving_the_time_costs_three_decibels(parts: list[tuple[Decimal, Decimal]]) -> None:
    halved = tuple((level, hours / 2) for level, hours in parts)
    difference = equivalent(tuple(parts), 8) - equivalent(halved, 8)
    assert abs(difference - Decimal("3.010299957")) <= Decimal("2e-9")


def test_physical_limits_are_whole_and_ask_for_their_condition() -> None:
    assert sum(len(physical_limits(factor)) for factor in Factor) == 40
    why = fault("physical_limit", factor="heat_wbgt")
    assert (why.field, "接触时间率100%，劳动强度I |" in why.reason) == ("condition", True)
    assert fault("physical_limit", factor="hand_arm_vibration", measured=4).field == "unit"
    assert fault("physical_limit", factor="hand_arm_vibration", hot_district=True).field == "hot_district"
    sent = {"factor": "heat_wbgt", "condition": "接触时间率100%, 劳动强度IV", "measured": "25.5", "unit": "°C"}
    assert apply("physical_limit", sent, ON).value.within is False
    assert apply("physical_limit", {**sent, "hot_district": True}, ON).value.within is True


def test_physical_limits_before_2007_are_not_borrowed() -> None:
    for rule, sent in (
        ("physical_limit", {"factor": "hand_arm_vibration"}),
        ("noise_exposure", {"daily_levels_dba": [80]}),
    ):
        with pytest.raises(NotHeld, match=r"GBZ 2\.2-2007以前版本"):
            apply(rule, sent, "2007-10-31")


def test_names_are_compared_without_width_and_space() -> None:
    assert agent("一氧化碳（非高原）") == agent("一氧化碳 (非高原)")
