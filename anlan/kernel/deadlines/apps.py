from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    name = "anlan.kernel.deadlines"
    label = "deadlines"
    verbose_name = "Deadlines"

    def ready(self) -> None:
        """Items named for one person go to his successor; acts count by the holiday notices that were loaded."""
        from anlan.kernel.acts import AT_BEGIN
        from anlan.kernel.deadlines import handing, notices

        handing.start()
        if notices.look not in AT_BEGIN:
            AT_BEGIN.append(notices.look)
