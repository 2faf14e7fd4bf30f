"""Standing duty: taking it up, the hand-over note, its signature."""

from __future__ import annotations

import datetime as dt

from anlan.kernel import clock
from anlan.kernel.acts import Work, act
from anlan.kernel.deadlines import services as deadlines
from anlan.kernel.errors import BadInput, SamePerson, WrongStep, gettext_noop
from anlan.kernel.identity.models import User
from anlan.kernel.workflow import take
from anlan.modules.duty import selectors
from anlan.modules.duty.events import DutyHandedOver, DutyTaken, NoteWritten
from anlan.modules.duty.models import Shift
from anlan.modules.duty.services._rules import HAND_OVER_BASIS, await_signature, look_for_gaps
from anlan.modules.duty.services._swaps import drop_swaps
from anlan.modules.duty.workflow import SERVE, SHIFT

EARLY = dt.timedelta(hours=1)  # 本地规定: how long before its hours a shift may be taken up
MOST_NOTE = 4_000


@act(may=SERVE, on=Shift)
def take_up_duty(work: Work, shift: Shift) -> None:
    """The duty officer, or his deputy, is there: from an hour before the shift until its end. Again: nothing."""
    me = work.actor.user_id
    if shift.state == "on_duty" and me in (shift.officer_id, shift.deputy_id):
        return
    if me not in (shift.officer_id, shift.deputy_id):
        raise BadInput("shift", gettext_noop("Only the duty officer of this shift or his deputy takes it up."))
    if not shift.begins_at - EARLY <= work.now < shift.ends_at:
        raise BadInput("shift", gettext_noop("A shift is taken up from an hour before it begins until it ends."))
    take(work, shift, "take_up")
    shift.taken_at = work.now
    shift.save(update_fields=["state", "taken_at"])
    drop_swaps(work, shift)
    work.record(DutyTaken(name=work.actor.name), on=shift)
    deadlines.start(
        work, shift, kind="duty.note", label=SHIFT.step("write_note").label, due=_by(work, shift), duty=SERVE,
        desk_path=shift.region_path, assignee=User.objects.filter(pk=me or 0).first(), remind_days=(),
        basis=HAND_OVER_BASIS,
    )  # fmt: skip


@act(may=SERVE, on=Shift)
def write_note(work: Work, shift: Shift, *, note: str) -> None:
    """Whoever goes writes what whoever comes must know; until it is signed he may write it anew. Again: nothing.

    Whoever took the work of an officer who left over writes it for him.
    """
    if not selectors.writes(shift, work.actor.user_id):
        raise BadInput("note", gettext_noop("Only the duty officer of this shift or his deputy writes its note."))
    note = note.strip()
    if len(note) > MOST_NOTE:
        raise BadInput("note", gettext_noop("The note is too long. Shorten it to 4,000 characters."))
    if shift.state == "on_duty" and note and (shift.note, shift.writer_id) == (note, work.actor.user_id):
        return
    take(work, shift, "write_note", given={"note": note})
    shift.note, shift.written_at, shift.writer_id = note, work.now, work.actor.user_id
    shift.save(update_fields=["state", "note", "written_at", "writer"])
    deadlines.meet(work, shift, "duty.note")
    work.record(NoteWritten(name=work.actor.name), on=shift)
    await_signature(work, shift, due=_by(work, shift))


@act(may=SERVE, on=Shift)
def sign_hand_over(work: Work, shift: Shift) -> None:
    """Whoever comes on confirms the note: the officer or deputy of the next shift; where that is nobody but the
    writer himself, and where none is planned, a colleague.

    ``SamePerson`` for the writer himself, ``BadInput`` for anybody who does not come on. Signed twice: nothing.
    """
    me = work.actor.user_id
    if shift.state == "handed_over" and shift.signer_id == me:
        return
    if shift.state != "on_duty":
        raise WrongStep(step=SHIFT.step("sign").label, state=SHIFT.state(shift.state).label)
    if me is not None and me == shift.writer_id:
        raise SamePerson(step=SHIFT.step("sign").label, earlier=SHIFT.step("write_note").label)
    signers = selectors.signers(shift)
    if signers and me not in [user.pk for user in signers]:
        raise BadInput(
            "shift", gettext_noop("%(name)s comes on next and signs this note, or his deputy."), name=signers[0].name
        )
    colleagues = selectors.members(shift.region_path, clock.today(), SERVE)
    if not signers and not colleagues.filter(pk=me or 0).exists():
        raise BadInput("shift", gettext_noop("A colleague of this office signs the note."))
    take(work, shift, "sign")
    shift.signed_at, shift.signer_id = work.now, me
    shift.save(update_fields=["state", "signed_at", "signer"])
    deadlines.meet(work, shift, "duty.sign")
    outgoing = shift.writer.name if shift.writer else shift.officer.name
    work.record(DutyHandedOver(office_path=shift.region_path, outgoing=outgoing, incoming=work.actor.name), on=shift)
    look_for_gaps(work, shift.room)


def _by(work: Work, shift: Shift) -> dt.date:
    """A part of the hand-over is due by the end of the day on which the shift ends."""
    return max(clock.day_of(shift.ends_at), clock.day_of(work.now))
