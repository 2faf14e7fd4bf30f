"""Acts of warning: reckoning the index, special periods, warnings, their notices."""

from anlan.modules.warning.services.notices import acknowledge_notice, carry_notice, report_measures
from anlan.modules.warning.services.periods import end_period, set_period
from anlan.modules.warning.services.reckoning import drop_old_indexes, propose_warning, reckon_indexes
from anlan.modules.warning.services.warnings import (
    dismiss_warning,
    expire_warning,
    issue_proposed,
    issue_warning,
    lapse_proposal,
    withdraw_warning,
)

__all__ = [
    "acknowledge_notice",
    "carry_notice",
    "dismiss_warning",
    "drop_old_indexes",
    "end_period",
    "expire_warning",
    "issue_proposed",
    "issue_warning",
    "lapse_proposal",
    "propose_warning",
    "reckon_indexes",
    "report_measures",
    "set_period",
    "withdraw_warning",
]  # fmt: skip
