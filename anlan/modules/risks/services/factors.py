"""The factors of the assessment on the table: entered, scored anew, taken off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anlan.kernel.acts import Work, act
from anlan.kernel.errors import BadInput, WrongStep, gettext_noop
from anlan.kernel.law import by_figures_of, finding
from anlan.modules.risks import selectors
from anlan.modules.risks.choices import COLOUR_LABELS, MeasureKind, Method
from anlan.modules.risks.events import FactorChanged, FactorEntered, FactorRemoved
from anlan.modules.risks.models import Assessment, Factor, Measure, RiskPoint
from anlan.modules.risks.services._entry import need_text, one_of
from anlan.modules.risks.services._judging import judged
from anlan.modules.risks.services._standing import scope_like
from anlan.modules.risks.workflow import EDITABLE, KEEP, POINT

MOST_FACTORS, MOST_MEASURES, MOST_TEXT = 200, 20, 300
NO_MEASURE = gettext_noop("Name at least one measure that is in place, of any of the five kinds.")


@act(may=KEEP, on=RiskPoint)
def add_factor(
    work: Work, point: RiskPoint, *, method: str, part: str, factor: str, accident_class: str,
    inherent: Mapping[str, str], residual: Mapping[str, str] | None = None, standard: str = "", engineering: str = "",
    management: str = "", training: str = "", protection: str = "", emergency: str = "",
) -> Factor:  # fmt: skip
    """Enter a hazard factor and score it without (``inherent``) and with its measures (``residual``).

    ``method`` is lec, ls, mes or direct; ``inherent`` and ``residual`` map its factors to values of the scales
    (``{"L": "3", "E": "6", "C": "15"}``), for direct judgement ``inherent`` names the circumstances. Measures are given
    one a line for each of the five kinds. A residual risk above the inherent one is refused.
    """
    assessment = _on_the_table(work, point, gettext_noop("Enter a hazard factor"))
    if len(selectors.factors_of(assessment).values_list("pk")[:MOST_FACTORS]) >= MOST_FACTORS:
        raise BadInput(
            "part", gettext_noop("At most %(most)s factors. Register a second risk point."), most=MOST_FACTORS
        )
    last = selectors.factors_of(assessment).order_by("-order").values_list("order", flat=True).first() or 0
    said = _said(point.region_path, method, part, factor, accident_class, standard, inherent, residual or {})
    texts = _measures(engineering, management, training, protection, emergency)
    row = Factor(assessment=assessment, order=last + 1, **said, **scope_like(point))
    row.save(force_insert=True)
    _write(row, texts)
    work.record(FactorEntered(**_told(row)), on=point)
    return row


@act(may=KEEP, on=Factor)
def change_factor(
    work: Work, row: Factor, *, method: str, part: str, factor: str, accident_class: str, inherent: Mapping[str, str],
    residual: Mapping[str, str] | None = None, standard: str = "", engineering: str = "", management: str = "",
    training: str = "", protection: str = "", emergency: str = "",
) -> Factor:  # fmt: skip
    """Score a factor on the table anew, as ``add_factor``. The same again does nothing."""
    point = _point_of(work, row, gettext_noop("Change a hazard factor"))
    said = _said(point.region_path, method, part, factor, accident_class, standard, inherent, residual or {})
    texts = _measures(engineering, management, training, protection, emergency)
    before = sorted(selectors.measures_of(row).values_list("kind", "text"))
    same = all(getattr(row, name) == value for name, value in said.items() if name != "finding")
    if same and before == sorted(texts):
        return row
    for name, value in said.items():
        setattr(row, name, value)
    row.save()
    if before != sorted(texts):
        kept = {(m.kind, m.text): m for m in selectors.measures_of(row)}
        selectors.measures_of(row).exclude(pk__in=[kept[t].pk for t in texts if t in kept]).delete()
        _write(row, [t for t in texts if t not in kept])
    work.record(FactorChanged(**_told(row)), on=point)
    return row


@act(may=KEEP, on=Factor)
def remove_factor(work: Work, row: Factor) -> RiskPoint:
    """Take a factor off the assessment on the table, with its measures."""
    point = _point_of(work, row, gettext_noop("Remove a hazard factor"))
    work.record(FactorRemoved(part=row.part, factor=row.factor), on=point)
    row.delete()
    return point


def _point_of(work: Work, row: Factor, step: str) -> RiskPoint:
    points: Any = RiskPoint.objects.everything(why="the point of the factor in hand")
    point: RiskPoint = points.select_for_update(of=("self",)).get(pk=row.assessment.point_id)
    if _on_the_table(work, point, step).pk != row.assessment_id:
        raise WrongStep(step=step, state=gettext_noop("Settled"))
    return point


def _on_the_table(work: Work, point: RiskPoint, step: str) -> Assessment:
    """The assessment that is not settled yet; ``WrongStep`` where there is none."""
    rows: Any = Assessment.objects.everything(why="the assessment on the table of the point in hand")
    found: Assessment | None = rows.filter(point=point, assessed_at=None).first()
    if point.state not in EDITABLE or found is None:
        raise WrongStep(step=step, state=POINT.state(point.state).label)
    return found


def _said(
    path: str, method: str, part: str, factor: str, accident_class: str, standard: str, inherent: Mapping[str, str],
    residual: Mapping[str, str],
) -> dict[str, Any]:  # fmt: skip
    one_of("method", method, Method)
    said = {
        "part": need_text("part", part, most=120, least=2), "factor": need_text("factor", factor, most=300, least=2),
        "standard": need_text("standard", standard, most=300, least=0),
        "accident_class": finding("accident_class", {"accident_class": accident_class or ""}).value.name.zh[:20],
    }  # fmt: skip
    with by_figures_of(path):
        scored = judged(method, inherent, residual)
    return {
        **said, "method": method, "inherent_given": scored.inherent_given, "residual_given": scored.residual_given,
        "inherent": scored.inherent, "residual": scored.residual, "inherent_score": scored.inherent_score,
        "residual_score": scored.residual_score, "finding": scored.kept,
    }  # fmt: skip


def _measures(
    engineering: str, management: str, training: str, protection: str, emergency: str
) -> list[tuple[str, str]]:
    """The measures by kind, one a line, each once."""
    given = zip(MeasureKind.values, (engineering, management, training, protection, emergency), strict=True)
    found: dict[tuple[str, str], None] = {}
    for kind, text in given:
        lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
        if len(lines) > MOST_MEASURES:
            raise BadInput(kind, gettext_noop("At most %(most)s measures of a kind. Join some."), most=MOST_MEASURES)
        if any(len(line) > MOST_TEXT for line in lines):
            raise BadInput(
                kind, gettext_noop("A measure has at most %(most)s characters. Break the line."), most=MOST_TEXT
            )
        found |= dict.fromkeys((kind, line) for line in lines)
    if not found:
        raise BadInput(MeasureKind.ENGINEERING, NO_MEASURE)
    return list(found)


def _write(row: Factor, texts: list[tuple[str, str]]) -> None:
    Measure.plain.bulk_create(
        [
            Measure(assessment_id=row.assessment_id, factor=row, kind=kind, text=text, **scope_like(row))
            for kind, text in texts
        ]
    )


def _told(row: Factor) -> dict[str, str]:
    return {
        "part": row.part, "factor": row.factor, "inherent": COLOUR_LABELS[row.inherent],
        "residual": COLOUR_LABELS[row.residual],
    }  # fmt: skip
