"""Figures, dates and spans in the reader's words; pure functions behind the template filters."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.utils import formats, timezone
from django.utils.translation import get_language, gettext, ngettext

DASH = "—"
Number = int | float | Decimal


def is_chinese() -> bool:
    """True when the language in force is Chinese."""
    return (get_language() or "zh").startswith("zh")


def spoken() -> str:
    """The language of the page in hand, which the reader may have chosen beside that of his account."""
    return get_language() or "zh-hans"


def as_day(value: dt.date | dt.datetime) -> dt.date:
    """The calendar day of a date or of a moment in the time zone in force."""
    if isinstance(value, dt.datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).date()
    return value


def day(value: dt.date | dt.datetime | None, style: str = "") -> str:
    """``2026-11-05``; style "long": ``2026年11月5日`` or ``5 November 2026``; style "short": ``11-05``."""
    if not value:
        return DASH
    found = as_day(value)
    if style == "long":
        return f"{found.year}年{found.month}月{found.day}日" if is_chinese() else formats.date_format(found, "j F Y")
    return found.strftime("%m-%d") if style == "short" else found.isoformat()


def moment(value: dt.datetime | None, style: str = "") -> str:
    """``2026-11-05 14:03`` in the time zone in force; style "seconds" adds the seconds."""
    if not value:
        return DASH
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return local.strftime("%Y-%m-%d %H:%M:%S" if style == "seconds" else "%Y-%m-%d %H:%M")


def decimal_of(value: object) -> Decimal | None:
    """The value as a decimal; None when it is empty or no number."""
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def number(value: object, places: int | None = None) -> str:
    """A number with thousands separators; ``places`` fixes the decimals, otherwise they stay as they are."""
    found = decimal_of(value)
    if found is None:
        return DASH
    if places is not None:
        found = found.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    text = f"{found:,f}"
    return text.rstrip("0").rstrip(".") if places is None and "." in text else text


def money(value: object, style: str = "") -> str:
    """An amount in yuan: ``¥ 12,000.00``; style "wan": in ten thousands of yuan, ``1.2 万元``."""
    found = decimal_of(value)
    if found is None:
        return DASH
    if style == "wan":
        return gettext("%(amount)s ×10k yuan") % {"amount": number(found / 10000, 2 if found % 10000 else None)}
    return f"¥ {number(found, 2)}"


def compact(value: object) -> str:
    """A large count in little room: ``1.2万`` or ``12k``; below ten thousand as it is."""
    found = decimal_of(value)
    if found is None:
        return DASH
    steps = [(10**8, "亿"), (10**4, "万")] if is_chinese() else [(10**9, "bn"), (10**6, "m"), (10**4, "k")]
    for size, word in steps:
        if abs(found) >= size:
            unit = 1000 if word == "k" else size
            return f"{number((found / unit).quantize(Decimal('0.1'), ROUND_HALF_UP))}{word}"
    return number(found)


def percent(value: object, places: int = 1) -> str:
    """A ratio (0.953) as a percentage (``95.3%``)."""
    found = decimal_of(value)
    return DASH if found is None else f"{number(found * 100, places)}%"


def count(value: int | None, ceiling: int = 10_000) -> str:
    """A count that was stopped at a ceiling: ``10,000+``."""
    if value is None:
        return DASH
    return f"{number(ceiling)}+" if value > ceiling else number(value)


def span(days: int) -> str:
    """``days`` until a due date in words: days left, due today, or days over."""
    if days == 0:
        return gettext("due today")
    if days > 0:
        return ngettext("%(n)s day left", "%(n)s days left", days) % {"n": number(days)}
    return ngettext("%(n)s day over", "%(n)s days over", -days) % {"n": number(-days)}


def since(value: dt.datetime, now: dt.datetime) -> str:
    """How long ago a moment was, in one unit: just now, minutes, hours, days; the date when older than 30 days."""
    seconds = (now - value).total_seconds()
    if seconds < 60:
        return gettext("just now") if seconds > -60 else moment(value)
    if seconds < 3600:
        minutes = int(seconds // 60)
        return ngettext("%(n)s minute ago", "%(n)s minutes ago", minutes) % {"n": minutes}
    if seconds < 86400:
        hours = int(seconds // 3600)
        return ngettext("%(n)s hour ago", "%(n)s hours ago", hours) % {"n": hours}
    days = int(seconds // 86400)
    if days <= 30:
        return ngettext("%(n)s day ago", "%(n)s days ago", days) % {"n": days}
    return day(value)


def mask(value: str, kind: str = "") -> str:
    """Hide the middle of a personal identifier: ``phone`` 138****5678, ``id`` 4414**********1234, ``name`` 张**."""
    text = str(value or "").strip()
    if not text:
        return DASH
    head, tail = {"phone": (3, 4), "id": (4, 4), "name": (1, 0), "plate": (2, 2)}.get(kind, (1, 1))
    hidden = max(len(text) - head - tail, 1)
    if len(text) <= head + tail:
        return text[0] + "*" * max(len(text) - 1, 1)
    return text[:head] + "*" * hidden + (text[-tail:] if tail else "")


def file_size(octets: int | None) -> str:
    """``512 B``, ``3.4 MB``."""
    if octets is None:
        return DASH
    size, unit = float(octets), "B"
    for unit in ("B", "KB", "MB", "GB"):
        if size < 1024 or unit == "GB":
            break
        size /= 1024
    return f"{number(round(size, 0 if unit == 'B' or size >= 100 else 1))} {unit}"
