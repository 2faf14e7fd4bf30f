from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "anlan.kernel.identity"
    label = "identity"
    verbose_name = "Identity"

    def ready(self) -> None:
        """Authorities follow a merged region: the services say how."""
        from anlan.kernel.identity import services  # noqa: F401
