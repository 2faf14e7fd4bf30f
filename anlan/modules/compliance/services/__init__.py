"""Acts of compliance: the workspace, evidence, self-checks."""

from anlan.modules.compliance.services.checks import (
    answer_item,
    drop_check,
    end_checks,
    fill_check,
    finish_check,
    plan_check,
)
from anlan.modules.compliance.services.evidence import hand_in_evidence, refuse_evidence, withdraw_evidence
from anlan.modules.compliance.services.workspaces import (
    carry_checks,
    carry_workspace,
    judge_duties,
    open_workspace,
)

__all__ = [
    "answer_item", "carry_checks", "carry_workspace", "drop_check", "end_checks", "fill_check", "finish_check",
    "hand_in_evidence", "judge_duties", "open_workspace", "plan_check", "refuse_evidence", "withdraw_evidence",
]  # fmt: skip
