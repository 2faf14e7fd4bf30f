"""Who answers for an installation and what he did; whether what its level requires is there; the archive."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from anlan.kernel import clock
from anlan.kernel.acts import UNCHANGED, Work, act, created, inside_act
from anlan.kernel.errors import BadInput, WrongStep, gettext_noop
from anlan.kernel.files.services import PICTURES, attach
from anlan.modules.hazards import public as hazards
from anlan.modules.installations import selectors
from anlan.modules.installations.choices import Answer, Duty
from anlan.modules.installations.events import (
    DutyPerformed,
    InstallationChanged,
    ProvisionFollowed,
    ProvisionLacking,
    ProvisionStated,
)
from anlan.modules.installations.models import Installation, Provision
from anlan.modules.installations.services.keeping import need_changeable
from anlan.modules.installations.workflow import INSTALLATION, KEEP
from anlan.rules.major_hazard_duties import Form, duties, filing_fields
from anlan.rules.wording import in_language

DUTY_SAID = {
    Duty.PRINCIPAL: gettext_noop("Principal responsible"), Duty.TECHNICAL: gettext_noop("Technical responsible"),
    Duty.OPERATING: gettext_noop("Operating responsible"),
}  # fmt: skip
ANSWER_SAID = {
    Answer.HAVE: gettext_noop("in place"), Answer.LACK: gettext_noop("lacking"),
    Answer.OUTSIDE: gettext_noop("does not apply"),
}  # fmt: skip
WHY = "one installation in hand"


@act(may=KEEP, on=Installation)
def name_responsible(
    work: Work, installation: Installation, *, principal: str, technical: str, operating: str,
    commitment: str = UNCHANGED, board: Sequence[Any] = (),
) -> None:  # fmt: skip
    """The three who answer for the installation by name: principal, technical, operating. The same: nothing.

    ``commitment`` is the safety commitment as published, ``board`` a photo of the notice board that names them.
    """
    need_changeable(installation)
    now = {
        "principal": principal.strip()[:40],
        "technical": technical.strip()[:40],
        "operating": operating.strip()[:40],
    }
    for name, value in now.items():
        if not value:
            raise BadInput(name, gettext_noop("Name the person."))
    if commitment is not UNCHANGED:
        now["commitment"] = commitment.strip()[:500]
    before = {name: getattr(installation, name) for name in now}
    if before != now:
        for name, value in now.items():
            setattr(installation, name, value)
        installation.save(update_fields=[*now])
        said = " · ".join(now[duty] for duty in Duty.values)
        work.record(InstallationChanged(what=gettext_noop("The responsible three"), value=said), on=installation)
    for photo in board:
        kept = attach(work, installation, photo, purpose="board", allowed=PICTURES)
        work.record(InstallationChanged(what=gettext_noop("Notice board"), value=kept.name), on=installation)


@act(may=KEEP, on=Installation)
def note_duty(work: Work, installation: Installation, *, duty: str, on: dt.date, what: str) -> None:
    """One of the responsible three did what he answers for; it stands in the record's timeline and is never changed."""
    if installation.state == "cancelled":
        raise _gone(gettext_noop("Note what was done"))
    if duty not in Duty.values:
        raise BadInput("duty", gettext_noop("Choose which of the three did it."))
    name = getattr(installation, duty)
    if not name:
        raise BadInput("duty", gettext_noop("Name the responsible three first."))
    if on > clock.day_of(work.now):
        raise BadInput("on", gettext_noop("This day lies ahead."))
    if not what.strip():
        raise BadInput("what", gettext_noop("Say what was done: inspection, training, drill, what was ordered."))
    fact = DutyPerformed(duty=DUTY_SAID[Duty(duty)], name=name, on=on.isoformat(), what=what.strip()[:300])
    work.record(fact, on=installation)


