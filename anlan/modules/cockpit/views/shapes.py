"""Figures made ready to be seen: written out, linked to the records behind them, coloured, drawn."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from anlan.kernel.regions.models import Region
from anlan.modules.cockpit.choices import FIGURES, TREND, Figure
from anlan.modules.cockpit.selectors import Counts, Month, Place, Share
from anlan.modules.cockpit.selectors.sources import Days
from anlan.ui import charts, formats
from anlan.ui.maps import Shade, outline_of
from anlan.ui.pages.values import address_of

MOST_BARS = 12
RATES = (
    (0.0, "red"),
    (0.6, "orange"),
    (0.8, "yellow"),
    (0.9, "blue"),
    (0.95, "green"),
)  # steps of colour, not a standard


def written(figure: Figure, value: int | Decimal | None) -> str:
    """A figure as it is read: 12, 95.3%, 4.2, or a dash where there is nothing to count."""
    if value is None:
        return formats.DASH
    if figure.kind == "ratio":
        return formats.percent(value)
    return formats.number(value, 1 if figure.kind == "rate" else None)


def address(name: str, where: Place | Region | str, **query: Any) -> str:
    """A page of the cockpit for a place; parameters without a value are left out."""
    path = where if isinstance(where, str) else where.path
    given = {"region": path, **query}
    text = urlencode({k: v for k, v in given.items() if v})
    return f"{address_of(name)}?{text}" if text else address_of(name)


def records(where: Place | str, lines: Sequence[str] = (), page: str = "hazards:list", **query: Any) -> str:
    """The list of the records behind a figure; "" when the module that shows them is not installed.

    Somebody with one line is shown that line, so that the list holds what was counted.
    """
    url = address_of(page)
    if not url:
        return ""
    path = where if isinstance(where, str) else where.path
    line = lines[0] if len(lines) == 1 else ""
    given = {"region": path, "sector": line} | query
    return f"{url}?{urlencode({k: v for k, v in given.items() if v}, doseq=True)}"


def behind(code: str, where: Place | str, lines: Sequence[str], days: Days) -> str:
    """Where a figure leads: the list of what was counted (of a share: of what it is a share of)."""
    if code in ("sites", "units"):
        return records(where, lines, "registry:sites")
    valid = {"state": ["open", "closed"]}  # neither withdrawn nor merged
    yesterday = days.today - dt.timedelta(days=1)
    query: dict[str, dict[str, Any]] = {
        "open": {"state": "open"},
        "major": {"state": "open", "grade": "major"},
        "overdue": {"overdue": "on"},
        "overdue_per_100": {"overdue": "on"},
        "closure_rate": {"found_on_from": days.year, **valid},
        "on_time_rate": {"rectify_due_from": days.year, "rectify_due_to": yesterday, **valid},
        "found_month": {"found_on_from": days.month, **valid},
    }
    return records(where, lines, **query[code]) if code in query else ""


def shades(figure: Figure, values: Sequence[int | Decimal | None]) -> tuple[Shade, ...]:
    """The steps of colour of a figure on the map, with their legend."""
    if figure.kind == "ratio":
        edges = [*(least for least, _tone in RATES), None]
        return tuple(
            Shade(least, tone, _range(least, upper, formats.percent))
            for (least, tone), upper in zip(RATES, edges[1:], strict=True)
        )
    step = _step(max((float(v) for v in values if v is not None), default=0.0))
    least = 1 if figure.kind == "number" else 0.0001
    found = [Shade(0, "green", "0")]
    if step > 1 or figure.kind == "rate":
        found.append(Shade(least, "blue", _range(None, step, formats.number)))
    for times, tone in ((1, "yellow"), (2, "orange"), (3, "red")):
        upper = (times + 1) * step if times < 3 else None
        found.append(Shade(times * step, tone, _range(times * step, upper, formats.number)))
    return tuple(found)


def areas(
    where: Place, figure: Figure, outlined: Sequence[Region], counts: dict[str, Counts], url: Callable[[Region], str]
) -> dict[str, Any]:
    """The parts of the place as areas in the tone of one figure; in the window over each, all of them."""
    values = [counts[r.path].figure(figure.code) for r in outlined]
    steps = shades(figure, values)
    features = []
    for region, value in zip(outlined, values, strict=True):
        geometry = outline_of(region)
        if geometry is None:
            continue
        told = counts[region.path]
        said = [
            _("%(label)s: %(value)s") % {"label": f.label, "value": written(f, told.figure(f.code))}
            for f in FIGURES.values()
            if f.code != "found_month"
        ]
        tone = next((s.tone for s in reversed(steps) if value is not None and float(value) >= s.least), "grey")
        features.append({
            "type": "Feature", "geometry": geometry,
            "properties": {"name": region.name, "tone": tone, "label": f"{region.name} {written(figure, value)}",
                           "lines": said, "url": url(region)},
        })  # fmt: skip
    legend = [{"label": str(s.label), "tone": s.tone} for s in steps]
    if any(v is None for v in values):
        legend.append({"label": _("nothing to count"), "tone": "grey"})
    data = {"type": "FeatureCollection", "features": features}
    return {"layers": [{"id": "parts", "kind": "area", "data": data}], "legend": legend}


def trend_chart(months: Sequence[Month], where: Place) -> dict[str, Any]:
    """The months as lines; a click leads to what was found in the month."""
    series = [charts.Series(label, [getattr(m, code) for m in months], tone) for code, label, tone, _means in TREND]
    return charts.line([m.first.strftime("%Y-%m") for m in months], *series)


def shares_chart(shares: Sequence[Share], label: Callable[[str], str], url: Callable[[str], str]) -> dict[str, Any]:
    """Open hazards by line or category, the overdue ones apart; what comes after the twelfth is put together."""
    shown, rest = list(shares[:MOST_BARS]), shares[MOST_BARS:]
    names = [label(share.code) for share in shown]
    urls = [url(share.code) for share in shown]
    if rest:
        shown.append(Share("", *(sum(getattr(s, f) for s in rest) for f in ("open", "overdue", "major"))))
        names.append(_("All others"))
        urls.append("")
    return charts.stacked(
        names, charts.Series(_("Not overdue"), [s.open - s.overdue for s in shown], "blue"),
        charts.Series(_("Overdue"), [s.overdue for s in shown], "red"), urls=urls, flat=True,
    )  # fmt: skip


def _range(low: float | None, high: float | None, say: Callable[[Any], str]) -> str:
    if low is None:
        return f"< {say(high)}"
    return f"≥ {say(low)}" if high is None else f"{say(low)} – {say(high)}"


def _step(most: float) -> float:
    """A round step of which four reach the largest value: 1, 2, 5, 10, 20, 50 …

    >>> [_step(n) for n in (0, 3, 7, 37, 160)]
    [1, 1, 2, 10, 50]
    """
    want = most / 4
    if want <= 1:
        return 1
    size = 10 ** math.floor(math.log10(want))
    return next(size * n for n in (1, 2, 5, 10) if size * n >= want)
