"""Floor plans of sites, and the zones drawn on them."""

from __future__ import annotations

import math
from typing import Any

from shapely.geometry import Polygon

from anlan.kernel.acts import Work, act, created
from anlan.kernel.errors import BadInput, gettext_noop
from anlan.kernel.files.services import MOST_BYTES, PICTURES, attach, media_type_of
from anlan.modules.risks.events import PlanAdded, PlanRemoved, ZoneDrawn, ZoneErased
from anlan.modules.risks.models import FloorPlan, RiskPoint, Zone
from anlan.modules.risks.services._entry import need_text, site_within
from anlan.modules.risks.services._standing import SCOPE, scope_like
from anlan.modules.risks.workflow import KEEP

LEAST_CORNERS, MOST_CORNERS, LEAST_AREA, LEAST_PIXELS = 3, 60, 0.0001, 200
NO_PICTURE = gettext_noop(
    "“%(name)s” is no picture. A plan is uploaded as JPG, PNG or WebP: export the drawing as one of these."
)
NO_CORNERS = gettext_noop(
    "Give the corners as x,y pairs between 0 and 1, parted by spaces: 0.10,0.20 0.30,0.20 0.30,0.40."
)


@act(may=KEEP)
def add_plan(work: Work, *, site: Any, name: str, picture: Any) -> FloorPlan:
    """Add a floor plan of a site: a picture of at least 200 pixels each way."""
    where = site_within(work, site, KEEP)
    chosen = picture[0] if isinstance(picture, list | tuple) and picture else picture
    if not chosen:
        raise BadInput("picture", gettext_noop("Choose at least one file."))
    chosen.seek(0)
    content = chosen.read(MOST_BYTES + 1)
    chosen.seek(0)
    if content and media_type_of(content) not in PICTURES:
        raise BadInput("picture", NO_PICTURE, name=str(chosen.name)[-80:])
    plan = created(
        FloorPlan(
            site_id=where.id, name=need_text("name", name, most=60), drawn_at=work.now,
            **{field: getattr(where, field) for field in SCOPE},
        )
    )  # fmt: skip
    try:
        stored = attach(work, plan, chosen, purpose="plan", allowed=PICTURES)
    except BadInput as why:
        raise BadInput("picture", why.message, **why.params) from why
    if min(stored.width or 0, stored.height or 0) < LEAST_PIXELS:
        raise BadInput(
            "picture", gettext_noop("The plan is too small to draw on. Use a picture of 200 pixels or more.")
        )
    plan.width, plan.height = stored.width or 0, stored.height or 0
    plan.save(update_fields=["width", "height"])
    work.record(PlanAdded(name=plan.name), on=plan)
    return plan


@act(may=KEEP, on=FloorPlan)
def remove_plan(work: Work, plan: FloorPlan, *, reason: str) -> None:
    """Take a plan away with its zones; the picture stays on record."""
    why = need_text("reason", reason, most=200)
    if plan.removed_at is not None:
        return
    zones: Any = Zone.objects.everything(why="the zones of the plan in hand").filter(plan=plan)
    zones.delete()
    plan.removed_at = work.now
    plan.save(update_fields=["removed_at"])
    work.record(PlanRemoved(reason=why), on=plan)


@act(may=KEEP, on=FloorPlan)
def draw_zone(work: Work, plan: FloorPlan, *, point: Any, corners: str) -> Zone:
    """Draw where a risk point lies: ``corners`` as x,y pairs in shares of the plan's width and height, 0 to 1.

    A zone outside the plan, one whose edges cross and one without area are refused. A point has one zone a plan: drawn
    again it replaces the first; the same again does nothing.
    """
    if plan.removed_at is not None:
        raise BadInput("corners", gettext_noop("This plan was removed. Draw on another one."))
    key = getattr(point, "pk", point)
    points: Any = RiskPoint.objects.visible_to(work.actor, KEEP)
    found: RiskPoint | None = points.filter(pk=key, site_id=plan.site_id).exclude(state="closed").first()
    if found is None:
        raise BadInput("point", gettext_noop("Choose a risk point of this site."))
    given = _read_corners(corners)
    zones: Any = Zone.objects.everything(why="the zone of the point on the plan in hand")
    zone: Zone | None = zones.filter(plan=plan, point=found).first()
    if zone is not None and zone.corners == given:
        return zone
    if zone is None:
        zone = Zone(plan=plan, point=found, **scope_like(plan))
    zone.corners, zone.drawn_at, zone.by_name = given, work.now, work.actor.name
    zone.save()
    work.record(ZoneDrawn(point=found.name, corners=len(given)), on=plan)
    return zone


@act(may=KEEP, on=Zone)
def erase_zone(work: Work, zone: Zone) -> FloorPlan:
    """Take a zone off its plan."""
    plan: FloorPlan = zone.plan
    work.record(ZoneErased(point=zone.point.name), on=plan)
    zone.delete()
    return plan


def _read_corners(text: str) -> list[list[float]]:
    """The corners of a zone, rounded to a ten-thousandth; ``BadInput`` with the remedy for what is none."""
    found: list[list[float]] = []
    for pair in str(text).split():
        try:
            x, y = (float(part) for part in pair.split(","))
        except ValueError as why:
            raise BadInput("corners", NO_CORNERS) from why
        if not (math.isfinite(x) and math.isfinite(y)):
            raise BadInput("corners", NO_CORNERS)
        if not (0 <= x <= 1 and 0 <= y <= 1):
            raise BadInput("corners", gettext_noop("The zone reaches outside the plan. Draw it within the picture."))
        corner = [round(x, 4), round(y, 4)]
        if not found or found[-1] != corner:
            found.append(corner)
    if len(found) > 1 and found[0] == found[-1]:
        found.pop()
    if not LEAST_CORNERS <= len(found) <= MOST_CORNERS:
        raise BadInput(
            "corners", gettext_noop("A zone has %(least)s to %(most)s corners. Draw it anew."), least=LEAST_CORNERS,
            most=MOST_CORNERS,
        )  # fmt: skip
    drawn = Polygon(found)
    if not drawn.is_valid:
        raise BadInput(
            "corners", gettext_noop("The edges of the zone cross each other. Draw it around, corner by corner.")
        )
    if drawn.area < LEAST_AREA:
        raise BadInput("corners", gettext_noop("The zone is too small to be seen. Draw it larger."))
    return found
