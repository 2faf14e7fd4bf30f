"""Modbus TCP: a device asked at equal steps, neighbouring registers in one question."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass

from pymodbus.client import AsyncModbusTcpClient
from pymodbus.exceptions import ModbusException

from anlan.runtime.connector.batching import Batcher
from anlan.runtime.connector.registers import decoded
from anlan.runtime.connector.settings import BITS, Modbus, Register

log = logging.getLogger(__name__)
MOST_WORDS, MOST_BITS = 120, 1900  # of one question; the protocol allows 125 and 2000
_QUESTIONS = {
    "holding": "read_holding_registers", "input": "read_input_registers", "coil": "read_coils",
    "discrete": "read_discrete_inputs",
}  # fmt: skip


class Refused(Exception):
    """The device answered that it does not."""


@dataclass(frozen=True, slots=True)
class Block:
    """Neighbours that are asked for together."""

    kind: str
    start: int
    count: int
    tags: tuple[Register, ...]


def blocks(tags: Iterable[Register]) -> list[Block]:
    """Tags in as few questions as can be, and no register in them that nobody wants: a device may refuse it."""
    found: list[Block] = []
    held: list[Register] = []
    for tag in sorted(tags, key=lambda tag: (tag.kind, tag.address)):
        most = MOST_BITS if tag.kind in BITS else MOST_WORDS
        if held and not (
            tag.kind == held[0].kind and tag.address <= _end(held) and tag.address + tag.width - held[0].address <= most
        ):
            found.append(_block(held))
            held = []
        held.append(tag)
    return [*found, _block(held)] if held else found


def _end(held: list[Register]) -> int:
    return max(tag.address + tag.width for tag in held)


def _block(held: list[Register]) -> Block:
    return Block(held[0].kind, held[0].address, _end(held) - held[0].address, tuple(held))


class Asking:
    """Asks one device for ever; what it says goes to the batcher."""

    def __init__(self, source: Modbus, batcher: Batcher) -> None:
        self._source, self._batcher = source, batcher
        self._blocks = blocks(source.tags)
        self._client: AsyncModbusTcpClient | None = None
        self._refused: set[str] = set()
        self.trouble = "not asked yet"

    @property
    def name(self) -> str:
        """The source's."""
        return self._source.name

    async def run(self) -> None:
        """Until it is cancelled."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        try:
            while True:
                await self._round()
                due = max(due + self._source.period_s, loop.time())
                await asyncio.sleep(due - loop.time())
        finally:
            self._close()

    async def _round(self) -> None:
        try:
            client = await self._connected()
            for block in self._blocks:
                await self._take(client, block)
        except (OSError, TimeoutError, ModbusException) as why:
            # One answer that does not come makes the next one doubtful: the device is connected to anew.
            self._close()
            self._say(str(why) or type(why).__name__)
            for tag in self._source.tags:
                self._batcher.bad(tag.name)
        else:
            self._say("")

    async def _take(self, client: AsyncModbusTcpClient, block: Block) -> None:
        try:
            said = await self._ask(client, block)
        except Refused as why:
            if len(block.tags) > 1:  # one address of them is wrong: the others count
                for tag in block.tags:
                    await self._take(client, _block([tag]))
            else:
                self._refuse(block.tags[0], str(why))
            return
        for tag in block.tags:
            place = tag.address - block.start
            words = said[place : place + tag.width]
            raw = float(bool(words[0])) if tag.kind in BITS else decoded(words, tag.type, tag.order)
            self._refused.discard(tag.name)
            self._batcher.add(tag.name, tag.said(raw))

    async def _ask(self, client: AsyncModbusTcpClient, block: Block) -> list[int]:
        question = getattr(client, _QUESTIONS[block.kind])
        told = await question(block.start, count=block.count, device_id=self._source.device)
        if told.isError():
            raise Refused(f"{block.kind} {block.start}: {told}")
        said = [int(one) for one in (told.bits if block.kind in BITS else told.registers)]
        if len(said) < block.count:
            raise Refused(f"{block.kind} {block.start}: {len(said)} answered of {block.count}")
        return said

    def _refuse(self, tag: Register, why: str) -> None:
        self._batcher.bad(tag.name)
        if tag.name not in self._refused:
            self._refused.add(tag.name)
            log.error("%s: %s cannot be read (%s)", self._source.name, tag.name, why)

    async def _connected(self) -> AsyncModbusTcpClient:
        if self._client is None:
            source = self._source
            self._client = AsyncModbusTcpClient(
                source.host, port=source.port, timeout=source.timeout_s, retries=0, reconnect_delay=0
            )
            if not await self._client.connect():
                raise OSError(f"{source.host}:{source.port} does not take the connection")
        return self._client

    def _close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def _say(self, trouble: str) -> None:
        if trouble and trouble != self.trouble:
            log.error("%s is out of reach (%s)", self._source.name, trouble)
        elif self.trouble and not trouble:
            log.warning("%s answers", self._source.name)
        self.trouble = trouble
