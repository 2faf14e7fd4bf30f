"""From the factors to an assessment in force; reviews; the end of a point. One act a step of ``workflow.POINT``."""

from __future__ import annotations

from typing import Any

from anlan.kernel import clock
from anlan.kernel.acts import Work, act
from anlan.kernel.deadlines import services as deadlines
from anlan.kernel.errors import BadInput, gettext_noop
from anlan.kernel.workflow import take
from anlan.modules.registry import public as registry
from anlan.modules.risks import selectors
from anlan.modules.risks.choices import COLOUR_LABELS, ControlLevel, Why
from anlan.modules.risks.events import (
    AssessmentInForce,
    AssessmentReturned,
    PointAssessed,
    PointClosed,
    PointReinstated,
    ReviewBegun,
)
from anlan.modules.risks.models import Assessment, Measure, RiskPoint
from anlan.modules.risks.services._entry import need_text, one_of
from anlan.modules.risks.services._judging import controlled, gravest, keep
from anlan.modules.risks.services._standing import REASSESS, scope_like, set_colour, settle_register
from anlan.modules.risks.workflow import APPROVE, KEEP

WHY = "the assessments of the point in hand"
NO_FACTOR = gettext_noop("Enter at least one hazard factor with its measures first.")


@act(may=KEEP, on=RiskPoint)
def assess_point(work: Work, point: RiskPoint, *, control_level: str, responsible: str, note: str = "") -> None:
    """Settle the assessment on the table: its level is the gravest of its factors, and it is never edited again.

    A level of control below the lowest one for the residual risk is refused, with those that are high enough.
    """
    row = _last(point)
    level = one_of("control_level", control_level, ControlLevel)
    person = need_text("responsible", responsible, most=60, least=2)
    said = need_text("note", note, most=500, least=0)
    take(work, point, "assess", given={"control_level": level, "responsible": person})
    factors = list(selectors.factors_of(row))
    if not factors:
        raise BadInput("control_level", NO_FACTOR)
    before = gravest([(f.part, f.inherent) for f in factors])
    after = gravest([(f.part, f.residual) for f in factors])
    control = controlled(after.value.colour.value, level)
    row.inherent, row.residual = before.value.colour.value, after.value.colour.value
    row.control_level, row.responsible, row.note = level, person, said
    row.finding = {
        "inherent": keep("risk_place", before), "residual": keep("risk_place", after),
        "control": keep("risk_control", control),
    }  # fmt: skip
    row.assessed_at, row.assessed_by = work.now, work.actor.name
    row.save()
    point.save(update_fields=["state"])
    work.record(
        PointAssessed(revision=row.number, inherent=COLOUR_LABELS[row.inherent], residual=COLOUR_LABELS[row.residual]),
        on=point,
    )


@act(may=APPROVE, on=RiskPoint)
def put_in_force(work: Work, point: RiskPoint) -> None:
    """The principal puts the settled assessment in force: it supersedes the one before, a raised level ends with it."""
    row = _last(point)
    take(work, point, "put_in_force")
    old: Any = Assessment.objects.everything(why=WHY).filter(pk=point.assessment_id or 0)
    old.update(superseded_at=work.now)
    _follow_origins(row)
    row.in_force_at, row.approved_by = work.now, work.actor.name
    row.save(update_fields=["in_force_at", "approved_by"])
    classes = selectors.factors_of(row).values_list("accident_class", flat=True)
    point.assessment, point.inherent, point.residual = row, row.inherent, row.residual
    point.raised, point.raised_on, point.counted_from = "", None, work.now
    point.control_level, point.responsible = row.control_level, row.responsible
    point.accident_classes = list(dict.fromkeys(classes))
    point.assessed_on = clock.day_of(row.assessed_at or work.now)
    set_colour(work, point, why=Why.ASSESSED, steps=row.finding["residual"]["steps"])
    point.save()
    deadlines.meet(work, point, REASSESS)
    settle_register(work, point)
    work.record(AssessmentInForce(revision=row.number, level=COLOUR_LABELS[row.residual], shown=point.shown), on=point)


