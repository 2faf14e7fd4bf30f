"""How every site that is watched, or must be, stands now, the worst first: what other modules say, else its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Max
from django.utils.translation import pgettext_lazy

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.scope import within
from anlan.modules.installations import public as installations
from anlan.modules.monitoring.models import Gateway
from anlan.modules.monitoring.selectors.coverage import HEARD
from anlan.modules.registry.public import site_views


@dataclass(frozen=True)
class Look:
    """One way a site can stand: the greater the rank the worse; its words, its tone on the map, and the sign that says
    the same without a colour. What stands below ``NORMAL`` is no state of a site that is watched."""

    code: str
    rank: int
    label: Any
    tone: str
    mark: str = ""


NORMAL = Look("normal", 0, pgettext_lazy("site", "Normal"), "green")
SILENT = Look("silent", 10, pgettext_lazy("site", "Offline"), "grey", "×")
UNCONNECTED = Look("unconnected", -10, pgettext_lazy("site", "No gateway"), "hollow", "?")


@dataclass(frozen=True)
class Speaker:
    """What another module says of sites: its looks, for the legend; ``said(actor, path)`` gives each site its worst
    look and a figure beside it; ``topic`` wakes an open map when something changed."""

    looks: tuple[Look, ...]
    said: Callable[[Actor, str], Mapping[int, tuple[Look, int]]]
    topic: str


SPEAKERS: dict[str, Speaker] = {}
"""Modules above enter theirs when they load."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A site with a gateway, or that must have one: where it lies, whose it is, when it was heard of last, how it
    stands, how many alarms."""

    site_id: int
    name: str
    unit_id: int
    unit: str
    region_path: str
    lon: float | None
    lat: float | None
    last_seen: dt.datetime | None
    look: Look
    many: int


def looks(actor: Actor) -> list[Look]:
    """Every way a site can stand, the worst first; the same for every reader."""
    said = [look for speaker in SPEAKERS.values() for look in speaker.looks]
    return sorted([NORMAL, SILENT, UNCONNECTED, *said], key=lambda look: -look.rank)


def standing_of_sites(actor: Actor, path: str = "") -> list[Standing]:
    """The sites with an admitted gateway within reach (of a region), the worst first, as they stand now; then
    those that must be connected, having a major hazard installation, and have none. A site of which something else is
    said (an alarm stands open) is among them although its last gateway was revoked.

    A site is offline when none of its gateways was heard of within an hour; an alarm on it weighs more. Three
    statements, however many tags it has; two more where a site without a gateway has an alarm.
    """
    rows = Gateway.objects.visible_to(actor).filter(within("region_path", path), state="active").order_by()
    fields = ("site_id", "site__name", "site__unit_id", "site__unit__name", "region_path", "site__lon", "site__lat")
    said: dict[int, tuple[Look, int]] = {}
    for speaker in SPEAKERS.values():
        for site, told in speaker.said(actor, path).items():
            said[site] = max(said.get(site, told), told, key=lambda one: one[0].rank)
    since = clock.now() - HEARD
    found = []
    for *row, last in rows.values_list(*fields).annotate(last=Max("last_seen")):
        own = (NORMAL if last is not None and last > since else SILENT, 0)
        look, many = max(said.get(row[0], own), own, key=lambda one: one[0].rank)
        site, name, unit_id, unit, at, lon, lat = row
        found.append(Standing(site, name, unit_id, unit, at, lon, lat, last, look, many))
    must = installations.installation_rows(actor).filter(within("region_path", path), level__isnull=False).order_by()
    known = {one.site_id for one in found}
    for site, name, unit_id, unit, at, lon, lat in must.values_list(*fields).distinct():
        if site not in known and site not in said:
            found.append(Standing(site, name, unit_id, unit, at, lon, lat, None, UNCONNECTED, 0))
    found += _said_alone(actor, {site: told for site, told in said.items() if site not in known})
    return sorted(found, key=lambda one: (-one.look.rank, one.site_id))


def _said_alone(actor: Actor, said: Mapping[int, tuple[Look, int]]) -> list[Standing]:
    """The sites without an admitted gateway of which something is said to the actor."""
    if not said:
        return []
    gone = Gateway.objects.visible_to(actor).filter(site__in=said).order_by()
    last = dict(gone.values_list("site_id").annotate(last=Max("last_seen")))
    return [
        Standing(pk, one.name, one.unit_id, one.unit_name, one.region_path, one.lon, one.lat, last.get(pk), *said[pk])
        for pk, one in site_views(said).items()
    ]
