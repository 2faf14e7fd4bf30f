"""Pictures: what a camera writes beside time and position is gone from what is kept; the digests say what they are of."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import ExifTags, Image

from anlan.kernel.errors import BadInput
from anlan.kernel.files.pictures import FORMATS, Told, cleaned, position, told_by
from anlan.kernel.files.services import Upload, check_file, files_of, open_file
from tests.kernel.conftest import SYSTEM, City
from tests.kernel.sample.services import open_ticket, photograph

KINDS = sorted(FORMATS)
SIZE = (64, 48)
TAKEN = dt.datetime(2026, 3, 4, 5, 6, 7, tzinfo=dt.timezone(dt.timedelta(hours=8)))
MARKS = (b"Xiaomi", b"SN-778899", b"private words", b"behind the end", b"a remark")


def camera(kind: str, *, orientation: int = 1, place: bool = True, offset: str = "", **more: Any) -> bytes:
    """A picture as a phone writes it: maker, serial number, remarks, time, position, something behind its end."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make], exif[ExifTags.Base.Orientation] = "Xiaomi", orientation
    exif[ExifTags.Base.ImageDescription] = "private words"
    exif.get_ifd(ExifTags.IFD.Exif).update({
        ExifTags.Base.DateTimeOriginal: "2026:03:04 05:06:07", ExifTags.Base.BodySerialNumber: "SN-778899",
        **({ExifTags.Base.OffsetTimeOriginal: offset} if offset else {}),
    })  # fmt: skip
    if place:
        exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (29.0, 30.0, 15.5), 3: "E", 4: (116.0, 20.0, 10.25), 6: 12.5})
    out = io.BytesIO()
    picture = Image.effect_noise(SIZE, 60).convert("RGB")
    if kind == "image/jpeg":
        more = {"comment": b"a remark", "xmp": b"<x:xmpmeta>private words</x:xmpmeta>", **more}
    picture.save(out, FORMATS[kind], exif=exif, **more)
    return out.getvalue() + b"behind the end"


def pixels(content: bytes) -> bytes:
    with Image.open(io.BytesIO(content)) as picture:
        return picture.convert("RGB").tobytes()


@pytest.mark.parametrize("kind", KINDS)
def test_only_time_and_position_stay(kind: str) -> None:
    raw = camera(kind)
    body, told = cleaned(raw, kind)
    assert pixels(body) == pixels(raw), "the picture itself is not packed anew"
    assert [m for m in MARKS if m in body] == []
    assert told == Told(TAKEN, 116.336181, 29.504306)
    with Image.open(io.BytesIO(body)) as seen:
        exif = seen.getexif()
        assert set(exif) <= {ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo}
        times, places = exif.get_ifd(ExifTags.IFD.Exif), exif.get_ifd(ExifTags.IFD.GPSInfo)
    assert set(times) == {ExifTags.Base.DateTimeOriginal, ExifTags.Base.OffsetTimeOriginal}
    assert times[ExifTags.Base.DateTimeOriginal] == "2026:03:04 05:06:07"
    assert set(places) == {1, 2, 3, 4}
    assert told_by(body, kind)[0] == told
    assert cleaned(body, kind)[0] == body, "a second time takes nothing more"
    check_file("a", body, field="before")


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_on_its_side_is_stored_upright(kind: str) -> None:
    body, told = cleaned(camera(kind, orientation=6), kind)
    with Image.open(io.BytesIO(body)) as seen:
        assert seen.size == SIZE[::-1] and ExifTags.Base.Orientation not in seen.getexif()
    assert told.taken_at == TAKEN and [m for m in MARKS if m in body] == []


def test_progressive_and_profiled_pictures_stay_whole() -> None:
    profile = b"p" * 300
    raw = camera("image/jpeg", progressive=True, icc_profile=profile)
    body, _told = cleaned(raw, "image/jpeg")
    assert pixels(body) == pixels(raw)
    with Image.open(io.BytesIO(body)) as seen:
        assert seen.info["icc_profile"] == profile


def test_the_device_fills_in_what_the_picture_does_not_say() -> None:
    said = Told(TAKEN + dt.timedelta(days=1), 115.0, 28.0)
    bare = io.BytesIO()
    Image.new("RGB", SIZE).save(bare, "JPEG")
    body, told = cleaned(bare.getvalue(), "image/jpeg", said)
    assert told == said and told_by(body, "image/jpeg")[0] == said
    assert cleaned(camera("image/jpeg", place=False), "image/jpeg", said)[1] == Told(TAKEN, 115.0, 28.0)
    untold = cleaned(bare.getvalue(), "image/jpeg")
    assert untold[1] == Told() and b"Exif" not in untold[0]


@pytest.mark.parametrize(("offset", "hour"), [("+09:00", 4), ("-05:00", 18), ("junk", 5), ("+99:99", 5)])
def test_times_are_read_with_their_offset(offset: str, hour: int) -> None:
    told, _turned = told_by(camera("image/jpeg", offset=offset), "image/jpeg")
    assert told.taken_at is not None
    assert told.taken_at.astimezone(TAKEN.tzinfo).hour == hour


@pytest.mark.parametrize("lon", [181, "x", None, float("nan"), float("inf")])
def test_what_is_no_position_is_none(lon: Any) -> None:
    assert position(lon, 29) is None
    assert position(0, 0) is None, "what a device writes that found nothing"


def test_three_digests_each_of_what_it_says(city: City, tmp_path: Path, settings: Any) -> None:
    settings.FILES_ROOT = tmp_path
    ticket = open_ticket(actor=SYSTEM, path=city.v1.path, title="漏电")
    raw, declared = camera("image/jpeg"), "ab" * 32
    photograph(actor=SYSTEM, ticket=ticket, photo=SimpleUploadedFile("a.jpg", raw))
    stored = files_of(ticket).get()
    with open_file(stored) as handle:
        kept = handle.read()
    assert kept != raw and stored.sha256 == hashlib.sha256(kept).hexdigest() and stored.size == len(kept)
    assert stored.received_sha256 == hashlib.sha256(raw).hexdigest() and stored.original_sha256 == ""
    assert (stored.taken_at, stored.lon, stored.lat) == (TAKEN, 116.336181, 29.504306)
    shrunk = Upload("b.jpg", camera("image/jpeg", place=False), told=Told(None, 1.5, 2.5), original_sha256=declared)
    photograph(actor=SYSTEM, ticket=ticket, photo=shrunk)
    other = files_of(ticket).get(name="b.jpg")
    assert (other.original_sha256, other.lon, other.lat, other.taken_at) == (declared, 1.5, 2.5, TAKEN)


def test_a_picture_with_torn_metadata_is_kept_without_it() -> None:
    raw = camera("image/jpeg")
    torn = raw.replace(b"Exif\x00\x00MM\x00*", b"Exif\x00\x00MM\x00\x00").replace(b"Exif\x00\x00II*", b"Exif\x00\x00II\x00")
    assert torn != raw
    body, told = cleaned(torn, "image/jpeg")
    assert told == Told() and pixels(body) == pixels(raw) and b"Xiaomi" not in body
    with pytest.raises(BadInput):
        check_file("a.jpg", body[:200], field="before")
