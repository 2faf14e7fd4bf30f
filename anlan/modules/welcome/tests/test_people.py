"""The people of a unit: safety manager named and changed, workshops, workers, lost passwords."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.acts import Work
from anlan.kernel.deadlines.models import Deadline
from anlan.kernel.deadlines.services import start
from anlan.kernel.errors import BadInput, NotAllowed, NotFound
from anlan.kernel.identity.actors import actor_for
from anlan.kernel.identity.models import Grant, RecoveryCode, User
from anlan.kernel.identity.services import issue_recovery, recover_password
from anlan.kernel.journal.models import Entry
from anlan.kernel.notify.models import Message
from anlan.modules.welcome import services
from anlan.modules.welcome.tests.conftest import PASSWORD, SYSTEM, City, make_unit, make_user, signed_in

NOBODY = Actor.nobody()
Person: Any = apps.get_model("registry.Person")
Site: Any = apps.get_model("registry.Site")
NEW = "Xin-mima-2027"
Acting = Callable[..., Actor]


@pytest.fixture
def principal(unit: Any) -> Actor:
    """The unit's principal."""
    return actor_for(make_user("unit_principal", holder=unit.holder, name="林小满", username="lin"))


def recover(username: str, code: str, password: str = NEW) -> User:
    user: User = recover_password(actor=NOBODY, username=username, code=code, password=password)
    return user


def test_naming_a_safety_manager(unit: Any, principal: Actor) -> None:
    opened = services.name_safety_manager(
        actor=principal, unit=unit.pk, name="何安全", username="he", phone="13922087641"
    )
    assert Grant.objects.get(user=opened.user).role == "unit_safety"
    assert Person.plain.get(unit=unit, name="何安全").posts.filter(kind="safety_manager", until=None).exists()
    assert not opened.user.has_usable_password()
    assert recover("he", opened.code).check_password(NEW)
    entry = Entry.plain.get(fact_type="welcome.SafetyManagerNamed")
    assert (entry.actor_name, entry.data["name"], entry.data["before"]) == ("林小满", "何安全", "—")
    same = services.name_safety_manager(actor=principal, unit=unit.pk, account=Grant.objects.get(user=opened.user).pk)
    assert same.code == "" and Entry.plain.filter(fact_type="welcome.SafetyManagerNamed").count() == 1


def test_changing_him_moves_his_work(unit: Any, principal: Actor) -> None:
    old = services.name_safety_manager(actor=principal, unit=unit.pk, name="何安全", username="he", phone="13922087641")
    site = Site.plain.get(unit=unit)
    due = start(
        Work(actor=SYSTEM, act="tests"), site, kind="tests.check", label="Rectify", due=clock.today() + dt.timedelta(days=3),
        duty="hazards.rectify", desk_holder=unit.holder, assignee=old.user,
    )  # fmt: skip
    new = services.name_safety_manager(actor=principal, unit=unit.pk, name="吴接任", username="wu", phone="13922087642")
    due.refresh_from_db()
    assert due.assignee == new.user
    assert not actor_for(old.user).grants
    old.user.refresh_from_db()
    assert not old.user.is_active, "he may do nothing else, so his account is closed"
    assert Person.plain.get(unit=unit, name="何安全").posts.filter(kind="safety_manager", until=None).count() == 0
    assert Entry.plain.filter(fact_type="identity.WorkTaken", data__to="吴接任").count() == 1


def test_one_of_the_units_people_becomes_it(unit: Any, principal: Actor) -> None:
    worker = make_user("unit_worker", holder=unit.holder, name="李工")
    grant = Grant.objects.get(user=worker)
    opened = services.name_safety_manager(actor=principal, unit=unit.pk, account=grant.pk)
    assert (opened.user, opened.code) == (worker, "")
    assert set(Grant.objects.filter(user=worker).values_list("role", flat=True)) == {"unit_worker", "unit_safety"}


