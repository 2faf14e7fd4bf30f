"""Too many requests: counted for the account, told with the time to wait, in a page, over a page and by the API."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from anlan.kernel.limits.declared import DECLARED
from tests.cast import Cast, picture, signed_in, token_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def few(settings: Any) -> None:
    """Limits small enough to be reached."""
    settings.LIMITS = dict.fromkeys(DECLARED, 2)


def statuses(client: Client, address: str, times: int = 3) -> list[int]:
    return [client.get(address).status_code for _ in range(times)]


def test_searches_and_ledgers_of_one_account(world: Cast) -> None:
    officer, colleague = signed_in(world.here.of_role("county_officer")), signed_in(world.here.of_role("town_officer"))
    assert statuses(officer, "/search/?q=机械") == [200, 200, 429]
    assert colleague.get("/search/?q=机械").status_code == 200, "two people behind one address are counted apart"
    assert officer.get("/").status_code == 200, "work goes on: only searching rests"
    assert statuses(officer, reverse("hazards:list-export")) == [200, 200, 429]


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "秒后再试"), ("en", "try again in")])
def test_what_the_reader_is_told(world: Cast, language: str, said: str) -> None:
    officer = signed_in(world.here.of_role("county_officer"))
    officer.cookies["anlan_language"] = language
    statuses(officer, "/search/?q=x", 2)
    page = officer.get("/search/?q=x")
    over = officer.get("/search/?q=x", headers={"HX-Request": "true"})
    for answer in (page, over):
        assert answer.status_code == 429 and said in answer.content.decode()
        assert 0 < int(answer["Retry-After"]) <= 60
    assert "<html" in page.content.decode()
    assert over["HX-Retarget"] == "#toasts" and "<html" not in over.content.decode()


def test_the_api_answers_with_a_problem(world: Cast) -> None:
    secret = token_of(world.here.of_role("county_officer"))
    caller = Client(headers={"Authorization": f"Bearer {secret}"})
    assert statuses(caller, "/api/v1/hazards/", 2)[-1] != 429
    answer = caller.get("/api/v1/hazards/")
    assert answer.status_code == 429
    assert answer["Content-Type"] == "application/problem+json"
    assert 0 < int(answer["Retry-After"]) <= 60
    body = answer.json()
    assert (body["status"], body["code"]) == (429, "TooMany") and body["title"] and str(answer["Retry-After"]) in body["detail"]
    other = Client(headers={"Authorization": f"Bearer {token_of(world.here.of_role('county_officer'))}"})
    assert other.get("/api/v1/hazards/").status_code != 429, "each token is counted by itself"


def test_guessed_tokens_are_counted_by_address(world: Cast) -> None:
    def guess(number: int, address: str = "192.0.2.1") -> int:
        headers = {"Authorization": f"Bearer anlan_guess{number}"}
        return Client(REMOTE_ADDR=address, headers=headers).get("/api/v1/hazards/").status_code

    assert [guess(n) for n in range(3)] == [401, 401, 429]
    assert guess(9, "192.0.2.2") == 401
    good = Client(REMOTE_ADDR="192.0.2.1", headers={"Authorization": f"Bearer {token_of(world.here.of_role('auditor'))}"})
    assert good.get("/api/v1/hazards/").status_code != 429, "a right token is never counted there"


def test_uploads_of_one_account(world: Cast) -> None:
    worker = signed_in(world.here.of_role("grid_worker"))
    answers = [worker.post(reverse("hazards:find"), {"photos": picture()}).status_code for _ in range(3)]
    assert answers[:2] != [429, 429] and answers[2] == 429


def test_files_begun_in_pieces_are_counted(world: Cast, settings: Any, tmp_path: Any) -> None:
    settings.FILES_ROOT = tmp_path
    settings.LIMITS = {"sent_up": 2}
    token = {"Authorization": f"Bearer {token_of(world.here.of_role('grid_worker'))}"}
    tus = {**token, "Tus-Resumable": "1.0.0"}
    begun = [Client().post("/api/v1/uploads/", headers={**tus, "Upload-Length": "5"}) for _ in range(3)]
    assert [answer.status_code for answer in begun] == [201, 201, 429]
    assert int(begun[2]["Retry-After"]) > 0 and begun[2]["Content-Type"].startswith("application/problem+json")
    part = Client().generic(
        "PATCH", begun[0]["Location"], b"12345", "application/offset+octet-stream", headers={**tus, "Upload-Offset": "0"}
    )
    assert part.status_code == 204, "what is under way goes on"
    for answer in (*begun, part):
        assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "no-store")


def test_numbers_in_full(world: Cast, settings: Any) -> None:
    officer = signed_in(world.here.of_role("county_officer"))
    address = f"/api/v1/registry/people/{world.here.person.pk}/unmask"
    sent = {"reason": "核实身份信息", "fields": ["phone"]}
    answers = [officer.post(address, sent, content_type="application/json").status_code for _ in range(2)]
    assert answers == [200, 200]
    settings.LIMITS = {"unmask": 2}  # the calls themselves were counted as well
    assert officer.post(address, sent, content_type="application/json").status_code == 429


@pytest.mark.parametrize("address", ["/search/?q=a%00b", "/ui/regions/?under=%00", "/hazards/?q=%00", "/api/v1/hazards/?region=%00"])
def test_what_no_text_can_hold_is_refused(world: Cast, address: str, settings: Any) -> None:
    settings.LIMITS = {}
    answer = signed_in(world.here.of_role("county_officer")).get(address)
    assert answer.status_code == 400
    assert ("json" in answer["Content-Type"]) == address.startswith("/api/")


def test_a_width_that_is_no_number(world: Cast, settings: Any) -> None:
    settings.LIMITS = {}
    stored = world.here.files[0]
    for width in ("²", "١٢", "9" * 40, "-1", "x"):
        answer = signed_in(world.here.of_role("county_officer")).get(f"/files/{stored.pk}", {"w": width})
        assert answer.status_code == 200, width
