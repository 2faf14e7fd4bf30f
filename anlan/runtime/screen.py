"""What the person at the terminal sees of long work."""

from __future__ import annotations

import os
import sys
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

_EVERY = 10.0  # seconds between two signs of life


class Trouble(Exception):
    """Something the person can mend; the text says what is wrong and what to do."""


def say(text: str) -> None:
    """One line, at once."""
    _tell(text, sys.stdout)


def warn(text: str) -> None:
    """One line about trouble."""
    _tell(text, sys.stderr)


def _tell(text: str, stream: TextIO) -> None:
    try:
        print(text, file=stream, flush=True)
    except OSError:
        # Nobody reads any more (a closed terminal, `| head`): the work goes on, and a supervisor still stops its parts.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def padded(text: str, width: int) -> str:
    """``text`` filled up to ``width`` columns of a terminal; a Chinese character takes two.

    >>> padded("安澜", 6) + "|"
    '安澜  |'
    """
    taken = sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
    return text + " " * max(0, width - taken)


class Step:
    """A step that takes a while: call ``beat`` as often as you like, a line appears every few seconds."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.began = time.monotonic()
        self._next = self.began + _EVERY

    def beat(self, detail: str = "") -> None:
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _EVERY
            say(f"    … {self.title.lower()}: {now - self.began:.0f} s{' · ' + detail if detail else ''}")

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began


@contextmanager
def step(title: str) -> Iterator[Step]:
    """Announces a step, and its time when it took one second or more."""
    current = Step(title)
    say(f"  {title}")
    yield current
    if current.seconds >= 1:
        say(f"    done in {current.seconds:.1f} s")
