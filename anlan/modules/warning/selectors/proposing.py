"""Which indexes of today ask for a proposal that is not there yet."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from anlan.kernel import clock
from anlan.kernel.codes.services import nearest_figures, parameter
from anlan.kernel.scope import system_read
from anlan.modules.warning.choices import LEVEL_RANK, PREFIX, About
from anlan.modules.warning.models import EarlyWarning, IndexDay
from anlan.modules.warning.workflow import OPEN

QUIET = dt.timedelta(days=1)
"""How long after a warning ended, or a proposal was dropped, no like one is proposed."""
WHY = "the clock serves every office"


@system_read("local rules are public")
def least_proposed(about: str, path: str) -> int:
    """From which rank of level on warnings of a region, or of a unit, are proposed at a place."""
    return parameter(f"{PREFIX}propose_{about}", path)


@system_read("the clock serves every office")
def to_propose(day: dt.date, most: int) -> list[int]:
    """The indexes of a day for which a warning is to be proposed: regions first, then units, the gravest first.

    What is proposed or in force as gravely, or ended within a day, is passed over, so that it takes nobody's place.
    """
    told = EarlyWarning.objects.everything(why=WHY).filter(Q(state__in=OPEN) | Q(ended_at__gt=clock.now() - QUIET))
    there: dict[str, int] = {}
    for key, level in told.values_list("key", "level"):
        there[key] = max(there.get(key, 0), LEVEL_RANK[level])
    least = nearest_figures([f"{PREFIX}propose_{about}" for about in About.values])
    grave = IndexDay.objects.everything(why=WHY).filter(day=day, level__gt="").order_by("about", "-value", "pk")
    found: list[int] = []
    for pk, key, about, level, path in grave.values_list("pk", "key", "about", "level", "region_path"):
        rank = LEVEL_RANK[level]
        if rank > there.get(key, 0) and rank >= least(path)[f"{PREFIX}propose_{about}"]:
            found.append(pk)
        if len(found) == most:
            break
    return found
