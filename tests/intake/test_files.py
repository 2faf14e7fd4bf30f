"""Files of every format, and files that must be refused before they do harm."""

from __future__ import annotations

import datetime as dt
import gc
import io
import random
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from django.core.files import File
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.kernel.errors import BadInput
from anlan.kernel.intake import FileRefused, Limits, read_ledger
from anlan.kernel.intake.container import MIB
from anlan.kernel.intake.reader import Reader
from anlan.kernel.intake.xlsx_marks import _marked_styles
from tests.intake.ledgers import (
    SCHEMA,
    accepted,
    read,
    rejected,
    rezipped,
    saved,
    skipped,
    text_table,
    with_cell_xml,
    workbook,
)

DATA = Path(__file__).parent / "data"
GOOD = [["企业名称", "从业人数"], ["甲厂", 5]]
_NS = "urn:oasis:names:tc:opendocument:xmlns"
_CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
ODS = f"""<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{_NS}:office:1.0"
 xmlns:table="{_NS}:table:1.0" xmlns:text="{_NS}:text:1.0" xmlns:calcext="{_CALC}" office:version="1.2"><office:body>
<office:spreadsheet><table:table table:name="台账">%s</table:table></office:spreadsheet></office:body>
</office:document-content>"""
MANIFEST = f"""<manifest:manifest xmlns:manifest="{_NS}:manifest:1.0"><manifest:file-entry manifest:full-path="/"
 manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>"""


def code_of(content: Any, **options: Any) -> str:
    with pytest.raises(FileRefused) as caught:
        read(content, **options)
    assert isinstance(caught.value, BadInput) and str(caught.value).endswith(".")
    return caught.value.code


def ods(rows: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", ODS % rows, zipfile.ZIP_DEFLATED)
        archive.writestr("META-INF/manifest.xml", MANIFEST)
    return buffer.getvalue()


def ods_cell(text: str, attributes: str = 'office:value-type="string"') -> str:
    return f"<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>"


def test_path_bytes_and_open_file(tmp_path: Path) -> None:
    content, path = workbook(GOOD), tmp_path / "台账.dat"
    path.write_bytes(content)
    with path.open("rb") as file:
        for source in (content, path, str(path), io.BytesIO(content), file):
            assert accepted(read(source)[1])[2]["name"] == "甲厂"
        assert not file.closed
    for source in (io.BytesIO(text_table(GOOD)),):
        assert accepted(read(source)[1])[2]["name"] == "甲厂"
        assert not source.closed


@pytest.mark.parametrize("content", [text_table(GOOD), workbook(GOOD)])
def test_a_file_as_the_web_server_hands_it_over(content: bytes) -> None:
    with tempfile.TemporaryFile() as file:
        file.write(content)
        for upload in (SimpleUploadedFile("台账", content), File(file)):
            assert accepted(read(upload)[1])[2]["name"] == "甲厂"
            assert not upload.closed


def test_an_old_workbook() -> None:
    outcomes = read(DATA / "ledger.xls")[1]
    assert skipped(outcomes) == {1: "above_header"}
    assert rejected(outcomes) == {4: [("C 成立日期", "month_only")], 5: [("D 从业人数", "error_cell")]}
    values = accepted(outcomes)
    assert {row: (v["name"], v["founded"], v["headcount"]) for row, v in values.items()} == {
        3: ("甲厂", dt.date(2024, 3, 5), 50), 6: ("丁厂", dt.date(2024, 3, 15), 7), 7: ("戊厂", None, 8),
        8: ("戊厂", None, 9),
    }  # fmt: skip
    assert {v["founded"] for v in accepted(read(DATA / "epoch1904.xls")[1]).values()} == {dt.date(2024, 3, 5)}


def test_an_open_document() -> None:
    rows = "".join(
        f"<table:table-row>{''.join(cells)}</table:table-row>"
        for cells in (
            [ods_cell("企业名称"), ods_cell("成立日期"), ods_cell("从业人数")],
            [ods_cell("甲厂"), ods_cell("2024-03-05", 'office:value-type="date" office:date-value="2024-03-05"'),
             ods_cell("50", 'office:value-type="float" office:value="50"')],
            [ods_cell("乙厂"), ods_cell("2024年3月", 'office:value-type="date" office:date-value="2024-03-01"'),
             ods_cell("#REF!", 'office:value-type="string" calcext:value-type="error" table:formula="of:=#REF!"')],
            [ods_cell("丙厂"), ods_cell(""), ods_cell("85%", 'office:value-type="percentage" office:value="0.85"')],
        )
    )  # fmt: skip
    nothing = '<table:table-cell table:number-columns-repeated="16384"/>'
    blank = f'<table:table-row table:number-rows-repeated="1048000">{nothing}</table:table-row>'
    outcomes = read(ods(rows + blank))[1]
    assert {row: v["headcount"] for row, v in accepted(outcomes).items()} == {2: 50}
    assert rejected(outcomes) == {
        3: [("B 成立日期", "month_only"), ("C 从业人数", "error_cell")], 4: [("C 从业人数", "not_percent")],
    }  # fmt: skip


def test_an_open_document_that_unfolds_without_end() -> None:
    cell = ods_cell("x", 'office:value-type="string" table:number-columns-repeated="16384"')
    bomb = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    assert code_of(ods(bomb)) == "file_far_cell"

    def with_entity(name: str, data: bytes) -> bytes:
        root = b"<office:document-content"
        return data.replace(root, b'<!DOCTYPE x [<!ENTITY a "b">]>' + root) if name == "content.xml" else data

    assert code_of(rezipped(ods("<table:table-row/>"), with_entity)) == "file_damaged"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "file_kind"),
        (b"\xff\xd8\xff\xe0" + bytes(200), "file_kind"),
        (b"%PDF-1.7\n" + bytes(200), "file_kind"),
        (b"RIFF\x00\x00\x00\x00WEBP" + bytes(50), "file_kind"),
        (b"\x7fELF" + bytes(200), "file_kind"),
        (b"<html><table><tr><td>\xc6\xf3\xd2\xb5</td></tr></table></html>", "file_resave"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "file_resave"),
        (b"\x09\x08\x10\x00\x00\x05" + bytes(100), "file_resave"),
        (b"PK\x03\x04" + bytes(50), "file_damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000), "file_damaged"),
        ("企业名称,从业人数\n甲厂,".encode() + b"\xff\xff\n", "file_encoding"),
        (b" \n \n", "header_absent"),
    ],
)  # fmt: skip
def test_what_is_no_table(content: bytes, code: str) -> None:
    assert code_of(content) == code


