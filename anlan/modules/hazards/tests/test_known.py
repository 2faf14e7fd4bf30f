"""The public list of hazards under supervision: what is made known without sign-in, and what never is."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from anlan.kernel import clock
from anlan.kernel.errors import BadInput
from anlan.modules.hazards import services
from anlan.modules.hazards.models import Listing
from anlan.modules.hazards.tests.conftest import Cast
from anlan.modules.hazards.tests.test_companions import LISTING

pytestmark = pytest.mark.django_db
PAGE = "/hazards/public/"


def body(query: str = "") -> str:
    answer = Client().get(PAGE + query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_everybody_reads_what_is_listed_and_nothing_personal(cast: Cast, story: Any) -> None:
    hazard = story.approved()
    assert "兴安works有限公司" not in body()
    listing = services.list_hazard(
        actor=cast.county, hazard=hazard, level="county", **{**LISTING, "leader_phone": "0753-2200001"}
    )
    told = body()
    for shown in (listing.number, "兴安works有限公司", listing.leader_title, "0753-2200001"):
        assert shown in told
    hidden = (
        LISTING["leader_name"],
        LISTING["reason"],
        hazard.title,
        hazard.description,
        hazard.found_by,
        hazard.number,
    )
    assert not [one for one in hidden if one and one in told]


def test_what_the_office_keeps_back_is_not_there(cast: Cast, story: Any) -> None:
    listing = services.list_hazard(
        actor=cast.county, hazard=story.approved(), level="county", **{**LISTING, "published": False}
    )
    assert listing.number not in body()


def test_a_removal_is_made_known_for_a_year(cast: Cast, story: Any) -> None:
    hazard = story.approved()
    listing = services.list_hazard(actor=cast.county, hazard=hazard, level="county", **LISTING)
    story.accepted(hazard)
    services.request_delisting(actor=cast.safety, listing=listing, evaluation="治理完成，评估合格")
    services.delist_hazard(actor=cast.county, listing=listing, answer="同意解除")
    number = Listing.plain.get().number
    assert number not in body()
    assert number in body("?state=delisted")
    with clock.moved_to(clock.now() + dt.timedelta(days=366)):
        assert number not in body("?state=delisted")


def test_one_hazard_stands_on_one_list_with_one_clock(cast: Cast, story: Any) -> None:
    hazard = story.approved()
    town = services.list_hazard(actor=cast.town, hazard=hazard, level="town", **LISTING)
    asked = services.request_listing(actor=cast.town, hazard=hazard, level="county", reason="镇级难以推动")
    assert town.number in body()
    terms = {k: v for k, v in LISTING.items() if k != "reason"}
    services.grant_listing(actor=cast.county, listing=asked, **terms)
    told = body()
    assert town.number not in told, "taken over by the county"
    assert Listing.plain.get(level="county").number in told


def test_a_place_narrows_it_and_one_there_is_not_is_not_found(cast: Cast, story: Any) -> None:
    listing = services.list_hazard(actor=cast.county, hazard=story.approved(), level="county", **LISTING)
    assert listing.number in body(f"?region={cast.regions['countyA'].path}")
    assert listing.number not in body(f"?region={cast.regions['townB'].path}")
    for wrong in ("ZZZZ", "'%22"):
        assert Client().get(f"{PAGE}?region={wrong}").status_code == 404
    assert listing.number in body("?page=x") and listing.number not in body("?page=7")


@pytest.mark.parametrize(
    "phone", ["13812345678", "138-1234-5678", "+86 13812345678", "1234567 13812345678", "13812345678转1"]
)
def test_no_mobile_number_is_made_known(cast: Cast, story: Any, phone: str) -> None:
    with pytest.raises(BadInput, match="mobile number") as caught:
        services.list_hazard(
            actor=cast.county, hazard=story.approved(), level="county", **{**LISTING, "leader_phone": phone}
        )
    assert caught.value.column == "leader_phone"


@pytest.mark.parametrize("phone", ["0753-1234567", "010-12345678", "075512345678", "0755-13812345转801", "2200001"])
def test_the_telephone_of_an_office_is(cast: Cast, story: Any, phone: str) -> None:
    listing = services.list_hazard(
        actor=cast.county, hazard=story.approved(), level="county", **{**LISTING, "leader_phone": phone}
    )
    assert listing.leader_phone == phone


def test_a_post_that_says_the_name_is_refused(cast: Cast, story: Any) -> None:
    with pytest.raises(BadInput) as caught:
        services.list_hazard(
            actor=cast.county, hazard=story.approved(), level="county", **{**LISTING, "leader_title": "副县长王五"}
        )
    assert caught.value.column == "leader_title"


@pytest.mark.parametrize("number", ["9" * 5000, "0", "000", "²"])
def test_a_page_there_is_not_is_no_fault(db: None, number: str) -> None:
    assert Client().get(f"{PAGE}?page={number}").status_code == 200


def test_programs_read_the_same_without_a_token_and_are_counted(cast: Cast, story: Any, settings: Any) -> None:
    hazard = story.approved()
    listing = services.list_hazard(
        actor=cast.county, hazard=hazard, level="county", **{**LISTING, "leader_phone": "0753-2200001"}
    )
    told = Client().get("/api/v1/hazards/public").json()
    (row,) = told["items"]
    assert (row["number"], row["level"], row["leader_phone"]) == (listing.number, "county", "0753-2200001")
    assert (row["unit"], row["region_path"], told["total"]) == ("兴安works有限公司", hazard.region_path, 1)
    hidden = (
        LISTING["leader_name"],
        LISTING["reason"],
        hazard.title,
        hazard.description,
        hazard.found_by,
        hazard.number,
    )
    assert not [one for one in hidden if one and one in str(told)]
    assert Client().get("/api/v1/hazards/public?removed=true").json()["items"] == []
    assert Client().get("/api/v1/hazards/public?region=9999").status_code == 404
    assert Client().get("/api/v1/hazards/public?region=%25").status_code == 404
    assert Client().get("/api/v1/hazards/public?page=0").status_code == 422
    settings.LIMITS = {"visitor": 2}
    for address in ("/api/v1/hazards/public", PAGE):
        visitor = Client(REMOTE_ADDR="198.51.100.7" if address == PAGE else "198.51.100.8")
        answers = [visitor.get(address).status_code for _ in range(3)]
        assert answers == [200, 200, 429], address
