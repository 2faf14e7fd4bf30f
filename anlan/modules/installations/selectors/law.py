"""What order 40 asks at a level, and which of it is monitoring and control."""

from __future__ import annotations

from anlan.kernel import clock
from anlan.kernel.scope import system_read
from anlan.rules.major_hazard_duties import CRITERIA, Duty, Graded, Who, duties, major_hazard_duties

MONITORING = ("第十三条", "第十五条")
"""The articles on monitoring, control and their upkeep; the criteria of major accident hazards join them."""


@system_read("the law asks the same of everybody")
def duties_at(level: int) -> tuple[Duty, ...]:
    """What an installation of a level must have and do."""
    return major_hazard_duties(Graded(level=level, who=Who.UNIT), clock.today()).value


@system_read("the law asks the same of everybody")
def monitoring_at(level: int) -> tuple[Duty, ...]:
    """The monitoring and control that is required at a level."""
    return tuple(d for d in duties_at(level) if d.number == CRITERIA.number or d.article.startswith(MONITORING))


@system_read("the law asks the same of everybody")
def figure(entry: int) -> int:
    """The figure of a numbered duty of order 40: days to file, years to the next assessment."""
    return next(duty.figure for duty in duties() if duty.entry == entry and duty.figure is not None)
