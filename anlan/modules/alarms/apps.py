"""The alarms module as a Django app."""

from django.apps import AppConfig


class AlarmsConfig(AppConfig):
    """Settings, alarms, the duty desk."""

    name = "anlan.modules.alarms"
    label = "alarms"
    verbose_name = "Alarms"

    def ready(self) -> None:
        """Open duty desks hear of alarms within their reach."""
        from anlan.kernel.notify.live import TOPICS
        from anlan.modules.alarms.selectors import desks_followed

        TOPICS["alarms.desk"] = desks_followed
