"""Invitations by short message: with a gateway only, a code of their own, nothing kept of it."""

from __future__ import annotations

import re
import types
from typing import Any

import pytest
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from anlan.kernel.actor import Actor
from anlan.kernel.errors import BadInput, NotFound, WrongStep
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


@pytest.fixture
def round_of_four(city: City, officer: Actor, unit: Any) -> services.Outcome:
    """A round: two units with a telephone, one without, one that has claimed its file meanwhile."""
    phones = {2: "13800138002", 4: "13800138004"}
    more = [
        make_unit(city.town, n, **({"principal": f"负责人{n}", "principal_phone": phones[n]} if n in phones else {}))
        for n in (2, 3, 4)
    ]
    outcome = services.invite_units(actor=officer, units=[unit.pk, *(u.pk for u in more)])
    services.claim_unit(
        actor=Actor.nobody(), code=outcome.slips[3].code, number=more[2].uscc, name="负责人4", phone="13800138004",
        username="four", password=PASSWORD,
    )  # fmt: skip
    return outcome


def waiting() -> list[int]:
    """The invitations for which a job waits, in their order."""
    jobs = ProcrastinateJob.objects.filter(task_name="welcome.message").order_by("pk")
    return [job.args["invitation"] for job in jobs]


def test_many_at_once_each_with_its_outcome_and_nothing_twice(
    officer: Actor, round_of_four: services.Outcome, box: Box
) -> None:
    first, second, silent, claimed = (s.invitation for s in round_of_four.slips)
    keys = [first, second, silent, claimed]
    told = services.send_invitations(actor=officer, invitations=keys)
    assert told.queued == ["龙田五金厂", "第2五金厂"] and waiting() == [first, second]
    assert [(t.given.split()[0], t.why) for t in told.left] == [
        ("第3五金厂", "No telephone of the unit's principal is on file."),
        ("第4五金厂", "The unit has claimed its file already."),
    ]
    again = services.send_invitations(actor=officer, invitations=keys)
    assert again.queued == [] and waiting() == [first, second]
    assert [t.why for t in again.left][:2] == ["It waits to be sent already."] * 2
    for key in waiting():
        work(key)
    assert sorted(phone for phone, _text in box.sent) == ["13800138001", "13800138002"]
    sent = services.send_invitations(actor=officer, invitations=keys)
    assert sent.queued == [] and [t.why.split(" on ")[0] for t in sent.left][:2] == ["It was sent already"] * 2
    assert len(box.sent) == 2 and Entry.plain.filter(fact_type="welcome.MessageQueued").count() == 2


def test_a_whole_round_and_what_failed_again(officer: Actor, round_of_four: services.Outcome, box: Box) -> None:
    told = services.send_invitations(actor=officer, round=round_of_four.round)
    assert len(told.queued) == 2 and len(told.left) == 1, "who has claimed is not written to"
    box.refuses = True
    work(waiting()[0], attempts=tasks.MOST_TRIES - 1)
    box.refuses = False
    work(waiting()[1])
    again = services.send_invitations(actor=officer, round=round_of_four.round)
    assert again.queued == ["龙田五金厂"], "what failed is tried again, what was sent is not"
    entry = Entry.plain.filter(fact_type="welcome.RoundSent").latest("pk")
    assert entry.data == {"queued": 1, "left": 2} and entry.subject_id == str(round_of_four.round)
    page = signed_in(User.objects.get(username="officer")).get(reverse("welcome:round", args=[round_of_four.round]))
    assert "待发送 1、已发送 1" in page.content.decode()


def test_only_ones_own_and_only_with_a_gateway(
    city: City, officer: Actor, round_of_four: services.Outcome, box: Box, settings: Any, acting: Any
) -> None:
    keys = [s.invitation for s in round_of_four.slips]
    stranger = acting("town_officer", city.far_town)
    for given in ({"invitations": keys[:1]}, {"round": round_of_four.round}, {"invitations": [keys[0], 0]}):
        with pytest.raises(NotFound):
            services.send_invitations(actor=stranger, **given)
    with pytest.raises(NotFound):
        services.send_invitations(actor=officer, invitations=[keys[0], 0])
    settings.SMS_URL = ""
    with pytest.raises(BadInput) as why:
        services.send_invitations(actor=officer, invitations=keys)
    assert why.value.column == "gateway" and waiting() == []


def test_the_button_of_the_list_and_of_the_round(
    officer: Actor, round_of_four: services.Outcome, box: Box, settings: Any
) -> None:
    client, keys = signed_in(User.objects.get(username="officer")), [s.invitation for s in round_of_four.slips]
    bulk, whole = reverse("welcome:invitations-bulk", args=["send"]), reverse("welcome:send-round", args=[round_of_four.round])
    assert bulk in client.get(reverse("welcome:invitations")).content.decode()
    asked = client.post(bulk, {"ids": keys[:3]})
    sent = {"ids": keys[:3], "confirmed": "1", "key": asked.context["form"]["key"].value()}
    for _click in range(2):
        done = client.post(bulk, sent)
        said = done.content.decode()
        assert done.status_code == 200 and "2 条短信正在发送" in said and "第3五金厂" in said
    assert waiting() == keys[:2], "a second click of the same form sends nothing more"
    nothing = client.post(whole, {"key": "whole"}).content.decode()
    assert "没有发送短信" in nothing and "已在等待发送" in nothing
    settings.SMS_URL = ""
    for page in (client.post(bulk, {"ids": keys[:3]}), client.get(whole)):
        said = page.content.decode()
        assert "未配置短信网关" in said and page.status_code == 200
        main = said.split("<main", 1)[1].split("</main>")[0]
        assert 'type="submit"' not in main, "nothing to press, and the reason why"
    refused = client.post(bulk, {**sent, "key": "another"})
    assert refused.status_code == 422 and "未配置短信网关" in refused.content.decode()


def test_many_by_the_api(officer: Actor, round_of_four: services.Outcome, box: Box) -> None:
    client = signed_in(User.objects.get(username="officer"))
    answer = client.post(
        "/api/v1/welcome/invitations/messages", {"round": round_of_four.round}, content_type="application/json"
    )
    said = answer.json()
    assert answer.status_code == 200 and said["queued"] == ["龙田五金厂", "第2五金厂"]
    assert said["round"] == round_of_four.round and [r["why"] for r in said["left"]] == ["档案中无企业主要负责人电话。"]
