"""批示: a leader's instruction to the office that owns the hazard becomes an item due on its desk."""

from __future__ import annotations

import datetime as dt

from anlan.kernel.acts import Work, act, created
from anlan.kernel.deadlines import services as deadlines
from anlan.kernel.errors import NotAllowed, gettext_noop
from anlan.kernel.regions.selectors import full_name
from anlan.kernel.workflow import begin, remember, take
from anlan.modules.hazards.events import InstructionAnswered, InstructionGiven, InstructionRecalled, InstructionReturned
from anlan.modules.hazards.models import Hazard, Instruction
from anlan.modules.hazards.services import _desks as desks
from anlan.modules.hazards.services import _terms as terms
from anlan.modules.hazards.services._beside import companion_fields, locked_hazard


@act(may="hazards.instruct", on=Hazard)
def instruct(work: Work, hazard: Hazard, *, text: str, due_on: dt.date) -> Instruction:
    """Write an instruction on a hazard, to be answered in words by a day; it may stand on a settled record too."""
    said = desks.need_text(work, "text", text)
    desks.not_past(work, "due_on", due_on)
    own = [
        g.path
        for g in work.actor.grants_for("hazards.instruct")
        if not g.holder and hazard.owner_path.startswith(g.path)
    ]
    if not own and not work.actor.is_system:
        raise NotAllowed(
            gettext_noop("This hazard is on the desk of %(desk)s, outside your jurisdiction."),
            desk=full_name(hazard.owner_path),
        )
    given = Instruction(
        **companion_fields(work, hazard),
        text=said,
        due_on=due_on,
        from_path=max(own, key=len, default=hazard.owner_path),
    )
    begin(work, given, "give")
    created(given)
    remember(work, given, "give", said)
    _start(work, given, hazard)
    desks.note(work, InstructionGiven(to=full_name(hazard.owner_path), due=due_on.isoformat(), text=said), on=hazard)
    message = gettext_noop("%(by)s wrote on %(number)s: %(said)s (answer by %(due)s)")
    desks.tell_desk(work, hazard, "instruction", message, by=work.actor.name, said=said, due=due_on)
    return given


@act(may="hazards.order", on=Instruction)
def answer_instruction(work: Work, instruction: Instruction, *, answer: str) -> None:
    """Answer in words; what was done and when."""
    said = desks.need_text(work, "answer", answer, 4)
    hazard = locked_hazard(work, instruction, "answer")
    take(work, instruction, "answer", note=said, given={"answer": said})
    instruction.answer, instruction.answered_by, instruction.answered_at = said, work.actor.name, work.now
    _save(work, instruction)
    deadlines.meet(work, instruction, "instruction")
    desks.note(work, InstructionAnswered(answer=said), on=hazard)


@act(may="hazards.instruct", on=Instruction)
def return_answer(work: Work, instruction: Instruction, *, reason: str, due_on: dt.date) -> None:
    """Send the answer back with the reason and a new day."""
    why = desks.need_text(work, "reason", reason)
    desks.not_past(work, "due_on", due_on)
    hazard = locked_hazard(work, instruction, "return_answer")
    take(work, instruction, "return_answer", note=why, given={"reason": why})
    instruction.due_on = due_on
    _save(work, instruction)
    _start(work, instruction, hazard)
    desks.note(work, InstructionReturned(reason=why), on=hazard)


@act(may="hazards.instruct", on=Instruction)
def recall_instruction(work: Work, instruction: Instruction) -> None:
    """Take an unanswered instruction back."""
    hazard = locked_hazard(work, instruction, "recall")
    take(work, instruction, "recall")
    _save(work, instruction)
    deadlines.cancel(work, instruction, "instruction")
    desks.note(work, InstructionRecalled(), on=hazard)


def _start(work: Work, instruction: Instruction, hazard: Hazard) -> None:
    finding = terms.stated(instruction.due_on, "the leader's day", "领导批示要求的时限")
    desks.start_due(work, hazard, "instruction", finding, subject=instruction)


def _save(work: Work, instruction: Instruction) -> None:
    instruction.version += 1
    instruction.save()
