"""The histories of the hazards, one county at a time, on as many cores as there are.

A county's hazards share numbers and repeats with each other and with no other county's: so each county is played by
itself, in a process of its own where there are cores for it, always with the same keys. What it leaves is written as
COPY text into a folder and copied in by the one connection that builds the city, in the one transaction: a county that
fails takes the whole city with it.
"""

from __future__ import annotations

import functools
import multiprocessing
import multiprocessing.connection
import os
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from django.utils.translation import gettext_noop

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.bulk import Sheet, history_set_aside, reserve_ids, skip_ids
from anlan.kernel.codes.models import Counter
from anlan.kernel.files.models import StoredFile
from anlan.kernel.journal.models import Entry
from anlan.kernel.journal.record import bulk_load
from anlan.kernel.notify.models import Message
from anlan.modules.hazards.models import Hazard
from anlan.runtime.demo.histories import Cast, Plot, play
from anlan.runtime.demo.stage import COUNTED, TRACKED, Known, MemoryStage
from anlan.runtime.embedded.sizing import cores

BUILDER = Actor.system("demo city")
WHY = gettext_noop("the demo city's history, made by the acts themselves")
PAGES = 200
"""How many histories are held before their rows are written away."""
WORTH_A_PROCESS = 1_000
BLOCK = 1 << 18
COUNTY = 8  # characters of a county's path

Casting = Callable[[Any], Cast]
_MODELS = (Hazard, *COUNTED, StoredFile)
_ROWS = [Sheet.of(model) for model in _MODELS]
_HISTORY = [Sheet.of_history(model) for model in TRACKED]
_AS_THEY_COME = [*_ROWS, *_HISTORY]
# These get their keys in the order of time, across the whole city: hence when all is told.
_BY_TIME = [Sheet.of(model, first=["at"], without=["id"]) for model in (Entry, Message)]
_SHEETS = [*_AS_THEY_COME, *_BY_TIME]


@dataclass(frozen=True)
class Part:
    """The plots of one county, each with its number in the whole city."""

    number: int
    of: int
    plots: list[tuple[int, Plot]]


def play_all(known: Known, told: list[Plot], cast: Casting, *, keep: bool, processes: int | None) -> None:
    """Play every plot and store what it leaves; ``keep`` remembers each hazard's plot in the world."""
    counties: dict[str, list[tuple[int, Plot]]] = defaultdict(list)
    for number, plot in enumerate(told):
        counties[plot.site.region_path[:COUNTY]].append((number, plot))
        cast(plot.site)  # everybody is known before the parts are played
    parts = [Part(i, len(counties), counties[path]) for i, path in enumerate(sorted(counties))]
    many = 1 if keep else min(len(parts), processes or (cores() if len(told) >= WORTH_A_PROCESS else 1))
    with tempfile.TemporaryDirectory(prefix="anlan-city-") as name:
        boxes = [_Box(Path(name), part) for part in parts]
        with bulk_load(BUILDER, WHY), history_set_aside(*TRACKED):
            for box in _side_by_side(known, boxes, cast, many) if many > 1 else _in_turn(known, boxes, cast, keep):
                for sheet in _AS_THEY_COME:
                    sheet.copy(box.blocks(sheet))
            for sheet in _BY_TIME:
                _copy_by_time(sheet, boxes)
            _take_numbers(known, told, [box.told for box in boxes])
        counted = {sheet.model: sum(box.told["rows"][sheet.model._meta.label] for box in boxes) for sheet in _BY_TIME}
        hazards = sum(box.told["rows"][Hazard._meta.label] for box in boxes)
    known.world.report(f"hazards: {hazards} with {counted[Entry]} journal entries and {counted[Message]} messages")


class _Box:
    """What a part leaves: a file of COPY text for every table, and what it used of numbers and keys."""

    def __init__(self, folder: Path, part: Part) -> None:
        self.part, self.folder = part, folder / str(part.number)
        self.folder.mkdir()

    def write(self, stage: MemoryStage) -> Iterator[tuple[Sheet, Iterator[str]]]:
        """Empties the stage's memory: the lines of each table."""
        memory = stage.memory
        for sheet, model in zip(_ROWS, _MODELS, strict=True):
            yield sheet, sheet.lines(memory.kept[model])
            memory.kept[model].clear()
        for sheet, model in zip(_HISTORY, TRACKED, strict=True):
            yield sheet, sheet.written(memory.history[model])
            memory.history[model].clear()
        told: tuple[list[Any], list[Any]] = (memory.entries, stage.messages)
        for sheet, rows in zip(_BY_TIME, told, strict=True):
            yield sheet, sheet.lines(rows)
            rows.clear()

    def blocks(self, sheet: Sheet) -> Iterator[bytes]:
        """The text of one table."""
        with self.file(sheet).open("rb") as text:
            while block := text.read(BLOCK):
                yield block

    def file(self, sheet: Sheet) -> Path:
        """Where the rows of a table lie."""
        return self.folder / sheet.model._meta.db_table

    @functools.cached_property
    def told(self) -> dict[str, dict[str, int]]:
        """What the part used: "given" numbers by series, the next free "keys" and the "rows" written, by table."""
        read: dict[str, dict[str, int]] = orjson.loads((self.folder / "told").read_bytes())
        return read

    def tell(self, stage: MemoryStage, rows: dict[str, int]) -> None:
        """Writes down what was used."""
        keys = {model._meta.label: next(stage.keys[model]) for model in COUNTED}
        (self.folder / "told").write_bytes(orjson.dumps({"given": stage.given, "keys": keys, "rows": rows}))


