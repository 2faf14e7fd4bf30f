"""Invitations by short message: with a gateway only, a code of their own, nothing kept of it."""

from __future__ import annotations

import re
import types
from typing import Any

import pytest
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from anlan.kernel.actor import Actor
from anlan.kernel.errors import BadInput, WrongStep
from anlan.kernel.identity.models import User
from anlan.kernel.identity.secrets import index_of
from anlan.kernel.journal.models import Entry
from anlan.kernel.notify.gateway import NotSent
from anlan.modules.welcome import services, tasks
from anlan.modules.welcome.models import Invitation
from anlan.modules.welcome.tests.conftest import PASSWORD, City, make_unit, signed_in


class Box:
    """A gateway that keeps what it was given."""

    def __init__(self, *, refuses: bool = False) -> None:
        self.sent: list[tuple[str, str]] = []
        self.refuses = refuses

    def send(self, phone: str, text: str) -> None:
        if self.refuses:
            raise NotSent("the gateway answered 500")
        self.sent.append((phone, text))


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Box:
    """The gateway in the place of the real one."""
    settings.SMS_URL = "https://sms.example.org/"
    made = Box()
    monkeypatch.setattr(tasks, "gateway", lambda: made)
    return made


def work(invitation: int, attempts: int = 0) -> None:
    tasks.send_message.func(types.SimpleNamespace(job=types.SimpleNamespace(attempts=attempts)), invitation=invitation)


@pytest.fixture
def slip(officer: Actor, unit: Any) -> services.Slip:
    """An invitation in hand."""
    found: services.Slip = services.invite_units(actor=officer, units=[unit.pk]).slips[0]
    return found


def test_without_a_gateway_nothing_is_offered(officer: Actor, slip: services.Slip, settings: Any) -> None:
    settings.SMS_URL = ""
    with pytest.raises(BadInput) as why:
        services.send_invitation(actor=officer, invitation=slip.invitation)
    assert why.value.column == "gateway"
    page = signed_in(User.objects.get(username="officer")).get(reverse("welcome:invitation", args=[slip.invitation]))
    assert reverse("welcome:send", args=[slip.invitation]) not in page.content.decode()


def test_sent_with_a_code_of_its_own(officer: Actor, unit: Any, slip: services.Slip, box: Box) -> None:
    client = signed_in(User.objects.get(username="officer"))
    url = reverse("welcome:send", args=[slip.invitation])
    assert url in client.get(reverse("welcome:invitation", args=[slip.invitation])).content.decode()
    services.send_invitation(actor=officer, invitation=slip.invitation)
    services.send_invitation(actor=officer, invitation=slip.invitation)
    (job,) = ProcrastinateJob.objects.filter(task_name="welcome.message")
    assert job.args == {"invitation": slip.invitation}, "no code, no number waits in the queue"
    work(slip.invitation)
    work(slip.invitation)
    ((phone, text),) = box.sent
    row = Invitation.plain.get()
    assert phone == "13800138001" and "龙田五金厂" in text and row.message == "sent"
    found = re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}", text)
    assert found
    code = found[0]
    assert row.message_index == index_of("invitation", code) and code != slip.code
    assert Entry.plain.filter(fact_type="registry.PersonUnmasked").count() == 1
    user = services.claim_unit(
        actor=Actor.nobody(), code=code, number=unit.uscc, name="林小满", phone="13800138001", username="lin",
        password=PASSWORD,
    )  # fmt: skip
    with pytest.raises(BadInput):
        services.claim_unit(
            actor=Actor.nobody(), code=slip.code, number=unit.uscc, name="甲", phone="13800138001", username="jia",
            password=PASSWORD,
        )  # fmt: skip
    assert Invitation.plain.get().claimed_by == user


def test_a_gateway_that_refuses_is_tried_again_and_then_told(officer: Actor, slip: services.Slip, box: Box) -> None:
    services.send_invitation(actor=officer, invitation=slip.invitation)
    box.refuses = True
    with pytest.raises(NotSent):
        work(slip.invitation)
    assert Invitation.plain.get().message == "queued"
    work(slip.invitation, attempts=tasks.MOST_TRIES - 1)
    assert Invitation.plain.get().message == "failed"
    assert Entry.plain.filter(fact_type="welcome.MessageFailed").count() == 1


def test_without_a_telephone(city: City, officer: Actor, box: Box) -> None:
    unit = make_unit(city.town, 3)
    (slip,) = services.invite_units(actor=officer, units=[unit.pk]).slips
    services.send_invitation(actor=officer, invitation=slip.invitation)
    work(slip.invitation)
    assert box.sent == [] and Invitation.plain.get().message == "failed"


def test_what_was_revoked_meanwhile_is_not_sent(officer: Actor, slip: services.Slip, box: Box) -> None:
    services.send_invitation(actor=officer, invitation=slip.invitation)
    services.revoke_invitation(actor=officer, invitation=slip.invitation, reason="撤销")
    work(slip.invitation)
    assert box.sent == []
    with pytest.raises(WrongStep):
        services.send_invitation(actor=officer, invitation=slip.invitation)
