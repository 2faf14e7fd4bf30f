"""The process of a risk point as a table. Pure data."""

from __future__ import annotations

from anlan.rules.citation import Citation, Confidence, Level
from anlan.rules.hazard_grade import safety_law
from anlan.rules.steps import State, Step, Workflow


def gettext_noop(message: str) -> str:
    """Mark a msgid for extraction."""
    return message


_ = gettext_noop


def local(what: str) -> Citation:
    """A rule of this deployment, where no statute held gives one."""
    return Citation(
        "本地规定", f"：{what}", Confidence.A, Level.LOCAL, note="practice of this deployment, not a statute"
    )


VIEW, MAP, KEEP, APPROVE = "risks.view", "risks.map", "risks.keep", "risks.approve"
CHECK, AREA = "risks.check", "risks.area"
GRADED = safety_law("第四十一条第一款")
RETURN = local("退回须说明理由")
REVIEW = local("风险清单定期复评，变更或者升级后及时复评")
END = local("风险点注销须说明理由")
BACK = local("注销的风险点恢复使用的，重新评估后恢复管控")

POINT = Workflow(
    "point",
    (
        State("draft", _("Being identified"), "blue"),
        State("assessed", _("To be put in force"), "purple"),
        State("in_force", _("Under control"), "green"),
        State("under_review", _("Under review"), "yellow"),
        State("closed", _("Struck off the register"), "grey", final=True),
    ),
    (
        Step("register", _("Register a risk point"), (), "draft", (KEEP,), GRADED),
        Step("assess", _("Settle the assessment"), ("draft", "under_review"), "assessed", (KEEP,), GRADED,
             evidence=("control_level", "responsible")),
        Step("put_in_force", _("Put in force"), ("assessed",), "in_force", (APPROVE,), GRADED,
             deadline="risks.review", ends=("risks.reassess",)),
        Step("return_assessment", _("Return the assessment"), ("assessed",), "under_review", (APPROVE,), RETURN,
             evidence=("reason",)),
        Step("begin_review", _("Begin a review"), ("in_force",), "under_review", (KEEP,), REVIEW),
        Step("close", _("Strike off the register"), ("draft", "assessed", "in_force", "under_review"), "closed",
             (APPROVE,), END, evidence=("reason",), ends=("risks.reassess",)),
        Step("reinstate", _("Take back into the register"), ("closed",), "under_review", (APPROVE,), BACK,
             evidence=("reason",)),
        Step("begin_again", _("Take back into the register, never assessed"), ("closed",), "draft", (APPROVE,), BACK,
             evidence=("reason",)),
    ),
)  # fmt: skip

OPEN_STATES = tuple(s.code for s in POINT.states if not s.final)
EDITABLE = ("draft", "under_review")
"""The states in which factors are entered: the assessment on the table is not settled."""
