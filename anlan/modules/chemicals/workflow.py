"""The processes of a consignment, of a finding and of a police record as tables. Pure data."""

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


VIEW, KEEP, REVIEW = "chemicals.view", "chemicals.keep", "chemicals.review"
CATALOGUE, WATCH = "chemicals.catalogue", "chemicals.watch"
LAW = Citation("危险化学品安全管理条例", "")
TRUE_FIGURES = LAW.at("第二十三条第一款")
IN_AND_OUT = LAW.at("第二十五条第一款")
TO_THE_POLICE = LAW.at("第四十一条第二款")
ANEW = local("已备案的销售、购买数量更正后，按更正后的数量重新备案")
BOTH_SIDES = local("发货量与收货量逐单核对，不一致的查明原因并更正")
EXPLAINED = local("账实不符的，单位限期说明原因，由监管人员核实")

CONSIGNMENT = Workflow(
    "consignment",
    (
        State("under_way", _("On the road"), "blue"),
        State("arrived", _("Arrived"), "green", final=True),
        State("left", _("Left the area"), "grey", final=True),
        State("recalled", _("Called back"), "orange", final=True),
    ),
    (
        Step("send", _("Send to a unit on file"), (), "under_way", (KEEP,), TRUE_FIGURES, deadline="chemicals.arrival"),
        Step("send_out", _("Send out of the area"), (), "left", (KEEP,), TRUE_FIGURES),
        Step("receive", _("Receive"), ("under_way",), "arrived", (KEEP,), BOTH_SIDES, ends=("chemicals.arrival",)),
        Step("recall", _("Call back"), ("under_way",), "recalled", (KEEP,), BOTH_SIDES, ends=("chemicals.arrival",)),
    ),
)  # fmt: skip

FINDING = Workflow(
    "finding",
    (
        State("open", _("To be explained"), "red"),
        State("explained", _("To be verified"), "yellow"),
        State("accepted", _("Explanation accepted"), "green", final=True),
        State("cleared", _("Put right"), "green", final=True),
    ),
    (
        Step("find", _("Notice that it does not add up"), (), "open", (KEEP,), TRUE_FIGURES,
             deadline="chemicals.explain"),
        Step("explain", _("Explain"), ("open",), "explained", (KEEP,), EXPLAINED, evidence=("explanation",),
             deadline="chemicals.verify", ends=("chemicals.explain",)),
        Step("accept", _("Accept the explanation"), ("explained",), "accepted", (REVIEW,), EXPLAINED,
             ends=("chemicals.verify",), not_by=("explain",)),
        Step("send_back", _("Send back"), ("explained",), "open", (REVIEW,), EXPLAINED, evidence=("opinion",),
             deadline="chemicals.explain", ends=("chemicals.verify",)),
        Step("clear", _("Put right"), ("open", "explained"), "cleared", (KEEP,), TRUE_FIGURES,
             ends=("chemicals.explain", "chemicals.verify")),
    ),
)  # fmt: skip

POLICE = Workflow(
    "police_record",
    (
        State("due", _("To be reported"), "yellow"),
        State("reported", _("Reported"), "green", final=True),
        State("void", _("Fell away"), "grey", final=True),
    ),
    (
        Step("owe", _("Owe a report"), (), "due", (KEEP,), TO_THE_POLICE, deadline="chemicals.police"),
        Step("report", _("Report to the police"), ("due",), "reported", (KEEP,), TO_THE_POLICE,
             evidence=("reported_on", "receipt_no"), ends=("chemicals.police",)),
        Step("owe_again", _("Owe a report of the corrected figure"), ("reported",), "due", (KEEP,), ANEW,
             deadline="chemicals.police"),
        Step("drop", _("Let it fall away"), ("due",), "void", (KEEP,), TRUE_FIGURES, ends=("chemicals.police",)),
        Step("take_up", _("Owe it after all"), ("void",), "due", (KEEP,), TO_THE_POLICE, deadline="chemicals.police"),
    ),
)  # fmt: skip
OPEN = ("open", "explained")
"""The states of a finding that still waits for something."""
