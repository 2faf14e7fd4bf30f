"""What follows from a change of a point: its colour on record, its site's register, the day of the next review."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count, Min, Q

from anlan.kernel import clock
from anlan.kernel.acts import Work
from anlan.kernel.codes.services import parameter, parameter_rows
from anlan.kernel.deadlines import services as deadlines
from anlan.kernel.errors import gettext_noop
from anlan.kernel.identity.actors import holders_of
from anlan.kernel.law import finding
from anlan.kernel.notify.services import tell
from anlan.kernel.obligations.adoption import adopted_at
from anlan.kernel.obligations.selectors import code_at
from anlan.modules.risks.choices import (
    COLOUR_LABELS,
    ORDER,
    REASSESS_DAYS,
    REPEAT_COUNT,
    REPEAT_DAYS,
    REVIEW_MONTHS,
    Colour,
    Why,
    graver,
)
from anlan.modules.risks.events import LevelRaised
from anlan.modules.risks.models import ColourChange, HazardTie, Measure, Register, RiskPoint
from anlan.modules.risks.services._judging import both
from anlan.modules.risks.workflow import KEEP, OPEN_STATES
from anlan.rules.obligations import obligation
from anlan.rules.risk_control import LOWEST, ControlLevel
from anlan.rules.risk_scores import Colour as RuleColour
from anlan.rules.working_days import add_months

REVIEW, REASSESS, AREA = "risks.review", "risks.reassess", "risks.area"
LOCAL_REVIEW = "本地规定：企业风险清单定期复评"
LOCAL_RAISE = "本地规定：隐患反复的风险点限期重新评估"
SCOPE = ("region_path", "sector", "holder")


def scope_like(row: Any) -> dict[str, str]:
    """The scope of a row, for one that belongs to it."""
    return {name: getattr(row, name) for name in SCOPE}


def basis_of(number: str, code: str, path: str, local: str) -> str:
    """What a cycle rests on: the decision a region named when it set the figure, else a planning document that binds
    it or that it adopted, else a local rule."""
    rows = parameter_rows(code, path)
    if rows:
        return f"本地规定：{rows[0].basis}"
    return asked_by(number, path) or local


def asked_by(number: str, path: str) -> str:
    """By what a duty of the planning documents binds a place today: its text, or the decision that adopted it; "" where
    it does not bind."""
    duty, code, today = obligation(number), code_at(path), clock.today()
    if code and duty.binds(code, today):
        return "；".join(str(citation) for citation in duty.citations)
    adopted = adopted_at(path, today)
    named = [f"本地规定：{adopted[d.code].basis}" for d in duty.documents if d.code in adopted]
    return "；".join(named)


def set_colour(work: Work, point: RiskPoint, *, why: str, steps: list[list[str]]) -> None:
    """Show the graver of the residual and the raised colour, and keep the change, if it is one."""
    before = point.shown
    point.shown = "" if point.state == "closed" else graver(point.residual, point.raised)
    if point.shown == before:
        return
    ColourChange(
        point=point,
        before=before,
        after=point.shown,
        on=clock.today(),
        at=work.now,
        why=why,
        steps=steps,
        **scope_like(point),
    ).save(force_insert=True)


def settle_register(work: Work, point: RiskPoint) -> Register:
    """Count the site's points anew; the earliest review becomes the register's one due item."""
    rows: Any = Register.objects.everything(why="the register of the site in hand")
    register, _ = rows.select_for_update().get_or_create(site_id=point.site_id, defaults=scope_like(point))
    points: Any = RiskPoint.objects.everything(why="the points of the site in hand").filter(
        site_id=point.site_id, state__in=OPEN_STATES
    )
    told = points.aggregate(
        n=Count("pk"), assessed=Count("pk", filter=~Q(shown="")), first=Min("assessed_on", filter=~Q(shown="")),
        **{c.value: Count("pk", filter=Q(shown=c.value)) for c in Colour},
    )  # fmt: skip
    measures: Any = Measure.objects.everything(why="the measures of the site in hand").filter(
        assessment__in=points.exclude(assessment=None).values("assessment_id"), failed=True
    )
    months = parameter(REVIEW_MONTHS, point.region_path)
    register.points, register.assessed, register.failed = (
        told["n"],
        told["assessed"],
        measures.aggregate(n=Count("pk"))["n"],
    )
    register.colour = next((c.value for c in ORDER if told[c.value]), "")
    register.review_due = add_months(told["first"], months, roll=False).due if months and told["first"] else None
    for name, value in scope_like(point).items():
        setattr(register, name, value)
    register.save()
    if register.review_due is None:
        deadlines.cancel(work, register, REVIEW)
        return register
    current = deadlines.find(register, REVIEW)
    if current is None or clock.day_of(current.due_at) != register.review_due or current.desk_holder != register.holder:
        deadlines.start(
            work, register, kind=REVIEW, label=gettext_noop("Review the risk register"), due=register.review_due,
            duty=KEEP, desk_holder=register.holder, remind_days=(30, 7, 1),
            basis=basis_of("SO-53", REVIEW_MONTHS, point.region_path, LOCAL_REVIEW),
        )  # fmt: skip
    return register


def raise_if_repeated(work: Work, point: RiskPoint) -> bool:
    """Show the point one level graver once enough hazards were found on it; by itself, for the reason that is kept.

    A hazard found before the point was assessed was known to whoever assessed it, and does not count. Only a new
    assessment, put in force by a person, lowers it again. The level that controls it rises with it.
    """
    if point.state == "closed" or not point.shown or point.counted_from is None:
        return False
    days, threshold = parameter(REPEAT_DAYS, point.region_path), parameter(REPEAT_COUNT, point.region_path)
    ties: Any = HazardTie.objects.everything(why="the hazards of the point in hand")
    number = ties.filter(
        point=point, counts=True, tied_at__gt=point.counted_from,
        found_on__gte=max(clock.today() - dt.timedelta(days=days), clock.day_of(point.counted_from)),
    ).aggregate(n=Count("pk"))["n"]  # fmt: skip
    found = finding("risk_repeated", {"colour": point.shown, "hazards": number, "threshold": threshold, "days": days})
    if not found.value.raised:
        return False
    point.raised, point.raised_on, point.counted_from = found.value.colour.value, clock.today(), work.now
    needed = LOWEST[RuleColour(point.raised).level]
    if point.control_level and ControlLevel(point.control_level).rank < needed.rank:
        point.control_level = needed.value
    set_colour(work, point, why=Why.REPEATED, steps=both(found))
    point.save()
    work.record(LevelRaised(level=COLOUR_LABELS[point.shown], shown=point.shown, hazards=number, days=days), on=point)
    deadlines.start(
        work, point, kind=REASSESS, label=gettext_noop("Assess the raised risk point again"),
        due=clock.today() + dt.timedelta(days=parameter(REASSESS_DAYS, point.region_path)), duty=KEEP,
        desk_holder=point.holder, basis=LOCAL_RAISE,
    )  # fmt: skip
    tell(
        holders_of(KEEP, holder=point.holder),
        gettext_noop("%(point)s was raised: %(hazards)s hazards within %(days)s days. Assess it again."),
        subject=point, urgent=True, point=point.name, hazards=number, days=days,
    )  # fmt: skip
    return True
