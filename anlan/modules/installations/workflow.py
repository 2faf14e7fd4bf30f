"""The process of an installation as a table. Pure data."""

from __future__ import annotations

from anlan.rules.gb18218 import STANDARD
from anlan.rules.major_hazard_duties import ORDER_40, RESPONSIBILITY, duties
from anlan.rules.steps import State, Step, Workflow


def gettext_noop(message: str) -> str:
    """Mark a msgid for extraction."""
    return message


_ = gettext_noop

VIEW, KEEP, FILE = "installations.view", "installations.keep", "installations.file"
MAP = "installations.map"
GRADED = STANDARD.at("式（1）、式（2）")
FILED = ORDER_40.at("第二十三条")
ANEW = ORDER_40.at("第十一条")
NAMED = RESPONSIBILITY.at("（包保责任人）")
FILING_RESTS_ON = (FILED,)
"""What the print of a filing names."""
RECORD_RESTS_ON = tuple(dict.fromkeys(duty.citation for duty in duties()))
"""What the print of an installation names: what is required at its level."""

INSTALLATION = Workflow(
    "installation",
    (
        State("drafted", _("To be graded"), "grey"),
        State("below", _("No major hazard"), "green"),
        State("graded", _("To be filed"), "yellow"),
        State("submitted", _("Filing to be checked"), "purple"),
        State("filed", _("On file"), "blue"),
        State("leaving", _("Cancellation to be checked"), "purple"),
        State("cancelled", _("Cancelled"), "grey", final=True),
    ),
    (
        Step("register", _("Register an installation"), (), "drafted", (KEEP,), GRADED),
        Step("grade", _("Identify and grade"), ("drafted", "below", "graded", "filed"), "graded", (KEEP,), GRADED,
             evidence=("holdings",)),
        Step("find_below", _("Find below the threshold"), ("drafted", "below", "graded"), "below", (KEEP,), GRADED,
             evidence=("holdings",)),
        Step("submit", _("Hand in for filing"), ("graded",), "submitted", (KEEP,), FILED,
             evidence=("assessed_on", "principal", "technical", "operating"), deadline="installations.check",
             ends=("installations.file",)),
        Step("send_back", _("Send the filing back"), ("submitted",), "graded", (FILE,), FILED, evidence=("opinion",),
             deadline="installations.file", ends=("installations.check",)),
        Step("file", _("Grant the filing"), ("submitted",), "filed", (FILE,), FILED, evidence=("filing_no",),
             deadline="installations.anew", ends=("installations.check",), not_by=("submit",)),
        Step("ask_cancel", _("Ask for cancellation"), ("filed",), "leaving", (KEEP,), FILED, evidence=("reason",),
             deadline="installations.check"),
        Step("keep_on", _("Refuse the cancellation"), ("leaving",), "filed", (FILE,), FILED, evidence=("opinion",),
             ends=("installations.check",)),
        Step("cancel", _("Take off the file"), ("leaving",), "cancelled", (FILE,), FILED,
             ends=("installations.check", "installations.anew"), not_by=("ask_cancel",)),
    ),
)  # fmt: skip
