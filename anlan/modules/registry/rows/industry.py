"""Which entry of GB/T 4754-2017 a text means."""

from __future__ import annotations

import re

from anlan.rules import industry as gbt4754
from anlan.rules.overlap import plain
from anlan.rules.wording import Wording

_CODE_FIRST = re.compile(r"([A-T]?\d{2,4}|[A-T])(?=[^0-9A-Z]|$)")
_BY_NAME: dict[str, str] = {}


def industry_code(text: str) -> str:
    """The GB/T 4754-2017 code meant by ``2614``, ``C2614``, ``C2614有机化学原料制造`` or an exact name.

    Where a group and its only class bear one name, the class is meant. Anything else is answered as it came, for
    ``industry_doubts`` to refuse.

    >>> [industry_code(text) for text in ("C2614", "2614有机化学原料制造", "皮革鞣制加工", "做鞋")]
    ['2614', '2614', '1910', '做鞋']
    """
    if not _BY_NAME:
        for entry in gbt4754.industries():  # deeper levels come later and win
            _BY_NAME[plain(entry.name).upper()] = entry.code
    if match := _CODE_FIRST.match(text):
        try:
            return gbt4754.industry(match[1]).code
        except KeyError:
            return text
    return _BY_NAME.get(text.upper(), text)


def own_words(text: str) -> bool:
    """Whether a text that is no entry of the standard is plain words, not a mistyped code.

    >>> [own_words(text) for text in ("五金加工", "C26144", "2614五金")]
    [True, False, False]
    """
    return not any(character.isascii() and character.isalnum() for character in text)


def industry_doubts(code: str) -> Wording | None:
    """Why a text is no industry, with the nearest entries of the standard.

    >>> industry_doubts("2614")
    >>> industry_doubts("皮革厂").zh
    '不是GB/T 4754-2017中的行业，最接近的有：191 皮革鞣制加工、192 皮革制品制造、1910 皮革鞣制加工，请填写其中一个代码'
    """
    try:
        gbt4754.industry(code)
    except KeyError:
        near = gbt4754.search(code, limit=3)
        if not near:
            return Wording(
                "is not an entry of GB/T 4754-2017; write the code, such as 2614",
                "不是GB/T 4754-2017中的行业，请填写行业代码，例如2614",
            )
        return Wording(
            "is not an entry of GB/T 4754-2017; the nearest are " + ", ".join(map(str, near)) + "; write one code",
            "不是GB/T 4754-2017中的行业，最接近的有：" + "、".join(map(str, near)) + "，请填写其中一个代码",
        )
    return None
