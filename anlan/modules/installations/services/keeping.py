"""The record of an installation: what it is, what it holds, who answers for it, what lies around it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from anlan.kernel.acts import Work, act, created
from anlan.kernel.errors import BadInput, NotAllowed, NotFound, WrongStep, gettext_noop
from anlan.kernel.workflow import begin, remember
from anlan.modules.chemicals import public as chemicals
from anlan.modules.installations import selectors
from anlan.modules.installations.choices import Basis, TargetKind, UnitType
from anlan.modules.installations.events import InstallationChanged, InstallationRegistered
from anlan.modules.installations.models import Holding, Installation, Target
from anlan.modules.installations.services.following import weigh
from anlan.modules.installations.workflow import INSTALLATION, KEEP
from anlan.modules.registry import public as registry
from anlan.rules.gb18218 import SYMBOLS

NEAR_M = 20_000  # a point farther from the site is a slip of the finger
OUTSIDE = gettext_noop("This point lies more than 20 km from the site. Correct longitude and latitude.")
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
        raise BadInput("kind", gettext_noop("Choose whether it produces or stores."))
    name = name.strip()[:80]
    if not name:
        raise BadInput("name", gettext_noop("Give the installation its name, as on its sign."))
    if Installation.objects.filter(site=view.id, name=name).exists():
        raise BadInput("name", gettext_noop("This site has an installation of that name already."))
    _check_point(view, lon, lat)
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
    work: Work, installation: Installation, *, exposed: int | None = None, lon: float | None = None,
    lat: float | None = None, started_on: dt.date | None = None, park: str = "",
) -> None:  # fmt: skip
    """Surroundings and facts of the record; another number of people asks for another grading. The same: nothing."""
    _changeable(installation)
    _check_point(registry.site_view(work.actor, installation.site_id), lon, lat)
    now = (exposed, lon, lat, started_on, park.strip()[:80])
    fields = ("exposed", "lon", "lat", "started_on", "park")
    if tuple(getattr(installation, name) for name in fields) == now:
        return
    installation.stale = installation.stale or (installation.graded_on is not None and installation.exposed != exposed)
    for name, value in zip(fields, now, strict=True):
        setattr(installation, name, value)
    installation.save(update_fields=[*fields, "stale"])
    said = "–" if exposed is None else str(exposed)
    work.record(InstallationChanged(what=gettext_noop("Persons living nearby"), value=said), on=installation)


@act(may=KEEP, on=Installation)
def put_holding(
    work: Work, installation: Installation, *, substance: int, tonnes: Decimal, basis: str, paper: str,
    symbols: tuple[str, ...] = (), entry: int | None = None, place: int | None = None,
) -> Holding:  # fmt: skip
    """Declare what the installation holds of a substance, in tonnes, by which basis and paper. The same: nothing.

    ``place`` names where the chemicals ledger keeps it, so that a stock above what is declared is found.
    """
    _changeable(installation)
    view = chemicals.substance_views([substance]).get(substance)
    if view is None or view.holder not in ("", installation.holder):
        raise BadInput("substance", gettext_noop("Choose a substance of the catalogue."))
    amount = Decimal(str(tonnes))
    if not amount.is_finite() or amount <= 0 or amount > Decimal("99999999"):
        raise BadInput("tonnes", gettext_noop("Give the quantity in tonnes, above 0."))
    paper = paper.strip()[:120]
    if basis not in Basis.values:
        raise BadInput("basis", BASIS)
    if not paper:
        raise BadInput("paper", BASIS)
    if wrong := [symbol for symbol in symbols if symbol not in SYMBOLS]:
        raise BadInput("symbols", gettext_noop("There is no category %(symbol)s in Table 2."), symbol=wrong[0])
    if place is not None and not selectors.places_for(work.actor, installation).filter(pk=place).exists():
        raise BadInput("place", gettext_noop("Choose a place of keeping of this site."))
    rows = Holding.objects.everything(why=WHY)
    holding = rows.filter(installation=installation, substance=substance).first()
    wanted = {"tonnes": amount.quantize(Decimal("0.001")), "basis": basis, "paper": paper, "entry": entry,
              "symbols": sorted(set(symbols)) or list(view.symbols), "place_id": place}  # fmt: skip
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
    _changeable(installation)
    said = str(holding)
    Holding.objects.everything(why=WHY).filter(pk=holding.pk).delete()
    _touched(work, installation, gettext_noop("Holding struck"), said)
    weigh(work, installation)
    return installation


@act(may=KEEP, on=Installation)
def name_responsible(work: Work, installation: Installation, *, principal: str, technical: str, operating: str) -> None:
    """The three who answer for the installation by name: principal, technical, operating. The same: nothing."""
    _changeable(installation)
    now = (principal.strip()[:40], technical.strip()[:40], operating.strip()[:40])
    for name, value in zip(("principal", "technical", "operating"), now, strict=True):
        if not value:
            raise BadInput(name, gettext_noop("Name the person."))
    if (installation.principal, installation.technical, installation.operating) == now:
        return
    installation.principal, installation.technical, installation.operating = now
    installation.save(update_fields=["principal", "technical", "operating"])
    fact = InstallationChanged(what=gettext_noop("The responsible three"), value=" · ".join(now))
    work.record(fact, on=installation)


@act(may=KEEP, on=Installation)
def put_target(
    work: Work, installation: Installation, *, kind: str, name: str, distance_m: int, persons: int | None = None,
    lon: float | None = None, lat: float | None = None,
) -> Target:  # fmt: skip
    """Enter what must be protected nearby; the same name again changes it."""
    _changeable(installation)
    if kind not in TargetKind.values:
        raise BadInput("kind", gettext_noop("Choose what must be protected."))
    name = name.strip()[:80]
    if not name:
        raise BadInput("name", gettext_noop("Name what must be protected."))
    _check_point(registry.site_view(work.actor, installation.site_id), lon, lat)
    rows = Target.objects.everything(why=WHY)
    found = rows.filter(installation=installation, name=name).first()
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
    _changeable(installation)
    Target.objects.everything(why=WHY).filter(pk=target.pk).delete()
    fact = InstallationChanged(what=gettext_noop("Protection target struck"), value=target.name)
    work.record(fact, on=installation)
    return installation


def _check_point(view: registry.SiteView, lon: float | None, lat: float | None) -> None:
    """Both coordinates or neither, within China, and not far from the site."""
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


def _of(pk: int) -> Installation:
    rows = Installation.objects.everything(why=WHY).select_for_update(of=("self",))
    return rows.get(pk=pk)


def _changeable(installation: Installation) -> None:
    if installation.state not in selectors.OPEN:
        state = INSTALLATION.state(installation.state).label
        raise WrongStep(step=gettext_noop("Change the installation"), state=state)


def _touched(work: Work, installation: Installation, what: str, value: str) -> None:
    if installation.graded_on is not None and not installation.stale:
        installation.stale = True
        installation.save(update_fields=["stale"])
    work.record(InstallationChanged(what=what, value=value), on=installation)
