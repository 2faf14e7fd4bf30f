"""Swaps: an officer asks a named colleague, the colleague agrees, the leader approves, or it lapses."""

from __future__ import annotations

from anlan.kernel import clock
from anlan.kernel.acts import Work, act, created
from anlan.kernel.deadlines import services as deadlines
from anlan.kernel.errors import BadInput, WrongStep, gettext_noop
from anlan.kernel.identity.models import User
from anlan.kernel.notify.services import tell
from anlan.kernel.workflow import begin, remember, take
from anlan.modules.duty import selectors
from anlan.modules.duty.events import ShiftChanged, SwapAnswered, SwapApproved, SwapAsked
from anlan.modules.duty.models import Shift, Swap
from anlan.modules.duty.services._rules import check_people, follow_roster
from anlan.modules.duty.services._swaps import DUE, OPEN
from anlan.modules.duty.workflow import APPROVE, SERVE, SHIFT, SWAP

BEGUN = gettext_noop("This shift has begun, or its roster changed. Ask for another one.")


@act(may=SERVE, on=Shift)
def ask_swap(work: Work, shift: Shift, *, colleague: int, reason: str) -> Swap:
    """The duty officer of a shift ahead asks a colleague to stand it, for a reason. One request at a time."""
    if work.actor.user_id != shift.officer_id:
        raise BadInput("shift", gettext_noop("Only the duty officer of this shift asks for a swap."))
    if shift.state != "planned" or shift.begins_at <= work.now:
        raise WrongStep(step=SWAP.step("ask").label, state=SHIFT.state(shift.state).label)
    if not reason.strip():
        raise BadInput("reason", gettext_noop("Say why you ask for a swap."))
    standing = Swap.objects.everything(why="one request at a time").filter(shift=shift, state__in=OPEN).first()
    if standing is not None:
        if standing.colleague_id == colleague:
            return standing
        raise BadInput("colleague", gettext_noop("Somebody is asked already. Withdraw that request first."))
    person = _can_stand(shift, colleague)
    swap = Swap(
        region_path=shift.region_path, shift=shift, asker_id=shift.officer_id, colleague=person,
        reason=reason.strip()[:200], asked_at=work.now,
    )  # fmt: skip
    begin(work, swap, "ask")
    created(swap)
    remember(work, swap, "ask")
    work.record(SwapAsked(asker=work.actor.name, colleague=person.name, reason=swap.reason), on=swap)
    _expect(work, swap, "duty.agree", SWAP.step("agree").label, SERVE, person)
    tell(
        [person], gettext_noop("%(asker)s asks you to stand %(shift)s: %(reason)s"),
        subject=swap, asker=work.actor.name, shift=str(shift), reason=swap.reason,
    )  # fmt: skip
    return swap


@act(may=SERVE, on=Swap)
def agree_swap(work: Work, swap: Swap) -> None:
    """The colleague agrees; the leader decides next. Again: nothing."""
    if swap.state == "agreed" and work.actor.user_id == swap.colleague_id:
        return
    _need_colleague(work, swap)
    _need_ahead(work, swap, "agree")
    _can_stand(swap.shift, swap.colleague_id)
    take(work, swap, "agree")
    swap.save(update_fields=["state"])
    deadlines.meet(work, swap, "duty.agree")
    work.record(SwapAnswered(what=SWAP.step("agree").label), on=swap)
    _expect(work, swap, "duty.approve", SWAP.step("approve").label, APPROVE, None)
    tell(
        selectors.leaders_of(swap.region_path),
        gettext_noop("A swap waits for approval: %(colleague)s for %(asker)s, %(shift)s."),
        subject=swap, colleague=swap.colleague.name, asker=swap.asker.name, shift=str(swap.shift),
    )  # fmt: skip


@act(may=SERVE, on=Swap)
def decline_swap(work: Work, swap: Swap, *, answer: str = "") -> None:
    """The colleague declines; the shift stays with whoever asked. Again: nothing."""
    if swap.state == "declined":
        return
    _need_colleague(work, swap)
    _end(work, swap, "decline", answer)
    _tell_asker(swap)


