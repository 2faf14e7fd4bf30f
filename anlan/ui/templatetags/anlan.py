"""Tags and filters every template may use without loading them: icons, figures, dates, badges' tones."""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.html import escape, format_html, json_script
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext
from django_vite.core.asset_loader import DjangoViteAssetLoader

from anlan.kernel import clock
from anlan.ui import formats, links
from anlan.ui.rights import permission_labels
from anlan.ui.texts import texts

register = template.Library()
log = logging.getLogger(__name__)

TONES = ("red", "orange", "yellow", "blue", "green", "grey", "teal", "purple", "hollow")
SPRITE = "src/icons.svg"
UNKNOWN_ICON = "circle-dot"
_ALIASES = {
    "danger": "red",
    "error": "red",
    "warning": "orange",
    "success": "green",
    "info": "blue",
    "debug": "grey",
    "primary": "blue",
    "secondary": "grey",
    "": "grey",
}
_TONE_ICONS = {"red": "alert-octagon", "orange": "alert-triangle", "yellow": "alert-circle", "green": "circle-check"}

register.filter("day", formats.day)
register.filter("moment", formats.moment)
register.filter("number", formats.number)
register.filter("money", formats.money)
register.filter("compact", formats.compact)
register.filter("percent", formats.percent)
register.filter("count", formats.count)
register.filter("mask", formats.mask)
register.filter("file_size", formats.file_size)
register.filter("rights", permission_labels)


@lru_cache(maxsize=1)
def icon_names() -> frozenset[str]:
    """The icons of the sprite; the front end builds the sprite from the same list."""
    return frozenset(json.loads((Path(__file__).parents[1] / "icons.json").read_text(encoding="utf-8")))


@register.simple_tag
def icon(name: str, label: str = "", classes: str = "") -> SafeString:
    """An icon of the sprite. Without ``label`` it is decoration; with one it is an image of that name."""
    if label:
        return _icon(name, str(classes), format_html('role="img" aria-label="{}"', label))
    return _plain_icon(name, str(classes))


def _icon(name: str, classes: str, role: SafeString) -> SafeString:
    if name not in icon_names():
        log.warning("icon %r is not in anlan/ui/icons.json", name)
        name = UNKNOWN_ICON
    return format_html(
        '<svg class="icon {}" width="24" height="24" {} focusable="false"><use href="{}#{}"></use></svg>',
        escape(classes),  # never taken as safe: "safe" is no part of a cache's key
        role,
        DjangoViteAssetLoader.instance().generate_vite_asset_url(SPRITE),
        name,
    )


@lru_cache(maxsize=1024)
def _plain_icon(name: str, classes: str) -> SafeString:
    """A page carries a hundred icons, the same ones as every other page."""
    return _icon(name, classes, mark_safe('aria-hidden="true"'))


@register.filter
def tone(value: Any) -> str:
    """A colour token of the palette for a token, a message level or an unknown word (grey)."""
    word = str(value or "").strip().lower().split(" ")[-1]
    word = _ALIASES.get(word, word)
    return word if word in TONES else "grey"


@register.filter
def tone_icon(value: Any) -> str:
    """The icon that goes with a tone, so that colour is never the only sign."""
    return _TONE_ICONS.get(tone(value), "info-circle")


@register.filter
def dash(value: Any) -> Any:
    """The value, or a dash when there is nothing to show (0 and False are something)."""
    return formats.DASH if value is None or value == "" else value


@register.filter
def words(value: Any) -> str:
    """Yes or no for truth values, a dash for nothing, the text otherwise."""
    if value is True:
        return gettext("Yes")
    if value is False:
        return gettext("No")
    return str(dash(value))


@register.filter
def since(value: dt.datetime | None) -> str:
    """How long ago a moment was."""
    return formats.since(value, clock.now()) if value else formats.DASH


@register.filter
def days_to(value: dt.date | dt.datetime | None) -> int | None:
    """Calendar days from today to a due day; negative when over; None without one."""
    return (formats.as_day(value) - clock.today()).days if value else None


@register.filter
def span(days: int | None) -> str:
    """Days left or over in words."""
    return formats.DASH if days is None else formats.span(days)


