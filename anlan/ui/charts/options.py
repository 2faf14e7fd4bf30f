"""Option builders. Labels may be lazy translations: they are said in the reader's language when the option is built.

The front end adds theme, tooltip and the table view; a click leads to ``urls`` by category.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.encoding import force_str

Number = int | float | Decimal | None


@dataclass(frozen=True)
class Series:
    """One row of figures: name, values by category, a tone of the palette ("" takes the next one)."""

    name: Any
    values: Sequence[Number]
    tone: str = ""
    kind: str = "bar"


def _plain(value: Number) -> int | float | None:
    if isinstance(value, Decimal):
        return float(value)
    return value


def _data(values: Sequence[Number]) -> list[int | float | None]:
    return [_plain(v) for v in values]


def _axes(categories: Sequence[Any], unit: Any, *, flat: bool) -> dict[str, Any]:
    names = {"type": "category", "data": [force_str(c) for c in categories]}
    values: dict[str, Any] = {"type": "value", "minInterval": 1} | ({"name": force_str(unit)} if unit else {})
    return {"xAxis": values, "yAxis": {**names, "inverse": True}} if flat else {"xAxis": names, "yAxis": values}


def _option(
    categories: Sequence[Any], series: list[dict[str, Any]], unit: Any, urls: Sequence[str], *, flat: bool = False
) -> dict[str, Any]:
    option: dict[str, Any] = {**_axes(categories, unit, flat=flat), "series": series}
    extra: dict[str, Any] = {}
    if urls:
        extra["urls"] = list(urls)
    if unit:
        extra["unit"] = force_str(unit)
    if extra:
        option["anlan"] = extra
    return option


def _one(series: Series, kind: str, **more: Any) -> dict[str, Any]:
    drawn = {"type": kind, "name": force_str(series.name), "data": _data(series.values), **more}
    if series.tone:
        drawn["tone"] = series.tone
    return drawn


def bar(
    categories: Sequence[Any], *series: Series, unit: Any = "", urls: Sequence[str] = (), flat: bool = False
) -> dict[str, Any]:
    """Bars by category, several series side by side; ``flat`` lays them down (long names)."""
    return _option(categories, [_one(s, "bar", barMaxWidth=28) for s in series], unit, urls, flat=flat)


def stacked(
    categories: Sequence[Any], *series: Series, unit: Any = "", urls: Sequence[str] = (), flat: bool = False
) -> dict[str, Any]:
    """Bars whose parts stand on each other."""
    return _option(categories, [_one(s, "bar", stack="all", barMaxWidth=28) for s in series], unit, urls, flat=flat)


def line(
    categories: Sequence[Any], *series: Series, unit: Any = "", urls: Sequence[str] = (), area: bool = False
) -> dict[str, Any]:
    """Lines over time; a gap (None) stays a gap."""
    fill = {"areaStyle": {"opacity": 0.12}} if area else {}
    return _option(categories, [_one(s, "line", connectNulls=False, **fill) for s in series], unit, urls)


def donut(parts: Sequence[tuple[Any, Number, str]], *, urls: Sequence[str] = (), unit: Any = "") -> dict[str, Any]:
    """Shares of a whole: (label, value, tone) each; parts of nothing are left out."""
    data = []
    for at, (label, value, tone) in enumerate(parts):
        if not value:
            continue
        item: dict[str, Any] = {"name": force_str(label), "value": _plain(value)}
        if tone:
            item["itemStyle"] = {"color": f"tone:{tone}"}
        if at < len(urls):
            item["url"] = urls[at]
        data.append(item)
    option: dict[str, Any] = {
        "series": [
            {"type": "pie", "radius": ["50%", "75%"], "center": ["50%", "55%"], "data": data, "name": force_str(unit)}
        ]
    }
    if unit:
        option["anlan"] = {"unit": force_str(unit)}
    return option
