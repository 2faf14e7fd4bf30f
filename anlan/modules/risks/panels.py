"""What risks add to pages they do not own: menu, search, the pages of sites and hazards."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.kernel.actor import Actor
from anlan.kernel.counting import cut
from anlan.kernel.searching import words_of
from anlan.modules.hazards.public import HAZARD
from anlan.modules.registry.public import SITE
from anlan.modules.risks import selectors
from anlan.modules.risks.choices import Colour
from anlan.modules.risks.tables import TONES
from anlan.modules.risks.workflow import KEEP, MAP, VIEW
from anlan.ui import links, menu, panels, quick_actions, search
from anlan.ui.pages import Action

menu.register(
    menu.Entry("work", pgettext_lazy("menu", "Risk points"), "risks:list", icon="map-pins", permission=VIEW, order=14)
)
menu.register(menu.Entry("work", _("Four-colour map"), "risks:map", icon="map-2", permission=MAP, order=15))
quick_actions.register(
    quick_actions.QuickAction(_("Register a risk point"), "risks:new", icon="map-pins", permission=KEEP, order=25)
)


def _find(actor: Actor, text: str, limit: int) -> list[search.Hit]:
    rows = selectors.points(actor)
    for word in words_of(text):
        rows = rows.filter(search_text__has=word)
    return [
        search.Hit(f"{p.number} {p.name}", p.site.unit.name, links.url_of(p), "map-pins")
        for p in cut(rows.order_by("-pk"), 0, limit)
    ]


search.register(
    search.Searcher("risks", pgettext_lazy("menu", "Risk points"), _find, permission=VIEW, icon="map-pins", order=25,
                    more="/risks/points/?all=1&q=%s")
)  # fmt: skip


def _site(actor: Actor, site: Any) -> dict[str, Any]:
    register = selectors.registers(actor).filter(site=site).first()
    colour = register.colour if register else ""
    return {
        "register": register, "level": Colour(colour).label if colour else _("Not assessed"), "tone": TONES[colour],
        "points": selectors.points_of_site(actor, site.pk)[:20], "plans": selectors.plans(actor).filter(site=site)[:5],
    }  # fmt: skip


def _hazard(actor: Actor, hazard: Any) -> dict[str, Any] | None:
    tie = selectors.ties(actor).filter(hazard=hazard).first()
    return {"points": [tie.point], "plans": [], "register": None} if tie else None


panels.register(
    SITE,
    panels.Panel(
        "risks", pgettext_lazy("menu", "Risk points"), template="risks/panel.html", context=_site, permission=VIEW,
        icon="map-pins", order=25,
        actions=(Action(_("Register a risk point"), "risks:new", icon="plus", permission=KEEP),),
    ),
)  # fmt: skip
panels.register(
    HAZARD,
    panels.Panel(
        "risks",
        _("Risk point"),
        template="risks/panel.html",
        context=_hazard,
        permission=VIEW,
        icon="map-pins",
        order=25,
    ),
)
