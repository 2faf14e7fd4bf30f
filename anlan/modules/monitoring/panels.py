"""What online monitoring adds to pages it does not own: menu, the pages of sites and installations."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.modules.installations.public import INSTALLATION
from anlan.modules.monitoring import selectors
from anlan.modules.monitoring.tables import TagTable
from anlan.modules.monitoring.workflow import SURVEY, VIEW
from anlan.modules.registry.public import SITE
from anlan.ui import menu, panels

menu.group("monitoring", pgettext_lazy("menu", "Online monitoring"), 16)
for _order, (_label, _page, _icon, _may) in enumerate(
    (
        (_("Map of live state"), "monitoring:map", "live-view", SURVEY),
        (pgettext_lazy("monitoring", "Tags"), "monitoring:tags", "activity", VIEW),
        (_("Gateways"), "monitoring:gateways", "server", VIEW),
        (_("Coverage"), "monitoring:coverage", "plug", SURVEY),
        (_("Data quality"), "monitoring:quality", "heart-rate-monitor", SURVEY),
    )
):
    menu.register(menu.Entry("monitoring", _label, _page, icon=_icon, permission=_may, order=39 + _order))
COLUMNS = ("label", "quantity", "unit_of_measure", "period_s")
panels.register(
    SITE,
    panels.Panel(
        "tags", pgettext_lazy("monitoring", "Tags"), permission=VIEW, order=29, icon="activity",
        table=TagTable, columns=COLUMNS,
        rows=lambda actor, site: selectors.site_tags(actor, site.pk), empty=_("None is registered."),
    ),
)  # fmt: skip
panels.register(
    INSTALLATION,
    panels.Panel(
        "tags", pgettext_lazy("monitoring", "Tags"), permission=VIEW, order=29, icon="activity",
        table=TagTable, columns=COLUMNS,
        rows=lambda actor, one: selectors.tags(actor).filter(installation=one.pk, active=True).order_by("label", "pk"),
        empty=_("None is registered."),
    ),
)  # fmt: skip
