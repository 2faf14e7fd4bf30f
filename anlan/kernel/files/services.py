"""Keeping files: type by content, digest, scope of the record; taking them in piece by piece before that."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import io
import os
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import filetype
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from PIL import Image, UnidentifiedImageError

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.acts import Work, act, created, inside_act
from anlan.kernel.errors import BadInput, NotAllowed, NotFound, Stale, gettext_noop
from anlan.kernel.files.models import PartialUpload, StoredFile
from anlan.kernel.files.pictures import FORMATS, Told, cleaned, position, size_of
from anlan.kernel.identity.models import User
from anlan.kernel.scope import Scoped, system_read

MOST_BYTES = 50 * 1024 * 1024
MOST_PIXELS = 60_000_000
HALF = ".half-"  # the name of a file being written
_UNPRINTABLE = dict.fromkeys([*range(32), 127, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
MOST_UNPACKED = 500 * 1024 * 1024
MOST_PARTS = 20_000
MOST_TYPES = 4 * 1024 * 1024  # of the list of an Office file's parts
# Controls and packed programs in an Office file; actions in a PDF, as far as they are written in the clear.
_ACTIVE = re.compile(r"(^|/)activex/|(^|/)embeddings/.*\.(bin|exe|js|vbs|bat|xlsm|docm|pptm)$")
_PDF_ACTIONS = (b"/JavaScript", b"/Launch", b"/RichMedia", b"/EmbeddedFile")
ACTIVE = "application/x-active-content"
MACROS, BOMB = "application/x-office-macros", "application/x-zip-bomb"
PICTURES = set(FORMATS)
KEPT_WAITING = dt.timedelta(days=7)  # an upload nobody finished or sent off
KEPT_AFTER = dt.timedelta(days=1)  # an upload that an act took
MOST_WAITING, MOST_WAITING_BYTES = 60, 300 * 1024 * 1024  # of one person
UNTOLD = Told()
_HEX = re.compile(r"[0-9a-f]{64}")
DOCUMENTS = {
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "video/mp4",
}
ALLOWED = PICTURES | DOCUMENTS


class Upload(io.BytesIO):
    """A file handed in: ``name`` and ``read()``, as ``attach`` wants it, and what the device declared beside it."""

    def __init__(
        self, name: str, content: bytes, *, told: Told = UNTOLD, original_sha256: str = "", upload_id: Any = None
    ) -> None:
        super().__init__(content)
        self.name, self.told, self.original_sha256, self.upload_id = name, told, original_sha256, upload_id


@system_read("looks at bytes in hand")
def media_type_of(content: bytes) -> str:
    """The type told by the content itself, never by the name; "" when it is none we know.

    An Office file with macros, controls or packed programs, a PDF that runs or carries something, and an archive that
    unpacks to more than it could honestly hold have types of their own, which nothing accepts.
    """
    kind = filetype.guess(content[:8192])
    found: str = kind.mime if kind else ""
    if found == "application/zip" or "openxmlformats" in found:
        return _office_type(content)
    if found == "application/pdf" and any(action in content for action in _PDF_ACTIONS):
        return ACTIVE
    return found


def _office_type(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            names = {e.filename for e in entries}
            if len(entries) > MOST_PARTS or sum(e.file_size for e in entries) > MOST_UNPACKED:
                return BOMB
            types = b""
            if "[Content_Types].xml" in names:
                with archive.open("[Content_Types].xml") as part:
                    types = part.read(MOST_TYPES)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, OSError, ValueError):
        return ""  # torn, encrypted, or packed in a way no office program uses
    if b"macroEnabled" in types or any(n.lower().endswith(("vbaproject.bin", "vbadata.xml")) for n in names):
        return MACROS
    if any(_ACTIVE.search(n.lower()) for n in names):
        return ACTIVE
    if "word/document.xml" in names:
        return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    if "xl/workbook.xml" in names:
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return "application/zip"


@system_read("looks at bytes in hand")
def check_file(
    name: str, content: bytes, *, field: str, allowed: Iterable[str] = ALLOWED
) -> tuple[str, tuple[int, int] | None]:
    """The media type and, for a picture, its size in pixels; ``BadInput`` with the remedy otherwise."""
    if not content:
        raise BadInput(field, gettext_noop("The file “%(name)s” is empty."), name=name)
    if len(content) > MOST_BYTES:
        raise _too_large(field, name)
    kind = media_type_of(content)
    if kind == MACROS:
        raise BadInput(
            field,
            gettext_noop("The file “%(name)s” contains macros. Save it without macros, then upload it again."),
            name=name,
        )
    if kind == ACTIVE:
        raise BadInput(
            field,
            gettext_noop(
                "The file “%(name)s” carries programs or other files. Print it to a plain PDF, then upload that."
            ),
            name=name,
        )
    if kind not in set(allowed) <= set(PICTURES):
        raise BadInput(
            field,
            gettext_noop("“%(name)s” is no picture. Use JPG, PNG or WebP; export a drawing or page as one of these."),
            name=name,
        )
    if kind not in set(allowed):
        raise BadInput(
            field,
            gettext_noop(
                "The file “%(name)s” is of a kind that is not accepted. Use JPG, PNG, WebP, PDF, DOCX, XLSX or MP4."
            ),
            name=name,
        )
    return kind, _picture_size(name, content, kind, field) if kind in PICTURES else None


def _too_large(field: str, name: str) -> BadInput:
    return BadInput(
        field,
        gettext_noop("The file “%(name)s” is larger than %(most)s MB. Make it smaller, then upload it again."),
        name=name,
        most=MOST_BYTES // 1024 // 1024,
    )


def _picture_size(name: str, content: bytes, kind: str, field: str) -> tuple[int, int]:
    try:
        with Image.open(io.BytesIO(content), formats=[FORMATS[kind]]) as picture:
            size: tuple[int, int] = picture.size
            if size[0] * size[1] > MOST_PIXELS:
                raise BadInput(
                    field,
                    gettext_noop("The picture “%(name)s” has too many pixels. Make it smaller, then upload it again."),
                    name=name,
                )
            if kind == "image/png":
                picture.verify()  # every part of a PNG carries a check sum
            else:
                picture.draft("RGB", (128, 128))  # a JPEG is read through at an eighth of its size
                picture.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as why:
        raise BadInput(
            field, gettext_noop("The picture “%(name)s” is damaged. Take or export it again."), name=name
        ) from why
    return size


@act(may="files.upload")
def begin_upload(
    work: Work,
    *,
    name: str,
    size: int,
    original_sha256: str = "",
    taken_at: dt.datetime | None = None,
    lon: float | None = None,
    lat: float | None = None,
) -> PartialUpload:
    """Announce a file of ``size`` bytes that will come in pieces (``append_part``); an act takes it once it is whole.

    The rest is what the device declares: SHA-256 (hexadecimal) of the picture before it was made smaller, when and
    where it was taken. What is no digest, no position, or lies in the future counts as not declared. A person has at
    most ``MOST_WAITING`` uploads under way, ``MOST_WAITING_BYTES`` together.
    """
    user = User.objects.select_for_update().filter(pk=work.actor.user_id or 0).first()  # one announcement at a time
    if user is None:
        raise NotAllowed(permission="files.upload")
    name = _plain_name(name)
    if size < 1:
        raise BadInput("size", gettext_noop("The file “%(name)s” is empty."), name=name)
    if size > MOST_BYTES:
        raise _too_large("size", name)
    under_way = PartialUpload.objects.filter(user=user, used_at=None, expires_at__gt=work.now)
    told = under_way.aggregate(count=models.Count("pk"), bytes=models.Sum("size", default=0))
    if told["count"] >= MOST_WAITING or told["bytes"] + size > MOST_WAITING_BYTES:
        raise BadInput(
            "size", gettext_noop("You have too many files that were sent up and not used. Use or discard some first.")
        )
    place = position(lon, lat) or (None, None)
    digest = original_sha256.lower()
    return created(
        PartialUpload(
            user=user, name=name, size=size, original_sha256=digest if _HEX.fullmatch(digest) else "",
            taken_at=taken_at if taken_at and taken_at <= work.now + dt.timedelta(hours=1) else None,
            lon=place[0], lat=place[1], begun_at=work.now, expires_at=work.now + KEPT_WAITING,
        )
    )  # fmt: skip


@act(may="files.upload", on=PartialUpload)
def append_part(work: Work, upload: PartialUpload, *, offset: int, content: bytes) -> PartialUpload:
    """Add the bytes that follow the first ``offset``. ``Stale`` names where to go on when that is elsewhere."""
    _need_own(work, upload)
    if offset != upload.offset:
        raise Stale(gettext_noop("The upload stands at byte %(offset)s: go on from there."), offset=upload.offset)
    if offset + len(content) > upload.size:
        raise BadInput("content", gettext_noop("These are more bytes than were announced."))
    if not content:
        return upload
    path = part_of(upload)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("r+b" if offset else "wb") as out:
        out.truncate(offset)  # what a request that was cut short left behind its last byte
        out.seek(offset)
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    upload.offset += len(content)
    upload.save(update_fields=["offset"])
    return upload


@act(may="files.upload", on=PartialUpload)
def drop_upload(work: Work, upload: PartialUpload) -> None:
    """Give up an upload."""
    _need_own(work, upload)
    path = part_of(upload)
    PartialUpload.objects.filter(pk=upload.pk).delete()
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


def own_upload(actor: Actor, upload_id: Any) -> PartialUpload:
    """An upload of the actor's own that has not expired; ``NotFound`` otherwise."""
    found = own_uploads(actor, [upload_id])
    if not found:
        raise NotFound
    return found[0]


