"""The registry's HTTP API: units, sites, people (masked), certificates, ledgers, duplicates.

Fields of units and sites are those of the row schema, raw as a person types them or converted; the same sentences
refuse them here as on the screen and in a ledger. Regions are named by code, by name, or as ``@`` with the tree path.
"""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import File, Form, Header, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import ConfigDict, Field, create_model

from anlan.kernel.actor import Actor
from anlan.kernel.errors import BadInput, BadInputs, gettext_noop
from anlan.kernel.intake import selectors as intake
from anlan.kernel.intake.kinds import Kind
from anlan.kernel.intake.models import Batch
from anlan.kernel.intake.problems import Problem
from anlan.kernel.intake.reading import told_in
from anlan.kernel.intake.schema import RowSchema
from anlan.kernel.intake.services import confirm_batch, discard_batch, open_batch
from anlan.kernel.regions.models import Region
from anlan.kernel.regions.selectors import by_code_or_name
from anlan.kernel.scope import within
from anlan.modules.registry import selectors, services
from anlan.modules.registry.models import Unit
from anlan.modules.registry.rows import CERTIFICATE, ENTERPRISE, FLAG_FIELDS, PERSON
from anlan.modules.registry.services._places import Places
from anlan.ui.api import REFUSALS, PageQuery, actor_of, page_of, paged

router = Router()
KEY = Annotated[
    str | None, Header(alias="Idempotency-Key", description="Makes a repeated request act once.", max_length=80)
]
MATCH = Annotated[
    str | None, Header(alias="If-Match", description="The version the caller saw, in place of the body's.")
]
_TYPES: dict[Kind, Any] = {
    Kind.WHOLE: int | str, Kind.DECIMAL: Decimal | str, Kind.DAY: dt.date | str, Kind.FLAG: bool | str,
    Kind.CHOICES: list[str] | str, Kind.LON: float | str, Kind.LAT: float | str,
}  # fmt: skip


def sent_as(name: str, schema: RowSchema, *left_out: str, **more: Any) -> type[Schema]:
    """A body with the fields of a row schema: every one optional here, since the schema itself says what is needed."""
    fields: dict[str, Any] = {}
    for field in schema.fields.values():
        if field.name in left_out:
            continue
        about = field.label + (f" ({', '.join(c.code for c in field.choices[:30])})" if field.choices else "")
        fields[field.name] = (_TYPES.get(field.kind, str) | None, Field(None, description=about))
    made: Any = create_model(name, __base__=Strict, **fields, **more)
    return made  # type: ignore[no-any-return]


class Strict(Schema):
    """A body in which an unknown name is an error and not silently dropped."""

    model_config = ConfigDict(extra="forbid")


def _versioned() -> dict[str, Any]:
    return {"version": (int | None, Field(None, description="The version the caller saw.", ge=1))}


NOT_HERE = (*FLAG_FIELDS, "provisional", "status")
PLACE = ("county", "town", "village")
UNIT_ONLY = ("name", "kind", "founded", "registered_address", "business_scope")
SITE_ONLY = ("site_name", "address", "lon", "lat", "industry", "sector", "scale", "headcount", "flags", "opened")
_NOT_UNIT = tuple(f for f in ENTERPRISE.fields if f not in UNIT_ONLY)
_NOT_SITE = tuple(f for f in ENTERPRISE.fields if f not in SITE_ONLY)
UnitIn = sent_as("UnitIn", ENTERPRISE, *NOT_HERE)
UnitChange = sent_as("UnitChange", ENTERPRISE, *_NOT_UNIT, **_versioned())
SiteIn = sent_as("SiteIn", ENTERPRISE, *[f for f in _NOT_SITE if f not in PLACE])
SiteChange = sent_as("SiteChange", ENTERPRISE, *_NOT_SITE, **_versioned())
PersonIn = sent_as("PersonIn", PERSON, site_id=(int | None, Field(None, description="Works at this site only.")))
PersonChange = sent_as("PersonChange", PERSON, "posts", "since", "document", **_versioned())
CertificateIn = sent_as("CertificateIn", CERTIFICATE)


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


