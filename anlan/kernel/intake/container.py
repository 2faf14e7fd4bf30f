"""What kind of file was uploaded, told by its content, and guards against files made to exhaust the machine."""

from __future__ import annotations

import io
import os
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from anlan.kernel.errors import gettext_noop
from anlan.kernel.intake.problems import FileRefused, Msg

_ = gettext_noop
MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a file may be, and what reading it may take.

    ``cells`` bounds the rectangle a spreadsheet's values span, ``text_in_cells`` the text after each shared text is
    copied into its cells; ``reader_memory`` (bytes of address space) and ``reader_seconds`` (of processor time) bound
    the process that reads workbooks.
    """

    workbook_bytes: int = 200 * MIB
    text_bytes: int = 1024 * MIB
    unpacked_bytes: int = 1024 * MIB
    cells: int = 30_000_000
    text_in_cells: int = 1024 * MIB
    reader_memory: int = 4096 * MIB
    reader_seconds: int = 300


class Source:
    """The uploaded file: a path, bytes, or an open binary file (which is left open)."""

    def __init__(self, source: str | os.PathLike[str] | bytes | BinaryIO) -> None:
        self._source = source
        with self.open() as file:
            self.size = file.seek(0, io.SEEK_END)

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """The content from its start."""
        if isinstance(self._source, bytes):
            yield io.BytesIO(self._source)
        elif isinstance(self._source, (str, os.PathLike)):
            with open(self._source, "rb") as file:
                yield file
        else:
            self._source.seek(0)
            yield self._source


_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", _("a picture")), (b"\xff\xd8\xff", _("a picture")), (b"GIF8", _("a picture")), (b"BM", _("a picture")),
    (b"II*\x00", _("a picture")), (b"MM\x00*", _("a picture")), (b"%PDF", _("a PDF document")),
    (b"Rar!", _("an archive")), (b"7z\xbc\xaf", _("an archive")), (b"\x1f\x8b", _("an archive")),
    (b"{\\rtf", _("a text document")),
)  # fmt: skip
_XMLSS = re.compile(rb"<(?:\w+:)?workbook[\s>]", re.IGNORECASE)
_HTML = re.compile(
    rb"\s*(?:<!--.*?-->\s*)?<(?:!doctype html|html|head|meta|table|style|body|div)\b", re.IGNORECASE | re.DOTALL
)
_TEXT_BOMS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")


def kind_of(source: Source, limits: Limits) -> str:
    """``xlsx``, ``ods``, ``xls`` or ``csv``. Raises ``FileRefused`` for anything else and for files too large."""
    if not source.size:
        raise FileRefused("file_empty")
    with source.open() as file:
        head = file.read(8192)
    zipped, ole = head.startswith((b"PK\x03\x04", b"PK\x05\x06")), head.startswith(b"\xd0\xcf\x11\xe0")
    limit = limits.workbook_bytes if zipped or ole else limits.text_bytes
    if source.size > limit:
        raise FileRefused("file_large", size=source.size // MIB, limit=limit // MIB)
    if ole:
        return "xls"
    if zipped:
        return _kind_of_archive(source)
    for magic, name in _MAGIC:
        if head.startswith(magic) and (len(magic) > 2 or b"\x00" in head):
            raise FileRefused("file_kind", kind=Msg(name))
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        raise FileRefused("file_kind", kind=Msg(_("a picture")))
    body = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if body[:5].lower() == b"<?xml" and _XMLSS.search(body):
        raise FileRefused("file_resave", kind=Msg(_("an XML spreadsheet of 2003")))
    if _HTML.match(body) or body[:5].lower() == b"<?xml":
        raise FileRefused("file_resave", kind=Msg(_("a web page under the name of a spreadsheet")))
    if head[:1] == b"\x09" and head[1:2] in b"\x00\x02\x04\x08" and head[2:3] and head[3:4] == b"\x00":
        raise FileRefused("file_resave", kind=Msg(_("a workbook of a very old program")))
    if b"\x00" in head and not head.startswith(_TEXT_BOMS):
        raise FileRefused("file_kind", kind=Msg(_("a program's own file")))
    return "csv"


def _kind_of_archive(source: Source) -> str:
    with source.open() as file, _archive(file) as archive:
        names = {name.replace("\\", "/").lower().lstrip("/") for name in archive.namelist()}
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        raise FileRefused("file_resave", kind=Msg(_("a binary workbook (.xlsb)")))
    if "content.xml" in names and "mimetype" in names:
        return "ods"
    if any(name.startswith("word/") for name in names):
        raise FileRefused("file_kind", kind=Msg(_("a text document")))
    if any(name.startswith("ppt/") for name in names):
        raise FileRefused("file_kind", kind=Msg(_("a presentation")))
    if "[content_types].xml" in names:
        raise FileRefused("file_damaged")
    raise FileRefused("file_kind", kind=Msg(_("an archive")))


@contextmanager
def _archive(file: BinaryIO) -> Iterator[zipfile.ZipFile]:
    """The archive's directory. Every way in which a crafted or cut file fails is one refusal."""
    try:
        archive = zipfile.ZipFile(file)
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        struct.error,
        ValueError,
        OverflowError,
        EOFError,
        OSError,
    ) as fault:
        raise FileRefused("file_damaged") from fault
    with archive:
        yield archive


