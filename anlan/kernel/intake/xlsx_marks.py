"""Scan the XML of an .xlsx for what must not be overlooked (see ``marks``) and for the rectangle its values span.

A full XML parser takes minutes for a large ledger; this scan looks at cells one by one only where a piece of the
file contains something to mark.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from posixpath import join, normpath
from xml.etree import ElementTree

from anlan.kernel.intake.container import MIB, Limits, Unpacker
from anlan.kernel.intake.marks import Marks, mark_of_format
from anlan.kernel.intake.problems import FileRefused

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_LONGEST_PIECE = 64 * MIB


def scan_xlsx(unpacker: Unpacker, limits: Limits) -> dict[str, Marks]:
    """Marks by sheet name. Scan every sheet; every other member is unpacked too, so that none of them is a bomb."""
    workbook = _tree(unpacker.read("xl/workbook.xml"))
    targets = {
        item.get("Id", ""): item.get("Target", "") for item in _tree(unpacker.read("xl/_rels/workbook.xml.rels")).iter()
    }
    epoch1904 = any(
        item.get("date1904", "") in ("1", "true", "on") for item in workbook.iter() if _local(item) == "workbookPr"
    )
    shown = _marked_styles(unpacker.read("xl/styles.xml"))
    sheets: dict[str, Marks] = {}
    seen: set[str] = set()
    longest = shared = 0
    for item in workbook.iter():
        if _local(item) != "sheet":
            continue
        target = targets.get(item.get(_RELATION) or item.get(_STRICT_RELATION) or "", "")
        member = unpacker.find(target if target.startswith("/") else normpath(join("xl", target)))
        if not target or member is None:
            raise FileRefused("file_damaged")
        if member in seen:
            raise FileRefused("file_damaged")
        seen.add(member)
        name = item.get("name", "")
        one = _SheetScan(Marks(epoch1904=epoch1904), shown)
        for piece in _rows(unpacker.pieces(member)):
            one.feed(piece)
        shared += one.shared
        one.check_size(name, limits)
        sheets[name] = one.marks
    small = {unpacker.find(name) for name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml")}
    for member in unpacker.members:
        if member in seen or member in small:
            continue
        if member.lower().endswith("sharedstrings.xml"):
            longest = max(longest, _longest_text(unpacker.pieces(member)))
        else:
            for _piece in unpacker.pieces(member):
                pass
    # One long text shared by a million cells is copied a million times by the reader.
    if longest * shared > limits.text_in_cells and _shared_text(unpacker, seen) > limits.text_in_cells:
        raise FileRefused("file_unpacked", limit=limits.text_in_cells // MIB)
    return sheets


def _tree(data: bytes) -> ElementTree.Element:
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise FileRefused("file_damaged")
    try:
        return ElementTree.fromstring(data)
    except ElementTree.ParseError as fault:
        raise FileRefused("file_damaged") from fault


def _local(item: ElementTree.Element) -> str:
    return item.tag.rpartition("}")[2]


def _is_number(text: str) -> bool:
    """Whether a text is a number that a style may have: "²" is a digit to Python, and no number."""
    return text.isdecimal() and len(text) < 10


def _marked_styles(data: bytes) -> dict[str, str]:
    """Style numbers of cells whose format hides something, to the mark."""
    if not data:
        return {}
    codes: dict[int, str] = {}
    marked: dict[str, str] = {}
    for item in _tree(data).iter():
        if _local(item) == "numFmt" and _is_number(item.get("numFmtId", "")):
            codes[int(item.get("numFmtId", "0"))] = item.get("formatCode", "")
        elif _local(item) == "cellXfs":
            for number, style in enumerate(item):
                used = int(number_of) if _is_number(number_of := style.get("numFmtId", "")) else 0
                if mark := mark_of_format(used, codes.get(used)):
                    marked[str(number)] = mark
    return marked


def _rows(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes cut behind the end of a row."""
    rest = b""
    for piece in pieces:
        data = rest + piece
        end = data.rfind(b"row>")
        if end < 0:
            rest = data
            if len(rest) > _LONGEST_PIECE:
                raise FileRefused("file_damaged")
            continue
        yield data[: end + 4]
        rest = data[end + 4 :]
    yield rest


_P = rb"(?:\w+:)?"
_FAR = {quote: re.compile(b"r=%b([A-Z]{2,})([0-9]+)%b[^>]*(?<!/)>" % (quote, quote)) for quote in (b'"', b"'")}
_ROW_OPEN = re.compile(rb"<" + _P + rb"row\b([^>]*)>")
_TOKEN = re.compile(rb"<" + _P + rb"row\b([^>]*)>|<" + _P + rb"c\b([^>]*?)(?:/>|>(.*?)</" + _P + rb"c>)", re.DOTALL)
_ROW_NUMBER = re.compile(rb"\br=[\"'](\d+)[\"']")
_PLACE = re.compile(rb"\br=[\"']([A-Z]+)\d+[\"']")
_STYLE = re.compile(rb"\bs=[\"'](\d+)[\"']")
_TYPE = re.compile(rb"\bt=[\"'](\w+)[\"']")
_VALUE = re.compile(rb"<" + _P + rb"v\b[^>]*>([^<]+)<")
_TEXT = re.compile(rb"<" + _P + rb"si\b.*?</" + _P + rb"si>", re.DOTALL)


