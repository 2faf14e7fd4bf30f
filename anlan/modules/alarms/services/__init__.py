"""Acts of alarms: limits, what the engine found, what the desk does, what the clock does."""

from anlan.modules.alarms.services.answering import (
    acknowledge_alarm,
    dial,
    log_call,
    shelve_alarm,
    unshelve_alarm,
)
from anlan.modules.alarms.services.following import carry_setting
from anlan.modules.alarms.services.settings import (
    change_setting,
    make_setting,
    make_settings,
    put_back_in_service,
    retire_setting,
    take_out_of_service,
)
from anlan.modules.alarms.services.taking_in import take_in_transitions
from anlan.modules.alarms.services.watching import escalate_alarm, neglect_alarm, note_hazard

__all__ = [
    "acknowledge_alarm", "carry_setting", "change_setting", "dial", "escalate_alarm", "log_call", "make_setting",
    "make_settings",
    "neglect_alarm", "note_hazard", "put_back_in_service", "retire_setting", "shelve_alarm", "take_in_transitions",
    "take_out_of_service", "unshelve_alarm",
]  # fmt: skip
