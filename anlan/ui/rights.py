"""Roles and rights by their names, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import gettext

from anlan.ui import formats


def role_label(code: str) -> str:
    """A role's name; the code when the deployment has dropped it."""
    role = settings.ANLAN_ROLES.get(code)
    return gettext(role.label) if role else code


def permission_label(code: str) -> str:
    """A right's name; the code of one the deployment does not name (``hazards.*`` of a token is one)."""
    name = settings.ANLAN_PERMISSIONS.get(code, "")
    return gettext(name) if name else code


def permission_labels(codes: Iterable[str]) -> str:
    """Several rights in one line."""
    return ("、" if formats.is_chinese() else ", ").join(permission_label(code) for code in codes)
