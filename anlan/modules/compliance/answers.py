"""What evidence answers to the duties of the planning documents, for a unit (SO-50 to SO-62)."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.kernel.obligations.facts import Answer, Asked, Whose, answers, behind
from anlan.modules.compliance import selectors
from anlan.modules.compliance.models import Evidence

NOTE = _("By the evidence the unit handed in.")
TIMES = {
    "company_wide_inspections": "inspection_half_year", "safety_plan_checks": "review_quarter",
    "risk_assessments": "risk_assessment_half_year", "workshop_drills": "drills_of_plan",
    "comprehensive_drills": "drill_year",
}  # fmt: skip
DONE = {"safety_commission": "commission", "public_commitment": "commitment"}
DONE_IN_PERIOD = {"safety_plan_approved": "plan_of_year"}
SHARES = {
    "standardisation_self_assessed_share": "self_assessment", "liability_insured_share": "insurance_aim",
}  # fmt: skip


def _rows(actor: Actor, asked: Asked, duty: str) -> list[Evidence]:
    rows = selectors.evidence(actor).filter(holder=asked.place.holder, state="held", answers__contains=[duty])
    return list(rows.filter(told_on__lte=asked.on).order_by("-told_on", "-pk"))


def _followed(actor: Actor, asked: Asked) -> bool:
    return selectors.workspace_of(actor, asked.place.holder) is not None


def _times(duty: str) -> Callable[[Actor, Asked], Answer | None]:
    def counted(actor: Actor, asked: Asked) -> Answer | None:
        rows = [one for one in _rows(actor, asked, duty) if one.told_on >= asked.first]
        return Answer(value=len(rows), note=NOTE, **behind(rows, len(rows))) if _followed(actor, asked) else None

    return counted


def _done(duty: str) -> Callable[[Actor, Asked], Answer | None]:
    def done(actor: Actor, asked: Asked) -> Answer | None:
        return _first_done(_rows(actor, asked, duty)) if _followed(actor, asked) else None

    return done


def _done_in_period(duty: str) -> Callable[[Actor, Asked], Answer | None]:
    def done(actor: Actor, asked: Asked) -> Answer | None:
        rows = [one for one in _rows(actor, asked, duty) if one.told_on >= asked.first]
        return _first_done(rows) if _followed(actor, asked) else None

    return done


def _first_done(rows: list[Evidence]) -> Answer:
    """Done on the day of the oldest paper: a later copy does not make it late."""
    return Answer(done=bool(rows), done_on=rows[-1].told_on if rows else None, note=NOTE, **behind(rows, len(rows)))


def _share(duty: str) -> Callable[[Actor, Asked], Answer | None]:
    def share(actor: Actor, asked: Asked) -> Answer | None:
        rows = _rows(actor, asked, duty)
        in_force = [one for one in rows if (one.valid_to >= asked.on if one.valid_to else one.told_on >= asked.first)]
        if not _followed(actor, asked):
            return None
        return Answer(value=100 if in_force else 0, note=NOTE, **behind(in_force, len(in_force)))

    return share


for _facts, _made in ((TIMES, _times), (DONE, _done), (DONE_IN_PERIOD, _done_in_period), (SHARES, _share)):
    for _fact, _duty in _facts.items():
        answers(_fact, of=Whose.UNIT)(_made(_duty))
