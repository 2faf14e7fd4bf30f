"""What the cockpit adds to the shell: its two entries of the menu, the leader's page at hand."""

from django.utils.translation import gettext_lazy as _

from anlan.ui import menu, quick_actions

menu.register(menu.Entry(
    "insight", _("Cockpit"), "cockpit:home", icon="dashboard", permission="cockpit.view", order=10, short=_("Cockpit"),
))  # fmt: skip
menu.register(menu.Entry(
    "home", _("What needs a leader"), "cockpit:lead", icon="device-mobile", permission="cockpit.lead", order=30,
    phone=True, short=_("Leader"),
))  # fmt: skip
quick_actions.register(quick_actions.QuickAction(
    _("What needs a leader"), "cockpit:lead", icon="device-mobile", permission="cockpit.lead", order=5,
))  # fmt: skip
