"""Registering, changing and numbering units."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from anlan.kernel.actor import Actor
from anlan.kernel.errors import BadInput, BadInputs, NotAllowed, NotFound, SignInNeeded, Stale
from anlan.kernel.events.models import EventRow
from anlan.kernel.journal.record import about
from anlan.modules.registry.models import Person, Site, Unit
from anlan.modules.registry.services import add_site, change_unit, register_unit, upgrade_number
from anlan.modules.registry.tests.conftest import City, code
from anlan.rules.uscc import is_provisional


def problems(why: pytest.ExceptionInfo[BadInputs]) -> dict[str, str]:
    """Column to message of the problems raised."""
    return {p.column: p.message for p in why.value.problems}


def test_a_unit_is_registered_with_its_first_site_and_people(town: Actor, city: City) -> None:
    made = register_unit(
        actor=town, region=city.south,
        data={"name": "东江县新丰(五金)厂", "uscc": code(7), "sector": "industry_trade:machinery", "headcount": "８６人",
              "founded": "2016年3月5日", "industry": "C3411", "principal": "林小满", "principal_phone": "138 0013 8001",
              "flag_dust": "是", "lon": "115.75", "lat": "24.15"},
    )  # fmt: skip
    site = Site.plain.get(unit=made)
    assert (made.name, made.uscc, made.kind, made.founded_on) == (
        "东江县新丰（五金）厂",
        code(7),
        "enterprise",
        dt.date(2016, 3, 5),
    )
    assert (site.headcount, site.industry, site.sector, site.trade) == (86, "3411", "industry_trade", "machinery")
    assert site.flags == ["dust"]
    assert (site.region_path, site.holder, made.region_path, made.version, site.version) == (
        city.south.path, made.holder, city.south.path, 1, 1,
    )  # fmt: skip
    assert [type(e.fact).__name__ for e in about(made)] == ["UnitRegistered"]
    assert [p.name for p in Person.plain.filter(unit=made)] == ["林小满"]
    assert set(EventRow.objects.values_list("event_type", flat=True)) >= {
        "registry.UnitRegistered",
        "registry.SiteAdded",
    }


def test_bad_values_name_every_field_and_store_nothing(town: Actor, city: City) -> None:
    with pytest.raises(BadInputs) as why:
        register_unit(actor=town, region=city.south, data={
            "name": "厂", "uscc": "9199880O", "headcount": "约50", "founded": "2024年3月", "industry": "做鞋的", "lon": "24.1",
        })  # fmt: skip
    assert set(problems(why)) == {"name", "uscc", "headcount", "founded", "industry", "lon"}
    assert not Unit.plain.exists()


def test_unknown_fields_are_refused(town: Actor, city: City) -> None:
    with pytest.raises(BadInputs) as why:
        register_unit(actor=town, region=city.south, data={"name": "东江县某厂", "region_path": "0001"})
    assert set(problems(why)) == {"region_path"}


def test_without_a_code_the_unit_gets_a_provisional_number(town: Actor, city: City) -> None:
    first = register_unit(actor=town, data={"name": "城南镇路口修车铺", "town": "城南镇", "kind": "无证照场所"})
    second = register_unit(actor=town, data={"name": "城南镇河边木材点", "town": "城南镇"})
    assert is_provisional(first.provisional_number)
    assert first.provisional_number.startswith("TMP998801")
    assert first.provisional_number != second.provisional_number
    assert (first.kind, second.kind) == ("unlicensed", "unstated")


def test_the_provisional_number_is_upgraded_without_losing_history(town: Actor, city: City) -> None:
    made = register_unit(actor=town, data={"name": "城南镇路口修车铺", "town": "城南镇", "kind": "unlicensed"})
    before = made.provisional_number
    upgrade_number(actor=town, unit=made, uscc=code(3, "92998801"))
    made = Unit.plain.get(pk=made.pk)
    assert (made.uscc, made.provisional_number, made.kind) == (code(3, "92998801"), before, "individual")
    assert [type(e.fact).__name__ for e in about(made)] == ["NumberUpgraded", "UnitRegistered"]
    assert made.search_text.count(before.lower()) == 1
    upgrade_number(actor=town, unit=made, uscc=code(3, "92998801"))
    assert Unit.plain.get(pk=made.pk).version == 2


def test_a_code_on_file_is_refused_with_the_name_only_where_it_may_be_seen(
    city: City, county: Actor, stranger: Actor, make_unit: Callable[..., Unit]
) -> None:
    mine = make_unit(name="东江县龙田机械有限公司", uscc=code(1))
    bare = register_unit(actor=county, data={"name": "城北镇小作坊", "town": "城北镇"})
    with pytest.raises(BadInputs) as why:
        upgrade_number(actor=county, unit=bare, uscc=mine.uscc)
    assert why.value.problems[0].params["other"] == "东江县龙田机械有限公司"
    foreign = register_unit(actor=stranger, data={"name": "河口镇小作坊", "town": "河口镇"})
    with pytest.raises(BadInputs) as why:
        upgrade_number(actor=stranger, unit=foreign, uscc=mine.uscc)
    assert why.value.problems[0].params["other"] == "…"


def test_the_same_code_in_the_same_town_is_refused_and_in_another_town_is_a_further_site(
    city: City, county: Actor, town: Actor, unit: Unit
) -> None:
    row = {"name": unit.name, "uscc": unit.uscc, "town": "城南镇", "village": "和平村"}
    with pytest.raises(BadInputs) as why:
        register_unit(actor=town, data=row)
    assert [(p.column, p.params["other"]) for p in why.value.problems] == [("uscc", unit.name)]
    same = register_unit(actor=county, data={**row, "town": "城北镇", "village": ""})
    assert same.pk == unit.pk
    sites = list(Site.plain.filter(unit=unit).order_by("serial"))
    assert [(s.serial, s.is_main, s.region_id) for s in sites] == [(1, True, city.south.pk), (2, False, city.north.pk)]
    assert sites[1].holder == unit.holder


def test_the_code_of_another_name_is_refused(city: City, county: Actor, stranger: Actor, unit: Unit) -> None:
    with pytest.raises(BadInputs) as why:
        register_unit(actor=county, data={"name": "东江县虎山机械有限公司", "uscc": unit.uscc, "town": "城北镇"})
    assert why.value.problems[0].params == {"field": "Unit name", "other": unit.name}
    with pytest.raises(BadInputs) as why:
        register_unit(actor=stranger, data={"name": "东江县虎山机械有限公司", "uscc": unit.uscc, "town": "河口镇"})
    assert why.value.problems[0].params["other"] == "…"


def test_the_same_name_without_a_code_is_refused_and_with_another_code_is_two(
    city: City, town: Actor, make_unit: Callable[..., Unit]
) -> None:
    make_unit(name="东江县龙田机械有限公司", uscc=code(1))
    with pytest.raises(BadInputs) as why:
        register_unit(actor=town, data={"name": "龙田机械有限责任公司", "town": "城南镇"})
    assert set(problems(why)) == {"name"}
    made = register_unit(actor=town, data={"name": "东江县龙田机械有限公司", "uscc": code(2), "town": "城南镇"})
    assert made.uscc == code(2)


def test_a_code_for_a_unit_with_a_provisional_number_belongs_to_that_record(city: City, town: Actor) -> None:
    first = register_unit(actor=town, data={"name": "城南镇路口修车铺", "town": "城南镇"})
    with pytest.raises(BadInputs) as why:
        register_unit(actor=town, data={"name": "城南镇路口修车铺", "uscc": code(9), "town": "城南镇"})
    assert why.value.problems[0].params["number"] == first.provisional_number


@pytest.mark.parametrize(
    ("place", "column"),
    [
        ({"town": "河东镇"}, "town"), ({"town": "城南镇", "village": "河西村"}, "village"), ({}, "town"), ({"town": "安州市"}, "town"),
        ({"county": "西江县", "town": "城南镇"}, "town"), ({"town": "998899001"}, "town"),
    ],
)  # fmt: skip
def test_a_place_that_is_not_one_is_refused(county: Actor, place: dict[str, str], column: str) -> None:
    with pytest.raises(BadInputs) as why:
        register_unit(actor=county, data={"name": "东江县某某机械厂", **place})
    assert set(problems(why)) == {column}


@pytest.mark.parametrize("text", ["城南镇", "998801001", "998801001000", "@", "东江县"])
def test_a_place_may_be_named_in_several_ways(city: City, county: Actor, text: str) -> None:
    wanted = city.east if text == "东江县" else city.south
    given = text + city.south.path if text == "@" else text
    assert register_unit(actor=county, data={"name": "某某机械厂", "town": given}).region_path == wanted.path


def test_a_place_outside_the_jurisdiction_is_refused(city: City, town: Actor, stranger: Actor) -> None:
    with pytest.raises(BadInputs) as why:
        register_unit(actor=town, data={"name": "某某机械厂", "town": "城北镇"})
    assert set(problems(why)) == {"town"}
    with pytest.raises(BadInputs):
        register_unit(actor=stranger, data={"name": "某某机械厂"}, region=city.south)


def test_an_officer_of_one_line_registers_that_line_only(city: City, acting: Callable[..., Actor]) -> None:
    chem = acting("county_officer", city.east, sector="chem")
    made = register_unit(actor=chem, data={"name": "东江县某某化工厂", "town": "城南镇", "sector": "危化品"})
    assert Unit.objects.visible_to(chem).get().pk == made.pk
    for sector in ("mining", ""):
        with pytest.raises(BadInputs):
            register_unit(actor=chem, data={"name": "东江县某某厂", "town": "城南镇", "sector": sector})


def test_nobody_and_those_without_the_right_are_refused(city: City, acting: Callable[..., Actor]) -> None:
    data = {"name": "某某机械厂", "town": "城南镇"}
    with pytest.raises(SignInNeeded):
        register_unit(actor=Actor.nobody(), data=data)
    with pytest.raises(NotAllowed):
        register_unit(actor=acting("grid_worker", city.south), data=data)


def test_a_double_submission_registers_once(town: Actor, city: City) -> None:
    key = uuid.uuid4().hex
    data = {"name": "某某机械厂", "town": "城南镇"}
    first = register_unit(actor=town, data=data, key=key)
    second = register_unit(actor=town, data=data, key=key)
    assert first.pk == second.pk
    assert Unit.plain.count() == 1
    with pytest.raises(BadInput):
        register_unit(actor=town, data={**data, "name": "另一机械厂"}, key=key)


def test_a_change_keeps_the_former_name_and_is_found_under_both(town: Actor, unit: Unit) -> None:
    change_unit(actor=town, unit=unit, version=1, data={"name": "东江县龙田重工有限公司", "kind": "enterprise"})
    changed = Unit.plain.get(pk=unit.pk)
    assert changed.name == "东江县龙田重工有限公司"
    assert [f.name for f in changed.former_names.all()] == ["东江县龙田机械有限公司"]
    for word in ("龙田重工", "龙田机械", "ltzg"):
        assert Unit.objects.visible_to(town).filter(search_text__has=word).count() == 1, word
        assert Site.objects.visible_to(town).filter(search_text__has=word).count() == 1, word
    assert Site.plain.get(unit=unit).name == "东江县龙田重工有限公司"
    assert changed.version == 2


def test_the_same_values_change_nothing(town: Actor, unit: Unit) -> None:
    change_unit(actor=town, unit=unit, data={"name": unit.name, "founded": None})
    assert Unit.plain.get(pk=unit.pk).version == 1
    assert len(about(unit)) == 1


def test_two_people_on_one_record(town: Actor, county: Actor, unit: Unit) -> None:
    change_unit(actor=county, unit=unit, version=1, data={"business_scope": "机械加工"})
    with pytest.raises(Stale):
        change_unit(actor=town, unit=unit, version=1, data={"business_scope": "机械制造"})
    assert Unit.plain.get(pk=unit.pk).business_scope == "机械加工"


def test_a_unit_is_changed_where_it_is_kept_and_seen_where_it_has_a_site(
    city: City, county: Actor, stranger: Actor, unit: Unit
) -> None:
    with pytest.raises(NotFound):
        change_unit(actor=stranger, unit=unit, data={"business_scope": "机械加工"})
    register_unit(actor=stranger, data={"name": unit.name, "uscc": unit.uscc, "town": "河口镇"})
    assert Unit.objects.visible_to(stranger).get().pk == unit.pk
    with pytest.raises(NotAllowed):
        change_unit(actor=stranger, unit=unit, data={"business_scope": "机械加工"})


def test_a_second_site_in_one_town_needs_a_name(city: City, town: Actor, unit: Unit, stranger: Actor) -> None:
    with pytest.raises(BadInput) as why:
        add_site(actor=town, unit=unit, data={"address": "城南镇工业路"}, region=city.south)
    assert why.value.column == "site_name"
    made: Any = add_site(
        actor=town, unit=unit, data={"site_name": "龙田机械二厂", "sector": "industry_trade"}, region=city.south
    )
    assert (made.serial, made.name, made.number) == (2, "龙田机械二厂", f"{unit.uscc}-02")
    with pytest.raises(NotFound):
        add_site(actor=stranger, unit=unit, data={"site_name": "三厂"}, region=city.river)
