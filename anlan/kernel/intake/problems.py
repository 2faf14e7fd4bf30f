"""What can be wrong with a value, a row or a file, as data: a code, an English sentence with parameters, the column.

The sentences are msgids. They are rendered where a person reads them (``Problem.render(gettext)``); ``Problem.text``
is the ready English sentence. Every sentence names the field and the remedy. A value marked personal is never
repeated in a sentence, so problems may be shown, logged and counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from anlan.kernel.errors import BadInput, gettext_noop
from anlan.rules.wording import Wording, in_language

Translate = Callable[[str], str]

LANGUAGE = gettext_noop("language of this catalogue: en")
"""A msgid whose translation is the language's code ("zh-hans"): tells which side of a rule's wording to show."""


class Several(tuple[Any, ...]):
    """A parameter of several texts, shown one after the other."""

    __slots__ = ()

    def __str__(self) -> str:
        return " / ".join(map(str, self))


def _told(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: Several(value) if isinstance(value, (tuple, list)) else value for name, value in params.items()}


class Msg(str):
    """A parameter that is itself a msgid (a label, a choice, a unit): translated when the sentence is rendered."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong. ``column`` is the field's name, "" when the whole row or file is meant."""

    column: str
    code: str
    msgid: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def render(self, translate: Translate) -> str:
        """The sentence in the language of ``translate`` (a gettext function)."""
        return translate(self.msgid) % {name: _rendered(value, translate) for name, value in self.params.items()}

    @property
    def text(self) -> str:
        """The sentence in English."""
        return self.render(str)

    def as_error(self, row: int | None = None) -> BadInput:
        """The problem as the refusal that acts raise and edges show."""
        return BadInput(self.column, self.msgid, row, **self.params)


def _rendered(value: Any, translate: Translate) -> str:
    if isinstance(value, Msg):
        return translate(str(value))
    if isinstance(value, Wording):
        return in_language(value, translate(LANGUAGE))
    if isinstance(value, (tuple, list)):
        return " / ".join(_rendered(item, translate) for item in value)
    return str(value)


