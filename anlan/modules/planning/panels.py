"""What planning adds to pages it does not own: its entry of the menu, the duties on the page of a unit."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.kernel.obligations.facts import Whose
from anlan.modules.planning import selectors
from anlan.modules.planning.choices import VIEW
from anlan.modules.planning.views import sections
from anlan.modules.registry.public import UNIT
from anlan.ui import menu, panels

menu.register(menu.Entry(
    "insight", _("What the plans ask of us"), "planning:duties", icon="list-check", permission=VIEW, order=30,
))  # fmt: skip


def asked_of(actor: Actor, unit: Any) -> dict[str, Any] | None:
    """The duties that bind the unit; nothing where none does."""
    rows = selectors.duties_of_unit(actor, unit.pk)
    return {"sections": sections(rows, Whose.UNIT)} if rows else None


panels.register(
    UNIT,
    panels.Panel(
        "duties", _("What the plans ask of this unit"), template="planning/unit.html", context=asked_of,
        permission=VIEW, icon="list-check", order=60,
    ),
)  # fmt: skip
