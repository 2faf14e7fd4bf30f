"""What a picture tells about itself: time and position are kept, everything else a device wrote into it is taken out.

The image itself is not packed anew: only the parts that hold no pixels are left out (JPEG segments, PNG chunks, RIFF
chunks of WebP), with whatever lies behind the picture's end. A picture stored on its side is the one exception: what
says so goes, so the pixels are turned and packed anew.
"""

from __future__ import annotations

import datetime as dt
import io
import math
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from PIL import ExifTags, Image, ImageOps

from anlan.kernel import clock

FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
QUALITY = 92  # of a picture that had to be turned
_MARKER = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]")
_BARE = {0x01, *range(0xD0, 0xDA)}  # JPEG markers without a body
_JPEG_KEPT = {0xE0, 0xE2, 0xEE}  # JFIF, the colour profile, Adobe's colour transform
_PNG_KEPT = {
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"bKGD", b"pHYs",
    b"acTL", b"fcTL", b"fdAT",
}  # fmt: skip
_WEBP_KEPT = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"}
_OFFSET = re.compile(r"^([+-])(\d\d):(\d\d)$")


@dataclass(frozen=True)
class Told:
    """When and where a picture was taken. ``lon`` and ``lat`` in degrees (WGS-84), both or neither."""

    taken_at: dt.datetime | None = None
    lon: float | None = None
    lat: float | None = None

    def or_else(self, other: Told) -> Told:
        """What the other says where this says nothing."""
        place = self if self.lon is not None else other
        return Told(self.taken_at or other.taken_at, place.lon, place.lat)


def position(lon: Any, lat: Any) -> tuple[float, float] | None:
    """A position on earth, to a tenth of a metre; None for anything else."""
    try:
        found = round(float(lon), 6), round(float(lat), 6)
    except (TypeError, ValueError, OverflowError, ZeroDivisionError):
        return None
    fits = all(map(math.isfinite, found)) and abs(found[0]) <= 180 and abs(found[1]) <= 90
    return found if fits and found != (0, 0) else None


def told_by(content: bytes, kind: str) -> tuple[Told, bool]:
    """What the picture's own Exif says of time and position, and whether it lies on its side.

    Times without an offset are taken as China's. What cannot be read counts as not said.
    """
    with Image.open(io.BytesIO(content), formats=[FORMATS[kind]]) as picture:
        try:
            exif = picture.getexif()
            turned = exif.get(ExifTags.Base.Orientation, 1) not in (0, 1)
            times, places = exif.get_ifd(ExifTags.IFD.Exif), exif.get_ifd(ExifTags.IFD.GPSInfo)
        except (SyntaxError, ValueError, KeyError, TypeError, OSError, EOFError):
            return Told(), False
    found = position(
        _degrees(places.get(ExifTags.GPS.GPSLongitude), places.get(ExifTags.GPS.GPSLongitudeRef) == "W"),
        _degrees(places.get(ExifTags.GPS.GPSLatitude), places.get(ExifTags.GPS.GPSLatitudeRef) == "S"),
    )
    taken = _moment(
        times.get(ExifTags.Base.DateTimeOriginal), times.get(ExifTags.Base.OffsetTimeOriginal)
    )  # fmt: skip
    return Told(taken, *(found or (None, None))), turned


def cleaned(content: bytes, kind: str, said: Told | None = None) -> tuple[bytes, Told]:
    """The picture without anything but time and position, and what these are.

    ``said`` is what the device declared beside the file: it fills in what the picture itself does not say.
    """
    own, turned = told_by(content, kind)
    told = own.or_else(said or Told())
    if turned:
        content = _upright(content, kind)
    body = {"image/jpeg": _jpeg, "image/png": _png, "image/webp": _webp}[kind](content, _exif(told))
    return body, told


def size_of(content: bytes, kind: str) -> tuple[int, int]:
    """Width and height in pixels, by the picture's head alone."""
    with Image.open(io.BytesIO(content), formats=[FORMATS[kind]]) as picture:
        return picture.width, picture.height


def _moment(said: Any, offset: Any) -> dt.datetime | None:
    """The moment a camera wrote, at the offset it gave or else in China: no zone has been heard of beyond 14 hours."""
    told = _OFFSET.match(str(offset or "").strip("\x00 "))
    zone = told[0] if told and int(told[2]) * 60 + int(told[3]) <= 14 * 60 else "+08:00"
    local = str(said).strip("\x00 ")
    try:
        return dt.datetime.strptime(f"{local} {zone}", "%Y:%m:%d %H:%M:%S %z").astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None


def _degrees(parts: Any, negative: bool) -> float | None:
    try:
        degrees, minutes, seconds = (float(part) for part in parts)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    found = degrees + minutes / 60 + seconds / 3600
    return -found if negative else found


