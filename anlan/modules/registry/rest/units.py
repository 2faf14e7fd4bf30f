"""Units and possible duplicates by API."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from anlan.kernel.actor import Actor
from anlan.kernel.scope import within
from anlan.modules.registry import selectors, services
from anlan.modules.registry.models import Unit
from anlan.modules.registry.rest.shapes import (
    KEY,
    MATCH,
    ChangeOut,
    MergeIn,
    RecordQuery,
    Strict,
    UnitChange,
    UnitIn,
    changes_of,
    data_of,
    seen_version,
    words,
)
from anlan.modules.registry.rest.sites import SiteOut
from anlan.ui.api import REFUSALS, actor_of, page_of, paged

router = Router()


class UnitOut(Schema):
    """A unit."""

    id: int
    name: str
    number: str
    uscc: str
    provisional_number: str
    kind: str
    founded_on: dt.date | None
    registered_address: str
    region_path: str
    sector: str
    version: int


class UnitFile(UnitOut):
    """A unit with its sites: those the caller may see, and how many lie elsewhere."""

    business_scope: str
    former_names: list[str]
    sites: list[SiteOut]
    other_sites: int


class CodeIn(Strict):
    """The unified social credit code."""

    uscc: str
    version: int | None = None


class PairOut(Schema):
    """Two units that may be one."""

    first: UnitOut
    second: UnitOut
    reasons: list[str]
    score: int
    mergeable: bool


@router.get("/units", response=page_of(UnitOut), operation_id="registry_units")
def list_units(request: HttpRequest, query: Query[RecordQuery]) -> dict[str, Any]:
    """The units with a site the caller may see, newest first."""
    rows = words(selectors.units(actor_of(request)).filter(within("region_path", query.region)), query.q)
    for name in ("sector", "kind"):
        if getattr(query, name):
            rows = rows.filter(**{name: getattr(query, name)})
    return paged(rows.order_by("-pk"), query)


@router.post("/units", response={200: UnitFile, **REFUSALS}, operation_id="registry_register_unit")
def register_unit(request: HttpRequest, body: UnitIn, idempotency_key: KEY = None) -> Any:  # type: ignore[valid-type]
    """Enter a unit with its first site, or a further site of a unit on file under the same code."""
    actor = actor_of(request)
    made = services.register_unit(actor=actor, data=data_of(body), key=idempotency_key or None)
    return unit_file(actor, made)


@router.get("/units/{int:pk}", response={200: UnitFile, **REFUSALS}, operation_id="registry_unit")
def get_unit(request: HttpRequest, pk: int) -> Any:
    """One unit with its sites; for a record merged away the one it went into."""
    return unit_file(actor_of(request), selectors.unit(actor_of(request), pk))


@router.patch("/units/{int:pk}", response={200: UnitFile, **REFUSALS}, operation_id="registry_change_unit")
def change_unit(
    request: HttpRequest,
    pk: int,
    body: UnitChange,  # type: ignore[valid-type]
    idempotency_key: KEY = None,
    if_match: MATCH = None,  # type: ignore[valid-type]
) -> Any:
    """Change fields of a unit; what is not sent stays."""
    actor = actor_of(request)
    version = seen_version(if_match, body.version)  # type: ignore[attr-defined]
    services.change_unit(actor=actor, unit=pk, data=data_of(body), version=version, key=idempotency_key or None)
    return unit_file(actor, selectors.unit(actor, pk))


@router.post("/units/{int:pk}/code", response={200: UnitFile, **REFUSALS}, operation_id="registry_upgrade_number")
def upgrade_number(request: HttpRequest, pk: int, body: CodeIn, idempotency_key: KEY = None) -> Any:
    """Enter the unified social credit code of a unit that had a provisional number."""
    actor = actor_of(request)
    services.upgrade_number(actor=actor, unit=pk, uscc=body.uscc, version=body.version, key=idempotency_key or None)
    return unit_file(actor, selectors.unit(actor, pk))


@router.post("/units/{int:pk}/merge", response={200: UnitFile, **REFUSALS}, operation_id="registry_merge_units")
def merge_units(request: HttpRequest, pk: int, body: MergeIn, idempotency_key: KEY = None) -> Any:
    """Merge a second record of this unit into it."""
    actor = actor_of(request)
    services.merge_units(
        actor=actor, unit=pk, other=body.other_id, reason=body.reason, version=body.version, key=idempotency_key or None
    )
    return unit_file(actor, selectors.unit(actor, pk))


@router.get("/duplicates", response={200: list[PairOut], **REFUSALS}, operation_id="registry_duplicates")
def list_duplicates(request: HttpRequest) -> Any:
    """The pairs of units within the caller's reach that may be one."""
    actor = actor_of(request)
    actor.need("registry.merge")
    return [
        {
            "first": p.first, "second": p.second, "reasons": sorted(p.reasons), "score": p.score,
            "mergeable": p.mergeable,
        }
        for p in selectors.pairs(actor)
    ]  # fmt: skip


def unit_file(actor: Actor, unit: Unit) -> dict[str, Any]:
    """A unit with its sites, as the caller may see them."""
    unit = selectors.unit(actor, unit.pk)
    own = {name: getattr(unit, name) for name in UnitOut.model_fields}
    return {
        **own, "business_scope": unit.business_scope, "former_names": [f.name for f in unit.former_names.all()],
        "sites": list(selectors.sites_of(actor, unit)), "other_sites": selectors.other_sites(actor, unit),
    }  # fmt: skip


@router.post("/units/{int:pk}/different", response={200: UnitFile, **REFUSALS}, operation_id="registry_mark_different")
def mark_different(request: HttpRequest, pk: int, body: MergeIn, idempotency_key: KEY = None) -> Any:
    """Note that two units that look alike are two; they are not proposed again."""
    actor = actor_of(request)
    services.mark_different(
        actor=actor, unit=pk, other=body.other_id, reason=body.reason, version=body.version, key=idempotency_key or None
    )
    return unit_file(actor, selectors.unit(actor, pk))


@router.get(
    "/units/{int:pk}/history", response={200: list[ChangeOut], **REFUSALS}, operation_id="registry_unit_history"
)
def unit_history(request: HttpRequest, pk: int) -> Any:
    """The history of every field of a unit, newest first."""
    actor = actor_of(request)
    return changes_of(selectors.history(actor, selectors.unit(actor, pk)))
