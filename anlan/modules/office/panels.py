"""What the office adds to the shell: its entries of the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.kernel.counting import counted
from anlan.modules.office import choices, selectors
from anlan.ui import menu


def failing(actor: Actor) -> int:
    """How many jobs wait for somebody."""
    return counted(selectors.failed_jobs(actor), menu.MOST)


for entry in (
    menu.Entry("system", _("Accounts"), "office:users", icon="users", permission=choices.SEE, order=10),
    menu.Entry("system", _("Authorities"), "office:grants", icon="shield-check", permission=choices.SEE, order=20),
    menu.Entry("system", _("Offices and posts"), "office:posts", icon="briefcase", permission=choices.SEE, order=30),
    menu.Entry(
        "office", _("Delegation and hand-over"), "office:delegations", icon="transfer", permission="identity.delegate",
        order=35,
    ),
    menu.Entry("office", _("Regions"), "office:regions", icon="hierarchy-2", permission=choices.RULES, order=40),
    menu.Entry(
        "office", _("Local rules"), "office:rules", icon="adjustments-horizontal", permission=choices.RULES, order=50
    ),
    menu.Entry("office", _("Journal"), "office:journal", icon="notebook", permission="journal.view", order=60),
    menu.Entry("system", _("Events"), "office:events", icon="topology-star-3", permission=choices.OPERATE, order=70),
    menu.Entry(
        "system", _("Jobs given up"), "office:jobs", icon="alert-triangle", permission=choices.OPERATE, order=80,
        badge=failing, tone="red",
    ),
):  # fmt: skip
    menu.register(entry)
