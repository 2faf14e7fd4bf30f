"""What ends by itself when a hazard moves on: an offer nobody needs, a request for time that is no longer needed."""

from __future__ import annotations

from typing import Any

from anlan.kernel.actor import Actor
from anlan.kernel.acts import Work
from anlan.kernel.deadlines import services as deadlines
from anlan.kernel.errors import RuleBroken, gettext_noop
from anlan.kernel.workflow import take
from anlan.modules.hazards.events import ExtensionRefused, ListingDeclined, TransferRecalled
from anlan.modules.hazards.models import Extension, Hazard, Listing, Transfer
from anlan.modules.hazards.services import _desks as desks

SETTLED = "隐患已办结，自行终止"


def lapse_extension(work: Work, hazard: Hazard) -> None:
    """An open request for more time lapses once the rectification is handed in or the matter is settled."""
    for asked in _open(Extension, hazard, "asked"):
        _by_itself(work, asked, "lapse", answer=SETTLED)
        deadlines.meet(work, hazard, "extension")
        desks.note(work, ExtensionRefused(answer=SETTLED), on=hazard)


def end_companions(work: Work, hazard: Hazard) -> None:
    """End what is pending beside a hazard that comes to rest; leaders' instructions stay to be answered."""
    lapse_extension(work, hazard)
    for offer in _open(Transfer, hazard, "offered"):
        _by_itself(work, offer, "recall", answer=SETTLED)
        hazard.offered_path = hazard.offered_sector = ""
        deadlines.cancel(work, hazard, "transfer")
        desks.note(work, TransferRecalled(to=""), on=hazard)
    for request in _open(Listing, hazard, "requested"):
        _by_itself(work, request, "decline", answer=SETTLED)
        desks.note(work, ListingDeclined(answer=SETTLED), on=hazard)
    hazard.save()


def refuse_listed(work: Work, hazard: Hazard, step: str) -> None:
    """A hazard listed for supervision is not settled before it was removed from the list."""
    if hazard.listing_level:
        raise RuleBroken(
            gettext_noop("This hazard is listed for supervision. Ask for its removal from the list first."),
            Hazard.process.step(step).clause,
        )


def _open(model: Any, hazard: Hazard, state: str) -> list[Any]:
    rows = model.objects.everything(why="the companions of one hazard in hand")
    return list(rows.filter(hazard=hazard, state=state).select_for_update())


def _by_itself(work: Work, companion: Any, code: str, *, answer: str) -> None:
    """A step the platform takes because of this act."""
    auto = Work(actor=Actor.system(cause=work.act), act=work.act)
    companion.answer = answer
    take(auto, companion, code, note=answer)
    companion.version += 1
    companion.save()
