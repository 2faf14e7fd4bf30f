"""Short messages, outside the act's transaction and repeated when the gateway is away."""

from __future__ import annotations

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from anlan.kernel.actor import Actor
from anlan.kernel.notify.gateway import NotSent, gateway
from anlan.modules.welcome.services import note_message, prepare_message

MOST_TRIES = 5
SENDER = Actor.system("short messages")


@app.task(name="welcome.message", queue="mail", pass_context=True,
          retry=RetryStrategy(max_attempts=MOST_TRIES, exponential_wait=4))  # fmt: skip
def send_message(context: JobContext, invitation: int) -> None:
    """Send one invitation, each try with a fresh code; after the last try it is noted as failed."""
    way = gateway()
    if way is None:  # taken out of the settings meanwhile
        note_message(actor=SENDER, invitation=invitation, sent=False)
        return
    phone, text = prepare_message(actor=SENDER, invitation=invitation)
    if not phone:
        return
    try:
        way.send(phone, text)
    except NotSent:
        if context.job.attempts + 1 < MOST_TRIES:
            raise
        note_message(actor=SENDER, invitation=invitation, sent=False)
    else:
        note_message(actor=SENDER, invitation=invitation, sent=True)