@act(may=APPROVE, on=RiskPoint)
def return_assessment(work: Work, point: RiskPoint, *, reason: str) -> None:
    """Send the settled assessment back: it stays on record as returned, a copy of it lies on the table."""
    row = _last(point)
    why = need_text("reason", reason, most=200)
    take(work, point, "return_assessment", note=why, given={"reason": why})
    row.returned_at = work.now
    row.save(update_fields=["returned_at"])
    point.save(update_fields=["state"])
    _copied(point, row)
    work.record(AssessmentReturned(revision=row.number, reason=why), on=point)


@act(may=KEEP, on=RiskPoint)
def begin_review(work: Work, point: RiskPoint, *, reason: str = "") -> None:
    """Lay a copy of the assessment in force on the table; the one in force counts until the next is."""
    why = need_text("reason", reason, most=200, least=0)
    take(work, point, "begin_review", note=why)
    point.save(update_fields=["state"])
    assert point.assessment is not None  # held by a constraint of the table
    fresh = _copied(point, point.assessment)
    work.record(ReviewBegun(revision=fresh.number, reason=why or "—"), on=point)


@act(may=APPROVE, on=RiskPoint)
def close_point(work: Work, point: RiskPoint, *, reason: str) -> None:
    """Strike a point off: its place, process or equipment is gone. Its notice card opens no longer."""
    why = need_text("reason", reason, most=200)
    take(work, point, "close", note=why, given={"reason": why})
    point.closed_at, point.card_token = work.now, ""
    set_colour(work, point, why=Why.CLOSED, steps=[[why, why]])
    point.save()
    deadlines.cancel(work, point, REASSESS)
    settle_register(work, point)
    work.record(PointClosed(reason=why), on=point)


@act(may=APPROVE, on=RiskPoint)
def reinstate_point(work: Work, point: RiskPoint, *, reason: str) -> None:
    """Take a point struck off back into the register: its site reopened, its equipment is in use again. Again: nothing.

    It is assessed anew before it counts as under control: what was in force lies on the table as a copy and colours it
    until then. Its notice card is issued anew. A point never assessed goes on where it stood.
    """
    if point.state in ("under_review", "draft"):
        return
    why = need_text("reason", reason, most=200)
    if not registry.site_views([point.site_id])[point.site_id].open:
        raise BadInput("reason", gettext_noop("Its site is closed. The site is reopened first."))
    known = point.assessment
    take(work, point, "reinstate" if known is not None else "begin_again", note=why, given={"reason": why})
    point.closed_at = None
    last = _last(point)
    if known is not None and (last.pk == known.pk or last.assessed_at is not None):
        _copied(point, known)
    set_colour(work, point, why=Why.ASSESSED, steps=[[why, why]])
    point.save()
    settle_register(work, point)
    work.record(PointReinstated(reason=why), on=point)


def _last(point: RiskPoint) -> Assessment:
    """The newest revision, locked."""
    rows: Any = Assessment.objects.everything(why=WHY)
    found: Assessment = rows.filter(point=point).select_for_update().order_by("-number")[0]
    return found


def _copied(point: RiskPoint, row: Assessment) -> Assessment:
    """A new revision with the factors and measures of another."""
    fresh = Assessment(point=point, number=_last(point).number + 1, **scope_like(point))
    fresh.save(force_insert=True)
    for factor in selectors.factors_of(row):
        measures = sorted(factor.measures.all(), key=lambda m: m.pk)
        factor.pk, factor.assessment = None, fresh
        factor._state.adding = True
        factor.save(force_insert=True)
        Measure.plain.bulk_create(
            [
                Measure(
                    assessment=fresh, factor=factor, kind=m.kind, text=m.text, failed=m.failed, hazard_id=m.hazard_id,
                    checked_at=m.checked_at, origin=m, **scope_like(point),
                )
                for m in measures
            ]
        )  # fmt: skip
    return fresh


def _follow_origins(row: Assessment) -> None:
    """What was found of a measure while its copy lay on the table holds for the copy."""
    for measure in selectors.measures_of(row).exclude(origin=None).select_related("origin"):
        source = measure.origin
        if source is not None and (measure.failed, measure.hazard_id, measure.checked_at) != (
            source.failed, source.hazard_id, source.checked_at,
        ):  # fmt: skip
            measure.failed, measure.hazard_id, measure.checked_at = source.failed, source.hazard_id, source.checked_at
            measure.save(update_fields=["failed", "hazard", "checked_at"])
