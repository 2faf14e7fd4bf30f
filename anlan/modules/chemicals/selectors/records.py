"""Movements, consignments, findings, police records."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce

from anlan.kernel.actor import Actor
from anlan.kernel.law import finding
from anlan.kernel.scope import system_read
from anlan.modules.chemicals.choices import MovementKind
from anlan.modules.chemicals.models import Consignment, Finding, Movement, PoliceRecord, Stock
from anlan.modules.chemicals.workflow import OPEN, VIEW


def movements(actor: Actor, permission: str | None = None) -> QuerySet[Movement]:
    """The movements the actor may see."""
    rows = Movement.objects.visible_to(actor, permission)
    return rows.select_related("place__site__unit", "substance", "consignment")


@system_read("the movements of a stock in hand")
def movements_of(stock: Stock) -> QuerySet[Movement]:
    """The movements of a stock, newest first."""
    rows = Movement.objects.everything(why="the stock in hand").filter(
        place=stock.place_id, substance=stock.substance_id
    )
    return rows.select_related("substance", "place", "consignment").order_by("-on", "-pk")


def consignments(actor: Actor, permission: str | None = None) -> QuerySet[Consignment]:
    """The consignments the actor may see: as receiver, as regulator of either side, as sender."""
    rows = Consignment.objects.visible_to(actor, permission)
    mine = [grant.holder for grant in actor.grants_for(permission or VIEW) if grant.holder]
    if mine and permission in (None, VIEW):
        rows = rows | Consignment.objects.everything(why="the sender sees what he sent").filter(from_holder__in=mine)
    return rows.select_related("substance", "from_site__unit", "to_site__unit")


def findings(actor: Actor, permission: str | None = None) -> QuerySet[Finding]:
    """The findings the actor may see."""
    rows = Finding.objects.visible_to(actor, permission)
    return rows.select_related(
        "stock__place__site__unit", "stock__substance", "consignment", "other__substance", "count__substance"
    )


def open_findings(actor: Actor) -> QuerySet[Finding]:
    """Those that still wait for something."""
    return findings(actor).filter(state__in=OPEN)


def police_records(actor: Actor, permission: str | None = None) -> QuerySet[PoliceRecord]:
    """The police records the actor may see."""
    rows = PoliceRecord.objects.visible_to(actor, permission)
    return rows.select_related("movement__substance", "movement__place__site__unit")


@system_read("the corrections of a movement in hand")
def net_kg(movement: Movement) -> Decimal:
    """The kilograms of a movement with everything that puts it right, without its sign."""
    rows = Movement.objects.everything(why="what puts the movement in hand right")
    return abs(movement.kg + (rows.filter(corrects=movement).aggregate(kg=Sum("kg"))["kg"] or 0))


@system_read("a movement in hand")
def kept_until(movement: Movement) -> dt.date | None:
    """Until when the line of the use ledger of a precursor of drugs of class I is kept; None of other movements."""
    if movement.kind != MovementKind.USED or movement.substance.drug_class != 1:
        return None
    asked = {"step": "drug_use_ledger", "start": movement.on.isoformat()}
    due = finding("record_keeping", asked, movement.on).value.due
    return due.date() if isinstance(due, dt.datetime) else due


@system_read("the clock compares every stock with its movements")
def wrong_stocks() -> QuerySet[Stock]:
    """The stocks that are not what their movements make, or above what they or their place are built for; set-based."""
    own = Movement.objects.everything(why="every stock is compared").filter(
        place=OuterRef("place"), substance=OuterRef("substance")
    )
    made = own.order_by().values("place").annotate(kg=Sum("kg")).values("kg")
    beside = Stock.objects.everything(why="every place is compared").filter(place=OuterRef("place"))
    there = beside.order_by().values("place").annotate(kg=Sum("kg")).values("kg")
    rows = Stock.objects.everything(why="every stock is compared").annotate(
        made=Coalesce(Subquery(made), F("kg") * 0),
        full=Case(When(place__most_kg__isnull=False, then=Subquery(there))),
    )
    return rows.filter(~Q(made=F("kg")) | Q(kg__gt=F("most_kg")) | Q(full__gt=F("place__most_kg"), kg__gt=0))
