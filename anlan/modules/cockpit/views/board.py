"""The cockpit's page: blocks that are drawn together at first, and one by one when their figures move."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from anlan.kernel.actor import Actor
from anlan.kernel.regions.models import Region
from anlan.modules.cockpit import selectors
from anlan.modules.cockpit.choices import FIGURES, FIRST_MAPPED, MAPPED, TREND, Figure, category_label, sector_label
from anlan.modules.cockpit.models import HazardFact
from anlan.modules.cockpit.selectors import Counts, Numbers, Part, Place
from anlan.modules.cockpit.selectors.sources import Days
from anlan.modules.cockpit.views import shapes
from anlan.ui import formats, links, places
from anlan.ui.pages import actor_of
from anlan.ui.pages.base import htmx_target
from anlan.ui.pages.values import address_of

TILES = ("sites", "open", "major", "overdue", "overdue_per_100", "closure_rate", "on_time_rate", "found_month")
COLUMNS = (
    "units", "sites", "open", "major", "overdue", "overdue_per_100", "closure_rate", "on_time_rate", "found_month",
)  # fmt: skip
LISTED = 5
MARK = "cockpit-"


@dataclass(frozen=True)
class Block:
    """A part of the page that is swapped as one: its element's id, its inside, and a mark of what it says."""

    name: str
    inside: str

    @property
    def element(self) -> str:
        """The id of its element."""
        return MARK + self.name

    @property
    def seen(self) -> str:
        """What the page sends along to say which state of the block it shows."""
        return f"{self.name}:{hashlib.sha256(self.inside.encode()).hexdigest()[:16]}"