def test_archives_that_are_no_workbook() -> None:
    for member, code in (
        ("word/document.xml", "file_kind"),
        ("a.txt", "file_kind"),
        ("[Content_Types].xml", "file_damaged"),
    ):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr(member, "x")
        assert code_of(buffer.getvalue()) == code
    assert code_of(zip_of({"xl/workbook.bin": b"x"})) == "file_resave"


def zip_of(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def test_a_password() -> None:
    assert code_of(DATA / "password.xlsx") == "file_password"


def test_damaged_workbooks_are_one_refusal() -> None:
    content = workbook(GOOD)
    for cut in (200, len(content) // 2, len(content) - 10):
        assert code_of(content[:cut]) == "file_damaged"
    assert (
        code_of(rezipped(content, lambda name, data: b"<broken" if name == "xl/workbook.xml" else data))
        == "file_damaged"
    )
    broken = rezipped(content, lambda name, data: data[: len(data) // 2] if name.endswith("sheet1.xml") else data)
    assert code_of(broken) == "file_damaged"


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9), st.sampled_from(["xlsx", "xls", "csv"]))
def test_random_damage_never_ends_in_a_crash(seed: int, kind: str) -> None:
    chance = random.Random(seed)
    original = {"xlsx": WORKBOOK, "csv": text_table(GOOD, "gb18030"), "xls": OLD}[kind]
    content = bytearray(original)
    for _hit in range(chance.randrange(1, 8)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    try:
        read(bytes(content))
    except FileRefused as refusal:
        assert refusal.code


WORKBOOK, OLD = workbook(GOOD * 3), (DATA / "ledger.xls").read_bytes()


def test_limits() -> None:
    content = workbook(GOOD)
    assert code_of(content, limits=Limits(workbook_bytes=100)) == "file_large"
    assert code_of(text_table(GOOD), limits=Limits(text_bytes=10)) == "file_large"
    assert code_of(content, limits=Limits(unpacked_bytes=1000)) == "file_unpacked"


def test_a_zip_bomb_is_stopped_whatever_size_it_states() -> None:
    bomb = rezipped(
        workbook(GOOD),
        lambda name, data: (
            data.replace(b"</sheetData>", b" " * (20 * MIB) + b"</sheetData>") if name.endswith("sheet1.xml") else data
        ),
    )
    assert len(bomb) < MIB
    assert code_of(bomb, limits=Limits(unpacked_bytes=10 * MIB)) == "file_unpacked"
    size, lie = (20 * MIB).to_bytes(4, "little"), bytearray(bomb)
    sheet = next(info for info in zipfile.ZipFile(io.BytesIO(bomb)).infolist() if info.filename.endswith("sheet1.xml"))
    place = bomb.rfind(sheet.file_size.to_bytes(4, "little"))
    lie[place : place + 4] = (100).to_bytes(4, "little")
    assert size[0] is not None and code_of(bytes(lie), limits=Limits(unpacked_bytes=10 * MIB)) == "file_unpacked"
    assert code_of(bytes(lie)) == "file_damaged"


def test_a_value_far_outside_the_table_is_refused_before_room_is_reserved() -> None:
    book = openpyxl.Workbook()
    for row in GOOD:
        book.active.append(row)
    book.active["XFD1048576"] = " "
    with pytest.raises(FileRefused) as caught:
        read(saved(book))
    assert caught.value.code == "file_far_cell" and "XFD1048576" in str(caught.value)


def test_one_long_text_in_a_million_cells_is_refused() -> None:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["企业名称", "地址"])
    for row in range(1, 2001):
        sheet.write_row(row, 0, [f"第{row}厂", "长" * 30_000])
    book.close()
    assert len(buffer.getvalue()) < MIB
    assert code_of(buffer.getvalue(), limits=Limits(text_in_cells=50 * MIB)) == "file_unpacked"
    assert code_of(buffer.getvalue(), limits=Limits(reader_memory=150 * MIB)) == "file_damaged"
    assert len(read(buffer.getvalue())[1]) == 2000  # within the ordinary limit each row is refused by name: too long


def test_a_million_blank_formatted_rows() -> None:
    blank = "".join(
        f'<row r="{row}"><c r="A{row}" s="1"/><c r="B{row}" s="1"></c></row>' for row in range(3, 1_048_577)
    )
    content = rezipped(
        workbook(GOOD),
        lambda name, data: (
            data.replace(b"</sheetData>", blank.encode() + b"</sheetData>") if name.endswith("sheet1.xml") else data
        ),
    )
    outcomes = read(content)[1]
    assert len(outcomes) == 1 and accepted(outcomes)[2]["name"] == "甲厂"


def test_a_workbook_with_prefixed_names_and_without_cell_references() -> None:
    content = workbook([*GOOD, ["乙厂", 6]])

    def without_references(name: str, data: bytes) -> bytes:
        if name != "xl/worksheets/sheet1.xml":
            return data
        import re

        return re.sub(rb' r="[A-Z]*\d+"', b"", data)

    bare = with_cell_xml(content, "B3", '<c r="B3" t="e"><v>#REF!</v></c>')
    assert rejected(read(rezipped(bare, without_references))[1]) == {3: [("B 从业人数", "error_cell")]}

    def prefixed(name: str, data: bytes) -> bytes:
        if name != "xl/worksheets/sheet1.xml":
            return data
        import re

        data = re.sub(rb"<(/?)(\w)", rb"<\1x:\2", data)
        return data.replace(b' xmlns="', b' xmlns:x="', 1)

    assert rejected(read(rezipped(bare, prefixed))[1]) == {3: [("B 从业人数", "error_cell")]}


def test_errors_below_the_last_value_are_not_lost() -> None:
    content = workbook([*GOOD, ["", 1], ["", 2]])
    content = with_cell_xml(content, "B3", '<c r="B3"/>')
    content = with_cell_xml(content, "B4", '<c r="B4" t="e"><v>#REF!</v></c>')
    outcomes = read(content)[1]
    assert rejected(outcomes) == {4: [("A 企业名称", "missing"), ("B 从业人数", "error_cell")]}


def test_a_text_table_is_read_row_by_row(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("企业名称,从业人数\n")
        file.writelines(f"第{number}厂,{number % 900}\n" for number in range(40_000))
    import tracemalloc

    tracemalloc.start()
    count = sum(1 for _outcome in read_ledger(path, SCHEMA))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 40_000 and peak < 8 * MIB


def test_a_header_that_lies_ends_the_reading_and_nothing_else() -> None:
    """Sizes that no memory has: the reader's process dies of some of them; the file is refused, the server lives."""
    for place in range(24, 80, 4):
        for lie in (0x7FFFFFFF, 0xFFFFFFF0, 1):
            content = OLD[:place] + lie.to_bytes(4, "little") + OLD[place + 4 :]
            try:
                read(content)
            except FileRefused as refusal:
                assert refusal.code in ("file_damaged", "file_kind", "file_resave")


def test_the_reader_s_process_ends_with_the_reading() -> None:
    reader = Reader(workbook(GOOD), Limits())
    process = reader._process
    assert list(reader.rows("Sheet")) == [["企业名称", "从业人数"], ["甲厂", 5]] and process.poll() is None
    del reader
    gc.collect()
    assert process.poll() is not None


@pytest.mark.parametrize("number", ["²", "①", "9" * 5000, "", "x"])
def test_a_style_whose_number_is_none_marks_nothing(number: str) -> None:
    sheet = (
        f'<styleSheet><numFmts><numFmt numFmtId="{number}" formatCode="0%"/><numFmt numFmtId="164" formatCode="0%"/>'
        f'</numFmts><cellXfs><xf numFmtId="{number}"/><xf numFmtId="164"/></cellXfs></styleSheet>'
    )
    assert _marked_styles(sheet.encode()) == {"1": "percent"}