@register.filter
def due_tone(days: int | None) -> str:
    """The colour of a due date: over red, within three days orange, within a week yellow, else grey."""
    if days is None:
        return "grey"
    return "red" if days < 0 else "orange" if days <= 3 else "yellow" if days <= 7 else "grey"


@register.filter
def to_json(value: Any) -> str:
    """The value as JSON for an attribute; the template engine escapes it."""
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)


@register.filter
def attr(value: Any, name: str) -> Any:
    """``value.name`` or ``value[name]`` where the name is only known to the template; None when absent."""
    if isinstance(value, dict):
        return value.get(name)
    return getattr(value, name, None)


@register.simple_tag
def control(bound_field: Any) -> Any:
    """A form field's control, styled for its kind and marked invalid when it has errors."""
    kind = getattr(bound_field.field.widget, "input_type", bound_field.widget_type)
    classes = {
        "select": "form-select",
        "selectmultiple": "form-select",
        "nullbooleanselect": "form-select",
        "checkbox": "form-check-input",
        "hidden": "",
    }.get(kind, "form-control")
    if is_group(bound_field):
        return bound_field.as_widget()
    if bound_field.errors:
        classes += " is-invalid"
    attrs = {"class": f"{bound_field.field.widget.attrs.get('class', '')} {classes}".strip()}
    if kind == "textarea" and str(bound_field.field.widget.attrs.get("rows")) == "10":
        attrs["rows"] = "4"  # Django's own default is half a screen
    return bound_field.as_widget(attrs=attrs)


@register.filter
def clause_url(clause: Any) -> str:
    """The address at which a clause is read; "" where it is read nowhere."""
    return links.clause_url(clause)


@register.filter
def is_check(bound_field: Any) -> bool:
    """True for a single check box, whose label stands beside it."""
    return getattr(bound_field.field.widget, "input_type", "") == "checkbox" and not is_group(bound_field)


@register.filter
def is_group(bound_field: Any) -> bool:
    """True for radio buttons and lists of check boxes, which need a fieldset and a legend."""
    return bool(bound_field.use_fieldset)


@register.simple_tag
def sparkline(values: Sequence[float] | None, label: str = "") -> SafeString:
    """A small line of recent values as SVG, drawn on the server; nothing for fewer than two values."""
    points = [float(v) for v in values or [] if v is not None]
    if len(points) < 2:
        return mark_safe("")
    low, high = min(points), max(points)
    room = (high - low) or 1.0
    step = 100 / (len(points) - 1)
    path = " ".join(f"{i * step:.1f},{26 - (v - low) / room * 24:.1f}" for i, v in enumerate(points))
    role = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="sparkline" viewBox="0 0 100 28" preserveAspectRatio="none" {}>'
        '<polygon class="sparkline-area" points="0,28 {} 100,28"></polygon>'
        '<polyline class="sparkline-line" points="{}"></polyline></svg>',
        role,
        path,
        path,
    )


@register.simple_tag(takes_context=True)
def page_address(context: template.Context, number: int, name: str = "page") -> str:
    """The present address with another page number, other parameters kept."""
    request = context["request"]
    query = request.GET.copy()
    query[name] = str(number)
    return f"{request.path}?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def address_without(context: template.Context, *names: str) -> str:
    """The present address without some parameters and without the page number: what a filter chip's cross leads to."""
    request = context["request"]
    query = request.GET.copy()
    for name in (*names, "page"):
        query.pop(name, None)
    return f"{request.path}?{query.urlencode()}" if query else request.path


@register.simple_tag
def pages_around(number: int, pages: int | None, around: int = 1) -> list[int | None]:
    """Page numbers to offer around the present one; None marks a gap; without a known last page only the near ones."""
    last = pages or number
    wanted = {1, *range(max(1, number - around), min(last, number + around) + 1)} | ({last} if pages else set())
    window: list[int | None] = []
    for found in sorted(wanted):
        if window and window[-1] is not None and found - window[-1] > 1:
            window.append(None)
        window.append(found)
    return window


