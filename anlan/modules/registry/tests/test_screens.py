"""The registry's pages in the test client: what each shows, to whom, and what it does."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from anlan.kernel.identity.models import User
from anlan.kernel.intake.models import Batch, BatchState
from anlan.kernel.intake.tasks import read_batch, run_batch
from anlan.modules.registry.models import Person, Site, Unit
from anlan.modules.registry.services import merge_units, register_unit
from anlan.modules.registry.tests import ledger
from anlan.modules.registry.tests.conftest import SYSTEM, City, code, make_user


@pytest.fixture
def browse(db: Any) -> Callable[..., Client]:
    """A signed-in browser: ``browse("town_officer", city.south)``."""

    def sign_in(role: str, region: Any = None, **more: Any) -> Client:
        user: User = make_user(role, region, **more)
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in


@pytest.fixture
def officer(browse: Callable[..., Client], city: City) -> Client:
    """The county's regulator."""
    return browse("county_officer", city.east, name="县应急局")


def text_of(response: Any) -> str:
    """The page as text; it must have been found."""
    assert response.status_code == 200, response.status_code
    return str(response.content.decode())


PAGES = ["/registry/", "/registry/units/", "/registry/certificates/", "/registry/map/", "/registry/points/",
         "/registry/duplicates/", "/registry/new/", "/ui/intake/", "/ui/intake/enterprises/new/", "/registry/print/"]  # fmt: skip


@pytest.mark.parametrize("address", PAGES)
def test_every_page_opens_empty_and_full(officer: Client, address: str, make_unit: Callable[..., Unit]) -> None:
    text_of(officer.get(address))
    make_unit(name="东江县龙田机械有限公司", lon="115.75", lat="24.15")
    text_of(officer.get(address))


@pytest.mark.parametrize("address", PAGES)
def test_a_visitor_is_sent_to_sign_in(db: Any, address: str) -> None:
    assert Client().get(address).status_code == 302


def test_lists_searches_exports_and_maps_show_nothing_foreign(
    browse: Callable[..., Client], city: City, make_unit: Callable[..., Unit]
) -> None:
    make_unit(name="东江县龙田机械有限公司", lon="115.75", lat="24.15")
    make_unit(name="西江县金丝雀化工厂", region=city.river, lon="115.76", lat="24.16", sector="chem")
    town = browse("town_officer", city.south)
    for address in (
        "/registry/",
        "/registry/units/",
        "/registry/points/",
        "/registry/?q=金丝雀",
        reverse("ui:search") + "?q=金丝雀",
    ):
        assert "西江县金丝雀" not in text_of(town.get(address)), address
    book = load_workbook(io.BytesIO(town.get("/registry/export.xlsx").getvalue()), read_only=True)
    cells = [str(cell) for row in book.active.iter_rows(values_only=True) for cell in row]  # type: ignore[union-attr]
    assert "东江县龙田机械有限公司" in cells
    assert not any("金丝雀" in cell for cell in cells)
    foreign = Site.plain.get(name__contains="金丝雀")
    for address in (
        f"sites/{foreign.pk}/",
        f"units/{foreign.unit_id}/",
        f"sites/{foreign.pk}/change/",
        f"sites/{foreign.pk}/print/",
    ):
        assert town.get(f"/registry/{address}").status_code == 404, address


@pytest.mark.parametrize("query", [
    "q=龙田", "q=ltjx", "q=99880", "sector=industry_trade", "trade=machinery", "flags=dust", "industry=C", "industry=34",
    "status=operating", "scale=", "headcount_from=50", "two_keys=", "no_point=on",
])  # fmt: skip
def test_filters_find(officer: Client, unit: Unit, query: str) -> None:
    assert unit.name in text_of(officer.get(f"/registry/?{query}"))


@pytest.mark.parametrize(
    "query", ["q=虎山", "sector=chem", "flags=ammonia", "industry=B", "status=closed", "no_code=on", "ended=on"]
)
def test_filters_leave_out(officer: Client, unit: Unit, query: str) -> None:
    assert unit.name not in text_of(officer.get(f"/registry/?{query}"))


def test_the_record_pages_and_their_panels(officer: Client, unit: Unit, site: Site) -> None:
    page = text_of(officer.get(f"/registry/units/{unit.pk}/"))
    for part in (unit.name, unit.uscc, "林小满", "陈大文"):
        assert part in page
    page = text_of(officer.get(f"/registry/sites/{site.pk}/"))
    assert "和平路12号" in page
    for address in (f"units/{unit.pk}/panel/history/", f"units/{unit.pk}/panel/certificates/",
                    f"sites/{site.pk}/panel/history/", f"units/{unit.pk}/print/"):  # fmt: skip
        text_of(officer.get(f"/registry/{address}"))


