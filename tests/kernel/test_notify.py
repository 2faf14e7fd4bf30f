"""Messages: into the inbox with the act, into the mail by a job of its own."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core import mail
from procrastinate.contrib.django.models import ProcrastinateJob

from anlan.kernel.actor import Actor
from anlan.kernel.clock import moved_to, now
from anlan.kernel.errors import NotFound
from anlan.kernel.identity.actors import actor_for
from anlan.kernel.identity.models import User
from anlan.kernel.notify.models import Message
from anlan.kernel.notify.services import inbox, read_messages, tell, unread_count
from anlan.kernel.notify.tasks import send_mail_for
from tests.kernel.conftest import City, make_person

TEXT = "%(what)s is due by %(due)s: %(title)s"
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def user(city: City) -> User:
    return make_person("worker", city.a1, email="zhang@example.org")


def _mail(message: Message) -> None:
    send_mail_for.func(message_id=message.pk)


def test_each_person_once(user: User) -> None:
    closed = make_person(is_active=False)
    messages = tell([user, user, closed], TEXT, what="Fix", due="2026-06-01", title="漏电")
    assert [m.user for m in messages] == [user]
    assert unread_count(actor_for(user)) == 1
    assert unread_count(Actor.nobody()) == 0
    assert not inbox(Actor.nobody()).exists()


def test_peace_for_a_while_about_one_record(user: User, city: City) -> None:
    for subject, expected in ((city.a, 1), (city.a, 0), (city.b, 1)):
        assert len(tell([user], TEXT, subject=subject, quiet_for=HOUR, what="w", due="d", title="t")) == expected
    with moved_to(now() + 2 * HOUR):
        assert len(tell([user], TEXT, subject=city.a, quiet_for=HOUR, what="w", due="d", title="t")) == 1


def test_mailed_once_in_the_readers_language(user: User) -> None:
    user.language = "en"
    user.save()
    (message,) = tell([user], TEXT, what="Fix", due="2026-06-01", title="line\r\nBcc: all@example.org")
    assert ProcrastinateJob.objects.filter(task_name="notify.mail").count() == 1
    _mail(message)
    _mail(message)
    (sent,) = mail.outbox
    assert sent.to == ["zhang@example.org"]
    assert "\n" not in sent.subject
    assert sent.subject.startswith("Fix is due by 2026-06-01: line Bcc")
    message.refresh_from_db()
    assert message.mailed_at is not None


def test_nobody_to_mail_to(user: User) -> None:
    (message,) = tell([user], TEXT, what="w", due="d", title="t")
    user.is_active = False
    user.save()
    _mail(message)
    message.delete()
    send_mail_for.func(message_id=message.pk or 0)
    assert mail.outbox == []
    without = make_person()
    tell([without], TEXT, what="w", due="d", title="t")
    assert ProcrastinateJob.objects.filter(task_name="notify.mail").count() == 1


def test_a_mail_server_that_is_away_breaks_no_act(user: User, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    (message,) = tell([user], TEXT, what="w", due="d", title="t")
    with pytest.raises(ConnectionRefusedError):
        _mail(message)
    message.refresh_from_db()
    assert message.mailed_at is None, "the job is repeated"


def test_reading(user: User) -> None:
    other = make_person("worker", None, holder="u")
    first, second = (tell([user], TEXT, what="w", due="d", title=t)[0] for t in "ab")
    (foreign,) = tell([other], TEXT, what="w", due="d", title="c")
    actor = actor_for(user)
    assert read_messages(actor=actor, ids=[first.pk]) == 1
    assert read_messages(actor=actor, ids=[first.pk]) == 0
    with pytest.raises(NotFound):
        read_messages(actor=actor, ids=[second.pk, foreign.pk])
    assert read_messages(actor=actor) == 1
    assert [m.pk for m in inbox(actor)] == [second.pk, first.pk]
    foreign.refresh_from_db()
    assert foreign.read_at is None


def test_words_of_the_sentence() -> None:
    assert Message(text="100%", params={}).sentence() == "100%"
