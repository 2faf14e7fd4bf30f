"""The cast's warnings: the index of today, a period, a warning proposed and two in force, notices at each state."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.apps import apps

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.modules.warning import services as warning

SYSTEM = Actor.system("tests")


def warn(county: Any) -> None:
    """A period, the county's index, a proposal for the town, warnings for the county and for the unit."""
    mark, officer, today = county.mark, county.actor("county_officer"), clock.today()
    made = county.installations
    made["warning-period"] = warning.set_period(
        actor=officer, region=county.region, name=f"{mark}高温季节", kind="season", first=today,
        last=today + dt.timedelta(days=20), factor=110, reason=f"{mark}县安委办通知",
    )  # fmt: skip
    warning.reckon_indexes(actor=SYSTEM)
    days = apps.get_model("warning.IndexDay").plain
    days.filter(region_path=county.town.path, about="region").update(level="orange")
    index = days.get(region_path=county.town.path, about="region", day=today)
    made["warning-proposed"] = warning.propose_warning(actor=SYSTEM, index=index.pk)
    until = today + dt.timedelta(days=3)
    given = {"actor": officer, "level": "yellow", "text": f"{mark}加强值守", "until": until}
    made["warning-issued"] = warning.issue_warning(**given, region=county.region)
    of_unit = warning.issue_warning(**given, unit=county.unit.pk)
    second = warning.issue_warning(**{**given, "level": "orange"}, unit=county.unit.pk)
    notices = apps.get_model("warning.Notice").plain
    made["warning-day"] = days.get(holder=county.unit.holder, about="unit", day=today)
    made["notice-sent"] = notices.get(warning=of_unit, holder=county.unit.holder)
    acknowledged = notices.get(warning=second, holder=county.unit.holder)
    made["notice-acknowledged"] = warning.acknowledge_notice(actor=county.actor("unit_safety"), notice=acknowledged)


# The record of a county for each model that addresses are about, and those that need one at a certain state.
WARNING: dict[str, Callable[[Any], Any]] = {
    "warning.indexday": lambda c: c.installations["warning-day"],
    "warning.specialperiod": lambda c: c.installations["warning-period"],
    "warning.earlywarning": lambda c: c.installations["warning-proposed"],
    "warning.notice": lambda c: c.installations["notice-sent"],
}
WARNING_STATES: dict[str, Callable[[Any], Any]] = {
    "warning:withdraw": lambda c: c.installations["warning-issued"],
    "warning:report": lambda c: c.installations["notice-acknowledged"],
    "warning:unit": lambda c: c.unit,
}
