"""Breaking the glass: by the page, by the API and from the machine; for hours, told to others, ended by another."""

from __future__ import annotations

import argparse
import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from anlan.kernel import clock
from anlan.kernel.identity.actors import actor_for
from anlan.kernel.identity.models import Grant, GrantKind, User
from anlan.kernel.identity.services import give_grant
from anlan.kernel.journal.models import Entry
from anlan.kernel.notify.models import Message
from anlan.modules.hazards.services import assess_general
from anlan.runtime.commands import admin
from tests.cast import SYSTEM, Cast, signed_in

pytestmark = pytest.mark.django_db
REASON = "化工园区爆炸，须立即调阅全部隐患"


@pytest.fixture
def other(world: Cast) -> User:
    """A second administrator of the same county."""
    user = User.objects.create_user("second-admin", None, name="另一管理员", region_path=world.here.region.path)
    give_grant(actor=SYSTEM, user=user, role="administrator", region=world.here.region)
    return user


def told(user: User) -> bool:
    return Message.objects.filter(user=user, urgent=True, text__contains="emergency authority").exists()


def test_by_the_page(world: Cast, other: User) -> None:
    rescuer = world.here.of_role("administrator")
    browser, hazards = signed_in(rescuer), reverse("hazards:list")
    assert browser.get(hazards).status_code == 403, "an administrator sees no hazards"
    page = browser.get(reverse("office:glass"))
    key = page.context["form"]["key"].value()
    sent = {"key": key, "region": world.here.region.pk, "role": "county_officer", "hours": "2", "reason": REASON}
    short = browser.post(reverse("office:glass"), {**sent, "reason": "急"})
    assert short.status_code in (200, 422) and not Grant.objects.filter(kind=GrantKind.EMERGENCY).exists()
    for value in (world.here.region.path, world.here.region.pk, world.here.region.code):
        answer = browser.post(reverse("office:glass"), {**sent, "region": value})
        if answer.status_code == 302:
            break
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    assert browser.get(hazards).status_code == 200
    assert told(other) and not told(rescuer)
    entry = Entry.plain.filter(fact_type="identity.GlassBroken").get()
    assert entry.data["reason"] == REASON and entry.actor_key == f"user:{rescuer.pk}"
    with clock.moved_to(clock.now() + dt.timedelta(hours=2, minutes=1)):
        assert signed_in(rescuer).get(hazards).status_code == 403, "it ends by itself"
    grant = Grant.objects.get(kind=GrantKind.EMERGENCY)
    ended = signed_in(other).post(reverse("office:end", args=[grant.pk]), {"reason": "情况已解除", "key": "k" * 12})
    assert ended.status_code == 302, "anybody else who may give authorities ends it at once"
    assert browser.get(hazards).status_code == 403


def test_by_the_api_only_in_person(world: Cast, other: User) -> None:
    browser = signed_in(world.here.of_role("administrator"))
    sent = {"region": world.here.region.code, "role": "county_officer", "hours": 1, "reason": REASON}
    answer = browser.post("/api/v1/office/authorities/emergency", sent, content_type="application/json")
    assert answer.status_code == 200, answer.content
    assert told(other)
    there = {**sent, "region": world.there.region.code}
    far = browser.post("/api/v1/office/authorities/emergency", there, content_type="application/json")
    assert far.status_code in (403, 404, 422)


