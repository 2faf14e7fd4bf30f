"""Why an index is what it is: each part with what was counted, its measure, its weight, what it adds, the records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext, ngettext, pgettext

from anlan.kernel.actor import Actor
from anlan.modules.warning import selectors
from anlan.modules.warning.choices import LEVEL_TONES, PART_LABELS, WarningLevel
from anlan.modules.warning.models import IndexDay
from anlan.modules.warning.tables import level_label
from anlan.ui import charts, formats, links
from anlan.ui.pages.values import address_of

TONES_OF_LEVELS = tuple((level.value, level.label) for level in reversed(WarningLevel))


def working(entry: IndexDay, actor: Actor) -> dict[str, Any]:
    """An index ready to be shown with its working."""
    found, figures = entry.found, entry.figures
    said = {"alarms": _alarms(found, figures), "offline": _away(found), "overdue": _overdue(found, figures)}
    urls = _behind(entry, actor)
    value = formats.number(entry.value, 1)
    return {
        "entry": entry, "value": value, "level": level_label(entry.level), "tone": LEVEL_TONES[entry.level],
        "asked": gettext("How the index comes to %(value)s") % {"value": value},
        "parts": [
            {
                "label": PART_LABELS[part["code"]], "said": said[part["code"]], "measure": part["measure"],
                "weight": part["weight"], "share": part["share"], "adds": part["adds"], "applies": part["applies"],
                "half": _half(part) if part["half"] and part["applies"] else "", "url": urls[part["code"]],
            }
            for part in entry.parts
        ],
        "base": sum(float(part["adds"]) for part in entry.parts), "factor": found["factor"],
        "periods": SimpleLazyObject(lambda: _periods(entry, actor)),  # a card says the number alone
        "levels": [{"label": label, "tone": LEVEL_TONES[level], "least": figures[level]}
                   for level, label in TONES_OF_LEVELS],
    }  # fmt: skip


def _periods(entry: IndexDay, actor: Actor) -> list[dict[str, Any]]:
    """The special periods that counted; those of an office whose periods the reader may not see have no address."""
    if not entry.periods:
        return []
    told = selectors.periods(actor).filter(pk__in=[one["id"] for one in entry.periods])
    seen = set(told.values_list("pk", flat=True))
    return [
        {**one, "url": links.url_of("warning.specialperiod", one["id"]) if one["id"] in seen else ""}
        for one in entry.periods
    ]


def _alarms(found: dict[str, Any], figures: dict[str, int]) -> str:
    names = (
        pgettext("priority", "Critical"), pgettext("priority", "High"), pgettext("priority", "Medium"),
        pgettext("priority", "Low"),
    )  # fmt: skip
    told = [
        f"{name} {many}×{figures[f'alarm_{at}']}"
        for at, (name, many) in enumerate(zip(names, found["alarms"], strict=True), 1)
        if many
    ]
    sites = ngettext("%(n)s site watched", "%(n)s sites watched", found["watched"]) % {"n": found["watched"]}
    return f"{' + '.join(told)} · {sites}" if told else sites


def _away(found: dict[str, Any]) -> str:
    return gettext("%(away)s of %(owed)s sites that must be connected are not") % found


def _overdue(found: dict[str, Any], figures: dict[str, int]) -> str:
    grades = ((gettext("Major"), "major"), (gettext("General"), "general"))
    told = [f"{name} {found[code]}×{figures[code]}" for name, code in grades if found[code]]
    units = ngettext("%(n)s unit", "%(n)s units", found["units"]) % {"n": found["units"]}
    return f"{' + '.join(told)} · {units}" if told else gettext("None is overdue")


def _half(part: dict[str, Any]) -> str:
    told = gettext("%(raw)s points; half is reached at %(half)s × %(size)s")
    return told % {"raw": part["raw"], "half": part["half"], "size": part["size"]}


def _behind(entry: IndexDay, actor: Actor) -> dict[str, str]:
    """Where each part leads: the records of the region, or of the unit."""
    where = {"q": entry.unit.name} if entry.unit else {"region": entry.region_path}
    wanted = {
        "alarms": ("alarms:list", "alarms.view", {**where, "open": "on"}),
        "offline": ("monitoring:gateways", "monitoring.view", where)
        if entry.unit else ("monitoring:coverage", "monitoring.survey", where),
        "overdue": ("hazards:list", "hazards.view", {**where, "overdue": "on"}),
    }  # fmt: skip
    return {
        code: f"{url}?{urlencode(query)}" if (url := address_of(page)) and actor.may(may) else ""
        for code, (page, may, query) in wanted.items()
    }


def trend(rows: Sequence[IndexDay]) -> dict[str, Any] | None:
    """The index over time as a line; None for less than two days."""
    if len(rows) < 2:
        return None
    series = charts.Series(gettext("Index"), [row.value for row in rows], "blue")
    return charts.line([row.day.strftime("%m-%d") for row in rows], series, urls=[links.url_of(r) for r in rows])
