"""The duty desk: what stands open now, live; and how alarms behaved of late."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotFound
from anlan.modules.alarms import selectors, services
from anlan.modules.alarms.choices import PRIORITY_TONES
from anlan.modules.alarms.models import Alarm
from anlan.modules.alarms.selectors.desk import MOST
from anlan.modules.alarms.tables import how_long
from anlan.modules.alarms.workflow import ACKNOWLEDGE, ALARM, LOUD, SHELVE, VIEW
from anlan.modules.duty.public import on_duty
from anlan.ui import links, places
from anlan.ui.middleware import is_htmx
from anlan.ui.pages import CustomPage, ViewPage, actor_of
from anlan.ui.pages.base import found

DEAD_AFTER = 45  # seconds without a sign of life; the stream gives one every twenty


def place_of(actor: Actor, query: QueryDict) -> str:
    """The region asked for, within the actor's reach; "" for all of it."""
    path = query.get("region", "")
    if path and not actor.may_at(VIEW, path):
        raise NotFound
    return path


def rows(actor: Actor, query: QueryDict) -> dict[str, Any]:
    """What the list shows."""
    path, now = place_of(actor, query), clock.now()
    alarms = list(selectors.desk_rows(actor, path)[: MOST + 1])
    named = places.names({a.region_path for a in alarms})
    loud = [a for a in alarms if a.state in LOUD]
    flood = selectors.flooded(actor, path)
    return {
        "alarms": [_told(a, actor, now, named) for a in alarms[:MOST]],
        "cut": len(alarms) > MOST,
        "most": MOST,
        "flood": flood,
        "loud": len(loud),
        "worst": min((a.priority for a in loud), default=0),
        "newest": max((a.pk for a in loud), default=0),
        "now": now,
    }


def _told(alarm: Alarm, actor: Actor, now: Any, named: dict[str, str]) -> dict[str, Any]:
    state = ALARM.state(alarm.state)
    loud = alarm.state in LOUD
    return {
        "alarm": alarm, "url": links.url_of(alarm), "state": gettext(state.label), "tone": state.colour, "loud": loud,
        "priority": alarm.get_priority_display(), "priority_tone": PRIORITY_TONES[alarm.priority],
        "place": named.get(alarm.region_path, ""), "lasted": how_long(alarm.lasted(now)),
        "acknowledge": reverse("alarms:now", args=[alarm.pk]) if loud and actor.may(ACKNOWLEDGE, alarm) else "",
        "shelve": reverse("alarms:shelve", args=[alarm.pk])
        if alarm.state in ("unacknowledged", "acknowledged") and actor.may(SHELVE, alarm) else "",
    }  # fmt: skip


def desk(actor: Actor, query: QueryDict) -> dict[str, Any]:
    """What the page shows."""
    path = place_of(actor, query)
    office = path or selectors.office_of(actor)
    duty = on_duty(office) if office else None
    suffix = f"?{urlencode({'region': path})}" if path else ""
    return {
        **rows(actor, query),
        "office": selectors.place_name(office),
        "duty": duty,
        "rows_url": reverse("alarms:desk-rows") + suffix,
        "live_url": f"{reverse('ui:live')}?on=alarms.desk",
        "dead_after": DEAD_AFTER,
        "all_url": reverse("alarms:list"),
        "settings_url": reverse("alarms:settings"),
        "statistics_url": reverse("alarms:statistics") + suffix,
    }


def show_rows(request: HttpRequest) -> HttpResponse:
    """The list alone, as the page asks for it whenever something changed."""
    response = render(request, "alarms/rows.html", rows(actor_of(request), request.GET))
    response["Cache-Control"] = "no-store"
    return response


def acknowledge_now(request: HttpRequest, pk: int) -> HttpResponse:
    """Acknowledge from the list, in one touch."""
    actor = actor_of(request)
    alarm = found(selectors.alarms(actor), pk=pk)
    services.acknowledge_alarm(actor=actor, alarm=alarm)
    return show_rows(request) if is_htmx(request) else HttpResponseRedirect(reverse("alarms:desk"))


DESK = ViewPage(
    name="alarms:desk", path="", title=_("Duty desk"), icon="bell-ringing", permission=VIEW,
    template="alarms/desk.html", context=desk, model=Alarm,
)  # fmt: skip
ROWS = CustomPage(
    name="alarms:desk-rows", path="desk/rows/", title=_("Duty desk"), permission=VIEW, view=show_rows, shape="data",
    model=Alarm,
)  # fmt: skip
QUICK = CustomPage(
    name="alarms:now", path="<int:pk>/acknowledge-now/", title=_("Acknowledge"), permission=ACKNOWLEDGE,
    view=acknowledge_now, shape="step", methods=("POST",), model=Alarm, is_object=True,
)  # fmt: skip
