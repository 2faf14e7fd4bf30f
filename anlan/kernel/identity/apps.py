from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "anlan.kernel.identity"
    label = "identity"
    verbose_name = "Identity"

    def ready(self) -> None:
        """Authorities follow a merged region: the services say how. What a sign-in, or a wrong one, leaves behind."""
        from django.contrib.auth.signals import user_logged_in, user_login_failed

        from anlan.kernel.identity import services  # noqa: F401
        from anlan.kernel.identity.sign_in import keep_to_the_hour, note_failure

        user_login_failed.connect(note_failure, dispatch_uid="identity.note_failure")
        user_logged_in.connect(keep_to_the_hour, dispatch_uid="identity.keep_to_the_hour")
