"""检查方法与证据: how an item of the statutory lists is checked and what is kept of it, in words of ours.

The lists say what is a major hazard and nothing of how to look. What a text that was read says of records, signatures,
papers and places to look at is put together here by the kind of duty, each with the clauses it rests on; where no such
text is held, the item stands without, with the reason. No number stands here that a text would have to give.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from anlan.rules.citation import Citation
from anlan.rules.hazard_grade import safety_law
from anlan.rules.tables import parts, rows
from anlan.rules.wording import Wording

SAFETY = "安全生产法"
OURS = "本平台整理"
"""Marks a way to check as put together by the platform: no statute, and shown as such."""


class Gap(StrEnum):
    """Why an item has no way to check."""

    NO_SOURCE = "no_source"
    CONDITION_NOT_READ = "condition_not_read"


GAPS = {
    Gap.NO_SOURCE: Wording("no text that is held says how", "已收录文本未载明检查方法"),
    Gap.CONDITION_NOT_READ: Wording("the item's condition was not read", "该项判定条件原文未收录"),
}


@dataclass(frozen=True, slots=True)
class Way:
    """One way to check: what is looked at, what is kept, and the clauses both are drawn from."""

    code: str
    how: str
    evidence: str
    sources: tuple[Citation, ...]

    @property
    def said(self) -> str:
        """How to check, marked as ours, with what it is drawn from.

        >>> ways()["assessed"].said
        '核对主要负责人、安全生产管理人员名单，逐人查阅主管部门考核合格的凭证（本平台整理，参照《安全生产法》第二十七条第二款）'
        """
        by_law: dict[str, list[str]] = {}
        for source in self.sources:
            by_law.setdefault(source.law, []).append(source.article)
        return f"{self.how}（{OURS}，参照{'，'.join(f'《{law}》' + '、'.join(at) for law, at in by_law.items())}）"

    @property
    def kept(self) -> str:
        """What evidence to keep, marked as ours."""
        return f"{self.evidence}（{OURS}）"


@cache
def ways() -> Mapping[str, Way]:
    """Every way to check by its code."""
    found = {}
    for row in rows("check_methods"):
        sources = (source.partition("|") for source in parts(row["sources"]))
        cited = tuple(
            safety_law(article) if law == SAFETY else Citation(law, article) for law, _bar, article in sources
        )
        found[row["method"]] = Way(row["method"], row["how_zh"], row["evidence_zh"], cited)
    return found


@cache
def _by_clause() -> Mapping[tuple[str, str, str], Way | Gap]:
    return {
        (row["set"], row["version"], row["clause"]): ways()[row["method"]] if row["method"] else Gap(row["gap"])
        for row in rows("check_clauses")
    }


def way_of(listed: str, version: str, clause: str) -> Way | Gap:
    """How a clause of an edition of a list is checked, or why that is not held; ``KeyError`` for no such clause.

    >>> way_of("industry_trade", "2023", "11(3)").code, way_of("chemicals", "2026", "5.2.8")
    ('safety_equipment', <Gap.CONDITION_NOT_READ: 'condition_not_read'>)
    """
    return _by_clause()[listed, version, clause]
