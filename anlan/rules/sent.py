"""What somebody sent to a rule as JSON, exactly as written."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, NoReturn

from anlan.rules.refusal import BadInput
from anlan.rules.wording import Wording

ACCEPTED = Wording('a JSON object such as {"deaths": 3}', 'JSON 对象，如 {"deaths": 3}')


def as_sent(text: str | bytes) -> dict[str, Any]:
    """The fields of a JSON object; 0.1 is one tenth. ``BadInput`` when it is none, or gives a field twice.

    >>> as_sent('{"deaths": 3, "loss": 0.1}')
    {'deaths': 3, 'loss': Decimal('0.1')}
    """
    try:
        sent = json.loads(text, parse_float=Decimal, parse_constant=_no_number, object_pairs_hook=_each_once)
    except BadInput:
        raise
    except (ValueError, RecursionError) as why:
        raise BadInput(
            "input", Wording(f"cannot be read as JSON ({why})", f"不是有效的 JSON（{why}）"), ACCEPTED
        ) from None
    if not isinstance(sent, dict):
        raise BadInput("input", Wording("is not an object", "不是对象"), ACCEPTED)
    return sent


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which no field stands twice: which of the two was meant is not ours to choose."""
    sent: dict[str, Any] = {}
    for name, value in pairs:
        if name in sent:
            raise BadInput(name, Wording("is given twice", "重复填写"), Wording("one value", "只填一个值"))
        sent[name] = value
    return sent


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")
