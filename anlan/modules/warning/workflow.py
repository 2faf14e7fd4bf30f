"""The processes of a warning and of its notices as tables. Pure data."""

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


VIEW, SURVEY, ISSUE, ANSWER = "warning.view", "warning.survey", "warning.issue", "warning.answer"
PERIODS, RECKON = "warning.periods", "warning.reckon"
PROPOSED = local("预警指数达到预警等级的，由平台提出预警建议，是否发布由监管部门决定")
ISSUED = local("预警由监管部门按等级发布，写明范围、内容和期限")
ANSWERED = local("收到预警的镇街和单位在规定时间内签收，采取措施并反馈")
ENDED = local("险情消除的解除预警，期限届满的自动失效，并记录预警成效")

# What the index and the clock do stands under the right to issue; the acts themselves admit the platform alone.
WARNING = Workflow(
    "warning",
    (
        State("proposed", _("Warning proposed"), "purple"),
        State("issued", _("Warning in force"), "red"),
        State("withdrawn", _("Warning withdrawn"), "green", final=True),
        State("expired", _("Warning expired"), "grey", final=True),
        State("dismissed", _("No warning issued"), "grey", final=True),
    ),
    (
        Step("propose", _("Propose a warning"), (), "proposed", (ISSUE,), PROPOSED),
        Step("issue", _("Issue a warning"), (), "issued", (ISSUE,), ISSUED, evidence=("text", "until")),
        Step("issue_proposed", _("Issue the proposed warning"), ("proposed",), "issued", (ISSUE,), ISSUED,
             evidence=("text", "until")),
        Step("dismiss", _("Issue no warning"), ("proposed",), "dismissed", (ISSUE,), ISSUED, evidence=("reason",)),
        Step("lapse", _("Drop the proposal: the index fell"), ("proposed",), "dismissed", (ISSUE,), PROPOSED),
        Step("settle", _("Settle the proposal: one was issued by hand"), ("proposed",), "dismissed", (ISSUE,), ISSUED),
        Step("withdraw", _("Withdraw the warning"), ("issued",), "withdrawn", (ISSUE,), ENDED, evidence=("reason",)),
        Step("expire", _("Let the warning expire"), ("issued",), "expired", (ISSUE,), ENDED),
    ),
)  # fmt: skip
NOTICE = Workflow(
    "warning_notice",
    (
        State("sent", _("To be acknowledged"), "red"),
        State("acknowledged", _("Warning acknowledged"), "orange"),
        State("reported", _("Measures reported"), "blue"),
        State("ended", _("Warning over"), "grey", final=True),
    ),
    (
        Step("send", _("Send the warning"), (), "sent", (ISSUE,), ISSUED),
        Step("acknowledge", _("Acknowledge the warning"), ("sent",), "acknowledged", (ANSWER,), ANSWERED,
             ends=("warning.acknowledge",)),
        Step("report", _("Report measures"), ("acknowledged",), "reported", (ANSWER,), ANSWERED,
             evidence=("measures",), ends=("warning.report",)),
        Step("end", _("End with the warning"), ("sent", "acknowledged", "reported"), "ended", (ISSUE,), ENDED),
    ),
)  # fmt: skip
OPEN = ("proposed", "issued")
