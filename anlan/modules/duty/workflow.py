"""The processes of a shift and of a swap as tables. Pure data."""

from __future__ import annotations

from anlan.rules.citation import Citation, Confidence, Level
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


VIEW, PLAN, SERVE, APPROVE, WATCH = "duty.view", "duty.plan", "duty.serve", "duty.approve", "duty.watch"
ROSTER = local("值班表编排，专人值班、领导带班")
HAND_OVER = local("交接班须有书面记录并由接班人员签字确认")
SWAP_RULE = local("换班须经本人申请、对方同意、领导批准")

SHIFT = Workflow(
    "shift",
    (
        State("planned", _("On the roster"), "blue"),
        State("on_duty", _("On duty"), "yellow"),
        State("handed_over", _("Handed over"), "green", final=True),
        State("missed", _("Nobody came"), "red", final=True),
        State("struck", _("Struck off the roster"), "grey", final=True),
    ),
    (
        Step("plan", _("Enter on the roster"), (), "planned", (PLAN,), ROSTER),
        Step("change", _("Change the people"), ("planned",), "planned", (PLAN,), ROSTER),
        Step("take_up", _("Take up duty"), ("planned",), "on_duty", (SERVE,), HAND_OVER, deadline="duty.note"),
        Step("write_note", _("Write the hand-over note"), ("on_duty",), "on_duty", (SERVE,), HAND_OVER,
             evidence=("note",), deadline="duty.sign", ends=("duty.note",)),
        Step("sign", _("Sign the hand-over"), ("on_duty",), "handed_over", (SERVE,), HAND_OVER, evidence=("note",),
             ends=("duty.sign",), not_by=("write_note",)),
        Step("miss", _("Note that nobody came"), ("planned",), "missed", (PLAN,), ROSTER),
        Step("strike", _("Strike off the roster"), ("planned",), "struck", (PLAN,), ROSTER, evidence=("reason",)),
    ),
)  # fmt: skip

ON_ROSTER = ("planned", "on_duty", "handed_over")
"""The states in which a shift covers its hours."""

SWAP = Workflow(
    "swap",
    (
        State("asked", _("Asked of a colleague"), "blue"),
        State("agreed", _("To be approved"), "purple"),
        State("approved", _("Swap approved"), "green", final=True),
        State("declined", _("Declined by the colleague"), "grey", final=True),
        State("refused", _("Swap refused"), "orange", final=True),
        State("withdrawn", _("Swap withdrawn"), "grey", final=True),
        State("lapsed", _("Lapsed"), "grey", final=True),
    ),
    (
        Step("ask", _("Ask for a swap"), (), "asked", (SERVE,), SWAP_RULE, deadline="duty.agree"),
        Step("agree", _("Agree to stand in"), ("asked",), "agreed", (SERVE,), SWAP_RULE, deadline="duty.approve",
             ends=("duty.agree",), not_by=("ask",)),
        Step("approve", _("Approve the swap"), ("agreed",), "approved", (APPROVE,), SWAP_RULE,
             ends=("duty.approve",), not_by=("ask", "agree")),
        Step("decline", _("Decline to stand in"), ("asked",), "declined", (SERVE,), SWAP_RULE, ends=("duty.agree",),
             not_by=("ask",)),
        Step("refuse", _("Refuse the swap"), ("agreed",), "refused", (APPROVE,), SWAP_RULE, evidence=("answer",),
             ends=("duty.approve",)),
        Step("withdraw", _("Withdraw the request"), ("asked", "agreed"), "withdrawn", (SERVE,), SWAP_RULE,
             ends=("duty.agree", "duty.approve")),
        Step("lapse", _("Let it lapse"), ("asked", "agreed"), "lapsed", (APPROVE,), SWAP_RULE,
             ends=("duty.agree", "duty.approve")),
    ),
)  # fmt: skip
