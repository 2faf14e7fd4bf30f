from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "anlan.kernel.identity"
    label = "identity"
    verbose_name = "Identity"
