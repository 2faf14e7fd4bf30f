"""Django's management commands, on the database at hand."""

from __future__ import annotations

import os
from collections.abc import Sequence

from anlan.runtime.database import VARIABLE

_WITHOUT_DATABASE = {
    "help",
    "check",
    "makemigrations",
    "collectstatic",
    "diffsettings",
    "findstatic",
    "--help",
    "--version",
}


def pass_through(arguments: Sequence[str]) -> int:
    """Runs ``manage.py ARGUMENTS``; starts our own database for as long as it lasts when none runs."""
    if os.environ.get(VARIABLE) or not arguments or arguments[0] in _WITHOUT_DATABASE:
        return _run(arguments)
    from anlan.runtime.at_hand import database_at_hand

    with database_at_hand():
        return _run(arguments)


def _run(arguments: Sequence[str]) -> int:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["anlan manage", *arguments])
    return 0
