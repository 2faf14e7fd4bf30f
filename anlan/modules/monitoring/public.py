"""The front door of monitoring: tags as other modules see them.

``TAG`` and ``GATEWAY`` name the tables for foreign keys. A record that hangs on a tag copies ``region_path``,
``sector`` and ``holder`` from the tag's view.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotFound
from anlan.kernel.scope import system_read
from anlan.modules.monitoring import selectors
from anlan.modules.monitoring.choices import Quality, Quantity
from anlan.modules.monitoring.events import CredentialIssued, CredentialRevoked
from anlan.modules.monitoring.models import Gateway, Tag
from anlan.modules.monitoring.selectors import SPEAKERS, Connection, Look, Speaker, connections, standing_of_sites
from anlan.modules.monitoring.services import accepted, carry_gateway, count_refused, note_seen
from anlan.modules.monitoring.services.credentials import CHANNEL
from anlan.modules.monitoring.services.terms import HOURS_KEPT, MINUTES_KEPT, RETENTION

TAG, GATEWAY = "monitoring.Tag", "monitoring.Gateway"

JOINABLE = frozenset({
    "tag__name", "tag__label", "tag__quantity", "tag__unit_of_measure", "tag__low_range", "tag__high_range",
    "tag__period_s", "tag__active", "tag__gateway_id", "tag__gateway__code", "tag__unit_id", "tag__unit__name",
    "tag__site_id", "tag__site__name", "tag__installation_id", "tag__region_path", "tag__holder",
})  # fmt: skip
"""The fields of tags another module may name in a query, from its own foreign key ``tag``."""


@dataclass(frozen=True, slots=True)
class TagView:
    """A tag as other modules see it."""

    id: int
    gateway_id: int
    name: str
    label: str
    quantity: str
    unit_of_measure: str
    low_range: float | None
    high_range: float | None
    period_s: int
    unit_id: int
    unit_name: str
    site_id: int
    site_name: str
    installation_id: int | None
    region_path: str
    sector: str
    holder: str
    active: bool


@dataclass(frozen=True, slots=True)
class Credential:
    """What a sign-in is answered by: the digest of the secret, the how-manieth it is, whether it is in force."""

    code: str
    digest: str
    issued: int
    issued_at: dt.datetime
    active: bool


@system_read("whoever signs in is nobody yet")
def credentials() -> dict[str, Credential]:
    """The credentials of all gateways, by their code."""
    rows = Gateway.objects.everything(why="the answer to sign-ins")
    fields = rows.values_list("code", "secret", "issued", "issued_at", "state")
    return {code: Credential(code, digest, n, at, state == "active") for code, digest, n, at, state in fields}


@system_read("the historian takes in the readings of every gateway")
def tags_by_gateway() -> dict[str, dict[str, int]]:
    """The tags in use of admitted gateways: by the gateway's code and the name in the payload."""
    found: dict[str, dict[str, int]] = {gateway.code: {} for gateway in selectors.active_gateways().only("code")}
    rows = Tag.objects.everything(why="the historian takes in every reading").filter(active=True)
    for code, name, key in rows.values_list("gateway__code", "name", "pk").iterator(chunk_size=20_000):
        if code in found:
            found[code][name] = key
    return found


def tag_view(actor: Actor, tag_id: int) -> TagView:
    """One tag the actor may see; ``NotFound`` otherwise."""
    found = selectors.tags(actor).filter(pk=tag_id).first()
    if found is None:
        raise NotFound
    return _view(found)


def tag_rows(actor: Actor, permission: str | None = None) -> QuerySet[Tag]:
    """The tags in use the actor may see, or on which he holds a permission; for choices in forms."""
    return selectors.tags(actor, permission).filter(active=True).order_by("label", "pk")


@system_read("the engine and flows name tags they were given already")
def tag_views(ids: Iterable[int]) -> dict[int, TagView]:
    """Tags by their key, in one query; unknown keys are left out."""
    rows = Tag.objects.everything(why="named by rows of another module that were seen already")
    return {t.pk: _view(t) for t in rows.filter(pk__in=set(ids)).select_related("unit", "site")}


def carry_gateways(actor: Actor, *, from_site: int, to_site: int, why: str) -> int:
    """Let every gateway of a site follow it to where it is now; answers how many there were."""
    rows = Gateway.objects.everything(why="a site goes with all its gateways").filter(site=from_site)
    keys: list[Any] = list(rows.order_by("pk").values_list("pk", flat=True))
    for pk in keys:
        carry_gateway(actor=actor, gateway=pk, site=to_site, why=why)
    return len(keys)


def carry_gateways_of_unit(actor: Actor, *, holder: str, why: str) -> int:
    """Let every gateway held under a reference follow its own site to the holder it has now."""
    rows = Gateway.objects.everything(why="a unit goes with all its gateways").filter(holder=holder)
    pairs = list(rows.order_by("pk").values_list("pk", "site"))
    for pk, site in pairs:
        carry_gateway(actor=actor, gateway=pk, site=site, why=why)
    return len(pairs)


def _view(tag: Tag) -> TagView:
    return TagView(
        id=tag.pk, gateway_id=tag.gateway_id, name=tag.name, label=tag.label, quantity=tag.quantity,
        unit_of_measure=tag.unit_of_measure, low_range=tag.low_range, high_range=tag.high_range,
        period_s=tag.period_s, unit_id=tag.unit_id, unit_name=tag.unit.name, site_id=tag.site_id,
        site_name=tag.site.name, installation_id=tag.installation_id, region_path=tag.region_path,
        sector=tag.sector, holder=tag.holder, active=tag.active,
    )  # fmt: skip


__all__ = [
    "CHANNEL", "GATEWAY", "HOURS_KEPT", "JOINABLE", "MINUTES_KEPT", "RETENTION", "SPEAKERS", "TAG", "Connection",
    "Credential", "CredentialIssued", "CredentialRevoked", "Look", "Quality", "Quantity", "Speaker", "TagView",
    "accepted", "carry_gateways", "carry_gateways_of_unit", "connections", "count_refused", "credentials",
    "note_seen", "standing_of_sites", "tag_rows", "tag_view", "tag_views", "tags_by_gateway",
]  # fmt: skip