@register.simple_tag
def delta(value: Any, good: str = "up") -> SafeString:
    """A change as a signed figure with an arrow; ``good`` says which direction is welcome: up, down or none."""
    found = formats.decimal_of(value)
    if found is None:
        return format_html('<span class="delta">{}</span>', value)
    welcome = "" if not found or good == "none" else " delta-good" if (found > 0) == (good == "up") else " delta-bad"
    name = "minus" if not found else "arrow-up-right" if found > 0 else "arrow-down-right"
    words = gettext("no change") if not found else f"{'+' if found > 0 else '−'}{formats.number(abs(found))}"
    return format_html('<span class="delta{}">{}{}</span>', welcome, icon(name), words)


@register.simple_tag
def risk_label(level: str) -> str:
    """The name of a risk level by its statutory colour."""
    return {
        "red": gettext("Major risk"),
        "orange": gettext("Considerable risk"),
        "yellow": gettext("General risk"),
        "blue": gettext("Low risk"),
    }.get(str(level), gettext("Not rated"))


@register.simple_tag
def step_words(state: str) -> str:
    """What the look of a step says, for those who hear it."""
    words = {
        "done": gettext("done"),
        "current": gettext("now"),
        "returned": gettext("returned"),
        "skipped": gettext("not needed"),
    }.get(state, gettext("still to come"))
    return f" ({words})"


@register.simple_tag
def photo_kind(kind: str) -> str:
    """Before or after rectification."""
    return {"before": gettext("Before"), "after": gettext("After")}.get(kind, kind)


@register.simple_tag
def deadline_done(due: dt.date | dt.datetime, done: dt.date | dt.datetime) -> SafeString:
    """Whether something was done by its due day, or how many days late."""
    late = (formats.as_day(done) - formats.as_day(due)).days
    if late <= 0:
        return format_html('<span class="tag tone-green">{}{}</span>', icon("circle-check"), gettext("Done in time"))
    words = ngettext("Done %(n)s day late", "Done %(n)s days late", late) % {"n": formats.number(late)}
    return format_html('<span class="tag tone-orange">{}{}</span>', icon("clock-exclamation"), words)


@register.simple_tag
def deadline(
    due: dt.date | dt.datetime | None,
    done: dt.date | dt.datetime | None = None,
    paused: Any = False,
    label: Any = "",
    date: Any = True,
    clause: Any = "",
    attrs: Any = "",
) -> Any:
    """A due day with what is left of it, or how it was kept; what ``c-deadline`` draws."""
    if not due:
        return dash(due)
    if done:
        first = deadline_done(due, done)
    elif paused:
        first = format_html('<span class="tag tone-grey">{}{}</span>', icon("clock-pause"), gettext("Clock paused"))
    else:
        days = (formats.as_day(due) - clock.today()).days
        sign = icon("alarm" if days < 0 else "clock")
        first = format_html('<span class="tag tone-{}">{}{}</span>', due_tone(days), sign, formats.span(days))
    day = formats.day(due)
    second = (
        format_html(
            '<time class="due-date" datetime="{}"{}>{}{}</time>',
            day,
            format_html(' title="{}"', clause) if clause else "",
            f"{label} " if label else "",
            day,
        )
        if date
        else ""
    )
    return format_html('<span class="due" {}>{}{}</span>', str(attrs), first, second)


@register.simple_tag
def share(value: Any, whole: Any) -> str:
    """``value`` of ``whole`` in hundredths, between 0 and 100."""
    part, total = formats.decimal_of(value), formats.decimal_of(whole)
    if part is None or not total:
        return "0"
    return str(round(min(max(part / total * 100, Decimal(0)), Decimal(100)), 1))


@register.simple_tag
def printed_at() -> str:
    """The present moment for the head of a printed sheet."""
    return formats.moment(clock.now())


@register.simple_tag
def ui_texts() -> SafeString:
    """The words of the scripts as a data block; browsers do not execute it, so the content policy admits it."""
    return _ui_texts(get_language() or "")  # without a language in force: as written, and kept apart from all others


@lru_cache(maxsize=8)
def _ui_texts(language: str) -> SafeString:
    return json_script(texts(), "ui-texts")


@register.simple_tag
def product_name() -> str:
    """The platform's name as this place calls it."""
    return getattr(settings, "ANLAN_NAME", "") or gettext("Anlan Work-safety Supervision")
