from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "anlan.kernel.notify"
    label = "notify"
    verbose_name = "Notify"
