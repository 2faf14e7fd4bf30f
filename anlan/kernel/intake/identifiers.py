"""Telephone numbers, identity numbers, email addresses and coordinates: the forms in which people write them."""

from __future__ import annotations

import datetime as dt
import re
from operator import mul

from anlan.kernel.intake.problems import Unfit

_MOBILE = re.compile(r"(?:\+?86)?(1[3-9]\d{9})\Z", re.ASCII)
_LANDLINE = re.compile(
    r"(?:\+?86-?)?\(?(0(?:10|2\d|[3-9]\d{2}))\)?-?([2-9]\d{6,7})(?:(?:-|转|ext\.?)(\d{1,6}))?\Z",
    re.IGNORECASE | re.ASCII,
)
_SERVICE = re.compile(r"(?:[48]00-?\d{3}-?\d{4}|1(?:1[029]|2[02])|12\d{3}|9[56]\d{3,4})\Z", re.ASCII)
_SEVERAL = re.compile(r"\d{7,}\D+\d{7,}|\d{11}1[3-9]\d{9}", re.ASCII)
_EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}\Z"
)
_IDENTITY = re.compile(r"[1-9]\d{16}[\dX]\Z", re.ASCII)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_DEGREES = re.compile(
    r"(?P<head>[EWNS]|东经|西经|北纬|南纬)?[:]?(?P<sign>-)?(?P<d>\d{1,3}(?:\.\d+)?)(?:[°度](?:(?P<m>\d{1,2}(?:\.\d+)?)['′分]"
    r"(?:(?P<s>\d{1,2}(?:\.\d+)?)(?:\"|″|''|′′|秒))?)?)?(?P<tail>[EWNS])?\Z",
    re.IGNORECASE | re.ASCII,
)
_EAST, _WEST, _NORTH, _SOUTH = {"E", "东经"}, {"W", "西经"}, {"N", "北纬"}, {"S", "南纬"}


def phone_of(text: str, *, from_number: bool = False) -> str:
    """A telephone number: ``13800138000``, ``0753-2123456``, ``0753-2123456-12``, ``400-123-4567``, ``12350``.

    ``text`` is folded and without spaces; ``from_number`` says that a spreadsheet stored it as a number.
    """
    if match := _MOBILE.match(text.replace("-", "")):
        return match[1]
    if match := _LANDLINE.match(text):
        area, number, extension = match.groups()
        if area in ("010",) or area[1] == "2" or len(area) == 4:
            return f"{area}-{number}" + (f"-{extension}" if extension else "")
    if _SERVICE.match(text):
        return text
    if _SEVERAL.search(text):
        raise Unfit("phones")
    if from_number and re.fullmatch(r"(?:10|2\d|[3-9]\d\d)[2-9]\d{6,7}", text):
        raise Unfit("phone_zero")
    if re.fullmatch(r"[2-9]\d{6,7}(?:-\d{1,6})?", text):
        raise Unfit("phone_area")
    raise Unfit("not_a_phone")


def identity_of(text: str) -> str:
    """A citizen's identity number of 18 characters (GB 11643: region, birthday, sequence, check character)."""
    text = text.upper()
    if len(text) != 18:
        raise Unfit("id_length")
    if not _IDENTITY.match(text):
        raise Unfit("id_form")
    try:
        dt.date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        raise Unfit("id_birthday") from None
    total = sum(map(mul, map(int, text[:17]), _WEIGHTS))
    if "10X98765432"[total % 11] != text[17]:
        raise Unfit("id_check")
    return text


def email_of(text: str) -> str:
    """An email address; the part after @ in lower case."""
    if not _EMAIL.match(text):
        raise Unfit("not_an_email")
    local, _, domain = text.rpartition("@")
    return f"{local}@{domain.lower()}"


def degrees_of(text: str, *, longitude: bool) -> float:
    """Degrees from ``116.123456``, ``116.123456°E``, ``东经116°07′24.5″``; ``text`` is folded and without spaces."""
    code = "not_longitude" if longitude else "not_latitude"
    match = _DEGREES.match(text)
    if not match:
        raise Unfit(code)
    marks = {mark.upper() for mark in (match["head"], match["tail"]) if mark}
    mine, other = (_EAST | _WEST, _NORTH | _SOUTH) if longitude else (_NORTH | _SOUTH, _EAST | _WEST)
    if marks & other and not marks & mine:
        raise Unfit("swapped")
    if len(marks) > 1 or (marks and match["sign"]):
        raise Unfit(code)
    minutes, seconds = float(match["m"] or 0), float(match["s"] or 0)
    if minutes >= 60 or seconds >= 60 or (match["m"] and "." in match["d"]) or (match["s"] and "." in match["m"]):
        raise Unfit(code)
    degrees = float(match["d"]) + minutes / 60 + seconds / 3600
    return -degrees if match["sign"] or marks & (_WEST | _SOUTH) else degrees
