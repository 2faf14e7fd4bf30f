"""Units a ledger may give a quantity in, and the exact factors between those of one family."""

from __future__ import annotations

from decimal import Decimal

_FAMILIES: tuple[dict[str, Decimal], ...] = (
    {
        "元": Decimal(1),
        "千元": Decimal(1000),
        "万元": Decimal(10_000),
        "百万元": Decimal(10**6),
        "亿元": Decimal(10**8),
    },
    {"克": Decimal("0.001"), "千克": Decimal(1), "吨": Decimal(1000), "万吨": Decimal(10**7)},
    {"毫米": Decimal("0.001"), "厘米": Decimal("0.01"), "米": Decimal(1), "千米": Decimal(1000)},
    {"平方米": Decimal(1), "公顷": Decimal(10_000), "平方千米": Decimal(10**6)},
    {"升": Decimal("0.001"), "立方米": Decimal(1), "万立方米": Decimal(10_000)},
    {"千瓦": Decimal(1), "兆瓦": Decimal(1000)},
    {"人": Decimal(1), "万人": Decimal(10_000)},
    {"%": Decimal(1)},
)
_SAME = {
    "yuan": "元", "cny": "元", "rmb": "元", "人民币": "元", "人民币元": "元", "人民币万元": "万元", "万": "万元",
    "g": "克", "kg": "千克", "公斤": "千克", "t": "吨", "mm": "毫米", "cm": "厘米", "m": "米", "km": "千米",
    "公里": "千米", "m2": "平方米", "㎡": "平方米", "平米": "平方米", "平方": "平方米", "ha": "公顷", "km2": "平方千米",
    "平方公里": "平方千米", "l": "升", "m3": "立方米", "立方": "立方米", "kw": "千瓦", "mw": "兆瓦", "名": "人",
    "个人": "人", "people": "人", "persons": "人", "％": "%", "百分比": "%",
}  # fmt: skip
_FACTOR = {unit: (number, factor) for number, family in enumerate(_FAMILIES) for unit, factor in family.items()}


def unit_of(text: str) -> str:
    """The unit under its usual name, or the text itself. ``text`` is folded and without spaces.

    >>> unit_of("kg"), unit_of("公里"), unit_of("台")
    ('千克', '千米', '台')
    """
    return _SAME.get(text.casefold(), text)


def is_unit(text: str) -> bool:
    """True when the text names a unit known here."""
    return unit_of(text) in _FACTOR


def factor_between(given: str, wanted: str) -> Decimal | None:
    """What to multiply a quantity in ``given`` with to have it in ``wanted``; None when that cannot be done.

    >>> factor_between("万元", "元"), factor_between("kg", "吨"), factor_between("万元", "吨")
    (Decimal('10000'), Decimal('0.001'), None)
    """
    given, wanted = unit_of(given), unit_of(wanted)
    if given == wanted:
        return Decimal(1)
    if given not in _FACTOR or wanted not in _FACTOR or _FACTOR[given][0] != _FACTOR[wanted][0]:
        return None
    return _FACTOR[given][1] / _FACTOR[wanted][1]
