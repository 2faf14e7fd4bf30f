"""What every record beside a hazard shares."""

from __future__ import annotations

from typing import Any

from anlan.kernel import clock
from anlan.kernel.acts import Work
from anlan.kernel.deadlines.models import Deadline, DeadlineState
from anlan.kernel.errors import NotAllowed
from anlan.modules.hazards.models import Extension, Hazard, Instruction, Listing, Transfer
from anlan.modules.hazards.services import _desks as desks
from anlan.modules.hazards.workflow import DUES


def companion_fields(work: Work, hazard: Hazard) -> dict[str, Any]:
    """What every record beside a hazard copies from it."""
    return {
        "hazard": hazard, "region_path": hazard.region_path, "sector": hazard.sector, "holder": hazard.holder,
        "owner_path": hazard.owner_path, "owner_sector": hazard.owner_sector, "at": work.now, "by_key": work.actor.key,
        "by_name": work.actor.name,
    }  # fmt: skip


def locked_hazard(work: Work, companion: Any, code: str) -> Hazard:
    """The hazard of a companion, locked, once the companion's step is found to be on this actor's desk."""
    step = companion.process.step(code)
    if not companion.covers_desk(work.actor, step.who, code):
        raise NotAllowed(permission=step.who[0])
    rows = Hazard.objects.everything(why="the hazard of a companion that the actor may see")
    return rows.select_for_update(of=("self",)).get(pk=companion.hazard_id)


def follow_desk(work: Work, hazard: Hazard, old: tuple[str, str]) -> None:
    """The office's open items and companions follow the hazard to its new owner; the days stay as they are."""
    new = {"owner_path": hazard.owner_path, "owner_sector": hazard.owner_sector}
    for model in (Extension, Instruction, Listing, Transfer):
        model.objects.everything(why="the companions of one hazard in hand").filter(hazard=hazard).update(**new)
    subjects = [(hazard._meta.label_lower, str(hazard.pk))]
    given = Instruction.objects.everything(why="the open instructions of one hazard in hand").filter(
        hazard=hazard, state="given"
    )
    subjects += [(Instruction._meta.label_lower, str(pk)) for pk in given.values_list("pk", flat=True)]
    for subject_type, subject_id in subjects:
        rows = Deadline.objects.everything(why="the open items of one hazard in hand").filter(
            subject_type=subject_type, subject_id=subject_id, desk_path=old[0], desk_holder="",
            state__in=[DeadlineState.OPEN, DeadlineState.PAUSED],
        )  # fmt: skip
        for item in rows:
            rule = DUES.get(item.kind)
            if rule is None or rule.desk == "lister":
                continue
            desk = desks.Desk.of(hazard, rule)
            item.desk_path, item.desk_sector, item.escalated_path, item.escalations = desk.path, desk.sector, "", 0
            item.next_action_at = clock.now() if item.due_at < clock.now() else item.next_action_at
            item.save(update_fields=["desk_path", "desk_sector", "escalated_path", "escalations", "next_action_at"])
