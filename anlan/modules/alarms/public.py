"""The front door of alarms: what the historian needs, and what other modules may know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from anlan.kernel.actor import Actor
from anlan.kernel.counting import counted
from anlan.kernel.scope import system_read, within
from anlan.modules.alarms import selectors, services
from anlan.modules.alarms.engine import Engine, Setting, Transition
from anlan.modules.alarms.events import AlarmEscalated, AlarmNeglected, AlarmRaised, AlarmReturned
from anlan.modules.alarms.workflow import LOUD


@system_read("the historian judges the readings of every tag")
def settings() -> list[Setting]:
    """Every setting in force, for ``Engine(settings())`` and ``engine.replace(settings())``."""
    return selectors.engine_settings()


@system_read("a number, no content")
def settings_version() -> int:
    """A number that grows whenever a setting changes; the historian asks for the settings again then."""
    return selectors.settings_version()


def record_transitions(found: Sequence[Transition]) -> int:
    """Open and return alarms as the engine says, in one transaction; answers how many transitions were new.

    The same ones again change nothing. Journal, events, messages and the open duty desks are served with it.
    """
    if not found:
        return 0
    new: int = services.take_in_transitions(actor=Actor.system("historian"), found=found)
    return new


def note_hazard(actor: Actor, alarm_id: int, *, hazard_id: int, number: str) -> None:
    """Which hazard an alarm became."""
    services.note_hazard(actor=actor, alarm=alarm_id, hazard=hazard_id, number=number)


def carry_alarms(actor: Actor, *, from_site: int, to_site: int, why: str) -> int:
    """Let every limit of a site's tags, with its alarms, follow the site; answers how many there were."""
    keys = selectors.settings_of_sites((from_site, to_site))
    for pk, _site in keys:
        services.carry_setting(actor=actor, setting=pk, site=to_site, why=why)
    return len(keys)


def carry_alarms_of_unit(actor: Actor, *, holder: str, why: str) -> int:
    """Let every limit held under a reference, with its alarms, follow its own site to the holder it has now."""
    pairs = selectors.settings_of_holder(holder)
    for pk, site in pairs:
        services.carry_setting(actor=actor, setting=pk, site=site, why=why)
    return len(pairs)


@dataclass(frozen=True, slots=True)
class StandingAlarms:
    """How many alarms of one priority stand open at a site: ``loud`` of them nobody acknowledged, ``returned`` of these
    are back to normal."""

    site_id: int
    region_path: str
    holder: str
    priority: int
    count: int
    loud: int
    returned: int


@system_read("counts by place and unit, for an index that each reader sees within reach")
def standing_alarms() -> list[StandingAlarms]:
    """The open alarms of every site by priority."""
    return [StandingAlarms(*row) for row in selectors.standing_everywhere()]


def open_alarm_count(actor: Actor, path: str = "", *, unacknowledged: bool = False) -> int:
    """How many alarms stand open within the actor's reach (of a region), up to the ceiling."""
    rows = selectors.open_alarms(actor).filter(within("region_path", path))
    return counted(rows.filter(state__in=LOUD) if unacknowledged else rows)


__all__ = [
    "AlarmEscalated",
    "AlarmNeglected",
    "AlarmRaised",
    "AlarmReturned",
    "Engine",
    "Setting",
    "StandingAlarms",
    "Transition",
    "carry_alarms",
    "carry_alarms_of_unit",
    "note_hazard",
    "open_alarm_count",
    "record_transitions",
    "settings",
    "settings_version",
    "standing_alarms",
]  # fmt: skip
