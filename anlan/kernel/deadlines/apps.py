from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    name = "anlan.kernel.deadlines"
    label = "deadlines"
    verbose_name = "Deadlines"
