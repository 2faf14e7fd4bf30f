"""What hazards answer to the duties of the planning documents: double report and five settled items (SO-57)."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.kernel.counting import counted
from anlan.kernel.obligations.facts import MOST, Answer, Asked, Whose, answers, behind
from anlan.modules.hazards import selectors
from anlan.modules.hazards.models import Hazard
from anlan.rules.hazard_grade import REPORT_RECEIVERS, SETTLED_ITEMS


def _open_majors(actor: Actor, asked: Asked) -> QuerySet[Hazard]:
    rows = selectors.open_major(actor, asked.place.path)
    return rows.filter(holder=asked.place.holder) if asked.place.holder else rows


@answers("major_hazard_reports", of=Whose.REGION)
@answers("major_hazard_reports", of=Whose.UNIT)
def reports(actor: Actor, asked: Asked) -> Answer | None:
    """The fewest reports of an open major hazard: to the regulator and to the workers' congress; none without one."""
    rows = _open_majors(actor, asked)
    if not rows[:1]:
        return None
    lacking = rows.filter(Q(reported_regulator_on=None) | Q(reported_workers_on=None))
    neither = lacking.filter(reported_regulator_on=None, reported_workers_on=None)[:1]
    shown = list(lacking[:MOST])
    value = len(REPORT_RECEIVERS) if not shown else 0 if neither else 1
    return Answer(
        value=value, note=_("The fewest reports of any open major hazard; shown are those that lack one."),
        **behind(shown, counted(lacking) if shown else 0),
    )  # fmt: skip


@answers("rectification_items_settled", of=Whose.REGION)
@answers("rectification_items_settled", of=Whose.UNIT)
def settled(actor: Actor, asked: Asked) -> Answer | None:
    """The fewest settled items of an open major hazard: a plan settles all five or is refused; none without one."""
    rows = _open_majors(actor, asked)
    if not rows[:1]:
        return None
    lacking = rows.filter(settled={})
    shown = list(lacking[:MOST])
    return Answer(
        value=0 if shown else len(SETTLED_ITEMS),
        note=_("The fewest settled items of any open major hazard; shown are those without a treatment plan."),
        **behind(shown, counted(lacking) if shown else 0),
    )  # fmt: skip
