"""Copy everything that cannot be made again: `anlan backup [--keep N] [--list]`.

The database is copied while it runs; from the first copy on its log is archived, so that `anlan restore` reaches any
later moment. Files and readings are added to the copies' own stores. Secrets are not copied: keep them apart.
"""

from __future__ import annotations

import argparse

from anlan.runtime.backup.places import Copy, backups_folder, copies
from anlan.runtime.backup.take import KEPT, take
from anlan.runtime.database import named_database, running_database
from anlan.runtime.embedded.postgres import Engine
from anlan.runtime.places import data_folder
from anlan.runtime.screen import Trouble, say, step

needs_database = False


def add(parser: argparse.ArgumentParser) -> None:
    """What is kept, and where."""
    parser.add_argument("--keep", type=int, default=KEPT, help=f"how many copies stay ({KEPT})")
    parser.add_argument("--list", action="store_true", help="only say which copies there are")


def handle(arguments: argparse.Namespace) -> int:
    """Take a copy, or list them."""
    data = data_folder()
    if arguments.list:
        for copy in copies(backups_folder(data)):
            say(f"  {copy.name}  {_told(copy)}, finished {copy.finished}")
        return 0
    if arguments.keep < 1:
        raise Trouble("--keep is how many copies stay: 1 or more.")
    engine = running_engine()
    with step("Copying the database, the files and the readings"):
        copy = take(engine, keep=arguments.keep)
    say(f"  {backups_folder(data) / copy.name}: {_told(copy)}")
    say(f"  Not in it: {data / 'secrets'}. Keep a copy of that folder in another place.")
    return 0


def _told(copy: Copy) -> str:
    return f"{copy.size / 1e6:,.1f} MB, {copy.files} files, {copy.readings:,} readings"


def running_engine() -> Engine:
    """The platform's own server, running. Raises ``Trouble`` otherwise."""
    if named_database():
        raise Trouble("The database is a server of your own (ANLAN_DATABASE_URL): it is copied by that server's means.")
    data = data_folder()
    if running_database(data) is None:
        raise Trouble("Anlan does not run on this data folder: start it with ./run up, then copy it while it runs.")
    return Engine(data)
