"""The processes of evidence and of a self-check as tables. Pure data."""

from __future__ import annotations

from anlan.rules.hazard_grade import safety_law
from anlan.rules.steps import State, Step, Workflow


def gettext_noop(message: str) -> str:
    """Mark a msgid for extraction."""
    return message


_ = gettext_noop

VIEW, KEEP, CHECK = "compliance.view", "compliance.keep", "compliance.check"
REVIEW, WATCH = "compliance.review", "compliance.watch"
OWED = safety_law("第四条第一款")
SEEN = safety_law("第六十五条第一款第一项")
ROUTINE = safety_law("第四十六条第一款")

EVIDENCE = Workflow(
    "evidence",
    (
        State("held", _("In effect as evidence"), "green"),
        State("withdrawn", _("Taken back"), "grey", final=True),
        State("refused", _("Not accepted as evidence"), "red", final=True),
    ),
    (
        Step("hand_in", _("Hand in evidence"), (), "held", (KEEP, CHECK), OWED),
        Step("withdraw", _("Take evidence back"), ("held",), "withdrawn", (KEEP,), OWED, evidence=("reason",)),
        Step("refuse", _("Refuse evidence"), ("held",), "refused", (REVIEW,), SEEN, evidence=("reason",)),
    ),
)  # fmt: skip

SELF_CHECK = Workflow(
    "self_check",
    (
        State("planned", _("To be filled in"), "blue"),
        State("finished", _("Self-check finished"), "green", final=True),
        State("dropped", _("Dropped"), "grey", final=True),
    ),
    (
        Step("plan", _("Plan self-checks"), (), "planned", (KEEP, CHECK), ROUTINE, deadline="compliance.check"),
        Step("finish", _("Finish the self-check"), ("planned",), "finished", (CHECK,), ROUTINE,
             ends=("compliance.check",)),
        Step("drop", _("Drop the schedule"), ("planned",), "dropped", (KEEP,), ROUTINE, evidence=("reason",),
             ends=("compliance.check",)),
    ),
)  # fmt: skip
