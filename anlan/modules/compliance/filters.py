"""Filters of compliance lists."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anlan.modules.compliance.models import SelfCheck, Workspace
from anlan.modules.compliance.workflow import SELF_CHECK, VIEW
from anlan.modules.registry.public import sectors
from anlan.ui import filters


class WorkspaceFilters(filters.FilterSet):
    """Of workspaces."""

    q = filters.Search(["unit__name", "unit__uscc"], placeholder=_("Unit name or code"))
    region = filters.Region("region_path", permission=VIEW)
    sector = filters.Sector("sector", sectors, permission=VIEW)
    missed = filters.Flag(_("Duties missed"), Q(missed__gt=0))
    at_risk = filters.Flag(_("Duties to be answered"), Q(at_risk__gt=0))

    class Meta:
        model = Workspace
        fields: tuple[str, ...] = ()


class SelfCheckFilters(filters.FilterSet):
    """Of self-checks."""

    q = filters.Search(["title", "workspace__unit__name"], placeholder=_("Check list or unit"))
    state = filters.State(SELF_CHECK)
    region = filters.Region("region_path", permission=VIEW)
    faults = filters.Flag(_("With faults"), Q(faults__gt=0))

    class Meta:
        model = SelfCheck
        fields: tuple[str, ...] = ()
