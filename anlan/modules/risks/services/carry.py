"""Following the registry: a site that moved, was merged, or is under another line takes its risks along."""

from __future__ import annotations

from typing import Any

from anlan.kernel.acts import Work, act
from anlan.kernel.deadlines import services as deadlines
from anlan.kernel.deadlines.models import Deadline
from anlan.kernel.scope import follow_subject
from anlan.modules.registry import public as registry
from anlan.modules.risks.events import RisksCarried
from anlan.modules.risks.models import (
    Assessment,
    ColourChange,
    Factor,
    FloorPlan,
    HazardTie,
    Measure,
    MeasureCheck,
    Register,
    RiskPoint,
    Zone,
)
from anlan.modules.risks.services._entry import words_of
from anlan.modules.risks.services._standing import REVIEW, settle_register
from anlan.modules.risks.workflow import KEEP

OF_POINT = (
    (Assessment, "point"),
    (ColourChange, "point"),
    (MeasureCheck, "point"),
    (HazardTie, "point"),
    (Zone, "point"),
)
OF_ASSESSMENT = ((Factor, "assessment__point"), (Measure, "assessment__point"))
WHY = "everything on one site follows it"


@act(may=KEEP)
def carry_risks(work: Work, *, from_site: int, to_site: int, why: str) -> int:
    """Give everything on a site the place, line and holder of the site (or of the one it was merged into).

    Answers how many points there are; what lies there already is left alone.
    """
    site = registry.site_view(work.actor, to_site)
    scope = {"region_path": site.region_path, "sector": site.sector, "holder": site.holder}
    points: Any = RiskPoint.objects.everything(why=WHY).filter(site_id=from_site)
    moved = list(points.select_for_update(of=("self",)).order_by("pk"))
    plans: Any = FloorPlan.objects.everything(why=WHY).filter(site_id=from_site)
    for plan in plans.select_for_update(of=("self",)):
        plan.site_id = site.id
        _place(plan, scope)
    for point in moved:
        if (point.site_id, point.region_path, point.sector, point.holder) == (site.id, *scope.values()):
            continue
        held, point.site_id = point.holder, site.id
        point.search_text = words_of(point, site)
        _place(point, scope, "search_text")
        items: Any = Deadline.objects.everything(why=WHY).filter(
            subject_type=point._meta.label_lower, subject_id=str(point.pk), desk_holder=held
        )
        items.update(desk_holder=site.holder)
        for model, field in (*OF_POINT, *OF_ASSESSMENT):
            rows: Any = model.objects.everything(why=WHY).filter(**{field: point})
            rows.update(**scope)
        work.record(RisksCarried(site=site.name, why=why), on=point)
    if moved:
        _registers(work, from_site, moved[-1])
    return len(moved)


def _place(row: Any, scope: dict[str, str], *more: str) -> None:
    for name, value in scope.items():
        setattr(row, name, value)
    row.save(update_fields=["site", *scope, *more])
    follow_subject(row)


def _registers(work: Work, from_site: int, point: RiskPoint) -> None:
    """The site's register is counted anew; that of a site merged away ends."""
    if from_site != point.site_id:
        rows: Any = Register.objects.everything(why=WHY).filter(site_id=from_site)
        for register in rows.select_for_update():
            deadlines.cancel(work, register, REVIEW)
            register.points = register.assessed = register.failed = 0
            register.colour, register.review_due = "", None
            register.save()
    follow_subject(settle_register(work, point))
