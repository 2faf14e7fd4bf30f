"""The cast's chemicals: a ledger with a consignment on the road, findings at each state, a record for the police."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.apps import apps

from anlan.kernel import clock
from anlan.modules.chemicals import services as chemicals
from tests.cast_monitoring import MONITORING


def keep_chemicals(county: Any) -> None:
    """The unit keeps a mixture of its own and a marked substance; it sends the mixture to the newcomer next door."""
    model = {name: apps.get_model(f"chemicals.{name}") for name in ("Substance", "Stock", "Movement", "Finding", "PoliceRecord")}
    mark, keeper, today = county.mark, county.actor("unit_safety"), clock.today()
    day = today - dt.timedelta(days=9)
    place = chemicals.add_place(actor=keeper, site=county.site.pk, kind="warehouse", name=f"{mark}化学品库")
    chemicals.add_place(actor=county.actor("town_officer"), site=_site(county.newcomer).pk, kind="waste", name=f"{mark}危废间")
    paint = chemicals.add_substance(actor=keeper, site=county.site.pk, name=f"{mark}调和漆", symbols=("W5.3",), un="1263")
    chemicals.set_limit(actor=keeper, place=place.pk, substance=paint.pk, most_kg=Decimal(900), basis=f"{mark}设计文件")
    chemicals.mark_substance(
        actor=county.actor("county_officer"), substance=paint.pk, mark="explosive_precursor", listed=True, basis=f"{mark}名录"
    )

    def enter(kind: str, kg: int, on: dt.date, **more: Any) -> Any:
        return chemicals.record_movement(
            actor=keeper, place=place.pk, substance=paint.pk, kind=kind, kg=Decimal(kg), on=on, **more
        )

    movement = enter("received", 1_000, day, counterpart=f"{mark}供货商", lot=f"{mark}L1")
    stock = model["Stock"].plain.get(place=place, substance=paint)
    consignment = chemicals.send_stock(
        actor=keeper, stock=stock.pk, kg=Decimal(20), on=today, purpose="sold", to_code=county.newcomer.provisional_number,
        lot=f"{mark}L1", carrier=f"{mark}承运公司",
    )  # fmt: skip
    chemicals.count_stock(actor=keeper, stock=stock.pk, counted_kg=Decimal(970), on=today)
    over, balance = (model["Finding"].plain.get(stock=stock, kind=kind) for kind in ("over_limit", "open_balance"))
    chemicals.explain_finding(actor=keeper, finding=balance.pk, explanation=f"{mark}挥发损耗")
    police = model["PoliceRecord"].plain.filter(holder=county.site.holder).first()
    fresh = {row: type(row).plain.get(pk=row.pk) for row in (place, paint, stock, over, balance, police, consignment)}
    county.chemicals = {
        "place": fresh[place], "substance": fresh[paint], "stock": fresh[stock], "open": fresh[over],
        "explained": fresh[balance], "police": fresh[police], "consignment": fresh[consignment],
        "movement": model["Movement"].plain.get(pk=movement.pk),
    }  # fmt: skip


def _site(unit: Any) -> Any:
    return apps.get_model("registry.Site").plain.get(unit_id=unit.pk)


# The record of a county for each model that addresses are about.
CHEMICALS: dict[str, Callable[[Any], Any]] = {
    "chemicals.substance": lambda c: c.chemicals["substance"],
    "chemicals.place": lambda c: c.chemicals["place"],
    "chemicals.stock": lambda c: c.chemicals["stock"],
    "chemicals.movement": lambda c: c.chemicals["movement"],
    "chemicals.consignment": lambda c: c.chemicals["consignment"],
    "chemicals.finding": lambda c: c.chemicals["open"],
    "chemicals.policerecord": lambda c: c.chemicals["police"],
    "installations.installation": lambda c: c.installations["graded"],
    "installations.holding": lambda c: c.installations["holding"],
    "installations.filing": lambda c: c.installations["filing"],
    "installations.provision": lambda c: c.installations["provision"],
    "installations.target": lambda c: c.installations["target"],
    **MONITORING,
}
