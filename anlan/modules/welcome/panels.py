"""What invitations add to pages they do not own: menu, the unit's page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.modules.registry.public import UNIT
from anlan.modules.welcome import selectors
from anlan.modules.welcome.tables import InvitationTable, role_name
from anlan.modules.welcome.workflow import PEOPLE
from anlan.ui import menu, panels, quick_actions

menu.register(
    menu.Entry("base", _("Invitations"), "welcome:invitations", icon="mail-opened", permission="welcome.view", order=15)
)
menu.register(menu.Entry("base", _("People of units"), "welcome:people", icon="users", permission=PEOPLE, order=16))
quick_actions.register(
    quick_actions.QuickAction(
        _("Invite units"), "welcome:uninvited", icon="mail", permission="welcome.invite", order=35,
        text=_("Slips with a code, for units that are not in yet"),
    )
)  # fmt: skip


def accounts(actor: Actor, unit: Any) -> dict[str, Any]:
    """Who acts for the unit: by name for whoever keeps its people, for others only how many."""
    rows = list(selectors.people_of(actor, unit.holder))
    kept = actor.may(PEOPLE, unit)
    return {
        "people": [
            {"name": g.user.name, "role": role_name(g.role), "pk": g.pk, "last": g.user.last_login,
             "since": g.valid_from}
            for g in rows
        ]
        if kept
        else [],
        "kept": kept,
        "count": len(rows),
    }  # fmt: skip


panels.register(
    UNIT,
    panels.Panel("accounts", _("Accounts of the unit"), template="welcome/accounts.html", context=accounts,
                 icon="users", order=45),
)  # fmt: skip
panels.register(
    UNIT,
    panels.Panel(
        "invitations", _("Invitations"), permission="welcome.view", order=46, icon="mail", table=InvitationTable,
        columns=("state", "issued_at", "by_name", "expires_at", "claimed_at", "claimed_by"),
        rows=lambda actor, unit: selectors.invitations(actor).filter(unit=unit).order_by("-pk"),
        empty=_("This unit was not invited."),
    ),
)  # fmt: skip
