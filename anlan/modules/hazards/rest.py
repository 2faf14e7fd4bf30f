"""The HTTP API of hazards: reads, and one operation for every act of the loop and of what runs beside it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language
from ninja import Query, Router, Schema

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.deadlines.services import open_on
from anlan.kernel.errors import NotFound
from anlan.kernel.files.services import files_of
from anlan.kernel.journal.record import about
from anlan.kernel.regions.models import Region
from anlan.kernel.regions.selectors import by_code_or_name
from anlan.kernel.scope import within
from anlan.modules.hazards import rows, selectors, services
from anlan.modules.hazards.models import Extension, Hazard, Instruction, Listing, Transfer
from anlan.rules.wording import in_language
from anlan.ui.api import REFUSALS, PageQuery, actor_of, expose, page_of, paged
from anlan.ui.limits import open_to_visitors
from anlan.ui.timeline import told

router = Router()
KEPT_DAYS = 365  # 本地规定: how long a removal is made known
open_to_visitors("api:hazards_public")
FILE_FIELDS = (
    "name", "purpose", "media_type", "size", "sha256", "received_sha256", "original_sha256", "taken_at", "lon", "lat",
)  # fmt: skip


class HazardOut(Schema):
    """A hazard in a list. Days are Chinese calendar days, money is in yuan."""

    id: int
    number: str
    title: str
    state: str
    grade: str
    source: str
    category: str
    site_id: int
    region_path: str
    sector: str
    found_on: dt.date
    rectify_due: dt.date | None
    due_at: dt.datetime | None
    due_kind: str
    overdue: bool
    listing_level: str
    version: int


class PublicListingOut(Schema):
    """A hazard under supervision as it is made known: nothing of whoever found, reported or works there.

    ``place`` are the names from the county down; ``clause`` the clause chosen, in the caller's language; ``level`` is
    town, county or city; ``state`` the listing's.
    """

    number: str
    unit: str
    region_path: str
    place: str
    category: str
    clause: str
    level: str
    leader_title: str
    leader_phone: str
    due_on: dt.date
    listed_at: dt.datetime | None
    ended_at: dt.datetime | None
    state: str


class PublicQuery(PageQuery):
    """Below which region (its path); ``removed``: those removed within a year instead of those in force."""

    region: str = ""
    removed: bool = False


class StepOut(Schema):
    """A step the caller may take now."""

    code: str
    label: str


class DueOut(Schema):
    """An open deadline with the clause it rests on; ``provisional`` until the year's holiday notice is held (暂定)."""

    id: int
    kind: str
    label: str
    due_at: dt.datetime
    basis: str
    overdue: bool
    provisional: bool


class FileOut(Schema):
    """A file of the record. Digests: of the bytes kept, of those the server received, of the picture before a device
    shrank it (declared by that device). Time and position (WGS-84) as the picture or the device says.
    """

    id: str
    name: str
    purpose: str
    media_type: str
    size: int
    sha256: str
    received_sha256: str
    original_sha256: str
    taken_at: dt.datetime | None
    lon: float | None
    lat: float | None


class EntryOut(Schema):
    """One journal entry, its sentence in the caller's language."""

    at: dt.datetime
    by: str
    sentence: str


class RecordOut(HazardOut):
    """A whole hazard."""

    description: str
    place: str
    found_by: str
    lon: float | None
    lat: float | None
    clause: str
    judgement: str
    requirements: str
    settled: dict[str, str]
    plan: dict[str, str]
    plan_due: dt.date | None
    plan_approved_at: dt.datetime | None
    money_needed_yuan: Decimal | None
    money_spent_yuan: Decimal | None
    measures: str
    reported_regulator_on: dt.date | None
    reported_workers_on: dt.date | None
    evaluated_on: dt.date | None
    closed_at: dt.datetime | None
    returned: int
    reopened: int
    extended: int
    steps: list[StepOut]
    deadlines: list[DueOut]
    files: list[FileOut]
    journal: list[EntryOut]


class CompanionOut(Schema):
    """A transfer, listing, instruction or extension."""

    id: int
    hazard_id: int
    state: str
    version: int


class TransferOut(CompanionOut):
    """An offer to another desk; paths are those of regions."""

    owner_path: str
    to_path: str
    to_sector: str
    reason: str
    answer: str
    at: dt.datetime
    by_name: str


class ListingOut(CompanionOut):
    """A listing for supervision, as published; ``office_path`` is the region that lists."""

    level: str
    number: str
    office_path: str
    leader_name: str
    leader_title: str
    leader_phone: str
    due_on: dt.date | None
    reason: str
    requirements: str
    published: bool
    listed_at: dt.datetime | None
    ended_at: dt.datetime | None


class InstructionOut(CompanionOut):
    """A leader's instruction and its answer."""

    text: str
    due_on: dt.date
    by_name: str
    answer: str
    answered_at: dt.datetime | None


class ExtensionOut(CompanionOut):
    """A request for more time."""

    due_before: dt.date
    asked_due: dt.date
    granted_due: dt.date | None
    reason: str
    safeguards: str
    answer: str
    basis: str


class HazardQuery(PageQuery):
    """Which hazards."""

    region: str = ""
    state: str = ""
    grade: str = ""
    sector: str = ""
    overdue: bool = False
    q: str = ""


