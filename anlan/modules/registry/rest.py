"""The HTTP API of the registry: units, sites, people (masked), duplicates and ledgers."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.http import HttpRequest
from ninja import File, Form, Query, Router, Schema
from ninja.files import UploadedFile

from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotFound
from anlan.kernel.intake.models import Batch
from anlan.kernel.intake.services import confirm_batch, discard_batch, open_batch
from anlan.kernel.regions.selectors import by_code_or_name
from anlan.kernel.scope import within
from anlan.modules.registry import selectors
from anlan.modules.registry.models import Person, Site, Unit
from anlan.modules.registry.rows import CERTIFICATE, ENTERPRISE, PERSON
from anlan.modules.registry.selectors import duplicates, history
from anlan.modules.registry.services import merging, people, sites, units
from anlan.ui.api import KEY, REFUSALS, PageQuery, actor_of, expose, page_of, paged

router = Router()


class SiteOut(Schema):
    """A site. Degrees are WGS-84."""

    id: int
    unit_id: int
    number: str
    name: str
    region_path: str
    sector: str
    trade: str
    industry: str
    scale: str
    headcount: int | None
    address: str
    lon: float | None
    lat: float | None
    flags: list[str]
    status: str
    opened_on: dt.date | None
    is_main: bool
    version: int


class UnitOut(Schema):
    """A unit with those of its sites the caller may see."""

    id: int
    kind: str
    name: str
    uscc: str
    provisional_number: str
    founded_on: dt.date | None
    registered_address: str
    region_path: str
    version: int
    sites: list[SiteOut]
    other_sites: int


class PersonOut(Schema):
    """A person; what identifies him is masked, ``has_phone`` and ``has_id_number`` tell whether it is on file."""

    id: int
    unit_id: int
    site_id: int | None
    name: str
    posts: list[str]
    has_phone: bool
    has_id_number: bool
    version: int


class ChangeOut(Schema):
    """One field's change."""

    at: dt.datetime
    field: str
    before: str
    after: str
    by: str
    act: str


class PairOut(Schema):
    """Two units that may be one, and why."""

    first: int
    second: int
    score: int
    reasons: list[str]
    mergeable: bool


class BatchOut(Schema):
    """A ledger on its way in. ``result`` holds the preview and each refused row with its reason."""

    id: uuid.UUID
    noun: str
    state: str
    file_name: str
    accepted: int
    rejected: int
    skipped: int
    result: dict[str, Any]
    outcome: dict[str, Any]
    version: int


class SiteQuery(PageQuery):
    """Which sites."""

    region: str = ""
    sector: str = ""
    status: str = ""
    flag: str = ""
    q: str = ""


class BatchIn(Schema):
    """Which ledger it is, and where rows lie that name no other place."""

    noun: str = "enterprises"
    region: str = ""
    mode: str = "add"


@router.get("/sites", response=page_of(SiteOut), operation_id="registry_sites")
def list_sites(request: HttpRequest, query: Query[SiteQuery]) -> dict[str, Any]:
    """The sites within the caller's reach."""
    found = selectors.sites(actor_of(request)).select_related("unit").filter(within("region_path", query.region))
    for name in ("sector", "status"):
        if getattr(query, name):
            found = found.filter(**{name: getattr(query, name)})
    if query.flag:
        found = found.filter(flags__contains=[query.flag])
    if query.q.strip():
        found = found.filter(search_text__has=query.q.strip())
    return paged(found.order_by("-pk"), query)


@router.get("/sites/{int:pk}", response=SiteOut, operation_id="registry_site")
def get_site(request: HttpRequest, pk: int) -> Site:
    """One site."""
    return selectors.site(actor_of(request), pk)


@router.get("/sites/{int:pk}/history", response=list[ChangeOut], operation_id="registry_site_history")
def site_history(request: HttpRequest, pk: int) -> list[dict[str, Any]]:
    """The history of every field of a site, newest first."""
    actor = actor_of(request)
    return _changes(actor, selectors.site(actor, pk))


@router.get("/units/{int:pk}", response=UnitOut, operation_id="registry_unit")
def get_unit(request: HttpRequest, pk: int) -> Any:
    """One unit."""
    actor = actor_of(request)
    return _unit(actor, selectors.unit(actor, pk))


@router.get("/units/{int:pk}/history", response=list[ChangeOut], operation_id="registry_unit_history")
def unit_history(request: HttpRequest, pk: int) -> list[dict[str, Any]]:
    """The history of every field of a unit, newest first."""
    actor = actor_of(request)
    return _changes(actor, selectors.unit(actor, pk))


