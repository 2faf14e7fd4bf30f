"""Two processes for a long ledger: one reads and checks cells, the other compares rows and asks the register."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from anlan.kernel.intake.problems import FileRefused

T = TypeVar("T")


def read_apart(read: Callable[[], Iterator[T]]) -> Iterator[T]:
    """What ``read()`` yields, from a process that begins with all that is known here.

    What comes is pickled: it should be large and plain (blocks of rows). A program with threads cannot be doubled
    safely: there it is read here, as it is where processes cannot be forked. Raises what reading raises.
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
            yield told
    finally:
        here.close()
        process.kill()
        process.join()


def _send(read: Callable[[], Iterator[Any]], there: Connection) -> None:
    try:
        for block in read():
            there.send(("block", block))
        there.send(("end", ()))
    except FileRefused as why:
        there.send(("refused", (why.code, dict(why.problem.params))))
    there.close()
