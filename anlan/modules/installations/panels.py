"""What installations add to pages they do not own: menu, the pages of sites and units."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.kernel.errors import gettext_noop
from anlan.modules.installations import selectors
from anlan.modules.installations.tables import InstallationTable
from anlan.modules.installations.workflow import FILING_RESTS_ON, KEEP, RECORD_RESTS_ON, VIEW
from anlan.modules.registry.public import SITE, UNIT
from anlan.modules.statutes.public import register_document
from anlan.ui import menu, panels
from anlan.ui.pages import Action

menu.group("chemicals", pgettext_lazy("menu", "Hazardous chemicals"), 15)
menu.register(
    menu.Entry(
        "chemicals", _("Major hazard installations"), "installations:list", icon="flame", permission=VIEW, order=5
    )
)
register_document("installations.record", gettext_noop("Record of a major hazard installation"), RECORD_RESTS_ON)
register_document("installations.filing", gettext_noop("Filing of a major hazard installation"), FILING_RESTS_ON)
COLUMNS = ("name", "level", "state", "r_value", "filed_on")
panels.register(
    SITE,
    panels.Panel(
        "installations", _("Major hazard installations"), permission=VIEW, order=28, icon="flame",
        table=InstallationTable, columns=COLUMNS,
        rows=lambda actor, site: selectors.installations(actor).filter(site=site.pk).order_by("level", "pk"),
        actions=(Action(_("Register an installation"), "installations:register", icon="plus", permission=KEEP),),
        empty=_("None is registered."),
    ),
)  # fmt: skip
panels.register(
    UNIT,
    panels.Panel(
        "installations", _("Major hazard installations"), permission=VIEW, order=28, icon="flame",
        table=InstallationTable, columns=COLUMNS, empty=_("None is registered."),
        rows=lambda actor, unit: selectors.installations(actor).filter(holder=unit.holder).order_by("level", "pk"),
    ),
)  # fmt: skip
