"""The duty module as a Django app."""

from django.apps import AppConfig


class DutyConfig(AppConfig):
    """Duty rooms, shifts, hand-overs, swaps, gaps."""

    name = "anlan.modules.duty"
    label = "duty"
    verbose_name = "Duty"

    def ready(self) -> None:
        """Whoever is on duty hears of what is raised outside hours; a planned shift goes to a successor."""
        from anlan.kernel.deadlines.services import ALSO_TOLD
        from anlan.modules.duty.selectors import told_at_night
        from anlan.modules.duty.services import _handing

        if told_at_night not in ALSO_TOLD:
            ALSO_TOLD.append(told_at_night)
        _handing.start()
