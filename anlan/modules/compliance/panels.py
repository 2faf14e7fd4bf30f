"""What compliance adds to pages it does not own: its entries of the menu, the duties on the page of a unit."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.kernel.errors import gettext_noop
from anlan.modules.compliance import selectors
from anlan.modules.compliance.views import basis, held, summary
from anlan.modules.compliance.workflow import VIEW
from anlan.modules.registry.public import UNIT
from anlan.modules.statutes.public import register_document
from anlan.rules.unit_duties import cited_duties
from anlan.ui import menu, panels

menu.register(
    menu.Entry(
        "work", _("What the law asks of us"), "compliance:mine", icon="list-check", permission=VIEW, order=5,
        short=_("Duties"),
    )
)  # fmt: skip
menu.register(
    menu.Entry("work", _("Self-checks"), "compliance:checks", icon="clipboard-check", permission=VIEW, order=6)
)

menu.register(
    menu.Entry("insight", _("Sector lines"), "compliance:lines", icon="layout-grid", permission=VIEW, order=40)
)


register_document("compliance.workspace", gettext_noop("Duties of a unit, with how each stands"), cited_duties())


def standing(actor: Actor, unit: Any) -> dict[str, Any] | None:
    """How the unit's duties stand; nothing before they are followed."""
    row = selectors.workspace_of(actor, unit.holder)
    return summary(row) if row else None


panels.register(
    UNIT,
    panels.Panel(
        "compliance", _("What the law asks of this unit"), template="compliance/summary.html", context=standing,
        permission=VIEW, icon="list-check", order=20,
    ),
)  # fmt: skip
panels.register(
    "compliance.workspace",
    panels.Panel(
        "held", _("Judged from the platform's own records"), template="compliance/held.html", context=held,
        permission=VIEW, icon="database", order=10,
    ),
)  # fmt: skip
panels.register(
    "compliance.workspace",
    panels.Panel(
        "basis", _("Why these duties"), template="compliance/basis.html", context=basis, permission=VIEW, icon="scale",
        order=20,
    ),
)  # fmt: skip