class Board:
    """Everything the page shows for one place; each figure is read at most once, and only when a block needs it."""

    def __init__(self, actor: Actor, query: QueryDict) -> None:
        self.actor = actor
        self.where = selectors.place(actor, query.get("region", ""))
        wanted = query.get("metric", "")
        self.metric = FIGURES[wanted if wanted in {f.code for f in MAPPED} else FIRST_MAPPED]
        sort = query.get("sort", "")
        self.sort = sort if sort.lstrip("-") in ("name", *COLUMNS) else ""

    @cached_property
    def numbers(self) -> Numbers:
        """The figures of the place and its parts."""
        return selectors.numbers(self.actor, self.where)

    @property
    def name(self) -> str:
        """What the place is called."""
        return self.where.region.name if self.where.region else _("All my regions")

    def here(self, **query: Any) -> str:
        """This page, with other parameters."""
        given = {"metric": self.metric.code if self.metric.code != FIRST_MAPPED else "", "sort": self.sort} | query
        return shapes.address("cockpit:home", self.where, **given)

    def alone(self, **query: Any) -> str:
        """The same for one block: the other blocks' choices are sent along as they stand when it is asked for."""
        return shapes.address("cockpit:home", self.where, **query)

    def crumbs(self) -> list[tuple[str, str]]:
        """The way down to the place, within reach."""
        tops = [] if len(self.where.tops) == 1 else [(_("All my regions"), shapes.address("cockpit:home", ""))]
        above = [(r.name, shapes.address("cockpit:home", r)) for r in self.where.above]
        return [*tops, *above, (self.name, "")] if self.where.region else []

    def below(self, region: Region) -> str:
        """Where a part leads: into it, or, where nothing lies below it, to its hazards."""
        if not region.numchild:
            return shapes.records(region.path, self.where.lines, state="open") or shapes.address("cockpit:home", region)
        return shapes.address(
            "cockpit:home", region, metric=self.metric.code if self.metric.code != FIRST_MAPPED else ""
        )

    def tiles(self) -> dict[str, Any]:
        """The figures of the whole place."""
        total, days = self.numbers.total, Days(self.numbers.as_of)
        hints = {
            "sites": _("%(n)s enterprises") % {"n": shapes.written(FIGURES["units"], total.units)},
            "overdue": _("%(share)s of the open ones") % {"share": formats.percent(total.overdue_share)},
            "overdue_per_100": _("%(part)s overdue, %(whole)s enterprises")
            % {"part": formats.number(total.overdue), "whole": formats.number(total.units)},
            "closure_rate": _("%(part)s of %(whole)s")
            % {"part": formats.number(total.closed_year), "whole": formats.number(total.found_year)},
            "on_time_rate": _("%(part)s of %(whole)s")
            % {"part": formats.number(total.on_time_year), "whole": formats.number(total.due_year)},
            "found_month": _("%(n)s in the same days of last month") % {"n": formats.number(total.found_before)},
        }
        shown = [
            {
                "figure": FIGURES[code],
                "value": shapes.written(FIGURES[code], total.figure(code)),
                "hint": hints.get(code, ""),
                "url": shapes.behind(code, self.where, self.where.lines, days),
                "delta": total.found_month - total.found_before if code == "found_month" else "",
            }
            for code in TILES
        ]
        return {"tiles": shown}

    def map(self) -> dict[str, Any]:
        """The map's frame; its data come from ``cockpit:map``."""
        tabs = [
            {
                "label": f.head,
                "means": f.means,
                "active": f is self.metric,
                "url": self.here(metric=f.code),
                "alone": self.alone(metric=f.code),
            }
            for f in MAPPED
        ]
        parts = [p for p in self.numbers.parts if p.region]
        figures = [shapes.written(self.metric, p.counts.figure(self.metric.code)) for p in parts]
        # The figures stand in the address, so that a map whose figures moved is drawn anew and no other.
        mark = hashlib.sha256("|".join(figures).encode()).hexdigest()[:8]
        return {
            "tabs": tabs,
            "metric": self.metric,
            "parts": bool(parts),
            "place": self.name,
            "url": shapes.address("cockpit:map", self.where, metric=self.metric.code, figures=mark),
            "list": shapes.records(self.where, self.where.lines, state="open"),
        }

    def parts(self) -> dict[str, Any]:
        """The parts as a table: the map in another form, and the one that prints."""
        columns = [FIGURES[code] for code in COLUMNS]
        heads = [self._head("name", _("Region"), "")] + [self._head(f.code, f.head, f.means) for f in columns]
        rows = [self._row(part, columns) for part in self._ordered()]
        total = {"name": _("Total"), "cells": self._cells(self.numbers.total, self.where, columns)}
        return {"heads": heads, "rows": rows, "total": total, "place": self.name, "sort": self.sort}

    def trend(self) -> dict[str, Any]:
        """Two years, month by month."""
        months = selectors.trend(self.actor, self.where)
        return {"option": shapes.trend_chart(months, self.where), "place": self.name, "meanings": TREND}

    def breakdown(self) -> dict[str, Any]:
        """Open hazards by line and by category."""
        found = selectors.breakdown(self.actor, self.where)

        def url_of(field: str) -> Callable[[str], str]:
            return lambda code: (
                shapes.records(self.where, self.where.lines, state="open", **{field: code}) if code else ""
            )

        return {
            "by_sector": shapes.shares_chart(found["sector"], sector_label, url_of("sector")),
            "by_category": shapes.shares_chart(found["category"], category_label, url_of("category")),
            "place": self.name, "any": bool(found["sector"]),
        }  # fmt: skip

    def overdue(self) -> dict[str, Any]:
        """Those longest over."""
        return self._listed("overdue", overdue="on")

    def majors(self) -> dict[str, Any]:
        """The major ones, the most pressing first."""
        return self._listed("majors", state="open", grade="major")

    @cached_property
    def pressing(self) -> dict[str, list[HazardFact]]:
        """Both lists, one more than is shown of each."""
        return selectors.pressing(self.actor, self.where, LISTED + 1)

    @cached_property
    def place_names(self) -> dict[str, str]:
        """Where the listed ones lie."""
        return places.names({h.region_path for rows in self.pressing.values() for h in rows})

    def block(self, name: str, request: HttpRequest) -> Block:
        """One block, drawn."""
        return Block(name, render_to_string(f"cockpit/{name}.html", getattr(self, name)(), request=request))

    def _listed(self, name: str, **query: Any) -> dict[str, Any]:
        found = self.pressing[name]
        shown = [
            {"hazard": h, "url": links.url_of("hazards.hazard", h.pk), "place": self.place_names.get(h.region_path, "")}
            for h in found[:LISTED]
        ]
        more = shapes.records(self.where, self.where.lines, **query) if len(found) > LISTED else ""
        return {"rows": shown, "more": more}

    def _head(self, code: str, label: Any, means: Any) -> dict[str, Any]:
        down = self.sort == f"-{code}"
        up = self.sort == code
        first = code if code == "name" else f"-{code}"  # figures: the largest first
        other = first.lstrip("-") if first.startswith("-") else f"-{first}"
        wanted = other if self.sort == first else first
        return {
            "label": label,
            "means": means,
            "url": self.here(sort=wanted),
            "alone": self.alone(sort=wanted),
            "order": "descending" if down else "ascending" if up else "",
        }

    def _ordered(self) -> list[Part]:
        """In the order asked for; what has no figure, and the rest, at the end."""
        code, down = self.sort.lstrip("-"), self.sort.startswith("-")
        inside = [p for p in self.numbers.parts if p.region]
        rest = [p for p in self.numbers.parts if not p.region]
        if code == "name":
            inside.sort(key=lambda p: p.region.pinyin if p.region else "", reverse=down)
        elif code:
            with_figure = [p for p in inside if p.counts.figure(code) is not None]
            with_figure.sort(key=lambda p: p.counts.figure(code) or 0, reverse=down)
            inside = with_figure + [p for p in inside if p.counts.figure(code) is None]
        return inside + rest

    def _row(self, part: Part, columns: list[Figure]) -> dict[str, Any]:
        if part.region is None:
            return {"name": _("Not in any of these"), "url": "", "cells": self._cells(part.counts, None, columns)}
        return {
            "name": part.region.name,
            "url": self.below(part.region),
            "cells": self._cells(part.counts, part.path, columns),
        }

    def _cells(self, counts: Counts, where: Place | str | None, columns: list[Figure]) -> list[dict[str, Any]]:
        days = Days(self.numbers.as_of)
        return [
            {
                "figure": f,
                "value": shapes.written(f, counts.figure(f.code)),
                "url": shapes.behind(f.code, where, self.where.lines, days) if where and counts.figure(f.code) else "",
                "warn": f.good == "down" and f.code in ("overdue", "major") and bool(counts.figure(f.code)),
            }
            for f in columns
        ]


