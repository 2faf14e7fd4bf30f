"""Gateways, tags, what was refused."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from anlan.kernel.actor import Actor
from anlan.kernel.scope import system_read
from anlan.modules.installations import public as installations
from anlan.modules.monitoring.models import Gateway, GatewayCount, Tag
from anlan.modules.monitoring.workflow import KEEP
from anlan.modules.registry import public as registry


def gateways(actor: Actor, permission: str | None = None) -> QuerySet[Gateway]:
    """The gateways the actor may see."""
    return Gateway.objects.visible_to(actor, permission).select_related("unit", "site")


def tags(actor: Actor, permission: str | None = None) -> QuerySet[Tag]:
    """The tags the actor may see."""
    return Tag.objects.visible_to(actor, permission).select_related("gateway", "unit", "site")


def counts(actor: Actor, permission: str | None = None) -> QuerySet[GatewayCount]:
    """What was refused of the gateways the actor may see."""
    return GatewayCount.objects.visible_to(actor, permission).select_related("gateway")


def site_tags(actor: Actor, site_id: int) -> QuerySet[Tag]:
    """The tags in use at a site the actor may see."""
    return tags(actor).filter(site=site_id, active=True).order_by("label", "pk")


def own_sites(actor: Actor) -> QuerySet[Any]:
    """The open sites whose gateways the actor keeps."""
    return registry.kept_sites(actor, KEEP)


def installations_of(actor: Actor, gateway: Gateway) -> QuerySet[Any]:
    """The major hazard installations at the site of a gateway."""
    return installations.installation_rows(actor).filter(site=gateway.site_id).order_by("name", "pk")


@system_read("the historian and the answer to a sign-in look at every gateway")
def active_gateways() -> QuerySet[Gateway]:
    """The gateways that are admitted."""
    return Gateway.objects.everything(why="whoever signs in is nobody yet").filter(state="active")