@router.get(
    "/public", response={200: page_of(PublicListingOut), **{k: REFUSALS[k] for k in (404, 422)}}, auth=None,
    operation_id="hazards_public", url_name="hazards_public",
)  # fmt: skip
def list_public(request: HttpRequest, query: Query[PublicQuery]) -> Any:
    """What stands under supervision and was published, for everybody; no sign-in. Counted by address (429)."""
    known = Region.objects.filter(path=query.region, valid_to=None) if query.region.isalnum() else Region.objects.none()
    if query.region and not known.exists():
        raise NotFound
    since = clock.today() - dt.timedelta(days=KEPT_DAYS) if query.removed else None
    found = paged(selectors.published_listings(query.region, ended_since=since), query)
    language = get_language() or "zh-hans"
    rows = selectors.made_known(found["items"])
    for row in rows:
        row["clause"] = in_language(row["clause"].title, language) if row["clause"] else ""
    return {**found, "items": rows}


@router.get("/", response=page_of(HazardOut), operation_id="hazards_list")
def list_hazards(request: HttpRequest, query: Query[HazardQuery]) -> dict[str, Any]:
    """The hazards within the caller's reach, newest first."""
    actor = actor_of(request)
    found = (
        selectors.overdue_hazards(actor, query.region)
        if query.overdue
        else selectors.hazards(actor).filter(within("region_path", query.region))
    )
    for name in ("state", "grade", "sector"):
        if getattr(query, name):
            found = found.filter(**{name: getattr(query, name)})
    if query.q.strip():
        found = selectors.matching(found, query.q, selectors.by_phone(actor))
    return paged(found.order_by("-pk"), query)


def _listed(model: Any, read: Any) -> Any:
    def operation(request: HttpRequest, query: Query[PageQuery]) -> dict[str, Any]:
        return paged(read(actor_of(request)).order_by("-pk"), query)

    operation.__doc__ = f"The {model._meta.model_name}s within the caller's reach, newest first."
    return operation


for _model, _read, _out in (
    (Transfer, selectors.transfers, TransferOut),
    (Listing, selectors.listings, ListingOut),
    (Instruction, selectors.instructions, InstructionOut),
    (Extension, selectors.extensions, ExtensionOut),
):
    _name = f"{_model._meta.model_name}s"
    router.get(f"/{_name}", response=page_of(_out), operation_id=f"hazards_{_name}")(_listed(_model, _read))


@router.get("/{int:pk}", response=RecordOut, operation_id="hazards_get")
def get_hazard(request: HttpRequest, pk: int) -> Any:
    """One hazard with its deadlines, files, journal and the steps open to the caller."""
    actor = actor_of(request)
    return _whole(actor, selectors.hazard(actor, pk))


def _after_files(actor: Actor, kept: list[Any]) -> Any:
    return _whole(actor, selectors.hazard(actor, kept[0].subject_id))


def _whole(actor: Actor, outcome: Any) -> Any:
    hazard: Any = outcome if isinstance(outcome, Hazard) else selectors.hazard(actor, outcome.hazard_id)
    hazard.steps = [{"code": s.code, "label": s.label} for s in hazard.steps_open_to(actor)]
    hazard.deadlines = open_on(hazard)
    hazard.files = [{"id": str(f.pk), **{name: getattr(f, name) for name in FILE_FIELDS}} for f in files_of(hazard)]
    hazard.journal = [{"at": line.when, "by": line.who, "sentence": line.title} for line in told(about(hazard, 100))]
    return hazard


expose(router, services.report_hazard, out=RecordOut, show=_whole, row=rows.HAZARD, files=["before"], name="report")
expose(router, services.find_hazard, out=RecordOut, show=_whole, row=rows.HAZARD, files=["before"], name="find")
expose(router, services.resubmit_report, out=RecordOut, show=_whole, row=rows.HAZARD, files=["before"])
expose(router, services.correct_hazard, out=RecordOut, show=_whole, row=rows.HAZARD, files=["before"])
expose(router, services.submit_rectification, out=RecordOut, show=_whole, files=["after"])
expose(router, services.submit_plan, out=RecordOut, show=_whole, leave=["plan_files"])
expose(router, services.report_major, out=RecordOut, show=_whole, files=["files"])
expose(router, services.record_evaluation, out=RecordOut, show=_whole, files=["evaluation_files"])
expose(router, services.add_files, out=RecordOut, show=_after_files, files=["files"], name="files")
for act in (
    services.return_report, services.assess_general, services.assess_own, services.assess_major, services.regrade_major,
    services.regrade_general, services.approve_plan, services.return_plan, services.order_rectification,
    services.accept_rectification, services.accept_own, services.return_rectification, services.return_acceptance,
    services.close_hazard, services.close_own, services.recheck_hazard, services.reopen_hazard,
    services.propose_withdrawal, services.agree_withdrawal, services.refuse_withdrawal, services.merge_hazard,
    services.urge_hazard,
):  # fmt: skip
    expose(router, act, out=RecordOut, show=_whole)


def _place(actor: Actor, text: Any) -> Any:
    return by_code_or_name(str(text))


expose(router, services.offer_transfer, out=TransferOut, convert={"region": _place})
expose(router, services.instruct, out=InstructionOut)
expose(router, services.ask_extension, out=ExtensionOut)
for asked in (services.list_hazard, services.request_listing):
    expose(router, asked, out=ListingOut)
for group, out, acts in (
    ("transfers", TransferOut, (services.accept_transfer, services.refuse_transfer, services.recall_transfer)),
    ("listings", ListingOut, (
        services.grant_listing, services.decline_listing, services.request_delisting, services.delist_hazard,
        services.keep_listing,
    )),
    ("instructions", InstructionOut, (
        services.answer_instruction, services.return_answer, services.recall_instruction,
    )),
    ("extensions", ExtensionOut, (services.grant_extension, services.refuse_extension)),
):  # fmt: skip
    for act in acts:
        expose(router, act, out=out, under=group)