BLOCKS = ("tiles", "map", "parts", "trend", "breakdown", "overdue", "majors")


def show(request: HttpRequest) -> HttpResponse:
    """The page; for htmx the one block it asks for."""
    board = Board(actor_of(request), request.GET)
    wanted = htmx_target(request).removeprefix(MARK)
    if wanted in BLOCKS:
        return render(request, "cockpit/block.html", {"block": board.block(wanted, request)})
    blocks = {name: board.block(name, request) for name in BLOCKS}
    context = {
        "title": _("Cockpit · %(place)s") % {"place": board.name},
        "print_title": board.name,
        "board": board,
        "blocks": blocks,
        "as_of": board.numbers.as_of,
        "crumbs": board.crumbs(),
        "figures": FIGURES.values(),
        "trend": TREND,
        "lines": [sector_label(code) for code in board.where.lines],
        "leader": address_of("cockpit:lead") if board.actor.may("cockpit.lead") else "",
    }
    return render(request, "cockpit/home.html", context)


def live(request: HttpRequest) -> HttpResponse:
    """What moved since the page was drawn: the blocks whose figures are others now, and the hour."""
    board = Board(actor_of(request), request.GET)
    seen = set(request.GET.getlist("seen"))
    fresh = [block for name in BLOCKS if (block := board.block(name, request)).seen not in seen]
    return render(request, "cockpit/live.html", {"blocks": fresh, "as_of": board.numbers.as_of})


def map_data(actor: Actor, query: QueryDict) -> dict[str, Any]:
    """The parts of a place as areas in the tone of one figure."""
    board = Board(actor, query)
    counts = {part.path: part.counts for part in board.numbers.parts if part.region}
    outlined = list(Region.objects.filter(path__in=counts).order_by("path"))
    return shapes.areas(board.where, board.metric, outlined, counts, board.below)
