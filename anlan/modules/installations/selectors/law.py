"""What order 40 asks at a level, and which of it is monitoring and control; by the local figures of a region."""

from __future__ import annotations

from anlan.kernel import clock
from anlan.kernel.law import by_figures_of
from anlan.kernel.scope import system_read
from anlan.rules.citation import Citation
from anlan.rules.major_hazard_duties import CRITERIA, Duty, Graded, Who, figure_on, major_hazard_duties

MONITORING = ("第十三条", "第十五条")
"""The articles on monitoring, control and their upkeep; the criteria of major accident hazards join them."""


@system_read("the law asks the same of everybody")
def duties_at(level: int, path: str = "") -> tuple[Duty, ...]:
    """What an installation of a level must have and do, in a region."""
    with by_figures_of(path):
        return major_hazard_duties(Graded(level=level, who=Who.UNIT), clock.today()).value


@system_read("the law asks the same of everybody")
def monitoring_at(level: int, path: str = "") -> tuple[Duty, ...]:
    """The monitoring and control that is required at a level, in a region."""
    found = duties_at(level, path)
    return tuple(d for d in found if d.number == CRITERIA.number or d.article.startswith(MONITORING))


@system_read("the law asks the same of everybody")
def figure(entry: int, clause: Citation, path: str) -> tuple[int, str]:
    """The figure of a numbered duty of order 40 in a region (days to file, years to assess anew), and its basis."""
    with by_figures_of(path):
        number, local = figure_on(entry, clock.today())
    return number, str(clause) if local is None else f"{clause}；{local}"
