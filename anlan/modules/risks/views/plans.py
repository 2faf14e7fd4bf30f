"""Floor plans with their zones, and the editor in which a zone is drawn."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.kernel.actor import Actor
from anlan.kernel.files.services import files_of
from anlan.modules.registry.public import SITE
from anlan.modules.risks import filters, forms, selectors, services
from anlan.modules.risks.models import FloorPlan
from anlan.modules.risks.tables import TONES, PlanTable
from anlan.modules.risks.views.points import level
from anlan.modules.risks.workflow import KEEP, VIEW
from anlan.ui import links
from anlan.ui.forms import Form
from anlan.ui.pages import Action, ActPage, Empty, Item, ListPage, RecordPage, Section

ADD = Action(_("Add a floor plan"), "risks:add-plan", icon="plus", permission=KEEP, tone="primary")


def drawn(plan: FloorPlan, actor: Actor) -> dict[str, Any]:
    """The picture and its zones, each in the colour its point shows."""
    stored = files_of(plan).filter(purpose="plan").first()
    zones = [
        {
            "zone": zone,
            "points": " ".join(f"{x * plan.width:.1f},{y * plan.height:.1f}" for x, y in zone.corners),
            "x": f"{sum(x for x, _y in zone.corners) / len(zone.corners) * plan.width:.1f}",
            "y": f"{sum(y for _x, y in zone.corners) / len(zone.corners) * plan.height:.1f}",
            "tone": TONES[zone.point.shown], "level": level(zone.point.shown), "url": links.url_of(zone.point),
            "erase": ERASE.address(zone) if actor.may(KEEP, zone) else "",
        }
        for zone in selectors.zones(actor).filter(plan=plan).exclude(point__state="closed")
    ]  # fmt: skip
    return {
        "plan": plan, "picture": reverse("ui:file", kwargs={"pk": stored.pk}) if stored else "", "zones": zones,
        "letters": max(plan.width // 28, 12),
    }  # fmt: skip


PLANS = ListPage(
    name="risks:plans", path="plans/", title=_("Floor plans"), icon="map-2", permission=VIEW, selector=selectors.plans,
    table=PlanTable, filters=filters.PlanFilters, actions=(ADD,),
    empty=Empty(_("No floor plan"), _("A unit uploads the plan of a site as a picture, then draws its points on it."),
                ADD, icon="map-2"),
)  # fmt: skip
PLAN = RecordPage(
    name="risks:plan", path="plans/<int:pk>/", permission=VIEW, selector=selectors.plans, title=lambda p: p.name,
    subtitle=lambda p: p.site.name, back="risks:plans", deadlines=False,
    facts=lambda p, actor: [
        Item(_("Site"), p.site.name, url=links.url_of(SITE, p.site_id)),
        Item(_("Added on"), p.drawn_at),
    ],
    sections=(Section(_("Zones"), template="risks/plan.html", context=drawn, icon="map-2"),),
    actions=(
        Action(_("Draw a zone"), "risks:draw", icon="pencil", permission=KEEP, tone="primary"),
        Action(_("Remove the plan"), "risks:remove-plan", icon="circle-x", permission=KEEP, aside=True),
    ),
)  # fmt: skip
ADD_PLAN = ActPage(
    name="risks:add-plan", path="plans/add/", title=_("Add a floor plan"), act=services.add_plan, form=forms.PlanForm,
    submit=_("Add"), cancel="risks:plans", message=_("The plan is there. Draw the zones of its risk points."),
    initial=lambda actor: _only_site(actor),
)  # fmt: skip
DRAW = ActPage(
    name="risks:draw", path="plans/<int:pk>/draw/", title=_("Draw a zone"), selector=selectors.plans,
    act=services.draw_zone, form=forms.ZoneForm, submit=_("Save the zone"), template="risks/draw.html", wide=True,
    context=drawn, done=lambda zone: links.url_of(zone.plan), message=_("The zone is on the plan."),
)  # fmt: skip
ERASE = ActPage(
    name="risks:erase", path="zones/<int:pk>/erase/", title=_("Erase the zone"), selector=selectors.zones,
    act=services.erase_zone, form=Form, submit=pgettext_lazy("zone", "Erase"), danger=True,
    done=lambda plan: links.url_of(plan),
)  # fmt: skip
REMOVE_PLAN = ActPage(
    name="risks:remove-plan", path="plans/<int:pk>/remove/", title=_("Remove the plan"), selector=selectors.plans,
    act=services.remove_plan, form=forms.ReasonForm, submit=_("Remove"), danger=True,
    done=lambda plan: reverse("risks:plans"),
)  # fmt: skip


def _only_site(actor: Actor) -> dict[str, Any]:
    rows = list(selectors.sites_to_keep(actor)[:2])
    return {"site": rows[0].pk} if len(rows) == 1 else {}
