"""People in the field: a workshop without a licence goes on file, a wrong address is put right."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from anlan.kernel.actor import Actor
from anlan.kernel.errors import BadInput, BadInputs, NotAllowed, NotFound, Stale
from anlan.kernel.journal.record import about
from anlan.kernel.notify.models import Message
from anlan.modules.registry.models import Person, Site, Unit
from anlan.modules.registry.services import correct_site, register_found, upgrade_number
from anlan.modules.registry.tests.conftest import City, code, make_user

SHOP = {"name": "和平村无名木材加工点", "address": "和平村祠堂后", "lon": "115.75", "lat": "24.15", "headcount": "6",
        "flags": ["dust"], "principal": "阿福", "principal_phone": "13800138009"}  # fmt: skip


@pytest.fixture
def grid(city: City, acting: Callable[..., Actor]) -> Actor:
    """The grid worker of the village."""
    return acting("grid_worker", city.village, name="网格员小周")


def test_a_workshop_without_a_licence_goes_on_file(city: City, grid: Actor, town: Actor) -> None:
    site = register_found(actor=grid, data=SHOP, region=city.village)
    unit = Unit.plain.get()
    assert (unit.kind, unit.uscc, unit.provisional_number[:9]) == ("unlicensed", "", "TMP998801")
    assert (site.region_path, site.headcount, site.flags, site.is_main) == (city.village.path, 6, ["dust"], True)
    assert Person.plain.get().name == "阿福"
    assert [type(e.fact).__name__ for e in about(site)] == ["SiteFound", "SiteAdded"]
    assert {e.actor_name for e in about(site)} == {"网格员小周"}
    told = Message.objects.get()
    assert (told.user_id, told.subject_type, told.subject_id) == (town.user_id, "registry.site", str(site.pk))
    assert told.params["number"] == unit.provisional_number
    upgrade_number(actor=town, unit=unit, uscc=code(3, "92998801"))
    assert Unit.plain.get().kind == "individual"


def test_twice_with_one_key_is_once(city: City, grid: Actor, town: Actor) -> None:
    one, two = (register_found(actor=grid, data=SHOP, region=city.village, key="k") for _ in range(2))
    assert one.pk == two.pk
    assert (Unit.plain.count(), Message.objects.count()) == (1, 1)


def test_what_is_on_file_here_already_is_refused(city: City, grid: Actor) -> None:
    register_found(actor=grid, data=SHOP, region=city.village)
    with pytest.raises(BadInputs) as why:
        register_found(actor=grid, data=SHOP, region=city.village)
    assert why.value.problems[0].column == "name"
    assert Site.plain.count() == 1


def test_codes_kinds_and_bad_values_are_refused(city: City, grid: Actor) -> None:
    for field, value in (("uscc", code(1)), ("kind", "enterprise"), ("status", "closed")):
        with pytest.raises(BadInput) as one:
            register_found(actor=grid, data={**SHOP, field: value}, region=city.village)
        assert one.value.column == field
    with pytest.raises(BadInputs) as why:
        register_found(actor=grid, data={"name": "店", "headcount": "几个"}, region=city.village)
    assert {p.column for p in why.value.problems} == {"name", "headcount"}
    assert not Unit.plain.exists()


def test_only_within_ones_own_grid(city: City, grid: Actor, acting: Callable[..., Actor]) -> None:
    with pytest.raises(BadInputs) as why:
        register_found(actor=grid, data=SHOP, region=city.north)
    assert why.value.problems[0].column == "town"
    with pytest.raises(NotAllowed):
        register_found(actor=acting("auditor", city.south), data=SHOP, region=city.village)


def test_what_is_different_on_the_spot_is_corrected(
    city: City, acting: Callable[..., Actor], stranger: Actor, site: Site
) -> None:
    inspector = acting("inspector", city.south, name="检查员老吴")
    correct_site(actor=inspector, site=site, version=1, data={"address": "和平路14号", "lon": "115.76", "lat": "24.16"})
    put_right = Site.plain.get(pk=site.pk)
    assert (put_right.address, put_right.lon, put_right.headcount, put_right.version) == ("和平路14号", 115.76, 86, 2)
    assert type(about(put_right)[0].fact).__name__ == "FieldsChanged"
    correct_site(actor=inspector, site=site, data={"address": "和平路14号"})
    assert Site.plain.get(pk=site.pk).version == 2
    with pytest.raises(Stale):
        correct_site(actor=inspector, site=site, version=1, data={"headcount": "90"})
    for field, value in (("sector", "chem"), ("flags", []), ("name", "别的厂")):
        with pytest.raises(BadInput) as why:
            correct_site(actor=inspector, site=site, data={field: value})
        assert why.value.column == field
    with pytest.raises(NotFound):
        correct_site(actor=stranger, site=site, data={"headcount": "90"})


def test_on_the_screen_of_the_field(city: City, site: Site) -> None:
    worker = make_user("grid_worker", city.south, name="网格员小周")
    make_user("town_officer", city.south, name="城南镇安监", username="office")
    browser = Client()
    browser.force_login(worker, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert reverse("registry:register-found") in browser.get(reverse("registry:sites")).content.decode()
    form = browser.get(reverse("registry:register-found"))
    assert form.status_code == 200 and "统一社会信用代码" not in form.content.decode().split("<form", 1)[1]
    assert 'data-locate="id_lon,id_lat"' in form.content.decode(), "the device knows where it stands"
    sent = {**SHOP, "region": city.village.path, "key": "k1"}
    bad = browser.post(reverse("registry:register-found"), {**sent, "lon": "24.1"})
    assert bad.status_code == 422 and Unit.plain.count() == 1
    made = browser.post(reverse("registry:register-found"), sent)
    found = Site.plain.exclude(pk=site.pk).get()
    assert made.status_code == 302 and made["Location"] == reverse("registry:site", args=[found.pk])
    page = browser.get(made["Location"]).content.decode()
    assert "现场发现的无证照场所" in page and "临时编号" in page
    assert (
        reverse("registry:correct-site", args=[site.pk])
        in browser.get(reverse("registry:site", args=[site.pk])).content.decode()
    )
    office = Client()
    office.force_login(
        type(worker).objects.get(username="office"), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    assert "网格员小周在现场发现无证照场所" in office.get("/inbox/").content.decode()
    assert reverse("registry:register-found") not in office.get(reverse("registry:sites")).content.decode()


def test_by_api(city: City) -> None:
    from anlan.kernel.identity.actors import actor_for
    from anlan.kernel.identity.services import issue_token

    worker = make_user("inspector", city.south)
    _, secret = issue_token(actor=actor_for(worker), user=worker, name="t", scopes=["registry.view", "registry.sites"])

    def post(path: str, body: dict[str, Any]) -> Any:
        return Client().post(
            f"/api/v1/registry{path}", json.dumps(body), content_type="application/json",
            headers={"Authorization": f"Bearer {secret}"},
        )  # fmt: skip

    made = post("/sites/found", {**SHOP, "town": "城南镇", "village": "和平村"})
    assert made.status_code == 200, made.content
    assert made.json()["number"].startswith("TMP998801")
    pk = made.json()["id"]
    assert post(f"/sites/{pk}/correct", {"headcount": 8, "version": 1}).json()["headcount"] == 8
    assert post(f"/sites/{pk}/correct", {"headcount": 9, "version": 1}).status_code == 409
    assert post(f"/sites/{pk}/correct", {"sector": "chem"}).status_code == 422
    assert post("/units", {"name": "某厂", "town": "城南镇"}).status_code == 403
