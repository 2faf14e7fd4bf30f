"""The steps bar of a record, and the steps its reader may take."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import SamePerson
from anlan.kernel.journal.models import StepTaken
from anlan.kernel.workflow import InProcess, forbid_same_person, steps_taken
from anlan.rules.steps import Step, Workflow
from anlan.ui import links


def bar(record: InProcess, line: Sequence[str], taken: Sequence[StepTaken]) -> list[dict[str, Any]]:
    """The states of the main line with who reached each and when; the present one is marked.

    A state that was left backwards shows as returned, one that was passed over as skipped. A present state outside
    the line (withdrawn, merged) is put where the record left it.
    """
    process = record.process
    reached = last_reached(process, taken)
    codes = list(line) or main_line(process)
    if record.state not in codes:
        passed = [at for at, code in enumerate(codes) if code in reached]
        codes = [*codes[: (passed[-1] + 1 if passed else 0)], record.state]
    now = codes.index(record.state)
    shown = []
    for at, code in enumerate(codes):
        step = reached.get(code)
        state = "todo"
        if at == now:
            state = "done" if process.state(code).final else "current"
        elif at < now:
            state = "done" if step is not None else "skipped"
        elif step is not None:
            state = "returned"
        shown.append(
            {
                "label": gettext(process.state(code).label),
                "state": state,
                "who": taker(step) if step is not None and at <= now else "",
                "at": step.at if step is not None and at <= now else None,
                **(clause_of(process, step) if step is not None and at <= now else {}),
            }
        )
    return shown


def clause_of(process: Workflow, step: StepTaken) -> dict[str, str]:
    """The clause of a step taken, and where it is read in the edition of that day.

    A step taken before the text now cited was in force names the text of its day alone: an article's number is that of
    its own edition.
    """
    clause, day = process.step(step.step).clause, clock.day_of(step.at)
    said = str(clause)
    if not clause.in_force(day):
        said = gettext("《%(law)s》 as in force on %(day)s") % {"law": clause.law, "day": day}
    return {"clause": said, "clause_url": links.clause_url(clause, day)}


def taker(step: StepTaken) -> str:
    """Who took a step, as readers call him."""
    return gettext("System") if step.actor_key == "system" else step.actor_name


def leads_on(record: InProcess, line: Sequence[str], step: Step) -> bool:
    """Whether a step carries the record forward: on the main line towards its end, off the line back to it or out.

    At the end only what leaves it there does (a later look); what sends a record back never does.
    """
    codes = list(line) or main_line(record.process)
    if record.process.state(record.state).final:
        return step.target == record.state
    if record.state not in codes:
        return step.target in codes or record.process.state(step.target).final
    return step.target in codes[codes.index(record.state) + 1 :]


def main_line(process: Workflow) -> list[str]:
    """The states along which the table's first steps lead to its first final state, in its own order."""
    start = next(s.target for s in process.steps if s.first)
    line, here = [start], start
    while here not in process.final:
        onward = next((s.target for s in process.steps_from(here) if s.target not in line), None)
        if onward is None:
            break
        line.append(onward)
        here = onward
    return line


def last_reached(process: Workflow, taken: Sequence[StepTaken]) -> dict[str, StepTaken]:
    """For each state the last step that led there."""
    targets = {step.code: step.target for step in process.steps}
    return {targets[step.step]: step for step in taken if step.step in targets}


def open_steps(record: InProcess, actor: Actor, taken: Sequence[StepTaken] | None = None) -> list[Step]:
    """The steps this actor may take now, separation of duties included; ``taken`` as for ``forbid_same_person``."""
    allowed = []
    for step in record.steps_open_to(actor):
        try:
            if step.not_by and not actor.is_system:
                forbid_same_person(actor, record, step, taken)
        except SamePerson:
            continue
        allowed.append(step)
    return allowed


def all_taken(record: InProcess) -> list[StepTaken]:
    """Every step taken, oldest first."""
    return list(steps_taken(record))
