"""Risk by LEC, LS and MES on both sides of every bound, direct judgement, measures, and the colours of places."""

from __future__ import annotations

import datetime as dt
import itertools
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.rules.citation import Level
from anlan.rules.refusal import BadInput
from anlan.rules.risk_places import (
    BeforeAndAfter,
    Circumstances,
    Convention,
    Part,
    Place,
    risk_direct,
    risk_place,
    risk_residual,
)
from anlan.rules.risk_scores import Colour, Lec, Matrix, Mes, method, risk_lec, risk_ls, risk_mes

DAY = dt.date(2026, 3, 1)


def cells(name: str) -> list[tuple[Decimal, ...]]:
    return list(itertools.product(*(scale for scale in method(name).scales.values())))


@pytest.mark.parametrize(
    ("score", "inclusive", "colour", "band"),
    [
        ("320.1", True, "red", 1), ("320", True, "red", 1), ("320", False, "orange", 2), ("319.9", True, "orange", 2),
        ("160", True, "orange", 2), ("160", False, "yellow", 3), ("70", True, "yellow", 3), ("69.9", True, "blue", 4),
        ("20", True, "blue", 4), ("19.9", True, "blue", 5), ("0.05", True, "blue", 5),
    ],
)  # fmt: skip
def test_bands_of_lec(score: str, inclusive: bool, colour: str, band: int) -> None:
    found = method("lec").band_of(Decimal(score), lower_inclusive=inclusive)
    assert (found.level.colour, found.band) == (colour, band)


@pytest.mark.parametrize(
    ("product", "colour"),
    [(25, "red"), (20, "red"), (16, "orange"), (15, "orange"), (12, "yellow"), (10, "yellow"), (9, "yellow"),
     (8, "blue"), (6, "blue"), (5, "blue"), (4, "blue"), (3, "blue"), (2, "blue"), (1, "blue")],
)  # fmt: skip
def test_every_product_of_the_matrix(product: int, colour: str) -> None:
    pairs = [(a, b) for a in range(1, 6) for b in range(1, 6) if a * b == product]
    assert pairs
    for a, b in pairs:
        assert risk_ls(Matrix(L=a, S=b), DAY).value.colour == colour


def test_the_matrix_has_fourteen_products() -> None:
    assert {a * b for a in range(1, 6) for b in range(1, 6)} == {1, 2, 3, 4, 5, 6, 8, 9, 10, 12, 15, 16, 20, 25}


@pytest.mark.parametrize(
    ("score", "band"), [(500, 1), (180, 1), (150, 2), (90, 2), (80, 3), (50, 3), (48, 4), (20, 4), (18, 5)]
)
def test_classes_of_mes(score: int, band: int) -> None:
    assert method("mes").band_of(Decimal(score)).band == band


@pytest.mark.parametrize(
    ("rule", "cls", "name"), [(risk_lec, Lec, "lec"), (risk_mes, Mes, "mes"), (risk_ls, Matrix, "ls")]
)
def test_no_factor_grown_makes_a_risk_milder(rule: Any, cls: Any, name: str) -> None:
    factors = list(method(name).scales)
    found = {cell: rule(cls(**dict(zip(factors, cell, strict=True))), DAY).value for cell in cells(name)}
    for cell, scored in found.items():
        product = Decimal(1)
        for value in cell:
            product *= value
        assert scored.score == product
        assert scored.level.colour is scored.colour
        for at, value in enumerate(cell):
            graver = [v for v in method(name).scales[factors[at]] if v > value]
            for v in graver:
                assert found[(*cell[:at], v, *cell[at + 1 :])].colour.rank >= scored.colour.rank


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: Lec(L=Decimal(7), E=Decimal(6), C=Decimal(15)), "L"),
        (lambda: Lec(L=Decimal(6), E=Decimal(0), C=Decimal(15)), "E"),
        (lambda: Lec(L=Decimal(6), E=Decimal(6), C=Decimal(-1)), "C"),
        (lambda: Mes(M=Decimal(2), E=Decimal(6), S=Decimal(8)), "M"),
        (lambda: Matrix(L=6, S=1), "L"),
        (lambda: Matrix(L=1, S=0), "S"),
        (lambda: Matrix(L=1, S=1, colours=(Colour.RED,)), "colours"),
        (lambda: Matrix(L=1, S=1, colours=(Colour.RED, *[Colour.BLUE] * 24)), "colours[1]"),
    ],
)
def test_values_off_the_scale_are_refused(make: Any, field: str) -> None:
    with pytest.raises(BadInput) as caught:
        make()
    assert caught.value.field == field
    assert caught.value.accepted


