"""The welcome module as a Django app."""

from django.apps import AppConfig


class WelcomeConfig(AppConfig):
    """Invitations, claims, the people of units."""

    name = "anlan.modules.welcome"
    label = "welcome"
    verbose_name = "Welcome"
