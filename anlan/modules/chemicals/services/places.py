"""Places of keeping and what they are built for."""

from __future__ import annotations

from decimal import Decimal

from anlan.kernel import clock
from anlan.kernel.acts import UNCHANGED, Work, act, created
from anlan.kernel.errors import BadInput, gettext_noop
from anlan.modules.chemicals import selectors
from anlan.modules.chemicals.choices import PlaceKind
from anlan.modules.chemicals.events import LimitSet, PlaceAdded, PlaceChanged, PlaceClosed
from anlan.modules.chemicals.models import Place, Stock
from anlan.modules.chemicals.services import _findings as findings
from anlan.modules.chemicals.services._book import mass, stock_at
from anlan.modules.chemicals.services._findings import shown
from anlan.modules.chemicals.services._sites import site_within
from anlan.modules.chemicals.workflow import KEEP

NAMED = gettext_noop("Give the place its name or number, as on its sign.")


@act(may=KEEP)
def add_place(work: Work, *, site: int, kind: str, name: str, most_kg: Decimal | None = None) -> Place:
    """A place of keeping at a site. The same name again at that site is refused."""
    view = site_within(work.actor, site, KEEP)
    if not view.open:
        raise BadInput("site", gettext_noop("This site is closed. Reopen it first."))
    if kind not in PlaceKind.values:
        raise BadInput("kind", gettext_noop("Choose what kind of place it is."))
    name = name.strip()[:60]
    if not name:
        raise BadInput("name", NAMED)
    _free(view.id, name)
    place = created(
        Place(
            region_path=view.region_path, sector=view.sector, holder=view.holder, site_id=view.id, kind=kind, name=name,
            most_kg=None if most_kg is None else mass(most_kg, "most_kg"),
        )
    )  # fmt: skip
    work.record(PlaceAdded(name=name), on=place)
    return place


@act(may=KEEP, on=Place)
def change_place(
    work: Work, place: Place, *, kind: str = UNCHANGED, name: str = UNCHANGED, most_kg: Decimal | None = UNCHANGED
) -> None:
    """Another name, kind or total limit (None: none); what is left out stays, the same again does nothing."""
    kind = place.kind if kind is UNCHANGED else kind
    name = place.name if name is UNCHANGED else name
    most_kg = place.most_kg if most_kg is UNCHANGED else most_kg
    if kind not in PlaceKind.values:
        raise BadInput("kind", gettext_noop("Choose what kind of place it is."))
    name = name.strip()[:60]
    if not name:
        raise BadInput("name", NAMED)
    limit = None if most_kg is None else mass(most_kg, "most_kg")
    if (place.kind, place.name, place.most_kg) == (kind, name, limit):
        return
    if name != place.name:
        _free(place.site_id, name)
    before = _told(place)
    place.kind, place.name, place.most_kg = kind, name, limit
    place.save(update_fields=["kind", "name", "most_kg"])
    work.record(PlaceChanged(before=before, after=_told(place)), on=place)
    fullest = selectors.stocks_of(place).order_by("-kg", "pk").first()
    if fullest is not None:
        findings.weigh_place(work, fullest)


@act(may=KEEP, on=Place)
def close_place(work: Work, place: Place, *, reason: str) -> None:
    """The place keeps nothing any more; refused while something is in it. Again: nothing."""
    if place.closed_on is not None:
        return
    if not reason.strip():
        raise BadInput("reason", gettext_noop("Say why the place is given up."))
    held = selectors.stocks_of(place).filter(kg__gt=0).first()
    if held is not None:
        raise BadInput(
            "reason", gettext_noop("%(kg)s kg of %(substance)s are still in it. Move or use them first."),
            kg=shown(held.kg), substance=held.substance.name,
        )  # fmt: skip
    place.closed_on = clock.today()
    place.save(update_fields=["closed_on"])
    work.record(PlaceClosed(reason=reason.strip()[:200]), on=place)


@act(may=KEEP, on=Place)
def set_limit(work: Work, place: Place, *, substance: int, most_kg: Decimal, basis: str) -> Stock:
    """Declare the most a place is built to hold of a substance, by a paper (design file, acceptance report)."""
    found = selectors.substance_for(place, substance)
    limit, basis = mass(most_kg, "most_kg"), basis.strip()[:120]
    if not basis:
        raise BadInput("basis", gettext_noop("Name the paper it rests on: design file, acceptance report, evaluation."))
    stock = stock_at(place, found)
    if (stock.most_kg, stock.basis) == (limit, basis):
        return stock
    stock.most_kg, stock.basis = limit, basis
    stock.save(update_fields=["most_kg", "basis"])
    work.record(LimitSet(substance=found.name, kg=shown(limit), basis=basis), on=stock)
    findings.weigh_stock(work, stock)
    return stock


def _free(site: int, name: str) -> None:
    if Place.objects.filter(site=site, name=name).exists():
        raise BadInput("name", gettext_noop("This site has a place of that name already. Give another name."))


def _told(place: Place) -> str:
    limit = f", {shown(place.most_kg)} kg" if place.most_kg is not None else ""
    return f"{place.name}{limit}"
