"""Text tables: UTF-8, UTF-16 or GB18030; separated by comma, semicolon, tab or bar; read as a stream.

Rows are numbered as a spreadsheet numbers them: one for each record, blank lines included, however many lines a
quoted value spans.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator
from typing import cast

from anlan.kernel.intake.container import MIB, Source
from anlan.kernel.intake.problems import FileRefused

_SAMPLE = 256 * 1024
_LINES_IN_CELL = 200  # more line breaks than this in one record: a quotation mark was never closed
_SEPARATORS = (",", "\t", ";", "|")


class BrokenRow(list[str]):
    """A row whose quotation marks do not fit; its cells are what could be read (nothing)."""


def encoding_of(source: Source) -> str:
    """The encoding in which the whole file can be read; refused when there is none."""
    with source.open() as file:
        head = file.read(4)
    if head.startswith(codecs.BOM_UTF8):
        candidates = ["utf-8-sig"]
    elif head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    else:
        candidates = ["utf-8", "gb18030"]
    for encoding in candidates:
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with source.open() as file:
                while piece := file.read(MIB):
                    decoder.decode(piece)
                decoder.decode(b"", True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise FileRefused("file_encoding")


def separator_of(sample: str) -> str:
    """The separator that cuts most lines of the sample into the same number of cells; a comma when none does."""
    best, best_score = ",", 0
    for separator in _SEPARATORS:
        widths = Counter(_widths(sample, separator))
        score = max(((width - 1) * count for width, count in widths.items()), default=0)
        if score > best_score:
            best, best_score = separator, score
    return best


def _widths(sample: str, separator: str) -> Iterator[int]:
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=separator)
    for count, row in enumerate(_forgiving(reader)):
        if count > 200:
            return
        if len(row) > 1 and any(row):
            yield len(row)


def _forgiving(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    try:
        yield from reader
    except csv.Error:
        return


class DelimitedText:
    """One text table. ``rows()`` starts over each time and holds one row at a time."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.encoding = encoding_of(source)
        with self._text() as (text, _place):
            sample = text.read(_SAMPLE)
        if "\0" in sample:
            raise FileRefused("file_encoding")
        self._skip_first = False
        first = sample.partition("\n")[0]
        declared = first.strip().lower().removeprefix("sep=")
        if first.lower().startswith("sep=") and declared in _SEPARATORS:  # the line some exports write for Excel
            self.separator, self._skip_first = declared, True
        else:
            self.separator = separator_of(sample if len(sample) < _SAMPLE else sample[: sample.rfind("\n") + 1])

    def _text(self) -> _Text:
        return _Text(self._source, self.encoding)

    def rows(self, place: Callable[[Callable[[], float]], None] | None = None) -> Iterator[tuple[int, list[str]]]:
        """Row numbers and cells. ``place`` is handed a function that tells the share of the file read so far."""
        with self._text() as (text, share):
            if place is not None:
                place(share)
            reader = csv.reader(text, delimiter=self.separator, strict=True)
            line, number = 0, 0
            while True:
                number += 1
                try:
                    row = next(reader)
                except StopIteration:
                    return
                except csv.Error as fault:
                    if "expected after" not in str(fault):
                        raise FileRefused("file_quote", number=number) from fault
                    row = BrokenRow()
                if reader.line_num - line > _LINES_IN_CELL:
                    raise FileRefused("file_quote", number=number)
                line = reader.line_num
                if number == 1 and self._skip_first:
                    continue
                yield number, row


class _Text:
    """The decoded file as a context: (text, function telling the share read)."""

    def __init__(self, source: Source, encoding: str) -> None:
        self._source, self._encoding = source, encoding

    def __enter__(self) -> tuple[io.TextIOWrapper, Callable[[], float]]:
        self._opened = self._source.open()
        file = self._opened.__enter__()
        size = max(1, self._source.size)
        self._text = io.TextIOWrapper(cast("io.BufferedReader", file), self._encoding, newline="")
        return self._text, lambda: min(1.0, file.tell() / size)

    def __exit__(self, *_exception: object) -> None:
        self._text.detach()
        self._opened.__exit__(None, None, None)
