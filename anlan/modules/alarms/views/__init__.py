"""Screens of alarms."""

from anlan.modules.alarms.views.desk import DESK, QUICK, ROWS, STATISTICS
from anlan.modules.alarms.views.records import ACTS, ALARM_PAGE, ALARMS, CALL
from anlan.modules.alarms.views.settings import SETTING_ACTS, SETTING_PAGE, SETTINGS

PAGES = (DESK, ROWS, QUICK, STATISTICS, ALARMS, ALARM_PAGE, *ACTS, CALL, SETTINGS, SETTING_PAGE, *SETTING_ACTS)

__all__ = ["PAGES"]
