"""Gateways of the benchmark: MQTT 3.1.1 with QoS 1 over plain sockets, as many messages under way as a window allows.

Reads one JSON object: ``port``, ``gateways`` (code and secret of each), ``tags`` of a gateway, ``each`` (tags in a
message), ``seconds``, ``rate`` (readings a second of all together, 0 for as many as it takes), ``rounds`` (ends after
so many readings of every tag, 0 for none). Values have one decimal and wander. Prints as JSON how many readings and
messages were acknowledged and the seconds it took.
"""

from __future__ import annotations

import json
import socket
import struct
import sys
import time
from typing import Any

import numpy as np
import orjson

WINDOW = 64  # of a gateway


def _text(text: bytes) -> bytes:
    return struct.pack(">H", len(text)) + text


def _packet(kind: int, body: bytes) -> bytes:
    size, out = len(body), bytearray([kind])
    while True:
        size, low = divmod(size, 128)
        out.append(low | (128 if size else 0))
        if not size:
            return bytes(out) + body


def let_in(port: int, code: str, secret: str, alive: int = 600) -> socket.socket:
    """A line of a gateway that was let in; it says something every ``alive`` seconds at the latest."""
    line = socket.create_connection(("127.0.0.1", port))
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    hello = _text(b"MQTT") + bytes([4, 0xC2]) + struct.pack(">H", alive) + _text(f"bench-{code}".encode())
    line.sendall(_packet(0x10, hello + _text(code.encode()) + _text(secret.encode())))
    if line.recv(4)[3:4] != b"\0":
        raise SystemExit(f"{code} was not let in")
    return line


def published(topic: str, mid: int, body: bytes) -> bytes:
    """A message with QoS 1."""
    return _packet(0x32, _text(topic.encode()) + struct.pack(">H", mid) + body)


class Gateway:
    """One connection."""

    def __init__(self, port: int, code: str, secret: str, tags: int, seed: int) -> None:
        self.line = let_in(port, code, secret)
        self.topic, self.dice = _text(f"anlan/telemetry/{code}".encode()), np.random.default_rng(seed)
        self.value = self.dice.uniform(20, 90, tags)
        self.moment = self.mid = self.sent = self.bytes_back = 0

    def say(self, names: list[list[str]], now: float) -> None:
        """One reading of every tag."""
        self.moment = max(self.moment + 1, int(now * 1000))
        self.value += self.dice.normal(0, 0.2, len(self.value))
        said, first, out = np.round(self.value, 1).tolist(), 0, []
        for part in names:
            self.mid = self.mid % 65_535 + 1
            values = dict(zip(part, said[first : first + len(part)], strict=True))
            first += len(part)
            body = orjson.dumps({"t": self.moment, "v": values})
            out.append(_packet(0x32, self.topic + struct.pack(">H", self.mid) + body))
            self.sent += 1
            if len(out) == 10:
                self._send(out)
        self._send(out)

    def _send(self, out: list[bytes]) -> None:
        self.line.sendall(b"".join(out))
        out.clear()
        self.wait(WINDOW)

    def wait(self, most: int) -> None:
        """Until no more than so many messages wait for their word."""
        while self.sent - self.bytes_back // 4 > most:
            came = self.line.recv(65_536)
            if not came:
                raise SystemExit("the message server hung up")
            self.bytes_back += len(came)


def main(wanted: dict[str, Any]) -> None:
    """Speak until the time is over and everything is acknowledged."""
    tags, each, rate = wanted["tags"], wanted["each"], wanted["rate"]
    names = [[f"T{n}" for n in range(first, min(first + each, tags))] for first in range(0, tags, each)]
    gateways = [
        Gateway(wanted["port"], code, secret, tags, seed) for seed, (code, secret) in enumerate(wanted["gateways"])
    ]
    begun, readings, rounds = time.time(), 0, 0
    while (now := time.time()) - begun < wanted["seconds"] and (not wanted["rounds"] or rounds < wanted["rounds"]):
        for gateway in gateways:
            gateway.say(names, time.time())
            readings += tags
            ahead = readings / rate - (time.time() - begun) if rate else 0.0
            if ahead > 0:
                time.sleep(ahead)
        rounds += 1
    for gateway in gateways:
        gateway.wait(0)
    spent = now - begun
    print(json.dumps({"readings": readings, "messages": sum(one.sent for one in gateways), "seconds": spent}))


if __name__ == "__main__":
    main(json.load(sys.stdin))
