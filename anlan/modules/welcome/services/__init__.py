"""Acts of invitations, claims and the people of units."""

from anlan.modules.welcome.services._drawing import MOST, Outcome, Slip, Turned, read_numbers
from anlan.modules.welcome.services.carrying import carry_invitation
from anlan.modules.welcome.services.claiming import claim_unit
from anlan.modules.welcome.services.invitations import invite_units, renew_invitations, revoke_invitation
from anlan.modules.welcome.services.messages import note_message, prepare_message
from anlan.modules.welcome.services.people import (
    SUB_ROLES,
    Opened,
    end_unit_account,
    name_safety_manager,
    open_unit_account,
)
from anlan.modules.welcome.services.sending import Dispatch, send_invitation, send_invitations

__all__ = [
    "MOST", "SUB_ROLES", "Dispatch", "Opened", "Outcome", "Slip", "Turned", "carry_invitation", "claim_unit",
    "end_unit_account", "invite_units", "name_safety_manager", "note_message", "open_unit_account", "prepare_message",
    "read_numbers", "renew_invitations", "revoke_invitation", "send_invitation", "send_invitations",
]  # fmt: skip
