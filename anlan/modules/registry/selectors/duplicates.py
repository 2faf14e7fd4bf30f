"""Records that may be one: the same name, address or telephone, or names that share most of their characters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q

from anlan.kernel.actor import Actor
from anlan.kernel.intake.names import name_key
from anlan.kernel.scope import within
from anlan.modules.registry.models import Difference, Person, Site, Unit
from anlan.modules.registry.selectors.records import units
from anlan.rules.overlap import bigrams

NAME, ADDRESS, PHONE, ALIKE = "name", "address", "phone", "alike"
WEIGHTS = {NAME: 60, ALIKE: 35, ADDRESS: 30, PHONE: 25}
ALIKE_SHARE = 0.6  # a convention of this platform: so much of both names' character pairs in common
MOST = 300


@dataclass(slots=True)
class Pair:
    """Two units that may be one; ``reasons`` of ``name alike address phone``, ``score`` 0–100."""

    first: Unit
    second: Unit
    reasons: set[str] = field(default_factory=set)

    @property
    def score(self) -> int:
        """How much speaks for it."""
        return min(100, sum(WEIGHTS[reason] for reason in self.reasons))

    @property
    def mergeable(self) -> bool:
        """False for two different codes: two legal persons, whatever else they share."""
        return not (self.first.uscc and self.second.uscc)


def pairs(actor: Actor, limit: int = MOST) -> list[Pair]:
    """The pairs among the units the actor may see, those with most in common first; those found different left out.

    An address or telephone alone proposes nothing: markets share addresses, agents share telephones.
    """
    seen = units(actor)
    found: dict[tuple[int, int], set[str]] = {}
    repeated = seen.exclude(name_key="").values("name_key").annotate(n=Count("pk")).filter(n__gt=1).order_by()
    keys = [row["name_key"] for row in repeated[: limit * 2]]
    by_key: dict[str, list[int]] = {}
    for pk, key in seen.filter(name_key__in=keys).values_list("pk", "name_key"):
        by_key.setdefault(key, []).append(pk)
    for group in by_key.values():
        _pair_up(group, NAME, found)
    places: dict[str, set[int]] = {}
    at = Site.objects.visible_to(actor).filter(merged_into=None).exclude(address_key="")
    shared = at.values("address_key").annotate(n=Count("unit", distinct=True)).filter(n__gte=2, n__lte=6).order_by()
    for pk, key in at.filter(address_key__in=[r["address_key"] for r in shared[: limit * 2]]).values_list(
        "unit_id", "address_key"
    ):
        places.setdefault(key, set()).add(pk)
    for units_there in places.values():
        _pair_up(units_there, ADDRESS, found)
    phones: dict[str, set[int]] = {}
    who = Person.objects.visible_to(actor).exclude(phone_index="")
    several = who.values("phone_index").annotate(n=Count("unit", distinct=True)).filter(n__gte=2, n__lte=6).order_by()
    for pk, index in who.filter(phone_index__in=[r["phone_index"] for r in several[: limit * 2]]).values_list(
        "unit_id", "phone_index"
    ):
        phones.setdefault(index, set()).add(pk)
    for units_there in phones.values():
        _pair_up(units_there, PHONE, found)
    return _made(actor, found)[:limit]


def twins_of(actor: Actor, unit: Unit, limit: int = 20) -> list[Pair]:
    """The units that may be the same as this one, also by a name that is only similar within the same county."""
    seen = units(actor).exclude(pk=unit.pk)
    found: dict[tuple[int, int], set[str]] = {}

    def note(keys: Iterable[int], reason: str) -> None:
        for pk in keys:
            found.setdefault((min(pk, unit.pk), max(pk, unit.pk)), set()).add(reason)

    own = Site.objects.visible_to(actor).filter(unit=unit, merged_into=None)
    addresses = [key for key in own.values_list("address_key", flat=True) if key]
    phones = list(
        Person.objects.visible_to(actor).filter(unit=unit).exclude(phone_index="").values_list("phone_index", flat=True)
    )
    note(seen.filter(name_key=unit.name_key).values_list("pk", flat=True), NAME)
    note(seen.filter(pk__in=_at(actor, addresses)).values_list("pk", flat=True), ADDRESS)
    note(
        seen.filter(
            pk__in=Person.objects.visible_to(actor).filter(phone_index__in=phones).values("unit_id")
        ).values_list("pk", flat=True),
        PHONE,
    )
    mine = bigrams(name_key(unit.name).core)
    county = unit.region_path[:-4] or unit.region_path
    near = seen.filter(within("region_path", county))
    for core in _stretches(unit.name):
        for pk, name in near.filter(search_text__has=core).values_list("pk", "name")[:MOST]:
            theirs = bigrams(name_key(name).core)
            if mine and theirs and len(mine & theirs) / len(mine | theirs) >= ALIKE_SHARE:
                note([pk], ALIKE)
    return _made(actor, found, need=0)[:limit]


def _at(actor: Actor, addresses: list[str]) -> Any:
    return Site.objects.visible_to(actor).filter(address_key__in=addresses, merged_into=None).values("unit_id")


def _stretches(name: str) -> list[str]:
    """Two stretches of the name's own part by which similar names are looked up."""
    core = name_key(name).core.removesuffix("有限公司")
    middle = len(core) // 2
    return list(dict.fromkeys(part for part in (core[:3], core[middle - 1 : middle + 2]) if len(part) >= 2))


def _pair_up(keys: Iterable[int], reason: str, found: dict[tuple[int, int], set[str]]) -> None:
    ordered = sorted(keys)[:6]
    for place, low in enumerate(ordered):
        for high in ordered[place + 1 :]:
            found.setdefault((low, high), set()).add(reason)


def _made(actor: Actor, found: dict[tuple[int, int], set[str]], need: int = 50) -> list[Pair]:
    wanted = {key for key, reasons in found.items() if sum(WEIGHTS[r] for r in reasons) >= need}
    if not wanted:
        return []
    ids = {pk for key in wanted for pk in key}
    by_id = units(actor).in_bulk(ids)
    different = set(Difference.objects.filter(Q(low__in=ids) & Q(high__in=ids)).values_list("low_id", "high_id"))
    made = [
        Pair(by_id[low], by_id[high], found[low, high])
        for low, high in wanted
        if (low, high) not in different and low in by_id and high in by_id
    ]
    return sorted(
        (pair for pair in made if _same_place(pair)), key=lambda p: (-p.mergeable, -p.score, p.first.pk, p.second.pk)
    )


def _same_place(pair: Pair) -> bool:
    if NAME not in pair.reasons or len(pair.reasons) > 1:
        return True
    return name_key(pair.first.name).same_place(name_key(pair.second.name))
