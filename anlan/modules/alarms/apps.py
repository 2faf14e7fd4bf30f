"""The alarms module as a Django app."""

from django.apps import AppConfig


class AlarmsConfig(AppConfig):
    """Settings, alarms, the duty desk."""

    name = "anlan.modules.alarms"
    label = "alarms"
    verbose_name = "Alarms"

    def ready(self) -> None:
        """Open duty desks hear of alarms within their reach; the map of live state shows them."""
        from anlan.kernel.notify.live import TOPICS
        from anlan.modules.alarms.selectors import LOOKS, desks_followed, looks_of_sites
        from anlan.modules.alarms.selectors.desk import DESK
        from anlan.modules.monitoring.public import SPEAKERS, Speaker

        TOPICS[DESK] = desks_followed
        SPEAKERS["alarms"] = Speaker(LOOKS, looks_of_sites, DESK)
