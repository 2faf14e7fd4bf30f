"""Telling people, and reading the inbox."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import models

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.acts import Work, act, inside_act
from anlan.kernel.counting import counted
from anlan.kernel.errors import NotFound
from anlan.kernel.notify.live import inboxes_changed
from anlan.kernel.notify.models import Message


@inside_act
def tell(
    users: Iterable[Any],
    text: str,
    *,
    subject: Any = None,
    urgent: bool = False,
    quiet_for: dt.timedelta | None = None,
    **params: Any,
) -> list[Message]:
    """Put a message into each inbox, and into the mail of those who gave an address.

    Called inside an act; the mail goes out by a job of its own, so a mail server that is away holds up nothing.
    Everybody is told once; closed accounts are passed over. With ``quiet_for``, whoever got the same message about
    the same record within that time is left in peace. Returns the messages written.
    """
    from anlan.kernel.notify.tasks import send_mail_for

    people = list({u.pk: u for u in users if u.is_active}.values())
    about = (subject._meta.label_lower, str(subject.pk)) if subject is not None else ("", "")
    if quiet_for is not None:
        recent = set(
            Message.objects.filter(
                user__in=people, text=text, subject_type=about[0], subject_id=about[1], at__gt=clock.now() - quiet_for
            ).values_list("user_id", flat=True)
        )
        people = [u for u in people if u.pk not in recent]
    messages = Message.objects.bulk_create(
        [
            Message(
                user=user,
                at=clock.now(),
                text=text,
                params={k: str(v) for k, v in params.items()},
                urgent=urgent,
                subject_type=about[0],
                subject_id=about[1],
            )
            for user in people
        ]
    )
    inboxes_changed((user.pk for user in people), urgent=urgent)
    for message in messages:
        if message.user.email:
            send_mail_for.defer(message_id=message.pk)
    return messages


def inbox(actor: Actor) -> models.QuerySet[Message]:
    """The actor's own messages, newest first."""
    return Message.objects.filter(user=actor.user_id).order_by("-id")


def unread_count(actor: Actor) -> int:
    """How many of the actor's messages are unread."""
    return counted(inbox(actor).filter(read_at=None)) if actor.user_id else 0


@act(may="account.own")
def read_messages(work: Work, *, ids: list[int] | None = None) -> int:
    """Mark one's own messages as read (all, or those named); returns how many were unread."""
    own = inbox(work.actor)
    if ids is not None:
        own = own.filter(pk__in=ids)
        if counted(own) != len(set(ids)):
            raise NotFound
    read = own.filter(read_at=None).update(read_at=work.now)
    if read and work.actor.user_id:
        inboxes_changed([work.actor.user_id])
    return read
