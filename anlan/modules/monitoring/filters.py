"""Filters of online monitoring."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.modules.monitoring.choices import Quantity
from anlan.modules.monitoring.models import Gateway, Tag
from anlan.modules.monitoring.workflow import GATEWAY, VIEW
from anlan.ui import filters


class GatewayFilters(filters.FilterSet):
    """Of gateways."""

    q = filters.Search(["name", "code", "unit__name"], placeholder=_("Name, code or unit"))
    state = filters.State(GATEWAY)
    region = filters.Region("region_path", permission=VIEW)
    never = filters.Flag(_("Never heard of"), Q(last_seen=None))

    class Meta:
        model = Gateway
        fields: tuple[str, ...] = ()


class TagFilters(filters.FilterSet):
    """Of tags."""

    q = filters.Search(["label", "name", "unit__name"], placeholder=_("Name or unit"))
    quantity = filters.Choice("quantity", Quantity.choices, _("Quantity"), several=True)
    region = filters.Region("region_path", permission=VIEW)
    active = filters.Flag(pgettext_lazy("tag", "In use"), Q(active=True))

    class Meta:
        model = Tag
        fields: tuple[str, ...] = ()
