"""What chemicals add to pages they do not own: menu, search, the pages of sites and units."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.kernel.actor import Actor
from anlan.modules.chemicals import selectors
from anlan.modules.chemicals.tables import StockTable
from anlan.modules.chemicals.workflow import KEEP, VIEW
from anlan.modules.registry.public import SITE, UNIT
from anlan.ui import links, menu, panels, quick_actions, search
from anlan.ui.pages import Action

menu.group("chemicals", pgettext_lazy("menu", "Hazardous chemicals"), 15)


menu.register(
    menu.Entry(
        "chemicals", pgettext_lazy("menu", "Stocks"), "chemicals:stocks", icon="flask", permission=VIEW, order=10
    )
)
menu.register(
    menu.Entry("chemicals", _("Consignments"), "chemicals:consignments", icon="truck", permission=VIEW, order=20)
)
menu.register(menu.Entry("chemicals", _("Mass balance"), "chemicals:balance", icon="scale", permission=VIEW, order=30))
menu.register(
    menu.Entry("chemicals", pgettext_lazy("menu", "Findings"), "chemicals:findings", icon="alert-triangle",
               permission=VIEW, order=40)
)  # fmt: skip
menu.register(menu.Entry("chemicals", _("Follow a lot"), "chemicals:trace", icon="route", permission=VIEW, order=50))
menu.register(
    menu.Entry("chemicals", _("Records for the police"), "chemicals:police", icon="shield", permission=VIEW, order=60)
)
quick_actions.register(
    quick_actions.QuickAction(
        _("Enter a place of keeping"), "chemicals:add-place", icon="building-warehouse", permission=KEEP, order=60
    )
)


def find(actor: Actor, text: str, limit: int) -> list[search.Hit]:
    """Substances by name, CAS or UN number."""
    rows = selectors.substances(actor).filter(search.matching(("name", "aliases", "cas", "un"), text))
    return [search.Hit(s.name, s.cas or s.code, links.url_of(s), "flask") for s in rows.order_by("code")[:limit]]


search.register(
    search.Searcher("chemicals", _("Substances"), find, permission=VIEW, icon="flask", order=50,
                    more="/chemicals/substances/?all=1&q=%s")
)  # fmt: skip
panels.register(
    SITE,
    panels.Panel(
        "chemicals", _("Chemicals kept here"), permission=VIEW, order=30, icon="flask", table=StockTable,
        columns=("substance", "place", "kg", "most_kg"),
        rows=lambda actor, site: selectors.stocks(actor).filter(place__site=site.pk, kg__gt=0).order_by("-kg"),
        actions=(Action(_("Enter a place of keeping"), "chemicals:add-place", icon="plus", permission=KEEP),),
        empty=_("No chemicals are on the ledger."),
    ),
)  # fmt: skip
panels.register(
    UNIT,
    panels.Panel(
        "chemicals", _("Chemicals of all sites"), permission=VIEW, order=30, icon="flask", table=StockTable,
        columns=("substance", "place", "kg", "most_kg"),
        rows=lambda actor, unit: selectors.stocks(actor).filter(holder=unit.holder, kg__gt=0).order_by("-kg"),
        empty=_("No chemicals are on the ledger."),
    ),
)  # fmt: skip
