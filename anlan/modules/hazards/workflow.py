"""The process of a hazard as a table: step, from, to, who, clause, evidence, deadline; and its four companions.

Pure data. ``kernel.workflow`` moves records along it; the database triggers, the diagrams of
``docs/modules/hazards.md`` and the generated tests come from the same rows. A clause of confidence C or D shows itself
as 待核实; where no text gives a rule the row cites 本地规定.
"""

from __future__ import annotations

from dataclasses import dataclass

from anlan.rules.citation import Citation, Confidence, Level
from anlan.rules.hazard_deadline import RECTIFICATION_BY_ORDER
from anlan.rules.hazard_grade import DEFINITION, PLAN, order_16, safety_law
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


DISCOVER = safety_law("第四十一条第二款")
SUPERVISE = safety_law("第四十一条第三款")
INSPECT = safety_law("第六十五条第一款第三项")
EVALUATE = order_16("第十八条", Confidence.C)
RETURN = local("退回须说明理由")
SECOND_PERSON = local("非隐患撤销须经第二人同意")
LOOK_BACK = local("销号后“回头看”")
MERGE = local("同一隐患并案处理")
TRANSFER_RULE = safety_law("第七十三条第一款")
URGENT_DUTY = local("领导批示件限期办理")

OWN = "hazards.accept_own"
BEHALF = "hazards.on_behalf"

STATES = (
    State("registered", _("To be assessed"), "blue"),
    State("returned_report", _("Returned for details"), "orange"),
    State("planning", _("Plan awaited"), "orange"),
    State("plan_review", _("Plan to be approved"), "purple"),
    State("rectifying", _("Being rectified"), "yellow"),
    State("in_review", _("To be reviewed"), "purple"),
    State("accepted", _("To be closed"), "teal"),
    State("closed", _("Struck off the ledger"), "green", final=True),
    State("withdrawal_proposed", _("Withdrawal to be agreed"), "purple"),
    State("withdrawn", _("Withdrawn as no hazard"), "grey", final=True),
    State("merged", _("Merged"), "grey", final=True),
)

OPEN_STATES = tuple(s.code for s in STATES if not s.final)
UNDER_WAY = ("planning", "plan_review", "rectifying", "in_review", "accepted")
"""Assessed and not yet closed."""

WITHDRAWABLE = ("registered", "returned_report", "planning", "plan_review", "rectifying", "in_review")