def test_whoever_watches_over_authorities_is_told_and_reads_it(world: Cast, other: User) -> None:
    auditor = world.here.of_role("auditor")
    above, far = (
        User.objects.create_user(name, None, name=name, region_path=region.path)
        for name, region in (("auditor-above", world.city), ("auditor-far", world.there.region))
    )
    for user, region in ((above, world.city), (far, world.there.region)):
        give_grant(actor=SYSTEM, user=user, role="auditor", region=region)
    sent = {"region": world.here.region.code, "role": "county_officer", "hours": 2, "reason": REASON}
    rescuer = signed_in(world.here.of_role("administrator"))
    assert rescuer.post("/api/v1/office/authorities/emergency", sent, content_type="application/json").status_code == 200
    assert told(auditor) and told(above) and told(other) and not told(far)
    browser = signed_in(auditor)
    assert REASON in browser.get(reverse("ui:inbox")).content.decode()
    assert REASON in browser.get(f"{reverse('office:grants')}?kind=emergency").content.decode()
    assert REASON in browser.get(reverse("office:journal")).content.decode()
    assert REASON not in signed_in(far).get(reverse("office:journal")).content.decode()


def test_it_reaches_no_further_and_what_is_done_by_it_says_who_did_it(world: Cast, other: User) -> None:
    rescuer = world.here.of_role("administrator")
    sent = {"region": world.here.region.code, "role": "county_officer", "hours": 2, "reason": REASON}
    browser = signed_in(rescuer)
    taken = browser.post("/api/v1/office/authorities/emergency", sent, content_type="application/json")
    assert taken.status_code == 200
    near, far = (
        next(h for h in county.hazards.values() if h.state == "registered") for county in (world.here, world.there)
    )
    assert browser.get(reverse("hazards:record", args=[near.pk])).status_code == 200
    assert browser.get(reverse("hazards:record", args=[far.pk])).status_code == 404
    assert far.number not in browser.get(f"{reverse('hazards:list')}?all=1").content.decode()
    assess_general(actor=actor_for(rescuer), hazard=near)
    entry = Entry.plain.filter(subject_type="hazards.hazard", subject_id=str(near.pk)).order_by("-id").first()
    assert entry is not None and (entry.actor_key, entry.actor_name) == (f"user:{rescuer.pk}", rescuer.name)
    until = Grant.objects.get(kind=GrantKind.EMERGENCY).expires_at
    assert until is not None
    with clock.moved_to(until - dt.timedelta(seconds=1)):
        assert actor_for(rescuer).may("hazards.order", near)
    with clock.moved_to(until):
        assert not actor_for(rescuer).may("hazards.order", near), "to the second"
        assert not actor_for(rescuer).may("hazards.view")


def run(**given: Any) -> int:
    return admin.handle(argparse.Namespace(**{"name": None, "emergency": None, "reason": "", **given}))


def test_from_the_machine(world: Cast, other: User, capsys: pytest.CaptureFixture[str]) -> None:
    region = world.here.region.name
    assert run(username="rescuer", region=region) == 2, "where there is an administrator he opens the accounts"
    assert "--emergency" in capsys.readouterr().err
    assert run(username="rescuer", region=region, emergency=3, reason="短") == 2
    assert run(username="rescuer", region=region, emergency=25, reason=REASON) == 2
    assert not User.objects.filter(username="rescuer").exists(), "a refusal leaves nothing"
    capsys.readouterr()
    assert run(username="rescuer", region=region, emergency=3, reason=REASON) == 0
    secret = capsys.readouterr().out.rsplit(" ", 1)[-1].strip()
    user = User.objects.get(username="rescuer")
    assert user.check_password(secret) and user.must_change_password
    grant = Grant.objects.get(user=user)
    assert (grant.kind, grant.role) == ("emergency", "administrator")
    assert grant.expires_at is not None and grant.expires_at - clock.now() <= dt.timedelta(hours=3)
    assert told(other)
    assert Entry.plain.filter(fact_type="identity.GlassBroken").exclude(actor_key__startswith="user:").exists()
    assert run(username="rescuer", region=region, emergency=3, reason=REASON) == 0, "again: the same authority, a new password"
    assert Grant.objects.filter(user=user).count() == 1


def test_the_first_administrator(world: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    Grant.objects.filter(role="administrator").delete()
    assert run(username="first", region=world.here.region.name) == 0
    assert Grant.objects.get(user__username="first").expires_at is None