def _exif(told: Told) -> bytes:
    """A block of Exif (TIFF, without its JPEG head) that says time and position and nothing else; empty for neither."""
    made = Image.Exif()
    if told.taken_at is not None:
        local = told.taken_at.astimezone(clock.CHINA)
        made.get_ifd(ExifTags.IFD.Exif).update({
            ExifTags.Base.DateTimeOriginal: local.strftime("%Y:%m:%d %H:%M:%S"),
            ExifTags.Base.OffsetTimeOriginal: "+08:00",
        })  # fmt: skip
    if told.lon is not None and told.lat is not None:
        made.get_ifd(ExifTags.IFD.GPSInfo).update({
            ExifTags.GPS.GPSLatitudeRef: "S" if told.lat < 0 else "N",
            ExifTags.GPS.GPSLatitude: _sexagesimal(abs(told.lat)),
            ExifTags.GPS.GPSLongitudeRef: "W" if told.lon < 0 else "E",
            ExifTags.GPS.GPSLongitude: _sexagesimal(abs(told.lon)),
        })  # fmt: skip
    if told == Told():
        return b""
    return made.tobytes().removeprefix(b"Exif\x00\x00")


def _sexagesimal(degrees: float) -> tuple[float, float, float]:
    whole, rest = divmod(round(degrees * 3_600_000), 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    return float(whole), float(minutes), rest / 1000


def _upright(content: bytes, kind: str) -> bytes:
    out = io.BytesIO()
    with Image.open(io.BytesIO(content), formats=[FORMATS[kind]]) as picture:
        profile = picture.info.get("icc_profile")
        turned = ImageOps.exif_transpose(picture)
        more = {"icc_profile": profile} if profile else {}
        turned.info.pop("exif", None)
        turned.save(out, FORMATS[kind], exif=b"", **({} if kind == "image/png" else {"quality": QUALITY}), **more)
    return out.getvalue()


def _jpeg(content: bytes, exif: bytes) -> bytes:
    head = b"\xff\xd8"
    if exif:
        body = b"Exif\x00\x00" + exif
        head += b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body
    return head + b"".join(_jpeg_parts(content))


def _jpeg_parts(content: bytes) -> Iterator[bytes]:
    """The segments that hold the picture, from behind its head to its end."""
    at = 2
    while found := _MARKER.search(content, at):
        marker, begins = content[found.end() - 1], found.end()
        if marker == 0xD9:
            yield b"\xff\xd9"
            return
        if marker in _BARE:
            at = begins
            continue
        ends = begins + int.from_bytes(content[begins : begins + 2], "big")
        part = content[begins:ends]
        after = _MARKER.search(content, ends) if marker == 0xDA else None
        if marker == 0xDA:
            ends = after.start() if after else len(content)
            part = content[begins:ends]
        if _jpeg_keeps(marker, part):
            yield bytes((0xFF, marker)) + part
        at = ends
    yield b"\xff\xd9"  # a camera that was switched off too early


def _jpeg_keeps(marker: int, part: bytes) -> bool:
    if 0xE0 <= marker <= 0xEF:
        return marker in _JPEG_KEPT and (marker != 0xE2 or part[2:14] == b"ICC_PROFILE\x00")
    return marker != 0xFE  # a comment


def _png(content: bytes, exif: bytes) -> bytes:
    out, at = [content[:8]], 8
    while at + 8 <= len(content):
        size, name = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        if name in _PNG_KEPT:
            out.append(content[at : at + size + 12])
        if name == b"IHDR" and exif:
            check = zlib.crc32(b"eXIf" + exif).to_bytes(4, "big")
            out.append(len(exif).to_bytes(4, "big") + b"eXIf" + exif + check)
        if name == b"IEND":
            break
        at += size + 12
    return b"".join(out)


def _webp(content: bytes, exif: bytes) -> bytes:
    """Exif goes into the extended form alone; in the simple one only the database holds time and position."""
    out, at = [], 12
    ends = min(len(content), int.from_bytes(content[4:8], "little") + 8)
    extended = content[12:16] == b"VP8X"
    while at + 8 <= ends:
        name, size = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        part = content[at : at + 8 + size + size % 2]
        if name == b"VP8X":
            flags = part[8] & ~0x0C | (0x08 if exif else 0)
            part = part[:8] + bytes((flags,)) + part[9:]
        if name in _WEBP_KEPT:
            out.append(part)
        at += 8 + size + size % 2
    if extended and exif:
        out.append(b"EXIF" + len(exif).to_bytes(4, "little") + exif + b"\x00" * (len(exif) % 2))
    body = b"WEBP" + b"".join(out)
    return b"RIFF" + len(body).to_bytes(4, "little") + body