def test_a_matrix_of_ones_own() -> None:
    colours = tuple(Colour.RED if s >= 4 else Colour.BLUE for _ in range(5) for s in range(1, 6))
    found = risk_ls(Matrix(L=1, S=4, colours=colours), DAY)
    assert (found.value.colour, found.value.score) == (Colour.RED, 4)
    assert risk_ls(Matrix(L=5, S=3, colours=colours), DAY).value.colour is Colour.BLUE


def test_methods_say_they_are_no_statute() -> None:
    found = risk_lec(Lec(L=Decimal(3), E=Decimal(6), C=Decimal(15)), DAY)
    assert found.citations[0].level is Level.METHOD
    assert found.citations[0].to_verify
    assert found.value.control.zh == "公司、部门级"


@pytest.mark.parametrize("name", ["serious_breach", "past_accident", "major_hazard_installation"])
def test_each_circumstance_makes_it_major(name: str) -> None:
    found = risk_direct(Circumstances(**{name: True}), DAY).value  # type: ignore[arg-type]
    assert (found.major, found.by, found.colour) == (True, (name,), Colour.RED)


def test_a_residual_risk_may_not_exceed_the_inherent_one() -> None:
    for before, after in itertools.product(Colour, Colour):
        if after.rank <= before.rank:
            found = risk_residual(BeforeAndAfter(inherent=before, residual=after), DAY).value
            assert (found.lowered_levels, found.shown, found.score_cut) == (before.rank - after.rank, after, None)
        else:
            with pytest.raises(BadInput, match="residual: is"):
                BeforeAndAfter(inherent=before, residual=after)


@pytest.mark.parametrize(
    ("scores", "field"), [((10, None), "residual_score"), ((None, 10), "inherent_score"), ((10, 11), "residual_score")]
)
def test_scores_come_in_pairs_and_do_not_rise(scores: Any, field: str) -> None:
    with pytest.raises(BadInput) as caught:
        BeforeAndAfter(inherent=Colour.RED, residual=Colour.BLUE, inherent_score=scores[0], residual_score=scores[1])
    assert caught.value.field == field


parts = st.lists(
    st.builds(Part, colour=st.none() | st.sampled_from(list(Colour)), weight=st.decimals("0.1", 50, places=1)),
    max_size=12,
).filter(lambda some: any(part.colour for part in some))


@given(parts, st.sampled_from(list(Convention)), st.decimals("0.1", 100, places=1), st.randoms())
def test_a_place_lies_between_its_parts_whatever_their_order(
    some: list[Part], how: Convention, share: Decimal, luck: Any
) -> None:
    found = risk_place(Place(parts=tuple(some), convention=how, share_percent=share), DAY).value
    ranks = [part.colour.rank for part in some if part.colour]
    assert min(ranks) <= found.colour.rank <= max(ranks)
    assert found.not_assessed + sum(found.counts.values()) == len(some)
    luck.shuffle(some)
    assert risk_place(Place(parts=tuple(some), convention=how, share_percent=share), DAY).value.colour is found.colour


@given(parts, st.sampled_from(list(Convention)), st.integers(0, 11))
def test_a_part_grown_graver_never_makes_a_place_milder(some: list[Part], how: Convention, at: int) -> None:
    before = risk_place(Place(parts=tuple(some), convention=how), DAY).value.colour
    at %= len(some)
    if some[at].colour:
        some[at] = Part(colour=Colour.RED, weight=some[at].weight)
        assert risk_place(Place(parts=tuple(some), convention=how), DAY).value.colour.rank >= before.rank


@pytest.mark.parametrize("parts", [(), (Part(),)])
def test_no_colour_is_made_up(parts: tuple[Part, ...]) -> None:
    with pytest.raises(BadInput, match="no colour is made up"):
        Place(parts=parts)
