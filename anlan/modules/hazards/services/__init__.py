"""The acts of the module. Files that begin with an underscore hold what the acts share."""

from anlan.modules.hazards.services.carry import carry_hazard, find_again
from anlan.modules.hazards.services.extension import ask_extension, grant_extension, refuse_extension
from anlan.modules.hazards.services.files import add_files
from anlan.modules.hazards.services.instruction import answer_instruction, instruct, recall_instruction, return_answer
from anlan.modules.hazards.services.intake import intake_hazards
from anlan.modules.hazards.services.listing import (
    decline_listing,
    delist_hazard,
    grant_listing,
    keep_listing,
    list_hazard,
    request_delisting,
    request_listing,
)
from anlan.modules.hazards.services.loop import (
    accept_own,
    accept_rectification,
    approve_plan,
    assess_general,
    assess_major,
    assess_own,
    close_hazard,
    close_own,
    order_rectification,
    recheck_hazard,
    record_evaluation,
    regrade_general,
    regrade_major,
    reopen_hazard,
    report_major,
    return_acceptance,
    return_plan,
    return_rectification,
    submit_plan,
    submit_rectification,
)
from anlan.modules.hazards.services.merge import merge_hazard
from anlan.modules.hazards.services.report import (
    correct_hazard,
    find_hazard,
    report_hazard,
    resubmit_report,
    return_report,
)
from anlan.modules.hazards.services.transfer import accept_transfer, offer_transfer, recall_transfer, refuse_transfer
from anlan.modules.hazards.services.urge import urge_hazard
from anlan.modules.hazards.services.withdrawal import agree_withdrawal, propose_withdrawal, refuse_withdrawal

__all__ = [
    "accept_own", "accept_rectification", "accept_transfer", "add_files", "agree_withdrawal", "answer_instruction",
    "approve_plan", "ask_extension", "assess_general", "assess_major", "assess_own", "carry_hazard",
    "close_hazard", "close_own", "correct_hazard", "decline_listing", "delist_hazard", "find_again", "find_hazard",
    "grant_extension", "grant_listing", "instruct", "intake_hazards",
    "keep_listing", "list_hazard", "merge_hazard", "offer_transfer", "order_rectification", "propose_withdrawal",
    "recall_instruction", "recall_transfer", "recheck_hazard", "record_evaluation", "refuse_extension",
    "refuse_transfer", "refuse_withdrawal", "regrade_general", "regrade_major", "reopen_hazard", "report_hazard",
    "report_major", "request_delisting", "request_listing", "resubmit_report", "return_acceptance", "return_answer",
    "return_plan", "return_rectification", "return_report", "submit_plan", "submit_rectification", "urge_hazard",
]  # fmt: skip
