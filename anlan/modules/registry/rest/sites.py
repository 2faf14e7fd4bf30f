"""Sites by API."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from anlan.kernel.errors import BadInputs
from anlan.kernel.intake.problems import Problem
from anlan.kernel.regions.models import Region
from anlan.kernel.scope import within
from anlan.modules.registry import selectors, services
from anlan.modules.registry.rest.shapes import (
    KEY,
    MATCH,
    PLACE,
    ChangeOut,
    FoundIn,
    MergeIn,
    RecordQuery,
    SeenIn,
    SiteChange,
    SiteIn,
    Strict,
    changes_of,
    data_of,
    region_of,
    seen_version,
    words,
)
from anlan.modules.registry.services._places import Places
from anlan.ui.api import REFUSALS, actor_of, page_of, paged

router = Router()


class SiteOut(Schema):
    """A site. ``number`` is the unit's with the site's own; ``flags`` are codes."""

    id: int
    unit_id: int
    unit_name: str = Field(alias="unit.name")
    number: str
    name: str
    is_main: bool
    region_path: str
    address: str
    lon: float | None
    lat: float | None
    sector: str
    trade: str
    industry: str
    scale: str
    headcount: int | None
    flags: list[str]
    status: str
    status_since: dt.date | None
    opened_on: dt.date | None
    landlord_id: int | None
    version: int


class StatusIn(Strict):
    """Since when, and why."""

    since: dt.date
    reason: str
    version: int | None = None


class MoveIn(Strict):
    """Where the site lies now: a code, a name, or ``@`` with the tree path."""

    region: str
    reason: str
    address: str = ""
    lon: float | None = None
    lat: float | None = None
    version: int | None = None


class LandlordIn(Strict):
    """The site that lets the premises; null: none."""

    landlord_id: int | None
    version: int | None = None


@router.post("/units/{int:pk}/sites", response={200: SiteOut, **REFUSALS}, operation_id="registry_add_site")
def add_site(request: HttpRequest, pk: int, body: SiteIn, idempotency_key: KEY = None) -> Any:  # type: ignore[valid-type]
    """Give a unit a further site; county, town and village name the place."""
    data = data_of(body)
    where = _place_in(data)
    return services.add_site(actor=actor_of(request), unit=pk, data=data, region=where, key=idempotency_key or None)


def _place_in(data: dict[str, Any]) -> Region:
    """The region that county, town and village name; they are taken out of what was sent."""
    places, place = Places(), {name: data.pop(name, None) for name in PLACE}
    places.load([place])
    where, _notes = places.of(place)
    if isinstance(where, Problem):
        raise BadInputs([where.as_error()])
    return where


@router.post("/sites/found", response={200: SiteOut, **REFUSALS}, operation_id="registry_register_found")
def register_found(request: HttpRequest, body: FoundIn, idempotency_key: KEY = None) -> Any:  # type: ignore[valid-type]
    """Put a site without a licence on file, found on the ground; it gets a provisional number."""
    data = data_of(body)
    where = _place_in(data)
    return services.register_found(actor=actor_of(request), data=data, region=where, key=idempotency_key or None)


@router.post("/sites/{int:pk}/correct", response={200: SiteOut, **REFUSALS}, operation_id="registry_correct_site")
def correct_site(request: HttpRequest, pk: int, body: SeenIn, idempotency_key: KEY = None) -> Any:  # type: ignore[valid-type]
    """Correct what is different on the spot; what is not sent stays."""
    return services.correct_site(
        actor=actor_of(request),
        site=pk,
        data=data_of(body),
        version=body.version,  # type: ignore[attr-defined]
        key=idempotency_key or None,
    )


@router.get("/sites", response=page_of(SiteOut), operation_id="registry_sites")
def list_sites(request: HttpRequest, query: Query[RecordQuery]) -> dict[str, Any]:
    """The sites within the caller's reach, newest first."""
    rows = words(selectors.sites(actor_of(request)).filter(within("region_path", query.region)), query.q)
    for name in ("sector", "status", "scale"):
        if getattr(query, name):
            rows = rows.filter(**{name: getattr(query, name)})
    if query.industry:
        rows = rows.filter(industry__startswith=query.industry)
    if query.flag:
        rows = rows.filter(flags__contains=[query.flag])
    return paged(rows.order_by("-pk"), query)


