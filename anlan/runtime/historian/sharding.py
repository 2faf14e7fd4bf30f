"""Several historians on one stream: each takes in the gateways whose codes fall to it."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from anlan.runtime.screen import Trouble


@dataclass(frozen=True, slots=True)
class Shard:
    """The ``number``-th of ``of`` historians, counted from 1.

    >>> str(Shard(2, 3)), [Shard(n, 3).takes("farm-1") for n in (1, 2, 3)]
    ('2/3', [True, False, False])
    """

    number: int = 1
    of: int = 1

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    @property
    def whole(self) -> bool:
        """Whether it is the only one."""
        return self.of == 1

    @property
    def name(self) -> str:
        """What its reader of the stream and its folder are called."""
        return "historian" if self.whole else f"historian-{self.number}-of-{self.of}"

    def takes(self, code: str) -> bool:
        """Whether the gateway of that code falls to it."""
        return self.whole or zlib.crc32(code.encode()) % self.of == self.number - 1

    @classmethod
    def parsed(cls, text: str) -> Shard:
        """From ``2/3``; ``Trouble`` for anything else."""
        number, _, of = text.partition("/")
        if not (number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of) <= 64):
            raise Trouble(f"--shard {text}: write it as 2/3, the second of three; at most 64.")
        return cls(int(number), int(of))
