"""Writes the pages that are drawn from the code: ``python -m tests.house``."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anlan.config.settings.test")
django.setup()

from tests.house.drawn import main  # noqa: E402 - the tables must be known first

main()
