"""What the clock does with a room: shifts nobody took up, requests whose shift began, gaps ahead."""

from __future__ import annotations

from anlan.kernel.acts import Work, act
from anlan.kernel.errors import gettext_noop
from anlan.kernel.notify.services import tell
from anlan.kernel.workflow import take
from anlan.modules.duty import selectors
from anlan.modules.duty.events import ShiftMissed
from anlan.modules.duty.models import DutyRoom, Shift
from anlan.modules.duty.services._rules import look_for_gaps
from anlan.modules.duty.services._swaps import OPEN, drop_swaps
from anlan.modules.duty.workflow import WATCH


@act(may=WATCH, on=DutyRoom)
def watch_room(work: Work, room: DutyRoom) -> None:
    """Note shifts that went by and nobody came, let requests lapse whose shift began, look for gaps ahead."""
    rows = Shift.objects.everything(why="the shifts of the room in hand").filter(room=room)
    over = rows.filter(state="planned", ends_at__lte=work.now).select_related("room", "officer", "leader")
    for shift in over.select_for_update(of=("self",)).order_by("begins_at"):
        drop_swaps(work, shift)
        take(work, shift, "miss")
        shift.save(update_fields=["state"])
        work.record(ShiftMissed(office_path=room.region_path, officer=shift.officer.name), on=shift)
        tell(
            [shift.leader, *selectors.leaders_of(room.region_path)],
            gettext_noop("Nobody took up duty: %(shift)s, duty officer %(officer)s."),
            subject=shift, urgent=True, shift=str(shift), officer=shift.officer.name,
        )  # fmt: skip
    begun = rows.filter(begins_at__lte=work.now, swaps__state__in=OPEN).select_related("room").distinct()
    for shift in begun.order_by("begins_at"):
        drop_swaps(work, shift)
    look_for_gaps(work, room)