def _in_turn(known: Known, boxes: list[_Box], cast: Casting, keep: bool) -> Iterator[_Box]:
    for box in boxes:
        _play(known, box, cast, keep)
        yield box


def _side_by_side(known: Known, boxes: list[_Box], cast: Casting, many: int) -> Iterator[_Box]:
    """Play ``many`` parts at a time, each in a process that begins with all that is known here."""
    context = multiprocessing.get_context("fork")
    waiting = sorted(boxes, key=lambda box: len(box.part.plots))
    running: dict[int, tuple[Any, _Box]] = {}
    try:
        while waiting or running:
            while waiting and len(running) < many:
                box = waiting.pop()
                process = context.Process(target=_play, args=(known, box, cast), daemon=True)
                process.start()
                running[process.sentinel] = process, box
            for sentinel in multiprocessing.connection.wait(list(running)):
                process, box = running.pop(sentinel)  # type: ignore[arg-type]
                process.join()
                if process.exitcode:
                    raise RuntimeError(f"a part of the demo city failed with exit code {process.exitcode} (see above)")
                yield box
    finally:
        for process, _ in running.values():
            process.kill()
            process.join()


def _play(known: Known, box: _Box, cast: Casting, keep: bool = False) -> None:
    """Play one part. A process of its own has inherited the builder's connection, which it must leave alone."""
    builder, part = multiprocessing.parent_process(), box.part
    stage = MemoryStage(known, part.number, part.of)
    shelf = stage.memory.shelves[Hazard]
    by_site: dict[int, list[Any]] = defaultdict(list)
    rows: dict[str, int] = defaultdict(int)
    with ExitStack() as stack:
        stack.enter_context(stage.at_work())
        files = {sheet: stack.enter_context(box.file(sheet).open("w", encoding="utf-8")) for sheet in _SHEETS}
        for turn, (number, plot) in enumerate(part.plots, 1):
            stage.hazard_id = known.first_ids[Hazard] + number
            # The site's records settled by then, so that repeats are recognised.
            shelf.extend(h for h in by_site[plot.site.id] if h.closed_at and clock.day_of(h.closed_at) < plot.found_on)
            earlier = len(shelf)
            play(stage, cast(plot.site), plot)
            stage.sweep(stage.ends)
            fresh = shelf[earlier:]
            if keep and fresh:
                known.world.told[fresh[0].pk] = (plot, cast(plot.site))
            by_site[plot.site.id].extend(fresh)
            shelf.clear()
            shelf.extend(fresh)
            stage.memory.turn_page()
            if turn % PAGES == 0 or turn == len(part.plots):
                for sheet, lines in box.write(stage):
                    written = list(lines)
                    files[sheet].writelines(written)
                    rows[sheet.model._meta.label] += len(written)
                if builder is not None and not builder.is_alive():
                    os._exit(1)  # nobody waits for this city any more
    box.tell(stage, rows)


def _copy_by_time(sheet: Sheet, boxes: list[_Box]) -> None:
    """Give the rows of all parts their keys in the order of time, and copy them in."""
    lines = [line for box in boxes for line in box.file(sheet).read_bytes().splitlines()]
    lines.sort(key=lambda line: line.partition(b"\t")[0])
    keys = reserve_ids(sheet.model, len(lines))
    keyed = Sheet(sheet.model, (*sheet.fields, sheet.model._meta.pk))
    blocks = (lines[start : start + 1_000] for start in range(0, len(lines), 1_000))
    keyed.copy(b"".join(b"%b\t%d\n" % (line, next(keys)) for line in block) for block in blocks)


def _take_numbers(known: Known, told: list[Plot], used: list[dict[str, dict[str, int]]]) -> None:
    """What the parts took of keys and running numbers is not given again."""
    skip_ids(Hazard, known.first_ids[Hazard] + len(told))
    for model in COUNTED:
        skip_ids(model, max(part["keys"][model._meta.label] for part in used))
    given = [item for part in used for item in part["given"].items()]
    if len(dict(given)) < len(given):
        raise RuntimeError("two counties of the demo city drew numbers from one series")
    Counter.objects.bulk_create(
        [Counter(series=series, last=last) for series, last in given],
        update_conflicts=True,
        update_fields=["last"],
        unique_fields=["series"],
    )
