"""Building the demo city: land, people, enterprises, then two years of hazards."""

from __future__ import annotations

import datetime as dt
import functools
import gc
import math
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from anlan.config.roles import ROLES
from anlan.kernel import clock
from anlan.kernel.actor import Actor, Grant
from anlan.kernel.identity.actors import actor_for
from anlan.kernel.tallies.keeping import fold
from anlan.modules.cockpit.selectors.trend import reckon_late
from anlan.modules.statutes.public import enter_citations
from anlan.runtime.demo import (
    alarms,
    arrivals,
    chemicals,
    compliance,
    duty,
    enterprises,
    geography,
    installations,
    monitoring,
    parts,
    people,
    risks,
    warning,
)
from anlan.runtime.demo.histories import Cast, Plot, office_hour
from anlan.runtime.demo.multiply import FULL, multiply
from anlan.runtime.demo.stage import Known
from anlan.runtime.demo.stories import STORIES, Story
from anlan.runtime.demo.world import DEFAULT_SEED, World


def build(
    *,
    seed: int = DEFAULT_SEED,
    as_of: dt.date | None = None,
    scale: float = 1.0,
    report: Callable[[str], None] = lambda line: None,
    keep: bool = False,
    processes: int | None = None,
) -> World:
    """Build the city into an empty database, all or nothing; ``keep`` keeps each hazard's plot for a replay.

    What goes beyond scale 1 is multiplied from the city of scale 1, once that stands.
    ``processes`` play the hazards (by default one a core): how many never shows in the city.
    """
    times = math.ceil(scale)
    world = World(seed=seed, as_of=as_of or clock.today(), scale=scale / max(times, 1), report=report)
    with _without_collector(), transaction.atomic():
        geography.build(world)
        people.build(world)
        sites = enterprises.build(world)
        holders = _unit_people(world, sites)
        told = plots(world, sites)
        parts.play_all(Known.of(world, sites, holders), told, casts(world, holders), keep=keep, processes=processes)
        arrivals.build(world)
        duty.build(world)
        with clock.moved_to(world.at(8)):
            chemicals.build(world, sites)
            installations.build(world, sites)
            monitoring.build(world, sites)
            added = enter_citations(actor=Actor.system("demo"))
            compliance.build(world, sites)
        with clock.moved_to(world.at(8, 30)):
            alarms.build(world)
        with clock.moved_to(world.at(8, 50)):
            warning.build(world)
        report(f"citations of law: {added['editions']} editions, {added['articles']} articles, texts not loaded")
    # One transaction: whoever reads rows first after they were committed marks every one of them, which writes the
    # whole table once more. Here the months are reckoned before; the server's upkeep marks the rows page by page.
    with transaction.atomic(), connection.cursor() as cursor:
        if times > 1:
            report(f"{times} times as much")
            multiply(times, report)
        risks.build(world, told=times <= FULL)
        fold()
        report("statistics and months past")
        cursor.execute("ANALYZE")  # before the months are reckoned, which reads every deadline
        reckon_late()
        cursor.execute("ANALYZE tally_cell")
    return world


@contextmanager
def _without_collector() -> Iterator[None]:
    """Millions of rows are held and none forms a circle: the collector would only walk over them again and again."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _unit_people(world: World, sites: list[Any]) -> dict[str, list[tuple[Any, str]]]:
    holders: dict[str, list[tuple[Any, str]]] = {}
    order = dict(enumerate(dict.fromkeys(s.holder for s in sites), 1))
    for number, principal, safety in people.build_for_units(world, order.items()):
        holders[order[number]] = [(principal, "unit_principal"), (safety, "unit_safety")]
    world.report(f"people of units: {2 * len(holders)}")
    return holders


def plots(world: World, sites: list[Any]) -> list[Plot]:
    """What is found where and when, in order of time; riskier sites more often."""
    dice = world.dice("plots")
    ends = world.ends
    weights = [1 + 1.5 * len(s.flags) + min(s.headcount or 0, 400) / 200 for s in sites]
    chosen = dice.choices(sites, weights, k=world.hazards)
    told = []
    for number, site in enumerate(chosen):
        first = random.Random(f"{world.seed}:hazard:{number}")
        ago = int(730 * first.random() ** 0.85)
        own = functools.partial(random.Random, f"{world.seed}:play:{number}")
        if ago == 0 and office_hour(world.as_of, own()) >= ends:
            ago = 1  # not yet today
        told.append(Plot(site, _story(site, first), world.as_of - dt.timedelta(days=ago), own(), own))
    return sorted(told, key=lambda p: (p.found_on, p.site.id))


def fresh(world: World, plot: Plot) -> Plot:
    """The same plot with its dice as they were before the first throw."""
    return Plot(plot.site, plot.story, plot.found_on, plot.again(), plot.again)


def _story(site: Any, dice: random.Random) -> Story:
    fit = [s for s in STORIES if (not s.sectors or site.sector in s.sectors) and (not s.flag or s.flag in site.flags)]
    return dice.choices(fit, [4 if s.flag else 2 if s.sectors else 1 for s in fit])[0]


def casts(world: World, holders: dict[str, list[tuple[Any, str]]]) -> Callable[[Any], Cast]:
    """Who deals with a site's hazards."""
    office = {name: actor_for(user) for name, user in world.users.items()}
    counties = [r.path for k, r in world.regions.items() if k != "city"]
    towns = [t.path for t in world.towns]
    known: dict[tuple[str, str], Cast] = {}

    def cast(site: Any) -> Cast:
        key = (site.holder, site.region_path)
        if key not in known:
            t, c = towns.index(site.region_path[:12]) + 1, counties.index(site.region_path[:8]) + 1
            (principal, _), (safety, _) = holders[site.holder]
            known[key] = Cast(
                principal=_unit_actor(principal, "unit_principal", site.holder),
                safety=_unit_actor(safety, "unit_safety", site.holder),
                officer=office[f"town{t}-1"],
                second=office[f"town{t}-2"],
                inspector=office[f"town{t}-3"],
                grid=office[f"town{t}-3"]
                if not site.region_path.startswith(world.villages[towns[t - 1]][0].path)
                else office[f"grid{t}-1"],
                expert=office[f"expert-{t % 3 + 1}"],
                county=office[f"county{c}-1"],
                county_second=office[f"county{c}-2"],
                leader=office[f"county{c}-leader"],
                leader_name=world.users[f"county{c}-leader"].name,
                leader_title=f"{next(r.name for r in world.regions.values() if r.path == counties[c - 1])}分管负责人",
                town_leader_name=world.users[f"town{t}-leader"].name,
            )
        return known[key]

    return cast


def _unit_actor(user: Any, role: str, holder: str) -> Actor:
    return Actor(
        key=f"user:{user.pk}",
        name=user.name,
        user_id=user.pk,
        grants=(Grant(role=role, permissions=ROLES[role].permissions, holder=holder),),
    )