def own_uploads(actor: Actor, ids: Sequence[Any]) -> list[PartialUpload]:
    """Those of the named uploads that are the actor's own and have not expired, in the order they were named."""
    rows = PartialUpload.objects.filter(user_id=actor.user_id or 0, expires_at__gt=clock.now())
    try:
        found = {str(row.pk): row for row in rows.filter(pk__in=list(ids))}
    except (ValueError, ValidationError):
        return []
    return [found[str(one)] for one in dict.fromkeys(map(str, ids)) if str(one) in found]


def take_uploads(actor: Actor, ids: Sequence[Any], *, field: str) -> list[Upload]:
    """The actor's finished uploads as an act wants them; ``BadInput`` at the field when one is missing or not whole."""
    taken = []
    rows = own_uploads(actor, ids)
    for row in rows:
        path = part_of(row)
        if not row.complete or not path.exists() or path.stat().st_size < row.size:
            raise BadInput(field, gettext_noop("“%(name)s” has not been sent up whole. Send it again."), name=row.name)
        told = Told(row.taken_at, row.lon, row.lat)
        taken.append(
            Upload(row.name, path.read_bytes(), told=told, original_sha256=row.original_sha256, upload_id=row.pk)
        )
    if len(rows) < len(set(map(str, ids))):
        raise BadInput(field, gettext_noop("A file that was sent up is no longer there. Choose it again."))
    return taken


