from django.apps import AppConfig


class TalliesConfig(AppConfig):
    name = "anlan.kernel.tallies"
    label = "tallies"
    verbose_name = "Kept numbers"
