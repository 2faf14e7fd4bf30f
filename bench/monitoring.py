"""Online monitoring on one machine, load generator included: readings by MQTT (QoS 1), judged by three settings a tag,
stored and rolled up; the store's size and its answers; what 300,000 tags cost.

About twice ``--minutes`` and five minutes more. The gateways speak at ``--rate`` readings a second (a little more than
the goal); what was not yet stored when they end counts into the time.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import orjson

sys.path.insert(0, str(Path(__file__).parent))

from _platform import OF_A_GATEWAY, Running, platform, until

from anlan.runtime.bench import Figure

NEEDS_DATABASE = True
DATA = "process values of one decimal that wander"
FEW, MANY = 3_000, 300_000


def add(parser: argparse.ArgumentParser) -> None:
    """How long, how fast, and how many tags."""
    parser.add_argument("--minutes", type=float, default=10.0, help="of the load of 100 tags a message (10)")
    parser.add_argument("--tags", type=int, default=30_000, help="tags that speak, a thousand a gateway")
    parser.add_argument("--rate", type=float, default=520_000.0, help="readings a second with 100 tags a message")
    parser.add_argument("--many", type=int, default=MANY, help="tags of the historian whose memory is measured")
    parser.add_argument("--only", choices=("load", "memory", "cost"), help="only one of the three parts")


def measure(chosen: argparse.Namespace) -> Sequence[Figure]:
    """The figures; throughput is given as seconds for a million readings, so that less is better."""
    parts = {"load": load, "memory": large, "cost": cost}
    return [figure for name, part in parts.items() if chosen.only in (None, name) for figure in part(chosen)]


def load(chosen: argparse.Namespace) -> list[Figure]:
    """Everything by MQTT, what is asked of it afterwards, and the memory it took."""
    with tempfile.TemporaryDirectory(prefix="anlan-monitoring-") as folder, platform(
        Path(folder), chosen.tags
    ) as running:  # fmt: skip
        seconds = chosen.minutes * 60
        return [
            through(running, 100, seconds, chosen.rate, 2.0),
            through(running, 10, min(seconds, 120), chosen.rate / 7, 16.67),
            *answers(running),
            memory(running, chosen.tags, None),
        ]


def large(chosen: argparse.Namespace) -> list[Figure]:
    """The memory of a historian of very many tags: while it starts, takes readings of each, keeps checkpoints."""
    with tempfile.TemporaryDirectory(prefix="anlan-monitoring-") as folder, platform(
        Path(folder), chosen.many
    ) as running:  # fmt: skip
        running.speak(list(running.secrets), 100, rounds=5)
        until(running.settled, 300)
        return [memory(running, chosen.many, 2048.0)]


def through(running: Running, each: int, seconds: float, rate: float, goal: float) -> Figure:
    """How long a million readings take from the gateway to the store, at the rate that is sustained."""
    before = running.ask("kept", {})["rows"]
    used, began = running.seconds(), time.monotonic()
    told = running.speak(list(running.secrets), each, seconds=seconds, rate=rate)
    spoken = time.monotonic() - began
    until(running.settled, 600)
    spent = time.monotonic() - began
    stored = running.ask("kept", {})["rows"] - before
    if stored < told["readings"]:
        raise RuntimeError(f"of {told['readings']} acknowledged readings {stored} are stored")
    return Figure(
        f"a million readings, {each} tags a message", round(spent / told["readings"] * 1e6, 3), "s", goal,
        f"MQTT QoS 1, acknowledged, judged, stored, rolled up: {told['readings']:,} readings in {spent:.0f} s (spoken "
        f"for {spoken:.0f} s): {told['readings'] / spent:,.0f} a second; the historian used "
        f"{(running.seconds() - used) / told['readings'] * 1e6:.2f} s of a core for a million",
        f"{DATA}; {len(running.secrets) * OF_A_GATEWAY:,} tags, three alarm settings each",
    )  # fmt: skip


def answers(running: Running) -> list[Figure]:
    """24 hours of one tag at 5 s, beside everything that was said."""
    from anlan.kernel import messaging
    from anlan.modules.monitoring.public import tags_by_gateway

    code = list(running.secrets)[-1]
    tag, now = tags_by_gateway()[code]["T999"], int(time.time() * 1000)
    begun = now - 86_400_000
    for start in range(0, 17_280, 1440):
        body = [{"t": begun + n * 5000, "v": {"T999": round(50 + n % 97 / 10, 1)}} for n in range(start, start + 1440)]
        messaging.publish_kept(f"anlan.telemetry.{code}", orjson.dumps(body), timeout=20)
    question = {"tag": tag, "since": begun, "until": now, "points": 1000}
    until(running.settled, 60)
    until(lambda: sum(running.ask("series", question)["n"]) >= 17_280, 60)
    spent = []
    for _ in range(200):
        began = time.perf_counter()
        running.ask("series", question)
        spent.append(time.perf_counter() - began)
    spent.sort()
    kept = running.ask("kept", {})
    return [
        Figure("24 h of one tag at 5 s in 1,000 points, p95", round(spent[189] * 1000, 1), "ms", 100.0,
               "200 questions over the message server", f"{kept['rows']:,} readings, {len(running.secrets)},000 tags"),
    ]  # fmt: skip


def memory(running: Running, tags: int, goal: float | None) -> Figure:
    """The historian's largest resident memory."""
    return Figure(
        f"memory of the historian at {tags:,} tags", round(running.memory()), "MiB", goal,
        "largest resident set", "after the load, three alarm settings a tag",
    )  # fmt: skip


