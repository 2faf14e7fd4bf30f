"""Acts of risks: points, factors, assessments, checks, cards, plans, areas."""

from anlan.modules.risks.services.areas import record_area_assessment, settle_area
from anlan.modules.risks.services.assessing import (
    assess_point,
    begin_review,
    close_point,
    put_in_force,
    reinstate_point,
    return_assessment,
)
from anlan.modules.risks.services.cards import issue_card, withdraw_card
from anlan.modules.risks.services.carry import carry_risks
from anlan.modules.risks.services.checks import (
    check_all_measures,
    check_measure,
    drop_tie,
    fail_again,
    follow_merger,
    restore_measures,
    tie_hazard,
)
from anlan.modules.risks.services.factors import add_factor, change_factor, remove_factor
from anlan.modules.risks.services.plans import add_plan, draw_zone, erase_zone, remove_plan
from anlan.modules.risks.services.points import change_point, find_again, register_point

__all__ = [
    "add_factor",
    "add_plan",
    "assess_point",
    "begin_review",
    "carry_risks",
    "change_factor",
    "change_point",
    "check_all_measures",
    "check_measure",
    "close_point",
    "draw_zone",
    "drop_tie",
    "erase_zone",
    "fail_again",
    "find_again",
    "follow_merger",
    "issue_card",
    "put_in_force",
    "record_area_assessment",
    "register_point",
    "reinstate_point",
    "remove_factor",
    "remove_plan",
    "restore_measures",
    "return_assessment",
    "settle_area",
    "tie_hazard",
    "withdraw_card",
]  # fmt: skip
