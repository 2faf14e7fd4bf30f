"""The enterprises of the demo city, taken in as their towns' ledgers by the same act that takes in real ones."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from typing import Any

import shapely
from django.db import connection, transaction
from django.utils import timezone
from pgtrigger import ignore

from anlan.kernel import clock
from anlan.kernel.identity.actors import actor_for
from anlan.kernel.identity.sealing import new_reference
from anlan.kernel.intake.models import Batch, BatchState
from anlan.modules.registry.models import Site, Unit
from anlan.modules.registry.public import site_views
from anlan.modules.registry.rows import ENTERPRISE
from anlan.modules.registry.services._admission import Admission, Admitted
from anlan.modules.registry.services.intake import intake_units
from anlan.rules.uscc import make_valid
from anlan.runtime.demo.geography import random_point
from anlan.runtime.demo.lines import BACK, FORMS, FRONT, TRADES, Trade
from anlan.runtime.demo.memory import attribute, swapped
from anlan.runtime.demo.people import person_name
from anlan.runtime.demo.world import World

SECOND_SITES = 0.04
HISTORIES = ("registry_unitevent", "registry_siteevent", "registry_personevent")


def build(world: World) -> list[Any]:
    """Take in one ledger a town; returns every site as other modules see it, in order."""
    rows = _ledgers(world)
    references = world.dice("references")
    when = world.begins - dt.timedelta(days=30)

    def reference() -> str:
        return f"{references.getrandbits(128):032x}"

    # Django stamps new rows with its own clock (``auto_now_add``): it, too, shows the day of the ledgers.
    with clock.moved_to(when), swapped(new_reference, reference), attribute(timezone, "now", clock.now):
        for number, town in enumerate(world.towns, 1):
            actor = actor_for(world.users[f"town{number}-1"])
            with transaction.atomic():
                _take_in(world, actor, town, rows[town.path], number)
        _back_date_history()
    why = "the demo city is being built"
    sites = Site.objects.everything(why=why)
    world.report(f"enterprises: {Unit.objects.everything(why=why).count()} with {sites.count()} sites")
    keys = list(sites.order_by("pk").values_list("pk", flat=True))
    views = site_views(keys)
    return [views[key] for key in keys]  # in order: the views come as the rows happen to lie on the disk


def _take_in(world: World, actor: Any, town: Any, ledger: list[dict[str, Any]], number: int) -> None:
    batch = Batch.objects.create(
        region_path=town.path,
        noun="enterprises",
        region=town,
        state=BatchState.RUNNING,
        sha256=f"{number:064x}",
        file_name=f"{town.name}企业台账.xlsx",
        size=1024 * len(ledger),
        at=clock.now(),
        by_id=actor.user_id,
        by_name=actor.name,
        accepted=len(ledger),
    )
    parsed = [(i, ENTERPRISE.parse(row).required()) for i, row in enumerate(ledger, 2)]
    verdicts = Admission(actor, base=town, permission="registry.intake").admit(parsed)
    admitted = [v for v in verdicts if isinstance(v, Admitted)]
    if len(admitted) != len(verdicts):
        refused = next(v for v in verdicts if not isinstance(v, Admitted))
        raise RuntimeError(f"the demo city's own ledger was refused: {refused}")
    intake_units(actor=actor, batch=batch, admitted=admitted)


def _ledgers(world: World) -> dict[str, list[dict[str, Any]]]:
    """The rows of each town's ledger, under the schema's own field names."""
    dice = world.dice("enterprises")
    ledgers: dict[str, list[dict[str, Any]]] = defaultdict(list)
    lands = {v.path: shapely.geometry.shape(v.outline) for vs in world.villages.values() for v in vs}
    parks = [t for t in world.towns if t.kind == "park"]
    counties = {r.path: r for k, r in world.regions.items() if k != "city"}
    names: set[str] = set()
    for serial in range(1, world.units + 1):
        trade = dice.choices(TRADES, [t.weight for t in TRADES])[0]
        in_park = parks and dice.random() < trade.park_share
        town = dice.choice(parks) if in_park else dice.choice(world.towns)
        row = _row(dice, serial, trade, town, dice.choice(world.villages[town.path]), lands, counties, names)
        ledgers[town.path].append(row)
        if dice.random() < SECOND_SITES:
            other = dice.choice([t for t in world.towns if t.path > town.path] or [town])
            if other.path != town.path:
                village = dice.choice(world.villages[other.path])
                lon, lat = random_point(lands[village.path], dice)
                further = {
                    **row,
                    "town": other.name,
                    "village": village.name,
                    "lon": lon,
                    "lat": lat,
                    "address": f"{other.name}{village.name}二厂区",
                }
                further |= {
                    "county": counties[other.path[:8]].name,
                    "site_name": f"{row['name']}（{village.name}厂区）",
                }
                ledgers[other.path].append(further)
    return ledgers


def _row(
    dice: random.Random, serial: int, trade: Trade, town: Any, village: Any, lands: Any, counties: Any, names: set[str]
) -> dict[str, Any]:
    name = _name(dice, trade, names)
    lon, lat = random_point(lands[village.path], dice)
    size = dice.choices(("micro", "small", "medium", "large"), (42, 44, 11, 3))[0]
    people = {"micro": (3, 9), "small": (10, 95), "medium": (101, 320), "large": (340, 1500)}[size]
    lone = name.endswith(("店", "部", "行"))
    founded = dt.date(dice.randint(1996, 2022), dice.randint(1, 12), dice.randint(1, 28))
    return {
        "name": name,
        "uscc": make_valid(f"9{'2' if lone else '1'}{village.code[:6]}", serial),
        "kind": "individual" if lone else "enterprise",
        "county": counties[town.path[:8]].name,
        "town": town.name,
        "village": village.name,
        "address": f"{town.name}{village.name}{dice.choice(('工业路', '兴业路', '创业大道', '滨海路', '环镇路'))}{dice.randint(1, 199)}号",
        "industry": trade.industry,
        "sector": f"{trade.sector}:{trade.trade}" if trade.trade else trade.sector,
        "scale": size,
        "headcount": dice.randint(*people),
        "founded": founded,
        "flags": [flag for flag, share in trade.flags.items() if dice.random() < share],
        "status": "operating",
        "lon": lon,
        "lat": lat,
        "principal": person_name(dice),
        "principal_phone": _phone(dice),
        "safety_manager": person_name(dice),
        "safety_phone": _phone(dice),
    }


def _name(dice: random.Random, trade: Trade, names: set[str]) -> str:
    while True:
        word = dice.choice(trade.words)
        tail = "" if word.endswith(("店", "部", "场", "园", "楼", "矿", "站")) else dice.choice(FORMS)
        name = f"澜州{dice.choice(FRONT)}{dice.choice(BACK)}{word}{tail}"
        if name not in names:
            names.add(name)
            return name
        name = f"澜州{dice.choice(FRONT)}{dice.choice(FRONT)}{dice.choice(BACK)}{word}{tail}"
        if name not in names:
            names.add(name)
            return name


def _phone(dice: random.Random) -> str:
    return f"1990000{dice.randint(0, 9999):04d}"


def _back_date_history() -> None:
    """The database's own record of the rows follows, which its triggers stamp with today."""
    with ignore(), transaction.atomic(), connection.cursor() as cursor:
        for table in HISTORIES:
            cursor.execute(f"DELETE FROM {table} WHERE pgh_label <> 'insert'")  # noqa: S608 - a constant's names
            cursor.execute(f"UPDATE {table} SET pgh_created_at = %s", [clock.now()])  # noqa: S608 - a constant's names
