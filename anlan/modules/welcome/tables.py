"""Tables of invitations, rounds, units without an account, and the people of units."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.kernel.identity.models import Grant
from anlan.modules.registry.public import UNIT, UnitKind, sectors, unit_names
from anlan.modules.welcome.models import Invitation, MessageState, Round
from anlan.modules.welcome.workflow import INVITATION
from anlan.ui import links, tables

MESSAGE_TONES = {"queued": "blue", "sent": "green", "failed": "orange"}


def role_name(code: str) -> str:
    """A role in the reader's language."""
    role = settings.ANLAN_ROLES.get(code)
    return gettext(role.label) if role else code


class UninvitedTable(tables.Table):
    """Units whose file nobody has claimed."""

    name = tables.LinkColumn(_("Unit name"), lead=True)
    number = tables.Column(_("Number"), orderable=False, empty_values=(), width=20)
    kind = tables.ChoiceColumn(_("Kind"), choices=UnitKind.choices)
    sector = tables.Column(_("Sector line"))
    region_path = tables.RegionColumn(_("Region"))
    invited_until = tables.MomentColumn(_("Invited until"))

    class Meta(tables.Table.Meta):
        model = apps.get_model(UNIT)
        order_by = "name"

    def render_number(self, record: Any) -> str:
        """The unified code, else the provisional number."""
        return str(record.number)

    def value_number(self, record: Any) -> str:
        """The same for a ledger."""
        return str(record.number)

    def render_sector(self, value: str) -> str:
        """The line by its name."""
        return str(dict(sectors()).get(value, value))


class InvitationTable(tables.Table):
    """Invitations: where each stands, who claimed and when."""

    unit = tables.LinkColumn(_("Unit name"), lead=True, accessor="unit__name")
    state = tables.StateColumn(INVITATION, _("State"))
    region_path = tables.RegionColumn(_("Region"))
    issued_at = tables.MomentColumn(_("Invited on"))
    by_name = tables.Column(_("Invited by"))
    expires_at = tables.DueColumn(_("Valid until"), done="closed")
    claimed_at = tables.MomentColumn(_("Claimed on"))
    claimed_by = tables.Column(_("Claimed by"), accessor="claimed_by__name")
    message = tables.ChoiceColumn(_("Short message"), choices=MessageState.choices, colours=MESSAGE_TONES)

    class Meta(tables.Table.Meta):
        model = Invitation
        order_by = "-pk"


class RoundTable(tables.Table):
    """Rounds: how many were invited, how many have claimed."""

    at = tables.MomentColumn(_("Invited on"), lead=True)
    name = tables.LinkColumn(_("Round"), accessor="pk", empty_values=(), orderable=False)
    by_name = tables.Column(_("Invited by"))
    region_path = tables.RegionColumn(_("Region"))
    invited = tables.NumberColumn(_("Invited"))
    claimed = tables.NumberColumn(_("Claimed"))
    waiting = tables.NumberColumn(_("Still open"))

    class Meta(tables.Table.Meta):
        model = Round
        order_by = "-pk"

    def render_name(self, record: Any) -> Any:
        """Leads to the round."""
        label = gettext("Round %(number)s") % {"number": record.pk}
        return format_html('<a href="{}">{}</a>', links.url_of(record), label)

    def value_name(self, record: Any) -> str:
        """The same for a ledger."""
        return str(record)


class PeopleTable(tables.Table):
    """Who acts for units."""

    user = tables.LinkColumn(
        _("Full name"), lead=True, accessor="user__name", to=lambda g: reverse("welcome:account", args=[g.pk])
    )
    username = tables.Column(_("Sign-in name"), accessor="user__username")
    role = tables.Column(_("Role"))
    title = tables.Column(_("Workshop or post"), accessor="user__title")
    holder = tables.Column(_("Unit"), orderable=False, width=24)
    valid_from = tables.DayColumn(_("From"))
    last_login = tables.MomentColumn(_("Last sign-in"), accessor="user__last_login")

    class Meta(tables.Table.Meta):
        model = Grant
        order_by = "user"

    _names: dict[str, str] | None = None

    def render_role(self, value: str) -> str:
        """The role by its name."""
        return role_name(value)

    def value_role(self, value: str) -> str:
        """The same for a ledger."""
        return role_name(value)

    def render_holder(self, value: str) -> str:
        """The unit's name; those of the page in one query."""
        if self._names is None:
            self._names = unit_names({record.holder for record in self.shown_rows})
        return self._names.get(value) or unit_names({value}).get(value, "")

    def value_holder(self, value: str) -> str:
        """The same for a ledger."""
        return unit_names({value}).get(value, "")
