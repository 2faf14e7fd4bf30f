"""The queue: procrastinate in the same database, so that a job shares the business transaction."""

from __future__ import annotations

import procrastinate


def on_app_ready(app: procrastinate.App) -> None:
    """Make every module's ``tasks`` known once Django is ready."""
    from django.utils.module_loading import autodiscover_modules

    autodiscover_modules("tasks")
