"""The password policy beyond Django's own validators."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class ThreeKindsValidator:
    """At least three of: small letters, capitals, digits, other signs."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ``ValidationError`` when fewer than three kinds are used."""
        kinds = sum(
            (
                any(c.islower() for c in password),
                any(c.isupper() for c in password),
                any(c.isdigit() for c in password),
                any(not c.isalnum() for c in password),
            )
        )
        if kinds < 3:
            raise ValidationError(self.get_help_text(), code="password_too_simple")

    def get_help_text(self) -> str:
        """The rule in a sentence."""
        return _("Use at least three of: small letters, capitals, digits, other signs.")
