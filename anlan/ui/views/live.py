"""``GET /live``: what changed for the reader, as server-sent events.

The answer is the state now, and whole in itself. Where the web's front can hold streams (``anlan.runtime.front``) the
header ``X-Anlan-Live`` makes it go on: further events follow as they happen. Behind any other server the answer ends
here and the page asks again by itself, which is a poll with the same words.
"""

from __future__ import annotations

import hashlib
import json

from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from anlan.kernel.actor import Actor
from anlan.kernel.identity.models import User
from anlan.kernel.notify.live import TOPICS, name_of
from anlan.kernel.notify.services import unread_count
from anlan.kernel.scope import Scoped
from anlan.ui.pages import actor_of

HELD = "X-Anlan-Live"
AGAIN = 30_000  # milliseconds until a page asks again when the answer has ended


@require_GET
def live(request: HttpRequest) -> HttpResponse:
    """The reader's unread messages, and then on whatever changes; ``?on=hazards.hazard:7`` follows that record,
    ``?on=alarms.desk`` a topic a module entered.

    401 when nobody is signed in; a record the reader may not see is followed by nobody, silently.
    """
    actor = actor_of(request)
    user = request.user
    if not actor.signed_in or not isinstance(user, User):
        return HttpResponse(status=401)
    state = json.dumps({"unread": unread_count(actor)})
    answer = HttpResponse(f"retry: {AGAIN}\nevent: changed\ndata: {state}\n\n", content_type="text/event-stream")
    answer["Cache-Control"] = "no-store"
    answer["X-Accel-Buffering"] = "no"  # nginx passes each event on as it comes
    answer[HELD] = json.dumps(
        {
            "user": user.pk,
            "session": request.session.session_key or "",
            "stamp": hashlib.sha256(user.password.encode()).hexdigest(),
            "records": sorted(_visible(actor, request.GET.get("on", ""))),
        }
    )
    return answer


def _visible(actor: Actor, named: str) -> set[str]:
    """The record's name, when there is such a record and the actor may see it; a topic's names for the actor."""
    if named in TOPICS:
        return TOPICS[named](actor)
    label, _, pk = named.partition(":")
    if not pk.isdecimal() or len(pk) > 18 or label.count(".") != 1:
        return set()
    try:
        model = apps.get_model(label)
    except LookupError:
        return set()
    if not issubclass(model, Scoped):
        return set()
    return {name_of(row) for row in model._default_manager.visible_to(actor).filter(pk=pk)}  # type: ignore[attr-defined]
