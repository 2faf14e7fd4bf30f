"""催办: pressing for what is due on a hazard, for one or, through the list, for many."""

from __future__ import annotations

from anlan.kernel.acts import Work, act
from anlan.kernel.deadlines import services as deadlines
from anlan.kernel.deadlines.models import DeadlineState
from anlan.kernel.errors import WrongStep, gettext_noop
from anlan.modules.hazards.models import Hazard


@act(may="deadlines.urge", on=Hazard)
def urge_hazard(work: Work, hazard: Hazard, *, note: str = "") -> None:
    """Urge the open items of a hazard, the soonest first; each desk hears of it at most once an hour."""
    items = [d for d in deadlines.open_on(hazard) if d.state == DeadlineState.OPEN] if hazard.is_open else []
    if not items:
        raise WrongStep(step=gettext_noop("Urge"), state=hazard.process.state(hazard.state).label)
    for item in items:
        deadlines.urge_deadline(actor=work.actor, deadline=item, note=note)
