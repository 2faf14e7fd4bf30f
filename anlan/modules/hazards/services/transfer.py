"""Moving a hazard to another desk: offered, then taken over or refused. Until then the owner stays the owner."""

from __future__ import annotations

from typing import Any

from anlan.kernel.acts import Work, act, created
from anlan.kernel.deadlines import services as deadlines
from anlan.kernel.errors import BadInput, NotAllowed, WrongStep, gettext_noop
from anlan.kernel.identity.actors import holders_of
from anlan.kernel.regions.models import Region
from anlan.kernel.regions.selectors import full_name, region_at
from anlan.kernel.workflow import begin, remember, take
from anlan.modules.hazards.events import TransferAccepted, TransferOffered, TransferRecalled, TransferRefused
from anlan.modules.hazards.models import Hazard, Transfer
from anlan.modules.hazards.services import _desks as desks
from anlan.modules.hazards.services._beside import companion_fields, follow_desk, locked_hazard
from anlan.modules.registry import public as registry


@act(may="hazards.transfer", on=Hazard)
def offer_transfer(work: Work, hazard: Hazard, *, reason: str, region: Region | str, sector: str = "") -> Transfer:
    """Offer an open hazard to the desk of a region and sector line ("" keeps the present line).

    Only who has it on the desk may offer it. The receiver sees it at once and takes it over or refuses; one offer at
    a time. Offering it again to the same desk does nothing.
    """
    why = desks.need_text(work, "reason", reason)
    if not hazard.is_open:
        raise WrongStep(step=Transfer.process.step("offer").label, state=hazard.process.state(hazard.state).label)
    target = region if isinstance(region, Region) else region_at(str(region))
    if target is None or target.valid_to is not None:
        raise BadInput("region", gettext_noop("Choose the region of the receiving office."))
    line = sector or hazard.owner_sector
    if sector and sector not in dict(registry.sectors()):
        raise BadInput("sector", gettext_noop("Choose one of the sector lines."))
    if not hazard.on_desk_of(work.actor, ("hazards.transfer",)):
        raise NotAllowed(
            gettext_noop("This hazard is on the desk of %(desk)s. Ask for a transfer if it should be on yours."),
            desk=full_name(hazard.owner_path),
        )
    path = desks.Desk.office(target.path)
    if (path, line) == (hazard.owner_path, hazard.owner_sector):
        raise BadInput("region", gettext_noop("It is on that desk already. Choose another office or line."))
    pending = _offered(hazard)
    if pending is not None:
        if (pending.to_path, pending.to_sector) == (path, line):
            return pending
        raise BadInput(
            "region",
            gettext_noop("It is offered to %(to)s already. Recall that offer first."),
            to=full_name(pending.to_path),
        )
    if not holders_of("hazards.receive", path=path, sector=line).exists():
        raise BadInput(
            "region",
            gettext_noop("Nobody at %(to)s may take it over. Choose another office or line."),
            to=full_name(path),
        )
    offer = Transfer(**companion_fields(work, hazard), to_path=path, to_sector=line, reason=why)
    begin(work, offer, "offer", note=why)
    created(offer)
    remember(work, offer, "offer", why)
    hazard.offered_path, hazard.offered_sector = path, line
    desks.start_due(work, hazard, "transfer")
    desks.settle(work, hazard)
    desks.note(work, TransferOffered(to=_desk_name(path, line), reason=why), on=hazard)
    desks.tell_desk(work, hazard, "transfer", gettext_noop("%(number)s is offered to you: %(reason)s"), reason=why)
    return offer


@act(may="hazards.receive", on=Transfer)
def accept_transfer(work: Work, transfer: Transfer, *, answer: str = "") -> None:
    """Take over: the receiver is the owner now, and what was on the old desk moves to the new one."""
    hazard = _hazard_of(work, transfer, "take_over")
    transfer.answer = answer.strip()
    take(work, transfer, "take_over", note=answer)
    transfer.save()
    old = (hazard.owner_path, hazard.owner_sector)
    hazard.owner_path, hazard.owner_sector = transfer.to_path, transfer.to_sector
    _withdraw_offer(work, hazard, met=True)
    follow_desk(work, hazard, old)
    desks.settle(work, hazard)
    desks.note(work, TransferAccepted(to=_desk_name(*_to(transfer)), answer=transfer.answer), on=hazard)
    _bump(work, transfer)


@act(may="hazards.receive", on=Transfer)
def refuse_transfer(work: Work, transfer: Transfer, *, answer: str) -> None:
    """Refuse with a reason: the owner stays."""
    why = desks.need_text(work, "answer", answer)
    hazard = _hazard_of(work, transfer, "refuse")
    take(work, transfer, "refuse", note=why, given={"answer": why})
    transfer.answer = why
    transfer.save()
    _withdraw_offer(work, hazard, met=True)
    desks.settle(work, hazard)
    desks.note(work, TransferRefused(to=_desk_name(*_to(transfer)), answer=why), on=hazard)
    _bump(work, transfer)


@act(may="hazards.transfer", on=Transfer)
def recall_transfer(work: Work, transfer: Transfer, *, answer: str = "") -> None:
    """Take the offer back before it was answered."""
    hazard = _hazard_of(work, transfer, "recall")
    take(work, transfer, "recall", note=answer)
    transfer.answer = answer.strip()
    transfer.save()
    _withdraw_offer(work, hazard, met=False)
    desks.settle(work, hazard)
    desks.note(work, TransferRecalled(to=_desk_name(*_to(transfer))), on=hazard)
    _bump(work, transfer)


def _hazard_of(work: Work, transfer: Transfer, code: str) -> Hazard:
    hazard = locked_hazard(work, transfer, code)
    transfer.hazard = hazard
    return hazard


def _offered(hazard: Hazard) -> Transfer | None:
    return (
        Transfer.objects.everything(why="the pending offer of one hazard in hand")
        .filter(hazard=hazard, state="offered")
        .first()
    )


def _to(transfer: Transfer) -> tuple[str, str]:
    return transfer.to_path, transfer.to_sector


def _desk_name(path: str, sector: str) -> str:
    line = dict(registry.sectors()).get(sector, "")
    return f"{full_name(path)}（{line}）" if line else full_name(path)


def _withdraw_offer(work: Work, hazard: Hazard, *, met: bool) -> None:
    hazard.offered_path = hazard.offered_sector = ""
    (deadlines.meet if met else deadlines.cancel)(work, hazard, "transfer")


def _bump(work: Work, companion: Any) -> None:
    """The companion itself changed too: who still shows the old edition is told so."""
    companion.version += 1
    companion.save(update_fields=["version"])