@act(may=SERVE, on=Swap)
def withdraw_swap(work: Work, swap: Swap, *, answer: str = "") -> None:
    """Whoever asked takes his request back. Again: nothing."""
    if swap.state == "withdrawn":
        return
    if work.actor.user_id != swap.asker_id:
        raise BadInput("swap", gettext_noop("Only whoever asked withdraws the request."))
    _end(work, swap, "withdraw", answer)


@act(may=APPROVE, on=Swap)
def approve_swap(work: Work, swap: Swap) -> None:
    """The leader approves: the colleague stands the shift, if he still can. Again: nothing."""
    if swap.state == "approved":
        return
    _need_ahead(work, swap, "approve")
    shift = (
        Shift.objects.everything(why="the shift of the request in hand")
        .select_for_update(of=("self",))
        .get(pk=swap.shift_id)
    )
    if shift.state != "planned" or shift.officer_id != swap.asker_id:
        raise BadInput("swap", BEGUN)
    _can_stand(shift, swap.colleague_id)
    take(work, swap, "approve")
    swap.ended_at = work.now
    swap.save(update_fields=["state", "ended_at"])
    deadlines.meet(work, swap, "duty.approve")
    shift.officer = swap.colleague
    shift.save(update_fields=["officer"])
    before, after = swap.asker.name, swap.colleague.name
    work.record(SwapApproved(office_path=swap.region_path, asker=before, colleague=after), on=swap)
    work.record(ShiftChanged(before=before, after=after, reason=swap.reason), on=shift)
    tell(
        [swap.asker, swap.colleague],
        gettext_noop("The swap was approved: %(colleague)s stands in for %(asker)s, %(shift)s."),
        subject=swap, colleague=after, asker=before, shift=str(shift),
    )  # fmt: skip
    follow_roster(work, shift.room)


@act(may=APPROVE, on=Swap)
def refuse_swap(work: Work, swap: Swap, *, answer: str) -> None:
    """The leader refuses, with a reason. Again: nothing."""
    if swap.state == "refused":
        return
    _end(work, swap, "refuse", answer)
    _tell_asker(swap)


def _end(work: Work, swap: Swap, step: str, answer: str) -> None:
    answer = answer.strip()[:200]
    taken = take(work, swap, step, note=answer, given={"answer": answer})
    swap.answer, swap.ended_at = answer, work.now
    swap.save(update_fields=["state", "answer", "ended_at"])
    deadlines.cancel(work, swap, *DUE)
    work.record(SwapAnswered(what=taken.label, answer=answer), on=swap)


def _tell_asker(swap: Swap) -> None:
    tell(
        [swap.asker], gettext_noop("Your request for a swap was not granted: %(shift)s. %(answer)s"),
        subject=swap, shift=str(swap.shift), answer=swap.answer,
    )  # fmt: skip


def _can_stand(shift: Shift, colleague: int) -> User:
    """The colleague, if he holds a post there, is not off and not on duty elsewhere; else refused at ``colleague``."""
    try:
        people = check_people(
            shift.region_path, shift.begins_at, shift.ends_at, officer=colleague, leader=shift.leader_id,
            deputy=shift.deputy_id, shift=shift,
        )  # fmt: skip
    except BadInput as why:
        if why.column == "officer" or colleague in (shift.leader_id, shift.deputy_id):
            raise BadInput("colleague", why.message, **why.params) from why
        raise
    found = people["officer"]
    assert found is not None  # an officer is always asked for
    return found


def _expect(work: Work, swap: Swap, kind: str, label: str, duty: str, who: User | None) -> None:
    """An answer is due by the day of the shift."""
    day = clock.day_of(swap.shift.begins_at)
    deadlines.start(
        work, swap, kind=kind, label=label, due=day,
        duty=duty, desk_path=swap.region_path, assignee=who, remind_days=(1,),
        basis="本地规定：换班须经本人申请、对方同意、领导批准",
    )  # fmt: skip


def _need_colleague(work: Work, swap: Swap) -> None:
    if work.actor.user_id != swap.colleague_id:
        raise BadInput("swap", gettext_noop("Only the colleague who was asked answers this."))


def _need_ahead(work: Work, swap: Swap, step: str) -> None:
    if swap.state in OPEN and swap.shift.begins_at <= work.now:
        raise WrongStep(step=SWAP.step(step).label, state=SWAP.state("lapsed").label)