def cost(chosen: argparse.Namespace) -> list[Figure]:
    """What one reading costs from payload to block, with many tags and with few; its bytes on the disk."""
    few, many = (sum(taken_in(tags).values()) for tags in (FEW, chosen.many))
    method = "decode, check, judge (three settings a tag), roll up, store; one process, processor time"
    return [
        Figure(f"one reading at {FEW:,} tags", round(few), "ns", None, method, DATA),
        Figure(f"one reading at {chosen.many:,} tags", round(many), "ns", None, method, DATA),
        Figure(f"a reading at {chosen.many:,} tags ÷ at {FEW:,}", round(many / few, 2), "times", 1.5, method, DATA),
        Figure("bytes on the disk for a reading, after merges", round(bytes_each(), 2), "bytes", 2.5,
               "6,000,000 readings at 5 s; roll-ups not counted", DATA),
    ]  # fmt: skip


def taken_in(tags: int, most: int = 3_000_000) -> dict[str, float]:
    """Nanoseconds of processor time a reading, by what is done: decode, check, judge, roll up, store."""
    from anlan.modules.alarms.public import Engine, Setting
    from anlan.runtime.historian.catalogue import Catalogue
    from anlan.runtime.historian.checks import Latest
    from anlan.runtime.historian.decode import Decoder
    from anlan.runtime.historian.rolling import Rolling
    from anlan.runtime.historian.store import Rows, Store

    dice, now, rounds = np.random.default_rng(3), 1_795_300_000_000, max(most // tags, 4)
    known = {f"g{n}": {f"T{k}": n * 100 + k for k in range(100)} for n in range(tags // 100)}
    decoder, latest = Decoder(known), Latest(tags)
    kinds = (("high", 1000.0), ("high_high", 2000.0), ("no_data", 3600.0))
    engine = Engine([Setting(t * 3 + k, t, kind, limit) for t in range(tags) for k, (kind, limit) in enumerate(kinds)])
    sensors = np.arange(tags, dtype=np.int32)
    rolling = Rolling(Catalogue(sensors, known, {place: place for place in range(tags)}))
    spent: dict[str, float] = dict.fromkeys(("decode", "check", "roll up", "judge", "store"), 0.0)
    value, counted = dice.uniform(20, 90, tags), 0
    with tempfile.TemporaryDirectory(prefix="anlan-store-") as folder:
        store = Store(Path(folder) / "store")
        waiting: list[tuple[np.ndarray, ...]] = []
        for turn in range(rounds):
            moment = now + turn * 1000
            said = np.round(value + turn * 0.1, 1).tolist()
            bodies = [
                (code, orjson.dumps({"t": moment, "v": dict(zip(names, said[n * 100 : n * 100 + 100], strict=True))}))
                for n, (code, names) in enumerate(known.items())
            ]
            for first in range(0, len(bodies), 500):
                marks = [time.process_time()]
                for code, body in bodies[first : first + 500]:
                    decoder.take(code, body, moment)
                rows = decoder.columns()
                marks.append(time.process_time())
                checked = latest.check(rows, 60_000)
                marks.append(time.process_time())
                rolling.add(rows, checked)
                marks.append(time.process_time())
                engine.feed(rows.index, rows.ts, rows.value, rows.quality, checked.late, moment)
                marks.append(time.process_time())
                waiting.append((rows.index, rows.ts, rows.value, rows.quality, checked.late))
                if sum(len(columns[0]) for columns in waiting) >= 400_000:
                    store.append(Rows(*(np.concatenate(parts) for parts in zip(*waiting, strict=True))))
                    waiting.clear()
                    if (due := rolling.due(store, None)) is not None:
                        due()
                marks.append(time.process_time())
                if turn:
                    counted += len(rows)
                    for name, began, ended in zip(spent, marks, marks[1:], strict=False):
                        spent[name] += ended - began
        store.close()
    return {name: seconds / counted * 1e9 for name, seconds in spent.items()}


def bytes_each() -> float:
    """Bytes on the disk for a reading: 3,000 tags every five seconds, merged."""
    from anlan.runtime.historian.store import Rows, Store

    dice, tags = np.random.default_rng(1), 3000
    start, value = 1_795_305_600_000, dice.uniform(20, 90, tags)
    with tempfile.TemporaryDirectory(prefix="anlan-store-") as folder:
        store = Store(Path(folder) / "store")
        for first in range(0, 2000, 100):
            steps = np.repeat(np.arange(first, first + 100), tags)
            walk = value + np.cumsum(dice.normal(0, 0.2, (100, tags)), axis=0)
            value, none = walk[-1], np.zeros(100 * tags, np.uint8)
            store.append(
                Rows(np.tile(np.arange(tags), 100), start + steps * 5000, np.round(walk, 1).ravel(), none, none)
            )
        store.settle()
        rows, size = store.size()
        store.close()
    return size / rows