class UnitFile(UnitOut):
    """A unit with its sites: those the caller may see, and how many lie elsewhere."""

    business_scope: str
    former_names: list[str]
    sites: list[SiteOut]
    other_sites: int


class PostOut(Schema):
    """A post."""

    kind: str
    since: dt.date | None
    until: dt.date | None


class PersonOut(Schema):
    """A person, masked: whether a telephone and an identity number are on file, never what they are."""

    id: int
    unit_id: int
    site_id: int | None
    name: str
    has_phone: bool
    has_id_number: bool
    erased_at: dt.datetime | None
    posts: list[PostOut]
    version: int


class UnmaskIn(Strict):
    """For which task, and what."""

    reason: str
    fields: list[str] = ["phone"]


class UnmaskedOut(Schema):
    """Personal data in the open, journalled under the caller's name."""

    phone: str
    id_number: str
    certificates: dict[int, str] | None


class CertificateOut(Schema):
    """A certificate; its number is sealed."""

    id: int
    person_id: int
    kind: str
    work: str
    issuer: str
    issued_on: dt.date | None
    valid_to: dt.date | None
    withdrawn_on: dt.date | None


class CodeIn(Strict):
    """The unified social credit code."""

    uscc: str
    version: int | None = None


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


class MergeIn(Strict):
    """The second record, and how one knows."""

    other_id: int
    reason: str
    version: int | None = None


class ReasonIn(Strict):
    """Why."""

    reason: str
    version: int | None = None


class PairOut(Schema):
    """Two units that may be one."""

    first: UnitOut
    second: UnitOut
    reasons: list[str]
    score: int
    mergeable: bool


class LineOut(Schema):
    """One problem of one row; ``column`` as the sheet shows it, ``field`` its name."""

    row: int
    column: str
    field: str
    code: str
    reason: str


class BatchOut(Schema):
    """A ledger on its way: states ``reading read refused queued running done failed discarded``."""

    id: uuid.UUID
    noun: str
    mode: str
    state: str
    file_name: str
    accepted: int
    rejected: int
    skipped: int
    outcome: dict[str, int]
    reason: str
    version: int


class BatchFile(BatchOut):
    """A ledger with its refused rows (the first 2,000) and how far it has come."""

    problems: list[LineOut]
    done: int | None
    total: int | None


class RecordQuery(PageQuery):
    """Which units or sites."""

    q: str = Field("", description="Words of name, code, address or pinyin.")
    region: str = Field("", description="The tree path of a region; everything below it.")
    sector: str = ""
    kind: str = ""
    status: str = ""
    scale: str = ""
    flag: str = ""
    industry: str = ""


def _words(rows: Any, text: str) -> Any:
    for word in text.replace("\x00", "").split()[:6]:
        rows = rows.filter(search_text__has=word)
    return rows


def _version(match: str | None, given: int | None) -> int | None:
    """The version of ``If-Match`` (``"3"``), else that of the body."""
    if match is None:
        return given
    text = match.strip().removeprefix("W/").strip('"')
    if not text.isdigit():
        raise BadInput("If-Match", gettext_noop("If-Match holds the version the caller saw, such as \"3\"."))
    return int(text)


def _data(body: Any) -> dict[str, Any]:
    """What was sent, as the row schema takes it."""
    given = body.model_dump(exclude_unset=True)
    given.pop("version", None)
    return given


def _region(actor: Actor, text: str) -> Region:
    if text.startswith("@"):
        found = Region.objects.filter(path=text[1:], valid_to=None).first()
        if found is None:
            raise BadInput("region", gettext_noop("There is no region with this path."))
        return found
    return by_code_or_name(text)


@router.get("/units", response=page_of(UnitOut), operation_id="registry_units")
def list_units(request: HttpRequest, query: Query[RecordQuery]) -> dict[str, Any]:
    """The units with a site the caller may see, newest first."""
    rows = _words(selectors.units(actor_of(request)).filter(within("region_path", query.region)), query.q)
    for name in ("sector", "kind"):
        if getattr(query, name):
            rows = rows.filter(**{name: getattr(query, name)})
    return paged(rows.order_by("-pk"), query)


