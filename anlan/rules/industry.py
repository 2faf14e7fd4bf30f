"""国民经济行业分类 (GB/T 4754-2017): sections, divisions, groups and classes.

The edition of 2017 as published: 20 sections, 97 divisions, 473 groups, 1380 classes. Amendment No. 1 (2019,
第1号修改单) is not applied: its text is not held.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from anlan.rules.citation import Citation, Confidence
from anlan.rules.overlap import bigrams, plain
from anlan.rules.tables import rows

GBT4754 = Citation(
    "国民经济行业分类", "GB/T 4754-2017", Confidence.A, note="Amendment No. 1 of 2019 (第1号修改单) is not applied"
)


class IndustryLevel(StrEnum):
    """The four levels: 门类, 大类, 中类, 小类."""

    SECTION = "section"
    DIVISION = "division"
    GROUP = "group"
    CLASS = "class"


@dataclass(frozen=True, slots=True)
class Industry:
    """One entry: its code (a letter, then two, three or four digits), Chinese name, level and what it lies in."""

    code: str
    name: str
    level: IndustryLevel
    section: str
    parent: str | None

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


@lru_cache(maxsize=1)
def _entries() -> dict[str, Industry]:
    found: dict[str, Industry] = {}
    for row in rows("gb4754_2017_sections"):
        found[row["section"]] = Industry(row["section"], row["name"], IndustryLevel.SECTION, row["section"], None)
    for row in rows("gb4754_2017_divisions"):
        code = row["division"]
        found[code] = Industry(code, row["name"], IndustryLevel.DIVISION, row["section"], row["section"])
    for row in rows("gb4754_2017_groups"):
        code = row["group"]
        found[code] = Industry(code, row["name"], IndustryLevel.GROUP, row["section"], row["division"])
    for row in rows("gb4754_2017_classes"):
        code = row["class"]
        found[code] = Industry(code, row["name"], IndustryLevel.CLASS, row["section"], code[:3])
    return found


@lru_cache(maxsize=1)
def _pairs() -> tuple[tuple[Industry, str, frozenset[str]], ...]:
    return tuple((entry, plain(entry.name), bigrams(entry.name)) for entry in _entries().values())


def industry(code: str) -> Industry:
    """The entry of a code; its section letter may stand before the digits, as licences print it.

    Raises ``KeyError`` for a code the edition does not have, or a letter that is not its section's.

    >>> print(industry("C2614"))
    2614 有机化学原料制造
    """
    text = plain(code).upper()
    bare = text[1:] if text[:1].isalpha() and text[1:].isdigit() else text
    entry = _entries().get(bare)
    if entry is None or (bare != text and entry.section != text[0]):
        raise KeyError(code)
    return entry


def industries(level: IndustryLevel | None = None) -> tuple[Industry, ...]:
    """Every entry, or every entry of one level, in the order of the standard.

    >>> [len(industries(level)) for level in IndustryLevel]
    [20, 97, 473, 1380]
    """
    return tuple(entry for entry in _entries().values() if level is None or entry.level is level)


def parents(code: str) -> tuple[Industry, ...]:
    """What an entry lies in, from its section downwards, itself left out.

    >>> [entry.code for entry in parents("2614")]
    ['C', '26', '261']
    """
    out: list[Industry] = []
    parent = industry(code).parent
    while parent is not None:
        entry = _entries()[parent]
        out.insert(0, entry)
        parent = entry.parent
    return tuple(out)


def children(code: str) -> tuple[Industry, ...]:
    """The entries directly under one.

    >>> [entry.code for entry in children("26")][:3]
    ['261', '262', '263']
    """
    own = industry(code).code
    return tuple(entry for entry in _entries().values() if entry.parent == own)


def section_of(code: str) -> Industry:
    """The section (门类) of any code.

    >>> print(section_of("0610"))
    B 采矿业
    """
    return _entries()[industry(code).section]


def search(text: str, limit: int = 20) -> tuple[Industry, ...]:
    """Entries whose code begins with the text or whose name shares its words, the nearest first.

    >>> [entry.code for entry in search("皮革鞣制")][:2]
    ['191', '1910']
    >>> [entry.code for entry in search("C265")][:2]
    ['265', '2651']
    """
    wanted = plain(text)
    if not wanted:
        return ()
    code = wanted.upper()
    bare = code[1:] if len(code) > 1 and code[0].isalpha() else code
    if bare.isdigit() or (len(code) == 1 and code in _entries()):
        letter = "" if bare == code else code[0]
        hits = [e for e in _entries().values() if e.code.startswith(bare) and e.section.startswith(letter)]
        return tuple(sorted(hits, key=lambda entry: entry.code)[:limit])
    pairs = bigrams(wanted)
    ranked = []
    for order, (entry, name, own) in enumerate(_pairs()):
        inside = wanted in name
        common = len(pairs & own)
        if inside or common:
            share = common / len(pairs | own) if pairs else 0.0
            ranked.append((not inside, name != wanted, -share, order, entry))
    return tuple(item[-1] for item in sorted(ranked, key=lambda item: item[:-1])[:limit])