@router.get("/sites/{int:pk}", response={200: SiteOut, **REFUSALS}, operation_id="registry_site")
def get_site(request: HttpRequest, pk: int) -> Any:
    """One site; for a record merged away the one it went into."""
    return selectors.site(actor_of(request), pk)


@router.patch("/sites/{int:pk}", response={200: SiteOut, **REFUSALS}, operation_id="registry_change_site")
def change_site(
    request: HttpRequest,
    pk: int,
    body: SiteChange,  # type: ignore[valid-type]
    idempotency_key: KEY = None,
    if_match: MATCH = None,  # type: ignore[valid-type]
) -> Any:
    """Change fields of a site; what is not sent stays."""
    version = seen_version(if_match, body.version)  # type: ignore[attr-defined]
    return services.change_site(
        actor=actor_of(request), site=pk, data=data_of(body), version=version, key=idempotency_key or None
    )


@router.post("/sites/{int:pk}/move", response={200: SiteOut, **REFUSALS}, operation_id="registry_move_site")
def move_site(request: HttpRequest, pk: int, body: MoveIn, idempotency_key: KEY = None) -> Any:
    """The site lies in another town from now on."""
    actor = actor_of(request)
    return services.move_site(
        actor=actor, site=pk, region=region_of(actor, body.region), reason=body.reason, address=body.address,
        lon=body.lon, lat=body.lat, version=body.version, key=idempotency_key or None,
    )  # fmt: skip


@router.post("/sites/{int:pk}/landlord", response={200: SiteOut, **REFUSALS}, operation_id="registry_link_landlord")
def link_landlord(request: HttpRequest, pk: int, body: LandlordIn, idempotency_key: KEY = None) -> Any:
    """Say which site lets its premises to this one."""
    actor = actor_of(request)
    landlord = selectors.site(actor, body.landlord_id) if body.landlord_id else None
    return services.link_landlord(
        actor=actor, site=pk, landlord=landlord, version=body.version, key=idempotency_key or None
    )


@router.post("/sites/{int:pk}/merge", response={200: SiteOut, **REFUSALS}, operation_id="registry_merge_sites")
def merge_sites(request: HttpRequest, pk: int, body: MergeIn, idempotency_key: KEY = None) -> Any:
    """Merge a second record of this site into it."""
    return services.merge_sites(
        actor=actor_of(request), site=pk, other=body.other_id, reason=body.reason, version=body.version,
        key=idempotency_key or None,
    )  # fmt: skip


def _status(name: str, act: Any) -> None:
    def operation(request: HttpRequest, pk: int, body: StatusIn, idempotency_key: KEY = None) -> Any:
        return act(
            actor=actor_of(request), site=pk, since=body.since, reason=body.reason, version=body.version,
            key=idempotency_key or None,
        )  # fmt: skip

    operation.__doc__ = act.__doc__
    router.post(f"/sites/{{int:pk}}/{name}", response={200: SiteOut, **REFUSALS}, operation_id=f"registry_{name}_site")(
        operation
    )


_status("suspend", services.suspend_site)
_status("close", services.close_site)
_status("reopen", services.reopen_site)


@router.get(
    "/sites/{int:pk}/history", response={200: list[ChangeOut], **REFUSALS}, operation_id="registry_site_history"
)
def site_history(request: HttpRequest, pk: int) -> Any:
    """The history of every field of a site, newest first."""
    actor = actor_of(request)
    return changes_of(selectors.history(actor, selectors.site(actor, pk)))
