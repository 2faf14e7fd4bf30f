"""GB 32100-2015 and GB 11714, by published vectors and by property."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.rules import uscc
from anlan.rules.uscc import ALPHABET, check_character, is_valid, make_valid, normalise, problems

VALID = ("91110000600037341L", "91440300708461136T")

bodies = st.builds(
    lambda first, area, rest: first + area + rest,
    st.text(ALPHABET, min_size=2, max_size=2),
    st.text("0123456789", min_size=6, max_size=6),
    st.text(ALPHABET, min_size=9, max_size=9),
)
codes = bodies.map(lambda body: body + check_character(body))


@pytest.mark.parametrize("code", VALID)
def test_published_codes_are_valid(code: str) -> None:
    assert problems(code) == ()
    assert uscc.doubts(code) == ()


def test_a_wrong_check_character_is_named_though_the_organisation_part_is_right() -> None:
    (problem,) = problems("91350211M000100Y43")
    assert "18th would be “6”" in problem
    assert uscc.organisation_check("M000100Y") == "4"


def test_weights_are_powers_of_three() -> None:
    assert tuple(pow(3, i, 31) for i in range(17)) == uscc.WEIGHTS
    assert len(set(ALPHABET)) == 31
    assert not set("IOSVZ") & set(ALPHABET)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "应为18位，现为0位"),
        ("9111000060003734", "应为18位，现为16位"),
        ("91110000600037341LL", "应为18位，现为19位"),
        ("9111000060OO37341L", "第11位不能是“O”（应为数字0？）"),
        ("9III000060003734IL", "第2位不能是“I”（应为数字1？）"),
        ("91A10000600037341L", "第3位应为数字"),
        ("91110000600037341+", "第18位不能是“+”"),
    ],
)
def test_bad_codes_say_where_and_what_to_do(typed: str, said: str) -> None:
    assert said in "；".join(problem.zh for problem in problems(typed))


def test_normalise_cleans_width_case_and_blanks_and_nothing_else() -> None:
    assert normalise("９１11 0000　6000\u200b37341l\n") == VALID[0]
    assert normalise("o０i") == "O0I"
    assert normalise("91-11") == "91-11"


@given(st.text())
def test_normalise_is_settled_after_one_pass(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(codes)
def test_every_code_with_its_check_character_is_valid(code: str) -> None:
    assert is_valid(code)
    assert normalise(code.lower()) == code


@given(codes, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_every_single_substitution_is_caught(code: str, place: int, char: str) -> None:
    changed = code[:place] + char + code[place + 1 :]
    assert is_valid(changed) == (changed == code)


@given(codes, st.integers(0, 16))
def test_every_swap_of_neighbours_is_caught(code: str, place: int) -> None:
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert is_valid(swapped) == (swapped == code)


@given(st.text(max_size=25))
def test_any_text_is_judged_without_failing(text: str) -> None:
    assert is_valid(text) is (problems(text) == ())


def test_an_organisation_part_that_does_not_check_is_a_doubt_not_a_refusal() -> None:
    body = "91441481MA0000001"
    code = body + check_character(body)
    assert is_valid(code)
    assert uscc.organisation_check("MA000000") != "1"
    assert len(uscc.doubts(code)) == 1
    assert uscc.doubts("nothing") == ()


@given(st.integers(0, 31**6 - 1))
def test_made_codes_are_valid_and_without_doubt(serial: int) -> None:
    code = make_valid("91441481", serial)
    assert is_valid(code)
    assert not uscc.doubts(code)
    assert uscc.adcode(code) == "441481"


def test_made_codes_differ_by_serial() -> None:
    assert len({make_valid("91441481", serial) for serial in range(2000)}) == 2000


@pytest.mark.parametrize(("prefix", "serial"), [("91441481", -1), ("91441481", 31**6), ("9144148", 0), ("9144I481", 0)])
def test_making_refuses_what_cannot_be_a_code(prefix: str, serial: int) -> None:
    with pytest.raises(ValueError, match=r"serial|prefix|17 characters"):
        make_valid(prefix, serial)


@given(st.integers(0, 10**6 - 1), st.integers(0, 10**8 - 1), st.integers(0, 17), st.sampled_from(ALPHABET))
def test_provisional_numbers_are_told_from_codes_and_catch_typing_errors(
    area: int, serial: int, place: int, char: str
) -> None:
    number = uscc.make_provisional(f"{area:06d}", serial)
    assert len(number) == 18
    assert uscc.is_provisional(number)
    assert not is_valid(number)
    changed = number[:place] + char + number[place + 1 :]
    assert uscc.is_provisional(changed) == (changed == number)


@given(codes)
def test_no_code_is_taken_for_a_provisional_number(code: str) -> None:
    assert not uscc.is_provisional(code)


@pytest.mark.parametrize(
    ("area", "serial"), [("44148", 1), ("4414811", 1), ("44148A", 1), ("441481", -1), ("441481", 10**8)]
)
def test_provisional_numbers_need_area_and_serial(area: str, serial: int) -> None:
    with pytest.raises(ValueError, match="six-digit area"):
        uscc.make_provisional(area, serial)


@pytest.mark.parametrize("reader", [uscc.adcode, uscc.organisation_code])
def test_parts_of_an_invalid_code_are_not_read(reader) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match="not a valid"):
        reader("91110000600037341M")


@pytest.mark.parametrize("wrong", ["", "9" * 16, "9" * 18, "O" + "9" * 16])
def test_the_check_character_needs_seventeen_of_the_alphabet(wrong: str) -> None:
    with pytest.raises(ValueError, match="17 characters"):
        check_character(wrong)


@pytest.mark.parametrize("wrong", ["", "1234567", "1234567a", "123456789"])
def test_the_organisation_check_needs_eight(wrong: str) -> None:
    with pytest.raises(ValueError, match="eight"):
        uscc.organisation_check(wrong)
