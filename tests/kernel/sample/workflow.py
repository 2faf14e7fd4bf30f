"""The process of a ticket."""

from __future__ import annotations

from anlan.rules.citation import Citation, Confidence, Level
from anlan.rules.steps import State, Step, Workflow

CLAUSE = Citation("Tests", "1", Confidence.A, Level.LOCAL)

TICKET = Workflow(
    "ticket",
    (State("open", "Open"), State("fixed", "Fixed"), State("closed", "Closed", final=True)),
    (
        Step("open", "Open", (), "open", ("sample.open",), CLAUSE),
        Step("fix", "Fix", ("open",), "fixed", ("sample.fix",), CLAUSE, evidence=("remedy",)),
        Step("return", "Return", ("fixed",), "open", ("sample.close",), CLAUSE),
        Step("close", "Close", ("fixed",), "closed", ("sample.close",), CLAUSE, not_by=("fix",)),
    ),
)
