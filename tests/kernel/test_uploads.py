"""Files in pieces: they go on where they stood, belong to whoever sends them, and are forgotten in time."""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import BadInput, NotAllowed, NotFound, Stale
from anlan.kernel.files import services
from anlan.kernel.files.models import PartialUpload
from anlan.kernel.files.services import append_part, begin_upload, drop_upload, own_upload, part_of, take_uploads
from anlan.kernel.files.tasks import clear_uploads, clear_uploads_daily
from anlan.kernel.identity.actors import actor_for
from anlan.kernel.identity.models import User
from tests.kernel.conftest import SYSTEM, City
from tests.kernel.test_files import picture


@pytest.fixture(autouse=True)
def own_store(settings: Any, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path / "files"


@pytest.fixture
def sender(city: City, person: Callable[..., User]) -> Actor:
    return actor_for(person("inspector", city.a1))


@pytest.fixture
def other(city: City, person: Callable[..., User]) -> Actor:
    return actor_for(person("inspector", city.a1))


def send(actor: Actor, content: bytes, name: str = "照片.png", **said: Any) -> PartialUpload:
    """A file sent up in three pieces."""
    upload = begin_upload(actor=actor, name=name, size=len(content), **said)
    step = len(content) // 2
    for at in (0, step, 2 * step):
        upload = append_part(actor=actor, upload=upload.pk, offset=at, content=content[at : at + step])
    return upload


def test_pieces_become_the_file(sender: Actor) -> None:
    content, taken = picture(), clock.now()
    upload = send(sender, content, original_sha256="AB" * 32, taken_at=taken, lon=116.5, lat=29.5)
    assert upload.complete
    (found,) = take_uploads(sender, [upload.pk], field="before")
    assert found.read() == content and found.name == "照片.png" and found.upload_id == upload.pk
    assert found.original_sha256 == "ab" * 32 and found.told == services.Told(taken, 116.5, 29.5)


def test_it_goes_on_where_it_stands(sender: Actor) -> None:
    upload = begin_upload(actor=sender, name="a.png", size=10)
    append_part(actor=sender, upload=upload.pk, offset=0, content=b"12345")
    with part_of(upload).open("ab") as out:
        out.write(b"written, but never answered for")
    for wrong in (0, 4, 6):
        with pytest.raises(Stale, match="stands at byte 5"):
            append_part(actor=sender, upload=upload.pk, offset=wrong, content=b"x")
    assert append_part(actor=sender, upload=upload.pk, offset=5, content=b"").offset == 5
    with pytest.raises(BadInput, match="more bytes"):
        append_part(actor=sender, upload=upload.pk, offset=5, content=b"678901")
    with pytest.raises(BadInput, match="not been sent up whole"):
        take_uploads(sender, [upload.pk], field="before")
    assert append_part(actor=sender, upload=upload.pk, offset=5, content=b"67890").complete
    assert part_of(upload).read_bytes() == b"1234567890"


def test_it_is_the_senders_alone(sender: Actor, other: Actor) -> None:
    upload = send(sender, picture())
    for stranger in (other, SYSTEM, Actor.nobody()):
        with pytest.raises(NotFound):
            own_upload(stranger, upload.pk)
    with pytest.raises(BadInput, match="no longer there"):
        take_uploads(other, [upload.pk], field="before")
    for act, more in ((append_part, {"offset": 0, "content": b"x"}), (drop_upload, {})):
        with pytest.raises(NotFound):
            act(actor=other, upload=upload.pk, **more)
    for nonsense in ("", "x", "0" * 36):
        with pytest.raises(NotFound):
            own_upload(sender, nonsense)
    assert own_upload(sender, upload.pk).complete


def test_what_is_refused_at_once(sender: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadInput, match="is empty"):
        begin_upload(actor=sender, name="a.png", size=0)
    with pytest.raises(BadInput, match="larger than"):
        begin_upload(actor=sender, name="a.png", size=services.MOST_BYTES + 1)
    with pytest.raises(NotAllowed):
        begin_upload(actor=SYSTEM, name="a.png", size=1)
    odd = begin_upload(
        actor=sender, name="../x\u202e.png", size=1, original_sha256="no digest", lon=999.0, lat=1.0,
        taken_at=clock.now() + dt.timedelta(days=2),
    )  # fmt: skip
    assert (odd.name, odd.original_sha256, odd.lon, odd.lat, odd.taken_at) == ("x.png", "", None, None, None)


def test_a_person_has_only_so_much_under_way(sender: Actor, other: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_WAITING_BYTES", 100)
    begin_upload(actor=sender, name="a.png", size=60)
    with pytest.raises(BadInput, match="too many files"):
        begin_upload(actor=sender, name="b.png", size=41)
    full = begin_upload(actor=sender, name="b.png", size=40)
    begin_upload(actor=other, name="c.png", size=100)
    drop_upload(actor=sender, upload=full.pk)
    monkeypatch.setattr(services, "MOST_WAITING", 2)
    begin_upload(actor=sender, name="d.png", size=1)
    with pytest.raises(BadInput, match="too many files"):
        begin_upload(actor=sender, name="e.png", size=1)


def test_what_nobody_finished_is_forgotten(sender: Actor) -> None:
    waiting, used = send(sender, picture()), send(sender, picture(colour="blue"))
    PartialUpload.objects.filter(pk=used.pk).update(used_at=clock.now())
    stray = part_of(waiting).with_name("stray")
    stray.write_bytes(b"x")
    for file in (stray, part_of(waiting), part_of(used)):
        os.utime(file, (time.time() - 2 * 86400,) * 2)
    assert clear_uploads() == 0
    assert not stray.exists() and part_of(waiting).exists() and part_of(used).exists()
    with clock.moved_to(clock.now() + dt.timedelta(days=2)):
        assert clear_uploads() == 1
    assert part_of(waiting).exists() and not part_of(used).exists()
    with clock.moved_to(clock.now() + dt.timedelta(days=8)):
        with pytest.raises(NotFound):
            own_upload(sender, waiting.pk)
        clear_uploads_daily(0)
    assert not PartialUpload.objects.exists() and not part_of(waiting).exists()


def test_giving_up_frees_the_place(sender: Actor, django_capture_on_commit_callbacks: Any) -> None:
    upload = send(sender, picture())
    with django_capture_on_commit_callbacks(execute=True):
        drop_upload(actor=sender, upload=upload.pk)
    assert not part_of(upload).exists() and not PartialUpload.objects.exists()
