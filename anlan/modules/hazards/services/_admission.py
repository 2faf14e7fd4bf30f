"""What only the database can tell about the rows of a hazard ledger: which site is meant, is the hazard on file.

A row is refused for the same reasons as ``find_hazard``; beyond that, because its site cannot be told, or because the
ledger says that the matter is settled already (the loop here needs its evidence).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.codes.services import parameter
from anlan.kernel.errors import gettext_noop as _
from anlan.kernel.intake.problems import Problem
from anlan.kernel.intake.services import Declined
from anlan.kernel.regions.models import Region
from anlan.modules.hazards.models import Hazard
from anlan.modules.hazards.rows import LEDGER, title_of
from anlan.modules.hazards.services._sites import may_on_site
from anlan.modules.hazards.services._twins import MOST_CANDIDATES, Likeness
from anlan.modules.hazards.workflow import OPEN_STATES
from anlan.modules.registry import public as registry

MAY = "hazards.intake"


@dataclass(frozen=True, slots=True)
class Admitted:
    """A row that may be taken in, with its site and the settled record it repeats."""

    row: int
    values: Mapping[str, Any]
    site: registry.SiteView
    repeat_of: int | None = None
    warnings: tuple[Problem, ...] = ()

    @property
    def signature(self) -> str:
        """What would be done: equal as long as nothing it depends on has changed."""
        return f"{self.site.id}:{self.repeat_of or ''}"


@dataclass(slots=True)
class _Known:
    """A record or row on a site, made ready for comparison."""

    likeness: Likeness
    number: str
    title: str
    pk: int
    open: bool
    found_on: dt.date


class Admission:
    """Admits rows, one chunk after the other, and remembers those it admitted."""

    def __init__(self, actor: Actor, *, base: Region | None = None, mode: str = "add", permission: str = MAY) -> None:
        self.actor, self.base, self.permission = actor, base, permission
        self._sites: dict[int, registry.SiteView] = {}
        self._by_code: dict[str, list[int]] = {}
        self._by_name: dict[str, list[int]] = {}
        self._known: dict[int, list[_Known]] = {}
        self._measures: dict[str, tuple[dt.date, float]] = {}

    def admit(self, rows: Sequence[tuple[int, Mapping[str, Any]]]) -> list[Admitted | Declined]:
        """The verdict on each row, in order."""
        self._load([values for _row, values in rows])
        return [self._verdict(row, values) for row, values in rows]

    def _load(self, rows: Sequence[Mapping[str, Any]]) -> None:
        codes = {r["uscc"] for r in rows if r.get("uscc")} - self._by_code.keys()
        names = {r["unit"] for r in rows if r.get("unit")} - self._by_name.keys()
        for asked, table in ((codes, self._by_code), (names, self._by_name)):
            table.update({key: [] for key in asked})
        sites = registry.site_rows(self.actor).filter(merged_into=None)
        fresh: set[int] = set()
        if codes:
            for pk, code in sites.filter(unit__uscc__in=codes).values_list("pk", "unit__uscc"):
                self._by_code[code].append(pk)
                fresh.add(pk)
        if names:
            for pk, name in sites.filter(unit__name__in=names).values_list("pk", "unit__name"):
                self._by_name[name].append(pk)
                fresh.add(pk)
        fresh -= self._sites.keys()
        self._sites |= registry.site_views(fresh)
        for pk in fresh:
            self._known[pk] = []
        known = Hazard.objects.everything(why="likeness is asked for sites the actor may take a ledger in for")
        for h in known.filter(site_id__in=fresh, state__in=[*OPEN_STATES, "closed"]).order_by("-found_on", "-pk"):
            if len(self._known[h.site_id]) < MOST_CANDIDATES:
                self._known[h.site_id].append(_known(h))

    def _verdict(self, row: int, values: Mapping[str, Any]) -> Admitted | Declined:
        if values.get("progress") == "done":
            return _declined(row, "progress", "settled", _(
                "%(field)s says that the hazard is settled: only open hazards are taken in, closing needs photos and a "
                "review here."
            ))  # fmt: skip
        site = self._site(row, values)
        if isinstance(site, Declined):
            return site
        if not may_on_site(self.actor, self.permission, site):
            return _declined(row, "unit", "outside", _(
                "%(place)s lies outside your jurisdiction or line: send the row to its office."
            ), place=site.name)  # fmt: skip
        wanted = Likeness(values["description"], values["category"] or "other", values["place"] or "")
        since, least = self._measure(site.region_path)
        near = [(wanted.to(k.likeness), k) for k in self._known[site.id] if k.found_on >= since]
        twin = max((p for p in near if p[1].open), key=lambda p: p[0], default=None)
        if twin and twin[0] >= least:
            on_file = ("hazards.hazard", twin[1].pk) if twin[1].pk else None
            return _declined(row, "description", "twin", _(
                "%(number)s “%(title)s” is open on this site and looks like the same hazard: leave the row out, or "
                "describe what is different."
            ), on_file, number=twin[1].number, title=twin[1].title)  # fmt: skip
        settled = max((p for p in near if not p[1].open), key=lambda p: p[0], default=None)
        repeat_of = settled[1].pk if settled and settled[0] >= least else None
        self._known[site.id].append(_Known(wanted, f"#{row}", title_of(values), 0, True, values["found_on"]))
        return Admitted(row, values, site, repeat_of, self._warnings(values, site))

    def _site(self, row: int, values: Mapping[str, Any]) -> registry.SiteView | Declined:
        """The site a row means, or why it cannot be told."""
        code, name = values.get("uscc"), values.get("unit")
        keys = self._by_code.get(code, []) if code else self._by_name.get(name or "", [])
        found = [self._sites[pk] for pk in keys]
        if not found:
            column = "uscc" if code else "unit"
            return _declined(row, column, "unit_unknown", _(
                "No unit “%(given)s” is on file in your jurisdiction: enter the unit first, or correct the row."
            ), given=code or name or "")  # fmt: skip
        wanted = values.get("site")
        if wanted:
            exact = [s for s in found if s.name == wanted]
            if len(exact) != 1:
                return _declined(row, "site", "site_unknown", _(
                    "The unit has no site “%(given)s”: write one of %(sites)s."
                ), given=wanted, sites="、".join(sorted({s.name for s in found})[:5]))  # fmt: skip
            return exact[0]
        if self.base is not None and len(found) > 1:
            found = [s for s in found if s.region_path.startswith(self.base.path)] or found
        working = [s for s in found if s.open] or found
        if len(working) > 1:
            return _declined(row, "site", "site_several", _(
                "The unit has several sites: name the one that is meant, such as %(sites)s."
            ), sites="、".join(sorted({s.name for s in working})[:5]))  # fmt: skip
        return working[0]

    def _warnings(self, values: Mapping[str, Any], site: registry.SiteView) -> tuple[Problem, ...]:
        if values.get("uscc") and values.get("unit") and values["unit"] != site.unit_name:
            told = LEDGER.problem(
                "unit",
                "other_name",
                _("The code belongs to “%(name)s”: the hazard is entered there."),
                name=site.unit_name,
            )
            return (told,)
        return ()

    def _measure(self, path: str) -> tuple[dt.date, float]:
        if path not in self._measures:
            since = clock.today() - dt.timedelta(days=parameter("hazards.repeat_days", path))
            self._measures[path] = since, parameter("hazards.repeat_percent", path) / 100
        return self._measures[path]


def _known(hazard: Hazard) -> _Known:
    likeness = Likeness(hazard.description, hazard.category, hazard.place)
    return _Known(likeness, hazard.number, hazard.title, hazard.pk, hazard.is_open, hazard.found_on)


def _declined(
    row: int, column: str, code: str, msgid: str, on_file: tuple[str, int] | None = None, **params: Any
) -> Declined:
    return Declined(row, (LEDGER.problem(column, code, msgid, **params),), on_file)
