"""Units, sites and people are found by two characters, initials, codes and the end of a telephone."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import BadInput, TooOften
from anlan.kernel.identity.sealing import tail_index
from anlan.kernel.journal.models import Entry
from anlan.modules.registry import selectors
from anlan.modules.registry.models import Person, PhoneLook, Unit
from anlan.modules.registry.public import site_options
from anlan.modules.registry.services import add_person, change_person, erase_person
from anlan.modules.registry.services.looking import KEEP, MOST, look_up_phone
from anlan.modules.registry.tests.conftest import City, make_user
from anlan.ui import search

pytestmark = pytest.mark.django_db
PHONE = "13922087641"


@pytest.fixture
def keeper(town: Actor, unit: Unit) -> Person:
    data = {"name": "欧阳小勇", "phone": PHONE, "posts": ["principal"]}
    made: Person = add_person(actor=town, unit=unit, data=data)
    return made


def hits(actor: Actor, text: str, code: str) -> list[str]:
    return [hit.title for searcher, found, _ in search.found(actor, text) if searcher.code == code for hit in found]


@pytest.mark.parametrize("text", ["", "阳", "阳江", "阳江阳江机械", "a b  c", "𠮷野家", "é̂x", "甲\n乙"])
def test_the_database_pairs_every_two_neighbours(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT registry_grams(%s), registry_grams(NULL)", [text])
        assert cursor.fetchone() == (["".join(pair) for pair in itertools.pairwise(text)], None)


@pytest.mark.parametrize(
    "text",
    [
        "龙田",
        "机械",
        "ltjx",
        "LTJX",
        "ｌｔｊｘ",
        "lt",
        "龙田 机械",
        "机械　龙田",
        "longtian",
        "田机械",
        "东江县龙田机械有限公司",
    ],
)
def test_a_unit_is_found_by_any_two_characters_and_initials(town: Actor, unit: Unit, text: str) -> None:
    assert [view.unit_id for view in site_options(town, text)] == [unit.pk]
    assert hits(town, text, "registry") == [unit.name]


def test_a_unit_is_found_by_its_code_or_a_part_of_it(town: Actor, unit: Unit) -> None:
    for part in (unit.uscc, unit.uscc.lower(), unit.uscc[4:12], unit.uscc[-6:]):
        assert [view.unit_id for view in site_options(town, part)] == [unit.pk], part


@pytest.mark.parametrize("text", ["龙山", "龙田 化工", "jxtl", "%", "__"])
def test_what_is_not_there_is_not_found(town: Actor, unit: Unit, text: str) -> None:
    try:
        assert site_options(town, text) == []
    except BadInput as why:
        assert why.column == "q" and text in ("%", "__")


def test_another_county_finds_nothing(stranger: Actor, unit: Unit, keeper: Person) -> None:
    assert site_options(stranger, "龙田") == []
    assert hits(stranger, "欧阳", "people") == []
    assert look_up_phone(actor=stranger, digits="7641") == []


def test_a_person_is_found_by_name_and_by_the_end_of_the_telephone(town: Actor, keeper: Person) -> None:
    assert hits(town, "小勇", "people") == hits(town, "7641", "people") == ["欧阳小勇"]
    assert hits(town, "７６４１", "people") == ["欧阳小勇"]
    assert hits(town, "7642", "people") == hits(town, "2208", "people") == []


def test_the_lists_find_by_the_end_of_the_telephone(
    city: City, unit: Unit, keeper: Person, make_unit: Callable[..., Unit]
) -> None:
    make_unit(name="东江县虎田机械有限公司")
    client = Client()
    client.force_login(
        make_user("town_officer", city.south), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    for address in ("/registry/", "/registry/units/"):
        page = client.get(address, {"q": "7641", "all": "1"})
        assert page.status_code == 200 and page.context["total"] == 1, address
        assert client.get(address, {"q": "7640", "all": "1"}).context["total"] == 0
    refused = client.get("/registry/", {"q": "龙", "all": "1"})
    assert "“龙”" in refused.content.decode() and refused.context["total"] == 0


def test_a_new_telephone_is_found_by_its_own_end_and_an_erased_one_by_none(
    town: Actor, keeper: Person, acting: Callable[..., Actor], city: City
) -> None:
    change_person(actor=town, person=keeper, data={"phone": "13922080000"})
    assert look_up_phone(actor=town, digits="0000") == [keeper.pk]
    assert look_up_phone(actor=town, digits="7641") == []
    erase_person(actor=acting("administrator", city.root), person=keeper.pk, reason="本人申请删除")
    assert Person.plain.get(pk=keeper.pk).phone_tail == ""
    assert look_up_phone(actor=town, digits="0000") == []


def test_the_digest_of_an_end_is_keyed_and_says_nothing(keeper: Person) -> None:
    assert keeper.phone_tail == tail_index("7641") and "7641" not in keeper.phone_tail
    assert tail_index("123") == tail_index("") == ""


def test_looking_is_rationed_and_leaves_no_digits(town: Actor, keeper: Person) -> None:
    journal = Entry.plain.count()
    for number in range(MOST):
        look_up_phone(actor=town, digits=f"{number:04}")
    with pytest.raises(TooOften):
        look_up_phone(actor=town, digits="7641")
    assert Entry.plain.count() == journal
    with clock.moved_to(clock.now() + dt.timedelta(minutes=16)):
        assert look_up_phone(actor=town, digits="7641") == [keeper.pk]
    with clock.moved_to(clock.now() + KEEP + dt.timedelta(hours=1)):
        look_up_phone(actor=town, digits="7641")
        assert PhoneLook.objects.count() == 1


@pytest.mark.parametrize("digits", ["", "123", "12345", "12a4", "１２３４"])
def test_only_four_digits_are_looked_up(town: Actor, digits: str) -> None:
    with pytest.raises(BadInput):
        look_up_phone(actor=town, digits=digits)


def test_people_are_read_in_the_readers_scope(stranger: Actor, keeper: Person) -> None:
    assert selectors.people_by_key(stranger, [keeper.pk]) == []
    assert selectors.people_by_key(stranger, []) == []


def test_something_else_than_text_is_no_danger(town: Actor, unit: Unit) -> Any:
    for text in ("'; DROP TABLE x", "龙田\\", "龙%田", "{龙田}", "\x00龙田\x00"):
        try:
            site_options(town, text)
        except BadInput as why:
            assert why.column == "q"
