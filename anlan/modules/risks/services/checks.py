"""The two lines of defence joined: checks of measures, the hazards they open, the hazards that lie on a point."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from anlan.kernel import clock
from anlan.kernel.acts import Work, act, created
from anlan.kernel.errors import BadInput, NotFound, WrongStep, gettext_noop
from anlan.kernel.files.services import PICTURES, attach
from anlan.modules.hazards import public as hazards
from anlan.modules.risks.choices import MeasureKind
from anlan.modules.risks.events import (
    HazardTied,
    MeasureFailed,
    MeasureRestored,
    MeasuresChecked,
    TieDropped,
)
from anlan.modules.risks.models import HazardTie, Measure, MeasureCheck, RiskPoint
from anlan.modules.risks.services._entry import need_text
from anlan.modules.risks.services._standing import raise_if_repeated, scope_like, settle_register
from anlan.modules.risks.workflow import CHECK, POINT

REPORT = "hazards.report"
WHY = "the measures and hazards of the point in hand"
IN_FORCE = ("in_force", "under_review", "assessed")
NONE = ("withdrawn", "merged")
MOST_PHOTOS = 9
CATEGORIES = {
    MeasureKind.ENGINEERING: "thing", MeasureKind.MANAGEMENT: "management", MeasureKind.TRAINING: "training",
    MeasureKind.PROTECTION: "protection", MeasureKind.EMERGENCY: "emergency",
}  # fmt: skip


@act(may=CHECK, on=Measure)
def check_measure(
    work: Work, measure: Measure, *, effective: bool, note: str = "", photos: Iterable[Any] = ()
) -> MeasureCheck:
    """Say whether a measure in force works. A failed one opens a hazard at once, with what was found and the photos.

    The unit's own people so report a self-check, everybody else a finding. While the hazard of a failed measure is open
    a second look opens no second one; an effective look at a failed measure is refused until its hazard is closed.
    """
    point = _in_force(measure, gettext_noop("Check a measure"))
    given = [photo for photo in photos if photo]
    said = need_text("note", note, most=500, least=0)
    if len(given) > MOST_PHOTOS:
        raise BadInput("photos", gettext_noop("At most %(most)s files at a time. Leave some out."), most=MOST_PHOTOS)
    if not effective and len(said) < 4:
        raise BadInput("note", gettext_noop("Say what is wrong with the measure: it becomes the hazard's description."))
    if effective and measure.failed:
        number = _hazard_number(measure)
        raise BadInput(
            "effective", gettext_noop(
                "Hazard %(number)s of this measure is still open. It is effective again once that is closed."
            ),
            number=number,
        )  # fmt: skip
    own = any(grant.holder == point.holder for grant in work.actor.grants_for(REPORT) if grant.holder)
    check = created(
        MeasureCheck(
            point=point, measure=measure, effective=effective, note=said, by_unit=own, by_name=work.actor.name,
            at=work.now, **scope_like(point),
        )
    )  # fmt: skip
    for photo in given:
        attach(work, check, photo, purpose="photo", allowed=PICTURES)
    if effective:
        work.record(MeasuresChecked(count=1), on=point)
    else:
        _fail(work, point, measure, check, given, own)
    measure.checked_at = work.now
    measure.save(update_fields=["failed", "hazard", "checked_at"])
    settle_register(work, point)
    return check


@act(may=CHECK, on=RiskPoint)
def check_all_measures(work: Work, point: RiskPoint) -> int:
    """Say of every measure in force that is not failed that it works; answers how many there are."""
    if point.state not in IN_FORCE or point.assessment_id is None:
        raise WrongStep(step=gettext_noop("Check the measures"), state=POINT.state(point.state).label)
    rows: Any = Measure.objects.everything(why=WHY).filter(assessment_id=point.assessment_id, failed=False)
    found = list(rows.select_for_update().order_by("pk"))
    own = any(grant.holder == point.holder for grant in work.actor.grants_for(REPORT) if grant.holder)
    MeasureCheck.plain.bulk_create(
        [
            MeasureCheck(
                point=point, measure=m, effective=True, by_unit=own, by_name=work.actor.name, at=work.now,
                **scope_like(point),
            )
            for m in found
        ]
    )  # fmt: skip
    Measure.plain.filter(pk__in=[m.pk for m in found]).update(checked_at=work.now)
    if found:
        work.record(MeasuresChecked(count=len(found)), on=point)
    return len(found)


@act(may=CHECK, on=RiskPoint)
def tie_hazard(work: Work, point: RiskPoint, *, hazard: int) -> HazardTie:
    """Say that a hazard on the same site lies on this point; once tied it counts. Again: nothing."""
    if not point.is_open:
        raise WrongStep(step=gettext_noop("Tie a hazard"), state=POINT.state(point.state).label)
    try:
        view = hazards.hazard_view(work.actor, hazard)
    except (NotFound, ValueError, TypeError) as why:
        raise BadInput("hazard", gettext_noop("Choose a hazard of this site.")) from why
    if view.site_id != point.site_id:
        raise BadInput("hazard", gettext_noop("Choose a hazard of this site."))
    if view.state in NONE:
        raise BadInput(
            "hazard", gettext_noop("%(number)s was withdrawn or merged into another. Choose one that stands."),
            number=view.number,
        )  # fmt: skip
    rows: Any = HazardTie.objects.everything(why=WHY)
    known: HazardTie | None = rows.filter(hazard_id=view.id).select_related("point").first()
    if known is not None:
        if known.point_id == point.pk:
            return known
        raise BadInput("hazard", gettext_noop("This hazard lies on %(point)s already."), point=known.point.name)
    return _tie(work, point, view, None)


@act(may=CHECK, on=HazardTie)
def drop_tie(work: Work, tie: HazardTie, *, reason: str) -> None:
    """A hazard turned out to be none: it counts no longer. ``reason`` is a msgid."""
    if not tie.counts:
        return
    tie.counts = False
    tie.save(update_fields=["counts"])
    number = hazards.hazard_views([tie.hazard_id])[tie.hazard_id].number
    work.record(TieDropped(number=number, reason=reason), on=tie.point)
    _restore(work, tie.hazard_id, number)


@act(may=CHECK, on=HazardTie)
def follow_merger(work: Work, tie: HazardTie, *, into: int, reason: str) -> None:
    """A hazard on a point was merged into another one of its site: that one lies on the point from now on, and the
    measures that failed with the first have failed until it is closed. ``reason`` is a msgid."""
    if not tie.counts:
        return
    views = hazards.hazard_views([tie.hazard_id, into])
    old, new = views[tie.hazard_id], views[into]
    tie.counts = False
    tie.save(update_fields=["counts"])
    point: RiskPoint = tie.point
    work.record(TieDropped(number=old.number, reason=reason), on=point)
    rows: Any = HazardTie.objects.everything(why=WHY)
    if not rows.filter(hazard_id=new.id).exists():
        created(
            HazardTie(
                point=point, hazard_id=new.id, measure_id=tie.measure_id, found_on=new.found_on, tied_at=tie.tied_at,
                by_name=work.actor.name, **scope_like(point),
            )
        )  # fmt: skip
        work.record(HazardTied(number=new.number, title=new.title), on=point)
    measures: Any = Measure.objects.everything(why=WHY).filter(hazard_id=old.id, failed=True)
    measures.update(hazard_id=new.id)


@act(may=CHECK)
def restore_measures(work: Work, *, hazard: int) -> int:
    """The hazard is closed: the measures that failed with it are effective again. Answers how many."""
    number = hazards.hazard_views([hazard])[hazard].number
    return _restore(work, hazard, number)


@act(may=CHECK)
def fail_again(work: Work, *, hazard: int) -> int:
    """The hazard was opened again: the measure for which it was opened has failed again. Answers how many."""
    ties: Any = HazardTie.objects.everything(why=WHY).filter(hazard_id=hazard).exclude(measure=None)
    tie: HazardTie | None = ties.select_related("point").first()
    if tie is None or tie.point.assessment_id is None:
        return 0
    # The same measure, or its copy in a revision that came into force meanwhile.
    first: int = tie.measure_id or 0
    said: Any = Measure.objects.everything(why=WHY).filter(pk=first).values("kind", "text")[0]
    same: Any = Measure.objects.everything(why=WHY).filter(assessment_id=tie.point.assessment_id, failed=False)
    rows = list(same.filter(Q(pk=first) | Q(**said)).select_for_update().order_by("pk")[:1])
    for measure in rows:
        measure.failed, measure.hazard_id = True, hazard
        measure.save(update_fields=["failed", "hazard"])
    if rows:
        number = hazards.hazard_views([hazard])[hazard].number
        work.record(MeasureFailed(measure=rows[0].text, number=number), on=tie.point)
        settle_register(work, tie.point)
    return len(rows)


def _in_force(measure: Measure, step: str) -> RiskPoint:
    points: Any = RiskPoint.objects.everything(why="the point of the measure in hand")
    point: RiskPoint = points.select_for_update(of=("self",)).get(pk=measure.assessment.point_id)
    if point.assessment_id != measure.assessment_id or point.state not in IN_FORCE:
        raise WrongStep(step=step, state=POINT.state(point.state).label)
    return point


def _fail(work: Work, point: RiskPoint, measure: Measure, check: MeasureCheck, photos: list[Any], own: bool) -> None:
    if measure.failed and measure.hazard_id is not None:
        number = _hazard_number(measure)
        check.hazard_id = measure.hazard_id
    else:
        for photo in photos:
            photo.seek(0)
        place: dict[str, Any] = {"lon": point.lon, "lat": point.lat} if point.lon is not None else {}
        view = hazards.open_hazard(
            work.actor, site_id=point.site_id, source="self_check" if own else "inspection", own=own,
            description=f"{point.name}：{measure.text}。{check.note}", title=f"{point.name}管控措施失效"[:120],
            place=(point.place or point.name)[:120], category=CATEGORIES[MeasureKind(measure.kind)],
            found_on=clock.today(), before=photos, responsible=point.responsible,
            **place,
        )  # fmt: skip
        measure.failed, measure.hazard_id = True, view.id
        check.hazard_id, number = view.id, view.number
        _tie(work, point, view, measure)
    check.save(update_fields=["hazard"])
    work.record(MeasureFailed(measure=measure.text, number=number), on=point)


def _tie(work: Work, point: RiskPoint, view: hazards.HazardView, measure: Measure | None) -> HazardTie:
    tie = created(
        HazardTie(
            point=point, hazard_id=view.id, measure=measure, found_on=view.found_on, tied_at=work.now,
            by_name=work.actor.name, **scope_like(point),
        )
    )  # fmt: skip
    work.record(HazardTied(number=view.number, title=view.title), on=point)
    if raise_if_repeated(work, point):
        settle_register(work, point)
    return tie


def _restore(work: Work, hazard: int, number: str) -> int:
    rows: Any = Measure.objects.everything(why=WHY).filter(hazard_id=hazard, failed=True)
    found = list(rows.select_related("assessment__point").select_for_update(of=("self",)).order_by("pk"))
    for measure in found:
        measure.failed, measure.hazard_id = False, None
        measure.save(update_fields=["failed", "hazard"])
        if measure.assessment.point.assessment_id == measure.assessment_id:
            work.record(MeasureRestored(measure=measure.text, number=number), on=measure.assessment.point)
    for point in {m.assessment.point.pk: m.assessment.point for m in found}.values():
        settle_register(work, point)
    return len(found)


def _hazard_number(measure: Measure) -> str:
    views = hazards.hazard_views([measure.hazard_id or 0])
    return views[measure.hazard_id].number if measure.hazard_id in views else "—"