def test_a_town_with_one_site_sees_the_unit_and_the_number_of_the_others(
    browse: Callable[..., Client], city: City, unit: Unit
) -> None:
    register_unit(
        actor=SYSTEM, data={"name": unit.name, "uscc": unit.uscc, "town": "河口镇", "site_name": "金丝雀分厂"}
    )
    page = text_of(browse("town_officer", city.south).get(f"/registry/units/{unit.pk}/"))
    assert "金丝雀" not in page
    assert "1" in page
    page = text_of(browse("county_officer", city.west).get(f"/registry/units/{unit.pk}/"))
    assert "金丝雀分厂" in page


def test_registering_on_the_screen(officer: Client, city: City) -> None:
    form = {
        "name": "东江县新丰(五金)厂", "uscc": code(7), "kind": "", "region": city.south.path, "sector": "industry_trade:machinery",
        "headcount": "８６", "flags": ["dust"], "principal": "林小满", "principal_phone": "13800138001", "key": "abc",
    }  # fmt: skip
    answer = officer.post("/registry/new/", {**form, "headcount": "约80", "uscc": "91"})
    assert answer.status_code == 422
    assert "约80" in answer.content.decode()
    assert not Unit.plain.exists()
    answer = officer.post("/registry/new/", form)
    made = Unit.plain.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/registry/units/{made.pk}/")
    assert officer.post("/registry/new/", form).status_code == 302
    assert Unit.plain.count() == 1
    assert Site.plain.get().flags == ["dust"]


def test_a_stale_form_is_told_and_overwrites_nothing(officer: Client, site: Site) -> None:
    address = f"/registry/sites/{site.pk}/change/"
    text_of(officer.get(address))
    form = {"site_name": site.name, "headcount": "90", "version": "1", "key": "k1", "flags": ["dust"], "industry": "3411",
            "sector": "industry_trade:machinery", "address": site.address}  # fmt: skip
    assert officer.post(address, form).status_code == 302
    answer = officer.post(address, {**form, "headcount": "91", "key": "k2"})
    assert answer.status_code == 409
    assert Site.plain.get(pk=site.pk).headcount == 90


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("sites/{site}/suspend/", {"since": "2025-03-05", "reason": "停产整顿"}), ("sites/{site}/landlord/", {"landlord": ""}),
        ("sites/{site}/close/", {"since": "2025-03-05", "reason": "注销"}), ("units/{unit}/change/", {"name": "东江县龙田重工有限公司"}),
        ("sites/{site}/move/", {"region": "north", "reason": "搬迁"}), ("units/{unit}/people/new/", {"name": "何文", "posts": ["contact"]}),
        ("people/{person}/change/", {"name": "林小满", "phone": "13800138002"}), ("people/{person}/posts/new/", {"kind": "safety_manager"}),
        ("people/{person}/posts/end/", {"kind": "principal", "until": "2025-03-05"}),
        ("people/{person}/certificates/new/", {"kind": "assessment", "number": "44A0001", "valid_to": "2030-01-01"}),
        ("units/{unit}/sites/new/", {"region": "north", "site_name": "龙田二厂"}),
    ],
)  # fmt: skip
def test_each_act_has_a_page_that_refuses_nothing_and_does_it(
    officer: Client, city: City, unit: Unit, site: Site, address: str, form: dict[str, Any]
) -> None:
    person = Person.plain.get(name="林小满")
    where = "/registry/" + address.format(site=site.pk, unit=unit.pk, person=person.pk)
    text_of(officer.get(where))
    given = {**form, **({"region": city.north.path} if form.get("region") else {})}
    answer = officer.post(where, given)
    assert answer.status_code == 302, answer.content.decode()[-3000:]


def test_empty_forms_are_refused_with_a_sentence(officer: Client, unit: Unit, site: Site) -> None:
    for address in (f"sites/{site.pk}/suspend/", f"sites/{site.pk}/move/", f"units/{unit.pk}/people/new/", "new/"):
        assert officer.post(f"/registry/{address}", {}).status_code == 422, address


def test_personal_data_are_masked_until_asked_for_with_a_reason(
    officer: Client, browse: Callable[..., Client], city: City, unit: Unit
) -> None:
    person = Person.plain.get(name="林小满")
    page = text_of(officer.get(f"/registry/people/{person.pk}/"))
    assert "1** **** ****" in page
    assert "13800138001" not in page
    address = f"/registry/people/{person.pk}/unmask/phone/"
    assert officer.get(address).status_code == 405
    assert officer.post(address, {"reason": ""}).status_code == 422
    answer = officer.post(address, {"reason": "通知整改"}, headers={"HX-Request": "true"})
    assert "13800138001" in text_of(answer)
    assert "no-store" in answer.headers["Cache-Control"]
    assert officer.post(f"/registry/people/{person.pk}/unmask/name/", {"reason": "通知整改"}).status_code == 404
    assert browse("grid_worker", city.south).post(address, {"reason": "通知整改"}).status_code in (403, 404)
    assert browse("county_officer", city.west).post(address, {"reason": "通知整改"}).status_code == 404


