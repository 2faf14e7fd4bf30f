"""Which region a row means: a code, a name, a short name, or the tree path written as ``@path``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q

from anlan.kernel.errors import gettext_noop as _
from anlan.kernel.intake.problems import Problem
from anlan.kernel.regions.models import Region, RegionKind
from anlan.kernel.scope import within
from anlan.modules.registry.rows import ENTERPRISE
from anlan.rules import admin_code

_REMEMBERED = 20_000  # places by their names
FIELDS = ("county", "town", "village")
TOO_LARGE = (RegionKind.PROVINCE, RegionKind.CITY)
TOWNS = (RegionKind.TOWN, RegionKind.PARK)
BELOW_TOWN = (RegionKind.VILLAGE, RegionKind.GRID)


class Places:
    """The regions the rows of one act or batch mean, within ``base`` (None: anywhere)."""

    def __init__(self, base: Region | None = None) -> None:
        self.base = base
        self._above = base.ancestor_paths[:-1] if base else []
        self._found: dict[str, list[Region]] = {}
        self._towns: dict[str, str] = {}
        self._fronts: list[str] = []
        self._meant: dict[tuple[Any, ...], tuple[Region | Problem, tuple[Problem, ...]]] = {}
        if base:
            names = Region.objects.filter(path__in=base.ancestor_paths).values_list("name", "short_name")
            self._fronts = sorted({n for pair in names for n in pair if n}, key=len, reverse=True)

    def load(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Look up every place the rows name, in one query."""
        texts = {self._bare(str(row[f])) for row in rows for f in FIELDS if row.get(f)} - self._found.keys()
        if not texts:
            return
        self._meant.clear()
        codes = {admin_code.full(t) for t in texts if t.isdigit() and len(t) in (6, 9, 12)}
        paths = {t[1:] for t in texts if t.startswith("@")}
        near = within("path", self.base.path) | Q(path__in=self._above) if self.base else Q()
        rows_found = (
            Region.objects.filter(valid_to=None)
            .filter(near)
            .filter(Q(name__in=texts) | Q(short_name__in=texts) | Q(code__in=codes) | Q(path__in=paths))
        )
        for text in texts:
            self._found[text] = []
        for region in rows_found:
            for key in {region.name, region.short_name, "@" + region.path}:
                if key in texts:
                    self._found[key].append(region)
            for text in texts & {region.code, region.code[:9], region.code[:6]}:
                if admin_code.full(text) == region.code:
                    self._found[text].append(region)

    def of(self, values: Mapping[str, Any]) -> tuple[Region | Problem, tuple[Problem, ...]]:
        """The smallest region a row names, or what is wrong with the place it names; and what to look at.

        A name below a region whose parts are not on file at all cannot be checked: the site then lies in that region,
        and the row says so. Where the parts are on file, a name that is none of them is refused.
        """
        named = tuple(values.get(field) for field in FIELDS)
        if named not in self._meant:
            if len(self._meant) >= _REMEMBERED:
                self._meant.clear()
            self._meant[named] = self._of(values)
        return self._meant[named]

    def _of(self, values: Mapping[str, Any]) -> tuple[Region | Problem, tuple[Problem, ...]]:
        here: Region | None = self.base
        notes: list[Problem] = []
        for field in FIELDS:
            text = values.get(field)
            if not text:
                continue
            found = [r for r in self._found.get(self._bare(str(text)), ()) if self._fits(r, here)]
            inner = [r for r in found if here is None or len(r.path) > len(here.path)]
            choice = inner or found
            if not choice and here is not None and here.numchild == 0:
                notes.append(
                    ENTERPRISE.problem(
                        field,
                        "region_unlisted",
                        _("The parts of %(place)s are not on file: “%(value)s” was not checked, %(place)s is taken."),
                        value=text,
                        place=here.name,
                    )
                )
                continue
            if not choice:
                return self._none(field, str(text), here), ()
            if len(choice) > 1:
                return ENTERPRISE.problem(
                    field,
                    "region_several",
                    _("Several regions are named “%(value)s”: give the county as well, or the 12-digit code."),
                    value=text,
                ), ()
            if here is None or len(choice[0].path) > len(here.path):
                here = choice[0]
        if here is None or here.kind in TOO_LARGE:
            return ENTERPRISE.problem(
                "town", "region_missing", _("%(field)s is empty: name the town or street in which the site lies.")
            ), ()
        return here, tuple(notes)

    def town_path(self, region: Region) -> str:
        """The path of the town (or park) a region lies in; its own when it is none, or lies in none."""
        if region.kind not in BELOW_TOWN:
            return region.path
        if region.path not in self._towns:
            kinds = dict(Region.objects.filter(path__in=region.ancestor_paths).values_list("path", "kind"))
            towns = [p for p in region.ancestor_paths if kinds.get(p) in TOWNS]
            self._towns[region.path] = towns[-1] if towns else region.path
        return self._towns[region.path]

    def _bare(self, text: str) -> str:
        """The text without the names of the base and what lies above it in front."""
        for front in self._fronts:
            if text.startswith(front) and len(text) > len(front) + 1:
                text = text[len(front) :]
        return text

    def _fits(self, region: Region, here: Region | None) -> bool:
        return here is None or region.path.startswith(here.path) or here.path.startswith(region.path)

    def _none(self, field: str, text: str, here: Region | None) -> Problem:
        if here is None:
            return ENTERPRISE.problem(
                field,
                "region_unknown",
                _("No region is named or coded “%(value)s”: use the name as printed in the list of regions."),
                value=text,
            )
        return ENTERPRISE.problem(
            field,
            "region_unknown_in",
            _("“%(value)s” is not a region within %(place)s: use the name as printed in the list of regions."),
            value=text,
            place=here.name,
        )
