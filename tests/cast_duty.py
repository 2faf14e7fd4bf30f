"""The cast's duty rooms."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.apps import apps

from anlan.kernel import clock
from anlan.modules.duty import services as duty


def stand_duty(county: Any) -> None:
    """The town stands duty: a shift ahead, a swap asked for, an absence; what is not planned is a gap."""
    mark, officer = county.mark, county.actor("town_officer")
    keys = {name: county.users[name].pk for name in ("town_officer", "town_officer_2", "inspector")}
    room = duty.open_room(actor=officer, region=county.town, phone="0998-2200110")
    begins = clock.now().replace(minute=0, second=0, microsecond=0) + dt.timedelta(hours=30)
    shift = duty.put_shift(
        actor=officer, room=room, begins=begins, ends=begins + dt.timedelta(hours=12), officer=keys["town_officer"],
        leader=keys["town_officer_2"],
    )  # fmt: skip
    swap = duty.ask_swap(actor=officer, shift=shift, colleague=keys["inspector"], reason=f"{mark}外出培训")
    absence = duty.note_absence(
        actor=officer, room=room, user=keys["town_officer_2"], first=clock.today() + dt.timedelta(days=9),
        last=clock.today() + dt.timedelta(days=10), reason=f"{mark}年休假",
    )  # fmt: skip
    gap = apps.get_model("duty.Gap").plain.filter(room_id=room.pk, outcome="").earliest("begins_at")
    county.duty = {"room": room, "shift": shift, "swap": swap, "absence": absence, "gap": gap}