@router.post("/units", response={200: UnitFile, **REFUSALS}, operation_id="registry_register_unit")
def register_unit(request: HttpRequest, body: UnitIn, idempotency_key: KEY = None) -> Any:  # type: ignore[valid-type]
    """Enter a unit with its first site, or a further site of a unit on file under the same code."""
    actor = actor_of(request)
    made = services.register_unit(actor=actor, data=_data(body), key=idempotency_key or None)
    return _file(actor, made)


@router.get("/units/{int:pk}", response={200: UnitFile, **REFUSALS}, operation_id="registry_unit")
def get_unit(request: HttpRequest, pk: int) -> Any:
    """One unit with its sites; for a record merged away the one it went into."""
    return _file(actor_of(request), selectors.unit(actor_of(request), pk))


@router.patch("/units/{int:pk}", response={200: UnitFile, **REFUSALS}, operation_id="registry_change_unit")
def change_unit(
    request: HttpRequest, pk: int, body: UnitChange, idempotency_key: KEY = None, if_match: MATCH = None,  # type: ignore[valid-type]
) -> Any:
    """Change fields of a unit; what is not sent stays."""
    actor = actor_of(request)
    version = _version(if_match, body.version)  # type: ignore[attr-defined]
    services.change_unit(actor=actor, unit=pk, data=_data(body), version=version, key=idempotency_key or None)
    return _file(actor, selectors.unit(actor, pk))


@router.post("/units/{int:pk}/code", response={200: UnitFile, **REFUSALS}, operation_id="registry_upgrade_number")
def upgrade_number(request: HttpRequest, pk: int, body: CodeIn, idempotency_key: KEY = None) -> Any:
    """Enter the unified social credit code of a unit that had a provisional number."""
    actor = actor_of(request)
    services.upgrade_number(actor=actor, unit=pk, uscc=body.uscc, version=body.version, key=idempotency_key or None)
    return _file(actor, selectors.unit(actor, pk))


@router.post("/units/{int:pk}/merge", response={200: UnitFile, **REFUSALS}, operation_id="registry_merge_units")
def merge_units(request: HttpRequest, pk: int, body: MergeIn, idempotency_key: KEY = None) -> Any:
    """Merge a second record of this unit into it."""
    actor = actor_of(request)
    services.merge_units(
        actor=actor, unit=pk, other=body.other_id, reason=body.reason, version=body.version, key=idempotency_key or None
    )
    return _file(actor, selectors.unit(actor, pk))


@router.post("/units/{int:pk}/sites", response={200: SiteOut, **REFUSALS}, operation_id="registry_add_site")
def add_site(request: HttpRequest, pk: int, body: SiteIn, idempotency_key: KEY = None) -> Any:  # type: ignore[valid-type]
    """Give a unit a further site; county, town and village name the place."""
    actor, data = actor_of(request), _data(body)
    places, place = Places(), {name: data.pop(name, None) for name in PLACE}
    places.load([place])
    where, _notes = places.of(place)
    if isinstance(where, Problem):
        raise BadInputs([where.as_error()])
    return services.add_site(actor=actor, unit=pk, data=data, region=where, key=idempotency_key or None)


@router.get("/units/{int:pk}/people", response={200: list[PersonOut], **REFUSALS}, operation_id="registry_people_of")
def people_of(request: HttpRequest, pk: int) -> Any:
    """The people of a unit, masked."""
    actor = actor_of(request)
    return list(selectors.people(actor).filter(unit=selectors.unit(actor, pk)).order_by("pk"))


@router.post("/units/{int:pk}/people", response={200: PersonOut, **REFUSALS}, operation_id="registry_add_person")
def add_person(request: HttpRequest, pk: int, body: PersonIn, idempotency_key: KEY = None) -> Any:  # type: ignore[valid-type]
    """Enter a person with posts."""
    actor, data = actor_of(request), _data(body)
    site_id = data.pop("site_id", None)
    site = selectors.site(actor, site_id) if site_id else None
    made = services.add_person(actor=actor, unit=pk, data=data, site=site, key=idempotency_key or None)
    return selectors.person(actor, made.pk)


