"""行业条线: what makes a sector line, as data: its flags, check lists, duties of plans, figures.

One row of ``data/sector_lines.csv`` a line. Its duties are those of ``data/unit_duties.csv`` that its own mark or one
of its flags binds; a new line needs rows, no code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from anlan.rules.tables import parts, rows
from anlan.rules.unit_duties import UnitDuty, unit_duty_table
from anlan.rules.wording import Wording

FIGURES = {
    "units": Wording("units followed", "纳入履责跟踪的单位"),
    "units_missed": Wording("units with duties missed", "有逾期事项的单位"),
    "hazards_open": Wording("open hazards", "未闭环隐患"),
    "hazards_major": Wording("open major hazards", "未闭环重大隐患"),
}


@dataclass(frozen=True, slots=True)
class SectorLine:
    """A line: its code in the registry, the flags it looks at, its check lists, duties of plans and figures."""

    code: str
    title: Wording
    flags: tuple[str, ...]
    lists: tuple[str, ...]
    obligations: tuple[str, ...]
    indicators: tuple[str, ...]

    @property
    def duties(self) -> tuple[UnitDuty, ...]:
        """The duties that only its mark or one of its flags binds, in the order of the table."""
        marks = {self.code, *self.flags}
        return tuple(d for d in unit_duty_table().values() if any(str(mark) in marks for mark in d.binds))


@cache
def sector_lines() -> Mapping[str, SectorLine]:
    """The lines by their code.

    >>> [line for line in sector_lines()]
    ['chem', 'industry_trade', 'mining', 'fireworks']
    >>> [duty.code for duty in sector_lines()["industry_trade"].duties]
    ['safety_body', 'managers_training_high', 'liability_insurance', 'drill_half_year', 'certified_heads', \
'dust_cleaning', 'ammonia_check', 'confined_space_check', 'rescue_body']
    """
    return {
        row["code"]: SectorLine(
            row["code"], Wording(row["en"], row["zh"]), parts(row["flags"]), parts(row["lists"]),
            parts(row["obligations"]), parts(row["indicators"]),
        )
        for row in rows("sector_lines")
    }  # fmt: skip
