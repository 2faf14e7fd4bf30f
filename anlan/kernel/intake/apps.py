from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "anlan.kernel.intake"
    label = "intake"
    verbose_name = "Intake"
