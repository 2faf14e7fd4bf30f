"""Two records of one hazard, and the hazard that comes back: likeness on one site by category, place and words.

Two descriptions are alike when they share so many of their character pairs (Jaccard; the percentage and the number of
days are local parameters). An *open* record that is alike is a possible twin: whoever enters the hazard is told and
decides. A *settled* one makes the new record a repeat.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from anlan.kernel import clock
from anlan.kernel.acts import Work
from anlan.kernel.codes.services import parameter
from anlan.kernel.errors import BadInput, gettext_noop
from anlan.modules.hazards.models import Hazard
from anlan.modules.registry.public import SiteView
from anlan.rules.overlap import bigrams

MOST_CANDIDATES = 200
SAME_PLACE = 0.5


class Likeness:
    """A description made ready for comparison with many."""

    def __init__(self, description: str, category: str, place: str) -> None:
        self.words, self.category, self.place = bigrams(description), category, bigrams(place or "")

    def to(self, other: Likeness) -> float:
        """The share of common character pairs, 0 where category or place tell the two apart."""
        if self.category != other.category and "other" not in (self.category, other.category):
            return 0.0
        if self.place and other.place and _jaccard(self.place, other.place) < SAME_PLACE:
            return 0.0
        return _jaccard(self.words, other.words)


def refuse_open_twin(work: Work, site: SiteView, values: Mapping[str, Any], distinct: bool) -> None:
    """Name the open record that looks like this one, unless the reporter said that it is another hazard."""
    if distinct:
        return
    wanted = Likeness(values["description"], values["category"] or "other", values["place"] or "")
    found = nearest(work, site.id, wanted, site.region_path, open_only=True)
    if found is not None:
        raise BadInput(
            "distinct",
            gettext_noop(
                "%(number)s “%(title)s” is open on this site and looks like the same hazard. Add your photos there, "
                "or say that this is a different hazard."
            ),
            number=found.number,
            title=found.title,
        )


def earlier(work: Work, hazard: Hazard) -> Hazard | None:
    """The settled record on the same site that this one repeats."""
    wanted = Likeness(hazard.description, hazard.category, hazard.place)
    return nearest(work, hazard.site_id, wanted, hazard.region_path, open_only=False)


def nearest(work: Work, site_id: int, wanted: Likeness, path: str, *, open_only: bool) -> Hazard | None:
    """The most alike record of the site within the local number of days, at or above the local percentage."""
    since = clock.day_of(work.now) - dt.timedelta(days=parameter("hazards.repeat_days", path))
    candidates = Hazard.objects.everything(why="likeness is asked for a site the actor acts on").filter(
        site_id=site_id, found_on__gte=since
    )
    open_states = [s.code for s in Hazard.process.states if not s.final]
    candidates = candidates.filter(state__in=open_states if open_only else ["closed"])
    least = parameter("hazards.repeat_percent", path) / 100
    scored = [
        (wanted.to(Likeness(h.description, h.category, h.place)), h)
        for h in candidates.order_by("-found_on", "-pk")[:MOST_CANDIDATES]
    ]
    best = max(scored, key=lambda pair: pair[0], default=None)
    return best[1] if best and best[0] >= least else None


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    whole = len(one | other)
    return len(one & other) / whole if whole else 0.0
