"""The front door of invitations: what flows ask of them."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.modules.welcome.events import SafetyManagerNamed, UnitClaimed
from anlan.modules.welcome.models import Invitation
from anlan.modules.welcome.services import carry_invitation


def carry_invitations(actor: Actor, *, holder: str, why: str) -> int:
    """Let every invitation of a unit, by the reference it had, follow it; answers how many there are."""
    rows = Invitation.objects.visible_to(actor).filter(holder=holder).order_by("pk")
    keys = list(rows.values_list("pk", flat=True))
    for key in keys:
        carry_invitation(actor=actor, invitation=key, why=why)
    return len(keys)


__all__ = ["SafetyManagerNamed", "UnitClaimed", "carry_invitations"]
