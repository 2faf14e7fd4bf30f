"""Files: to those who may see the record, sealed, and pictures made small without their metadata."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from PIL import Image

from anlan.kernel.actor import Actor
from anlan.kernel.files.models import StoredFile
from anlan.kernel.files.services import open_file
from anlan.ui.forms import Upload
from tests.ui.sample import begin_paper


def photo(size: tuple[int, int] = (800, 600)) -> bytes:
    """A photo with a position in its metadata, lying on its side."""
    out = io.BytesIO()
    picture = Image.new("RGB", size, "blue")
    exif = picture.getexif()
    exif[0x0112] = 6
    exif[0x010E] = "secret place"
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()


@pytest.fixture
def stored(cast: Any, tmp_path: Path, settings: Any) -> StoredFile:
    """A photo on a paper of the town."""
    settings.FILES_ROOT = tmp_path
    begin_paper(actor=Actor.system("tests"), title="厂", town=cast.town, photos=[Upload("现场 照片.jpg", photo())])
    return StoredFile.plain.get()


def body(answer: Any) -> bytes:
    """What was sent."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_only_within_the_jurisdiction(cast: Any, stored: Any, sign_in: Any, client: Any) -> None:
    address = f"/files/{stored.pk}"
    assert client.get(address).status_code == 302
    assert sign_in(cast.far_officer).get(address).status_code == 404
    assert sign_in(cast.nobody).get(address).status_code == 404
    assert sign_in(cast.town_officer).get("/files/00000000-0000-4000-8000-000000000000").status_code == 404
    answer = sign_in(cast.town_officer).get(address)
    assert answer.status_code == 200
    with Image.open(io.BytesIO(body(answer))) as seen:
        assert seen.size == (600, 800), "stored upright"
        assert not dict(seen.getexif()) and stored.received_sha256 == hashlib.sha256(photo()).hexdigest()


def test_files_are_sealed(cast: Any, stored: Any, sign_in: Any) -> None:
    browser = sign_in(cast.town_officer)
    answer = browser.get(f"/files/{stored.pk}")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"] and "script-src" not in answer["Content-Security-Policy"]
    assert answer["Content-Disposition"].startswith("inline") and answer["Content-Type"] == "image/jpeg"
    assert browser.get(f"/files/{stored.pk}?download=1")["Content-Disposition"].startswith("attachment")
    StoredFile.plain.update(media_type="application/pdf")
    assert browser.get(f"/files/{stored.pk}")["Content-Disposition"].startswith("attachment")
    again = browser.get(f"/files/{stored.pk}", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304 and not again.content


def test_small_pictures(cast: Any, stored: Any, sign_in: Any) -> None:
    browser = sign_in(cast.town_officer)
    answer = browser.get(f"/files/{stored.pk}?w=300")
    content = body(answer)
    with Image.open(io.BytesIO(content)) as small:
        assert small.size == (320, 427)  # upright: the photo lay on its side
        assert not dict(small.getexif())
    assert answer["Content-Type"] == "image/webp" and b"secret place" not in content
    kept = list((Path(settings.FILES_ROOT) / "thumbs").rglob("*.webp"))
    assert len(kept) == 1
    assert body(browser.get(f"/files/{stored.pk}?w=300")) == content
    whole = open_file(stored).read()
    assert b"secret place" not in whole
    assert body(browser.get(f"/files/{stored.pk}?w=5000")) == whole
    assert body(browser.get(f"/files/{stored.pk}?w=abc")) == whole


def test_the_record_page_shows_the_photo(cast: Any, stored: Any, sign_in: Any) -> None:
    page = sign_in(cast.town_officer).get(f"/papers/{stored.subject_id}/").content.decode()
    assert f"/files/{stored.pk}?w=320" in page and "现场 照片.jpg" in page