@router.get("/sites", response=page_of(SiteOut), operation_id="registry_sites")
def list_sites(request: HttpRequest, query: Query[RecordQuery]) -> dict[str, Any]:
    """The sites within the caller's reach, newest first."""
    rows = _words(selectors.sites(actor_of(request)).filter(within("region_path", query.region)), query.q)
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
    request: HttpRequest, pk: int, body: SiteChange, idempotency_key: KEY = None, if_match: MATCH = None,  # type: ignore[valid-type]
) -> Any:
    """Change fields of a site; what is not sent stays."""
    version = _version(if_match, body.version)  # type: ignore[attr-defined]
    return services.change_site(
        actor=actor_of(request), site=pk, data=_data(body), version=version, key=idempotency_key or None
    )


@router.post("/sites/{int:pk}/move", response={200: SiteOut, **REFUSALS}, operation_id="registry_move_site")
def move_site(request: HttpRequest, pk: int, body: MoveIn, idempotency_key: KEY = None) -> Any:
    """The site lies in another town from now on."""
    actor = actor_of(request)
    return services.move_site(
        actor=actor, site=pk, region=_region(actor, body.region), reason=body.reason, address=body.address,
        lon=body.lon, lat=body.lat, version=body.version, key=idempotency_key or None,
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


@router.get("/people/{int:pk}", response={200: PersonOut, **REFUSALS}, operation_id="registry_person")
def get_person(request: HttpRequest, pk: int) -> Any:
    """One person, masked."""
    return selectors.person(actor_of(request), pk)


@router.patch("/people/{int:pk}", response={200: PersonOut, **REFUSALS}, operation_id="registry_change_person")
def change_person(request: HttpRequest, pk: int, body: PersonChange, idempotency_key: KEY = None) -> Any:  # type: ignore[valid-type]
    """Change name, telephone or identity number."""
    actor = actor_of(request)
    version = body.version  # type: ignore[attr-defined]
    services.change_person(actor=actor, person=pk, data=_data(body), version=version, key=idempotency_key or None)
    return selectors.person(actor, pk)


@router.post("/people/{int:pk}/unmask", response={200: UnmaskedOut, **REFUSALS}, operation_id="registry_unmask_person")
def unmask_person(request: HttpRequest, pk: int, body: UnmaskIn) -> Any:
    """Personal data in the open, for a reason that is journalled every time."""
    return services.unmask_person(actor=actor_of(request), person=pk, reason=body.reason, fields=tuple(body.fields))


@router.post("/people/{int:pk}/erase", response={200: PersonOut, **REFUSALS}, operation_id="registry_erase_person")
def erase_person(request: HttpRequest, pk: int, body: ReasonIn, idempotency_key: KEY = None) -> Any:
    """Lawful erasure."""
    actor = actor_of(request)
    services.erase_person(actor=actor, person=pk, reason=body.reason, version=body.version, key=idempotency_key or None)
    return selectors.person(actor, pk)


@router.get(
    "/people/{int:pk}/certificates", response={200: list[CertificateOut], **REFUSALS},
    operation_id="registry_certificates_of",
)
def certificates_of(request: HttpRequest, pk: int) -> Any:
    """The certificates of a person."""
    actor = actor_of(request)
    return list(selectors.certificates(actor).filter(person=selectors.person(actor, pk)).order_by("pk"))


@router.post(
    "/people/{int:pk}/certificates", response={200: CertificateOut, **REFUSALS}, operation_id="registry_add_certificate"
)
def add_certificate(request: HttpRequest, pk: int, body: CertificateIn, idempotency_key: KEY = None) -> Any:  # type: ignore[valid-type]
    """Enter a certificate, or renew the one with this number."""
    return services.add_certificate(
        actor=actor_of(request), person=pk, data=_data(body), key=idempotency_key or None
    )


@router.get("/certificates", response=page_of(CertificateOut), operation_id="registry_certificates")
def list_certificates(request: HttpRequest, query: Query[PageQuery], ended: bool = False) -> dict[str, Any]:
    """The certificates in force, those that end first first; ``ended``: those whose day has passed."""
    from anlan.kernel.clock import today

    rows = selectors.certificates(actor_of(request)).filter(withdrawn_on=None)
    return paged((rows.filter(valid_to__lt=today()) if ended else rows).order_by("valid_to", "pk"), query)


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


@router.post("/intake", response={202: BatchOut, **REFUSALS}, operation_id="registry_open_batch")
def upload_ledger(
    request: HttpRequest, file: Annotated[UploadedFile, File()], region: Annotated[str, Form()] = "",
    mode: Annotated[str, Form()] = "add", idempotency_key: KEY = None,
) -> Any:
    """Upload a ledger of enterprises; it is read in the background, nothing is stored before it is confirmed."""
    actor = actor_of(request)
    batch = open_batch(
        actor=actor, noun=ENTERPRISE.code, file_name=str(file.name), content=file.read(), mode=mode,
        region=_region(actor, region) if region else None, key=idempotency_key or None,
    )  # fmt: skip
    return Status(202, _batch(actor, batch))


@router.get("/intake", response=page_of(BatchOut), operation_id="registry_batches")
def list_batches(request: HttpRequest, query: Query[PageQuery]) -> dict[str, Any]:
    """The ledgers of the caller's jurisdiction, newest first."""
    actor = actor_of(request)
    found = paged(intake.batches(actor).filter(noun=ENTERPRISE.code).order_by("-at", "pk"), query)
    return {**found, "items": [_batch(actor, batch) for batch in found["items"]]}


@router.get("/intake/{uuid:pk}", response={200: BatchFile, **REFUSALS}, operation_id="registry_batch")
def get_batch(request: HttpRequest, pk: uuid.UUID) -> Any:
    """One ledger: its state, its refused rows, how far it has come."""
    actor = actor_of(request)
    return _batch(actor, intake.batch(actor, pk))


@router.post("/intake/{uuid:pk}/confirm", response={200: BatchFile, **REFUSALS}, operation_id="registry_confirm_batch")
def confirm_ledger(request: HttpRequest, pk: uuid.UUID, idempotency_key: KEY = None) -> Any:
    """Take in the accepted rows; twice does it once."""
    actor = actor_of(request)
    confirm_batch(actor=actor, batch=pk, key=idempotency_key or None)
    return _batch(actor, intake.batch(actor, pk))


@router.post("/intake/{uuid:pk}/discard", response={200: BatchFile, **REFUSALS}, operation_id="registry_discard_batch")
def discard_ledger(request: HttpRequest, pk: uuid.UUID, idempotency_key: KEY = None) -> Any:
    """Put a ledger away; the file is destroyed."""
    actor = actor_of(request)
    discard_batch(actor=actor, batch=pk, key=idempotency_key or None)
    return _batch(actor, intake.batch(actor, pk))


def _file(actor: Actor, unit: Unit) -> dict[str, Any]:
    unit = selectors.unit(actor, unit.pk)
    own = {name: getattr(unit, name) for name in UnitOut.model_fields}
    return {
        **own, "business_scope": unit.business_scope, "former_names": [f.name for f in unit.former_names.all()],
        "sites": list(selectors.sites_of(actor, unit)), "other_sites": selectors.other_sites(actor, unit),
    }  # fmt: skip


def _batch(actor: Actor, batch: Batch) -> dict[str, Any]:
    now = intake.progress(actor, batch)
    return {
        **{name: getattr(batch, name) for name in BatchOut.model_fields if name != "reason"},
        "reason": told_in(batch.refusal.get("told", {})) if batch.refusal else "",
        "problems": [
            {"row": p["row"], "column": p["place"], "field": p["column"], "code": p["code"], "reason": told_in(p["told"])}
            for p in batch.result.get("problems", ())
        ],
        "done": now.done if now else None, "total": now.total if now else None,
    }  # fmt: skip


