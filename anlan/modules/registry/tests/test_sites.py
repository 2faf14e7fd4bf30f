"""Changing, moving, closing sites; landlords; what follows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from anlan.kernel.actor import Actor
from anlan.kernel.errors import BadInput, BadInputs, NotAllowed, NotFound, WrongStep
from anlan.kernel.events.models import EventRow
from anlan.kernel.journal.record import about
from anlan.kernel.regions.services import merge_region
from anlan.modules.registry import selectors
from anlan.modules.registry.models import Certificate, Person, Site, StatusChange, Unit
from anlan.modules.registry.services import (
    add_certificate,
    change_site,
    close_site,
    link_landlord,
    move_site,
    register_unit,
    reopen_site,
    suspend_site,
)
from anlan.modules.registry.tests.conftest import SYSTEM, City
from anlan.ui import timeline

DAY = dt.date(2025, 3, 5)


def facts(site: Site) -> list[str]:
    """The names of the facts about a site, newest first."""
    return [type(e.fact).__name__ for e in about(site)]


def test_a_change_tells_each_field(town: Actor, site: Site) -> None:
    change_site(
        actor=town, site=site, version=1, data={"headcount": "120", "flags": ["dust", "ammonia"], "scale": "小型"}
    )
    changed = Site.plain.get(pk=site.pk)
    assert (changed.headcount, changed.flags, changed.scale, changed.version) == (120, ["dust", "ammonia"], "small", 2)
    fact = about(changed)[0].fact
    assert fact is not None
    assert fact.as_data()["changes"] == {
        "Headcount": [86, 120],
        "Special risks": [
            [{"msgid": "Combustible dust"}],
            [{"msgid": "Combustible dust"}, {"msgid": "Ammonia refrigeration"}],
        ],
        "Scale": ["", {"msgid": "Small"}],
    }
    told = timeline.told(about(changed)[:1])[0]
    assert told.title == "变更：规模、从业人数、重点风险"
    assert {(c.before, c.after) for c in told.changes} == {
        ("86", "120"), ("粉尘涉爆", "粉尘涉爆、涉氨制冷"), ("—", "小型"),
    }  # fmt: skip
    change_site(actor=town, site=site, data={"headcount": 120, "flags": ["ammonia", "dust"]})
    assert Site.plain.get(pk=site.pk).version == 2


def test_a_cleared_field_is_emptied_and_an_absent_one_stays(town: Actor, site: Site) -> None:
    change_site(actor=town, site=site, data={"address": "", "flags": []})
    changed = Site.plain.get(pk=site.pk)
    assert (changed.address, changed.flags, changed.headcount) == ("", [], 86)


def test_half_a_point_and_fields_of_the_unit_are_refused(town: Actor, site: Site) -> None:
    with pytest.raises(BadInputs) as why:
        change_site(actor=town, site=site, data={"lon": "115.75"})
    assert why.value.problems[0].column == "lat"
    with pytest.raises(BadInput) as one:
        change_site(actor=town, site=site, data={"uscc": "91"})
    assert one.value.column == "uscc"


def test_another_line_is_announced_and_followed(town: Actor, site: Site) -> None:
    change_site(actor=town, site=site, data={"sector": "chem"})
    assert {Unit.plain.get().sector, *Person.plain.values_list("sector", flat=True)} == {"chem"}
    assert facts(site)[:2] == ["FieldsChanged", "SectorChanged"]
    assert EventRow.objects.filter(event_type="registry.SectorChanged").count() == 1


def test_a_site_moves_with_its_people_and_what_is_due(
    city: City, county: Actor, town: Actor, site: Site, stranger: Actor, acting: Callable[..., Actor]
) -> None:
    person = Person.plain.filter(name="林小满").get()
    add_certificate(
        actor=town, person=person, data={"kind": "assessment", "number": "44A0001", "valid_to": "2099-01-01"}
    )
    with pytest.raises(BadInputs) as why:
        move_site(actor=town, site=site, region=city.north, reason="搬迁")
    assert why.value.problems[0].column == "region"
    move_site(actor=county, site=site, region=city.north, reason="厂房搬迁", address="城北镇新路1号")
    moved = Site.plain.get(pk=site.pk)
    assert (moved.region_path, moved.address, moved.lon) == (city.north.path, "城北镇新路1号", None)
    assert {Unit.plain.get().region_path, Certificate.plain.get().region_path} == {city.north.path}
    assert set(Person.plain.values_list("region_path", flat=True)) == {city.north.path}
    with pytest.raises(NotFound):
        selectors.site(town, site.pk)
    event = EventRow.objects.get(event_type="registry.SiteMoved")
    assert (event.data["old_path"], event.data["new_path"]) == (city.south.path, city.north.path)
    move_site(actor=county, site=site, region=city.north, reason="再报一次")
    assert EventRow.objects.filter(event_type="registry.SiteMoved").count() == 1


def test_moving_needs_a_reason_and_a_town(city: City, county: Actor, site: Site) -> None:
    with pytest.raises(BadInputs) as why:
        move_site(actor=county, site=site, region=city.root, reason=" ", lon=115.75)
    assert [p.column for p in why.value.problems] == ["reason", "region", "lat"]


def test_suspended_closed_and_open_again(town: Actor, site: Site) -> None:
    suspend_site(actor=town, site=site, since=DAY, reason="停产整顿")
    suspend_site(actor=town, site=site, since=DAY, reason="停产整顿")
    close_site(actor=town, site=site, since=DAY + dt.timedelta(days=30), reason="注销")
    reopen_site(actor=town, site=site, since=DAY + dt.timedelta(days=60), reason="恢复生产")
    assert facts(site)[:3] == ["SiteReopened", "SiteClosed", "SiteSuspended"]
    assert StatusChange.objects.filter(site=site).count() == 3
    assert [selectors.status_on(town, site, DAY + dt.timedelta(days=n)) for n in (-1, 0, 31, 90)] == [
        "operating",
        "suspended",
        "closed",
        "operating",
    ]


@pytest.mark.parametrize(
    ("since", "reason", "columns"),
    [(dt.date(2999, 1, 1), "停产", ["since"]), (DAY, " ", ["reason"]), (dt.date(2000, 1, 1), "", ["reason", "since"])],
)
def test_a_status_needs_a_day_and_a_reason(
    town: Actor, site: Site, since: dt.date, reason: str, columns: list[str]
) -> None:
    change_site(actor=town, site=site, data={"opened": "2016-01-01"})
    with pytest.raises(BadInputs) as why:
        suspend_site(actor=town, site=site, since=since, reason=reason)
    assert [p.column for p in why.value.problems] == columns


def test_a_site_at_work_is_not_reopened(town: Actor, site: Site) -> None:
    with pytest.raises(WrongStep):
        reopen_site(actor=town, site=site, since=DAY, reason="恢复")


def test_landlord_and_tenants(
    town: Actor, stranger: Actor, city: City, site: Site, make_unit: Callable[..., Unit]
) -> None:
    tenant = Site.plain.get(unit=make_unit(name="城南镇租户甲加工店"))
    link_landlord(actor=town, site=tenant, landlord=site)
    link_landlord(actor=town, site=tenant, landlord=site)
    assert facts(tenant)[0] == "LandlordLinked"
    assert Site.plain.get(pk=tenant.pk).version == 2
    assert [s.pk for s in selectors.tenants(town, site)] == [tenant.pk]
    with pytest.raises(BadInput):
        link_landlord(actor=town, site=site, landlord=tenant)
    foreign = Site.plain.get(unit=make_unit(name="河口镇乙厂", region=city.river))
    with pytest.raises(BadInput):
        link_landlord(actor=town, site=site, landlord=foreign)
    link_landlord(actor=town, site=tenant, landlord=None)
    assert not selectors.tenants(town, site).exists()


def test_a_town_sees_its_own_site_and_the_number_of_the_others(
    city: City, county: Actor, town: Actor, stranger: Actor, unit: Unit
) -> None:
    for name in ("城北镇", "河口镇"):
        register_unit(actor=SYSTEM, data={"name": unit.name, "uscc": unit.uscc, "town": name})
    assert [selectors.other_sites(actor, unit) for actor in (town, county, stranger)] == [2, 1, 2]
    assert [s.region_path for s in selectors.sites_of(town, unit)] == [city.south.path]
    assert selectors.unit(stranger, unit.pk) == unit
    outsider = Site.plain.get(unit=unit, region=city.river)
    with pytest.raises(NotFound):
        selectors.site(town, outsider.pk)
    change_site(actor=stranger, site=outsider, data={"headcount": 3})
    with pytest.raises(NotAllowed):
        stranger.need("registry.change", unit)


def test_sites_of_a_merged_town_lie_in_the_one_it_went_to(city: City, site: Site) -> None:
    merge_region(actor=SYSTEM, region=city.south, into=city.north, on=dt.date(2026, 1, 1), basis="安府〔2026〕1号")
    assert Site.plain.get(pk=site.pk).region_id == city.north.pk


def test_a_point_far_from_the_town_is_taken_with_a_warning(city: City, county: Actor) -> None:
    from anlan.modules.registry.services._admission import Admission
    from anlan.modules.registry.services._outlines import Outlines

    verdict = Admission(county).admit([(1, {"name": "某某厂", "town": "城南镇", "lon": 116.5, "lat": 24.15})])[0]
    assert [p.code for p in verdict.warnings] == ["point_outside"]
    assert Outlines().outside(city.village, [(lon, 24.15) for lon in (115.75, 115.805, 116.5)]) == [2]
    assert Outlines().outside(city.village, []) == []
