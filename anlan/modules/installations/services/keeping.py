"""The record of an installation: what it is, what it holds, who answers for it, what lies around it."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from typing import Any

from anlan.kernel import clock
from anlan.kernel.acts import UNCHANGED, Work, act, created, inside_act
from anlan.kernel.errors import BadInput, NotAllowed, NotFound, WrongStep, gettext_noop
from anlan.kernel.workflow import begin, remember
from anlan.modules.chemicals import public as chemicals
from anlan.modules.installations import selectors
from anlan.modules.installations.choices import Basis, Phase, TargetKind, UnitType
from anlan.modules.installations.events import InstallationChanged, InstallationRegistered
from anlan.modules.installations.models import Holding, Installation, Target
from anlan.modules.installations.services.following import weigh
from anlan.modules.installations.workflow import INSTALLATION, KEEP
from anlan.modules.registry import public as registry
from anlan.rules.gb18218 import SYMBOLS

EARTH_M = 6_371_000
LAST_ENTRY = 85  # of Table 1
MOST_PEOPLE = 1_000_000
NEAR_M = 20_000  # a point farther from the site is a slip of the finger
OUTSIDE = gettext_noop("This point lies more than 20 km from the site. Correct longitude and latitude.")
ELSEWHERE = gettext_noop("This point lies outside of the region of the site. Correct it, or move the site first.")
KIND = gettext_noop("Choose whether it produces or stores.")
NAMED = gettext_noop("Give the installation its name, as on its sign.")
TAKEN = gettext_noop("This site has an installation of that name already.")
VESSEL = gettext_noop("The largest vessel cannot hold more than the unit does. Correct one of the two quantities.")
SAID = {
    "name": gettext_noop("Name of the installation"), "kind": gettext_noop("Kind of unit"),
    "exposed": gettext_noop("Persons living nearby"), "lon": gettext_noop("Point on the map"),
    "lat": gettext_noop("Point on the map"), "started_on": gettext_noop("In use since"),
    "park": gettext_noop("Chemical park"),
}  # fmt: skip
"""What the journal calls each field."""
REGRADE = {"exposed", "kind"}
BASIS = gettext_noop("Say how the quantity was determined, and name the paper: a holding without its basis is none.")
WHY = "one installation in hand"


@act(may=KEEP)
def register_installation(
    work: Work, *, site: int, kind: str, name: str, exposed: int | None = None, lon: float | None = None,
    lat: float | None = None, started_on: dt.date | None = None, park: str = "",
) -> Installation:  # fmt: skip
    """Register one unit of production or storage of a site; its holdings and grading follow."""
    try:
        view = registry.site_view(work.actor, int(getattr(site, "pk", site)))
    except (NotFound, TypeError, ValueError) as why:
        raise BadInput("site", gettext_noop("Choose a site within your reach.")) from why
    if kind not in UnitType.values:
        raise BadInput("kind", KIND)
    name = name.strip()[:80]
    if not name:
        raise BadInput("name", NAMED)
    if Installation.objects.filter(site=view.id, name=name).exists():
        raise BadInput("name", TAKEN)
    _check_point(view, lon, lat)
    _check_figures(work, exposed, started_on)
    row = Installation(
        region_path=view.region_path, sector=view.sector, holder=view.holder, site_id=view.id, kind=kind, name=name,
        exposed=exposed, lon=lon if lon is not None else view.lon, lat=lat if lat is not None else view.lat,
        started_on=started_on, park=park.strip()[:80],
    )  # fmt: skip
    if not work.actor.may(KEEP, row):
        raise NotAllowed(permission=KEEP)
    begin(work, row, "register")
    created(row)
    remember(work, row, "register")
    work.record(InstallationRegistered(name=name), on=row)
    return row


@act(may=KEEP, on=Installation)
def change_installation(
    work: Work, installation: Installation, *, name: str = UNCHANGED, kind: str = UNCHANGED,
    exposed: int | None = UNCHANGED, lon: float | None = UNCHANGED, lat: float | None = UNCHANGED,
    started_on: dt.date | None = UNCHANGED, park: str = UNCHANGED,
) -> None:  # fmt: skip
    """Facts of the record and its surroundings: what is left out stays as it is, None or "" empties a field.

    Another number of people nearby, or another kind of unit, asks for another grading. The same: nothing.
    """
    need_changeable(installation)
    given: dict[str, Any] = {
        "name": name, "kind": kind, "exposed": exposed, "lon": lon, "lat": lat, "started_on": started_on, "park": park,
    }  # fmt: skip
    now: dict[str, Any] = {
        field: getattr(installation, field) if value is UNCHANGED else value for field, value in given.items()
    }
    now["name"], now["park"] = now["name"].strip()[:80], now["park"].strip()[:80]
    if now["kind"] not in UnitType.values:
        raise BadInput("kind", KIND)
    if not now["name"]:
        raise BadInput("name", NAMED)
    if (
        now["name"] != installation.name
        and Installation.objects.filter(site=installation.site_id, name=now["name"]).exists()
    ):
        raise BadInput("name", TAKEN)
    if (now["lon"], now["lat"]) != (installation.lon, installation.lat):
        _check_point(registry.site_view(work.actor, installation.site_id), now["lon"], now["lat"])
    _check_figures(work, now["exposed"], now["started_on"])
    changed = [field for field, value in now.items() if getattr(installation, field) != value]
    if not changed:
        return
    installation.stale = installation.stale or (installation.graded_on is not None and bool({*changed} & REGRADE))
    for field in changed:
        setattr(installation, field, now[field])
    installation.save(update_fields=[*changed, "stale"])
    for label in dict.fromkeys(SAID[field] for field in changed):
        said = " ".join(_shown(now[f]) for f in SAID if SAID[f] == label)
        work.record(InstallationChanged(what=label, value=said), on=installation)


@act(may=KEEP, on=Installation)
def put_holding(
    work: Work, installation: Installation, *, substance: int, tonnes: Decimal, basis: str, paper: str,
    symbols: tuple[str, ...] = UNCHANGED, entry: int | None = UNCHANGED, place: int | None = UNCHANGED,
    used_for: str = UNCHANGED, method: str = UNCHANGED, phase: str = UNCHANGED,
    temperature_c: Decimal | None = UNCHANGED, pressure_mpa: Decimal | None = UNCHANGED,
    largest_t: Decimal | None = UNCHANGED,
) -> Holding:  # fmt: skip
    """Declare what the installation holds of a substance, in tonnes, by which basis and paper; again: correct it.

    ``place`` names where the chemicals ledger keeps it, so that a stock above what is declared is found. ``used_for``
    and what follows are asked by the table of basic features. What is left out stays as it was. The same: nothing.
    """
    need_changeable(installation)
    view = chemicals.substance_views([substance]).get(substance)
    if view is None or view.holder not in ("", installation.holder):
        raise BadInput("substance", gettext_noop("Choose a substance of the catalogue."))
    amount = Decimal(str(tonnes))
    if not amount.is_finite() or not Decimal("0.001") <= amount <= Decimal("99999999"):
        raise BadInput("tonnes", gettext_noop("Give the quantity in tonnes, from 0.001 on."))
    paper = paper.strip()[:120]
    if basis not in Basis.values:
        raise BadInput("basis", BASIS)
    if not paper:
        raise BadInput("paper", BASIS)
    if symbols is not UNCHANGED and (wrong := [symbol for symbol in symbols if symbol not in SYMBOLS]):
        raise BadInput("symbols", gettext_noop("There is no category %(symbol)s in Table 2."), symbol=wrong[0])
    if entry is not UNCHANGED and entry is not None and not 1 <= entry <= LAST_ENTRY:
        raise BadInput("entry", gettext_noop("Table 1 has the numbers 1 to %(last)s."), last=LAST_ENTRY)
    if phase is not UNCHANGED and phase and phase not in Phase.values:
        raise BadInput("phase", gettext_noop("Choose gas, liquid or solid."))
    if (
        place is not UNCHANGED
        and place is not None
        and not selectors.places_for(work.actor, installation).filter(pk=place).exists()
    ):
        raise BadInput("place", gettext_noop("Choose a place of keeping of this site."))
    rows = Holding.objects.everything(why=WHY)
    holding = rows.filter(installation=installation, substance=substance).first()
    usual = list(view.symbols)
    wanted: dict[str, Any] = {"tonnes": amount.quantize(Decimal("0.001")), "basis": basis, "paper": paper}
    if symbols is not UNCHANGED or holding is None:
        wanted["symbols"] = usual if symbols is UNCHANGED else sorted(set(symbols)) or usual
    further = {"entry": entry, "place_id": place, "phase": phase, **_texts(used_for=used_for, method=method)}
    further["temperature_c"] = _decimal("temperature_c", temperature_c, 1, least=Decimal("-273.1"))
    further["pressure_mpa"] = _decimal("pressure_mpa", pressure_mpa, 3, least=Decimal("-0.101"))
    further["largest_t"] = _decimal("largest_t", largest_t, 3, least=Decimal("0.001"))
    wanted |= {field: value for field, value in further.items() if value is not UNCHANGED}
    vessel = wanted.get("largest_t", holding.largest_t if holding is not None else None)
    if vessel is not None and vessel > wanted["tonnes"]:
        raise BadInput("largest_t", VESSEL)
    if holding is not None and all(getattr(holding, name) == value for name, value in wanted.items()):
        return holding
    if holding is None:
        scope = {"region_path": installation.region_path, "sector": installation.sector, "holder": installation.holder}
        holding = created(Holding(installation=installation, substance_id=substance, **scope, **wanted))
    else:
        for name, value in wanted.items():
            setattr(holding, name, value)
        holding.save(update_fields=list(wanted))
    _touched(work, installation, gettext_noop("Holding declared"), f"{view.name} {amount:f} t ({paper})")
    weigh(work, installation)
    return holding


@act(may=KEEP, on=Holding)
def drop_holding(work: Work, holding: Holding) -> Installation:
    """The installation no longer holds the substance."""
    installation = _of(holding.installation_id)
    need_changeable(installation)
    said = str(holding)
    Holding.objects.everything(why=WHY).filter(pk=holding.pk).delete()
    _touched(work, installation, gettext_noop("Holding struck"), said)
    weigh(work, installation)
    return installation


@act(may=KEEP, on=Installation)
def put_target(
    work: Work, installation: Installation, *, kind: str, name: str, distance_m: int | None = None,
    persons: int | None = UNCHANGED, lon: float | None = UNCHANGED, lat: float | None = UNCHANGED,
) -> Target:  # fmt: skip
    """Enter what must be protected nearby; the same name again changes it, what is left out stays as it was.

    ``distance_m`` is the shortest distance in metres; left out, it is reckoned between the two points on the map.
    """
    need_changeable(installation)
    if kind not in TargetKind.values:
        raise BadInput("kind", gettext_noop("Choose what must be protected."))
    name = name.strip()[:80]
    if not name:
        raise BadInput("name", gettext_noop("Name what must be protected."))
    rows = Target.objects.everything(why=WHY)
    found = rows.filter(installation=installation, name=name).first()
    lon = (found.lon if found is not None else None) if lon is UNCHANGED else lon
    lat = (found.lat if found is not None else None) if lat is UNCHANGED else lat
    persons = (found.persons if found is not None else None) if persons is UNCHANGED else persons
    _check_point(registry.site_view(work.actor, installation.site_id), lon, lat, across=True)
    _check_many("persons", persons)
    if distance_m is None:
        distance_m = _between(installation, lon, lat)
    if distance_m is None:
        raise BadInput("distance_m", gettext_noop("Give the distance, or the points of both on the map."))
    if not 0 <= distance_m <= 100_000:
        raise BadInput("distance_m", gettext_noop("Give the distance in metres, at most 100,000."))
    scope = {"region_path": installation.region_path, "sector": installation.sector, "holder": installation.holder}
    wanted = {"kind": kind, "distance_m": distance_m, "persons": persons, "lon": lon, "lat": lat}
    if found is not None and all(getattr(found, field) == value for field, value in wanted.items()):
        return found
    target = found or Target(installation=installation, name=name, **scope)
    for field, value in wanted.items():
        setattr(target, field, value)
    target.save()
    fact = InstallationChanged(what=gettext_noop("Protection target entered"), value=f"{name} {distance_m} m")
    work.record(fact, on=installation)
    return target


@act(may=KEEP, on=Target)
def drop_target(work: Work, target: Target) -> Installation:
    """Nothing has to be protected there any more."""
    installation = _of(target.installation_id)
    need_changeable(installation)
    Target.objects.everything(why=WHY).filter(pk=target.pk).delete()
    fact = InstallationChanged(what=gettext_noop("Protection target struck"), value=target.name)
    work.record(fact, on=installation)
    return installation


def _check_figures(work: Work, exposed: int | None, started_on: dt.date | None) -> None:
    _check_many("exposed", exposed)
    if started_on is not None and started_on > clock.day_of(work.now):
        raise BadInput("started_on", gettext_noop("This day lies ahead."))


def _check_many(column: str, people: int | None) -> None:
    if people is not None and not 0 <= people <= MOST_PEOPLE:
        raise BadInput(column, gettext_noop("Give a number of people from 0 to a million."))


def _between(installation: Installation, lon: float | None, lat: float | None) -> int | None:
    """Metres between an installation and a point, on a sphere; None where either has no point."""
    if None in (installation.lon, installation.lat, lon, lat):
        return None
    east, north, there, up = (math.radians(v or 0) for v in (installation.lon, installation.lat, lon, lat))
    half = math.sin((up - north) / 2) ** 2 + math.cos(north) * math.cos(up) * math.sin((there - east) / 2) ** 2
    return round(2 * EARTH_M * math.asin(math.sqrt(half)))


def _texts(**given: Any) -> dict[str, Any]:
    return {name: value if value is UNCHANGED else value.strip()[:120] for name, value in given.items()}


def _decimal(column: str, value: Any, places: int, *, least: Decimal) -> Any:
    if value is UNCHANGED or value is None:
        return value
    said = Decimal(str(value))
    if not said.is_finite() or not least <= said <= 99_999:
        raise BadInput(column, gettext_noop("Give a figure from %(least)s to 99999."), least=f"{least:f}")
    return said.quantize(Decimal(1).scaleb(-places))


def _shown(value: Any) -> str:
    return "–" if value in (None, "") else str(UnitType(value).label) if value in UnitType.values else str(value)


def _check_point(view: registry.SiteView, lon: float | None, lat: float | None, *, across: bool = False) -> None:
    """Both coordinates or neither, within China, not far from the site and, unless ``across``, within its region."""
    if (lon is None) != (lat is None):
        raise BadInput("lon" if lon is None else "lat", gettext_noop("Give longitude and latitude, or neither."))
    if lon is None or lat is None:
        return
    if not (73 <= lon <= 136 and 3 <= lat <= 54):
        raise BadInput("lon", gettext_noop("This point lies outside of China. Correct longitude and latitude."))
    if view.lon is not None and view.lat is not None:
        east, north = (lon - view.lon) * 101_000, (lat - view.lat) * 111_000  # metres, at 25 degrees north
        if (east**2 + north**2) ** 0.5 > NEAR_M:
            raise BadInput("lon", OUTSIDE)
    if not across and registry.lies_outside(view.region_path, lon, lat):
        raise BadInput("lon", ELSEWHERE)


def _of(pk: int) -> Installation:
    rows = Installation.objects.everything(why=WHY).select_for_update(of=("self",))
    return rows.get(pk=pk)


@inside_act
def need_changeable(installation: Installation) -> None:
    """Refuse what changes an installation while its filing is looked at, or after it was taken off the file."""
    if installation.state not in selectors.OPEN:
        state = INSTALLATION.state(installation.state).label
        raise WrongStep(step=gettext_noop("Change the installation"), state=state)


def _touched(work: Work, installation: Installation, what: str, value: str) -> None:
    if installation.graded_on is not None and not installation.stale:
        installation.stale = True
        installation.save(update_fields=["stale"])
    work.record(InstallationChanged(what=what, value=value), on=installation)
