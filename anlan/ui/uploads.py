"""Uploads that go on after a lost signal: tus 1.0 (core, creation, checksum, expiration, termination), at
``/api/v1/uploads/``, for the browser's session and for tokens alike.

A finished upload is handed to an act by its number: the form field ``<field>_uploads``.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import uuid
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.http import http_date
from ninja import Header, Router

from anlan.kernel.errors import BadInput, gettext_noop
from anlan.kernel.files.models import PartialUpload
from anlan.kernel.files.services import MOST_BYTES, append_part, begin_upload, drop_upload, own_upload
from anlan.ui.api import REFUSALS, actor_of

VERSION = "1.0.0"
EXTENSIONS = "creation,checksum,expiration,termination"
MOST_PART = 8 * 1024 * 1024  # of one request; whoever sends more goes on from the offset of the answer
CHUNK = 64 * 1024
SUMS = {"sha1", "sha256"}
WRONG_SUM = 460  # as the protocol has it

router = Router()
Resumable = Annotated[str, Header(alias="Tus-Resumable", description="1.0.0")]
_BODY = {
    "requestBody": {"content": {"application/offset+octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
}


def _answer(status: int, upload: PartialUpload | None = None, **headers: str) -> HttpResponse:
    answer = HttpResponse(status=status)
    answer["Tus-Resumable"] = VERSION
    answer["Cache-Control"] = "no-store"
    if upload is not None:
        answer["Upload-Offset"] = str(upload.offset)
        answer["Upload-Expires"] = http_date(upload.expires_at.timestamp())
    for name, value in headers.items():
        answer[name.replace("_", "-")] = value
    return answer


def _other_version(said: str) -> HttpResponse | None:
    return None if said == VERSION else _answer(412, Tus_Version=VERSION)


def metadata(text: str) -> dict[str, str]:
    """What ``Upload-Metadata`` says: pairs of a key and its value in base64, parted by commas."""
    found: dict[str, str] = {}
    for pair in filter(None, (p.strip() for p in text.split(","))):
        key, _blank, value = pair.partition(" ")
        try:
            found[key] = base64.b64decode(value, validate=True).decode()
        except ValueError as why:
            raise BadInput("Upload-Metadata", gettext_noop("The metadata of the upload cannot be read.")) from why
    return found


def _moment(text: str) -> dt.datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def _degrees(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


@router.api_operation(["OPTIONS"], "/", response={204: None}, operation_id="files_upload_terms")
def terms(request: HttpRequest) -> HttpResponse:
    """Which version and extensions of tus are spoken, and how large a file may be."""
    return _answer(204, Tus_Version=VERSION, Tus_Extension=EXTENSIONS, Tus_Max_Size=str(MOST_BYTES),
                   Tus_Checksum_Algorithm=",".join(sorted(SUMS)))  # fmt: skip


@router.post("/", response={201: None, 412: None, **REFUSALS}, operation_id="files_begin_upload",
             url_name="files_begin_upload")  # fmt: skip
def begin(
    request: HttpRequest,
    tus: Resumable,
    length: Annotated[int, Header(alias="Upload-Length", ge=0, le=2**53, description="Bytes of the whole file.")],
    said: Annotated[str, Header(alias="Upload-Metadata", max_length=4000, description=(
        "filename, original_sha256, taken_at (ISO 8601), lon, lat (WGS-84); values in base64"))] = "",
) -> HttpResponse:  # fmt: skip
    """Announce a file; the answer's Location is where its bytes go."""
    if wrong := _other_version(tus):
        return wrong
    told = metadata(said)
    upload = begin_upload(
        actor=actor_of(request), name=told.get("filename", ""), size=length,
        original_sha256=told.get("original_sha256", ""), taken_at=_moment(told.get("taken_at", "")),
        lon=_degrees(told.get("lon", "")), lat=_degrees(told.get("lat", "")),
    )  # fmt: skip
    return _answer(201, upload, Location=reverse("api:files_get_upload", kwargs={"pk": upload.pk}))


@router.api_operation(
    ["HEAD"],
    "/{uuid:pk}",
    response={200: None, 412: None, **REFUSALS},
    operation_id="files_get_upload",
    url_name="files_get_upload",
)
def look(request: HttpRequest, pk: uuid.UUID, tus: Resumable) -> HttpResponse:
    """How many bytes of an upload of one's own are here."""
    if wrong := _other_version(tus):
        return wrong
    upload = own_upload(actor_of(request), pk)
    return _answer(200, upload, Upload_Length=str(upload.size))


@router.patch("/{uuid:pk}", response={204: None, 412: None, 415: None, WRONG_SUM: None, **REFUSALS},
              operation_id="files_append_part", openapi_extra=_BODY)  # fmt: skip
def append(
    request: HttpRequest,
    pk: uuid.UUID,
    tus: Resumable,
    offset: Annotated[int, Header(alias="Upload-Offset", ge=0, le=2**53, description="How many bytes are there.")],
    checksum: Annotated[str, Header(alias="Upload-Checksum", description="sha1 or sha256, a blank, base64")] = "",
) -> HttpResponse:
    """Send the bytes that follow. What arrived before the line broke is kept; HEAD says how much that is."""
    if wrong := _other_version(tus):
        return wrong
    if request.content_type != "application/offset+octet-stream":
        return _answer(415)
    upload = own_upload(actor_of(request), pk)
    content = _received(request, min(MOST_PART, upload.size - min(offset, upload.size) + 1))
    if checksum and not _fits(checksum, content):
        return _answer(WRONG_SUM)
    upload = append_part(actor=actor_of(request), upload=pk, offset=offset, content=content)
    return _answer(204, upload)


@router.delete("/{uuid:pk}", response={204: None, 412: None, **REFUSALS}, operation_id="files_drop_upload")
def drop(request: HttpRequest, pk: uuid.UUID, tus: Resumable) -> HttpResponse:
    """Give up an upload."""
    if wrong := _other_version(tus):
        return wrong
    drop_upload(actor=actor_of(request), upload=pk)
    return _answer(204)


def _received(request: HttpRequest, most: int) -> bytes:
    """The body up to ``most`` bytes; what has come, when the line breaks. No transaction is open meanwhile."""
    found = bytearray()
    try:
        while len(found) < most and (part := request.read(min(CHUNK, most - len(found)))):
            found += part
    except UnreadablePostError:
        pass  # the sender is gone; the next request asks where to go on
    return bytes(found)


def _fits(checksum: str, content: bytes) -> bool:
    name, _blank, value = checksum.partition(" ")
    if name not in SUMS:
        raise BadInput("Upload-Checksum", gettext_noop("Checksums are sha1 or sha256."))
    digest: Any = hashlib.new(name, content, usedforsecurity=False)
    return base64.b64encode(digest.digest()).decode() == value.strip()
