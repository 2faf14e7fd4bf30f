"""Acts of major hazard installations: the record, its grading, its filing, what the ledger says of it."""

from anlan.modules.installations.services.answering import (
    add_papers,
    announce_lacking,
    follow_hazard,
    name_responsible,
    note_duty,
    state_provision,
)
from anlan.modules.installations.services.filing import (
    ask_cancellation,
    cancel_installation,
    file_installation,
    keep_installation,
    return_filing,
    submit_filing,
)
from anlan.modules.installations.services.following import carry_installation, weigh_installation
from anlan.modules.installations.services.grading import grade_installation
from anlan.modules.installations.services.keeping import (
    change_installation,
    drop_holding,
    drop_target,
    put_holding,
    put_target,
    register_installation,
)

__all__ = [
    "add_papers", "announce_lacking", "ask_cancellation", "cancel_installation", "carry_installation",
    "change_installation", "drop_holding", "drop_target", "file_installation", "follow_hazard",
    "grade_installation", "keep_installation",
    "name_responsible", "note_duty", "put_holding", "put_target", "register_installation", "return_filing",
    "state_provision", "submit_filing", "weigh_installation",
]  # fmt: skip
