"""Ledgers of enterprises by API."""

from __future__ import annotations

import uuid
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile

from anlan.kernel.actor import Actor
from anlan.kernel.intake import selectors as intake
from anlan.kernel.intake.models import Batch
from anlan.kernel.intake.reading import told_in
from anlan.kernel.intake.services import confirm_batch, discard_batch, open_batch
from anlan.modules.registry.rest.shapes import KEY, region_of
from anlan.modules.registry.rows import ENTERPRISE
from anlan.ui.api import REFUSALS, PageQuery, actor_of, page_of, paged

router = Router()


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


@router.post("/intake", response={202: BatchOut, **REFUSALS}, operation_id="registry_open_batch")
def upload_ledger(
    request: HttpRequest,
    file: Annotated[UploadedFile, File()],
    region: Annotated[str, Form()] = "",
    mode: Annotated[str, Form()] = "add",
    idempotency_key: KEY = None,
) -> Any:
    """Upload a ledger of enterprises; it is read in the background, nothing is stored before it is confirmed."""
    actor = actor_of(request)
    batch = open_batch(
        actor=actor, noun=ENTERPRISE.code, file_name=str(file.name), content=file.read(), mode=mode,
        region=region_of(actor, region) if region else None, key=idempotency_key or None,
    )  # fmt: skip
    return Status(202, shown_batch(actor, batch))


@router.get("/intake", response=page_of(BatchOut), operation_id="registry_batches")
def list_batches(request: HttpRequest, query: Query[PageQuery]) -> dict[str, Any]:
    """The ledgers of the caller's jurisdiction, newest first."""
    actor = actor_of(request)
    found = paged(intake.batches(actor).filter(noun=ENTERPRISE.code).order_by("-at", "pk"), query)
    return {**found, "items": [shown_batch(actor, batch) for batch in found["items"]]}


@router.get("/intake/{uuid:pk}", response={200: BatchFile, **REFUSALS}, operation_id="registry_batch")
def get_batch(request: HttpRequest, pk: uuid.UUID) -> Any:
    """One ledger: its state, its refused rows, how far it has come."""
    actor = actor_of(request)
    return shown_batch(actor, intake.batch(actor, pk))


@router.post("/intake/{uuid:pk}/confirm", response={200: BatchFile, **REFUSALS}, operation_id="registry_confirm_batch")
def confirm_ledger(request: HttpRequest, pk: uuid.UUID, idempotency_key: KEY = None) -> Any:
    """Take in the accepted rows; twice does it once."""
    actor = actor_of(request)
    confirm_batch(actor=actor, batch=pk, key=idempotency_key or None)
    return shown_batch(actor, intake.batch(actor, pk))


@router.post("/intake/{uuid:pk}/discard", response={200: BatchFile, **REFUSALS}, operation_id="registry_discard_batch")
def discard_ledger(request: HttpRequest, pk: uuid.UUID, idempotency_key: KEY = None) -> Any:
    """Put a ledger away; the file is destroyed."""
    actor = actor_of(request)
    discard_batch(actor=actor, batch=pk, key=idempotency_key or None)
    return shown_batch(actor, intake.batch(actor, pk))


def shown_batch(actor: Actor, batch: Batch) -> dict[str, Any]:
    """A ledger as the API tells it."""
    now = intake.progress(actor, batch)
    return {
        **{name: getattr(batch, name) for name in BatchOut.model_fields if name != "reason"},
        "reason": told_in(batch.refusal.get("told", {})) if batch.refusal else "",
        "problems": [
            {
                "row": p["row"],
                "column": p["place"],
                "field": p["column"],
                "code": p["code"],
                "reason": told_in(p["told"]),
            }
            for p in batch.result.get("problems", ())
        ],
        "done": now.done if now else None, "total": now.total if now else None,
    }  # fmt: skip
