"""The catalogue, places of keeping, stocks."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from anlan.kernel.actor import Actor
from anlan.kernel.errors import BadInput, gettext_noop
from anlan.kernel.regions.models import Region
from anlan.kernel.scope import system_read
from anlan.modules.chemicals.choices import INWARD
from anlan.modules.chemicals.models import Consignment, Movement, Place, Stock, Substance
from anlan.modules.chemicals.workflow import KEEP
from anlan.modules.registry import public as registry
from anlan.rules.chemical_names import plain_name

OFFICES = ("town", "park", "county", "city")


def substances(actor: Actor, permission: str | None = None) -> QuerySet[Substance]:
    """The substances of the tables, which are everybody's, and the units' own the actor may see."""
    mine = Substance.objects.visible_to(actor, permission)
    return mine | Substance.objects.everything(why="the tables are public").filter(holder="")


@system_read("whether the catalogue has a name already, for one unit")
def substance_called(holder: str, name: str) -> Substance | None:
    """The entry of that name or other name: of the tables, or the unit's own."""
    rows = Substance.objects.everything(why="the catalogue as one unit sees it").filter(Q(holder="") | Q(holder=holder))
    wanted = plain_name(name)
    for row in rows.filter(Q(name__icontains=name[:1]) | Q(aliases__icontains=name[:1])).order_by("-holder", "code"):
        if wanted in {plain_name(n) for n in (row.name, *row.aliases.split("；")) if n}:
            return row
    return None


@system_read("the catalogue as the unit of a place in hand sees it")
def substance_for(place: Place, substance: Any) -> Substance:
    """A substance that may be kept at a place; refused at ``substance`` where it is another unit's own or none."""
    rows = Substance.objects.everything(why="the catalogue as one unit sees it")
    found = rows.filter(Q(holder="") | Q(holder=place.holder), pk=getattr(substance, "pk", substance)).first()
    if found is None:
        raise BadInput("substance", gettext_noop("Choose a substance of the catalogue."))
    return found


def substances_of_place(actor: Actor, place: Place) -> QuerySet[Substance]:
    """What may be kept at a place in hand: the tables' substances and the unit's own."""
    rows = Substance.objects.everything(why="the catalogue as one unit sees it")
    return rows.filter(Q(holder="") | Q(holder=place.holder)).order_by("-holder", "code")


def own_sites(actor: Actor) -> QuerySet[Any]:
    """The open sites whose ledger the actor keeps, or may keep for them."""
    return registry.kept_sites(actor, KEEP)


def places(actor: Actor, permission: str | None = None) -> QuerySet[Place]:
    """The places the actor may see."""
    return Place.objects.visible_to(actor, permission).select_related("site__unit")


def places_in_use(actor: Actor) -> QuerySet[Place]:
    """The places whose ledger the actor keeps."""
    return places(actor, KEEP).filter(closed_on=None)


def stocks(actor: Actor, permission: str | None = None) -> QuerySet[Stock]:
    """The stocks the actor may see."""
    return Stock.objects.visible_to(actor, permission).select_related("place__site__unit", "substance")


def places_with_total(actor: Actor) -> QuerySet[Place]:
    """The places the actor may see, each with the kilograms of everything it keeps (``held_kg``)."""
    own = Stock.objects.everything(why="the stocks of a place that was admitted").filter(place=OuterRef("pk"))
    made = own.order_by().values("place").annotate(kg=Sum("kg")).values("kg")
    return places(actor).annotate(held_kg=Coalesce(Subquery(made), Decimal(0)))


@system_read("the stocks of a place in hand")
def stocks_of(place: Place) -> QuerySet[Stock]:
    """What a place keeps, by substance."""
    rows = Stock.objects.everything(why="the stocks of the place in hand").filter(place=place)
    return rows.select_related("substance", "place").order_by("substance__code")


@system_read("the other places of the unit whose stock is in hand")
def other_places(stock: Stock) -> QuerySet[Place]:
    """Where goods of a stock may be moved: the other places in use of the same unit."""
    rows = Place.objects.everything(why="the places of the unit in hand").filter(holder=stock.holder, closed_on=None)
    return rows.exclude(pk=stock.place_id).select_related("site__unit").order_by("name", "pk")


@system_read("the stock of a movement in hand")
def stock_of_movement(movement: Movement) -> Stock:
    """The stock a movement changed."""
    rows = Stock.objects.everything(why="the stock of the movement in hand").select_related("place", "substance")
    return rows.get(place=movement.place_id, substance=movement.substance_id)


def places_to_receive(actor: Actor, consignment: Consignment) -> QuerySet[Place]:
    """The places in use of the site a consignment goes to, of which the actor keeps the ledger.

    Whoever supervises the sender sees the consignment as well, and receives nothing.
    """
    return places_in_use(actor).filter(site=consignment.to_site_id or 0).order_by("name", "pk")


@system_read("the arrival of a consignment in hand")
def arrival_of(consignment: Consignment) -> Movement | None:
    """The movement by which a consignment was received."""
    rows = Movement.objects.everything(why="the arrival of the consignment in hand")
    kinds = [str(kind) for kind in INWARD]
    return rows.filter(consignment=consignment, kind__in=kinds, corrects=None).first()


@system_read("who sent a consignment in hand")
def sender_name(consignment: Consignment) -> str:
    """The name of the unit that sent it."""
    view = registry.site_views([consignment.from_site_id]).get(consignment.from_site_id)
    return view.unit_name if view is not None else ""


@system_read("the tree of regions is public")
def office_of(path: str) -> str:
    """The office that answers for a place: the nearest town, park, county or city upward."""
    steps = [path[:end] for end in range(Region.steplen, len(path) + 1, Region.steplen)]
    rows = Region.objects.filter(path__in=steps, kind__in=OFFICES).order_by("-path")
    return rows.values_list("path", flat=True).first() or path
