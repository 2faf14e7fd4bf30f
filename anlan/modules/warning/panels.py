"""What warning adds to pages it does not own: menu, the unit's page, a card on the home page."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.modules.registry.public import UNIT
from anlan.modules.warning import selectors
from anlan.modules.warning.views.working import working
from anlan.modules.warning.workflow import SURVEY, VIEW
from anlan.ui import menu, panels, standing

for _order, (_label, _page, _icon, _may) in enumerate(
    (
        (_("Warning index"), "warning:index", "gauge", SURVEY),
        (_("Warnings"), "warning:list", "flag-exclamation", SURVEY),
        (_("Warnings received"), "warning:notices", "mail", VIEW),
    )
):
    menu.register(menu.Entry("monitoring", _label, _page, icon=_icon, permission=_may, order=50 + _order))


def _unit(actor: Actor, unit: Any) -> dict[str, Any] | None:
    entry = selectors.entry_of_unit(actor, unit.holder)
    if entry is None:
        return None
    return {"told": working(entry, actor), "url": reverse("warning:unit", args=[unit.pk])}


panels.register(
    UNIT,
    panels.Panel(
        "warning", _("Warning index"), template="warning/panel.html", context=_unit, permission=VIEW, icon="gauge",
        order=13,
    ),
)  # fmt: skip


def card(actor: Actor) -> standing.Card | None:
    """The index of the reader's own office; nothing for units, and before it was reckoned."""
    paths = sorted((g.path for g in actor.grants_for(SURVEY) if g.path and not g.holder), key=len)
    entry = selectors.entry_of_place(actor, paths[0]) if paths else None
    if entry is None:
        return None
    return standing.Card(
        _("Warning index"),
        "gauge",
        "warning/card.html",
        {"told": working(entry, actor), "url": reverse("warning:index")},
    )


standing.register_card("warning", card)
