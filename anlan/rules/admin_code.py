"""行政区划代码: the structure of the six-digit code (GB/T 2260) and of the twelve-digit one built on it.

Two digits province, two prefecture, two county, three town (镇、乡、街道), three village (村、居). The code says
where a place stands in the standard's own order; it is not the tree of government: a city without counties has
its towns directly under it (东莞 441900 + three digits), a directly administered county has a grouping code
above it (xx90) that is no government. Codes change; records hold the region, and the code is its attribute.
"""

from __future__ import annotations

from enum import StrEnum

from anlan.rules.citation import Citation, Confidence
from anlan.rules.wording import Wording

GBT2260 = Citation("中华人民共和国行政区划代码", "GB/T 2260", Confidence.A, note="structure only")
TWELVE_DIGITS = Citation("统计用区划代码和城乡划分代码编制规则", "十二位代码结构", Confidence.C)

PROVINCES = frozenset(
    str(code)
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 82))
    for code in range(first, last + 1)
)
MUNICIPALITIES = frozenset({"11", "12", "31", "50"})
DIRECT = "90"  # the grouping of counties administered by the province itself


class AdminLevel(StrEnum):
    """Levels of the code, highest first."""

    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"
    TOWN = "town"
    VILLAGE = "village"


def full(code: str) -> str:
    """The code in twelve digits: six and nine digits are filled up with zeros.

    >>> full("441481"), full("441900003")
    ('441481000000', '441900003000')
    """
    return code.ljust(12, "0") if len(code) in (6, 9) else code


def problems(code: str) -> tuple[Wording, ...]:
    """What is wrong with a code of 6, 9 or 12 digits; empty when its structure is sound.

    It says nothing about whether such a place exists.

    >>> problems("441481"), problems("441900003000")
    ((), ())
    >>> problems("440005")[0]
    'a county without a prefecture: digits 3–4 are 00'
    """
    if not (code.isascii() and code.isdigit()) or len(code) not in (6, 9, 12):
        return (Wording("must be 6, 9 or 12 digits", "应为6位、9位或12位数字"),)
    code = full(code)
    found = []
    if code[:2] not in PROVINCES:
        found.append(Wording(f"no province has the code {code[:2]}", f"没有代码为{code[:2]}的省级行政区"))
    if code[2:4] == "00" and code[4:6] != "00":
        found.append(Wording("a county without a prefecture: digits 3–4 are 00", "第3至4位为00，不能有县级代码"))
    if code[2:4] == "00" and code[6:] != "000000":
        found.append(Wording("a town directly under a province", "省级代码下不能直接有乡级代码"))
    if code[6:9] == "000" and code[9:] != "000":
        found.append(Wording("a village without a town: digits 7–9 are 000", "第7至9位为000，不能有村级代码"))
    return tuple(found)


def is_valid(code: str) -> bool:
    """True for a code whose structure is sound."""
    return not problems(code)


def _sound(code: str) -> str:
    if found := problems(code):
        raise ValueError(f"{code}: {found[0]}")
    return full(code)


def level_of(code: str) -> AdminLevel:
    """The level a code stands for; ``ValueError`` with the reason when its structure is unsound.

    >>> [str(level_of(c)) for c in ("440000", "441400", "441481", "441900003", "441481101201")]
    ['province', 'prefecture', 'county', 'town', 'village']
    """
    code = _sound(code)
    if code[9:] != "000":
        return AdminLevel.VILLAGE
    if code[6:9] != "000":
        return AdminLevel.TOWN
    if code[4:6] != "00":
        return AdminLevel.COUNTY
    return AdminLevel.PREFECTURE if code[2:4] != "00" else AdminLevel.PROVINCE


def parent_code(code: str) -> str | None:
    """The twelve-digit code of the government above; ``None`` for a province.

    Grouping codes are stepped over: a town of 东莞 lies under the city, a district of a municipality and a
    directly administered county (xx90xx) under the province.

    >>> parent_code("441481"), parent_code("441900003000"), parent_code("429004"), parent_code("440000")
    ('441400000000', '441900000000', '420000000000', None)
    """
    code = _sound(code)
    level = level_of(code)
    if level is AdminLevel.VILLAGE:
        return code[:9] + "000"
    if level is AdminLevel.TOWN:
        return code[:6] + "000000"
    if level is AdminLevel.COUNTY and code[:2] not in MUNICIPALITIES and code[2:4] != DIRECT:
        return code[:4] + "00000000"
    return None if level is AdminLevel.PROVINCE else code[:2] + "0000000000"


def ancestors(code: str) -> tuple[str, ...]:
    """The codes above, the highest first, itself left out.

    >>> ancestors("441900003000")
    ('440000000000', '441900000000')
    """
    out: list[str] = []
    parent = parent_code(code)
    while parent is not None:
        out.insert(0, parent)
        parent = parent_code(parent)
    return tuple(out)


def contains(outer: str, inner: str) -> bool:
    """True when ``inner`` is ``outer`` or lies under it.

    >>> contains("441400", "441481101000"), contains("441481", "441402")
    (True, False)
    """
    return full(outer) == _sound(inner) or full(outer) in ancestors(inner)