HAZARD = Workflow(
    name="hazard",
    states=STATES,
    steps=(
        Step("report", _("Report"), (), "registered", ("hazards.report",), DISCOVER,
             evidence=("title", "description"), deadline="assess"),
        Step("find", _("Register a finding"), (), "registered", ("hazards.find",), INSPECT,
             evidence=("title", "description"), deadline="assess"),
        Step("return_report", _("Return the report"), ("registered",), "returned_report", ("hazards.grade",), RETURN,
             evidence=("reason",), deadline="supplement", ends=("assess",)),
        Step("resubmit_report", _("Hand the report in again"), ("returned_report",), "registered",
             ("hazards.report", "hazards.find"), DISCOVER, evidence=("description",), deadline="assess",
             ends=("supplement",)),
        Step("assess_general", _("Assess as general"), ("registered",), "rectifying", ("hazards.grade",), DEFINITION,
             deadline="rectify", ends=("assess",)),
        Step("assess_own", _("Assess one's own finding as general"), ("registered",), "rectifying", (OWN,), PLAN,
             deadline="rectify", ends=("assess",)),
        Step("assess_major", _("Assess as major"), ("registered",), "planning", ("hazards.grade",), DEFINITION,
             evidence=("judgement",), deadline="submit_plan", ends=("assess",)),
        Step("regrade_major", _("Raise to major"), ("rectifying", "in_review"), "planning", ("hazards.grade",),
             DEFINITION, evidence=("judgement", "reason"), deadline="submit_plan", ends=("rectify", "review")),
        Step("regrade_general", _("Lower to general"), ("planning", "plan_review"), "rectifying", ("hazards.grade",),
             DEFINITION, evidence=("reason",), deadline="rectify",
             ends=("submit_plan", "approve_plan", "report_major"), not_by=("assess_major", "regrade_major")),
        Step("submit_plan", _("Hand in the treatment plan"), ("planning",), "plan_review", ("hazards.plan", BEHALF),
             PLAN, evidence=("settled", "plan", "plan_due"), deadline="approve_plan", ends=("submit_plan",)),
        Step("approve_plan", _("Approve the plan"), ("plan_review",), "rectifying", ("hazards.approve",), SUPERVISE,
             deadline="rectify", ends=("approve_plan",), not_by=("submit_plan",)),
        Step("return_plan", _("Return the plan"), ("plan_review",), "planning", ("hazards.approve",), SUPERVISE,
             evidence=("reason",), deadline="submit_plan", ends=("approve_plan",)),
        Step("order", _("Order rectification by a day"), ("rectifying",), "rectifying", ("hazards.order",),
             RECTIFICATION_BY_ORDER, evidence=("ordered_due",), deadline="rectify"),
        Step("submit_rectification", _("Hand in the rectification"), ("rectifying",), "in_review",
             ("hazards.rectify", BEHALF), DISCOVER, evidence=("measures", "after", "money_spent_yuan"),
             deadline="review", ends=("rectify", "extension")),
        Step("accept", _("Accept the rectification"), ("in_review",), "accepted", ("hazards.review",), INSPECT,
             evidence=("opinion",), deadline="close", ends=("review",), not_by=("submit_rectification",)),
        Step("accept_own", _("Accept one's own rectification"), ("in_review",), "accepted", (OWN,), PLAN,
             evidence=("opinion",), deadline="close", ends=("review",), not_by=("submit_rectification",)),
        Step("return_rectification", _("Return the rectification"), ("in_review",), "rectifying",
             ("hazards.review", OWN), INSPECT, evidence=("reason",), deadline="rectify", ends=("review",)),
        Step("return_acceptance", _("Return the acceptance"), ("accepted",), "rectifying", ("hazards.close",),
             RETURN, evidence=("reason",), deadline="rectify", ends=("close",)),
        Step("close", _("Strike off the ledger"), ("accepted",), "closed", ("hazards.close",), SUPERVISE,
             deadline="recheck", ends=("close",), not_by=("submit_rectification",)),
        Step("close_own", _("Strike one's own finding off"), ("accepted",), "closed", (OWN,), DISCOVER,
             deadline="recheck", ends=("close",)),
        Step("recheck", _("Look again: still in order"), ("closed",), "closed", ("hazards.recheck",), LOOK_BACK,
             evidence=("opinion",), ends=("recheck",)),
        Step("reopen", _("Reopen the hazard"), ("closed",), "rectifying", ("hazards.reopen",), LOOK_BACK,
             evidence=("reason",), deadline="rectify", ends=("recheck",)),
        Step("propose_withdrawal", _("Propose to withdraw as no hazard"), WITHDRAWABLE, "withdrawal_proposed",
             ("hazards.withdraw",), SECOND_PERSON, evidence=("reason",), deadline="withdrawal"),
        Step("agree_withdrawal", _("Agree to the withdrawal"), ("withdrawal_proposed",), "withdrawn",
             ("hazards.agree_withdrawal",), SECOND_PERSON, ends=("*",), not_by=("propose_withdrawal",)),
        *(
            Step(f"refuse_withdrawal_{state}", _("Refuse the withdrawal"), ("withdrawal_proposed",), state,
                 ("hazards.agree_withdrawal",), SECOND_PERSON, evidence=("reason",), ends=("withdrawal",),
                 not_by=("propose_withdrawal",))
            for state in WITHDRAWABLE
        ),
        Step("merge", _("Merge into its twin"), ("registered", "returned_report", "planning", "rectifying"), "merged",
             ("hazards.merge",), MERGE, evidence=("into", "reason"), ends=("*",)),
    ),
)  # fmt: skip

TRANSFER = Workflow(
    name="transfer",
    states=(
        State("offered", _("Offered"), "purple"),
        State("accepted", _("Taken over"), "green", final=True),
        State("refused", _("Not taken over"), "grey", final=True),
        State("recalled", _("Recalled"), "grey", final=True),
    ),
    steps=(
        Step("offer", _("Offer to another desk"), (), "offered", ("hazards.transfer",), TRANSFER_RULE,
             evidence=("reason",), deadline="transfer"),
        Step("take_over", _("Take over"), ("offered",), "accepted", ("hazards.receive",), TRANSFER_RULE,
             ends=("transfer",), not_by=("offer",)),
        Step("refuse", _("Refuse to take over"), ("offered",), "refused", ("hazards.receive",), TRANSFER_RULE,
             evidence=("answer",), ends=("transfer",), not_by=("offer",)),
        Step("recall", _("Recall the offer"), ("offered",), "recalled", ("hazards.transfer",), TRANSFER_RULE,
             ends=("transfer",)),
    ),
)  # fmt: skip

