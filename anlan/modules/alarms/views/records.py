"""Alarms: the list, the card, and what is done with one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.modules.alarms import filters, forms, selectors, services
from anlan.modules.alarms.choices import PRIORITY_TONES
from anlan.modules.alarms.models import Alarm
from anlan.modules.alarms.tables import AlarmTable, CallTable, how_long
from anlan.modules.alarms.workflow import ACKNOWLEDGE, ALARM, SHELVE, VIEW
from anlan.modules.chemicals.public import held_at, substance_views
from anlan.modules.hazards.public import HAZARD
from anlan.modules.installations.public import responsible_three
from anlan.modules.monitoring.public import TAG
from anlan.modules.registry.public import SITE, UNIT
from anlan.ui import formats, links
from anlan.ui.forms import Form
from anlan.ui.middleware import is_htmx
from anlan.ui.pages import (
    Action,
    ActPage,
    CustomPage,
    Empty,
    Export,
    Item,
    ListPage,
    RecordPage,
    Section,
    Tab,
    actor_of,
)
from anlan.ui.pages.base import found
from anlan.ui.pages.values import address_of

SUBSTANCE = "chemicals.substance"
MOST_SUBSTANCES = 12


def facts(alarm: Alarm, actor: Actor) -> list[Item]:
    """What is known of an alarm."""
    return [
        Item(pgettext_lazy("alarm", "Tag"), alarm.tag.label, url=links.url_of(TAG, alarm.tag_id)),
        Item(pgettext_lazy("alarm", "Kind"), alarm.get_kind_display(), url=links.url_of(alarm.setting)),
        Item(pgettext_lazy("alarm", "Value"), alarm.reading),
        Item(pgettext_lazy("alarm", "Limit"), alarm.limit),
        Item(_("Unit"), alarm.unit.name, url=links.url_of(UNIT, alarm.unit_id)),
        Item(_("Site"), alarm.site.name, url=links.url_of(SITE, alarm.site_id)),
        Item(_("Region"), alarm.region_path, kind="region"),
        Item(_("Raised at"), alarm.raised_at),
        Item(_("Returned at"), alarm.returned_at),
        Item(_("Lasted"), how_long(alarm.lasted(clock.now()))),
        Item(_("Raised again"), alarm.repeats or None),
        Item(_("Acknowledged by"), alarm.acknowledger.name if alarm.acknowledger else ""),
        Item(_("Acknowledged at"), alarm.acknowledged_at),
        Item(pgettext_lazy("alarm", "What is done"), alarm.note, wide=True),
        Item(_("Shelved until"), alarm.shelved_until),
        Item(_("Reason"), alarm.shelf_reason),
        Item(_("Hazard"), _("Opened from this alarm") if alarm.hazard_id else "",
             url=links.url_of(HAZARD, alarm.hazard_id) if alarm.hazard_id else ""),
    ]  # fmt: skip


def badges(alarm: Alarm) -> list[tuple[Any, str]]:
    """Priority, and whether it must be handled."""
    told: list[tuple[Any, str]] = [(alarm.get_priority_display(), PRIORITY_TONES[alarm.priority])]
    if alarm.statutory:
        told.append((_("Must be handled"), "red"))
    return told


def people(alarm: Alarm, actor: Actor) -> dict[str, Any]:
    """Whom to call: the site's people, each one touch away for those who may see telephones."""
    opens = actor.may(ACKNOWLEDGE, alarm) and selectors.phones_open_to(actor, alarm)
    return {
        "people": selectors.callable_people(actor, alarm),
        "call_url": reverse("alarms:call", args=[alarm.pk]) if opens else "",
        "log_url": reverse("alarms:log-call", args=[alarm.pk]) if actor.may(ACKNOWLEDGE, alarm) else "",
    }


def responsible(alarm: Alarm, actor: Actor) -> list[Item] | None:
    """The responsible three of the site's major hazard installations; None where there is none."""
    told = []
    for one in responsible_three(actor, alarm.site_id, alarm.tag.installation_id):
        told += [
            Item(_("Major hazard installation"), one.name, url=links.url_of("installations.installation", one.id)),
            Item(_("Principal responsible"), one.principal),
            Item(_("Technical responsible"), one.technical),
            Item(_("Operating responsible"), one.operating),
        ]
    return told or None


def substances(alarm: Alarm, actor: Actor) -> dict[str, Any] | None:
    """What the site keeps, each with its sheet; None where nothing is on the ledger or the actor may not see it."""
    if not actor.may("chemicals.view"):
        return None
    held = sorted(held_at(alarm.site_id), key=lambda one: -one.kg)[:MOST_SUBSTANCES]
    views = substance_views({one.substance_id for one in held})
    rows = [
        {"name": one.substance, "place": one.place, "tonnes": formats.number(one.kg / 1000, 3),
         "cas": views[one.substance_id].cas if one.substance_id in views else "",
         "un": views[one.substance_id].un if one.substance_id in views else "",
         "url": links.url_of(SUBSTANCE, one.substance_id)}
        for one in held
    ]  # fmt: skip
    return {"rows": rows} if rows else None


