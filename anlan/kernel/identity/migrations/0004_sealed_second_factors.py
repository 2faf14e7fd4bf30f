"""Keys of second factors that lie open in their table are sealed by the master key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import migrations

from anlan.kernel.identity.sealing import SEALED, seal_secret, unseal_secret


def _each(apps: Any, change: Callable[[str], str]) -> None:
    factors = apps.get_model("mfa", "Authenticator").objects.filter(type__in=["totp", "recovery_codes"])
    for factor in factors.select_for_update():
        data = dict(factor.data)
        for name in ("secret", "seed"):
            if name in data:
                data[name] = change(data[name])
        if data.get("migrated_codes"):
            data["migrated_codes"] = [change(code) for code in data["migrated_codes"]]
        if data != factor.data:
            factor.data = data
            factor.save(update_fields=["data"])


def seal(apps: Any, schema_editor: Any) -> None:
    """What lies open is sealed; what is sealed stays."""
    _each(apps, lambda stored: stored if stored.startswith(SEALED) else seal_secret(stored))


def unseal(apps: Any, schema_editor: Any) -> None:
    """Back to how the sign-in library keeps them; what the master key does not open stays as it is."""
    _each(apps, lambda stored: unseal_secret(stored) or stored)


class Migration(migrations.Migration):
    dependencies = [("identity", "0003_lent_and_recovered"), ("mfa", "0003_authenticator_type_uniq")]
    operations = [migrations.RunPython(seal, unseal)]