def test_the_units_own_people_see_their_file_and_change_contacts(
    browse: Callable[..., Client], unit: Unit, site: Site
) -> None:
    own = browse("unit_principal", holder=unit.holder)
    assert unit.name in text_of(own.get(f"/registry/units/{unit.pk}/"))
    assert unit.name in text_of(own.get("/registry/"))
    person = Person.plain.get(name="林小满")
    assert (
        own.post(f"/registry/people/{person.pk}/change/", {"name": "林小满", "phone": "13800138003"}).status_code == 302
    )
    assert own.post(f"/registry/sites/{site.pk}/close/", {"since": "2025-03-05", "reason": "注销"}).status_code in (
        403,
        404,
    )
    assert browse("unit_principal", holder="0" * 32).get(f"/registry/units/{unit.pk}/").status_code == 404


def test_the_duplicates_page_leads_to_a_merge_and_the_old_address_on(officer: Client, city: City, unit: Unit) -> None:
    twin = register_unit(actor=SYSTEM, data={"name": "龙田机械有限责任公司", "town": "城北镇"})
    page = text_of(officer.get("/registry/duplicates/"))
    assert f"/registry/units/{unit.pk}/merge/?other={twin.pk}" in page
    text_of(officer.get(f"/registry/units/{unit.pk}/merge/?other={twin.pk}"))
    answer = officer.post(f"/registry/units/{unit.pk}/merge/", {"other": twin.pk, "reason": "同一执照", "version": "1"})
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    answer = officer.get(f"/registry/units/{twin.pk}/")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/registry/units/{unit.pk}/")
    assert "并入" in text_of(officer.get(f"/registry/units/{unit.pk}/"))


def test_merging_is_not_offered_to_a_stranger(browse: Callable[..., Client], city: City, unit: Unit) -> None:
    twin = register_unit(actor=SYSTEM, data={"name": "龙田机械有限责任公司", "town": "城北镇"})
    merge_units(actor=SYSTEM, unit=unit, other=twin, reason="同一执照")
    assert browse("county_officer", city.west).get(f"/registry/units/{twin.pk}/").status_code == 404


def test_the_intake_wizard_from_upload_to_the_returned_rows(officer: Client, city: City) -> None:
    page = text_of(officer.get("/ui/intake/enterprises/new/"))
    assert "multipart/form-data" in page
    assert officer.get("/ui/intake/enterprises/template.xlsx").content[:2] == b"PK"
    assert officer.get("/ui/intake/cats/new/").status_code == 404
    assert officer.post("/ui/intake/enterprises/new/", {"mode": "add"}).status_code == 422
    upload = io.BytesIO(ledger.as_bytes(ledger.messy()))
    upload.name = "台账.xlsx"
    answer = officer.post("/ui/intake/enterprises/new/", {"file": upload, "mode": "add", "key": "k1"})
    batch = Batch.plain.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/ui/intake/{batch.pk}/")
    where = f"/ui/intake/{batch.pk}/"
    assert "intake-progress" in text_of(officer.get(where))
    text_of(officer.get(f"{where}progress/"))
    read_batch(str(batch.pk))
    assert officer.get(f"{where}progress/").headers["HX-Refresh"] == "true"
    page = text_of(officer.get(where))
    assert "东江县海产冷冻厂" in page
    assert "C 信用代码" in page
    assert ledger.PHONE not in page
    returned = load_workbook(io.BytesIO(officer.get(f"{where}returned.xlsx").content)).active
    assert returned is not None and returned.max_row == 1 + len(ledger.REJECTED)
    assert officer.post(f"{where}confirm/", {"version": str(Batch.plain.get().version)}).status_code == 302
    run_batch(str(batch.pk), "enterprises")
    assert Batch.plain.get().state == BatchState.DONE
    page = text_of(officer.get(where))
    assert "5" in page
    assert Unit.plain.count() == 5


def test_batches_are_those_of_the_own_jurisdiction(browse: Callable[..., Client], officer: Client, city: City) -> None:
    upload = io.BytesIO(ledger.as_bytes(ledger.plain([["企业名称"], ["东江县某厂"]])))
    upload.name = "金丝雀台账.xlsx"
    officer.post("/ui/intake/enterprises/new/", {"file": upload, "mode": "add"})
    batch, stranger = Batch.plain.get(), browse("county_officer", city.west)
    assert "金丝雀" not in text_of(stranger.get("/ui/intake/"))
    for part in ("", "confirm/", "discard/", "progress/", "returned.xlsx"):
        assert stranger.get(f"/ui/intake/{batch.pk}/{part}").status_code == 404, part
    assert officer.post(f"/ui/intake/{batch.pk}/discard/", {}).status_code == 302