def test_somebody_who_serves_two_units_keeps_the_other(city: City, unit: Any, principal: Actor) -> None:
    other = make_unit(city.town, 7)
    shared = make_user("unit_safety", holder=unit.holder, name="何安全")
    Grant.objects.create(user=shared, role="unit_safety", holder=other.holder, valid_from=clock.today())
    services.name_safety_manager(actor=principal, unit=unit.pk, name="吴接任", username="wu", phone="13922087642")
    shared.refresh_from_db()
    assert shared.is_active and actor_for(shared).holders == {other.holder}
    with pytest.raises((NotAllowed, NotFound)):
        issue_recovery(actor=principal, user=shared)


def test_workshops_and_workers(unit: Any, principal: Actor) -> None:
    opened = services.open_unit_account(
        actor=principal, unit=unit.pk, name="冲压车间主任", username="chongya", role="unit_workshop", title="冲压车间"
    )
    workshop = actor_for(opened.user)
    assert workshop.may("hazards.report") and workshop.may("hazards.rectify")
    assert not workshop.may("registry.own") and not workshop.may("identity.unit_people")
    for given, column in (
        ({"role": "unit_principal"}, "role"), ({"role": "unit_safety"}, "role"), ({"title": ""}, "title"),
        ({"username": "CHONGYA"}, "username"), ({"name": ""}, "name"),
    ):  # fmt: skip
        with pytest.raises(BadInput) as why:
            services.open_unit_account(
                actor=principal, unit=unit.pk,
                **{"name": "甲", "username": "jia", "role": "unit_workshop", "title": "一车间", **given},
            )  # fmt: skip
        assert why.value.column == column
    grant = Grant.objects.get(user=opened.user)
    with pytest.raises(BadInput):
        services.end_unit_account(actor=principal, grant=grant, reason="")
    services.end_unit_account(actor=principal, grant=grant, reason="车间撤销")
    services.end_unit_account(actor=principal, grant=grant, reason="再按一次")
    opened.user.refresh_from_db()
    assert not opened.user.is_active
    assert Entry.plain.filter(fact_type="identity.GrantEnded").count() == 1


def test_nobody_reaches_above_or_beside_himself(city: City, unit: Any, principal: Actor, acting: Acting) -> None:
    second = make_user("unit_principal", holder=unit.holder)
    foreign = make_unit(city.town, 5)
    theirs = make_user("unit_worker", holder=foreign.holder)
    for user in (second, theirs, make_user("town_officer", city.town)):
        with pytest.raises((NotAllowed, NotFound)):
            issue_recovery(actor=principal, user=user)
    with pytest.raises(NotAllowed):
        services.end_unit_account(actor=principal, grant=Grant.objects.get(user=second), reason="越权")
    with pytest.raises(NotFound):
        services.end_unit_account(actor=principal, grant=Grant.objects.get(user=theirs), reason="越权")
    with pytest.raises(NotFound):
        services.open_unit_account(actor=principal, unit=foreign.pk, name="甲", username="jia", role="unit_worker")
    with pytest.raises(NotFound):
        services.name_safety_manager(actor=principal, unit=foreign.pk, name="甲", username="jia")
    with pytest.raises(BadInput):
        services.name_safety_manager(actor=principal, unit=unit.pk, account=Grant.objects.get(user=theirs).pk)
    for role in ("unit_safety", "unit_worker", "unit_workshop"):
        with pytest.raises(NotAllowed):
            issue_recovery(actor=acting(role, holder=unit.holder), user=theirs)
    with pytest.raises(NotFound):
        issue_recovery(actor=acting("town_officer", city.far_town), user=second)


