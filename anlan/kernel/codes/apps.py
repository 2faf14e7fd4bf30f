from django.apps import AppConfig


class CodesConfig(AppConfig):
    name = "anlan.kernel.codes"
    label = "codes"
    verbose_name = "Codes"
