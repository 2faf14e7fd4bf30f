"""Online monitoring on one machine, load generator included: readings by MQTT (QoS 1), taken in and stored; the store's
size and its answers; what 300,000 tags cost."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from anlan.runtime.bench import Figure

NEEDS_DATABASE = True
SPEAKING = Path(__file__).with_name("_speaking.py")
DATA = "process values of one decimal that wander"


def add(parser: argparse.ArgumentParser) -> None:
    """How long, and how many tags."""
    parser.add_argument("--seconds", type=float, default=600.0, help="of the sustained load")
    parser.add_argument("--tags", type=int, default=30_000, help="tags that speak, a thousand a gateway")


def measure(chosen: argparse.Namespace) -> Sequence[Figure]:
    """The figures; throughput is given as seconds for a million readings, so that less is better."""
    with tempfile.TemporaryDirectory(prefix="anlan-monitoring-") as folder:
        with platform(Path(folder), chosen.tags) as running:
            figures = [
                through(running, 100, chosen.seconds, 2.0), through(running, 10, min(chosen.seconds, 120), 16.6),
                *answers(running),
            ]  # fmt: skip
            figures.append(Figure("memory of the historian", running.memory(), "MiB", None, data=f"{chosen.tags} tags"))
        figures += decoding()
    return figures


class Running:
    """A message server, a historian and gateways with their secrets."""

    def __init__(
        self, server: Any, historian: subprocess.Popen[bytes], secrets: dict[str, str], tags: list[int]
    ) -> None:
        self.server, self.historian, self.secrets, self.tags = server, historian, secrets, tags

    def memory(self) -> float:
        """The historian's resident memory, MiB."""
        status = Path(f"/proc/{self.historian.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    def ask(self, what: str, question: dict[str, Any]) -> dict[str, Any]:
        """The historian's answer."""
        from anlan.kernel import messaging

        return dict(orjson.loads(messaging.request(f"anlan.history.{what}", orjson.dumps(question), timeout=60)))


@contextmanager
def platform(data: Path, tags: int) -> Iterator[Running]:
    """Everything on a throw-away folder and the database at hand."""
    from anlan.runtime.embedded.nats import Ports, Server, free_port

    secrets = gateways(tags)
    server = Server(data, Ports(client=free_port(), mqtt=free_port()))
    server.prepare()
    os.environ.update(server.environment())
    flag = data / "ready"
    environment = {**os.environ, "ANLAN_DATA": str(data), "ANLAN_POOL_MAX": "2"}
    nats = subprocess.Popen(server.command(), **server.spawn_options())
    until(server.answers)
    historian = subprocess.Popen(
        [sys.executable, "-m", "anlan.runtime.cli", "historian", "--ready", str(flag)], env=environment
    )
    try:
        until(flag.exists)
        from anlan.modules.monitoring.public import tags_by_gateway

        keys = [key for names in tags_by_gateway().values() for key in names.values()]
        yield Running(server, historian, secrets, keys)
    finally:
        for process in (historian, nats):
            process.terminate()
            process.wait(30)


def gateways(tags: int) -> dict[str, str]:
    """A unit with gateways of a thousand tags each; their secrets by code."""
    from anlan.kernel.actor import Actor
    from anlan.kernel.acts import ACTS
    from anlan.kernel.regions.models import Region
    from anlan.kernel.regions.services import add_region
    from anlan.modules.monitoring import services
    from anlan.modules.registry.models import Site
    from anlan.rules.uscc import make_valid

    actor = Actor.system("benchmark")
    path = None
    for name, kind, code in (("甲市", "city", "998800"), ("乙县", "county", "998801"), ("丙镇", "town", "998801001")):
        made = add_region(actor=actor, parent=path, name=name, kind=kind, code=code)
        path = Region.objects.get(pk=made.pk)
    data = {"name": "测量用单位", "uscc": make_valid("91998801", 7), "sector": "chem"}
    unit = ACTS["registry.register_unit"].function(actor=actor, data=data, region=path)
    site = Site.plain.get(unit_id=unit.pk)
    secrets = {}
    for number in range(-(-tags // 1000)):
        gateway, secrets[f"b{number}"] = services.register_gateway(
            actor=actor, site=site.pk, code=f"b{number}", name=f"网关{number}"
        )
        rows = [{"name": f"T{n}", "quantity": "temperature", "period_s": 1} for n in range(1000)]
        services.enter_tags(actor=actor, gateway=gateway.pk, rows=rows)
    return secrets


def through(running: Running, each: int, seconds: float, goal: float) -> Figure:
    """How long a million readings take from the gateway to the store, at the rate that is sustained."""
    begun = int(time.time() * 1000) - 2000
    codes = list(running.secrets)[:2]
    began = time.monotonic()
    speakers = [
        subprocess.Popen(
            [sys.executable, str(SPEAKING), str(running.server.ports.mqtt), code, running.secrets[code], "1000",
             str(each), str(seconds), "0"],
            stdout=subprocess.PIPE,
        )
        for code in codes
    ]  # fmt: skip
    told = [json.loads(speaker.communicate()[0]) for speaker in speakers]
    wanted = sum(one["readings"] for one in told)

    def stored() -> bool:
        sums = running.ask("quality", {"tags": running.tags[:5000], "since": begun, "until": 2**52})["sums"]
        return sum(row[1] for row in sums) >= wanted

    until(stored, 300)
    spent = time.monotonic() - began
    return Figure(
        f"a million readings, {each} tags a message", round(spent / wanted * 1e6, 3), "s", goal,
        f"MQTT QoS 1, acknowledged, stored; {wanted:,} readings in {spent:.0f} s: {wanted / spent:,.0f} a second",
        DATA,
    )  # fmt: skip


def answers(running: Running) -> list[Figure]:
    """24 hours of one tag at 5 s, and the bytes a reading takes."""
    from anlan.kernel import messaging

    now = int(time.time() * 1000)
    for start in range(0, 17_280, 1440):
        body = [
            {"t": now - 86_400_000 + n * 5000, "v": {"T999": round(50 + n % 97 / 10, 1)}}
            for n in range(start, start + 1440)
        ]
        messaging.publish_kept("anlan.telemetry.b5", orjson.dumps(body), timeout=20)
    tag = running.tags[5999]

    def there() -> bool:
        return (
            sum(running.ask("series", {"tag": tag, "since": now - 86_400_000, "until": now, "points": 1000})["n"])
            >= 17_000
        )

    until(there, 60)
    spent = []
    for _ in range(100):
        began = time.perf_counter()
        running.ask("series", {"tag": tag, "since": now - 86_400_000, "until": now, "points": 1000})
        spent.append(time.perf_counter() - began)
    spent.sort()
    return [
        Figure("24 h of one tag at 5 s in 1,000 points, p95", round(spent[94] * 1000, 1), "ms", 100.0,
               "100 questions over the message server", f"beside what {len(running.tags):,} tags said"),
    ]  # fmt: skip


def decoding() -> list[Figure]:
    """What one reading costs to decode and check, with many tags and with few; bytes on the disk."""
    from anlan.runtime.historian.checks import Latest
    from anlan.runtime.historian.decode import Decoder
    from anlan.runtime.historian.store import Rows, Store

    def cost(tags: int) -> float:
        known = {f"g{n}": {f"T{k}": n * 100 + k for k in range(100)} for n in range(tags // 100)}
        decoder, latest, now = Decoder(known), Latest(tags), 1_795_300_000_000
        rounds = max(1_200_000 // tags, 4)
        spent = 0.0
        for turn in range(rounds):
            bodies = [
                (code, orjson.dumps({"t": now + turn, "v": dict.fromkeys(names, turn + 0.5)}))
                for code, names in known.items()
            ]
            began = time.perf_counter()
            for first in range(0, len(bodies), 500):
                for code, body in bodies[first : first + 500]:
                    decoder.take(code, body, now + turn)
                latest.check(decoder.columns(), 60_000)
            spent += (time.perf_counter() - began) if turn else 0.0
        return spent / ((rounds - 1) * tags) * 1e9

    few, many = cost(3_000), cost(300_000)
    with tempfile.TemporaryDirectory(prefix="anlan-store-") as folder:
        store, dice = Store(Path(folder) / "store"), np.random.default_rng(1)
        start, value = 1_795_305_600_000, dice.uniform(20, 90, 3000)
        for step in range(0, 1000, 100):
            steps = np.arange(step, step + 100)
            values = np.round(value + np.cumsum(dice.normal(0, 0.2, (100, 3000)), axis=0), 1).ravel()
            zero = np.zeros(len(values))
            store.append(Rows(np.tile(np.arange(3000), 100), np.repeat(start + steps * 5000, 3000), values, zero, zero))
        store.settle()
        rows, size = store.size()
        store.close()
    return [
        Figure("decoding and checking one reading", round(few, 1), "ns", None, "one process", "3,000 tags"),
        Figure("the same at 300,000 tags ÷ at 3,000", round(many / few, 2), "", 1.5, "one process", DATA),
        Figure("bytes on the disk for a reading, after merges", round(size / rows, 2), "bytes", 2.5, "", DATA),
    ]  # fmt: skip


def until(true: Callable[[], Any], seconds: float = 60.0) -> None:
    """Wait until it is so."""
    over, pause = time.monotonic() + seconds, threading.Event()
    while not true():
        if time.monotonic() > over:
            raise TimeoutError("the benchmark waited in vain")
        pause.wait(0.1)
