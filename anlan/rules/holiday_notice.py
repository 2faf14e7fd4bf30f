"""The yearly notice on days off (节假日安排通知) as a table a deployment loads, checked line by line.

Columns as in ``data/holidays.csv``: ``date``, ``kind`` (``holiday`` or ``workday``), ``name_zh`` (元旦, 春节 …); more
columns are read over. The days are those of one year, with the last days of the December before where the New Year's
notice takes them.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter

from anlan.rules.refusal import BadInput
from anlan.rules.wording import Wording
from anlan.rules.working_days import FESTIVAL_NAMES, FIRST, LAST, Notice, festivals_of

COLUMNS = ("date", "kind", "name_zh")
KINDS = ("holiday", "workday")
NAMES = {named.zh: named for named in FESTIVAL_NAMES.values()}
DECEMBER_FROM = 29  # no notice has ever moved an earlier day of the December before


def read_notice(text: str) -> Notice:
    """The notice in a CSV text; ``BadInput`` naming the line and column, or the statutory days left out.

    >>> read_notice("date,kind,name_zh\\n2027-01-02,holiday,元旦\\n")
    Traceback (most recent call last):
    ...
    anlan.rules.refusal.BadInput: date: lacks 2027-01-01 (元旦) and 12 more; accepted: every statutory day of 2027
    """
    lines = list(csv.reader(text.lstrip("\ufeff").splitlines()))
    header = [cell.strip() for cell in lines[0]] if lines else []
    for column in COLUMNS:
        if column not in header:
            named = ",".join(COLUMNS)
            raise BadInput(column, Wording("is no column of the file", "文件中没有此列"), Wording(named, named))
    wrong: list[BadInput] = []
    read: dict[dt.date, tuple[str, Wording]] = {}
    for at, cells in enumerate(lines[1:], 2):
        if not any(cell.strip() for cell in cells):
            continue
        row = dict(zip(header, (cell.strip() for cell in cells), strict=False))
        try:
            day, kind, named = _row(row)
        except BadInput as why:
            wrong.append(why.under(f"line {at}"))
            continue
        if day in read:
            wrong.append(
                BadInput(
                    f"line {at}.date",
                    Wording(f"{day} stands twice", f"{day}重复"),
                    Wording("each day once", "每日一行"),
                )
            )
        read[day] = (kind, named)
    if wrong:
        raise BadInput(wrong[0].field, wrong[0].why, wrong[0].accepted, wrong[1:])
    year = _year(read)
    _whole(read, year)
    return Notice(
        year,
        tuple((day, named) for day, (kind, named) in sorted(read.items()) if kind == "holiday"),
        tuple((day, named) for day, (kind, named) in sorted(read.items()) if kind == "workday"),
    )


def _row(row: dict[str, str]) -> tuple[dt.date, str, Wording]:
    try:
        day = dt.date.fromisoformat(row.get("date", ""))
    except ValueError as why:
        given = row.get("date", "")
        raise BadInput(
            "date", Wording(f"is {given!r}", f"为{given!r}"), Wording("a date such as 2027-01-01", "日期，如2027-01-01")
        ) from why
    kind, named = row.get("kind", ""), row.get("name_zh", "")
    if kind not in KINDS:
        raise BadInput("kind", Wording(f"is {kind!r}", f"为{kind!r}"), Wording(", ".join(KINDS), "、".join(KINDS)))
    if named not in NAMES:
        raise BadInput("name_zh", Wording(f"is {named!r}", f"为{named!r}"), Wording(", ".join(NAMES), "、".join(NAMES)))
    if kind == "workday" and day.weekday() < 5:
        raise BadInput(
            "date",
            Wording(f"{day} is a weekday: it is worked anyway", f"{day}为周一至周五，本应上班"),
            Wording("a Saturday or Sunday", "周六或者周日"),
        )
    return day, kind, NAMES[named]


def _year(read: dict[dt.date, tuple[str, Wording]]) -> int:
    """The one year the days belong to."""
    if not read:
        raise BadInput(
            "date", Wording("no day stands in the file", "文件中没有日期"), Wording("the days of a year", "一年的安排")
        )
    year = Counter(day.year for day in read).most_common(1)[0][0]
    first = dt.date(year - 1, 12, DECEMBER_FROM)
    stray = sorted(day for day in read if not first <= day <= dt.date(year, 12, 31))
    if stray:
        raise BadInput(
            "date",
            Wording(f"{stray[0]} is of another year than {year}", f"{stray[0]}不属于{year}年"),
            Wording(f"{first} to {year}-12-31", f"{first}至{year}-12-31"),
        )
    return year


def _whole(read: dict[dt.date, tuple[str, Wording]], year: int) -> None:
    """A notice gives every statutory day of its year off."""
    if not FIRST.year <= year <= LAST.year:
        held = Wording(f"{FIRST.year} to {LAST.year}", f"{FIRST.year}至{LAST.year}年")
        raise BadInput("date", Wording(f"is of {year}", f"为{year}年"), held)
    lacking = [day for day in festivals_of(year) if read.get(day, ("",))[0] != "holiday"]
    if lacking:
        first, more = lacking[0], len(lacking) - 1
        name = festivals_of(year)[first].zh
        raise BadInput(
            "date",
            Wording(f"lacks {first} ({name})" + (f" and {more} more" if more else ""),
                    f"缺少{first}（{name}）" + (f"等{more + 1}日" if more else "")),
            Wording(f"every statutory day of {year}", f"{year}年全部法定节假日"),
        )  # fmt: skip
