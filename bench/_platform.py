"""What the benchmark of monitoring stands on: a message server, a historian, gateways with tags and alarm settings."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

SPEAKING = Path(__file__).with_name("_speaking.py")
OF_A_GATEWAY = 1000
KINDS = (("high", 1_000.0), ("high_high", 2_000.0), ("no_data", 3_600.0))


@dataclass(frozen=True)
class Running:
    """A message server, a historian, the gateways' secrets by code."""

    server: Any
    historian: subprocess.Popen[bytes]
    secrets: dict[str, str]

    def memory(self) -> float:
        """The historian's largest resident memory so far, MiB."""
        status = Path(f"/proc/{self.historian.pid}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) / 1024

    def seconds(self) -> float:
        """Processor time the historian used so far."""
        told = Path(f"/proc/{self.historian.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")

    def ask(self, what: str, question: dict[str, Any]) -> dict[str, Any]:
        """The historian's answer."""
        from anlan.kernel import messaging

        return dict(orjson.loads(messaging.request(f"anlan.history.{what}", orjson.dumps(question), timeout=60)))

    def settled(self) -> bool:
        """Whether everything the server holds is stored and acknowledged."""
        from anlan.kernel import messaging
        from anlan.runtime.historian.stream import DURABLE, STREAM

        held = orjson.loads(messaging.request(f"$JS.API.STREAM.INFO.{STREAM}", b"", timeout=30))
        reader = orjson.loads(messaging.request(f"$JS.API.CONSUMER.INFO.{STREAM}.{DURABLE}", b"", timeout=30))
        return bool(reader["ack_floor"]["stream_seq"] >= held["state"]["last_seq"])

    def speak(
        self, codes: Sequence[str], each: int, *, seconds: float = 3600.0, rate: float = 0.0, rounds: int = 0
    ) -> dict[str, Any]:
        """Let gateways speak and wait until everything is acknowledged to them; what they say of it."""
        process = self._speaker(codes, each, seconds, rate, rounds)
        return dict(json.loads(process.communicate()[0]))

    @contextmanager
    def speaking(self, codes: Sequence[str], each: int, *, rate: float) -> Iterator[None]:
        """Gateways speak as long as it lasts; that they still do at its end is made sure."""
        process = self._speaker(codes, each, 86_400.0, rate, 0)
        try:
            yield
            if process.poll() is not None:
                raise RuntimeError("the load ended too early")
        finally:
            process.terminate()
            process.wait()

    def _speaker(
        self, codes: Sequence[str], each: int, seconds: float, rate: float, rounds: int
    ) -> subprocess.Popen[str]:
        asked = {
            "port": self.server.ports.mqtt, "gateways": [(code, self.secrets[code]) for code in codes],
            "tags": OF_A_GATEWAY, "each": each, "seconds": seconds, "rate": rate, "rounds": rounds,
        }  # fmt: skip
        process = subprocess.Popen(
            [sys.executable, str(SPEAKING)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert process.stdin is not None
        process.stdin.write(json.dumps(asked))
        process.stdin.close()
        process.stdin = None
        return process


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
        until(flag.exists, 180)
        yield Running(server, historian, secrets)
    finally:
        for process in (historian, nats):
            process.terminate()
            process.wait(60)


def gateways(tags: int) -> dict[str, str]:
    """Gateways of a thousand tags each with three alarm settings a tag; the secrets by code. Those there are stay."""
    from anlan.kernel.actor import Actor
    from anlan.modules.alarms.models import AlarmSetting
    from anlan.modules.monitoring import services
    from anlan.modules.monitoring.models import Gateway, Tag

    actor, site = Actor.system("benchmark"), site_of()
    secrets = {}
    for number in range(-(-tags // OF_A_GATEWAY)):
        code = f"b{number}"
        found = Gateway.plain.filter(code=code).first()
        if found is not None:
            _, secrets[code] = services.rotate_credential(actor=actor, gateway=found.pk)
            continue
        gateway, secrets[code] = services.register_gateway(actor=actor, site=site, code=code, name=f"网关{number}")
        own = {
            "region_path": gateway.region_path, "sector": gateway.sector, "holder": gateway.holder,
        }  # fmt: skip
        fresh = Tag.plain.bulk_create([
            Tag(gateway=gateway, name=f"T{n}", label=f"测点{n}", quantity="temperature", period_s=5,
                unit_id=gateway.unit_id, site_id=gateway.site_id, **own)
            for n in range(OF_A_GATEWAY)
        ])  # fmt: skip
        AlarmSetting.plain.bulk_create(
            [AlarmSetting(tag=tag, kind=kind, threshold=limit, **own) for tag in fresh for kind, limit in KINDS]
        )
    return secrets


def site_of() -> int:
    """The site of the gateways, registered the first time."""
    from anlan.kernel.actor import Actor
    from anlan.kernel.acts import ACTS
    from anlan.kernel.regions.models import Region
    from anlan.kernel.regions.services import add_region
    from anlan.modules.registry.models import Site
    from anlan.rules.uscc import make_valid

    actor, uscc = Actor.system("benchmark"), make_valid("91998801", 7)
    found = Site.plain.filter(unit__uscc=uscc).first()
    if found is not None:
        return int(found.pk)
    path = None
    for name, kind, code in (("甲市", "city", "998800"), ("乙县", "county", "998801"), ("丙镇", "town", "998801001")):
        made = add_region(actor=actor, parent=path, name=name, kind=kind, code=code)
        path = Region.objects.get(pk=made.pk)
    data = {"name": "测量用单位", "uscc": uscc, "sector": "chem"}
    unit = ACTS["registry.register_unit"].function(actor=actor, data=data, region=path)
    return int(Site.plain.get(unit_id=unit.pk).pk)


def until(true: Callable[[], Any], seconds: float = 60.0) -> None:
    """Wait until it is so."""
    over, pause = time.monotonic() + seconds, threading.Event()
    while not true():
        if time.monotonic() > over:
            raise TimeoutError("the benchmark waited in vain")
        pause.wait(0.2)
