"""The whole cast, records of every module, on the database that ``ANLAN_DATABASE_URL`` names.

Run as a process of its own: ``python -m tests.runtime.peopled``. Prints the tables of each module and how many rows
stand in them.
"""

from __future__ import annotations

import json
import sys

import django


def main() -> None:
    """Builds, and counts."""
    django.setup()
    from django.db import connection

    from tests.cast import build
    from tests.house.walk import own_models

    build()
    told: dict[str, dict[str, int]] = {}
    for model in own_models():
        if model._meta.managed:
            count = model._base_manager.count()
            told.setdefault(model._meta.app_label, {})[model._meta.db_table] = count
    connection.close()
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
