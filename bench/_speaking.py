"""A gateway of the benchmark: MQTT 3.1.1 with QoS 1 over a plain socket, as many messages under way as a window allows.

``python _speaking.py PORT CODE SECRET TAGS EACH SECONDS RATE``: publishes ``TAGS`` tags of the gateway, ``EACH``
in a message, values of one decimal that wander; ``RATE`` points a second, 0 for as many as it takes. Prints as JSON
how many readings were acknowledged and the seconds it took.
"""

from __future__ import annotations

import json
import socket
import struct
import sys
import time

import numpy as np
import orjson

WINDOW = 256


def _text(text: bytes) -> bytes:
    return struct.pack(">H", len(text)) + text


def _packet(kind: int, body: bytes) -> bytes:
    size, out = len(body), bytearray([kind])
    while True:
        size, low = divmod(size, 128)
        out.append(low | (128 if size else 0))
        if not size:
            return bytes(out) + body


def main(port: int, code: str, secret: str, tags: int, each: int, seconds: float, rate: float) -> None:
    """Speak until the time is over and everything is acknowledged."""
    line = socket.create_connection(("127.0.0.1", port))
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    hello = _text(b"MQTT") + bytes([4, 0xC2]) + struct.pack(">H", 60) + _text(f"bench-{code}".encode())
    line.sendall(_packet(0x10, hello + _text(code.encode()) + _text(secret.encode())))
    if line.recv(4)[3:4] != b"\0":
        raise SystemExit(f"{code} was not let in")
    topic, dice = _text(f"anlan/telemetry/{code}".encode()), np.random.default_rng(1)
    names = [[f"T{n}" for n in range(first, min(first + each, tags))] for first in range(0, tags, each)]
    value = dice.uniform(20, 90, tags)
    begun, sent, acknowledged, mid = time.time(), 0, 0, 0
    moment = int(begun * 1000) - 1
    last = 0.0
    while (now := time.time()) - begun < seconds:
        moment = max(moment + 1, int(now * 1000) - 500)
        value += dice.normal(0, 0.2, tags)
        said = np.round(value, 1).tolist()
        for number, part in enumerate(names):
            mid = mid % 65_535 + 1
            payload = orjson.dumps(
                {"t": moment, "v": dict(zip(part, said[number * each : number * each + len(part)], strict=True))}
            )
            line.sendall(_packet(0x32, topic + struct.pack(">H", mid) + payload))
            sent += 1
            while sent - acknowledged >= WINDOW:
                acknowledged += len(line.recv(65_536)) // 4
        if rate:
            ahead = sent * each / rate - (time.time() - begun)
            if ahead > 0:
                time.sleep(ahead)
        last = time.time()
    while acknowledged < sent:
        acknowledged += len(line.recv(65_536)) // 4
    print(json.dumps({"readings": sent // len(names) * tags, "messages": sent, "seconds": last - begun}))


if __name__ == "__main__":
    port, code, secret, tags, each, seconds, rate = sys.argv[1:]
    main(int(port), code, secret, int(tags), int(each), float(seconds), float(rate))
