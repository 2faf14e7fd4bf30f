"""延期: the unit asks for more time before the limit ends, the office grants or refuses; each one is counted."""

from __future__ import annotations

import datetime as dt

from anlan.kernel import clock
from anlan.kernel.acts import Work, act, created
from anlan.kernel.codes.services import parameter
from anlan.kernel.deadlines import services as deadlines
from anlan.kernel.errors import BadInput, NotAllowed, RuleBroken, WrongStep, gettext_noop
from anlan.kernel.workflow import begin, remember, take
from anlan.modules.hazards.events import ExtensionAsked, ExtensionGranted, ExtensionRefused
from anlan.modules.hazards.models import Extension, Hazard
from anlan.modules.hazards.services import _desks as desks
from anlan.modules.hazards.services import _terms as terms
from anlan.modules.hazards.services._beside import companion_fields, locked_hazard
from anlan.modules.hazards.workflow import BEHALF


@act(may=("hazards.rectify", BEHALF), on=Hazard)
def ask_extension(work: Work, hazard: Hazard, *, asked_due: dt.date, reason: str, safeguards: str) -> Extension:
    """Ask for more time, within the days before the limit ends, with the safeguards taken meanwhile.

    Refused outside the window, after the limit, without a later day, while another request is open, and beyond the
    local number of extensions.
    """
    why, meanwhile = desks.need_text(work, "reason", reason, 4), desks.need_text(work, "safeguards", safeguards, 4)
    if hazard.state != "rectifying" or hazard.rectify_due is None:
        raise WrongStep(step=Extension.process.step("ask").label, state=hazard.process.state(hazard.state).label)
    if not hazard.on_desk_of(work.actor, ("hazards.rectify", BEHALF)):
        raise NotAllowed(permission="hazards.rectify")
    first, last, basis = terms.extension_window(hazard)
    clause = Extension.process.step("ask").clause
    if clock.today() > last:
        raise RuleBroken(
            gettext_noop("The time limit ended on %(last)s; more time is asked for before it ends."), clause, last=last
        )
    if clock.today() < first:
        raise RuleBroken(gettext_noop("More time can be asked for from %(first)s on."), clause, first=first)
    if asked_due <= hazard.rectify_due:
        raise BadInput(
            "asked_due", gettext_noop("Choose a day after the present time limit, %(limit)s."), limit=hazard.rectify_due
        )
    most = parameter("hazards.extensions", hazard.owner_path)
    if hazard.extended >= most:
        raise RuleBroken(
            gettext_noop("This time limit was extended %(times)s times already, the most allowed here."),
            clause,
            times=hazard.extended,
        )
    rows = Extension.objects.everything(why="the requests of one hazard in hand")
    if rows.filter(hazard=hazard, state="asked").exists():
        raise BadInput("asked_due", gettext_noop("A request is waiting for an answer already."))
    asked = Extension(
        **companion_fields(work, hazard), due_before=hazard.rectify_due, asked_due=asked_due, reason=why,
        safeguards=meanwhile, basis=basis,
    )  # fmt: skip
    begin(work, asked, "ask")
    created(asked)
    remember(work, asked, "ask", why)
    desks.start_due(work, hazard, "extension")
    desks.settle(work, hazard)
    desks.note(work, ExtensionAsked(due=asked_due.isoformat(), reason=why), on=hazard)
    return asked


@act(may="hazards.order", on=Extension)
def grant_extension(work: Work, extension: Extension, *, answer: str, granted_due: dt.date | None = None) -> None:
    """Grant until a day (the day asked for by default); the rectification's clock moves there."""
    said = desks.need_text(work, "answer", answer)
    hazard = locked_hazard(work, extension, "grant")
    due = granted_due or extension.asked_due
    if due <= extension.due_before:
        raise BadInput(
            "granted_due",
            gettext_noop("Choose a day after the present time limit, %(limit)s."),
            limit=extension.due_before,
        )
    desks.not_past(work, "granted_due", due)
    take(work, extension, "grant", note=said, given={"answer": said})
    extension.answer, extension.granted_due = said, due
    _save(work, extension)
    hazard.extended += 1
    finding = terms.stated(due, "extended until", "经批准延期的整改时限")
    hazard.rectify_due, hazard.rectify_basis = due, terms.basis_of(finding)
    deadlines.meet(work, hazard, "extension")
    deadlines.move(work, hazard, "rectify", due=due, reason=said)
    desks.settle(work, hazard)
    desks.note(work, ExtensionGranted(due=due.isoformat(), times=hazard.extended, answer=said), on=hazard)
    desks.tell_desk(work, hazard, "rectify", gettext_noop("%(number)s: more time was granted until %(due)s."), due=due)


@act(may="hazards.order", on=Extension)
def refuse_extension(work: Work, extension: Extension, *, answer: str) -> None:
    """Refuse in writing; the limit stays."""
    said = desks.need_text(work, "answer", answer)
    hazard = locked_hazard(work, extension, "refuse")
    take(work, extension, "refuse", note=said, given={"answer": said})
    extension.answer = said
    _save(work, extension)
    deadlines.meet(work, hazard, "extension")
    desks.settle(work, hazard)
    desks.note(work, ExtensionRefused(answer=said), on=hazard)
    desks.tell_desk(work, hazard, "rectify", gettext_noop("%(number)s: more time was refused: %(answer)s"), answer=said)


def _save(work: Work, extension: Extension) -> None:
    extension.version += 1
    extension.save()
