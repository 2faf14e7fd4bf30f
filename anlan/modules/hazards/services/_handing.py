"""Who is written into open records by name, and goes to his successor with everything else: the person in charge of a
rectification within a unit, the responsible leader of a supervision listing within an office.

A name is no account: it is taken for the one who leaves where it is his, in the unit or office he leaves.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from anlan.kernel import clock
from anlan.kernel.acts import Work
from anlan.kernel.errors import gettext_noop
from anlan.kernel.identity import belongings
from anlan.kernel.identity.facts import NamedAnew
from anlan.kernel.identity.services import current_grants
from anlan.modules.hazards.models import Hazard, Listing
from anlan.modules.hazards.selectors import LISTED
from anlan.modules.hazards.workflow import OPEN_STATES

IN_CHARGE = gettext_noop("Person in charge of rectification")
LEADER = gettext_noop("Responsible leader")


def _in_charge(user: Any, holder: str) -> QuerySet[Hazard]:
    """The open hazards of a unit for whose rectification this person is named."""
    rows: QuerySet[Hazard] = Hazard.objects.everything(why="the open records of one person of one unit, given over")
    if not holder or not user.name:
        return rows.none()
    return rows.filter(holder=holder, responsible=user.name, state__in=OPEN_STATES).order_by("due_at", "pk")


def _of_unit(user: Any, holder: str) -> list[belongings.Held]:
    label = Hazard._meta.label_lower
    return [belongings.Held(IN_CHARGE, str(h), h.due_at, label, str(h.pk)) for h in _in_charge(user, holder)]


def _move_of_unit(work: Work, user: Any, to: Any, holder: str, reason: str) -> int:
    moved = list(_in_charge(user, holder).select_for_update(of=("self",)))
    for hazard in moved:
        hazard.responsible = to.name[:60]
        hazard.save(update_fields=["responsible"])
        work.record(NamedAnew(label=IN_CHARGE, before=user.name, to=to.name, reason=reason), on=hazard)
    return len(moved)


def _led(user: Any, holder: str) -> QuerySet[Listing]:
    """The running listings of the offices somebody leaves whose responsible leader he is."""
    rows: QuerySet[Listing] = Listing.objects.everything(why="the running listings of one leader, given over")
    if holder or not user.name:
        return rows.none()
    offices = current_grants(user).exclude(region=None).order_by().values("region__path")
    rows = rows.filter(office_path__in=offices, leader_name=user.name, state__in=LISTED)
    return rows.select_related("hazard").order_by("due_on", "pk")


def _of_office(user: Any, holder: str) -> list[belongings.Held]:
    label = Hazard._meta.label_lower
    return [
        belongings.Held(LEADER, str(row), clock.end_of(row.due_on) if row.due_on else None, label, str(row.hazard_id))
        for row in _led(user, holder)
    ]


def _move_of_office(work: Work, user: Any, to: Any, holder: str, reason: str) -> int:
    """The successor leads, under his own post where his account says one; the office's telephone stays the office's."""
    moved = list(_led(user, holder).select_for_update(of=("self",)))
    for row in moved:
        row.leader_name = to.name[:60]
        if to.title and to.name not in to.title:  # the post is made known, the name is not
            row.leader_title = to.title[:80]
        row.version += 1
        row.save(update_fields=["leader_name", "leader_title", "version"])
        work.record(NamedAnew(label=LEADER, before=user.name, to=to.name, reason=reason), on=row.hazard)
    return len(moved)


def _nobody(actor: Any, user: Any, holder: str) -> list[str]:
    """A name in a record gives no right, and needs none."""
    return []


def start() -> None:
    """Name these functions to the hand-over."""
    belongings.register("hazards", belongings.Belonging(_of_unit, _nobody, _move_of_unit))
    belongings.register("listings", belongings.Belonging(_of_office, _nobody, _move_of_office))