class Unpacker:
    """Reads the members of an archive in pieces, counting what really comes out.

    The sizes an archive states are not believed: the reader that follows would unpack everything, so the guard does
    so first, keeping nothing.
    """

    def __init__(self, file: BinaryIO, limits: Limits) -> None:
        self._file, self._limit, self._unpacked = file, limits.unpacked_bytes, 0
        with _archive(file) as archive:
            self.members = {info.filename.replace("\\", "/").lstrip("/"): info for info in archive.infolist()}
            count = len(archive.infolist())
        if count != len(self.members):  # two members of one name: programs disagree on which to read
            raise FileRefused("file_damaged")
        if any(info.flag_bits & 1 for info in self.members.values()):
            raise FileRefused("file_password")

    def find(self, name: str) -> str | None:
        """The member of that name, letter case aside."""
        wanted = name.lstrip("/").lower()
        return next((member for member in self.members if member.lower() == wanted), None)

    def read(self, name: str, limit: int = 64 * MIB) -> bytes:
        """A small member whole; a missing one is empty."""
        member = self.find(name)
        if member is None:
            return b""
        data = bytearray()
        for piece in self.pieces(member):
            data += piece
            if len(data) > limit:
                raise FileRefused("file_unpacked", limit=limit // MIB)
        return bytes(data)

    def pieces(self, member: str) -> Iterator[bytes]:
        """The content in pieces of at most 1 MiB; refused when the whole archive unpacks beyond the limit."""
        total, info = 0, self.members[member]
        try:
            for piece in self._inflated(info):
                total += len(piece)
                self._unpacked += len(piece)
                if self._unpacked > self._limit:
                    raise FileRefused("file_unpacked", limit=self._limit // MIB)
                yield piece
        except (zlib.error, struct.error, ValueError, OSError) as fault:
            raise FileRefused("file_damaged") from fault
        if total != info.file_size:
            raise FileRefused("file_damaged")

    def _inflated(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        self._file.seek(info.header_offset)
        header = self._file.read(30)
        if header[:4] != b"PK\x03\x04" or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ValueError("not a member this reads")
        self._file.seek(sum(struct.unpack("<HH", header[26:30])), io.SEEK_CUR)
        engine = zlib.decompressobj(-15) if info.compress_type == zipfile.ZIP_DEFLATED else None
        left = info.compress_size
        while left > 0:
            packed = self._file.read(min(left, 256 * 1024))
            if not packed:
                raise ValueError("cut short")
            left -= len(packed)
            if engine is None:
                yield packed
                continue
            while True:
                piece = engine.decompress(packed, MIB)
                packed = engine.unconsumed_tail
                if piece:
                    yield piece
                if not packed and len(piece) < MIB:
                    break
