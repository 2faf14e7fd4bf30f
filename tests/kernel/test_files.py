"""Files: told by their content, kept once, seen with their record, cleared away when nobody's."""

from __future__ import annotations

import io
import os
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook
from PIL import Image
from pypdf import PdfWriter

from anlan.kernel.actor import Actor
from anlan.kernel.errors import BadInput, NotFound
from anlan.kernel.files import services
from anlan.kernel.files.models import StoredFile
from anlan.kernel.files.services import check_file, files_of, open_file, path_of, visible_file
from anlan.kernel.files.tasks import clear_orphans, clear_orphans_daily
from tests.kernel.conftest import SYSTEM, City, plain_actor
from tests.kernel.sample.models import Ticket
from tests.kernel.sample.services import open_ticket, photograph

WHY = "a test"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def picture(kind: str = "PNG", size: tuple[int, int] = (64, 48), colour: str = "red") -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 50).convert("RGB").save(out, kind) if colour == "noise" else Image.new(
        "RGB", size, colour
    ).save(out, kind)
    return out.getvalue()


def pdf() -> bytes:
    out, writer = io.BytesIO(), PdfWriter()
    writer.add_blank_page(100, 100)
    writer.write(out)
    return out.getvalue()


def xlsx() -> bytes:
    out, book = io.BytesIO(), Workbook()
    book.active["A1"] = "隐患"
    book.save(out)
    return out.getvalue()