class Unfit(ValueError):
    """A value does not fit; raised by converters, turned into a :class:`Problem` by the schema."""

    def __init__(self, code: str, /, msgid: str | None = None, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.msgid = msgid
        self.params = _told(params)


class FileRefused(BadInput):
    """The file as a whole is refused; nothing of it may be taken in. ``code`` says why, for programs."""

    def __init__(self, code: str, /, **params: Any) -> None:
        self.code = code
        self.problem = Problem("", code, SENTENCES[code], _told(params))
        super().__init__("", SENTENCES[code], **_told(params))

    def render(self, translate: Translate) -> str:
        """The sentence in the language of ``translate``."""
        return self.problem.render(translate)


def row_problem(code: str, column: str = "", /, **params: Any) -> Problem:
    """A problem with one of the sentences below."""
    return Problem(column, code, SENTENCES[code], _told(params))


_ = gettext_noop

SENTENCES: dict[str, str] = {
    # values
    "missing": _("%(field)s is empty: fill it in."),
    "unknown_field": _("%(field)s is not a field of this form: remove it or correct its name."),
    "not_plain": _("%(field)s must be a single value, not a list or an object: send text or a number."),
    "error_cell": _("%(field)s holds the spreadsheet error %(value)s: correct the formula or type the value."),
    "formula_empty": _(
        "%(field)s holds a formula without a stored result: open the file in a spreadsheet program, "
        "save it and upload it again."
    ),
    "unreadable": _("%(field)s holds unreadable characters: type the value again."),
    "set_aside": _("%(field)s was left empty: “%(value)s” is not an entry of its list. Complete it later."),
    "too_long": _("%(field)s has %(length)s characters, at most %(limit)s are allowed: shorten it."),
    "too_short": _("%(field)s has %(length)s characters, at least %(limit)s are needed: complete it."),
    "digits_lost": _(
        "%(field)s was stored as a number (%(value)s) and digits are lost: format the column as text "
        "and type the code again."
    ),
    "not_a_code": _("“%(value)s” in %(field)s is not a code: write the code only, such as %(example)s."),
    "code_form": _("“%(value)s” in %(field)s does not have the form of this code: it should look like %(example)s."),
    "rule": _("%(field)s “%(value)s”: %(reason)s."),
    "code_length": _(
        "“%(value)s” in %(field)s has %(length)s characters instead of %(limit)s: check it and correct it."
    ),
    "code_wrong": _("“%(value)s” in %(field)s is not valid: check it against the certificate and correct it."),
    "not_whole": _("“%(value)s” in %(field)s is not a whole number: write digits only, such as %(example)s."),
    "fraction": _("“%(value)s” in %(field)s is not a whole number: remove the part after the decimal point."),
    "not_number": _("“%(value)s” in %(field)s is not a number: write digits only, such as %(example)s."),
    "approximate": _("“%(value)s” in %(field)s is not one exact number: write the number only, such as %(example)s."),
    "unit_unknown": _(
        "“%(value)s” in %(field)s carries the unit “%(unit)s”, which is not expected: write digits only."
    ),
    "not_percent": _(
        "%(field)s is formatted as a percentage (%(value)s): format the column as a number and type it again."
    ),
    "places": _("“%(value)s” in %(field)s has more than %(limit)s decimal places: round it."),
    "below": _("“%(value)s” in %(field)s is below the least allowed value %(limit)s: check it and correct it."),
    "above": _("“%(value)s” in %(field)s is above the greatest allowed value %(limit)s: check it and correct it."),
    "not_a_day": _("“%(value)s” in %(field)s is not a date: write it like 2024-03-05."),
    "month_only": _("“%(value)s” in %(field)s has no day: write the full date, like 2024-03-05."),
    "year_only": _("“%(value)s” in %(field)s has no month and day: write the full date, like 2024-03-05."),
    "no_year": _("“%(value)s” in %(field)s has no year: write the full date, like 2024-03-05."),
    "two_digit_year": _("“%(value)s” in %(field)s has a year of two digits: write four, like 2024-03-05."),
    "day_order": _("“%(value)s” in %(field)s does not say which number is the month: write it like 2024-03-05."),
    "no_such_day": _("“%(value)s” in %(field)s is not a day of the calendar: check the month and the day."),
    "time_only": _("“%(value)s” in %(field)s is a time without a date: write the date, like 2024-03-05."),
    "time_zone": _("“%(value)s” in %(field)s carries a time zone: write the date only, like 2024-03-05."),
    "serial_unsure": _(
        "“%(value)s” in %(field)s is a bare number, and this file does not say from which year it counts days: "
        "format the column as a date."
    ),
    "day_early": _("“%(value)s” in %(field)s is before %(limit)s: check the date and correct it."),
    "day_late": _("“%(value)s” in %(field)s is after %(limit)s: check the date and correct it."),
    "not_a_choice": _("“%(value)s” is not among the choices of %(field)s: write one of %(choices)s."),
    "not_a_flag": _("“%(value)s” in %(field)s is neither yes nor no: write 是 or 否."),
    "not_longitude": _("“%(value)s” in %(field)s is not a longitude: write degrees, such as 116.123456."),
    "not_latitude": _("“%(value)s” in %(field)s is not a latitude: write degrees, such as 24.123456."),
    "swapped": _("“%(value)s” in %(field)s looks like the other coordinate: longitude and latitude may be exchanged."),
    "not_a_phone": _(
        "%(field)s is not a telephone number: write a mobile number of 11 digits, or the area code and the number, "
        "such as 0753-2123456."
    ),
    "phones": _("%(field)s holds several telephone numbers: keep one."),
    "phone_area": _("%(field)s has no area code: write it in front, such as 0753-2123456."),
    "phone_zero": _("%(field)s was stored as a number and its leading zero is lost: format the column as text."),
    "id_length": _("%(field)s does not have 18 characters: check the identity number and correct it."),
    "id_form": _("%(field)s is not an identity number: write 17 digits and the check digit or X."),
    "id_birthday": _("%(field)s contains a birthday that does not exist: check the identity number."),
    "id_check": _("The last character of %(field)s does not fit the others: check the identity number."),
    "not_an_email": _("“%(value)s” in %(field)s is not an email address: write it like name@example.com."),
    # rows
    "extra_cells": _(
        "The row has more cells than the header: a separator inside a value must stand in quotation marks, "
        "or the value “%(value)s” at the end does not belong here."
    ),
    "quote": _(
        "The row has a quotation mark out of place: put the whole value in quotation marks and double inner ones."
    ),
    "same_code": _("%(field)s %(value)s is the same as in row %(number)s: keep one of the two rows."),
    "same_row": _("The row says the same as row %(number)s (%(fields)s): delete one of the two."),
    "looks_like": _(
        "“%(value)s” looks like row %(number)s (“%(other)s”): keep one of the two rows, or give each its own %(code)s."
    ),
    "alike": _(
        "“%(value)s” looks like row %(number)s (“%(other)s”), but the codes differ: taken as two; please check."
    ),
    # rows passed over
    "above_header": _("above the header: “%(value)s”"),
    "header_again": _("the header repeated"),
    "title_again": _("the title repeated: “%(value)s”"),
    "column_numbers": _("a line of column numbers under the header"),
    "totals": _("a line of totals: “%(value)s”"),
    "remark": _("a remark or signature line: “%(value)s”"),
    "section": _("a heading between rows: “%(value)s”"),
    "blank": _("a blank row"),
    "number_only": _("only the running number is filled in"),
    # files
    "file_empty": _("The file is empty: choose the ledger and upload it again."),
    "file_kind": _("The file is %(kind)s, not a table: upload an .xlsx, .xls, .ods or .csv file."),
    "file_resave": _("The file is %(kind)s: open it in a spreadsheet program, save it as .xlsx and upload it again."),
    "file_password": _("The file is protected by a password: remove the password, save it and upload it again."),
    "file_damaged": _("The file is damaged and cannot be read: open it, save it as .xlsx and upload it again."),
    "file_large": _("The file has %(size)s MB, at most %(limit)s MB are allowed: split it."),
    "file_rows": _("The file has more than %(limit)s rows: split it."),
    "file_unpacked": _("The file unpacks to more than %(limit)s MB: remove pictures and unused sheets, or split it."),
    "file_far_cell": _(
        "Sheet “%(sheet)s” has a value far outside the table, in cell %(cell)s: delete the unused rows and columns."
    ),
    "file_encoding": _(
        "The text of the file is neither UTF-8 nor GB18030: save it as “CSV UTF-8” and upload it again."
    ),
    "file_quote": _(
        "Row %(number)s opens a quotation mark that is not closed: correct it; the rows after it cannot be told."
    ),
    "sheet_unknown": _("There is no sheet “%(sheet)s”: the file has %(sheets)s."),
    "sheet_several": _(
        "Several sheets hold a table of this kind (%(sheets)s): name the one to read, or upload them singly."
    ),
    "sheet_none": _("The file has no visible sheet with cells: check that the right file was chosen."),
    "header_absent": _(
        "No header was found in sheet “%(sheet)s”: one row must hold the column names, such as %(names)s."
    ),
    "header_partial": _(
        "Row %(number)s of sheet “%(sheet)s” may be the header, but only %(found)s was recognised in it: "
        "use the column names of the template, such as %(names)s."
    ),
    "column_absent": _(
        "The column %(field)s is missing. Found in row %(number)s: %(found)s. Accepted names: %(names)s."
    ),
    "column_twice": _("Columns %(first)s and %(second)s both claim to be %(field)s: rename or delete one of them."),
    "column_unit": _(
        "Column %(heading)s is given in “%(unit)s”, which cannot be turned into “%(expected)s”: convert the column."
    ),
    "rows_none": _("There is no row below the header of sheet “%(sheet)s”: fill in the table and upload it again."),
    # warnings about the file
    "column_unknown": _("Column %(heading)s is not known here and was not read."),
    "column_no_unit": _("Column %(heading)s states no unit; it was read in “%(unit)s”."),
    "column_converted": _("Column %(heading)s is given in “%(unit)s” and was converted to “%(expected)s”."),
    "sheet_hidden": _("Sheet “%(sheet)s” is hidden and was not read."),
}
"""Code to msgid. Parameters: ``field`` label, ``value`` as read, ``limit``, ``example`` and those in the text."""