class _SheetScan:
    def __init__(self, marks: Marks, shown: dict[str, str]) -> None:
        self.marks, self.shared = marks, 0
        self._shown = {number.encode(): mark for number, mark in shown.items()}
        styles = [b" s=%b%b%b" % (quote, number, quote) for number in self._shown for quote in (b'"', b"'")]
        self._suspects = [b't="e"', b"t='e'", b"<f>", b"<f ", b"<f/", b":f>", b":f ", b":f/", *styles]
        self._row = -1  # the row last opened, from 0
        self._last, self._widest, self._far = 0, 26, "A1"

    def feed(self, data: bytes) -> None:
        """Look at a piece that ends with a row."""
        self.shared += data.count(b't="s"') + data.count(b"t='s'")
        for quote, far in _FAR.items():
            for letters, number in far.findall(data) if b"r=" + quote in data else ():
                width = _index(letters) + 1
                if width > self._widest:
                    self._widest, self._far = width, (letters + number).decode()
        # Plain searches for bytes are many times faster than one for a pattern, and most pieces have nothing to mark.
        if any(suspect in data for suspect in self._suspects):
            self._look_closely(data)
        else:
            self._pass_over(data)
        content = max(data.rfind(b"</c>"), data.rfind(b":c>"))
        if content >= 0:
            opened = data.rfind(b"<row", 0, content)
            number = _ROW_NUMBER.search(data, opened, data.find(b">", opened)) if opened >= 0 else None
            self._last = int(number[1]) if number else self._row + 1

    def check_size(self, sheet: str, limits: Limits) -> None:
        """Refuse a sheet whose values span more cells than the limit: the reader would reserve them all."""
        if self._last * self._widest > limits.cells:
            cell = self._far if self._widest > 26 else f"A{self._last}"
            raise FileRefused("file_far_cell", sheet=sheet, cell=cell)

    def _opened(self, attributes: bytes) -> None:
        number = _ROW_NUMBER.search(attributes)
        self._row = int(number[1]) - 1 if number else self._row + 1

    def _pass_over(self, data: bytes) -> None:
        last = max(data.rfind(b"<row"), data.rfind(b":row "))
        match = _ROW_OPEN.match(data, data.rfind(b"<", 0, last + 1)) if last >= 0 else None
        if match and _ROW_NUMBER.search(match[1]):
            self._opened(match[1])
            return
        for each in _ROW_OPEN.finditer(data):
            self._opened(each[1])

    def _look_closely(self, data: bytes) -> None:
        column = -1
        for token in _TOKEN.finditer(data):
            row, attributes, inner = token.groups()
            if attributes is None:
                self._opened(row)
                column = -1
                continue
            place = _PLACE.search(attributes)
            column = _index(place[1]) if place else column + 1
            kind = _TYPE.search(attributes)
            value = _VALUE.search(inner) if inner else None
            if kind and kind[1] == b"e":
                text = html.unescape(value[1].decode("utf-8", "replace")) if value else ""
                self.marks.add(self._row, column, "!" + text)
            elif (
                inner
                and value is None
                and b"f" in inner
                and (kind is None or kind[1] == b"n")
                and _FORMULA.search(inner)
            ):
                self.marks.add(self._row, column, "!")
            elif value is not None and self._shown:
                style = _STYLE.search(attributes)
                if style and (mark := self._shown.get(style[1])):
                    self.marks.add(self._row, column, mark)


_FORMULA = re.compile(rb"<" + _P + rb"f\b")


def _index(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _longest_text(pieces: Iterator[bytes]) -> int:
    longest, rest = 0, b""
    for piece in pieces:
        rest += piece
        end = 0
        for match in _TEXT.finditer(rest):
            longest, end = max(longest, match.end() - match.start()), match.end()
        rest = rest[end:]
        longest = max(longest, len(rest) if len(rest) > MIB else 0)
        if len(rest) > _LONGEST_PIECE:
            raise FileRefused("file_damaged")
    return longest


def _shared_text(unpacker: Unpacker, sheets: set[str]) -> int:
    """Bytes of text after every shared text is copied into its cells."""
    member = unpacker.find("xl/sharedStrings.xml")
    lengths = [len(text) for text in _TEXT.findall(b"".join(unpacker.pieces(member)))] if member else []
    total = 0
    for sheet in sheets:
        for piece in _rows(unpacker.pieces(sheet)):
            for token in re.finditer(rb"\bt=[\"']s[\"'][^>]*>\s*<" + _P + rb"v>(\d+)<", piece):
                number = int(token[1])
                total += lengths[number] if number < len(lengths) else 0
    return total
