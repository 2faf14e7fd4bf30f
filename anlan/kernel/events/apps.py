from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "anlan.kernel.events"
    label = "events"
    verbose_name = "Events"