LISTING = Workflow(
    name="listing",
    states=(
        State("requested", _("Requested of the level above"), "purple"),
        State("listed", _("Listed for supervision"), "red"),
        State("delisting_requested", _("Removal requested"), "purple"),
        State("delisted", _("Removed from the list"), "green", final=True),
        State("declined", _("Request declined"), "grey", final=True),
        State("superseded", _("Taken over by a higher level"), "grey", final=True),
    ),
    steps=(
        Step("list", _("List for supervision"), (), "listed", ("hazards.supervise",), SUPERVISE,
             evidence=("leader_name", "leader_title", "due_on", "reason"), deadline="listing"),
        Step("request", _("Ask the level above to list"), (), "requested", ("hazards.supervise", "hazards.grade"),
             SUPERVISE, evidence=("reason",)),
        Step("grant", _("List as requested"), ("requested",), "listed", ("hazards.supervise",), SUPERVISE,
             evidence=("leader_name", "leader_title", "due_on"), deadline="listing", not_by=("request",)),
        Step("decline", _("Decline the request"), ("requested",), "declined", ("hazards.supervise",), SUPERVISE,
             evidence=("answer",), not_by=("request",)),
        Step("request_delisting", _("Ask for removal from the list"), ("listed",), "delisting_requested",
             ("hazards.plan", BEHALF, "hazards.supervise"), EVALUATE, evidence=("evaluation",)),
        Step("delist", _("Remove from the list"), ("delisting_requested",), "delisted", ("hazards.delist",), EVALUATE,
             evidence=("answer",), ends=("listing",), not_by=("request_delisting",)),
        Step("keep", _("Keep on the list"), ("delisting_requested",), "listed", ("hazards.delist",), EVALUATE,
             evidence=("answer",), not_by=("request_delisting",)),
        Step("supersede", _("Taken over by a higher level"), ("listed", "delisting_requested"), "superseded",
             ("hazards.supervise",), SUPERVISE),
    ),
)  # fmt: skip

INSTRUCTION = Workflow(
    name="instruction",
    states=(
        State("given", _("Given"), "orange"),
        State("answered", _("Answered"), "green", final=True),
        State("recalled", _("Recalled"), "grey", final=True),
    ),
    steps=(
        Step("give", _("Give an instruction"), (), "given", ("hazards.instruct",), URGENT_DUTY,
             evidence=("text", "due_on"), deadline="instruction"),
        Step("answer", _("Answer the instruction"), ("given",), "answered", ("hazards.order",), URGENT_DUTY,
             evidence=("answer",), ends=("instruction",)),
        Step("return_answer", _("Return the answer"), ("answered",), "given", ("hazards.instruct",), URGENT_DUTY,
             evidence=("reason",), deadline="instruction"),
        Step("recall", _("Recall the instruction"), ("given",), "recalled", ("hazards.instruct",), URGENT_DUTY,
             ends=("instruction",)),
    ),
)  # fmt: skip

EXTENSION = Workflow(
    name="extension",
    states=(
        State("asked", _("Asked"), "purple"),
        State("granted", _("Granted"), "green", final=True),
        State("refused", _("Not granted"), "grey", final=True),
        State("lapsed", _("Lapsed"), "grey", final=True),
    ),
    steps=(
        Step("ask", _("Ask for more time"), (), "asked", ("hazards.rectify", BEHALF), local("整改延期须书面申请"),
             evidence=("reason", "asked_due", "safeguards"), deadline="extension"),
        Step("grant", _("Grant more time"), ("asked",), "granted", ("hazards.order",), local("整改延期书面答复"),
             evidence=("answer",), ends=("extension",), not_by=("ask",)),
        Step("refuse", _("Refuse more time"), ("asked",), "refused", ("hazards.order",), local("整改延期书面答复"),
             evidence=("answer",), ends=("extension",), not_by=("ask",)),
        Step("lapse", _("Lapse"), ("asked",), "lapsed", ("hazards.order", "hazards.rectify", BEHALF),
             local("隐患先行整改完成或结案的延期申请自行终止"), ends=("extension",)),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DueRule:
    """Whose item a deadline is. ``desk``: unit, owner, approver, reporter, receiver, lister; ``duty``: its people."""

    kind: str
    label: str
    desk: str
    duty: str


DUES = {
    rule.kind: rule
    for rule in (
        DueRule("assess", _("Assess the hazard"), "owner", "hazards.grade"),
        DueRule("supplement", _("Complete the report"), "reporter", "hazards.report"),
        DueRule("submit_plan", _("Hand in the treatment plan"), "unit", "hazards.plan"),
        DueRule("approve_plan", _("Approve the treatment plan"), "approver", "hazards.approve"),
        DueRule("report_major", _("Report the major hazard twice"), "unit", "hazards.plan"),
        DueRule("rectify", _("Rectify the hazard"), "unit", "hazards.rectify"),
        DueRule("review", _("Review the rectification"), "owner", "hazards.review"),
        DueRule("close", _("Close the hazard"), "owner", "hazards.close"),
        DueRule("recheck", _("Look again after closing"), "owner", "hazards.recheck"),
        DueRule("withdrawal", _("Decide on the withdrawal"), "owner", "hazards.agree_withdrawal"),
        DueRule("extension", _("Answer the request for more time"), "owner", "hazards.order"),
        DueRule("transfer", _("Take over or refuse"), "receiver", "hazards.receive"),
        DueRule("listing", _("Supervised hazard to be rectified"), "lister", "hazards.supervise"),
        DueRule("instruction", _("Answer the leader's instruction"), "owner", "hazards.order"),
    )
}

PROCESSES = (HAZARD, TRANSFER, LISTING, INSTRUCTION, EXTENSION)