@act(may=KEEP, on=Installation)
def state_provision(work: Work, installation: Installation, *, entry: int, answer: str, note: str = "") -> Provision:
    """Say of one thing required at this level (the number of the duty) whether it is in place. The same: nothing.

    What binds every installation of the level cannot be said not to apply; what is lacking says what is done about it,
    and a hazard is opened for it. While that one is open it is settled there: closed, the thing is in place.
    """
    if installation.state == "cancelled":
        raise _gone(gettext_noop("State what is in place"))
    if installation.level is None:
        raise BadInput("entry", gettext_noop("Grade the installation first: what is required follows from its level."))
    required = selectors.monitoring_at(installation.level, installation.region_path)
    duty = next((one for one in required if one.entry == entry), None)
    if duty is None:
        raise BadInput("entry", gettext_noop("Choose one of the provisions required at this level."))
    if answer not in Answer.values:
        raise BadInput("answer", gettext_noop("Choose whether it is in place."))
    if answer == Answer.OUTSIDE and duty.condition is None:
        raise BadInput("answer", gettext_noop("This is required of every installation of this level."))
    note = note.strip()[:200]
    if answer != Answer.HAVE and not note:
        raise BadInput("note", gettext_noop("Say why it does not apply, or what is done about it and by when."))
    rows = Provision.objects.everything(why=WHY)
    found = rows.filter(installation=installation, entry=entry).first()
    if found is not None and (found.answer, found.note) == (answer, note):
        return found
    if found is not None and found.answer == Answer.LACK and found.hazard_id is not None and answer != Answer.LACK:
        number = hazards.hazard_views([found.hazard_id])[found.hazard_id].number
        raise BadInput(
            "answer",
            gettext_noop("Hazard %(number)s was opened for this. Rectify it there; closed, this counts as in place."),
            number=number,
        )
    if found is None:
        scope = {"region_path": installation.region_path, "sector": installation.sector, "holder": installation.holder}
        found = Provision(installation=installation, entry=entry, **scope)
        found.answer, found.note, found.stated_on = answer, note, clock.day_of(work.now)
        found.announced = answer == Answer.LACK
        created(found)
    else:
        if found.answer != Answer.LACK:
            found.hazard_id = None  # one it had was settled: what lacks anew has a hazard of its own
        found.answer, found.note, found.stated_on = answer, note, clock.day_of(work.now)
        found.announced = answer == Answer.LACK
        found.save(update_fields=["answer", "note", "stated_on", "hazard", "announced"])
    if answer == Answer.LACK and found.hazard_id is None:
        work.record(_lacking(installation, found, duty), on=installation)
    else:
        what = in_language(duty.what, "zh")
        told = ProvisionStated(article=duty.article, what=what, answer=ANSWER_SAID[Answer(answer)], note=note)
        work.record(told, on=installation)
    recount(installation)
    return found


@act(may="installations.watch", on=Provision)
def announce_lacking(work: Work, provision: Provision) -> None:
    """Tell that something is lacking which was stated before hazards were opened for it; the hazard follows. Once."""
    if provision.announced or provision.answer != Answer.LACK or provision.hazard_id is not None:
        return
    installation = provision.installation
    duty = next((one for one in duties() if one.entry == provision.entry), None)
    if duty is None or installation.state == "cancelled":
        return
    provision.announced = True
    provision.save(update_fields=["announced"])
    work.record(_lacking(installation, provision, duty), on=installation)


def _lacking(installation: Installation, provision: Provision, duty: Any) -> ProvisionLacking:
    return ProvisionLacking(
        site_id=installation.site_id, provision_id=provision.pk, article=duty.article,
        what=in_language(duty.what, "zh"), note=provision.note,
    )  # fmt: skip


@act(may="installations.watch", on=Provision)
def follow_hazard(work: Work, provision: Provision, *, hazard: int | None, answer: str) -> None:
    """What became of the hazard of something lacking: it is open (lacking), closed (in place), or was none (no hazard,
    and the unit states anew). Again: nothing."""
    if (provision.hazard_id, provision.answer) == (hazard, answer):
        return
    told = hazards.hazard_views([hazard or provision.hazard_id or 0])
    number = "、".join(view.number for view in told.values())
    if answer != provision.answer:
        provision.note = f"隐患{number}已销账" if answer == Answer.HAVE else f"隐患{number}重新打开"
        provision.stated_on = clock.day_of(work.now)
    provision.hazard_id, provision.answer, provision.announced = hazard, answer, True
    provision.save(update_fields=["hazard", "answer", "note", "stated_on", "announced"])
    rows = Installation.objects.everything(why=WHY).select_for_update(of=("self",))
    installation = rows.get(pk=provision.installation_id)
    duty = next((one for one in duties() if one.entry == provision.entry), None)
    what = in_language(duty.what, "zh") if duty else ""
    work.record(ProvisionFollowed(number=number, what=what, answer=ANSWER_SAID[Answer(answer)]), on=installation)
    recount(installation)


@inside_act
def recount(installation: Installation) -> None:
    """How much of what is required at the level the unit says it lacks."""
    level, path = installation.level, installation.region_path
    asked = {duty.entry for duty in selectors.monitoring_at(level, path)} if level else set()
    rows = Provision.objects.everything(why=WHY).filter(installation=installation, answer=Answer.LACK)
    unmet = len(set(rows.values_list("entry", flat=True)) & asked)
    if unmet != installation.unmet:
        installation.unmet = unmet
        installation.save(update_fields=["unmet"])


@act(may=KEEP, on=Installation)
def add_papers(work: Work, installation: Installation, *, entry: int, papers: Sequence[Any] = ()) -> None:
    """Put files into the archive under one of its fourteen documents. The same file again: nothing."""
    need_changeable(installation)
    field = next((one for one in filing_fields(Form.ARCHIVE) if one.entry == entry), None)
    if field is None:
        raise BadInput("entry", gettext_noop("Choose a document of the archive."))
    if not papers:
        raise BadInput("papers", gettext_noop("Choose at least one file."))
    before = {one.pk for one in selectors.papers_of(installation)}
    for upload in papers:
        kept = attach(work, installation, upload, purpose=selectors.purpose_of(entry))
        if kept.pk not in before:
            fact = InstallationChanged(what=gettext_noop("Archive"), value=f"{field.label.zh}：{kept.name}")
            work.record(fact, on=installation)


def _gone(step: str) -> WrongStep:
    return WrongStep(step=step, state=INSTALLATION.state("cancelled").label)
