"""A database for commands that are typed while ``anlan up`` runs, or while it does not."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from anlan.runtime import state
from anlan.runtime.connections import let_go
from anlan.runtime.database import VARIABLE, named_database, refuse_unfit, running_database
from anlan.runtime.embedded.postgres import PATIENCE, STOP, Engine
from anlan.runtime.places import data_folder
from anlan.runtime.screen import Trouble
from anlan.runtime.supervisor import Part, Supervisor


@contextmanager
def database_at_hand() -> Iterator[str]:
    """The address of a database that is up to date, also put into ``ANLAN_DATABASE_URL``.

    The one named there; else the one ``anlan up`` runs on this data folder; else our own PostgreSQL is started for
    as long as the command lasts. Its messages go to standard error: a command's output may be JSON.
    """
    data = data_folder()
    address = named_database() or running_database(data)
    if address:
        os.environ[VARIABLE] = address
        yield address
        return
    known = state.read(data)
    if state.supervisor(known) and known.get("address") and "database" not in known.get("parts", {}):
        raise Trouble(f"Anlan runs here on a database of your own: name it for this command, too ({VARIABLE}).")
    data.mkdir(mode=0o755, parents=True, exist_ok=True)
    try:
        with state.Lock(data):
            yield from _own(Supervisor(data, {"demo": {"state": "off"}, "temporary": True}))
    except state.Taken:
        raise Trouble(
            "Another command, or a start of Anlan, uses this data folder just now: try again in a moment."
        ) from None


def _own(supervisor: Supervisor) -> Iterator[str]:
    supervisor.end_orphans()
    engine = Engine(supervisor.data)
    try:
        engine.prepare()
        supervisor.set_fact("socket", str(engine.socket))
        supervisor.start(
            Part("database", engine.command(), lambda _: engine.answers(), engine.spawn_options(), STOP, PATIENCE)
        )
        supervisor.await_ready("database")
        engine.complete()
        refuse_unfit(engine.address)
        os.environ[VARIABLE] = engine.address
        prepare = [sys.executable, "-m", "anlan.runtime.prepare", "schema"]
        done = subprocess.run(prepare, stdout=sys.stderr.fileno(), stdin=subprocess.DEVNULL)
        if done.returncode:
            raise Trouble("The database could not be brought up to date (see above).")
        yield engine.address
    finally:
        os.environ.pop(VARIABLE, None)
        let_go()
        supervisor.stop()
        engine.tidy()
