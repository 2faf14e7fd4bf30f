"""Acts of duty: rooms, rosters, hand-overs, swaps, the watch."""

from anlan.modules.duty.services.calling import call_duty
from anlan.modules.duty.services.planning import change_shift, plan_month, put_shift, strike_shift
from anlan.modules.duty.services.rooms import change_room, close_room, end_absence, note_absence, open_room
from anlan.modules.duty.services.standing import sign_hand_over, take_up_duty, write_note
from anlan.modules.duty.services.swaps import (
    agree_swap,
    approve_swap,
    ask_swap,
    decline_swap,
    refuse_swap,
    withdraw_swap,
)
from anlan.modules.duty.services.watching import watch_room

__all__ = [
    "agree_swap", "approve_swap", "ask_swap", "call_duty", "change_room", "change_shift", "close_room", "decline_swap",
    "end_absence", "note_absence", "open_room", "plan_month", "put_shift", "refuse_swap", "sign_hand_over",
    "strike_shift", "take_up_duty", "watch_room", "withdraw_swap", "write_note",
]  # fmt: skip
