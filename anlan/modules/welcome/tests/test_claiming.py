"""Claiming a file by its code: once, by one, and the same answer to everything that is wrong."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import BadInput, BadInputs, Refused
from anlan.kernel.identity.actors import actor_for
from anlan.kernel.identity.models import CodeTry, Grant, User
from anlan.kernel.journal.models import Entry
from anlan.kernel.notify.models import Message
from anlan.modules.welcome import services
from anlan.modules.welcome.models import Invitation
from anlan.modules.welcome.tests.conftest import PASSWORD, City, make_city, make_unit, make_user, of_registry

NOBODY = Actor.nobody()
Person: Any = apps.get_model("registry.Person")


def claim(code: str, number: str, **given: str) -> User:
    fields = {"name": "林小满", "phone": "13800138001", "username": "lin", "password": PASSWORD, **given}
    user: User = services.claim_unit(actor=NOBODY, code=code, number=number, **fields)
    return user


@pytest.fixture
def slip(officer: Actor, unit: Any) -> services.Slip:
    """An invitation in hand."""
    found: services.Slip = services.invite_units(actor=officer, units=[unit.pk]).slips[0]
    return found


def test_a_claim(officer: Actor, unit: Any, slip: services.Slip) -> None:
    user = claim(slip.code.lower().replace("-", " "), f" {unit.uscc.lower()} ")
    row = Invitation.plain.get()
    assert (row.state, row.claimed_by) == ("claimed", user)
    grant = Grant.objects.get(user=user)
    assert (grant.role, grant.holder, grant.kind) == ("unit_principal", unit.holder, "unit")
    assert user.check_password(PASSWORD) and not user.must_change_password and user.region_path == unit.region_path
    person = Person.plain.get(unit=unit, name="林小满")
    assert person.has_phone and person.posts.filter(kind="principal", until=None).count() == 1
    seen = of_registry("unmask_person")(actor=officer, person=person, reason="核对电话", fields=("phone",))
    assert seen.phone == "13800138001"
    entry = Entry.plain.get(fact_type="welcome.UnitClaimed")
    assert (entry.data["by"], entry.data["username"]) == ("林小满", "lin")
    assert Message.objects.filter(user=officer.user_id, text__contains="claimed its file").exists()
    assert actor_for(user).may("registry.own", unit)


def test_somebody_else_than_the_file_says(unit: Any, slip: services.Slip) -> None:
    claim(slip.code, unit.uscc, name="赵新任", phone="13900139000")
    assert set(Person.plain.filter(unit=unit).values_list("name", flat=True)) == {"林小满", "赵新任"}


def answers(unit: Any, code: str, **given: str) -> str:
    with pytest.raises(BadInput) as why:
        claim(code, given.pop("number", unit.uscc), **given)
    assert why.value.column == "code"
    assert not User.objects.filter(username="lin").exists()
    return why.value.message


def test_the_same_answer_to_all_that_is_wrong(officer: Actor, unit: Any, slip: services.Slip, city: City) -> None:
    other = make_unit(city.town, 9)
    said = {answers(unit, "ABCD-EFGH-JKMN"), answers(unit, ""), answers(unit, slip.code, number=other.uscc)}
    with clock.moved_to(clock.now() + dt.timedelta(days=31)):
        said.add(answers(unit, slip.code))
    (fresh,) = services.renew_invitations(actor=officer, invitations=[slip.invitation]).slips
    said.add(answers(unit, slip.code))
    services.revoke_invitation(actor=officer, invitation=slip.invitation, reason="撤销")
    said.add(answers(unit, fresh.code))
    assert len(said) == 1


def test_on_its_last_day_it_still_opens(unit: Any, slip: services.Slip) -> None:
    with clock.moved_to(slip.until - dt.timedelta(minutes=1)):
        assert claim(slip.code, unit.uscc).username == "lin"


def test_once(unit: Any, slip: services.Slip) -> None:
    claim(slip.code, unit.uscc)
    with pytest.raises(BadInput):
        claim(slip.code, unit.uscc, username="lin2")
    assert Grant.objects.filter(holder=unit.holder).count() == 1


def test_a_unit_that_got_its_principal_otherwise(unit: Any, slip: services.Slip) -> None:
    make_user("unit_principal", holder=unit.holder)
    answers(unit, slip.code)


@pytest.mark.parametrize(
    ("given", "column"),
    [
        ({"password": "short"}, "password"),
        ({"password": "1234567890"}, "password"),
        ({"username": "a b"}, "username"),
        ({"username": "OFFICER"}, "username"),
        ({"name": " "}, "name"),
        ({"phone": ""}, "phone"),
        ({"phone": "12"}, "phone"),
    ],
)
def test_bad_input_names_the_field_and_burns_nothing(
    unit: Any, slip: services.Slip, given: dict[str, str], column: str
) -> None:
    with pytest.raises((BadInput, BadInputs)) as why:
        claim(slip.code, unit.uscc, **given)
    columns = set(why.value.by_column) if isinstance(why.value, BadInputs) else {why.value.column}
    assert columns == {column}
    assert Invitation.plain.get().state == "open"
    assert claim(slip.code, unit.uscc).username == "lin"


FIELDS = {"name": "林小满", "phone": "13800138001", "username": "lin", "password": PASSWORD, "again": PASSWORD}


def post(slip: services.Slip, unit: Any, **given: str) -> Any:
    return Client().post(reverse("welcome:claim"), {**FIELDS, "code": slip.code, "number": unit.uscc, **given})


def test_the_public_page(unit: Any, slip: services.Slip) -> None:
    page = Client().get(reverse("welcome:claim-code", args=[slip.code]), follow=True)
    assert page.redirect_chain == [(reverse("welcome:claim"), 302)], "the code leaves the address at once"
    text = page.content.decode()
    assert page.status_code == 200 and slip.code in text and unit.name not in text
    assert "no-store" in page["Cache-Control"]
    bad = post(slip, unit, again="anders-2026")
    assert bad.status_code == 422 and PASSWORD not in bad.content.decode()
    done = post(slip, unit)
    assert done.status_code == 200 and "lin" in done.content.decode()
    entered = Client().post(reverse("account_login"), {"login": "lin", "password": PASSWORD})
    assert entered.status_code == 302
    again = post(slip, unit, username="lin2")
    assert again.status_code == 422
    assert Invitation.plain.get().claimed_by.username == "lin"


def test_the_page_is_throttled_by_code(unit: Any, slip: services.Slip) -> None:
    for _ in range(5):
        assert post(slip, unit, number="91000000000000000X").status_code == 422
    locked = post(slip, unit)
    assert locked.status_code == 429 and locked["Retry-After"] == "900"
    with clock.moved_to(clock.now() + dt.timedelta(minutes=16)):
        assert post(slip, unit).status_code == 200


def test_the_page_is_throttled_by_address(unit: Any, slip: services.Slip) -> None:
    for number in range(20):
        wrong = services.Slip(0, "", "", f"AAAA-BBBB-{number:04d}", None)
        assert post(wrong, unit).status_code == 422
    assert post(slip, unit).status_code == 429
    elsewhere = Client(REMOTE_ADDR="10.9.8.7").post(
        reverse("welcome:claim"), {**FIELDS, "code": slip.code, "number": unit.uscc}
    )
    assert elsewhere.status_code == 200
    assert not CodeTry.objects.filter(address__contains=".").exists(), "no address is kept in the clear"


def test_a_code_on_its_way_lies_in_no_address_and_no_readable_cookie(unit: Any, slip: services.Slip) -> None:
    phone = Client()
    scanned = phone.get(reverse("welcome:claim-code", args=[slip.code]))
    assert slip.code not in scanned["Location"] and scanned["Referrer-Policy"] == "same-origin"
    cookie = scanned.cookies["anlan_claim"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["path"] == reverse("welcome:claim")
    assert int(cookie["max-age"]) == 600
    assert slip.code in phone.get(reverse("welcome:claim")).content.decode()
    assert slip.code not in phone.get(reverse("welcome:claim")).content.decode(), "shown once, then gone"
    forged = Client()
    forged.cookies["anlan_claim"] = f"{slip.code}:forged"
    assert slip.code not in forged.get(reverse("welcome:claim")).content.decode()


def test_a_unit_is_throttled_from_wherever_it_is_tried(unit: Any, slip: services.Slip, settings: Any) -> None:
    settings.LIMITS = {"codes.name": 3}
    for number in range(3):
        answer = Client(REMOTE_ADDR=f"10.0.0.{number}").post(
            reverse("welcome:claim"), {**FIELDS, "code": f"AAAA-BBBB-{number:04d}", "number": unit.uscc}
        )
        assert answer.status_code == 422
    shut = Client(REMOTE_ADDR="10.0.0.9").post(reverse("welcome:claim"), {**FIELDS, "code": slip.code, "number": unit.uscc})
    assert shut.status_code == 429 and 0 < int(shut["Retry-After"]) <= 3600


def test_bytes_that_cannot_be_stored(unit: Any, slip: services.Slip) -> None:
    assert post(slip, unit, name="林\x00满").status_code == 422
    assert Client().put(reverse("welcome:claim")).status_code == 405


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_wins() -> None:
    city = make_city()
    officer = actor_for(make_user("town_officer", city.town, username="officer"))
    unit = make_unit(city.town, 1)
    (slip,) = services.invite_units(actor=officer, units=[unit.pk]).slips
    gate, outcomes = threading.Barrier(2), []

    def run(number: int) -> None:
        try:
            gate.wait(10)
            outcomes.append(claim(slip.code, unit.uscc, username=f"lin{number}"))
        except Refused as why:
            outcomes.append(why)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    won = [o for o in outcomes if isinstance(o, User)]
    lost = [o for o in outcomes if isinstance(o, BadInput) and o.column == "code"]
    assert (len(won), len(lost)) == (1, 1), outcomes
    assert User.objects.filter(username__startswith="lin").count() == 1
    assert Invitation.plain.get().claimed_by == won[0]
