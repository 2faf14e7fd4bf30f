"""Screens of alarms."""

from anlan.modules.alarms.views.desk import DESK, QUICK, ROWS
from anlan.modules.alarms.views.records import ACTS, ALARM_PAGE, ALARMS, CALL
from anlan.modules.alarms.views.settings import SETTING_ACTS, SETTING_PAGE, SETTINGS
from anlan.modules.alarms.views.statistics import STATISTICS, STATISTICS_CSV

PAGES = (
    DESK, ROWS, QUICK, STATISTICS, STATISTICS_CSV, ALARMS, ALARM_PAGE, *ACTS, CALL, SETTINGS, SETTING_PAGE,
    *SETTING_ACTS,
)  # fmt: skip

__all__ = ["PAGES"]
