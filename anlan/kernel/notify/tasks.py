"""Mail, outside the act's transaction and repeated when the server is away."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import send_mail
from django.utils import translation
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from anlan.kernel import clock
from anlan.kernel.notify.models import Message


@app.task(name="notify.mail", queue="mail", retry=RetryStrategy(max_attempts=6, exponential_wait=4))
def send_mail_for(message_id: int) -> None:
    """Mail one message, once; a message or an account that has gone meanwhile needs none."""
    message = Message.objects.select_related("user").filter(pk=message_id, mailed_at=None).first()
    if message is None or not message.user.email or not message.user.is_active:
        return
    with translation.override(message.user.language):
        text = message.sentence()
    subject = " ".join(text.split())[:78] or settings.PUBLIC_ADDRESS
    send_mail(subject, f"{text}\n\n{settings.PUBLIC_ADDRESS}", None, [message.user.email])
    Message.objects.filter(pk=message_id).update(mailed_at=clock.now())
