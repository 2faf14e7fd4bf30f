from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    name = "anlan.kernel.deadlines"
    label = "deadlines"
    verbose_name = "Deadlines"

    def ready(self) -> None:
        """Items named for one person go to his successor."""
        from anlan.kernel.deadlines import handing

        handing.start()
