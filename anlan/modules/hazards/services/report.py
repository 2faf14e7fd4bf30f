"""Entering a hazard: the unit's own report, a finding of others, the completed report, corrections."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from anlan.kernel import clock
from anlan.kernel.acts import Work, act
from anlan.kernel.errors import WrongStep, gettext_noop
from anlan.kernel.journal.facts import word
from anlan.modules.hazards import rows
from anlan.modules.hazards.choices import Purpose, Source
from anlan.modules.hazards.events import HazardCorrected, ReportResubmitted, ReportReturned
from anlan.modules.hazards.models import Hazard
from anlan.modules.hazards.services import _desks as desks
from anlan.modules.hazards.services._entry import changed_fields, refresh_words, register
from anlan.modules.hazards.services._sites import site_within
from anlan.modules.hazards.services._uploads import keep_files


@act(may="hazards.report")
def report_hazard(
    work: Work, *, site: Any, before: Iterable[Any] = (), distinct: bool = False, **values: Any
) -> Hazard:
    """A unit's own people report a hazard on one of its sites; ``source`` is then always the self-check.

    ``values`` are the fields of ``rows.HAZARD``, raw or parsed; ``before`` the photos. An open record that looks
    like the same hazard is named (``BadInput`` at ``distinct``) unless ``distinct`` says that it is another one.
    """
    place = site_within(work, site, "hazards.report")
    said = {**values, "source": Source.SELF_CHECK}
    said["found_on"] = said.get("found_on") or clock.today()
    said["found_by"] = said.get("found_by") or work.actor.name
    return register(work, "report", place, rows.HAZARD.parse(said).required(), before, distinct)


@act(may="hazards.find")
def find_hazard(work: Work, *, site: Any, before: Iterable[Any] = (), distinct: bool = False, **values: Any) -> Hazard:
    """Regulators, experts, a tip-off or an alarm register a hazard; as ``report_hazard``, with any source."""
    place = site_within(work, site, "hazards.find")
    said = {**values}
    said["source"] = said.get("source") or Source.INSPECTION
    said["found_on"] = said.get("found_on") or clock.today()
    said["found_by"] = said.get("found_by") or work.actor.name
    return register(work, "find", place, rows.HAZARD.parse(said).required(), before, distinct)


@act(may="hazards.grade", on=Hazard)
def return_report(work: Work, hazard: Hazard, *, reason: str) -> None:
    """Send a report back for details, with the reason."""
    why = desks.need_text(work, "reason", reason)
    desks.advance(
        work, hazard, "return_report", note=why, given={"reason": why}, fields={"returned": hazard.returned + 1}
    )
    desks.tell_desk(work, hazard, "supplement", gettext_noop("%(number)s was returned: %(reason)s"), reason=why)
    desks.note(work, ReportReturned(reason=why), on=hazard)


@act(may=("hazards.report", "hazards.find"), on=Hazard)
def resubmit_report(work: Work, hazard: Hazard, *, before: Iterable[Any] = (), note: str = "", **values: Any) -> None:
    """Hand a returned report in again, with the fields that were completed and further photos."""
    fields = changed_fields(hazard, values)
    keep_files(work, hazard, before, Purpose.BEFORE)
    desks.advance(work, hazard, "resubmit_report", note=note, fields=fields)
    refresh_words(hazard)
    desks.note(work, ReportResubmitted(), on=hazard)


@act(may=("hazards.report", "hazards.find"), on=Hazard)
def correct_hazard(work: Work, hazard: Hazard, *, before: Iterable[Any] = (), **values: Any) -> None:
    """Correct what was said, until the hazard is assessed. Saying the same again does nothing."""
    if hazard.state not in ("registered", "returned_report"):
        raise WrongStep(step=gettext_noop("Correct the description"), state=hazard.process.state(hazard.state).label)
    fields = changed_fields(hazard, values)
    before_files = keep_files(work, hazard, before, Purpose.BEFORE)
    fresh = [f for f in before_files if f.at == work.now]
    changes = {
        rows.HAZARD.fields[name].label: [_told(name, getattr(hazard, name)), _told(name, value)]
        for name, value in fields.items()
    }
    if not changes and not fresh:
        return
    for name, value in fields.items():
        setattr(hazard, name, value)
    refresh_words(hazard)
    hazard.save()
    desks.note(work, HazardCorrected(what=list(changes) or [gettext_noop("Photos")], changes=changes), on=hazard)


def _told(name: str, value: Any) -> Any:
    """A field's value for the journal: the word of a choice as its msgid, the rest as text."""
    for choice in rows.HAZARD.fields[name].choices:
        if choice.code == value:
            return word(choice.label)
    return "" if value is None else str(value)
