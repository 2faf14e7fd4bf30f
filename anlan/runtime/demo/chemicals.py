"""Chemicals in the demo city: ledgers of every chemical site of half a year, and the story of a tonne of methanol.

The ledgers are made in memory and copied in at once; the story is played through the acts themselves: a works makes
methanol, a paint maker uses it, a handler burns the waste; a sale entered a tenth too small is found by the balance.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from decimal import Decimal
from itertools import count
from typing import Any

from django.utils.translation import gettext_noop

from anlan.config.roles import ROLES
from anlan.kernel import clock
from anlan.kernel.actor import Actor, Grant
from anlan.kernel.bulk import copy_in, reserve_ids
from anlan.kernel.deadlines.models import Deadline
from anlan.kernel.identity.actors import actor_for
from anlan.kernel.journal.record import bulk_load
from anlan.kernel.law import finding
from anlan.modules.chemicals import services
from anlan.modules.chemicals.models import Movement, Place, PoliceRecord, Stock, Substance, fill_catalogue
from anlan.modules.chemicals.workflow import KEEP, POLICE
from anlan.runtime.demo.clocks import deadline_row
from anlan.runtime.demo.world import World

WHY = gettext_noop("the demo city's ledgers of chemicals")
METHANOL, CYANIDE, TOLUENE, PIPERONAL = "67-56-1", "143-33-9", "108-88-3", "120-57-0"
# By industry or flag: the place, what it keeps, kilograms a month, and whether it is made, bought and sold, or used.
KEPT: dict[str, tuple[tuple[str, str, str, int, str], ...]] = {
    "5265": (("tank", "汽油埋地罐", "86290-81-5", 90_000, "traded"),),
    "5942": (
        ("tank", "甲醇储罐区", METHANOL, 400_000, "traded"),
        ("tank", "甲苯储罐区", "108-88-3", 120_000, "traded"),
    ),
    "2641": (("warehouse", "溶剂库", "108-88-3", 6_000, "used"), ("warehouse", "原料库", "67-64-1", 4_000, "used")),
    "2614": (("tank", "甲醇储罐", METHANOL, 60_000, "used"),),
    "ammonia": (("unit", "氨制冷系统", "7664-41-7", 300, "used"),),
}
IN_STOCK = Decimal("1.4")  # months' worth at the most; a plant's ammonia stays in its pipes
CHARGE = {"ammonia": (6_000, 22_000)}
BOUGHT, DONE = {"traded": ("received", "sold"), "used": ("received", "used")}, "供应商按合同送货"


def build(world: World, sites: list[Any]) -> None:
    """The catalogue, half a year of ledgers, the story."""
    fill_catalogue()
    made = _ledgers(world, sites)
    _story(world, sites)
    world.report(f"chemicals: {made} movements in the ledgers of half a year")


def _ledgers(world: World, sites: list[Any]) -> int:
    dice = world.dice("chemicals")
    codes = {code for rows in KEPT.values() for _kind, _name, code, _kg, _how in rows}
    rows = Substance.objects.everything(why=WHY).filter(code__in=codes)
    substances: dict[str, int] = dict(rows.values_list("code", "pk"))
    classes = dict(rows.filter(drug_class__isnull=False).values_list("pk", "drug_class"))
    chosen = [(site, key) for site in sites if site.open for key in _keys(site)]
    lines = [(site, key, line) for site, key in chosen for line in KEPT[key]]
    places, stocks = _Rows(Place, len(lines)), _Rows(Stock, len(lines))
    movements: list[Movement] = []
    for site, key, (kind, name, code, monthly, how) in lines:
        scope = {"region_path": site.region_path, "sector": site.sector, "holder": site.holder}
        place = places.add(site_id=site.id, kind=kind, name=name, **scope)
        stock = stocks.add(place_id=place.pk, substance_id=substances[code], **scope)
        least, most = CHARGE.get(key, (monthly // 4, int(monthly * IN_STOCK)))
        opening = Decimal(dice.randrange(least, most))
        stock.most_kg, stock.basis = _rounded(opening * 2 + monthly), "安全设施设计专篇"
        place.most_kg = stock.most_kg
        listed = stock.substance_id in classes
        if listed and how == "traded":
            stock.filed_on = world.as_of - dt.timedelta(days=dice.randrange(220, 700))
            stock.filing_no = f"（粤）3J{stock.filed_on:%y}{stock.pk:06d}"
        about = {"place_id": place.pk, "substance_id": stock.substance_id, "by_name": "安全管理员", **scope}
        for on, what, kg in _year(dice, world.as_of, opening, monthly, BOUGHT[how]):
            at = dt.datetime.combine(on, dt.time(17, 30), clock.CHINA)
            stock.kg += kg
            came = what == "received"
            permit = f"易购备{on:%Y%m%d}{len(movements):05d}" if came and listed else ""
            said = {"counterpart": DONE if came else "", "permit_no": permit}
            movements.append(Movement(on=on, kind=what, kg=kg, entered_at=at, **said, **about))
    movements.sort(key=lambda m: m.on)
    for movement, pk in zip(movements, reserve_ids(Movement, len(movements)), strict=True):
        movement.pk = pk
    with bulk_load(Actor.system("demo city"), WHY):
        for model, made in ((Place, places.made), (Stock, stocks.made), (Movement, movements)):
            copy_in(model, made)
        names = dict(rows.filter(pk__in=classes).values_list("pk", "name"))
        _reported(world, [m for m in movements if m.kind == "sold" and m.substance_id in names], names)
    return len(movements)


def _reported(world: World, sales: list[Movement], names: dict[int, str]) -> None:
    """The police records of sales of precursors of drugs: reported in time but for one in nine; the last still due."""
    dice, records, deadlines = world.dice("police"), [], []
    keys, due_keys = reserve_ids(PoliceRecord, len(sales)), reserve_ids(Deadline, len(sales))
    for sale in sales:
        asked = {"step": "drug_sale_others", "start": sale.on.isoformat()}
        term = finding("permit_clock", asked, sale.on)
        kept = finding("record_keeping", {"step": "drug_sale_ledger", "start": sale.on.isoformat()}, sale.on)
        due, basis = term.value.due, str(term.citations[0])
        on = sale.on + dt.timedelta(days=dice.randrange(2, 28) + (9 if not dice.randrange(9) else 0))
        scope = {"region_path": sale.region_path, "sector": sale.sector, "holder": sale.holder}
        record = PoliceRecord(
            pk=next(keys), movement=sale, regime="drugs", state="due", counterpart="外市化工贸易有限公司", due_on=due,
            basis=basis[:120], keep_until=kept.value.due, **scope,
        )  # fmt: skip
        if on <= world.as_of:
            record.state, record.reported_on, record.reported_kg = "reported", on, abs(sale.kg)
            record.receipt_no, record.address, record.handler = f"易制毒{on:%Y%m%d}", "外市工业大道18号", "采购员"
            record.used_for, record.permit_no = "溶剂生产", f"易购备{on:%Y}{record.pk:05d}"
        records.append(record)
        deadlines.append(
            deadline_row(
                next(due_keys), record, world.as_of, kind="chemicals.police", label=POLICE.step("report").label,
                duty=KEEP, due=due, starts=sale.on, basis=basis, met=record.reported_on,
                title=f"{names[sale.substance_id]} {sale.on.isoformat()} {record.counterpart}",
            )
        )  # fmt: skip
    for model, rows in ((PoliceRecord, records), (Deadline, deadlines)):
        copy_in(model, rows)


def _keys(site: Any) -> list[str]:
    return [key for key in (site.industry, "ammonia") if key in KEPT and (key != "ammonia" or key in site.flags)]


def _year(
    dice: random.Random, until: dt.date, opening: Decimal, monthly: int, kinds: tuple[str, str]
) -> Iterator[tuple[dt.date, str, Decimal]]:
    """An opening stock, then what came and went month by month; never more out than there is."""
    there, begins = opening, until - dt.timedelta(days=200)
    yield begins, "opening", opening
    for month in range(6):
        came = Decimal(int(monthly * (0.8 + 0.4 * dice.random())))
        went = min(Decimal(int(monthly * (0.8 + 0.4 * dice.random()))), there)
        first = begins + dt.timedelta(days=30 * month + dice.randrange(3, 12))
        if went:
            yield first, kinds[1], -went
        yield first + dt.timedelta(days=7), kinds[0], came
        there += came - went


def _rounded(kg: Decimal) -> Decimal:
    """To whole tonnes, upward."""
    return (kg // 1000 + 1) * 1000


class _Rows:
    """Unsaved rows of a table with their keys."""

    def __init__(self, model: Any, many: int) -> None:
        self.model, self.keys, self.made = model, reserve_ids(model, many), []  # type: ignore[var-annotated]

    def add(self, **values: Any) -> Any:
        """One more."""
        self.made.append(self.model(pk=next(self.keys), **values))
        return self.made[-1]


# The story -----------------------------------------------------------------------------------------------------------


def _story(world: World, sites: list[Any]) -> None:
    """Methanol from the tank to the user to the waste; a sale of 5,400 kg entered as 540."""
    town = world.towns[0].path
    near = [s for s in sites if s.sector == "chem" and s.is_main and s.open]
    near.sort(key=lambda s: (not s.region_path.startswith(town), s.industry != "2614", s.id))
    if len({s.holder for s in near}) < 3:
        return
    seen: dict[str, Any] = {}
    for site in near:
        seen.setdefault(site.holder, site)
    maker, user, handler = list(seen.values())[:3]
    office = actor_for(world.users["city-1"])
    methanol, cyanide = (Substance.objects.everything(why=WHY).get(code=code) for code in (METHANOL, CYANIDE))
    days = count()

    def at(ago: int) -> Any:
        """Nine o'clock so many days before the city's day, a minute later each time."""
        moment = dt.datetime.combine(world.as_of - dt.timedelta(days=ago), dt.time(9), clock.CHINA)
        return clock.moved_to(moment + dt.timedelta(minutes=next(days)))

    def on(ago: int) -> dt.date:
        return world.as_of - dt.timedelta(days=ago)

    with at(40):
        services.mark_substance(
            actor=office, substance=cyanide.pk, mark="highly_toxic", listed=True, basis="危险化学品目录（2015版）"
        )
        tank = _place(maker, "tank", "甲醇储罐T-101")
        store, waste = _place(user, "warehouse", "甲醇原料库"), _place(user, "waste", "危废暂存间")
        furnace = _place(handler, "waste", "废液暂存库")
        services.set_limit(
            actor=_keeper(maker),
            place=tank.pk,
            substance=methanol.pk,
            most_kg=Decimal(80_000),
            basis="安全设施设计专篇",
        )
        _enter(maker, tank, methanol, "opening", 42_000, on(40))
    lot = f"J{on(30):%Y%m%d}"
    with at(30):
        _enter(maker, tank, methanol, "produced", 12_000, on(30), lot=lot)
    with at(28):
        paper = _send(maker, tank, methanol, 1_000, on(28), user, lot)
    with at(27):
        _receive(user, paper, store, 1_000, on(27))
    with at(25):
        services.send_stock(
            actor=_keeper(maker), stock=_stock(tank, methanol).pk, kg=Decimal(540), on=on(25), purpose="sold",
            to_name="外市树脂有限公司", document="磅单0925",
        )  # fmt: skip
    with at(20):
        _enter(user, store, methanol, "used", 950, on(20), lot=lot)
        services.move_stock(
            actor=_keeper(user), stock=_stock(store, methanol).pk, to=waste.pk, kg=Decimal(50), on=on(20), lot=lot
        )
    with at(15):
        away = _send(user, waste, methanol, 50, on(15), handler, lot, "disposed")
    with at(14):
        _receive(handler, away, furnace, 50, on(14))
    with at(10):
        _enter(handler, furnace, methanol, "disposed", 50, on(10), lot=lot, note="焚烧处置")
    with at(6):
        under_way = _send(maker, tank, methanol, 2_000, on(6), user, "")
    with at(5):
        _receive(user, under_way, store, 1_980, on(5))
    with at(3):
        services.record_movement(
            actor=_keeper(user), place=store.pk, substance=cyanide.pk, kind="received", kg=Decimal(25), on=on(3),
            counterpart="外市化学试剂有限公司",
        )  # fmt: skip
    _precursors(user, store, at, on)
    with at(2):
        services.count_stock(
            actor=_keeper(maker), stock=_stock(tank, methanol).pk, counted_kg=Decimal(45_600), on=on(2)
        )


def _precursors(user: Any, store: Any, at: Any, on: Any) -> None:
    """Precursors of drugs: bought, sent away and used with their papers; one purchase and one transport without."""
    toluene, piperonal = (Substance.objects.everything(why=WHY).get(code=code) for code in (TOLUENE, PIPERONAL))
    away: dict[str, Any] = {"purpose": "sold", "to_name": "外市胶粘剂有限公司", "kg": Decimal(200)}
    with at(12):
        _enter(user, store, toluene, "received", 900, on(12), counterpart="外市石化公司", permit_no="易购备2026-118")
        _enter(user, store, piperonal, "received", 6, on(12), counterpart="外市香料有限公司", permit_no="易购证2026-03")
    with at(9):
        _enter(user, store, piperonal, "used", 2, on(9), note="香精小试，领用人王敏")
        _enter(user, store, toluene, "received", 300, on(9), counterpart="外市石化有限公司")
    with at(8):
        services.send_stock(
            actor=_keeper(user), stock=_stock(store, toluene).pk, on=on(8), transport_no="易运备2026-57",
            transport_until=on(-20), **away,
        )  # fmt: skip
    with at(4):
        services.send_stock(actor=_keeper(user), stock=_stock(store, toluene).pk, on=on(4), **away)


def _keeper(site: Any) -> Actor:
    """The unit's safety manager."""
    grant = Grant(role="unit_safety", permissions=ROLES["unit_safety"].permissions, holder=site.holder)
    return Actor(key=f"unit:{site.holder[:20]}", name="安全管理员", grants=(grant,))


def _place(site: Any, kind: str, name: str) -> Any:
    return services.add_place(actor=_keeper(site), site=site.id, kind=kind, name=name)


def _enter(site: Any, place: Any, substance: Any, kind: str, kg: int, on: dt.date, **more: Any) -> None:
    services.record_movement(
        actor=_keeper(site), place=place.pk, substance=substance.pk, kind=kind, kg=Decimal(kg), on=on, **more
    )


def _stock(place: Any, substance: Any) -> Stock:
    found: Stock = Stock.objects.everything(why=WHY).get(place=place, substance=substance)
    return found


def _send(site: Any, place: Any, substance: Any, kg: int, on: dt.date, to: Any, lot: str, purpose: str = "sold") -> Any:
    return services.send_stock(
        actor=_keeper(site), stock=_stock(place, substance).pk, kg=Decimal(kg), on=on, purpose=purpose,
        to_code=to.number, lot=lot, carrier="澜州顺达危险货物运输有限公司", plate="粤M·D2063挂",
    )  # fmt: skip


def _receive(site: Any, paper: Any, place: Any, kg: int, on: dt.date) -> None:
    services.receive_consignment(actor=_keeper(site), consignment=paper.pk, place=place.pk, kg=Decimal(kg), on=on)
