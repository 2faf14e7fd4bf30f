"""The connector's loop: sources speak to the batcher, batches go to the spool, the sender empties it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from pathlib import Path

from anlan.runtime.connector.batching import Batcher
from anlan.runtime.connector.modbus import Asking
from anlan.runtime.connector.opcua import Following
from anlan.runtime.connector.sending import Sender
from anlan.runtime.connector.settings import Settings
from anlan.runtime.connector.spool import Spool

log = logging.getLogger(__name__)
SAY_S = 60.0
_LOOK_S = 0.05


class Connector:
    """One connector on one file of settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.batcher = Batcher(now_ms)
        self.sources = sources(settings, self.batcher)
        kept = settings.spooling
        self.spool = Spool(kept.folder, kept.most, kept.sync)
        self.sender = Sender(self.spool, settings.platform)
        self._flushed = self._said = time.monotonic()

    async def run(self, stop: asyncio.Event, ready: Path | None = None) -> None:
        """Until ``stop``: what was read by then is on disk, and sent where the platform is reached."""
        self.sender.start()
        tasks = [asyncio.create_task(source.run(), name=source.name) for source in self.sources]
        if ready:
            ready.touch()
        try:
            while not stop.is_set():
                await asyncio.sleep(_LOOK_S)
                await self.between()
                if not self.sender.is_alive():
                    raise RuntimeError("the sender has ended by a fault of its own (see above)")
                for task in tasks:
                    if task.done():
                        task.result()  # a source ends by a fault of ours only: then all of it ends, and is started anew
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self.flush()
            await asyncio.to_thread(self.sender.stop)
            self.spool.close()

    async def between(self) -> None:
        """What is due now and then. The disk is waited for on another thread: machines go on being read meanwhile."""
        now, kept = time.monotonic(), self._settings.spooling
        if len(self.batcher) >= kept.batch_readings or (len(self.batcher) and now - self._flushed >= kept.batch_s):
            await self.flush()
        await asyncio.to_thread(self.spool.settle)
        if now - self._said >= SAY_S:
            self._said = now
            log.info("%s", self.standing())

    async def flush(self) -> None:
        """Put what was collected into the spool."""
        self._flushed = time.monotonic()
        for payload, readings in self.batcher.take():
            try:
                await asyncio.to_thread(self.spool.append, payload, readings)
            except OSError as why:
                self.spool.lose(readings, f"the disk does not take them: {why}")

    def standing(self) -> str:
        """One line: what answers, what waits, what was lost."""
        away = [f"{source.name} ({source.trouble})" for source in self.sources if source.trouble]
        return (
            f"{len(self.sources) - len(away)} of {len(self.sources)} sources answer"
            f"{'; away: ' + ', '.join(away) if away else ''}; platform "
            f"{'reached' if self.sender.connected else 'out of reach'}; {self.spool.waiting} readings wait "
            f"({self.spool.size / 1e6:.1f} MB); {self.spool.dropped} lost since the spool was made"
        )


def sources(settings: Settings, batcher: Batcher) -> list[Following | Asking]:
    """Whoever reads the machines of a file."""
    return [*(Following(one, batcher) for one in settings.opcua), *(Asking(one, batcher) for one in settings.modbus)]


async def tried(settings: Settings, seconds: float, say: Callable[[str], None]) -> bool:
    """Read every value once, nothing kept and nothing sent: whether all could be read, told line by line."""
    batcher = Batcher(now_ms)
    asked = sources(settings, batcher)
    tasks = [asyncio.create_task(source.run()) for source in asked]
    said: dict[str, str] = {}
    until = time.monotonic() + seconds
    while len(said) < len(settings.tags) and time.monotonic() < until:
        await asyncio.sleep(_LOOK_S)
        for one in batcher.held():
            said[one.tag] = f"{one.value:g}" + ("", "  (uncertain)", "  (bad)")[one.quality]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for source in asked:
        say(f"  {source.name}: {source.trouble or 'answers'}")
    for tag in settings.tags:
        say(f"    {tag:<32}{said.get(tag, 'nothing was said')}")
    return len(said) == len(settings.tags)


def now_ms() -> int:
    """Epoch ms."""
    return time.time_ns() // 1_000_000
