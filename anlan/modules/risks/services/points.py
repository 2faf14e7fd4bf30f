"""Risk points: entered, corrected."""

from __future__ import annotations

from typing import Any

from anlan.kernel.acts import Work, act, created
from anlan.kernel.errors import BadInput, WrongStep, gettext_noop
from anlan.kernel.journal.facts import FieldsChanged
from anlan.kernel.workflow import begin, remember
from anlan.modules.registry import public as registry
from anlan.modules.risks.choices import Identification, PointKind
from anlan.modules.risks.events import PointRegistered
from anlan.modules.risks.models import Assessment, RiskPoint
from anlan.modules.risks.services._entry import need_text, number_of, one_of, placed, site_within, words_of
from anlan.modules.risks.services._standing import scope_like, settle_register
from anlan.modules.risks.workflow import KEEP, POINT

LABELS = {
    "name": gettext_noop("risk point"), "kind": gettext_noop("kind"), "identification": gettext_noop("identified by"),
    "place": gettext_noop("where on the site"), "people": gettext_noop("people at work there"),
    "emergency_phone": gettext_noop("emergency telephone"), "lon": gettext_noop("longitude"),
    "lat": gettext_noop("latitude"),
}  # fmt: skip


@act(may=KEEP)
def register_point(
    work: Work, *, site: Any, name: str, kind: str, identification: str = "jha", place: str = "",
    people: int | None = None, emergency_phone: str = "", lon: float | None = None, lat: float | None = None,
) -> RiskPoint:  # fmt: skip
    """A unit enters a risk point of one of its sites; its first assessment then lies on the table, without factors.

    ``lon``/``lat`` (WGS-84) are refused outside the region of the site; left out, the site's own count.
    """
    where = site_within(work, site, KEEP)
    if not where.open:
        raise BadInput("site", gettext_noop("This site is closed. Choose one that works."))
    said = _fields(where, name, kind, identification, place, people, emergency_phone, lon, lat)
    rows: Any = RiskPoint.objects.everything(why="one name once on a site")
    twin = rows.filter(site_id=where.id, name=said["name"], place=said["place"]).exclude(state="closed").first()
    if twin is not None:
        raise BadInput(
            "name", gettext_noop("%(number)s has this name at this place already. Give another name or place."),
            number=twin.number,
        )  # fmt: skip
    point = RiskPoint(
        number=number_of(where), site_id=where.id, region_path=where.region_path, sector=where.sector,
        holder=where.holder, created_at=work.now, **said,
    )  # fmt: skip
    point.search_text = words_of(point, where)
    begin(work, point, "register")
    created(point)
    remember(work, point, "register")
    Assessment(point=point, number=1, **scope_like(point)).save(force_insert=True)
    settle_register(work, point)
    work.record(PointRegistered(number=point.number, name=point.name), on=point)
    return point


@act(may=KEEP, on=RiskPoint)
def change_point(
    work: Work, point: RiskPoint, *, name: str, kind: str, identification: str, place: str = "",
    people: int | None = None, emergency_phone: str = "", lon: float | None = None, lat: float | None = None,
) -> None:  # fmt: skip
    """Correct what is said of a point, not how grave it is. The same again does nothing."""
    if not point.is_open:
        raise WrongStep(step=gettext_noop("Correct the risk point"), state=POINT.state(point.state).label)
    where = registry.site_views([point.site_id])[point.site_id]
    same_place = (lon, lat) == (point.lon, point.lat)
    said = _fields(
        where, name, kind, identification, place, people, emergency_phone, None if same_place else lon,
        None if same_place else lat,
    )  # fmt: skip
    if same_place:
        said |= {"lon": lon, "lat": lat}
    changes = {LABELS[f]: [_told(getattr(point, f)), _told(v)] for f, v in said.items() if getattr(point, f) != v}
    if not changes:
        return
    for field, value in said.items():
        setattr(point, field, value)
    point.search_text = words_of(point, where)
    point.save(update_fields=[*said, "search_text"])
    work.record(FieldsChanged(what=list(changes), changes=changes), on=point)


@act(may=KEEP, on=RiskPoint)
def find_again(work: Work, point: RiskPoint) -> None:
    """Let a point be found by the present names of its site and unit."""
    words = words_of(point, registry.site_views([point.site_id])[point.site_id])
    if words != point.search_text:
        point.search_text = words
        point.save(update_fields=["search_text"])


def _fields(
    where: registry.SiteView, name: str, kind: str, identification: str, place: str, people: int | None,
    emergency_phone: str, lon: float | None, lat: float | None,
) -> dict[str, Any]:  # fmt: skip
    if people is not None and not 0 <= people <= 100_000:
        raise BadInput("people", gettext_noop("Give a number of people from 0 to 100,000."))
    x, y = placed(where, lon, lat)
    phone = " ".join(emergency_phone.split())
    if len(phone) > 30:
        raise BadInput("emergency_phone", gettext_noop("At most %(most)s characters. Shorten it."), most=30)
    return {
        "name": need_text("name", name, most=80, least=2), "kind": one_of("kind", kind, PointKind),
        "identification": one_of("identification", identification, Identification),
        "place": need_text("place", place, most=120, least=0), "people": people, "emergency_phone": phone, "lon": x,
        "lat": y,
    }  # fmt: skip


def _told(value: Any) -> str:
    return "" if value is None else str(value)
