"""What only the database can tell about rows that are right in themselves: does the place exist and lie within the
actor's reach, is the unit on file already. One class for one row of a form and for the thousands of a ledger, so that
both are refused for the same reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from anlan.kernel.actor import Actor
from anlan.kernel.bulk import any_of
from anlan.kernel.errors import gettext_noop as _
from anlan.kernel.intake.names import NameKey, name_key
from anlan.kernel.intake.problems import Problem
from anlan.kernel.intake.services import Declined
from anlan.kernel.regions.models import Region
from anlan.modules.registry.models import FormerName, Site, Unit
from anlan.modules.registry.rows import ENTERPRISE, line_of
from anlan.modules.registry.services._changes import Changes, site_changes, unit_changes
from anlan.modules.registry.services._outlines import Outlines
from anlan.modules.registry.services._places import Places

ADD, UPDATE = "add", "update"
SITE = "registry.site"


def stored_key(name: str) -> str:
    """What of a name is compared with the names on file."""
    return _stored(name_key(name))


def _stored(key: NameKey) -> str:
    return key.core[:120]


@dataclass(slots=True)
class Admitted:
    """A row that may be taken in, and as what.

    ``plan``: "unit" a new unit with its first site, "site" a further site of a unit on file (``unit``) or of an
    earlier row (``after_row``), "update" changes to ``unit`` and ``site``.
    """

    row: int
    values: Mapping[str, Any]
    region: Region
    plan: str
    unit: Unit | None = None
    site: Site | None = None
    after_row: int | None = None
    warnings: tuple[Problem, ...] = ()
    unit_changes: Changes = field(default_factory=dict)
    site_changes: Changes = field(default_factory=dict)

    @property
    def signature(self) -> str:
        """What would be done: equal as long as nothing it depends on has changed."""
        changes = ";".join(
            f"{k}={b!r}>{a!r}" for part in (self.unit_changes, self.site_changes) for k, (b, a) in part.items()
        )
        keys = (self.unit.pk if self.unit else "", self.site.pk if self.site else "", self.after_row or "")
        return f"{self.plan}:{self.region.pk}:{keys}:{changes}"


Verdict = Admitted | Declined


class Earlier:
    """The rows of a ledger admitted under a key: row, town path, whether they have a code. Packed, since a ledger may
    hold a million; a key is known by its hash of 64 bits."""

    def __init__(self) -> None:
        self._rows: dict[int, int | tuple[int, ...]] = {}
        self._towns: dict[str, int] = {}
        self._paths: list[str] = []

    def add(self, key: str, row: int, town: str, *, coded: bool) -> None:
        """Remember a row."""
        if town not in self._towns:
            self._towns[town] = len(self._paths)
            self._paths.append(town)
        packed = (row << 24 | self._towns[town]) << 1 | coded
        known = self._rows.get(hash(key))
        self._rows[hash(key)] = packed if known is None else (*_each(known), packed)

    def of(self, key: str) -> list[tuple[int, str, bool]]:
        """The rows remembered under a key, in order."""
        known = self._rows.get(hash(key))
        if known is None:
            return []
        return [(packed >> 25, self._paths[packed >> 1 & 0xFFFFFF], bool(packed & 1)) for packed in _each(known)]


def _each(known: int | tuple[int, ...]) -> tuple[int, ...]:
    return known if isinstance(known, tuple) else (known,)


class Admission:
    """Admits rows one batch of rows after the other; remembers those it admitted."""

    def __init__(
        self, actor: Actor, *, base: Region | None = None, mode: str = ADD, permission: str = "registry.change"
    ) -> None:
        self.actor, self.mode, self.permission = actor, mode, permission
        self.places, self._outlines = Places(base), Outlines()
        self._codes, self._names = Earlier(), Earlier()  # what was admitted before, by code and by name key
        self._keys: dict[str, NameKey] = {}  # of the names in hand
        self._by_code: dict[str, Unit] = {}
        self._by_key: dict[str, list[Unit]] = {}
        self._sites: dict[int, list[Site]] = {}
        self._former: dict[int, set[str]] = {}
        self._seen: set[int] = set()
        self._reach: dict[tuple[str, str], bool] = {}

    def admit(self, rows: Sequence[tuple[int, Mapping[str, Any]]]) -> list[Verdict]:
        """The verdict on each row, in order."""
        self._load([values for _row, values in rows])
        verdicts = [self._verdict(row, values) for row, values in rows]
        self._look_at_points(verdicts)
        return verdicts

    def admit_further(self, values: Mapping[str, Any], region: Region, unit: Unit) -> Verdict:
        """The verdict on a further site of a unit in hand, wherever its other sites lie."""
        sector, _trade = line_of(values)
        if not self._within_reach(region.path, sector):
            return Declined(0, (self._outside(region, sector),))
        return Admitted(0, values, region, "site", unit=unit)

    def _load(self, rows: Iterable[Mapping[str, Any]]) -> None:
        rows = list(rows)
        self.places.load(rows)
        # A provisional number never has the form of a unified code: each is looked for in its own column only.
        codes, provisional = ({r[f] for r in rows if r.get(f)} for f in ("uscc", "provisional"))
        self._keys = {name: name_key(name) for r in rows if (name := r.get("name"))}
        keys = {_stored(key) for key in self._keys.values()}
        why = "a code or a name is looked up in every town, or one unit would be entered twice"
        units = Unit.objects.everything(why=why).filter(merged_into=None)
        found = {u.pk: u for u in units.filter(any_of("uscc", codes))}
        if provisional:
            found |= {u.pk: u for u in units.filter(any_of("provisional_number", provisional))}
        found |= {u.pk: u for u in units.filter(any_of("name_key", keys))}
        self._by_code, self._by_key, self._sites, self._former = {}, {}, {}, {}
        for unit in found.values():
            for code in (unit.uscc, unit.provisional_number):
                if code:
                    self._by_code[code] = unit
            self._by_key.setdefault(unit.name_key, []).append(unit)
        if not found:
            self._seen = set()
            return
        for site in Site.objects.everything(why=why).filter(unit__in=found, merged_into=None).select_related("region"):
            self._sites.setdefault(site.unit_id, []).append(site)
        for unit_id, name in FormerName.objects.filter(unit__in=found).values_list("unit_id", "name"):
            self._former.setdefault(unit_id, set()).add(stored_key(name))
        self._seen = set(Unit.objects.visible_to(self.actor).filter(pk__in=found).values_list("pk", flat=True))

    def _verdict(self, row: int, values: Mapping[str, Any]) -> Verdict:
        place, notes = self.places.of(values)
        if isinstance(place, Problem):
            return Declined(row, (place,))
        sector, _trade = line_of(values)
        if not self._within_reach(place.path, sector):
            return Declined(row, (self._outside(place, sector),))
        town = self.places.town_path(place)
        verdict = self._known(row, values, place, town) or Admitted(row, values, place, "unit")
        if isinstance(verdict, Admitted):
            verdict.warnings += notes
            self._remember(row, values, town)
        return verdict

    def _look_at_points(self, verdicts: Iterable[Verdict]) -> None:
        """A note on each point that lies outside the place of its row; the points of a place are asked for at once."""
        pointed: dict[str, list[Admitted]] = {}
        for verdict in verdicts:
            if isinstance(verdict, Admitted):
                values = verdict.values
                if values.get("lon") is not None and values.get("lat") is not None:
                    pointed.setdefault(verdict.region.path, []).append(verdict)
        for rows in pointed.values():
            place = rows[0].region
            for at in self._outlines.outside(place, [(row.values["lon"], row.values["lat"]) for row in rows]):
                problem = ENTERPRISE.problem(
                    "lon",
                    "point_outside",
                    _("The point lies outside %(place)s: compare longitude and latitude with the map."),
                    place=place.name,
                )
                rows[at].warnings += (problem,)

    def _known(self, row: int, values: Mapping[str, Any], place: Region, town: str) -> Verdict | None:
        """The verdict when the code, or failing that the name in this town, is on file or in an earlier row."""
        code, provisional = values.get("uscc"), values.get("provisional")
        unit = self._by_code.get(code or "") or self._by_code.get(provisional or "")
        if provisional and unit is None:
            return Declined(
                row,
                (
                    ENTERPRISE.problem(
                        "provisional",
                        "provisional_unknown",
                        _("%(field)s %(value)s is not on file: leave it out, a new unit gets its own."),
                        value=provisional,
                    ),
                ),
            )
        if unit is not None:
            return self._of_unit(row, values, place, town, unit)
        if code and (earlier := self._codes.of(code)):
            here = next((r for r, t, _coded in earlier if _same_town(t, town)), None)
            if here is not None:
                return Declined(
                    row,
                    (
                        ENTERPRISE.problem(
                            "uscc",
                            "same_code",
                            _("%(field)s %(value)s is the same as in row %(number)s: keep one of the two rows."),
                            value=code,
                            number=here,
                        ),
                    ),
                )
            return Admitted(row, values, place, "site", after_row=earlier[0][0])
        return self._by_name(row, values, place, town)

    def _of_unit(self, row: int, values: Mapping[str, Any], place: Region, town: str, unit: Unit) -> Verdict:
        key = _stored(self._keys[values["name"]])
        renames = key != unit.name_key and key not in self._former.get(unit.pk, ())
        here = [s for s in self._sites.get(unit.pk, ()) if _same_town(self.places.town_path(s.region), town)]
        may_change = self.actor.may("registry.change", unit)
        if renames and not (self.mode == UPDATE and here and may_change):
            shown = unit.name if unit.pk in self._seen else "…"
            return Declined(
                row,
                (
                    ENTERPRISE.problem(
                        "name",
                        "code_of_other",
                        _("The code is on file for “%(other)s”: compare the licence, or rename the unit first."),
                        other=shown,
                    ),
                ),
            )
        if not here:
            number = next((r for r, t, _coded in self._codes.of(unit.number) if _same_town(t, town)), None)
            if number is not None:
                return Declined(
                    row,
                    (
                        ENTERPRISE.problem(
                            "uscc",
                            "same_code",
                            _("%(field)s %(value)s is the same as in row %(number)s: keep one of the two rows."),
                            value=unit.number,
                            number=number,
                        ),
                    ),
                )
            return Admitted(row, values, place, "site", unit=unit)
        if self.mode != UPDATE:
            return self._on_file(row, "uscc" if values.get("uscc") else "name", unit, here[0])
        return self._update(row, values, place, unit, here)

    def _by_name(self, row: int, values: Mapping[str, Any], place: Region, town: str) -> Verdict | None:
        key, code = self._keys[values["name"]], values.get("uscc")
        stored = _stored(key)
        for unit in self._by_key.get(stored, ()):
            here = [s for s in self._sites.get(unit.pk, ()) if _same_town(self.places.town_path(s.region), town)]
            if not here or not key.same_place(name_key(unit.name)):
                continue
            if code and unit.uscc:  # two codes are two legal persons
                return Admitted(row, values, place, "unit", warnings=(self._alike(unit.name),))
            if self.mode == UPDATE and not (code and not self.actor.may("registry.change", unit)):
                return self._update(row, values, place, unit, here)
            if code:
                return Declined(
                    row,
                    (
                        ENTERPRISE.problem(
                            "uscc",
                            "upgrade_instead",
                            _("“%(other)s” is on file here under %(number)s: enter the code there, not a second unit."),
                            other=unit.name,
                            number=unit.provisional_number,
                        ),
                    ),
                    (SITE, here[0].pk),
                )
            return self._on_file(row, "name", unit, here[0])
        earlier = next(((r, coded) for r, t, coded in self._names.of(stored) if _same_town(t, town)), None)
        if earlier and not (code and earlier[1]):
            return Declined(
                row,
                (
                    ENTERPRISE.problem(
                        "name",
                        "looks_like_row",
                        _("“%(value)s” looks like row %(number)s: keep one of the two rows, or give both their code."),
                        value=values["name"],
                        number=earlier[0],
                    ),
                ),
            )
        return None

    def _update(self, row: int, values: Mapping[str, Any], place: Region, unit: Unit, here: Sequence[Site]) -> Verdict:
        if len(here) > 1:
            return Declined(
                row,
                (
                    ENTERPRISE.problem(
                        "name",
                        "sites_several",
                        _("The unit has %(count)s sites in this town: change the one meant on its own page."),
                        count=len(here),
                    ),
                ),
            )
        site = here[0]
        if not self.actor.may("registry.change", site):
            return Declined(row, (self._outside(site.region, site.sector),), (SITE, site.pk))
        changed_unit = unit_changes(unit, values) if self.actor.may("registry.change", unit) else {}
        return Admitted(
            row,
            values,
            place,
            "update",
            unit=unit,
            site=site,
            unit_changes=changed_unit,
            site_changes=site_changes(site, values),
        )

    def _on_file(self, row: int, column: str, unit: Unit, site: Site) -> Declined:
        problem = ENTERPRISE.problem(
            column,
            "on_file",
            _("“%(other)s” (%(number)s) is already on file in this town: change it there."),
            other=unit.name,
            number=unit.number,
        )
        return Declined(row, (problem,), (SITE, site.pk))

    def _alike(self, other: str) -> Problem:
        return ENTERPRISE.problem(
            "name",
            "alike_on_file",
            _("“%(other)s” is on file here under another code: taken as two; please check."),
            other=other,
        )

    def _within_reach(self, path: str, sector: str) -> bool:
        known = self._reach.get((path, sector))
        if known is None:
            known = self._reach[path, sector] = self.actor.may_at(self.permission, path, sector)
        return known

    def _outside(self, place: Region, sector: str) -> Problem:
        return ENTERPRISE.problem(
            "town",
            "outside",
            _("%(place)s, or this line in it, lies outside your jurisdiction: send the row to its office."),
            place=place.name,
        )

    def _remember(self, row: int, values: Mapping[str, Any], town: str) -> None:
        code = values.get("uscc") or ""
        if code:
            self._codes.add(code, row, town, coded=True)
        self._names.add(_stored(self._keys[values["name"]]), row, town, coded=bool(code))


def _same_town(one: str, other: str) -> bool:
    """Two places of one town, or one of them known only by the county around it."""
    return one.startswith(other) or other.startswith(one)
