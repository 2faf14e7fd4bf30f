"""Scan a binary .xls (BIFF8 in an OLE container) for errors, hidden months, ratios, its epoch and its password.

The layout of the container is [MS-CFB], that of the records [MS-XLS].
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from anlan.kernel.errors import gettext_noop
from anlan.kernel.intake.container import MIB, Source
from anlan.kernel.intake.marks import Marks, mark_of_format
from anlan.kernel.intake.problems import FileRefused, Msg

_ = gettext_noop
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_END_OF_CHAIN = 0xFFFFFFFA  # this and above are not sectors
_BOF, _EOF, _FILEPASS, _DATEMODE, _BOUNDSHEET = 0x0809, 0x000A, 0x002F, 0x0022, 0x0085
_FORMAT, _XF, _FORMULA, _NUMBER, _RK, _MULRK, _BOOLERR = 0x041E, 0x00E0, 0x0006, 0x0203, 0x027E, 0x00BD, 0x0205


def scan_xls(source: Source) -> dict[str, Marks]:
    """Marks by sheet name. Raises ``FileRefused`` for what is no workbook, is protected or damaged."""
    with source.open() as file:
        data = file.read()
    try:
        return _scan(_workbook(data))
    except (struct.error, IndexError, UnicodeDecodeError) as fault:
        raise FileRefused("file_damaged") from fault


def _workbook(data: bytes) -> bytes:
    """The stream with the records."""
    shift, mini_shift = struct.unpack_from("<HH", data, 30)
    if not 7 <= shift <= 12 or not 2 <= mini_shift <= shift:
        raise FileRefused("file_damaged")
    fat_count, directory = struct.unpack_from("<I", data, 44)[0], struct.unpack_from("<I", data, 48)[0]
    cutoff, mini_fat, _mini_count, difat, _difat_count = struct.unpack_from("<IIIII", data, 56)
    size = 1 << shift

    def sector(number: int) -> bytes:
        piece = data[(number + 1) << shift : (number + 2) << shift]
        if not piece:
            raise FileRefused("file_damaged")
        return piece.ljust(size, b"\0")

    def numbers(piece: bytes) -> tuple[int, ...]:
        return struct.unpack(f"<{len(piece) // 4}I", piece)

    fat_sectors = [number for number in struct.unpack_from("<109I", data, 76) if number < _END_OF_CHAIN]
    visited = 0
    while difat < _END_OF_CHAIN and visited <= len(data) >> shift:
        *more, difat = numbers(sector(difat))
        fat_sectors += [number for number in more if number < _END_OF_CHAIN]
        visited += 1
    fat = [entry for number in fat_sectors[:fat_count] for entry in numbers(sector(number))]

    def chain(start: int, table: list[int]) -> Iterator[int]:
        for _step in range(len(table) + 1):
            if start >= _END_OF_CHAIN:
                return
            yield start
            start = table[start]
        raise FileRefused("file_damaged")

    def stream(start: int) -> bytes:
        return b"".join(sector(number) for number in chain(start, fat))

    entries: dict[str, tuple[int, int]] = {}
    listing, root = stream(directory), (0, 0)
    for place in range(0, len(listing) - 127, 128):
        length, kind = struct.unpack_from("<HB", listing, place + 64)
        if kind in (1, 2, 5) and 2 <= length <= 64:
            name = listing[place : place + length - 2].decode("utf-16-le")
            where = struct.unpack_from("<II", listing, place + 116)
            entries[name.lower()] = where
            root = where if kind == 5 else root
    if "encryptedpackage" in entries:
        raise FileRefused("file_password")
    for name, kind_name in (("worddocument", _("a text document")), ("powerpoint document", _("a presentation"))):
        if name in entries:
            raise FileRefused("file_kind", kind=Msg(kind_name))
    if "workbook" not in entries:
        if "book" in entries:
            raise FileRefused("file_resave", kind=Msg(_("a workbook of a very old program")))
        raise FileRefused("file_kind", kind=Msg(_("a program's own file")))
    start, length = entries["workbook"]
    if length >= cutoff:
        return stream(start)[:length]
    small, mini_table = stream(root[0]), list(numbers(stream(mini_fat)))
    step = 1 << mini_shift
    return b"".join(small[number * step : (number + 1) * step] for number in chain(start, mini_table))[:length]


def _scan(book: bytes) -> dict[str, Marks]:
    sheets: list[tuple[str, int]] = []
    codes: dict[int, str] = {}
    formats: list[int] = []
    epoch1904 = False
    for kind, at, size in _records(book, 0):
        if kind == _BOF and size >= 2 and struct.unpack_from("<H", book, at)[0] != 0x0600:
            raise FileRefused("file_resave", kind=Msg(_("a workbook of a very old program")))
        if kind == _FILEPASS:
            raise FileRefused("file_password")
        if kind == _DATEMODE:
            epoch1904 = bool(book[at])
        elif kind == _BOUNDSHEET:
            sheets.append((_string(book, at + 6, 1), struct.unpack_from("<I", book, at)[0]))
        elif kind == _FORMAT:
            codes[struct.unpack_from("<H", book, at)[0]] = _string(book, at + 2, 2)
        elif kind == _XF:
            formats.append(struct.unpack_from("<H", book, at + 2)[0])
    if not sheets:
        raise FileRefused("file_damaged")
    shown = {number: mark for number, used in enumerate(formats) if (mark := mark_of_format(used, codes.get(used)))}
    return {name: _scan_sheet(book, offset, Marks(epoch1904=epoch1904), shown) for name, offset in sheets}


def _scan_sheet(book: bytes, offset: int, marks: Marks, shown: dict[int, str]) -> Marks:
    for kind, at, size in _records(book, offset):
        if kind == _BOOLERR and book[at + 7]:
            row, column = struct.unpack_from("<HH", book, at)
            marks.add(row, column, "!" + _ERRORS.get(book[at + 6], "#ERROR!"))
        elif kind == _FORMULA:
            row, column, style = struct.unpack_from("<HHH", book, at)
            if book[at + 12 : at + 14] == b"\xff\xff" and book[at + 6] == 2:
                marks.add(row, column, "!" + _ERRORS.get(book[at + 8], "#ERROR!"))
            elif style in shown:
                marks.add(row, column, shown[style])
        elif shown and kind in (_NUMBER, _RK):
            row, column, style = struct.unpack_from("<HHH", book, at)
            if style in shown:
                marks.add(row, column, shown[style])
        elif shown and kind == _MULRK:
            row, first = struct.unpack_from("<HH", book, at)
            for step in range((size - 6) // 6):
                style = struct.unpack_from("<H", book, at + 4 + 6 * step)[0]
                if style in shown:
                    marks.add(row, first + step, shown[style])
    return marks


def _records(book: bytes, start: int) -> Iterator[tuple[int, int, int]]:
    """Kind, place and size of each record of one substream; embedded ones (charts) are passed over."""
    depth, limit = 0, min(len(book), start + 512 * MIB)
    while start + 4 <= limit:
        kind, size = struct.unpack_from("<HH", book, start)
        if kind == _BOF:
            depth += 1
        if depth == 1:
            yield kind, start + 4, size
        if kind == _EOF:
            depth -= 1
            if depth <= 0:
                return
        start += 4 + size


def _string(book: bytes, at: int, width: int) -> str:
    """A short text: its length in one or two bytes, a flag for 16-bit characters, the characters."""
    length = book[at] if width == 1 else struct.unpack_from("<H", book, at)[0]
    wide = book[at + width] & 1
    raw = book[at + width + 1 : at + width + 1 + length * (2 if wide else 1)]
    return raw.decode("utf-16-le" if wide else "latin-1")
