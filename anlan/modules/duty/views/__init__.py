"""Screens of duty."""

from anlan.modules.duty.views.rooms import (
    ABSENCE,
    CHANGE_ROOM,
    CLOSE_ROOM,
    END_ABSENCE,
    FILL,
    GAP_PAGE,
    GAPS,
    OPEN_ROOM,
    PLAN_MONTH,
    PUT_SHIFT,
    ROOM,
    ROOMS,
)
from anlan.modules.duty.views.roster import MONTH, SHEET
from anlan.modules.duty.views.shifts import SHIFT_ACTS, SHIFT_PAGE, SHIFTS, SWAP_ACTS, SWAP_PAGE, SWAPS

PAGES = (
    MONTH, SHEET, ROOMS, OPEN_ROOM, ROOM, CHANGE_ROOM, CLOSE_ROOM, PLAN_MONTH, PUT_SHIFT, ABSENCE, END_ABSENCE, GAPS,
    GAP_PAGE, FILL, SHIFTS, SHIFT_PAGE, *SHIFT_ACTS, SWAPS, SWAP_PAGE, *SWAP_ACTS,
)  # fmt: skip

__all__ = ["PAGES"]
