"""The process of an alarm as a table, after ISA-18.2 and IEC 62682. Pure data."""

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


VIEW, ACKNOWLEDGE, SHELVE, SET = "alarms.view", "alarms.acknowledge", "alarms.shelve", "alarms.set"
TAKE_IN, WATCH = "alarms.take_in", "alarms.watch"
JUDGED = local("监测数据越过报警设定值即生成报警，恢复正常即记录恢复")
ANSWERED = local("报警须由值班人员在规定时间内确认，逾时逐级上报")
SHELVED = local("搁置、停用报警须写明原因、期限和责任人")

# What the engine and the clock do stands under the right to set limits; the acts themselves admit the platform alone.
ALARM = Workflow(
    "alarm",
    (
        State("unacknowledged", _("Unacknowledged"), "red"),
        State("acknowledged", _("Acknowledged"), "orange"),
        State("returned", _("Returned, not acknowledged"), "yellow"),
        State("shelved", _("Shelved"), "purple"),
        State("out_of_service", _("Out of service"), "grey"),
        State("closed", _("Alarm closed"), "green", final=True),
    ),
    (
        Step("raise", _("Raise the alarm"), (), "unacknowledged", (SET,), JUDGED),
        Step("raise_shelved", _("Raise the alarm on the shelf"), (), "shelved", (SET,), JUDGED),
        Step("recur", _("Raise the alarm again"), ("returned",), "unacknowledged", (SET,), JUDGED),
        Step("return", _("Return to normal"), ("unacknowledged",), "returned", (SET,), JUDGED),
        Step("settle", _("Return to normal after somebody saw it"), ("acknowledged", "shelved", "out_of_service"),
             "closed", (SET,), JUDGED),
        Step("acknowledge", _("Acknowledge"), ("unacknowledged",), "acknowledged", (ACKNOWLEDGE,), ANSWERED),
        Step("close", _("Acknowledge what returned"), ("returned",), "closed", (ACKNOWLEDGE,), ANSWERED),
        Step("shelve", _("Shelve"), ("unacknowledged", "acknowledged"), "shelved", (SHELVE,), SHELVED,
             evidence=("reason", "until")),
        Step("unshelve", _("Take off the shelf"), ("shelved",), "unacknowledged", (SHELVE,), SHELVED),
        Step("take_out", _("Take out of service"), ("unacknowledged", "acknowledged", "returned", "shelved"),
             "out_of_service", (SET,), SHELVED, evidence=("reason",)),
        Step("put_back", _("Put back in service"), ("out_of_service",), "closed", (SET,), SHELVED),
        Step("drop", _("End with its setting"), ("unacknowledged", "acknowledged", "returned", "shelved"), "closed",
             (SET,), SHELVED),
    ),
)  # fmt: skip

OPEN = ("unacknowledged", "acknowledged", "returned", "shelved")
ACTIVE = ("unacknowledged", "acknowledged", "shelved")
"""The states in which the limit is crossed still."""
LOUD = ("unacknowledged", "returned")
"""The states in which the desk sounds: nobody has said he saw it."""