def trend(alarm: Alarm, actor: Actor) -> dict[str, Any] | None:
    """The readings of the last hour; None where nothing draws them."""
    data = address_of("monitoring:trend-data", alarm.tag)
    return {"data_url": f"{data}?span=hour", "tag": alarm.tag, "url": links.url_of(TAG, alarm.tag_id)} if data else None


def call(request: HttpRequest, pk: int) -> HttpResponse:
    """The telephone of somebody of the alarm's site, to be called now."""
    actor = actor_of(request)
    alarm = found(selectors.alarms(actor), pk=pk)
    wanted = request.POST.get("person", "")
    person = next((c for c in selectors.callable_people(actor, alarm) if str(c.person_id) == wanted), None)
    phone = services.dial(actor=actor, alarm=alarm, person=person.person_id) if person and person.has_phone else ""
    log = f"{reverse('alarms:log-call', args=[alarm.pk])}?whom={person.name if person else ''}"
    context = {"person": person, "phone": phone, "alarm": alarm, "back": links.url_of(alarm), "log_url": log}
    response = render(request, "alarms/phone.html" if is_htmx(request) else "alarms/call.html", context)
    response["Cache-Control"] = "no-store"
    return response


ALARMS = ListPage(
    name="alarms:list",
    path="all/",
    title=_("Alarms"),
    icon="alarm",
    permission=VIEW,
    selector=selectors.alarms,
    table=AlarmTable,
    filters=filters.AlarmFilters,
    tabs=(
        Tab(_("Not acknowledged"), "loud=on"), Tab(_("Not closed"), "open=on"),
        Tab(_("Must be handled"), "statutory=on"), Tab(_("All"), ""),
    ),
    opens="open=on",
    actions=(
        Action(_("Duty desk"), "alarms:desk", icon="bell-ringing", permission=VIEW, tone="primary"),
        Action(_("How alarms behave"), "alarms:statistics", icon="chart-line", permission=VIEW),
    ),
    empty=Empty(_("No alarm"), _("Alarms appear here when a tag crosses one of its limits.")),
    export=Export(permission=VIEW, filename="alarms"),
)  # fmt: skip
ALARM_PAGE = RecordPage(
    name="alarms:alarm",
    path="<int:pk>/",
    permission=VIEW,
    selector=selectors.alarms,
    title=str,
    subtitle=lambda alarm: f"{alarm.reading} / {alarm.limit}",
    badges=badges,
    facts=facts,
    back="alarms:list",
    sections=(
        Section(_("Whom to call"), template="alarms/people.html", context=people, icon="phone"),
        Section(_("Trend"), template="alarms/trend.html", context=trend, icon="chart-line"),
        Section(_("Responsible for the installation"), items=responsible, icon="users"),
        Section(_("What the site keeps"), template="alarms/substances.html", context=substances, icon="flame"),
        Section(
            _("Calls"), table=CallTable, icon="phone", empty=_("Nobody was called yet."),
            rows=lambda alarm, actor: selectors.calls(actor).filter(alarm=alarm).order_by("-at"),
        ),
    ),
    actions=(
        Action(_("Duty desk"), "alarms:desk", icon="bell-ringing", permission=VIEW, aside=True),
        Action(_(ALARM.step("acknowledge").label), "alarms:acknowledge", icon="check", permission=ACKNOWLEDGE,
               tone="primary", dialog=True, when=lambda a, actor: a.state in ("unacknowledged", "returned")),
        Action(_(ALARM.step("shelve").label), "alarms:shelve", icon="player-pause", permission=SHELVE, dialog=True,
               when=lambda a, actor: a.state in ("unacknowledged", "acknowledged")),
        Action(_(ALARM.step("unshelve").label), "alarms:unshelve", icon="player-play", permission=SHELVE, dialog=True,
               when=lambda a, actor: a.state == "shelved"),
        Action(_("Log a call"), "alarms:log-call", icon="phone", permission=ACKNOWLEDGE, dialog=True),
    ),
)  # fmt: skip


def _act(name: str, title: Any, act: Any, form: Any, **more: Any) -> ActPage:
    return ActPage(
        name=f"alarms:{name}", path=f"<int:pk>/{name}/", title=title, act=act, form=form, selector=selectors.alarms,
        submit=title, **more,
    )  # fmt: skip


ACTS = (
    _act("acknowledge", _(ALARM.step("acknowledge").label), services.acknowledge_alarm, forms.NoteForm),
    _act(
        "shelve", _(ALARM.step("shelve").label), services.shelve_alarm, forms.ShelveForm,
        initial=lambda alarm, actor: {"until": clock.now() + dt.timedelta(hours=1)},
        intro=_(
            "It makes no sound and goes up to nobody until then; whatever this setting raises meanwhile waits too."
        ),
    ),
    _act("unshelve", _(ALARM.step("unshelve").label), services.unshelve_alarm, Form),
    _act("log-call", _("Log a call"), services.log_call, forms.CallForm,
         done=lambda call: reverse("alarms:alarm", args=[call.alarm_id])),
)  # fmt: skip
CALL = CustomPage(
    name="alarms:call", path="<int:pk>/call/", title=_("Call"), permission=ACKNOWLEDGE, view=call, shape="step",
    methods=("POST",), model=Alarm, is_object=True,
)  # fmt: skip
