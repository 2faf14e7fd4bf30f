"""Bring the database back to a moment: `anlan restore [--to "2026-11-22 03:00"] [--drill]`.

Without --to the log is replayed to its end. What stood there is put aside, not deleted. With --drill nothing is
replaced: a copy is restored in a temporary folder beside the running platform and every table compared.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from datetime import datetime

from anlan.runtime import state
from anlan.runtime.backup.drill import Drill, drill
from anlan.runtime.backup.places import backups_folder
from anlan.runtime.backup.restore import Target, restore
from anlan.runtime.commands.backup import running_engine
from anlan.runtime.places import data_folder
from anlan.runtime.screen import Trouble, say, step, warn

needs_database = False


def add(parser: argparse.ArgumentParser) -> None:
    """The moment, or the drill."""
    parser.add_argument("--to", default="", help="a moment such as 2026-11-22 03:00, in this machine's time zone")
    parser.add_argument("--drill", action="store_true", help="restore beside the running platform and compare")


def handle(arguments: argparse.Namespace) -> int:
    """Restore, or try it out."""
    if arguments.drill:
        with step("Restoring beside the running platform and comparing every table"):
            return _told(drill(running_engine()))
    data, target = data_folder(), Target(moment=_moment(arguments.to))
    try:
        with state.Lock(data), step("Restoring"):
            done = restore(data, target)
    except state.Taken:
        raise Trouble("Anlan runs on this data folder: stop it first (Ctrl-C, or end its service).") from None
    until = done.until.astimezone().isoformat(timespec="seconds") if done.until else "the copy's own end"
    say(f"  Restored from {done.copy} to {until} in {done.seconds:.1f} s.")
    if done.readings is None:
        say(f"  The readings in {data / 'historian'} stay; to have the copy's, move that folder away.")
    elif done.readings:
        say(f"  {done.readings:,} rows of readings and roll-ups were put back.")
    if done.aside:
        say(f"  What stood there before lies in {done.aside}: remove it when you have looked at the result.")
    say("  Start with ./run up, and take a new copy with ./run backup.")
    return 0


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Trouble(f"“{text}” is not a moment: write it as 2026-11-22 03:00 or 2026-11-22T03:00+08:00.") from None
    moment = moment.astimezone()
    if moment > datetime.now().astimezone():
        raise Trouble(f"{text} lies in the future.")
    return moment


def _told(done: Drill) -> int:
    rows = sum(there.rows for there, _ in done.tables.values() if there)
    report = backups_folder(data_folder()) / f"drill-{done.at:%Y%m%dT%H%M%SZ}.json"
    tables = {n: {"there": t and asdict(t), "restored": r and asdict(r)} for n, (t, r) in done.tables.items()}
    facts = {"copy": done.copy, "at": done.at.isoformat(), "seconds": round(done.seconds, 1), "tables": tables}
    report.write_text(json.dumps(facts, indent=1) + "\n", "utf-8")
    say(f"  {done.copy}: {len(done.tables)} tables, {rows:,} rows compared in {done.seconds:.1f} s. Report: {report}")
    for name in done.differing:
        there, restored = done.tables[name]
        warn(f"  {name} differs: {there} here, {restored} restored")
    return 1 if done.differing else 0
