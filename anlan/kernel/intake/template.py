"""The empty form to download: headings, notes and checks on each column, and a guide with an example for each field."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from anlan.kernel.errors import gettext_noop
from anlan.kernel.intake.header import column_letter, heading_key, heading_names, heading_of
from anlan.kernel.intake.kinds import TEXTUAL, Kind, choice_key
from anlan.kernel.intake.problems import Translate
from anlan.kernel.intake.schema import Field, RowSchema

_ = gettext_noop
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
"""Nothing written is ever turned into a formula or a link."""
AS_TEXT = TEXTUAL | {Kind.CODE, Kind.PHONE, Kind.ID_NUMBER, Kind.EMAIL, Kind.CHOICE, Kind.CHOICES, Kind.FLAG}
"""Kinds whose columns are formatted as text, so that no program takes digits away."""

_HOW: dict[Kind, str] = {
    Kind.TEXT: _("Text."),
    Kind.LINES: _("Text, several lines are possible."),
    Kind.NAME: _("The full name as on the licence."),
    Kind.CODE: _("Write the code as text, every character of it."),
    Kind.WHOLE: _("A whole number, digits only."),
    Kind.DECIMAL: _("A number, digits only."),
    Kind.DAY: _("A full date: year, month and day."),
    Kind.CHOICE: _("Choose one from the list."),
    Kind.CHOICES: _("One or several, with 、 between them."),
    Kind.FLAG: _("Yes or no; leave it empty when not known."),
    Kind.LON: _("Degrees in WGS-84 or CGCS2000, six decimal places."),
    Kind.LAT: _("Degrees in WGS-84 or CGCS2000, six decimal places."),
    Kind.PHONE: _("One number: mobile, or area code and number."),
    Kind.ID_NUMBER: _("18 characters."),
    Kind.EMAIL: _("An email address."),
}
_EXAMPLES: dict[Kind, str] = {
    Kind.WHOLE: "50", Kind.DECIMAL: "12.5", Kind.DAY: "2024-03-05", Kind.LON: "115.731000", Kind.LAT: "24.138000",
    Kind.PHONE: "0753-2123456", Kind.EMAIL: "name@example.com",
}  # fmt: skip
_WORDS = {
    "form": _("To fill in"), "guide": _("Guide"), "lists": _("Choices"), "column": _("Column"), "must": _("Needed"),
    "how": _("What to write"), "example": _("Example"), "yes": _("yes"), "no": _("no"), "may": _("if known"),
    "unit": _("In %(unit)s, without writing the unit."), "longest": _("At most %(limit)s characters."),
    "least": _("Not below %(limit)s."), "most": _("Not above %(limit)s."),
    "places": _("At most %(limit)s decimal places."), "choices": _("One of: %(choices)s."),
}  # fmt: skip


def write_template(
    schema: RowSchema, target: str | os.PathLike[str] | BinaryIO, translate: Translate, *, rows: int = 5_000
) -> None:
    """Write the form as .xlsx, in the language of ``translate``.

    Cells of ``rows`` rows carry the checks. Raises ``ValueError`` when a heading or choice as translated could not be
    read back: each belongs among the ``aliases_zh``.
    """
    _check_readable(schema, translate)
    book = xlsxwriter.Workbook(target, OPTIONS)
    form = book.add_worksheet(sheet_name(translate(_WORDS["form"])))
    guide = book.add_worksheet(sheet_name(translate(_WORDS["guide"])))
    lists = book.add_worksheet(sheet_name(translate(_WORDS["lists"])))
    lists.hide()
    head = book.add_format({"bold": True, "bg_color": "#D9E7F5", "border": 1, "text_wrap": True, "valign": "vcenter"})
    must = book.add_format({"bold": True, "bg_color": "#FCE4D6", "border": 1, "text_wrap": True, "valign": "vcenter"})
    wrap, text = book.add_format({"text_wrap": True, "valign": "top"}), book.add_format({"num_format": "@"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    form.freeze_panes(1, 0)
    form.set_row(0, 32)
    for index, field in enumerate(schema.fields.values()):
        title = heading_of(field, translate) + ("*" if field.required else "")
        form.write_string(0, index, title, must if field.required else head)
        form.write_comment(0, index, explained(field, translate), {"x_scale": 2, "y_scale": 1.5})
        form.set_column(index, index, _width(field, title), _column_format(field, text, day))
        _add_choices(form, lists, index, field, translate, rows)
    for index, word in enumerate(("column", "must", "how", "example")):
        guide.write_string(0, index, translate(_WORDS[word]), head)
    for number, field in enumerate(schema.fields.values(), 1):
        guide.write_string(number, 0, heading_of(field, translate), wrap)
        guide.write_string(number, 1, translate(_WORDS["yes" if field.required else "may"]), wrap)
        guide.write_string(number, 2, explained(field, translate), wrap)
        guide.write_string(number, 3, example_of(field, translate), wrap)
    guide.set_column(0, 0, 28)
    guide.set_column(1, 1, 10)
    guide.set_column(2, 2, 70)
    guide.set_column(3, 3, 30)
    book.close()


def explained(field: Field, translate: Translate) -> str:
    """What to write into the column, in one paragraph."""
    parts = [translate(field.help)] if field.help else []
    parts.append(translate(_HOW[field.kind]))
    if field.choices:
        labels = [translate(choice.label) for choice in field.choices]
        shown = "、".join(labels[:30]) + ("…" if len(labels) > 30 else "")
        parts.append(translate(_WORDS["choices"]) % {"choices": shown})
    if field.unit:
        parts.append(translate(_WORDS["unit"]) % {"unit": field.unit})
    limits: Mapping[str, Any] = {
        "longest": field.max_length, "places": field.places,
        "least": None if callable(field.min) else field.min, "most": None if callable(field.max) else field.max,
    }  # fmt: skip
    parts += [translate(_WORDS[word]) % {"limit": limit} for word, limit in limits.items() if limit is not None]
    return " ".join(parts)


def example_of(field: Field, translate: Translate) -> str:
    """An example that the schema accepts, "" when there is none."""
    if field.example:
        return field.example
    if field.choices:
        return translate(field.choices[0].label)
    return translate(_WORDS["yes"]) if field.kind is Kind.FLAG else _EXAMPLES.get(field.kind, "")


def sheet_name(text: str) -> str:
    """A text as spreadsheets allow it for the name of a sheet."""
    return "".join(" " if char in "[]:*?/\\" else char for char in text).strip("' ")[:31]


def _check_readable(schema: RowSchema, translate: Translate) -> None:
    names = heading_names(schema, str)
    for field in schema.fields.values():
        if names.get(heading_key(translate(field.label))) != field.name:
            raise ValueError(f"{schema.code}.{field.name}: add “{translate(field.label)}” to aliases_zh")
        for choice in field.choices:
            if field.choice_table.get(choice_key(translate(choice.label))) != choice.code:
                raise ValueError(
                    f"{schema.code}.{field.name}: add “{translate(choice.label)}” to the choice {choice.code}"
                )


def _column_format(field: Field, text: Format, day: Format) -> Format | None:
    return text if field.kind in AS_TEXT else day if field.kind is Kind.DAY else None


def _width(field: Field, title: str) -> int:
    wide = {Kind.NAME: 34, Kind.LINES: 40, Kind.CODE: 22, Kind.ID_NUMBER: 22, Kind.TEXT: 20}.get(field.kind, 12)
    return max(wide, min(40, 2 * len(title) + 2))


def _add_choices(form: Worksheet, lists: Worksheet, index: int, field: Field, translate: Translate, rows: int) -> None:
    if field.kind is Kind.FLAG:
        labels = [translate(_WORDS["yes"]), translate(_WORDS["no"])]
    elif field.kind is Kind.CHOICE:
        labels = [translate(choice.label) for choice in field.choices]
    else:
        return
    source: list[str] | str = labels
    if len(",".join(labels)) > 255 or any("," in label for label in labels):  # what a cell's own list can hold
        for number, label in enumerate(labels):
            lists.write_string(number, index, label)
        column = column_letter(index)
        source = f"='{lists.get_name()}'!${column}$1:${column}${len(labels)}"
    form.data_validation(1, index, rows, index, {"validate": "list", "source": source, "ignore_blank": True})
