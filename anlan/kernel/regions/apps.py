from django.apps import AppConfig


class RegionsConfig(AppConfig):
    name = "anlan.kernel.regions"
    label = "regions"
    verbose_name = "Regions"
