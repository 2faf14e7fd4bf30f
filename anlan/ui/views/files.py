"""Stored files: only to those who may see the record, never able to run anything, pictures also made small."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from anlan.kernel.files.models import StoredFile
from anlan.kernel.files.services import open_file, visible_file
from anlan.ui.pages import CustomPage, actor_of

WIDTHS = (160, 320, 640, 1280)
# A file is never a page of the platform: it may do nothing, and stand in no frame.
POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
MAX_AGE = 600  # seconds; access may end, so not for good


def show(request: HttpRequest, pk: Any) -> HttpResponseBase:
    """The file; ``?w=`` a smaller picture; ``?download=1`` always as a download."""
    stored = visible_file(actor_of(request), pk)
    width = _width(request.GET.get("w", "")) if stored.is_image else 0
    tag = f'"{stored.sha256[:32]}-{width}"'
    if request.headers.get("If-None-Match") == tag:
        return _sealed(HttpResponseNotModified(), tag)
    if width and (small := thumbnail(stored, width)) is not None:
        response = FileResponse(small.open("rb"), content_type="image/webp", filename=f"{Path(stored.name).stem}.webp")
        return _sealed(response, tag)
    inline = stored.is_image and request.GET.get("download") != "1"
    response = FileResponse(
        open_file(stored), as_attachment=not inline, filename=stored.name, content_type=stored.media_type
    )
    return _sealed(response, tag)


def _sealed(response: HttpResponseBase, tag: str) -> HttpResponseBase:
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = POLICY
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = f"private, max-age={MAX_AGE}"
    response["ETag"] = tag
    return response


def _width(text: str) -> int:
    """The smallest width we make that is at least what was asked for; 0 for the original."""
    if not text.isdecimal():  # "²" is a digit to Python, and no number
        return 0
    return next((w for w in WIDTHS if w >= int(text[:6])), 0)


def thumbnail(stored: StoredFile, width: int) -> Path | None:
    """The picture made small, upright and without its metadata; made once. None when it is small enough already."""
    if stored.width and stored.width <= width:
        return None
    target = Path(settings.FILES_ROOT) / "thumbs" / stored.sha256[:2] / f"{stored.sha256}-{width}.webp"
    if target.exists():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with open_file(stored) as source, Image.open(source) as picture:
        picture.draft("RGB", (width * 2, width * 2))
        upright = ImageOps.exif_transpose(picture) or picture
        upright.thumbnail((width, width * 3))
        handle, temporary = tempfile.mkstemp(dir=target.parent, suffix=".webp")
        with os.fdopen(handle, "wb") as out:
            upright.convert("RGBA" if "A" in upright.getbands() else "RGB").save(out, "WEBP", quality=80)
    Path(temporary).replace(target)
    return target


FILE = CustomPage(
    name="ui:file", path="files/<uuid:pk>", title=_("File"), view=show, model=StoredFile, shape="file", is_object=True
)
