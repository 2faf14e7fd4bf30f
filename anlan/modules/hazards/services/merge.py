"""并案: two records of one hazard become one."""

from __future__ import annotations

from typing import Any

from anlan.kernel.acts import Work, act
from anlan.kernel.errors import BadInput, gettext_noop
from anlan.modules.hazards.choices import Grade
from anlan.modules.hazards.events import HazardMerged, TwinTakenIn
from anlan.modules.hazards.models import Hazard
from anlan.modules.hazards.services import _desks as desks
from anlan.modules.hazards.services._endings import end_companions


@act(may="hazards.merge", on=Hazard)
def merge_hazard(work: Work, hazard: Hazard, *, into: Any, reason: str) -> None:
    """Merge a record into its open twin on the same site; the twin goes on, this one rests.

    A major hazard is not merged into a general one, nor one that is listed for supervision.
    """
    twin = (
        Hazard.objects.visible_to(work.actor)
        .select_for_update(of=("self",))
        .filter(pk=getattr(into, "pk", into))
        .first()
    )
    if twin is None or twin.pk == hazard.pk:
        raise BadInput("into", gettext_noop("Choose another record within your jurisdiction."))
    if twin.site_id != hazard.site_id:
        raise BadInput(
            "into",
            gettext_noop("%(number)s lies on another site. Only records of one site are merged."),
            number=twin.number,
        )
    if not twin.is_open:
        raise BadInput(
            "into", gettext_noop("%(number)s is settled. Reopen it first, or keep this record."), number=twin.number
        )
    if hazard.grade == Grade.MAJOR and twin.grade != Grade.MAJOR:
        raise BadInput(
            "into", gettext_noop("A major hazard is not merged into a general one. Merge the other way round.")
        )
    if hazard.listing_level:
        raise BadInput("into", gettext_noop("This record is listed for supervision. Merge the other one into it."))
    desks.check_desk(work, twin, Hazard.process.step("merge"))
    why = desks.need_text(work, "reason", reason)
    desks.advance(
        work, hazard, "merge", note=why, given={"into": twin.number, "reason": why},
        fields={"merged_into": twin, "offered_path": "", "offered_sector": ""},
    )  # fmt: skip
    end_companions(work, hazard)
    desks.note(work, HazardMerged(into=twin.number, reason=why), on=hazard)
    desks.note(work, TwinTakenIn(number=hazard.number), on=twin)
