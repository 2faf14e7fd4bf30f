"""The web's server, with the program loaded before its processes are made: each is a fork of it and there at once.

Takes what ``granian`` takes, the application last. Nothing here speaks to the database: processes must not share a
connection.
"""

from __future__ import annotations

import gc
import importlib
import sys

from django.urls import get_resolver
from granian.cli import entrypoint

from anlan.runtime import loading


def main() -> None:
    """Load the application, then serve it."""
    loading.quickly()
    importlib.import_module(sys.argv[-1].partition(":")[0])
    get_resolver().url_patterns  # noqa: B018 - reads the addresses, and with them every page's module
    gc.freeze()  # what is there stays in memory once for all processes
    entrypoint()


if __name__ == "__main__":
    main()