@router.get("/units/{int:pk}/people", response=list[PersonOut], operation_id="registry_unit_people")
def unit_people(request: HttpRequest, pk: int) -> list[dict[str, Any]]:
    """The people of a unit, masked."""
    actor = actor_of(request)
    unit = selectors.unit(actor, pk)
    rows = selectors.people(actor).filter(unit=unit, erased_at=None).prefetch_related("posts").order_by("pk")
    return [_person(actor, p) for p in rows]


@router.get("/duplicates", response=list[PairOut], operation_id="registry_duplicates")
def list_duplicates(request: HttpRequest) -> list[dict[str, Any]]:
    """The pairs of units that may be one, those with most in common first."""
    return [
        {"first": p.first.pk, "second": p.second.pk, "score": p.score, "reasons": sorted(p.reasons), "mergeable": p.mergeable}
        for p in duplicates.pairs(actor_of(request))
    ]


@router.post("/batches", response={200: BatchOut, **REFUSALS}, operation_id="registry_open_batch")
def upload_ledger(
    request: HttpRequest, body: Form[BatchIn], file: File[UploadedFile], idempotency_key: KEY = None
) -> Batch:
    """Upload a ledger: it is read in the background, its state tells when the preview is ready."""
    actor = actor_of(request)
    return open_batch(
        actor=actor, key=idempotency_key or None, noun=body.noun, file_name=file.name or "ledger", content=file.read(),
        region=_place(actor, body.region) if body.region else None, mode=body.mode,
    )  # fmt: skip


@router.get("/batches/{uuid:pk}", response=BatchOut, operation_id="registry_batch")
def get_batch(request: HttpRequest, pk: uuid.UUID) -> Batch:
    """A ledger's state, preview and refused rows."""
    found = Batch.objects.visible_to(actor_of(request)).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def _changes(actor: Actor, record: Unit | Site) -> list[dict[str, Any]]:
    return [
        {"at": c.at, "field": c.field, "before": _text(c.before), "after": _text(c.after), "by": c.by, "act": c.act}
        for c in history.history(actor, record)
    ]


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _unit(actor: Actor, unit: Unit) -> dict[str, Any]:
    shown = {name: getattr(unit, name) for name in UnitOut.model_fields if name not in ("sites", "other_sites")}
    own = list(selectors.sites_of(actor, unit).select_related("unit"))
    return shown | {"sites": own, "other_sites": selectors.other_sites(actor, unit)}


def _person(actor: Actor, person: Person) -> dict[str, Any]:
    return {
        "id": person.pk, "unit_id": person.unit_id, "site_id": person.site_id, "name": str(person),
        "posts": [p.kind for p in person.posts.all() if p.until is None], "has_phone": person.has_phone,
        "has_id_number": person.has_id_number, "version": person.version,
    }  # fmt: skip


def _place(actor: Actor, text: Any) -> Any:
    return by_code_or_name(str(text))


def _site_of(actor: Actor, pk: Any) -> Site:
    return selectors.site(actor, int(pk))


expose(router, units.register_unit, out=UnitOut, show=_unit, row=ENTERPRISE, name="units", convert={"region": _place})
expose(router, units.add_site, out=SiteOut, row=ENTERPRISE, name="sites", convert={"region": _place})
for act in (units.change_unit, units.upgrade_number):
    expose(router, act, out=UnitOut, show=_unit, row=ENTERPRISE if act is units.change_unit else None, under="units")
expose(router, merging.merge_units, out=UnitOut, show=_unit, under="units")
expose(router, merging.mark_different, out=UnitOut, show=_unit, under="units")
expose(router, sites.change_site, out=SiteOut, row=ENTERPRISE, under="sites")
expose(router, sites.move_site, out=SiteOut, under="sites", convert={"region": _place})
expose(router, sites.link_landlord, out=SiteOut, under="sites", convert={"landlord": _site_of})
for act in (sites.suspend_site, sites.close_site, sites.reopen_site):
    expose(router, act, out=SiteOut, under="sites")
expose(router, merging.merge_sites, out=SiteOut, under="sites")
expose(router, people.add_person, out=PersonOut, show=_person, row=PERSON, name="people", convert={"site": _site_of})
expose(router, people.change_person, out=PersonOut, show=_person, row=PERSON, under="people")
expose(router, confirm_batch, out=BatchOut, under="batches")
expose(router, discard_batch, out=BatchOut, under="batches")


class CertificateOut(Schema):
    """A certificate; its number stays sealed."""

    id: int
    person_id: int
    kind: str
    work: str
    issuer: str
    issued_on: dt.date | None
    valid_to: dt.date | None
    withdrawn_on: dt.date | None


expose(router, people.add_certificate, out=CertificateOut, row=CERTIFICATE, under="people")