def archive(*parts: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts:
            made.writestr(name, content)
    return out.getvalue()


TYPES = b'<Types><Override PartName="/word/document.xml" ContentType="application/x.main+xml"/></Types>'


def docx(*more: tuple[str, bytes], types: bytes = TYPES) -> bytes:
    return archive(("[Content_Types].xml", types), ("word/document.xml", b"<w:document/>"), *more)


EXE = b"MZ\x90\x00\x03" + b"\0" * 200
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html><script>alert(1)</script>"


@pytest.mark.parametrize(
    ("name", "make", "kind"),
    [
        ("photo.png", picture, "image/png"),
        ("photo.jpg", lambda: picture("JPEG"), "image/jpeg"),
        ("photo.webp", lambda: picture("WEBP"), "image/webp"),
        ("plan.pdf", pdf, "application/pdf"),
        ("ledger.xlsx", xlsx, XLSX),
        ("report.docx", docx, DOCX),
        ("no ending at all", picture, "image/png"),
        ("called.exe", picture, "image/png"),
    ],
)
def test_what_is_accepted(name: str, make: Callable[[], bytes], kind: str) -> None:
    found, size = check_file(name, make(), field="before")
    assert found == kind
    assert size == ((64, 48) if kind.startswith("image/") else None)


@pytest.mark.parametrize(
    ("name", "make", "said"),
    [
        ("empty.png", lambda: b"", "is empty"),
        ("virus.png", lambda: EXE, "kind that is not accepted"),
        ("drawing.svg", lambda: SVG, "kind that is not accepted"),
        ("page.pdf", lambda: HTML, "kind that is not accepted"),
        ("notes.txt", lambda: "记录".encode(), "kind that is not accepted"),
        ("some.zip", lambda: archive(("a.txt", b"a")), "kind that is not accepted"),
        ("old.doc", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "kind that is not accepted"),
        ("macro.docx", lambda: docx(("word/vbaProject.bin", b"x")), "contains macros"),
        ("hidden.docx", lambda: docx(types=TYPES.replace(b"x.main", b"x.macroEnabled.main")), "contains macros"),
        ("control.docx", lambda: docx(("word/activeX/activeX1.xml", b"x")), "carries programs"),
        ("packed.docx", lambda: docx(("word/embeddings/oleObject1.bin", b"x")), "carries programs"),
        ("script.pdf", lambda: pdf().replace(b"/Catalog", b"/Catalog /OpenAction << /S /JavaScript /JS (app.alert(1)) >>"), "carries programs"),
        ("launch.pdf", lambda: pdf() + b"<< /S /Launch /F (cmd.exe) >>", "carries programs"),
        ("page.jpg", lambda: HTML + picture("JPEG"), "kind that is not accepted"),
        ("vector.png", lambda: b"<svg/>" + picture(), "kind that is not accepted"),
        ("torn.docx", lambda: docx()[:-30], "kind that is not accepted"),
        ("torn.png", lambda: picture(colour="noise")[:-200], "is damaged"),
        ("torn.jpg", lambda: picture("JPEG", colour="noise")[:-400], "is damaged"),
        ("torn.webp", lambda: picture("WEBP", colour="noise")[:-200], "is damaged"),
        ("liar.png", lambda: picture()[:40] + b"\0" * 400, "is damaged"),
        ("large.png", lambda: picture(size=(9000, 7000)), "too many pixels"),
    ],
)
def test_what_is_refused(name: str, make: Callable[[], bytes], said: str) -> None:
    with pytest.raises(BadInput, match=said) as refused:
        check_file(name, make(), field="before")
    assert refused.value.column == "before"
    assert refused.value.params["name"] == name


def test_a_file_that_is_two_things_is_served_as_what_it_begins_with() -> None:
    both = picture("PNG") + HTML + archive(("a.class", b"x"))
    assert check_file("both.html", both, field="before")[0] == "image/png"


def test_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_BYTES", 1024 * 1024)
    with pytest.raises(BadInput, match="larger than 1 MB"):
        check_file("a.pdf", pdf() + b"\0" * 1024 * 1024, field="plan")


def test_a_field_may_accept_less() -> None:
    with pytest.raises(BadInput):
        check_file("plan.pdf", pdf(), field="before", allowed=services.PICTURES)


def test_what_unpacks_to_too_much_is_a_bomb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_UNPACKED", 2 * 1024 * 1024)
    content = docx(("word/media/zeros.bin", b"\0" * 3 * 1024 * 1024))
    assert len(content) < 10_000
    assert services.media_type_of(content) == services.BOMB
    with pytest.raises(BadInput, match="kind that is not accepted"):
        check_file("bomb.docx", content, field="plan")


def test_many_small_parts_are_a_bomb_too() -> None:
    parts = [(f"p{n}", b"") for n in range(services.MOST_PARTS + 1)]
    assert services.media_type_of(docx(*parts)) == services.BOMB


@pytest.fixture(autouse=True)
def own_store(settings: Any, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path / "files"


@pytest.fixture
def ticket(city: City) -> Ticket:
    made: Ticket = open_ticket(actor=SYSTEM, path=city.v1.path, title="漏电", holder="unit-1")
    return made


def _attach(ticket: Ticket, content: bytes, name: str = "照片.png", actor: Actor = SYSTEM) -> StoredFile:
    photograph(actor=actor, ticket=ticket, photo=SimpleUploadedFile(name, content))
    found = files_of(ticket).filter(name=name).last()
    assert found is not None
    return found


def test_kept_once_under_its_digest(ticket: Ticket) -> None:
    content = picture()
    stored = _attach(ticket, content)
    assert (stored.size, stored.width, stored.height, stored.is_image) == (len(content), 64, 48, True)
    assert (stored.region_path, stored.holder, stored.by_key) == (ticket.region_path, "unit-1", "system")
    assert _attach(ticket, content) == stored
    assert files_of(ticket).count() == 1
    with open_file(stored) as handle:
        assert handle.read() == content
    other = open_ticket(actor=SYSTEM, path=ticket.region_path, title="另一条")
    assert _attach(other, content).sha256 == stored.sha256
    assert path_of(stored.sha256).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.png", "passwd.png"),
        ("C:\\照片\\现场.png", "现场.png"),
        ("a\u202egnp.exe", "agnp.exe"),
        ("line\nbreak.png", "linebreak.png"),
        ("长" * 300 + ".png", "长" * 176 + ".png"),
    ],
)
def test_names_are_made_harmless(ticket: Ticket, given: str, kept: str) -> None:
    upload = io.BytesIO(picture())
    upload.name = given
    photograph(actor=SYSTEM, ticket=ticket, photo=upload)
    assert files_of(ticket).get().name == kept


