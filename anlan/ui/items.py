"""Facts of a record made ready for the screen: each value in the reader's manner, regions named by one query."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.encoding import force_str
from django.utils.html import format_html, format_html_join, linebreaks
from django.utils.safestring import mark_safe
from django.utils.translation import gettext

from anlan.ui import formats, places, tables
from anlan.ui.pages.values import Item

MASKS = ("phone", "id", "name", "plate")


def kind_of(value: Any) -> str:
    """How a value is shown when nothing else is said."""
    if isinstance(value, bool):
        return "flag"
    if isinstance(value, dt.datetime):
        return "moment"
    if isinstance(value, dt.date):
        return "day"
    if isinstance(value, int | float | Decimal):
        return "number"
    return "text"


def shown(items: Sequence[Item]) -> list[dict[str, Any]]:
    """The items as label, ready value and what else the template asks for."""
    items = [item for item in items if item is not None]
    named = places.names({item.value for item in items if item.kind == "region" and item.value}, levels=0)
    return [
        {
            "label": item.label,
            "value": _value(item, named),
            "url": item.url if item.value else "",
            "wide": item.wide,
            "help": item.help,
        }
        for item in items
    ]


def _value(item: Item, named: dict[str, str]) -> Any:
    value, kind = item.value, item.kind or kind_of(item.value)
    if kind == "region":
        parts = (named.get(value) or formats.DASH).split(places.JOIN)
        return format_html_join(places.JOIN, '<span class="whole">{}</span>', ((part,) for part in parts))
    if value is None or value == "" or value == [] or value == ():
        return formats.DASH
    unit = f" {force_str(item.unit)}" if item.unit else ""
    if kind in MASKS:
        return formats.mask(force_str(value), kind)
    if kind == "badge":
        return tables.badge(value, item.tone)
    if kind == "html":
        return mark_safe(value)  # the page declared it safe
    if kind == "lines":
        return mark_safe(linebreaks(force_str(value), autoescape=True))  # escaped above
    if kind == "due":
        return tables.due_chip(value)
    if kind == "flag":
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, list | tuple):
        return ("、" if formats.is_chinese() else ", ").join(force_str(v) for v in value)
    ways: dict[str, Callable[[Any], str]] = {
        "day": formats.day,
        "moment": formats.moment,
        "number": formats.number,
        "money": formats.money,
        "percent": formats.percent,
    }
    return format_html("{}{}", ways[kind](value) if kind in ways else force_str(value), unit)


def photos(files: Iterable[Any]) -> list[dict[str, Any]]:
    """Stored pictures as the photo grid wants them."""
    return [
        {
            "url": (url := reverse("ui:file", kwargs={"pk": file.pk})),
            "thumb": f"{url}?w=320",
            "caption": file.name,
            "at": file.at,
            "told": told_of(file),
        }
        for file in files
    ]


def told_of(file: Any) -> list[str]:
    """When and where a picture says it was taken, and the digest by which its original can be known again."""
    said = []
    if file.taken_at:
        said.append(gettext("Taken %(when)s, as the picture says") % {"when": formats.moment(file.taken_at)})
    if file.lon is not None and file.lat is not None:
        said.append(gettext("at %(lon).6f, %(lat).6f (WGS-84)") % {"lon": file.lon, "lat": file.lat})
    lines = [" · ".join(said) or gettext("The picture says neither when nor where it was taken.")]
    if file.original_sha256:
        lines.append(gettext("SHA-256 of the original, as the device declared: %s") % file.original_sha256)
    if file.received_sha256:
        lines.append(gettext("SHA-256 as received: %s") % file.received_sha256)
    return lines
