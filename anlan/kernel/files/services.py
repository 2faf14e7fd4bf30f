"""Keeping files: type by content, digest, scope of the record."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO

import filetype
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from PIL import Image, UnidentifiedImageError

from anlan.kernel.actor import Actor
from anlan.kernel.acts import Work, inside_act
from anlan.kernel.errors import BadInput, NotFound, gettext_noop
from anlan.kernel.files.models import StoredFile
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
_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
PICTURES = set(_FORMATS)
DOCUMENTS = {
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "video/mp4",
}
ALLOWED = PICTURES | DOCUMENTS


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
        raise BadInput(
            field,
            gettext_noop("The file “%(name)s” is larger than %(most)s MB. Make it smaller, then upload it again."),
            name=name,
            most=MOST_BYTES // 1024 // 1024,
        )
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
    if kind not in set(allowed):
        raise BadInput(
            field,
            gettext_noop(
                "The file “%(name)s” is of a kind that is not accepted. Use JPG, PNG, WebP, PDF, DOCX, XLSX or MP4."
            ),
            name=name,
        )
    return kind, _picture_size(name, content, kind, field) if kind in PICTURES else None


def _picture_size(name: str, content: bytes, kind: str, field: str) -> tuple[int, int]:
    try:
        with Image.open(io.BytesIO(content), formats=[_FORMATS[kind]]) as picture:
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


@inside_act
def attach(work: Work, subject: Any, upload: Any, *, purpose: str, allowed: Iterable[str] = ALLOWED) -> StoredFile:
    """Keep an uploaded file on a record, inside an act. The same bytes for the same purpose are kept once.

    ``upload`` is anything with ``name`` and ``read()`` (Django's uploads, open files). The bytes are written before
    the act ends; when the act is refused they belong to nobody and are cleared away within two days.
    """
    if hasattr(upload, "seek"):
        upload.seek(0)
    content = upload.read(MOST_BYTES + 1)
    name = Path(str(upload.name).replace("\\", "/")).name.translate(_UNPRINTABLE)[-180:] or "file"
    kind, size = check_file(name, content, field=purpose, allowed=allowed)
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
