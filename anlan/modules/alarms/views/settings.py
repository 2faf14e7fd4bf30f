"""Limits of tags: the list, one of them, and what is done with it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.modules.alarms import filters, forms, selectors, services
from anlan.modules.alarms.choices import PRIORITY_TONES
from anlan.modules.alarms.models import AlarmSetting
from anlan.modules.alarms.rows import schedule_said
from anlan.modules.alarms.tables import AlarmTable, SettingTable, service_of
from anlan.modules.alarms.workflow import SET, VIEW
from anlan.modules.monitoring.public import TAG
from anlan.modules.registry.public import UNIT
from anlan.ui import links
from anlan.ui.forms import Form
from anlan.ui.pages import Action, ActPage, Empty, Export, Item, ListPage, RecordPage, Section, Tab

MAKE = Action(_("Set a limit"), "alarms:make", icon="plus", permission=SET, tone="primary")
COLUMNS = ("raised_at", "tag", "kind", "priority", "state", "reading", "limit")


def facts(setting: AlarmSetting, actor: Actor) -> list[Item]:
    """What is known of a setting."""
    return [
        Item(pgettext_lazy("alarm", "Tag"), setting.tag.label, url=links.url_of(TAG, setting.tag_id)),
        Item(_("Unit"), setting.tag.unit.name, url=links.url_of(UNIT, setting.tag.unit_id)),
        Item(pgettext_lazy("alarm", "Kind"), setting.get_kind_display()),
        Item(pgettext_lazy("alarm", "Limit"), setting.limit),
        Item(_("Dead-band"), setting.dead_band or None),
        Item(_("Raised after, s"), setting.on_delay_s or None),
        Item(_("Returned after, s"), setting.off_delay_s or None),
        Item(_("Hours"), schedule_said(setting.schedule) or _("Always")),
        Item(_("Must be handled"), setting.statutory),
        Item(_("Out of service until"), setting.out_until),
        Item(_("Reason"), setting.out_reason),
        Item(_("Taken out by"), setting.out_by.name if setting.out_by else ""),
        Item(_("Ended on"), setting.retired_at),
    ]


def in_force(setting: AlarmSetting, actor: Actor) -> bool:
    """It holds, and this actor may say otherwise."""
    authority = actor.may_at(SET, setting.region_path, setting.sector)
    return setting.retired_at is None and (authority or not setting.statutory)


def in_service(setting: AlarmSetting, actor: Actor) -> bool:
    """It holds and is judged."""
    return in_force(setting, actor) and setting.out_until is None


def out_of_service(setting: AlarmSetting, actor: Actor) -> bool:
    """It holds and is passed over."""
    return in_force(setting, actor) and setting.out_until is not None


def as_it_stands(setting: AlarmSetting, actor: Actor) -> dict[str, Any]:
    """The form filled with what holds now."""
    columns = ("threshold", "dead_band", "on_delay_s", "off_delay_s", "priority", "statutory")
    return {**{c: getattr(setting, c) for c in columns}, "hours": schedule_said(setting.schedule)}


SETTINGS = ListPage(
    name="alarms:settings",
    path="settings/",
    title=_("Alarm settings"),
    icon="adjustments-horizontal",
    permission=VIEW,
    selector=selectors.settings,
    table=SettingTable,
    filters=filters.SettingFilters,
    tabs=(
        Tab(pgettext_lazy("limit", "In force"), "held=on"), Tab(_("Out of service"), "out=on"),
        Tab(_("Must be handled"), "statutory=on"),
        Tab(_("All"), ""),
    ),
    opens="held=on",
    actions=(MAKE, Action(_("Set limits by quantity"), "alarms:make-many", icon="list", permission=SET)),
    empty=Empty(_("No alarm setting"), _("Without a limit a tag is recorded and raises no alarm."), MAKE),
    export=Export(permission=VIEW, filename="alarm-settings"),
)  # fmt: skip
SETTING_PAGE = RecordPage(
    name="alarms:setting",
    path="settings/<int:pk>/",
    permission=VIEW,
    selector=selectors.settings,
    title=str,
    subtitle=lambda setting: setting.limit,
    badges=lambda setting: [
        (setting.get_priority_display(), PRIORITY_TONES[setting.priority]),
        (service_of(setting), "green" if setting.out_until is None and setting.retired_at is None else "grey"),
    ],
    facts=facts,
    back="alarms:settings",
    sections=(
        Section(
            _("Alarms of this setting"), table=AlarmTable, icon="alarm", columns=COLUMNS, empty=_("None yet."),
            rows=lambda setting, actor: selectors.alarms(actor).filter(setting=setting).order_by("-raised_at"),
        ),
    ),
    actions=(
        Action(_("Change the limit"), "alarms:change", icon="pencil", permission=SET, tone="primary", when=in_force),
        Action(_("Take out of service"), "alarms:take-out", icon="tools", permission=SET, dialog=True, when=in_service),
        Action(_("Put back in service"), "alarms:put-back", icon="player-play", permission=SET, dialog=True,
               when=out_of_service),
        Action(_("End this setting"), "alarms:retire", icon="circle-x", permission=SET, aside=True, when=in_force),
    ),
)  # fmt: skip


def _act(name: str, title: Any, act: Any, form: Any, **more: Any) -> ActPage:
    return ActPage(
        name=f"alarms:{name}", path=f"settings/<int:pk>/{name}/", title=title, act=act, form=form,
        selector=selectors.settings, submit=title, **more,
    )  # fmt: skip


SETTING_ACTS = (
    ActPage(
        name="alarms:make", path="settings/new/", title=_("Set a limit"), act=services.make_setting,
        form=forms.SettingForm, submit=_("Set a limit"),
    ),
    ActPage(
        name="alarms:make-many", path="settings/many/", title=_("Set limits by quantity"), act=services.make_settings,
        form=forms.ManyForm, submit=_("Set limits"), done=lambda made: reverse("alarms:settings"),
        intro=_(
            "Tags that have a limit of this kind keep it. The figures are yours: the platform knows none by itself."
        ),
    ),
    _act("change", _("Change the limit"), services.change_setting, forms.ChangeForm, initial=as_it_stands),
    _act(
        "take-out", _("Take out of service"), services.take_out_of_service, forms.OutForm,
        initial=lambda setting, actor: {"until": clock.now() + dt.timedelta(hours=8)},
        intro=_("No reading is judged by it until then. It comes back by itself."),
    ),
    _act("put-back", _("Put back in service"), services.put_back_in_service, Form),
    _act("retire", _("End this setting"), services.retire_setting, forms.ReasonForm, danger=True),
)  # fmt: skip
