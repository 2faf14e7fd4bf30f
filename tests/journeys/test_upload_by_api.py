"""Files sent up in pieces by a program with a token, as tus has it, then handed to an act."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from anlan.kernel.files.models import PartialUpload
from anlan.kernel.files.services import files_of
from anlan.modules.hazards.models import Hazard
from anlan.ui.uploads import metadata
from tests.cast import Cast, build, picture, signed_in, token_of

pytestmark = pytest.mark.django_db
TUS = {"Tus-Resumable": "1.0.0"}
BODY = "application/offset+octet-stream"


@pytest.fixture
def cast(db: None, settings: Any, tmp_path: Path) -> Cast:
    settings.FILES_ROOT = tmp_path / "files"
    return build(records=False)


def said(**values: str) -> str:
    return ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in values.items())


class Sender:
    """A program that speaks tus."""

    def __init__(self, cast: Cast, name: str = "unit_safety") -> None:
        self.client = Client()
        self.token = {"Authorization": f"Bearer {token_of(cast.here.users[name])}"}

    def ask(self, method: str, address: str, content: bytes = b"", kind: str = BODY, **headers: str) -> Any:
        """One request; headers by their names with ``_`` for ``-``."""
        named = {k.replace("_", "-"): v for k, v in headers.items()}
        return self.client.generic(method, address, content, kind, headers={**TUS, **self.token, **named})

    def begin(self, size: int, **told: str) -> str:
        answer = self.ask("POST", "/api/v1/uploads/", Upload_Length=str(size), Upload_Metadata=said(**told))
        assert answer.status_code == 201, answer.content
        assert answer["Upload-Offset"] == "0" and answer["Upload-Expires"] and answer["Tus-Resumable"] == "1.0.0"
        return str(answer["Location"])


def test_in_pieces_and_then_a_report(cast: Cast) -> None:
    sender, content, original = Sender(cast), picture().read(), hashlib.sha256(b"as taken").hexdigest()
    address = sender.begin(
        len(content), filename="现场.png", original_sha256=original, taken_at="2026-03-04T05:06:07+08:00", lon="116.5", lat="29.5"
    )
    first = sender.ask("PATCH", address, content[:20], Upload_Offset="0")
    assert first.status_code == 204 and first["Upload-Offset"] == "20"
    stood = sender.ask("HEAD", address)
    assert (stood.status_code, stood["Upload-Offset"], stood["Upload-Length"]) == (200, "20", str(len(content)))
    assert stood["Cache-Control"] == "no-store"
    assert sender.ask("PATCH", address, content, Upload_Offset="0").status_code == 409, "not from the beginning again"
    assert sender.ask("PATCH", address, content[20:], Upload_Offset="20")["Upload-Offset"] == str(len(content))

    number = address.rstrip("/").rpartition("/")[2]
    words = {"site": cast.here.site.pk, "description": "配电箱未接地", "category": "electrical", "before_uploads": [number]}
    for _ in range(2):  # the same request again: one hazard, one photo
        answer = sender.client.post(
            "/api/v1/hazards/report", words, headers={**sender.token, "Idempotency-Key": "r-1"}
        )
        assert answer.status_code == 200, answer.content
    (file,) = answer.json()["files"]
    assert file["original_sha256"] == original and file["received_sha256"] == hashlib.sha256(content).hexdigest()
    assert (file["lon"], file["lat"], file["name"]) == (116.5, 29.5, "现场.png")
    assert file["taken_at"].startswith("2026-03-03T21:06:07")
    assert Hazard.plain.count() == 1 and PartialUpload.objects.get().used_at is not None


def test_what_the_protocol_asks(cast: Cast) -> None:
    sender, content = Sender(cast), picture().read()
    terms = sender.ask("OPTIONS", "/api/v1/uploads/")
    assert terms["Tus-Version"] == "1.0.0" and "creation" in terms["Tus-Extension"] and int(terms["Tus-Max-Size"]) > 0
    old = sender.client.post("/api/v1/uploads/", headers={**sender.token, "Tus-Resumable": "0.2", "Upload-Length": "5"})
    assert old.status_code == 412 and old["Tus-Version"] == "1.0.0"
    address = sender.begin(len(content), filename="a.png")
    assert sender.ask("PATCH", address, content, kind="application/json", Upload_Offset="0").status_code == 415
    assert sender.ask("PATCH", address, content).status_code == 422, "no offset"
    right = base64.b64encode(hashlib.sha1(content, usedforsecurity=False).digest()).decode()
    wrong = sender.ask("PATCH", address, content[:-1], Upload_Offset="0", Upload_Checksum=f"sha1 {right}")
    assert wrong.status_code == 460 and sender.ask("HEAD", address)["Upload-Offset"] == "0", "nothing was kept"
    assert sender.ask("PATCH", address, content, Upload_Offset="0", Upload_Checksum="md5 x").status_code == 422
    done = sender.ask("PATCH", address, content, Upload_Offset="0", Upload_Checksum=f"sha1 {right}")
    assert done.status_code == 204
    assert sender.ask("DELETE", address).status_code == 204
    assert sender.ask("HEAD", address).status_code == 404
    too_large = sender.ask("POST", "/api/v1/uploads/", Upload_Length=str(10**12))
    assert too_large.status_code == 422 and too_large.json()["column"] == "size"
    unread = sender.ask("POST", "/api/v1/uploads/", Upload_Length="5", Upload_Metadata="filename §")
    assert unread.status_code == 422
    assert metadata("") == {} and metadata("a, b Yg==") == {"a": "", "b": "b"}


def test_nobody_sees_what_another_sends(cast: Cast) -> None:
    sender, colleague = Sender(cast), Sender(cast, "unit_worker")
    address = sender.begin(5, filename="a.png")
    for method, headers in (("HEAD", {}), ("PATCH", {"Upload_Offset": "0"}), ("DELETE", {})):
        assert colleague.ask(method, address, b"x", **headers).status_code == 404
    number = address.rpartition("/")[2]
    words = {"site": cast.here.site.pk, "description": "配电箱未接地", "category": "electrical", "before_uploads": [number]}
    taken = colleague.client.post("/api/v1/hazards/report", words, headers=colleague.token)
    assert taken.status_code == 422 and taken.json()["column"] == "before"
    assert not Hazard.plain.exists()


def test_a_form_takes_what_was_sent_up_and_keeps_it_when_sent_back(cast: Cast) -> None:
    sender, content = Sender(cast), picture().read()
    address = sender.begin(len(content), filename="现场.png")
    sender.ask("PATCH", address, content, Upload_Offset="0")
    number = address.rpartition("/")[2]
    browser = signed_in(cast.here.users["unit_safety"])
    page = reverse("hazards:report")
    words = {"site": cast.here.site.pk, "category": "electrical", "found_on": "2026-11-01", "before_uploads": [number]}
    back = browser.post(page, words)
    assert back.status_code == 422 and number in back.content.decode() and "现场.png" in back.content.decode()
    sent = browser.post(page, {**words, "description": "配电箱未接地"})
    assert sent.status_code == 302, sent.content.decode()[:2000]
    assert [f.name for f in files_of(Hazard.plain.get())] == ["现场.png"]
    unknown = browser.post(page, {**words, "description": "又一处", "before_uploads": ["x"]})
    assert unknown.status_code == 422 and "重新选择" in unknown.content.decode()


def test_without_scripts_the_plain_field_does(cast: Cast) -> None:
    browser = signed_in(cast.here.users["unit_safety"])
    page = browser.get(reverse("hazards:report")).content.decode()
    assert 'type="file"' in page and 'name="before"' in page and 'accept="image/*"' in page
    words = {"site": cast.here.site.pk, "category": "electrical", "found_on": "2026-11-01", "description": "配电箱未接地"}
    assert browser.post(reverse("hazards:report"), {**words, "before": [picture()]}).status_code == 302
    assert files_of(Hazard.plain.get()).get().received_sha256
