"""The process of a gateway's credential as a table. Pure data."""

from __future__ import annotations

from anlan.rules.citation import Citation, Confidence, Level
from anlan.rules.steps import State, Step, Workflow


def gettext_noop(message: str) -> str:
    """Mark a msgid for extraction."""
    return message


_ = gettext_noop

VIEW, KEEP, SURVEY, TAKE_IN = "monitoring.view", "monitoring.keep", "monitoring.survey", "monitoring.take_in"
CREDENTIAL = Citation(
    "本地规定", "：接入网关须持本平台签发的凭证，只可上传本网关的数据", Confidence.A, Level.LOCAL,
    note="practice of this deployment, not a statute",
)  # fmt: skip

GATEWAY = Workflow(
    "gateway",
    (
        State("active", _("Admitted"), "green"),
        State("revoked", _("Credential revoked"), "grey"),
    ),
    (
        Step("register", _("Register a gateway"), (), "active", (KEEP,), CREDENTIAL),
        Step("rotate", _("Issue a new credential"), ("active",), "active", (KEEP,), CREDENTIAL),
        Step("revoke", _("Revoke the credential"), ("active",), "revoked", (KEEP,), CREDENTIAL, evidence=("reason",)),
        Step("readmit", _("Admit again"), ("revoked",), "active", (KEEP,), CREDENTIAL),
    ),
)  # fmt: skip
