"""What is said to a finding, and how it is judged."""

from __future__ import annotations

import datetime as dt

from anlan.kernel import clock
from anlan.kernel.acts import Work, act
from anlan.kernel.codes.services import parameter
from anlan.kernel.deadlines import services as deadlines
from anlan.kernel.workflow import take
from anlan.modules.chemicals import selectors
from anlan.modules.chemicals.choices import EXPLAIN_DAYS
from anlan.modules.chemicals.events import ExplanationJudged, LedgerExplained
from anlan.modules.chemicals.models import Finding
from anlan.modules.chemicals.services._findings import await_explanation
from anlan.modules.chemicals.workflow import EXPLAINED, FINDING, KEEP, REVIEW


@act(may=KEEP, on=Finding)
def explain_finding(work: Work, finding: Finding, *, explanation: str) -> None:
    """The unit says how it came about and what was done; an officer looks. The same words again: nothing."""
    text = explanation.strip()[:2000]
    if finding.state == "explained" and finding.explanation == text:
        return
    take(work, finding, "explain", note=text[:200], given={"explanation": text})
    finding.explanation, finding.opinion = text, ""
    finding.save(update_fields=["state", "explanation", "opinion"])
    deadlines.meet(work, finding, "chemicals.explain")
    work.record(LedgerExplained(explanation=text), on=finding)
    deadlines.start(
        work, finding, kind="chemicals.verify", label=FINDING.step("accept").label,
        due=clock.day_of(work.now) + dt.timedelta(days=parameter(EXPLAIN_DAYS, finding.region_path)), duty=REVIEW,
        desk_path=selectors.office_of(finding.region_path), basis=str(EXPLAINED),
    )  # fmt: skip


@act(may=REVIEW, on=Finding)
def accept_explanation(work: Work, finding: Finding, *, opinion: str = "") -> None:
    """An officer other than whoever explained is satisfied. Again: nothing."""
    if finding.state == "accepted":
        return
    step = take(work, finding, "accept", note=opinion.strip()[:200])
    finding.opinion, finding.closed_at = opinion.strip()[:200], work.now
    finding.save(update_fields=["state", "opinion", "closed_at"])
    deadlines.meet(work, finding, "chemicals.verify")
    work.record(ExplanationJudged(what=step.label, opinion=finding.opinion), on=finding)


@act(may=REVIEW, on=Finding)
def send_back_explanation(work: Work, finding: Finding, *, opinion: str) -> None:
    """The explanation does not do: the unit explains anew."""
    step = take(work, finding, "send_back", note=opinion.strip()[:200], given={"opinion": opinion})
    finding.opinion = opinion.strip()[:200]
    finding.save(update_fields=["state", "opinion"])
    deadlines.meet(work, finding, "chemicals.verify")
    work.record(ExplanationJudged(what=step.label, opinion=finding.opinion), on=finding)
    await_explanation(work, finding)