@system_read("an address, no content")
def part_of(upload: PartialUpload) -> Path:
    """Where the bytes of an upload lie until it is forgotten."""
    return Path(settings.FILES_ROOT) / "parts" / str(upload.pk)


def _need_own(work: Work, upload: PartialUpload) -> None:
    if upload.user_id != work.actor.user_id or upload.expires_at <= work.now:
        raise NotFound


def _plain_name(name: Any) -> str:
    return Path(str(name).replace("\\", "/")).name.translate(_UNPRINTABLE)[-180:] or "file"


@inside_act
def attach(work: Work, subject: Any, upload: Any, *, purpose: str, allowed: Iterable[str] = ALLOWED) -> StoredFile:
    """Keep an uploaded file on a record, inside an act. The same bytes for the same purpose are kept once.

    ``upload`` is anything with ``name`` and ``read()`` (Django's uploads, open files); an ``Upload`` also carries what
    the device declared. A picture is kept without what its camera wrote into it, time and position excepted. The bytes
    are written before the act ends; when the act is refused they belong to nobody and are cleared away within two days.
    """
    if hasattr(upload, "seek"):
        upload.seek(0)
    content = upload.read(MOST_BYTES + 1)
    name = _plain_name(upload.name)
    kind, size = check_file(name, content, field=purpose, allowed=allowed)
    received, told = _digest(content), getattr(upload, "told", UNTOLD)
    if kind in PICTURES:
        content, told = cleaned(content, kind, told)
        size = size_of(content, kind)  # one that lay on its side was turned
    if pending := getattr(upload, "upload_id", None):
        PartialUpload.objects.filter(pk=pending, used_at=None).update(used_at=work.now)
    digest = _digest(content)
    same = files_of(subject).filter(sha256=digest, purpose=purpose).first()
    if same is not None:
        return same
    _put(digest, content)
    stored = StoredFile(
        region_path=subject.region_path,
        sector=subject.sector,
        holder=subject.holder,
        name=name,
        sha256=digest,
        received_sha256=received,
        original_sha256=getattr(upload, "original_sha256", ""),
        taken_at=told.taken_at,
        lon=told.lon,
        lat=told.lat,
        size=len(content),
        media_type=kind,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        purpose=purpose,
        at=work.now,
        by_key=work.actor.key,
        by_name=work.actor.name,
    )
    if size:
        stored.width, stored.height = size
    stored.save(force_insert=True)
    return stored


