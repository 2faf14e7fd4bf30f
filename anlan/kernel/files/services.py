"""Keeping files: type by content, digest, scope of the record."""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO

import filetype
from django.conf import settings
from django.db import models
from PIL import Image, UnidentifiedImageError

from anlan.kernel.acts import Work
from anlan.kernel.actor import Actor
from anlan.kernel.errors import BadInput, NotFound, gettext_noop
from anlan.kernel.files.models import StoredFile

MOST_BYTES = 50 * 1024 * 1024
MOST_PIXELS = 60_000_000
PICTURES = {"image/jpeg", "image/png", "image/webp"}
DOCUMENTS = {
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "video/mp4",
}
ALLOWED = PICTURES | DOCUMENTS


def media_type_of(content: bytes) -> str:
    """The type told by the content itself, never by the name; "" when it is none we know."""
    kind = filetype.guess(content[:8192])
    found: str = kind.mime if kind else ""
    if found == "application/zip" or "openxmlformats" in found:
        try:
            names = zipfile.ZipFile(io.BytesIO(content)).namelist()
        except zipfile.BadZipFile:
            return ""
        if any(n.lower().endswith("vbaproject.bin") for n in names):
            return "application/vnd.ms-office.macro"
        if "word/document.xml" in names:
            return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        if "xl/workbook.xml" in names:
            return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        return "application/zip"
    return found


def check_file(name: str, content: bytes, *, field: str, allowed: Iterable[str] = ALLOWED) -> tuple[str, tuple[int, int] | None]:
    """The media type and, for a picture, its size in pixels; ``BadInput`` with the remedy otherwise."""
    if not content:
        raise BadInput(field, gettext_noop("The file “%(name)s” is empty."), name=name)
    if len(content) > MOST_BYTES:
        raise BadInput(field, gettext_noop("The file “%(name)s” is larger than %(most)s MB. Make it smaller, then upload it again."), name=name, most=MOST_BYTES // 1024 // 1024)
    kind = media_type_of(content)
    if kind not in set(allowed):
        raise BadInput(field, gettext_noop("The file “%(name)s” is of a kind that is not accepted. Use JPG, PNG, WebP, PDF, DOCX, XLSX or MP4."), name=name)
    if kind not in PICTURES:
        return kind, None
    try:
        with Image.open(io.BytesIO(content)) as picture:
            size = picture.size
            if size[0] * size[1] > MOST_PIXELS:
                raise BadInput(field, gettext_noop("The picture “%(name)s” has too many pixels. Make it smaller, then upload it again."), name=name)
            picture.verify()
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as why:
        raise BadInput(field, gettext_noop("The picture “%(name)s” is damaged. Take or export it again."), name=name) from why
    return kind, size


def attach(work: Work, subject: Any, upload: Any, *, purpose: str, allowed: Iterable[str] = ALLOWED) -> StoredFile:
    """Keep an uploaded file on a record, inside an act. The same bytes for the same purpose are kept once.

    ``upload`` is anything with ``name`` and ``read()`` (Django's uploads, open files).
    """
    content = upload.read()
    name = Path(str(upload.name).replace("\\", "/")).name.replace("\x00", "")[-180:] or "file"
    kind, size = check_file(name, content, field=purpose, allowed=allowed)
    digest = hashlib.sha256(content).hexdigest()
    same = files_of(subject).filter(sha256=digest, purpose=purpose).first()
    if same is not None:
        return same
    _put(digest, content)
    stored = StoredFile(
        region_path=subject.region_path, sector=subject.sector, holder=subject.holder, name=name, sha256=digest,
        size=len(content), media_type=kind, subject_type=subject._meta.label_lower, subject_id=str(subject.pk),
        purpose=purpose, at=work.now, by_key=work.actor.key, by_name=work.actor.name,
    )
    if size:
        stored.width, stored.height = size
    stored.save(force_insert=True)
    return stored


def files_of(subject: Any) -> models.QuerySet[StoredFile]:
    """The files of a record in hand, oldest first. Who may see the record may see its files."""
    return (
        StoredFile.objects.everything(why="who may see the record may see its files")
        .filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))
        .order_by("at", "pk")
    )


def visible_file(actor: Actor, file_id: Any) -> StoredFile:
    """A file the actor may see; ``NotFound`` otherwise."""
    found = StoredFile.objects.visible_to(actor).filter(pk=file_id).first()
    if found is None:
        raise NotFound
    return found


def open_file(stored: StoredFile) -> BinaryIO:
    """The bytes, opened for reading."""
    return path_of(stored.sha256).open("rb")


def path_of(digest: str) -> Path:
    """Where bytes of that digest lie."""
    return Path(settings.FILES_ROOT) / digest[:2] / digest[2:4] / digest


def _put(digest: str, content: bytes) -> None:
    """Write once, atomically: a reader never sees half a file."""
    target = path_of(digest)
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=target.parent)
    with os.fdopen(handle, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    os.replace(temporary, target)
