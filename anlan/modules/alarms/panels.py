"""What alarms add to pages they do not own: menu and the pages of units, sites and tags."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.kernel.counting import counted
from anlan.modules.alarms import selectors
from anlan.modules.alarms.tables import AlarmTable, SettingTable
from anlan.modules.alarms.workflow import ACKNOWLEDGE, LOUD, SET, VIEW
from anlan.modules.monitoring.public import TAG
from anlan.modules.registry.public import SITE, UNIT
from anlan.ui import menu, panels, standing
from anlan.ui.pages import Action

menu.register(menu.Entry("work", _("Duty desk"), "alarms:desk", icon="bell-ringing", permission=VIEW, order=38))
COLUMNS = ("raised_at", "tag", "kind", "priority", "state", "reading", "limit")

panels.register(
    UNIT,
    panels.Panel(
        "alarms", _("Live alarms"), permission=VIEW, order=12, icon="bell-ringing", table=AlarmTable, columns=COLUMNS,
        rows=lambda actor, unit: selectors.live_of_holder(actor, unit.holder), empty=_("No alarm stands open."),
    ),
)  # fmt: skip
panels.register(
    SITE,
    panels.Panel(
        "alarms", _("Live alarms"), permission=VIEW, order=12, icon="bell-ringing", table=AlarmTable, columns=COLUMNS,
        rows=lambda actor, site: selectors.live_of_site(actor, site.pk), empty=_("No alarm stands open."),
    ),
)  # fmt: skip
panels.register(
    TAG,
    panels.Panel(
        "alarm-settings", _("Alarm settings"), permission=VIEW, order=20, icon="adjustments-horizontal",
        table=SettingTable, columns=("tag", "kind", "limit", "priority", "service"),
        rows=lambda actor, tag: selectors.settings(actor).filter(tag=tag.pk, retired_at=None).order_by("kind", "pk"),
        actions=(Action(_("Set a limit"), "alarms:make", icon="plus", permission=SET),),
        empty=_("No limit is set: this tag is recorded and raises no alarm."),
    ),
)  # fmt: skip


def stand(actor: Actor) -> list[standing.Number]:
    """What waits for an acknowledgement, as on the duty desk; for those who may acknowledge."""
    if not actor.may(ACKNOWLEDGE):
        return []
    waiting = counted(selectors.open_alarms(actor).filter(state__in=LOUD))
    return [standing.Number(_("Unacknowledged alarms"), waiting, reverse("alarms:desk"), "red")]


standing.register("alarms", stand)
