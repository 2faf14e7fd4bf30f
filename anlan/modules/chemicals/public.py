"""The front door of chemicals: what a site holds, and following the registry."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from anlan.kernel.actor import Actor
from anlan.kernel.scope import system_read
from anlan.modules.chemicals import selectors
from anlan.modules.chemicals.events import LimitSet, MovementRecorded, StockCounted
from anlan.modules.chemicals.models import Place, Stock, Substance
from anlan.modules.chemicals.services import carry_place

SUBSTANCE, PLACE = "chemicals.Substance", "chemicals.Place"
JOINABLE = frozenset({
    "substance__name", "substance__code", "substance__cas", "substance__symbols", "place__name", "place__kind",
})  # fmt: skip
"""The fields another module may name in a query, from its own foreign key ``substance`` or ``place``."""


@dataclass(frozen=True, slots=True)
class SubstanceView:
    """A substance as other modules see it: ``symbols`` are categories of GB 18218 Table 2 (to verify)."""

    id: int
    code: str
    name: str
    cas: str
    un: str
    symbols: tuple[str, ...]
    key_supervised: bool
    holder: str


@dataclass(frozen=True, slots=True)
class Held:
    """What a place keeps of a substance, in kilograms; ``most_kg`` is the declared design maximum, if there is one."""

    substance_id: int
    substance: str
    place_id: int
    place: str
    kg: Decimal
    most_kg: Decimal | None


def substance_rows(actor: Actor) -> QuerySet[Substance]:
    """The substances the actor may see, for choices in forms."""
    return selectors.substances(actor).order_by("-holder", "code")


def place_rows(actor: Actor) -> QuerySet[Place]:
    """The places the actor may see, for choices in forms."""
    return selectors.places(actor).filter(closed_on=None)


@system_read("named by rows of another module that were seen already")
def substance_views(ids: Iterable[int]) -> dict[int, SubstanceView]:
    """Substances by their key, in one query; unknown keys are left out."""
    rows = Substance.objects.everything(why="named by rows of another module").filter(pk__in=set(ids))
    return {
        s.pk: SubstanceView(
            s.pk, s.code, s.name, s.cas, s.un, tuple(s.symbols), s.key_entry is not None, s.holder
        )
        for s in rows
    }  # fmt: skip


@system_read("what a site holds, for another module's record of that site")
def held_at(site_id: int, places: Iterable[int] | None = None) -> list[Held]:
    """What the places of a site keep now, or only some of them."""
    rows = Stock.objects.everything(why="what one site holds").filter(place__site=site_id)
    if places is not None:
        rows = rows.filter(place__in=list(places))
    rows = rows.select_related("place", "substance").order_by("place", "substance")
    return [Held(s.substance_id, s.substance.name, s.place_id, s.place.name, s.kg, s.most_kg) for s in rows]


def carry_places(actor: Actor, *, from_site: int, to_site: int, why: str) -> int:
    """Let every place of a site follow it to where it is now; answers how many there were."""
    rows = Place.objects.everything(why="a site goes with all its places").filter(site=from_site)
    keys: list[Any] = list(rows.order_by("pk").values_list("pk", flat=True))
    for pk in keys:
        carry_place(actor=actor, place=pk, site=to_site, why=why)
    return len(keys)


def carry_places_of_unit(actor: Actor, *, holder: str, why: str) -> int:
    """Let every place held under a reference follow its own site to the holder it has now."""
    rows = Place.objects.everything(why="a unit goes with all its places").filter(holder=holder)
    pairs = list(rows.order_by("pk").values_list("pk", "site"))
    for pk, site in pairs:
        carry_place(actor=actor, place=pk, site=site, why=why)
    return len(pairs)


__all__ = [
    "JOINABLE", "PLACE", "SUBSTANCE", "Held", "LimitSet", "MovementRecorded", "StockCounted", "SubstanceView",
    "carry_places", "carry_places_of_unit", "held_at", "place_rows", "substance_rows",
    "substance_views",
]  # fmt: skip
