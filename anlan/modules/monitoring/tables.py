"""Tables of online monitoring."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.modules.monitoring.choices import Quantity, Refusal
from anlan.modules.monitoring.models import Gateway, GatewayCount, Tag
from anlan.modules.monitoring.workflow import GATEWAY
from anlan.ui import tables


class GatewayTable(tables.Table):
    """Gateways."""

    name = tables.LinkColumn(pgettext_lazy("gateway", "Name"), lead=True)
    code = tables.Column(_("Gateway code"))
    state = tables.StateColumn(GATEWAY, _("State"))
    unit = tables.Column(_("Unit"), accessor="unit__name")
    site = tables.Column(_("Site"), accessor="site__name")
    last_seen = tables.MomentColumn(pgettext_lazy("gateway", "Last heard of"))
    region_path = tables.RegionColumn(_("Region"))

    class Meta(tables.Table.Meta):
        model = Gateway
        order_by = "-pk"


class TagTable(tables.Table):
    """Tags."""

    label = tables.LinkColumn(pgettext_lazy("tag", "Name of the tag"), lead=True)
    name = tables.Column(_("Name in the payload"))
    quantity = tables.ChoiceColumn(_("Quantity"), choices=Quantity.choices)
    unit_of_measure = tables.Column(_("Unit of measure"))
    period_s = tables.NumberColumn(_("Expected every, s"))
    unit = tables.Column(_("Unit"), accessor="unit__name")
    gateway = tables.Column(_("Gateway"), accessor="gateway__code")
    region_path = tables.RegionColumn(_("Region"))

    class Meta(tables.Table.Meta):
        model = Tag
        order_by = "-pk"


class CountTable(tables.Table):
    """What was refused."""

    day = tables.DayColumn(pgettext_lazy("refused", "Day"), lead=True)
    reason = tables.ChoiceColumn(pgettext_lazy("refused", "Reason"), choices=Refusal.choices)
    count = tables.NumberColumn(pgettext_lazy("refused", "Times"))
    sample = tables.TextColumn(pgettext_lazy("refused", "Last example"))

    class Meta(tables.Table.Meta):
        model = GatewayCount
        order_by = "-day"
