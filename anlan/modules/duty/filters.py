"""Filters of the lists of duty."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anlan.kernel import clock
from anlan.modules.duty.choices import ShiftKind
from anlan.modules.duty.models import DutyRoom, Gap, Shift, Swap
from anlan.modules.duty.workflow import ON_ROSTER, SHIFT, SWAP, VIEW
from anlan.ui import filters


def ahead() -> Q:
    """On the roster, and not over yet."""
    return Q(state__in=ON_ROSTER, ends_at__gt=clock.now())


class RoomFilters(filters.FilterSet):
    """Of duty rooms."""

    q = filters.Search(["office", "phone"], placeholder=_("Office or telephone"))
    region = filters.Region("region_path", permission=VIEW)
    open = filters.Flag(_("Stands duty"), Q(closed_at=None))

    class Meta:
        model = DutyRoom
        fields: tuple[str, ...] = ()


class ShiftFilters(filters.FilterSet):
    """Of shifts."""

    q = filters.Search(["officer__name", "leader__name", "deputy__name", "room__office"])
    state = filters.State(SHIFT)
    region = filters.Region("region_path", permission=VIEW)
    kind = filters.Choice("kind", ShiftKind.choices, _("Shift"))
    days = filters.Days(_("Begins"), "begins_at")
    ahead = filters.Flag(_("Ahead"), ahead)
    rest = filters.Flag(_("Day off"), Q(rest_day=True))

    class Meta:
        model = Shift
        fields: tuple[str, ...] = ()


class SwapFilters(filters.FilterSet):
    """Of requests for a swap."""

    q = filters.Search(["asker__name", "colleague__name"])
    state = filters.State(SWAP)
    region = filters.Region("region_path", permission=VIEW)
    open = filters.Flag(_("To be answered"), Q(state__in=["asked", "agreed"]))

    class Meta:
        model = Swap
        fields: tuple[str, ...] = ()


class GapFilters(filters.FilterSet):
    """Of gaps."""

    q = filters.Search(["room__office"])
    region = filters.Region("region_path", permission=VIEW)
    open = filters.Flag(_("Not filled yet"), Q(outcome=""))

    class Meta:
        model = Gap
        fields: tuple[str, ...] = ()