@system_read("the files of a record in hand: who may see the record may see its files")
def files_of(subject: Any) -> models.QuerySet[StoredFile]:
    """The files of a record in hand, oldest first. Who may see the record may see its files."""
    return (
        StoredFile.objects.everything(why="who may see the record may see its files")
        .filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))
        .order_by("at", "pk")
    )


def visible_file(actor: Actor, file_id: Any) -> StoredFile:
    """A file the actor may see: he holds ``files.view`` and sees the record it belongs to. ``NotFound`` otherwise."""
    if not actor.may(StoredFile.view_permission):
        raise NotFound
    try:
        rows = StoredFile.objects.everything(why="the record decides, below").filter(pk=file_id)
        found = rows.first()
    except (ValueError, ValidationError) as why:
        raise NotFound from why
    if found is None or not _subject_visible(actor, found):
        raise NotFound
    return found


def _subject_visible(actor: Actor, stored: StoredFile) -> bool:
    try:
        model: Any = apps.get_model(stored.subject_type)
    except LookupError:
        return False
    if issubclass(model, Scoped):
        return bool(model.objects.visible_to(actor).filter(pk=stored.subject_id).exists())
    return StoredFile.objects.visible_to(actor).filter(pk=stored.pk).exists()


@system_read("the caller holds a file that visible_file() or files_of() gave out")
def open_file(stored: StoredFile) -> BinaryIO:
    """The bytes, opened for reading; ``NotFound`` when they are missing from the store."""
    try:
        return path_of(stored.sha256).open("rb")
    except FileNotFoundError as why:
        raise NotFound from why


@system_read("an address, no content")
def path_of(digest: str) -> Path:
    """Where bytes of that digest lie."""
    return Path(settings.FILES_ROOT) / digest[:2] / digest[2:4] / digest


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _put(digest: str, content: bytes) -> None:
    """Write once, atomically: a reader never sees half a file. Bytes that lie there already count as new again, so
    that the clean-up does not take them from under this act."""
    target = path_of(digest)
    with contextlib.suppress(FileNotFoundError):
        os.utime(target)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=HALF)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        Path(temporary).replace(target)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
