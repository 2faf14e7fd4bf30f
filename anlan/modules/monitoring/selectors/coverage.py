"""Coverage: which units must be connected, which are, of the regions an actor sees."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Min

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.regions.reach import Place
from anlan.kernel.scope import system_read, within
from anlan.modules.installations import public as installations
from anlan.modules.monitoring.models import Gateway, Tag

HEARD = dt.timedelta(hours=1)
"""A unit whose gateways were all silent for longer is not connected."""


@dataclass(frozen=True, slots=True)
class Owed:
    """A site with major hazard installations: how many, the gravest level, its gateways and tags, whether it is
    connected."""

    site_id: int
    site: str
    unit: str
    unit_id: int
    installations: int
    gravest: int
    tags: int
    gateways: int
    last_seen: dt.datetime | None

    @property
    def built(self) -> bool:
        """Monitoring stands: a gateway is admitted and tags are on file."""
        return self.gateways > 0 and self.tags > 0

    @property
    def connected(self) -> bool:
        """Something of it came within the last hour."""
        return self.built and self.last_seen is not None and clock.now() - self.last_seen < HEARD


@dataclass(frozen=True, slots=True)
class Connection:
    """A site with a gateway or a major hazard installation: whether it is watched, must be connected, is connected."""

    site_id: int
    region_path: str
    holder: str
    watched: bool
    owed: bool
    connected: bool


@system_read("counts by place and unit, for an index that each reader sees within reach")
def connections() -> list[Connection]:
    """Every site that must be connected or is watched, each once."""
    system = Actor.system("coverage")
    return sorted(_connections(system, ""), key=lambda one: one.site_id)


def _connections(actor: Actor, path: str) -> list[Connection]:
    grouped = Gateway.objects.visible_to(actor).filter(within("region_path", path), state="active").order_by()
    seen: dict[int, tuple[str, str, dt.datetime | None]] = {
        site: (at, holder, last)
        for site, at, holder, last in grouped.values_list("site_id", "region_path", "holder").annotate(
            last=Max("last_seen")
        )
    }
    tagged = set(Tag.objects.visible_to(actor).filter(active=True, site__in=seen).values_list("site_id", flat=True))
    rows = installations.installation_rows(actor).filter(within("region_path", path), level__isnull=False).order_by()
    must = {site: (at, holder) for site, at, holder in rows.values_list("site_id", "region_path", "holder").distinct()}
    since = clock.now() - HEARD
    found = []
    for site in seen.keys() | must.keys():
        at, holder, last = seen[site] if site in seen else (*must[site], None)
        connected = site in tagged and last is not None and last > since
        found.append(Connection(site, at, holder, site in seen, site in must, connected))
    return found


def owed(actor: Actor, place: Place) -> list[Owed]:
    """The sites of a place that must be connected: those with a major hazard installation that is not cancelled.

    The gravest first, then those that lack it.
    """
    rows = installations.installation_rows(actor).filter(within("region_path", place.path), level__isnull=False)
    grouped = rows.order_by().values("site_id", "site__name", "site__unit_id", "site__unit__name")
    asked = list(grouped.annotate(n=Count("pk"), gravest=Min("level")))
    sites = [row["site_id"] for row in asked]
    gateways = Gateway.objects.visible_to(actor).filter(site__in=sites, state="active").order_by()
    seen: dict[int, Any] = {
        g["site_id"]: g for g in gateways.values("site_id").annotate(n=Count("pk"), last=Max("last_seen"))
    }
    tags = Tag.objects.visible_to(actor).filter(site__in=sites, active=True).order_by()
    counted = dict(tags.values_list("site_id").annotate(n=Count("pk")))
    found = [
        Owed(
            row["site_id"], row["site__name"], row["site__unit__name"], row["site__unit_id"], row["n"], row["gravest"],
            counted.get(row["site_id"], 0), seen.get(row["site_id"], {}).get("n", 0),
            seen.get(row["site_id"], {}).get("last"),
        )
        for row in asked
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.connected, one.built, one.gravest, one.site_id))
