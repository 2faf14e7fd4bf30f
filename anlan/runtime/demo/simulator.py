"""What the demo city's gateways say: values that wander, now and then one that rises past where it should.

A process of its own beside the historian, started by ``anlan up`` with the demo city: it publishes where gateways do,
under the platform's own name, and only for gateways of the demo city. Where nothing was ever said, it first says the
day before, as a gateway does that was cut off.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from dataclasses import dataclass
from typing import Any

import orjson
import psycopg

from anlan.kernel import messaging
from anlan.runtime.database import VARIABLE

EVERY_S = 5.0
BACK_S = 86_400
BACK_STEP_S = 120
_TAGS = """
SELECT g.code, t.name, t.quantity, t.low_range, t.high_range, t.id FROM monitoring_tag t
JOIN monitoring_gateway g ON g.id = t.gateway_id
WHERE g.code LIKE 'demo-%' AND g.state = 'active' AND t.active ORDER BY g.code, t.id
"""
# Where a quantity rests and how it wanders, as shares of the range.
_REST = {"level": 0.55, "temperature": 0.32, "pressure": 0.3, "gas_flammable": 0.015, "gas_toxic": 0.02}
_EXCURSION = 1 / 9_000  # of a tag, at each step: with 600 tags one in about 75 s
_RISE, _STAY = 24, 12  # steps up (and down again), steps at the top


@dataclass
class Wandering:
    """One tag's value; ``rising`` counts the steps of an excursion."""

    low: float
    high: float
    rest: float
    value: float
    rising: int = 0

    def step(self, dice: random.Random) -> float:
        """The next value, with one decimal more than the range needs."""
        width = self.high - self.low
        self.value += 0.05 * (self.rest - self.value) + dice.gauss(0, 0.002 * width)
        said = self.value
        if self.rising:
            self.rising -= 1
            passed = 2 * _RISE + _STAY - self.rising
            share = min(passed / _RISE, 1.0, (self.rising + 1) / _RISE)
            said += share * (self.low + 0.96 * width - self.rest)
        elif dice.random() < _EXCURSION:
            self.rising = 2 * _RISE + _STAY
        return round(min(max(said, self.low), self.high), 2 if width < 20 else 1)


class City:
    """The gateways of the demo city and their tags."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self.gateways: dict[str, dict[str, Wandering]] = {}
        self.keys: list[int] = []

    def read(self) -> None:
        """The tags there are now; known ones go on where they are."""
        with psycopg.connect(os.environ[VARIABLE], connect_timeout=5) as connection:
            rows = connection.execute(_TAGS).fetchall()
        fresh: dict[str, dict[str, Wandering]] = {}
        for code, name, quantity, low, high, _key in rows:
            low, high = (0.0 if low is None else low), (100.0 if high is None else high)
            rest = low + (high - low) * _REST.get(quantity, 0.4)
            known = self.gateways.get(code, {}).get(name)
            fresh.setdefault(code, {})[name] = known or Wandering(low, high, rest, rest)
        self.gateways, self.keys = fresh, [row[-1] for row in rows]

    def said(self, code: str, at_ms: int) -> dict[str, Any]:
        """What a gateway says at a moment."""
        return {"t": at_ms, "v": {name: one.step(self._dice) for name, one in self.gateways[code].items()}}


async def run(stop: asyncio.Event) -> None:
    """Speak for every gateway until ``stop``."""
    city = City(random.Random())
    client = await messaging.connected("anlan-simulator")
    await _read(city, stop)
    await _day_before(client, city, stop)
    looked = time.monotonic()
    while not stop.is_set():
        began = time.monotonic()
        if began - looked > 60:
            looked = began
            await _read(city, stop)
        now = time.time_ns() // 1_000_000
        for code in city.gateways:
            if client.is_connected:
                await client.publish(f"anlan.telemetry.{code}", orjson.dumps(city.said(code, now)))
        await _pause(stop, EVERY_S - (time.monotonic() - began))
    await client.close()


async def _day_before(client: Any, city: City, stop: asyncio.Event) -> None:
    """Unless anything was ever said: the last day, tag by tag in order of time."""
    for _try in range(60):
        if stop.is_set():
            return
        try:
            said = await client.request("anlan.history.latest", orjson.dumps({"tags": city.keys}), timeout=2)
            if orjson.loads(said.data)["latest"]:
                return
            break
        except Exception:  # noqa: BLE001 - the historian is not there yet, in whatever words the library says so
            await _pause(stop, 1)
    now = time.time_ns() // 1_000_000
    for code in city.gateways:
        moments = range(now - BACK_S * 1000, now, BACK_STEP_S * 1000)
        told = [city.said(code, at) for at in moments]
        for start in range(0, len(told), 60):
            await client.publish(f"anlan.telemetry.{code}", orjson.dumps(told[start : start + 60]))
        await client.flush()
        await asyncio.sleep(0.01)


async def _read(city: City, stop: asyncio.Event) -> None:
    while not stop.is_set():
        try:
            city.read()
            return
        except psycopg.Error:
            await _pause(stop, 1)


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), max(seconds, 0.01))
    except TimeoutError:
        return


async def main() -> None:
    """Until somebody asks it to end."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await run(stop)


if __name__ == "__main__":
    asyncio.run(main())
