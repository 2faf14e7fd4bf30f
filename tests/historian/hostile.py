"""Payloads as broken, careless and hostile devices send them: seeded, so that what was found once is found again."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator

SEED = 20260630
DEEP = (50, 900, 990, 1000, 1010, 1022, 1024, 1025, 50_000)
_STRANGE = (
    "NaN", "Infinity", "-Infinity", "1e999", "-1e999", "1e308", "-1e308", "5e-324", "9" * 400, "-" + "9" * 25, "0x10",
    "1.", "-0.0", "18446744073709551615", "18446744073709551616", "-9223372036854775808", "true", "null", "{}", "[]",
    '""', '"\\u0000"', '"\\ud800"', '"\\udfff\\ud800"', '"\u202e5.1"', '"5,1"', "[1]", "[1,3]", "[1,-1]", "[1,2,3]",
    "[null,0]", "[1,4294967296]", '[1,"good"]', "[[1,0],0]", "[true,0]",
)  # fmt: skip


def payloads(count: int, code: str, tags: list[str], now: int, seed: int = SEED) -> Iterator[bytes]:
    """So many payloads; some are good, most are not."""
    dice = random.Random(seed)
    kinds = (_mutated, _mutated, _mutated, _strange_value, _strange_value, _strange_time, _twice, _strange_names,
             _deep, _listed, _noise)  # fmt: skip
    for number in range(count):
        if number % 2500 == 1250:
            yield _huge(dice, tags, now)
        else:
            yield dice.choice(kinds)(dice, tags, now + dice.randrange(-50_000, 0))


def _good(dice: random.Random, tags: list[str], at: int) -> bytes:
    return json.dumps({"t": at, "v": {tag: round(dice.uniform(0, 10), 1) for tag in tags}}).encode()


def _mutated(dice: random.Random, tags: list[str], at: int) -> bytes:
    """A good one in which bytes were turned, cut out, doubled or put in."""
    data = bytearray(_good(dice, tags, at))
    for _ in range(dice.randint(1, 6)):
        place = dice.randrange(len(data) + 1)
        match dice.randrange(4):
            case 0 if place < len(data):
                data[place] ^= 1 << dice.randrange(8)
            case 1:
                del data[place : place + dice.randrange(12)]
            case 2:
                data[place:place] = data[place : place + dice.randrange(30)]
            case _:
                data[place:place] = bytes(dice.randrange(256) for _ in range(dice.randrange(4)))
    return bytes(data)


def _strange_value(dice: random.Random, tags: list[str], at: int) -> bytes:
    values = ",".join(f'"{tag}":{dice.choice(_STRANGE)}' for tag in tags)
    return f'{{"t":{at},"v":{{{values}}}}}'.encode("utf-8", "surrogatepass")


def _strange_time(dice: random.Random, tags: list[str], at: int) -> bytes:
    return f'{{"t":{dice.choice(_STRANGE)},"v":{{"{tags[0]}":1}}}}'.encode("utf-8", "surrogatepass")


def _twice(dice: random.Random, tags: list[str], at: int) -> bytes:
    """The same keys again and again."""
    values = ",".join(f'"{dice.choice(tags)}":{dice.randint(0, 9)}' for _ in range(20))
    return f'{{"t":{at},"t":{at + 1},"v":{{{values}}},"v":{{{values}}}}}'.encode()


def _strange_names(dice: random.Random, tags: list[str], at: int) -> bytes:
    """Names nobody registered, never the same ones."""
    values = {f"x{dice.getrandbits(40):x}" * dice.choice((1, 1, 50)): 1 for _ in range(dice.choice((1, 40, 400)))}
    return json.dumps({"t": at, "v": {**values, tags[0]: 1}}).encode()


def _deep(dice: random.Random, tags: list[str], at: int) -> bytes:
    """Brackets within brackets, where they are least expected."""
    depth = dice.choice(DEEP)
    inside = b"[" * depth + b"]" * depth if dice.random() < 0.5 else b'{"a":' * depth + b"1" + b"}" * depth
    places = (b'{"t":%d,"v":{"%s":%s}}', b'{"t":%d,"v":{"%s":[%s,0]}}', b'{"t":%d,"x":"%s","v":%s}')
    if dice.random() < 0.3:
        return inside
    if dice.random() < 0.3:
        return b'{"t":%s,"v":{"%s":1}}' % (inside, tags[0].encode())
    return dice.choice(places) % (at, tags[0].encode(), inside)


def _listed(dice: random.Random, tags: list[str], at: int) -> bytes:
    """A list of good ones, broken ones, and things that are none."""
    some = [_good(dice, tags, at + n) for n in range(3)] + [dice.choice(_STRANGE[10:]).encode() for _ in range(4)]
    dice.shuffle(some)
    return b"[" + b",".join(some) + b"]"


def _noise(dice: random.Random, tags: list[str], at: int) -> bytes:
    return bytes(dice.randrange(256) for _ in range(dice.randrange(200)))


def _huge(dice: random.Random, tags: list[str], now: int) -> bytes:
    """A list as long as a payload may be, of the smallest things there are."""
    one = dice.choice(
        (b"1", b"[]", b"{}", b'{"t":%d,"v":{}}' % now, b'{"t":%d,"v":{"%s":1}}' % (now, tags[0].encode()))
    )
    return b"[" + b",".join([one] * (1_000_000 // len(one))) + b"]"
