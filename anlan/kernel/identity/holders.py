"""Where a holder lies: the unit for which an enterprise's people act.

The kernel does not know units; the deployment names the scoped model whose rows they are
(``ANLAN_HOLDER_MODEL``, with ``holder`` and ``region_path`` columns).
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models

from anlan.kernel.actor import Actor
from anlan.kernel.scope import system_read, within


def _rows() -> Any:
    """The plain manager of the units; None when the deployment has none."""
    named = getattr(settings, "ANLAN_HOLDER_MODEL", "")
    return apps.get_model(named)._base_manager if named else None


@system_read("an address, to check somebody's reach against")
def place_of_holder(holder: str) -> str:
    """The region path of a unit; "" when it is unknown."""
    rows = _rows()
    found = rows.filter(holder=holder).values_list("region_path", flat=True).first() if rows is not None else None
    return str(found or "")


def holders_within(actor: Actor, permission: str, path: str = "") -> models.QuerySet[Any] | list[str]:
    """The units in the regions where the actor holds the permission, as values for ``holder__in``."""
    rows = _rows()
    if rows is None:
        return []
    reach = models.Q() if actor.is_system else models.Q(pk__in=[])
    for grant in actor.grants_for(permission):
        if grant.path and not grant.holder:
            reach |= within("region_path", grant.path)
    found: models.QuerySet[Any] = rows.exclude(holder="").filter(reach).filter(within("region_path", path))
    return found.values("holder")