def test_a_lost_password(officer: Actor, unit: Any) -> None:
    user = make_user("unit_principal", holder=unit.holder, username="lin", password=PASSWORD)
    browser = signed_in(user)
    assert browser.get("/").status_code == 200
    code = issue_recovery(actor=officer, user=user)
    assert Message.objects.filter(user=user, text__contains="issued a code").exists()
    user.refresh_from_db()
    assert user.check_password(PASSWORD), "the present one goes on until the code is used"
    recover("LIN", code.lower())
    user.refresh_from_db()
    assert user.check_password(NEW) and not user.must_change_password
    assert browser.get("/").status_code == 302, "every session ended"
    told = Message.objects.filter(user=user, urgent=True).latest("pk")
    assert told.params["by"] == "周安监"
    assert [e.data["by"] for e in Entry.plain.filter(fact_type="identity.PasswordRecovered")] == ["周安监"]


def test_a_code_is_good_once_for_a_day_and_for_one(officer: Actor, unit: Any) -> None:
    user = make_user("unit_principal", holder=unit.holder, username="lin", password=PASSWORD)
    other = make_user("unit_worker", holder=unit.holder, username="gong", password=PASSWORD)
    first, code = issue_recovery(actor=officer, user=user), issue_recovery(actor=officer, user=user)
    said = set()
    for username, given, later in (("lin", first, 0), ("gong", code, 0), ("lin", "AAAA-BBBB-CCCC", 0), ("lin", code, 25)):
        with pytest.raises(BadInput) as why, clock.moved_to(clock.now() + dt.timedelta(hours=later)):
            recover(username, given)
        said.add((why.value.column, why.value.message))
    assert len(said) == 1
    for password in ("short", PASSWORD):
        with pytest.raises(BadInput) as refused:
            recover("lin", code, password)
        assert refused.value.column == "password"
    recover("lin", code)
    with pytest.raises(BadInput):
        recover("lin", code, "Noch-eins-2028")
    assert RecoveryCode.objects.filter(user=other).count() == 0


def test_the_public_page(officer: Actor, unit: Any) -> None:
    make_user("unit_principal", holder=unit.holder, username="lin", password=PASSWORD)
    user = User.objects.get(username="lin")
    code = issue_recovery(actor=officer, user=user)
    url, fields = reverse("welcome:recover"), {"username": "lin", "password": NEW, "again": NEW}
    assert Client().get(url).status_code == 200
    for _ in range(5):
        assert Client().post(url, {**fields, "code": "AAAA-BBBB-CCCC"}).status_code == 422
    assert Client().post(url, {**fields, "code": "AAAA-BBBB-CCCC"}).status_code == 429
    assert Client().post(url, {**fields, "code": code}).status_code == 200
    user.refresh_from_db()
    assert user.check_password(NEW)


def test_on_the_screen(unit: Any, principal: Actor) -> None:
    client = signed_in(User.objects.get(username="lin"))
    form = client.get(reverse("welcome:open-account")).content.decode()
    key = form.split('name="key" value="')[1].split('"')[0]
    slip = client.post(
        reverse("welcome:open-account"),
        {"key": key, "unit": unit.pk, "role": "unit_workshop", "title": "冲压车间", "name": "孙主任", "username": "sun"},
    )
    assert slip.status_code == 200 and slip["Cache-Control"] == "no-store"
    text = slip.content.decode()
    code = text.split('id="slip-secret">')[1].split("<")[0]
    assert "<svg" in text and "style=" not in text
    assert recover("sun", code).name == "孙主任"
    listed = client.get(reverse("welcome:people")).content.decode()
    assert "孙主任" in listed and "冲压车间" in listed
    grant = Grant.objects.get(user__username="sun")
    page = client.get(reverse("welcome:account", args=[grant.pk])).content.decode()
    assert reverse("welcome:recovery", args=[grant.pk]) in page
    own = Grant.objects.get(user__username="lin")
    assert reverse("welcome:recovery", args=[own.pk]) not in client.get(reverse("welcome:account", args=[own.pk])).content.decode()
    assert client.get(reverse("welcome:recovery", args=[own.pk])).status_code == 404
    assert Deadline.plain.count() == 0
