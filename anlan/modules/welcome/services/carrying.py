"""An invitation follows its unit: to another region, or into the record it became one with."""

from __future__ import annotations

from anlan.kernel.acts import Work, act
from anlan.kernel.workflow import take
from anlan.modules.registry import public as registry
from anlan.modules.welcome.events import InvitationCarried, InvitationRevoked
from anlan.modules.welcome.models import Invitation
from anlan.modules.welcome.services._drawing import has_principal


@act(may="registry.merge", on=Invitation)
def carry_invitation(work: Work, invitation: Invitation, *, why: str) -> None:
    """Give an invitation the place and reference its unit has now; what changed nothing does nothing.

    An open one falls away when the surviving unit is claimed, or invited itself.
    """
    unit = registry.unit_of_holder(invitation.holder)
    if unit is None:
        return
    now = (unit.id, unit.region_path, unit.sector, unit.holder)
    if (invitation.unit_id, invitation.region_path, invitation.sector, invitation.holder) == now:
        return
    twin = Invitation.objects.everything(why="of the same unit").filter(unit=unit.id, state="open")
    if invitation.state == "open" and (has_principal(unit.holder) or twin.exclude(pk=invitation.pk).exists()):
        take(work, invitation, "revoke", note=why)
        work.record(InvitationRevoked(reason=why), on=invitation)
    invitation.unit_id, invitation.region_path, invitation.sector, invitation.holder = now
    invitation.save(update_fields=["state", "unit", "region_path", "sector", "holder"])
    work.record(InvitationCarried(unit=unit.name, why=why), on=invitation)
