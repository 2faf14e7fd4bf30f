"""How alarms make a site look on the map of live state: its worst open alarm, and how many stand."""

from __future__ import annotations

from collections import defaultdict

from django.utils.translation import pgettext_lazy

from anlan.kernel.actor import Actor
from anlan.modules.alarms.selectors.records import standing_by_site
from anlan.modules.alarms.workflow import VIEW
from anlan.modules.monitoring.public import Look

RETURNED = Look("returned", 20, pgettext_lazy("site", "Alarm returned, not acknowledged"), "blue", "↓")
ANSWERED = Look("answered", 30, pgettext_lazy("site", "Alarm acknowledged or shelved"), "purple", "✓")
LOUD = {
    4: Look("alarm_4", 40, pgettext_lazy("site", "Unacknowledged alarm, low"), "teal", "4"),
    3: Look("alarm_3", 50, pgettext_lazy("site", "Unacknowledged alarm, medium"), "yellow", "3"),
    2: Look("alarm_2", 60, pgettext_lazy("site", "Unacknowledged alarm, high"), "orange", "2"),
    1: Look("alarm_1", 70, pgettext_lazy("site", "Unacknowledged alarm, critical"), "red", "1"),
}
LOOKS = (RETURNED, ANSWERED, *LOUD.values())


def looks_of_sites(actor: Actor, path: str = "") -> dict[int, tuple[Look, int]]:
    """The sites with an open alarm the actor may see (of a region): the worst look, how many alarms stand open."""
    if not actor.may(VIEW):
        return {}
    found: dict[int, list[Look]] = defaultdict(list)
    many: dict[int, int] = defaultdict(int)
    for site, _path, _holder, priority, count, loud, returned in standing_by_site(actor, path):
        many[site] += count
        if loud > returned:
            found[site].append(LOUD[priority])
        if returned:
            found[site].append(RETURNED)
        if count > loud:
            found[site].append(ANSWERED)
    return {site: (max(these, key=lambda look: look.rank), many[site]) for site, these in found.items()}
