"""Two processes for a long ledger: one reads and checks cells, the other compares rows and asks the register."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable, Iterator
from itertools import islice
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from anlan.kernel.intake.problems import FileRefused

_BATCH = 1_000
T = TypeVar("T")


def read_apart(read: Callable[[], Iterator[T]]) -> Iterator[T]:
    """What ``read()`` yields, from a process that begins with all that is known here.

    The rows right in themselves come without their cells, and without the fields that hold nothing. A program with
    threads cannot be doubled safely: there it is read here, as it is where processes cannot be forked. Raises what
    reading raises.
    """
    if threading.active_count() > 1 or "fork" not in multiprocessing.get_all_start_methods():
        yield from read()
        return
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(read, there), daemon=True)
    process.start()
    there.close()
    try:
        while True:
            try:
                kind, told = here.recv()
            except EOFError:
                raise FileRefused("file_damaged") from None  # whatever the file did, it ended the reader
            if kind == "refused":
                raise FileRefused(told[0], **told[1])
            if kind == "end":
                return
            yield from told
    finally:
        here.close()
        process.kill()
        process.join()


def _send(read: Callable[[], Iterator[Any]], there: Connection) -> None:
    try:
        rows = (_light(row) for row in read())
        while batch := list(islice(rows, _BATCH)):
            there.send(("rows", batch))
        there.send(("end", ()))
    except FileRefused as why:
        there.send(("refused", (why.code, dict(why.problem.params))))
    there.close()


def _light(row: Any) -> Any:
    """A record right in itself leaves its cells behind (the report reads them again should it be a twin) and what is
    not stated."""
    parsed = getattr(row, "parsed", None)
    if parsed is None or parsed.problems:
        return row
    stated = {name: value for name, value in parsed.values.items() if value is not None}
    return row._replace(cells=(), parsed=parsed._replace(values=stated, partial=stated))
