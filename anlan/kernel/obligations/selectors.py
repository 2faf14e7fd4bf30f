"""How the duties that bind a region or a unit stand, with the facts and records behind each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.obligations.adoption import Adoption, adopted_at
from anlan.kernel.obligations.facts import Answer, Asked, Every, Place, Whose, answering, first_of
from anlan.kernel.regions.models import Region
from anlan.kernel.scope import system_read
from anlan.rules import obligation_outcome as rule
from anlan.rules.admin_code import problems
from anlan.rules.citation import Finding
from anlan.rules.jurisdictions import PlanningDocument
from anlan.rules.obligation_outcome import Judged, Outcome
from anlan.rules.obligations import Measure, Obligation, Owner, obligations


@dataclass(frozen=True, slots=True)
class Standing:
    """One duty that binds: as judged, in which document, by whose adoption, and what answers each fact.

    ``answers`` has an entry for every fact a function answers; ``None`` where it had nothing to tell.
    """

    duty: Obligation
    finding: Finding[Judged]
    document: PlanningDocument
    adoption: Adoption | None
    answers: Mapping[str, Answer | None]

    @property
    def outcome(self) -> Outcome:
        """Met, at risk, missed or no data."""
        return self.finding.value.outcome or Outcome.NO_DATA

    @property
    def due(self) -> dt.date | None:
        """The next day a test of it is due, else the last that was."""
        days = sorted(test.due for test in self.finding.value.tests if test.due)
        ahead = [day for day in days if day >= clock.today()]
        return ahead[0] if ahead else (days[-1] if days else None)


@system_read("regions and their codes are public")
def code_at(path: str) -> str:
    """The administrative code of a region, or of the nearest above it that has a sound one; empty without."""
    steps = [path[:end] for end in range(Region.steplen, len(path) + 1, Region.steplen)]
    for code in Region.objects.filter(path__in=steps).order_by("-path").values_list("code", flat=True):
        if code and not problems(code):
            return str(code)
    return ""


def standing(actor: Actor, place: Place, *, only: Collection[str] | None = None) -> list[Standing]:
    """The duties that bind at a place today, each judged from the facts the actor may see, in the table's order.

    A place without a sound code is bound by what it adopted alone.

    For a unit: those of enterprises, and those of which some fact is answered for units. ``only`` names duties.
    """
    on, code = clock.today(), code_at(place.path)
    adopted = adopted_at(place.path, on)
    told: dict[tuple[str, Every], Answer | None] = {}
    found: list[Standing] = []
    for duty in obligations():
        if (only is not None and duty.id not in only) or not _asked_of(duty, place):
            continue
        adoption = next((adopted[d.code] for d in duty.documents if d.code in adopted), None)
        document = duty.binding_document(code, on) if code else None
        if document is None and adoption is None:
            continue
        answers = {}
        for measure in duty.measures:
            key = (measure.fact, measure.every or duty.every)
            if key not in told and answering(measure.fact, place.whose):
                told[key] = _answer(actor, place, measure, key[1], on)
            if key in told:
                answers[measure.fact] = told[key]
        shown = document or next(d for d in duty.documents if adoption and d.code == adoption.document)
        asked = rule.Asked(
            number=duty.id, jurisdiction=code or shown.jurisdiction, facts=_facts(answers, on),
            adopted_from=adoption.since if adoption and document is None else None,
        )  # fmt: skip
        finding = rule.obligation_outcome(asked, on)
        found.append(Standing(duty, finding, shown, None if document else adoption, answers))
    return found


@system_read("which documents bind where is public")
def binding(path: str) -> frozenset[str]:
    """The numbers of the duties that bind at a region today, by an issued document or by adoption."""
    on, code = clock.today(), code_at(path)
    adopted = adopted_at(path, on)
    return frozenset(
        duty.id
        for duty in obligations()
        if any(d.code in adopted for d in duty.documents) or (code and duty.binding_document(code, on))
    )


def _asked_of(duty: Obligation, place: Place) -> bool:
    if place.whose is Whose.REGION or duty.owner is Owner.ENTERPRISE:
        return True
    return any(answering(measure.fact, Whose.UNIT) for measure in duty.measures)


def _answer(actor: Actor, place: Place, measure: Measure, every: Every, on: dt.date) -> Answer | None:
    function = answering(measure.fact, place.whose)
    return function(actor, Asked(place, on, first_of(every, on))) if function else None


def _facts(answers: Mapping[str, Answer | None], on: dt.date) -> tuple[rule.Fact, ...]:
    def number(value: Decimal | int | None) -> Decimal | None:
        return None if value is None else Decimal(value)

    return tuple(
        rule.Fact(
            fact=fact, of=on, value=number(told.value), compared_with=number(told.compared_with), done=told.done,
            begun_on=told.begun_on, done_on=told.done_on,
        )
        for fact, told in answers.items()
        if told is not None
    )  # fmt: skip
