"""What ends a request for a swap from outside: its shift changed, was struck off, or began."""

from __future__ import annotations

from anlan.kernel.acts import Work
from anlan.kernel.deadlines import services as deadlines
from anlan.kernel.errors import gettext_noop
from anlan.kernel.notify.services import tell
from anlan.kernel.workflow import remember
from anlan.modules.duty.events import SwapAnswered
from anlan.modules.duty.models import Shift, Swap
from anlan.modules.duty.workflow import SWAP

OPEN = ("asked", "agreed")
DUE = ("duty.agree", "duty.approve")


def drop_swaps(work: Work, shift: Shift) -> int:
    """The open requests of a shift lapse; both people are told. Returns how many."""
    rows = Swap.objects.everything(why="the open requests of the shift in hand").filter(shift=shift, state__in=OPEN)
    found = list(rows.select_related("asker", "colleague", "shift__room").select_for_update(of=("self",)))
    for swap in found:
        swap.state, swap.ended_at = "lapsed", work.now
        swap.save(update_fields=["state", "ended_at"])
        remember(work, swap, "lapse")
        deadlines.cancel(work, swap, *DUE)
        work.record(SwapAnswered(what=SWAP.state("lapsed").label), on=swap)
        tell(
            [swap.asker, swap.colleague],
            gettext_noop("The request for a swap lapsed: %(shift)s. Whoever stands on the roster stands the shift."),
            subject=swap, shift=str(swap.shift),
        )  # fmt: skip
    return len(found)
