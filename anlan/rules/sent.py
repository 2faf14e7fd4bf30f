"""What somebody sent to a rule as JSON, exactly as written."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from anlan.rules.refusal import BadInput
from anlan.rules.wording import Wording

ACCEPTED = Wording('a JSON object such as {"deaths": 3}', 'JSON 对象，如 {"deaths": 3}')
LONGEST = 2_000_000  # bytes or characters: ten thousand records of a list fit in
LONGEST_NUMBER = 40  # digits
DEEPEST = 10  # no input is deeper than a record in a list of a record


def as_sent(text: str | bytes) -> dict[str, Any]:
    """The fields of a JSON object; 0.1 is one tenth. ``BadInput`` when it is none, or gives a field twice.

    ``NaN`` and ``Infinity`` are left for the reader of the field, which refuses them by the field's name.

    >>> as_sent('{"deaths": 3, "loss": 0.1}')
    {'deaths': 3, 'loss': Decimal('0.1')}
    """
    if len(text) > LONGEST:
        raise too_long()
    try:
        sent = json.loads(
            text, parse_int=_whole, parse_float=Decimal, parse_constant=Decimal, object_pairs_hook=_each_once
        )
    except BadInput:
        raise
    except RecursionError:
        raise _too_deep() from None
    except ValueError as why:
        raise BadInput(
            "input", Wording(f"cannot be read as JSON ({why})", f"不是有效的 JSON（{why}）"), ACCEPTED
        ) from None
    if not isinstance(sent, dict):
        raise BadInput("input", Wording("is not an object", "不是对象"), ACCEPTED)
    level: list[Any] = [sent]
    for _ in range(DEEPEST):
        level = [inner for each in level for inner in (each.values() if isinstance(each, dict) else each)]
        level = [each for each in level if isinstance(each, dict | list)]
    if level:
        raise _too_deep()
    return sent


def too_long() -> BadInput:
    """What is longer than any question."""
    return BadInput(
        "input",
        Wording("is too long", "过长"),
        Wording(f"at most {LONGEST:,} characters", f"不超过{LONGEST:,}个字符"),
    )


def _too_deep() -> BadInput:
    return BadInput(
        "input",
        Wording("is nested too deep", "嵌套过深"),
        Wording(f"at most {DEEPEST} levels", f"不超过{DEEPEST}层"),
    )


def _whole(text: str) -> int | Decimal:
    """A whole number; one beyond all measure stays as written, for the reader of its field to refuse."""
    return int(text) if len(text) <= LONGEST_NUMBER else Decimal(text)


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which no field stands twice: which of the two was meant is not ours to choose."""
    sent: dict[str, Any] = {}
    for name, value in pairs:
        if name in sent:
            raise BadInput(name, Wording("is given twice", "重复填写"), Wording("one value", "只填一个值"))
        sent[name] = value
    return sent
