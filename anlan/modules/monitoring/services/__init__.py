"""Acts of online monitoring: gateways and their credentials, tags, what was refused."""

from anlan.modules.monitoring.services.counting import count_refused, note_seen
from anlan.modules.monitoring.services.credentials import accepted
from anlan.modules.monitoring.services.following import carry_gateway
from anlan.modules.monitoring.services.gateways import (
    change_gateway,
    readmit_gateway,
    register_gateway,
    revoke_gateway,
    rotate_credential,
)
from anlan.modules.monitoring.services.tags import enter_tags, note_taken, put_tag, resume_tag, retire_tag

__all__ = [
    "accepted", "carry_gateway", "change_gateway", "count_refused", "enter_tags", "note_seen", "note_taken",
    "put_tag", "readmit_gateway", "register_gateway", "resume_tag", "retire_tag", "revoke_gateway", "rotate_credential",
]  # fmt: skip
