"""安全生产相对指标: the seven rates of the planning documents, deaths over what they are measured against.

The names are printed in the documents; the formulas are customary (confidence C). The denominator of a part of a year
is either the yearly figure or that of the same months, and the answer says which.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from anlan.rules.citation import Citation, Confidence, Finding, Level
from anlan.rules.editions import EVER, Editions, held
from anlan.rules.inputs import Input, given
from anlan.rules.refusal import BadInput
from anlan.rules.rule import Example, rule
from anlan.rules.tables import rows
from anlan.rules.wording import Wording

CUSTOM = Citation(
    "生产安全事故统计指标",
    "",
    Confidence.C,
    Level.METHOD,
    note="the names are printed in the planning documents, the formulas are customary",
)
DAY = dt.date(2026, 3, 1)


@dataclass(frozen=True, slots=True)
class Kind:
    """One indicator: the input field of its denominator, and per how much of it deaths are counted."""

    code: str
    name: Wording
    field: str
    denominator: Wording
    per: Decimal
    unit: Wording


KINDS = {
    row["code"]: Kind(
        row["code"],
        Wording(row["en"], row["zh"]),
        row["field"],
        Wording(row["denominator_en"], row["denominator_zh"]),
        Decimal(row["per"]),
        Wording(row["unit_en"], row["unit_zh"]),
    )
    for row in rows("indicators")
}
EDITIONS = Editions("indicator", held(EVER, CUSTOM, KINDS), label=Wording("relative indicator", "相对指标"))
FIELDS = tuple(dict.fromkeys(kind.field for kind in KINDS.values()))
PERIODS = {
    "same_period": Wording("of the same period as the deaths", "与死亡人数同期"),
    "year": Wording("of the whole year", "全年数"),
}


@dataclass(frozen=True, kw_only=True)
class Counted(Input):
    """The deaths of a period, and the one denominator the indicator asks for."""

    indicator: str = given("Indicator", "指标", choices={code: kind.name for code, kind in KINDS.items()})
    deaths: int = given("Deaths", "死亡人数", unit="persons", least=0)
    gdp_yuan: Decimal | None = given("Gross domestic product", "国内生产总值", unit="yuan", above=0, default=None)
    employed_persons: Decimal | None = given(
        "Employed in industry, mining and trade", "工矿商贸就业人员", unit="persons", above=0, default=None
    )
    motor_vehicles: Decimal | None = given("Motor vehicles", "机动车保有量", unit="vehicles", above=0, default=None)
    operating_vehicles: Decimal | None = given(
        "Operating vehicles", "营运车辆数", unit="vehicles", above=0, default=None
    )
    coal_tonnes: Decimal | None = given("Coal output", "原煤产量", unit="t", above=0, default=None)
    population_persons: Decimal | None = given("Inhabitants", "人口", unit="persons", above=0, default=None)
    special_equipment_in_use: Decimal | None = given(
        "Pieces of special equipment in use", "在用特种设备", unit="pieces", above=0, default=None
    )
    denominator_period: str = given("Period of the denominator", "分母期间", choices=PERIODS, default="same_period")

    def consistent(self) -> None:
        """The indicator's own denominator and no other."""
        kind = KINDS[self.indicator]
        if getattr(self, kind.field) is None:
            raise BadInput(
                kind.field,
                Wording(f"is missing: the denominator of {kind.code}", f"缺失：{kind.name.zh}的分母"),
                Wording("a number above 0", "大于0的数字"),
            )
        others = [name for name in FIELDS if name != kind.field and getattr(self, name) is not None]
        if others:
            raise BadInput(
                others[0],
                Wording(f"is not the denominator of {kind.code}", f"不是{kind.name.zh}的分母"),
                Wording(kind.field, kind.field),
            )


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate with its unit."""

    rate: Decimal
    unit: Wording
    name: Wording


@rule(
    "indicator",
    Wording("Relative indicators of work safety", "安全生产相对指标"),
    theme="indicators",
    about=Wording("one of the seven rates of the planning documents", "规划文件所列七项相对指标之一"),
    takes=Counted,
    editions=EDITIONS,
    method=True,
    examples=(
        Example(
            {"indicator": "deaths_per_gdp", "deaths": 166, "gdp_yuan": 125_000_000_000}, DAY,
            {"rate": 0.1328, "unit": "persons per 100 million yuan"}, "166 人 ÷ 1250 亿元", digits=4,
        ),
        Example(
            {"indicator": "deaths_coal", "deaths": 2, "coal_tonnes": 8_000_000}, DAY, {"rate": 0.25}, "2 人 ÷ 8 百万吨"
        ),
        Example(
            {"indicator": "deaths_operating_vehicles", "deaths": 3, "operating_vehicles": 12_500}, DAY, {"rate": 2.4},
            "3 人 ÷ 1.25 万车",
        ),
    ),
    bounds=Wording(
        "rates of railways, aviation and waters are not held", "铁路、民航、水上交通等指标尚未收录；分母口径不得混用"
    ),
)  # fmt: skip
def indicator(asked: Counted, on: dt.date) -> Finding[Rate]:
    """Deaths over the denominator, in the indicator's unit.

    >>> indicator(Counted(indicator="deaths_fire", deaths=7, population_persons=Decimal(5_000_000)), DAY).value.rate
    Decimal('0.14')
    """
    edition = EDITIONS.on(on)
    kind = edition.held[asked.indicator]
    under: Decimal = getattr(asked, kind.field)
    rate = asked.deaths * kind.per / under
    period = PERIODS[asked.denominator_period]
    steps = (
        Wording(
            f"denominator: {kind.denominator}, {period}: {under:,f}",
            f"分母：{kind.denominator.zh}（{period.zh}）{under:,f}",
        ),
        Wording(
            f"{asked.deaths} ÷ {under:,f} × {kind.per:,f} = {rate:.4f} {kind.unit}",
            f"{asked.deaths}÷{under:,f}×{kind.per:,f}＝{rate:.4f}（{kind.unit.zh}）",
        ),
    )
    return Finding(Rate(rate, kind.unit, kind.name), (edition.citation,), {}, steps)
