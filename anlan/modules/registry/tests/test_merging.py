"""Finding and merging two records of one thing; nothing is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from anlan.kernel.actor import Actor
from anlan.kernel.errors import BadInput, NotAllowed, NotFound
from anlan.kernel.events.models import EventRow
from anlan.kernel.identity.actors import actor_for
from anlan.kernel.journal.record import about
from anlan.modules.registry import selectors
from anlan.modules.registry.models import Difference, Person, Site, Unit
from anlan.modules.registry.public import site_view, unit_of_holder
from anlan.modules.registry.services import (
    change_site,
    change_unit,
    mark_different,
    merge_sites,
    merge_units,
    register_unit,
)
from anlan.modules.registry.tests.conftest import SYSTEM, City, code, make_user


@pytest.fixture
def twin(city: City, unit: Unit) -> Unit:
    """A second record of the unit, in the northern town, without a code."""
    return register_unit(
        actor=SYSTEM,
        data={"name": "龙田机械有限责任公司", "town": "城北镇", "principal": "林小满", "principal_phone": "13800138001",
              "founded": "2012-06-01", "address": "城南镇和平路12号", "safety_manager": "何文"},
    )  # fmt: skip


def test_twins_are_found_by_name_address_and_telephone(
    county: Actor, unit: Unit, twin: Unit, make_unit: Callable[..., Unit]
) -> None:
    make_unit(name="东江县虎山水泥厂")
    [pair] = selectors.pairs(county)
    assert ({pair.first.pk, pair.second.pk}, pair.reasons) == ({unit.pk, twin.pk}, {"name", "address", "phone"})
    assert pair.mergeable
    assert pair.score == 100


def test_a_similar_name_in_the_county_is_shown_on_the_units_own_page(
    county: Actor, unit: Unit, make_unit: Callable[..., Unit]
) -> None:
    alike = make_unit(name="东江县龙田机械厂有限公司")
    [pair] = selectors.twins_of(county, unit)
    assert {pair.first.pk, pair.second.pk} == {unit.pk, alike.pk}
    assert pair.reasons == {"alike"}
    assert not pair.mergeable


def test_pairs_show_nothing_of_another_county(stranger: Actor, town: Actor, unit: Unit, twin: Unit) -> None:
    assert selectors.pairs(stranger) == []
    assert selectors.pairs(town) == []
    assert selectors.twins_of(town, unit) == []


def test_found_different_is_not_proposed_again(county: Actor, unit: Unit, twin: Unit) -> None:
    mark_different(actor=county, unit=unit, other=twin, reason="两个老板，两本账")
    mark_different(actor=county, unit=twin, other=unit, reason="两个老板，两本账")
    assert Difference.objects.count() == 1
    assert selectors.pairs(county) == []
    assert [type(e.fact).__name__ for e in about(unit)][:1] == ["FoundDifferent"]


def test_merging_keeps_both_pasts_and_leads_on(county: Actor, city: City, unit: Unit, twin: Unit) -> None:
    change_unit(actor=county, unit=twin, data={"business_scope": "机械加工"})
    boss = actor_for(make_user("unit_principal", holder=twin.holder))
    old_holder, number = twin.holder, twin.provisional_number
    merge_units(actor=county, unit=unit, other=twin, reason="同一营业执照")
    merge_units(actor=county, unit=unit, other=twin, reason="同一营业执照")
    merged, away = Unit.plain.get(pk=unit.pk), Unit.plain.get(pk=twin.pk)
    assert (merged.founded_on.isoformat(), merged.business_scope, merged.provisional_number) == (
        "2012-06-01",
        "机械加工",
        number,
    )  # type: ignore[union-attr]
    assert (away.merged_into_id, away.provisional_number) == (unit.pk, number)
    sites = list(Site.plain.filter(unit=unit).order_by("serial"))
    assert [(s.serial, s.is_main, s.holder, s.region_id) for s in sites] == [
        (1, True, unit.holder, city.south.pk), (2, False, unit.holder, city.north.pk),
    ]  # fmt: skip
    assert set(Person.plain.values_list("unit_id", "holder")) == {(unit.pk, unit.holder)}
    assert "龙田机械有限责任公司" in [f.name for f in merged.former_names.all()]
    assert Unit.objects.visible_to(county).filter(search_text__has=number.lower()).get().pk == unit.pk
    assert selectors.unit(county, twin.pk) == merged
    found = unit_of_holder(old_holder)
    assert found is not None and found.id == unit.pk
    assert selectors.sites(actor_for(make_user("unit_principal", holder=unit.holder))).count() == 2
    assert selectors.sites(actor_for(boss_user(boss))).count() == 2
    event = EventRow.objects.get(event_type="registry.UnitsMerged")
    assert (event.data["old_id"], event.data["new_id"], event.data["old_holder"]) == (twin.pk, unit.pk, old_holder)
    assert [type(e.fact).__name__ for e in selectors.past_of(county, merged)] == [
        "MergedAway",
        "FieldsChanged",
        "UnitRegistered",
    ]
    assert [type(e.fact).__name__ for e in about(merged)] == ["UnitsMerged", "UnitRegistered"]
    assert {c.field for c in selectors.history(county, away)} >= {"merged_into_id", "business_scope", "name"}
    assert not selectors.units(county).filter(pk=twin.pk).exists()


def boss_user(actor: Actor) -> object:
    """The user behind an actor, to see the grants of now."""
    from anlan.kernel.identity.models import User

    return User.objects.get(pk=actor.user_id)


def test_two_codes_are_two_legal_persons(county: Actor, unit: Unit, make_unit: Callable[..., Unit]) -> None:
    other = make_unit(name=unit.name, uscc=code(40))
    with pytest.raises(BadInput) as why:
        merge_units(actor=county, unit=unit, other=other, reason="同名")
    assert why.value.column == "other"


def test_who_may_merge(county: Actor, town: Actor, stranger: Actor, unit: Unit, twin: Unit) -> None:
    with pytest.raises(NotFound):
        merge_units(actor=town, unit=unit, other=twin, reason="同一营业执照")
    with pytest.raises(NotFound):
        merge_units(actor=stranger, unit=unit, other=twin, reason="同一营业执照")
    register_unit(actor=SYSTEM, data={"name": twin.name, "provisional": twin.provisional_number, "town": "城南镇"})
    with pytest.raises(NotAllowed):
        merge_units(actor=town, unit=unit, other=twin, reason="同一营业执照")
    for other in (unit.pk, unit):
        with pytest.raises(BadInput):
            merge_units(actor=county, unit=unit, other=other, reason="自己")
    with pytest.raises(BadInput):
        merge_units(actor=county, unit=unit, other=twin, reason=" ")


def test_the_code_comes_with_the_record_merged_away(county: Actor, unit: Unit, twin: Unit) -> None:
    uscc = unit.uscc
    merge_units(actor=county, unit=twin, other=unit, reason="以此为准")
    kept = Unit.plain.get(pk=twin.pk)
    assert (kept.uscc, kept.provisional_number) == (uscc, twin.provisional_number)
    with pytest.raises(NotFound):
        merge_units(actor=county, unit=unit, other=twin, reason="再合并")


def test_two_sites_of_one_unit_become_one(county: Actor, unit: Unit, twin: Unit, site: Site) -> None:
    second = Site.plain.get(unit=twin)
    with pytest.raises(BadInput):
        merge_sites(actor=county, site=second, other=site, reason="同一厂区")
    merge_units(actor=county, unit=unit, other=twin, reason="同一营业执照")
    change_site(actor=county, site=second, data={"flags": ["ammonia"], "scale": "small"})
    merge_sites(actor=county, site=second, other=site, reason="同一厂区")
    merge_sites(actor=county, site=second, other=site, reason="同一厂区")
    kept = Site.plain.get(pk=second.pk)
    assert (kept.is_main, kept.headcount, kept.flags, kept.scale) == (True, 86, ["ammonia", "dust"], "small")
    assert Unit.plain.get(pk=unit.pk).region_path == kept.region_path
    assert selectors.site(county, site.pk) == kept
    assert site_view(county, site.pk).id == kept.pk
    assert EventRow.objects.filter(event_type="registry.SitesMerged").count() == 1
    assert [type(e.fact).__name__ for e in selectors.past_of(county, kept)] == ["MergedAway", "SiteAdded"]
