"""千人死亡率、千人重伤率、百万工时死亡率: rates of one unit or line, by the standard that named them (GB/T 6441-1986).

The formulas are recall (C): persons over the mean number of staff, per thousand; persons over the hours worked, per
million. The standard of 2025 that follows is not held.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from anlan.rules.accident_class import BEFORE, NEW, NEW_FROM, OLD, OLD_FROM
from anlan.rules.citation import Citation, Confidence, Finding
from anlan.rules.editions import EVER, Editions, held, not_held
from anlan.rules.inputs import Input, given
from anlan.rules.refusal import BadInput
from anlan.rules.rule import Example, rule
from anlan.rules.wording import Wording


class Over(StrEnum):
    """The three rates."""

    DEATHS_STAFF = "deaths_per_thousand"
    SERIOUS_STAFF = "serious_injuries_per_thousand"
    DEATHS_HOURS = "deaths_per_million_hours"


RATES = {
    Over.DEATHS_STAFF: Wording("deaths per thousand staff", "千人死亡率"),
    Over.SERIOUS_STAFF: Wording("serious injuries per thousand staff", "千人重伤率"),
    Over.DEATHS_HOURS: Wording("deaths per million hours worked", "百万工时死亡率"),
}
PER = {Over.DEATHS_STAFF: 1_000, Over.SERIOUS_STAFF: 1_000, Over.DEATHS_HOURS: 1_000_000}
UNITS_OF = {
    Over.DEATHS_STAFF: Wording("persons per thousand staff", "人/千人"),
    Over.SERIOUS_STAFF: Wording("persons per thousand staff", "人/千人"),
    Over.DEATHS_HOURS: Wording("persons per million hours", "人/百万工时"),
}
EDITIONS: Editions[dict[Over, int]] = Editions(
    "injury_rate",
    not_held(EVER, BEFORE),
    held(OLD_FROM, OLD.at("", Confidence.C), PER),
    not_held(NEW_FROM, Citation(NEW.law, "（伤亡率）", valid_from=NEW_FROM, number=NEW.number)),
    label=Wording("rates of a unit", "伤亡率"),
)


@dataclass(frozen=True, kw_only=True)
class Hurt(Input):
    """The persons of a period, and the mean staff or the hours worked in it."""

    rate: Over = given("Rate", "指标", choices=RATES)
    persons: int = given("Persons who died, or were seriously injured", "死亡（重伤）人数", unit="persons", least=0)
    mean_staff: Decimal | None = given("Mean number of staff", "平均职工人数", unit="persons", above=0, default=None)
    hours_worked: Decimal | None = given("Hours worked in all", "实际总工时", unit="hours", above=0, default=None)
    period_end: dt.date | None = given("Last day of the period", "统计期末日", default=None)

    def consistent(self) -> None:
        """The rate's own denominator and no other."""
        own, other = "mean_staff", "hours_worked"
        if self.rate is Over.DEATHS_HOURS:
            own, other = other, own
        if getattr(self, own) is None:
            raise BadInput(own, Wording("is missing: the denominator", "缺失：为该指标的分母"),
                           Wording("a number above 0", "大于0的数字"))  # fmt: skip
        if getattr(self, other) is not None:
            raise BadInput(other, Wording("is not the denominator of this rate", "不是该指标的分母"),
                           Wording(own, own))  # fmt: skip


@dataclass(frozen=True, slots=True)
class InjuryRate:
    """The rate with its unit and name."""

    rate: Decimal
    unit: Wording
    name: Wording


@rule(
    "injury_rate",
    Wording("Rates of deaths and serious injuries of a unit", "千人死亡率、千人重伤率和百万工时死亡率"),
    theme="accidents",
    about=Wording(
        "persons over the mean staff, per thousand, or over the hours worked, per million",
        "伤亡人数与平均职工人数（每千人）或者实际总工时（每百万工时）之比",
    ),
    takes=Hurt,
    editions=EDITIONS,
    dated_by="period_end",
    examples=(
        Example({"rate": "deaths_per_thousand", "persons": 2, "mean_staff": 4_000}, dt.date(2026, 3, 31),
                {"rate": 0.5, "unit": "persons per thousand staff"}, "2 人 ÷ 4000 人 × 1000"),
        Example({"rate": "serious_injuries_per_thousand", "persons": 3, "mean_staff": 1_500}, dt.date(2026, 3, 31),
                {"rate": 2}, "3 人 ÷ 1500 人 × 1000"),
        Example({"rate": "deaths_per_million_hours", "persons": 1, "hours_worked": 2_500_000}, dt.date(2026, 3, 31),
                {"rate": 0.4}, "1 人 ÷ 250 万工时 × 100 万"),
    ),
    bounds=Wording(
        "the formulas are recall; the standard in force from 2026-07-01 is not held",
        "计算公式待核实；2026年7月1日起施行的标准尚未收录",
    ),
)  # fmt: skip
def injury_rate(asked: Hurt, on: dt.date) -> Finding[InjuryRate]:
    """The rate; ``on`` is the last day of the period.

    >>> asked = Hurt(rate=Over.DEATHS_STAFF, persons=1, mean_staff=Decimal(500))
    >>> injury_rate(asked, dt.date(2026, 3, 31)).value.rate
    Decimal('2')
    """
    edition = EDITIONS.on(on)
    per = edition.held[asked.rate]
    under = asked.hours_worked if asked.rate is Over.DEATHS_HOURS else asked.mean_staff
    assert under is not None  # by ``consistent``
    rate = Decimal(asked.persons) * per / under
    name, unit = RATES[asked.rate], UNITS_OF[asked.rate]
    step = Wording(
        f"{name}: {asked.persons} ÷ {under:,f} × {per:,} = {rate:.4f}",
        f"{name.zh}：{asked.persons}÷{under:,f}×{per:,}＝{rate:.4f}（{unit.zh}）",
    )
    return Finding(InjuryRate(rate, unit, name), (edition.citation,), {}, (step,))