def test_an_upload_that_was_read_before_is_read_again(ticket: Ticket) -> None:
    upload = SimpleUploadedFile("a.png", picture())
    upload.read()
    photograph(actor=SYSTEM, ticket=ticket, photo=upload)
    assert files_of(ticket).get().size == len(picture())


def test_seen_with_its_record(city: City, ticket: Ticket) -> None:
    stored = _attach(ticket, picture())
    seers = {"town": plain_actor(city.a1.path), "unit": plain_actor("", holder="unit-1")}
    for actor in (*seers.values(), SYSTEM):
        assert visible_file(actor, stored.pk) == stored
        assert visible_file(actor, str(stored.pk)) == stored
    strangers = [
        plain_actor(city.b.path),
        plain_actor("", holder="unit-2"),
        plain_actor(city.a1.path, frozenset({"sample.view"})),
    ]
    for actor in (*strangers, Actor.nobody()):
        with pytest.raises(NotFound):
            visible_file(actor, stored.pk)
    for nonsense in ("", "x", 0, None, "0" * 36):
        with pytest.raises(NotFound):
            visible_file(SYSTEM, nonsense)
    Ticket.plain.filter(pk=ticket.pk).update(desk_path=city.b.path)
    assert visible_file(plain_actor(city.b.path), stored.pk) == stored, "the office on whose desk the record is"


def test_files_of_a_record_that_has_gone(city: City, ticket: Ticket) -> None:
    stored = _attach(ticket, picture())
    StoredFile.plain.filter(pk=stored.pk).update(subject_type="gone.model")
    with pytest.raises(NotFound):
        visible_file(SYSTEM, stored.pk)
    StoredFile.plain.filter(pk=stored.pk).update(subject_type="identity.user")
    assert visible_file(plain_actor(city.a1.path), stored.pk) == stored, (
        "an unscoped record: the file's own scope decides"
    )
    path_of(stored.sha256).unlink()
    with pytest.raises(NotFound):
        open_file(stored)


def test_many_at_once_write_one_whole_file() -> None:
    content = picture(colour="noise")
    digest = "ab" * 32
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: services._put(digest, content), range(16)))
    assert [p.name for p in path_of(digest).parent.iterdir()] == [digest]
    assert path_of(digest).read_bytes() == content


def test_a_full_disk_leaves_no_half(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        services._put("cd" * 32, b"x")
    assert list(path_of("cd" * 32).parent.iterdir()) == []


def _age(path: Path, days: float) -> None:
    then = time.time() - days * 86400
    os.utime(path, (then, then))


def test_orphans_are_cleared_after_a_day(ticket: Ticket) -> None:
    stored = _attach(ticket, picture())
    for digest in ("11" * 32, "22" * 32):
        services._put(digest, b"x")
    half = path_of("11" * 32).parent / f"{services.HALF}abc"
    half.write_bytes(b"half")
    for path in (path_of(stored.sha256), path_of("11" * 32), half):
        _age(path, 2)
    assert clear_orphans() == 2
    assert path_of(stored.sha256).exists()
    assert path_of("22" * 32).exists(), "an act may be about to commit"
    assert not path_of("11" * 32).exists()
    clear_orphans_daily.func(timestamp=0)


def test_bytes_in_use_again_are_young_again(ticket: Ticket) -> None:
    content = picture()
    stored = _attach(ticket, content)
    StoredFile.plain.all().delete()
    _age(path_of(stored.sha256), 2)
    services._put(stored.sha256, content)
    assert clear_orphans() == 0


def test_a_refused_act_keeps_no_row(ticket: Ticket, city: City) -> None:
    with pytest.raises(BadInput):
        _attach(ticket, EXE)
    assert not files_of(ticket).exists()
    ticket.refresh_from_db()
    assert ticket.version == 1
