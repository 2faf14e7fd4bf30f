from django.apps import AppConfig
from django.core.checks import register


class LimitsConfig(AppConfig):
    name = "anlan.kernel.limits"
    label = "limits"
    verbose_name = "Limits"

    def ready(self) -> None:
        """What a deployment sets otherwise is read at the start, so that a slip is told then."""
        from anlan.kernel.limits.declared import check_settings

        register(check_settings)
