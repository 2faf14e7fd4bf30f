"""工作场所物理因素职业接触限值: noise by its equivalent level, impulses by their peak, and the other agents of GBZ 2.2.

L_EX,8h is the A-weighted energy of a day spread over 8 hours, 10 lg(Σ T·10^(0.1 L) / 8). Five days a week are judged
by it; any other number of days by L_EX,40h, 10 lg(Σ 10^(0.1 L_EX,8h) / 5) over the days of the week.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal, localcontext
from enum import StrEnum
from functools import cache

from anlan.rules import figures
from anlan.rules.chemical_names import plain_name
from anlan.rules.citation import Citation, Confidence, Finding
from anlan.rules.editions import EVER, Editions, held, not_held
from anlan.rules.inputs import Input, given
from anlan.rules.refusal import BadInput
from anlan.rules.rule import Example, rule
from anlan.rules.tables import rows
from anlan.rules.wording import Wording

IN_FORCE = dt.date(2007, 11, 1)
TITLE = "工作场所有害因素职业接触限值 第2部分：物理因素"
STANDARD = Citation(
    TITLE, "", Confidence.B, valid_from=IN_FORCE, number="GBZ 2.2-2007", note="its day of force is from memory"
)
FORMULA = Citation(TITLE, "（等效声级的计算）", Confidence.C, valid_from=IN_FORCE, number="GBZ 2.2-2007")
BEFORE = Citation(TITLE, "（GBZ 2.2-2007以前版本）", valid_to=dt.date(2007, 10, 31))
EDITIONS: Editions[int] = Editions("physical_limit", not_held(EVER, BEFORE), held(IN_FORCE, STANDARD, 40))
NORMAL_HOURS, NORMAL_DAYS, IMPULSES_HELD = 8, 5, 10_000


class Factor(StrEnum):
    """The physical agents of the table."""

    NOISE = "noise"
    IMPULSE_NOISE = "impulse_noise"
    HEAT_WBGT = "heat_wbgt"
    HAND_ARM_VIBRATION = "hand_arm_vibration"
    POWER_FREQUENCY_FIELD = "power_frequency_field"
    HIGH_FREQUENCY_FIELD = "high_frequency_field"
    VERY_HIGH_FREQUENCY = "very_high_frequency"
    MICROWAVE = "microwave"
    ULTRAVIOLET = "ultraviolet"


FACTOR_NAMES = {
    Factor.NOISE: Wording("noise", "噪声"),
    Factor.IMPULSE_NOISE: Wording("impulse noise", "脉冲噪声"),
    Factor.HEAT_WBGT: Wording("heat (WBGT index)", "高温（WBGT指数）"),
    Factor.HAND_ARM_VIBRATION: Wording("hand-transmitted vibration", "手传振动"),
    Factor.POWER_FREQUENCY_FIELD: Wording("power-frequency electric field", "工频电场"),
    Factor.HIGH_FREQUENCY_FIELD: Wording("high-frequency electromagnetic field", "高频电磁场"),
    Factor.VERY_HIGH_FREQUENCY: Wording("very-high-frequency radiation", "超高频辐射"),
    Factor.MICROWAVE: Wording("microwaves", "微波"),
    Factor.ULTRAVIOLET: Wording("ultraviolet radiation", "紫外辐射"),
}


@dataclass(frozen=True, slots=True)
class PhysicalLimit:
    """One row: the agent, the condition as the table states it, the limit and its unit."""

    factor: Factor
    condition: str
    limit: Decimal
    unit: str
    confidence: Confidence

    @property
    def citation(self) -> Citation:
        """The standard, with the confidence of this row."""
        return STANDARD.at("", self.confidence)


@cache
def physical_limits(factor: Factor) -> tuple[PhysicalLimit, ...]:
    """The rows of one agent, as the table orders them.

    >>> [str(row.limit) for row in physical_limits(Factor.IMPULSE_NOISE)]
    ['140', '130', '120']
    """
    return tuple(
        PhysicalLimit(factor, row["condition"], Decimal(row["limit"]), row["unit"], Confidence(row["confidence"]))
        for row in rows("gbz22_physical")
        if row["factor"] == factor
    )


def _code(row: PhysicalLimit) -> str:
    """Under which code a row is kept among the figures to verify: its place in the table of its agent."""
    return f"physical_limit.{row.factor.value}.{physical_limits(row.factor).index(row) + 1}"


def _enter_rows() -> None:
    for factor in Factor:
        for row in physical_limits(factor):
            label = Wording(f"{FACTOR_NAMES[factor]}, {row.condition}", f"{FACTOR_NAMES[factor].zh}（{row.condition}）")
            unit = Wording(row.unit, row.unit)
            figures.enter(_code(row), row, label, row.citation, start=IN_FORCE, unit=unit)


_enter_rows()


@dataclass(frozen=True, kw_only=True)
class Stretch(Input):
    """A part of the day with its equivalent level."""

    level_dba: Decimal = given("Equivalent level L_Aeq", "等效声级（L_Aeq）", unit="dB(A)", least=0, most=200)
    hours: Decimal = given("Duration", "接触时间", unit="hours", above=0, most=24)


@dataclass(frozen=True, kw_only=True)
class Noise(Input):
    """A typical day in stretches and the days worked a week; or each day's L_EX,8h; and impulses, if any."""

    stretches: tuple[Stretch, ...] = given("The day's stretches", "当日各时段", default=())
    days_per_week: int = given("Days worked a week", "每周工作天数", unit="days", least=1, most=7, default=NORMAL_DAYS)
    daily_levels_dba: tuple[Decimal, ...] = given(
        "L_EX,8h of each day of the week, instead",
        "一周内每日L_EX,8h（代替前两项）",
        unit="dB(A)",
        least=0,
        most=200,
        default=(),
    )
    impulses: int | None = given("Impulses a working day", "每工作日脉冲次数", least=1, default=None)
    peak_db: Decimal | None = given(
        "Peak level of the impulses", "脉冲噪声声压级峰值", unit="dB", least=0, most=220, default=None
    )

    def consistent(self) -> None:
        """Something was measured, in one way, and a day has 24 hours."""
        if bool(self.stretches) == bool(self.daily_levels_dba) and (self.stretches or self.peak_db is None):
            why = ("are given twice", "重复填报") if self.stretches else ("are missing", "缺失")
            raise BadInput(
                "stretches",
                Wording(*why),
                Wording("the day's stretches, or daily_levels_dba", "当日各时段，或者 daily_levels_dba"),
            )
        hours = sum(one.hours for one in self.stretches)
        if hours > 24:
            raise BadInput(
                "stretches", Wording(f"last {hours} h", f"合计{hours}小时"), Wording("at most 24 h", "不超过24小时")
            )
        if len(self.daily_levels_dba) > 7:
            raise BadInput(
                "daily_levels_dba", Wording("has more than 7 days", "超过7日"), Wording("1 to 7 levels", "1至7个声级")
            )
        for field, other in (("impulses", "peak_db"), ("peak_db", "impulses")):
            if getattr(self, field) is None and getattr(self, other) is not None:
                raise BadInput(
                    field,
                    Wording(f"is missing beside {other}", f"缺失（已填 {other}）"),
                    Wording("the number of impulses with their peak", "脉冲次数及其声压级峰值"),
                )
        if self.impulses is not None and self.impulses > IMPULSES_HELD:
            raise BadInput(
                "impulses",
                Wording(f"is {self.impulses}, beyond the table", f"为{self.impulses}，超出表列范围"),
                Wording(f"1 to {IMPULSES_HELD}", f"1至{IMPULSES_HELD}"),
            )


@dataclass(frozen=True, slots=True)
class NoiseJudged:
    """The level judged (``L_EX,8h`` or ``L_EX,40h``, dB(A)) beside its limit, the impulses' peak (dB) beside theirs.

    Levels are given to 0.1 dB and judged unrounded; ``None`` where that part was not measured.
    """

    quantity: str | None
    level_dba: Decimal | None
    level_8h_dba: Decimal | None
    limit_dba: Decimal
    within: bool | None
    peak_limit_db: Decimal | None
    peak_within: bool | None


def equivalent(energies: tuple[tuple[Decimal, Decimal], ...], over: int) -> Decimal:
    """10 lg(Σ t·10^(0.1 L) / over) of (L in dB(A), t) pairs, to nine decimals.

    >>> equivalent(((Decimal(85), Decimal(8)),), 8), equivalent(((Decimal(88), Decimal(4)),), 8)
    (Decimal('85.000000000'), Decimal('84.989700043'))
    """
    with localcontext() as context:
        context.prec = 40
        total = sum((time * Decimal(10) ** (level / 10) for level, time in energies), Decimal(0))
        return ((total / over).log10() * 10).quantize(Decimal("1e-9"))


@rule(
    "noise_exposure",
    Wording("Exposure to noise at work", "工作场所噪声接触判定"),
    theme="occupational_health",
    about=Wording(
        "the equivalent level of an 8-hour day or a 40-hour week, and the peak of impulses, beside their limits",
        "计算8小时或者40小时等效声级，并与脉冲噪声声压级峰值一并对照限值判定",
    ),
    takes=Noise,
    editions=(EDITIONS, Editions("noise_formula", not_held(EVER, BEFORE), held(IN_FORCE, FORMULA, NORMAL_HOURS))),
    examples=(
        Example(
            {"stretches": [{"level_dba": 90, "hours": 4}, {"level_dba": 80, "hours": 4}]},
            dt.date(2026, 3, 1),
            {"quantity": "L_EX,8h", "level_dba": 87.4, "limit_dba": 85, "within": False},
            "10lg((4×10^9＋4×10^8)/8)",
            1,
        ),
        Example(
            {"stretches": [{"level_dba": 85, "hours": 8}], "days_per_week": 6},
            dt.date(2026, 3, 1),
            {"quantity": "L_EX,40h", "level_dba": 85.8, "within": False},
            "85＋10lg(6/5)",
            1,
        ),
        Example(
            {"impulses": 500, "peak_db": 130},
            dt.date(2026, 3, 1),
            {"peak_limit_db": 130, "peak_within": True},
            "脉冲噪声",
        ),
    ),
    bounds=Wording(
        "the formulas of the equivalent levels are the usual ones, not read in the standard; of five days the loudest "
        "is judged; hearing protection is not deducted",
        "等效声级按通用公式计算，未读到标准原文；每周五日的以最大一日判定；不扣除护听器衰减",
    ),
)
def noise_exposure(asked: Noise, on: dt.date) -> Finding[NoiseJudged]:
    """Judges a day or week of noise, and impulses.

    >>> day = Noise(stretches=(Stretch(level_dba=Decimal(85), hours=Decimal(8)),))
    >>> noise_exposure(day, dt.date(2026, 3, 1)).value.within
    True
    """
    EDITIONS.on(on)
    limit = physical_limits(Factor.NOISE)[0]
    steps: list[Wording] = []
    day, level, quantity = None, None, None
    if asked.stretches:
        day = equivalent(tuple((one.level_dba, one.hours) for one in asked.stretches), NORMAL_HOURS)
        terms = " + ".join(f"{one.hours:f}×10^{one.level_dba / 10:f}" for one in asked.stretches)
        steps.append(
            Wording(
                f"L_EX,8h = 10 lg(({terms}) / 8) = {day:.1f} dB(A)", f"L_EX,8h＝10lg（（{terms}）÷8）＝{day:.1f} dB(A)"
            )
        )
        week = (day,) * asked.days_per_week
    else:
        week = asked.daily_levels_dba
    if week:
        quantity, level = ("L_EX,8h", max(week)) if len(week) == NORMAL_DAYS else ("L_EX,40h", None)
        if level is None:
            level = equivalent(tuple((one, Decimal(1)) for one in week), NORMAL_DAYS)
            steps.append(
                Wording(
                    f"{len(week)} days a week: L_EX,40h = 10 lg(Σ 10^(0.1 L_EX,8h) / 5) = {level:.1f} dB(A)",
                    f"每周工作{len(week)}天：L_EX,40h＝10lg（Σ10^(0.1L_EX,8h)÷5）＝{level:.1f} dB(A)",
                )
            )
        steps.append(_against(Wording(quantity, quantity), level, limit.limit, "dB(A)"))
    within = None if level is None else level <= limit.limit
    peak = None
    if asked.peak_db is not None and asked.impulses is not None:
        held_rows = physical_limits(Factor.IMPULSE_NOISE)
        peak = held_rows[sum(asked.impulses > bound for bound in (100, 1000))]
        label = Wording(f"{asked.impulses} impulses a day, peak", f"每工作日脉冲{asked.impulses}次，峰值")
        steps.append(_against(label, asked.peak_db, peak.limit, "dB"))
    value = NoiseJudged(
        quantity,
        None if level is None else round(level, 1),
        None if day is None else round(day, 1),
        limit.limit,
        within,
        peak.limit if peak else None,
        None if peak is None or asked.peak_db is None else asked.peak_db <= peak.limit,
    )
    cited = (limit.citation, FORMULA) if week else (limit.citation,)
    return Finding(value, cited, {}, tuple(steps))


def _against(label: Wording, figure: Decimal, limit: Decimal, unit: str) -> Wording:
    kept = figure <= limit
    text = f"{figure:.1f}" if figure == round(figure, 1) or abs(figure - limit) > Decimal("0.05") else f"{figure:.3f}"
    return Wording(
        f"{label} {text} against {limit:f} {unit}: {'within' if kept else 'exceeded'}",
        f"{label.zh}为{text} {unit}，限值{limit:f} {unit}：{'符合' if kept else '超过限值'}",
    )


@dataclass(frozen=True, kw_only=True)
class Physical(Input):
    """A physical agent, the condition of its row, and what was measured in the row's unit."""

    factor: Factor = given("Physical agent", "物理因素", choices=FACTOR_NAMES)
    condition: str | None = given("Condition as the table states it", "表列条件", default=None)
    measured: Decimal | None = given("Measured", "测得值", least=0, default=None)
    unit: str | None = given("Its unit", "单位", longest=20, default=None)
    hot_district: bool = given(
        "Local outdoor ventilation design temperature of 30 °C or more (heat only)",
        "本地区室外通风设计温度不低于30℃（仅用于高温）",
        default=False,
    )

    def consistent(self) -> None:
        """The condition leads to one row, and the unit is the row's."""
        row = self.row
        if self.measured is None and self.unit is not None:
            raise BadInput(
                "measured",
                Wording("is missing beside its unit", "已填单位，未填测得值"),
                Wording("a number from 0, or no unit", "不小于0的数字，或者不填单位"),
            )
        if self.measured is not None and self.unit != row.unit:
            raise BadInput(
                "unit",
                Wording(f"is {self.unit}", f"为{self.unit}") if self.unit else Wording("is missing", "缺失"),
                Wording(row.unit, row.unit),
            )
        if self.hot_district and self.factor is not Factor.HEAT_WBGT:
            raise BadInput(
                "hot_district",
                Wording("is for heat only", "仅用于高温"),
                Wording("false for this agent", "本因素填 false"),
            )

    @property
    def row(self) -> PhysicalLimit:
        """The one row meant."""
        held_rows = physical_limits(self.factor)
        wanted = plain_name(self.condition) if self.condition else None
        found = [row for row in held_rows if wanted in (None, plain_name(row.condition))]
        if len(found) != 1:
            listed = " | ".join(row.condition for row in held_rows)
            why = (
                Wording(f"is {self.condition}", f"为{self.condition}")
                if self.condition
                else Wording("is missing", "缺失")
            )
            raise BadInput("condition", why, Wording(listed, listed))
        return found[0]


@dataclass(frozen=True, slots=True)
class PhysicalJudged:
    """The limit in ``unit``, and whether what was measured keeps it; ``None`` where nothing was."""

    factor: Factor
    condition: str
    limit: Decimal
    unit: str
    within: bool | None


@rule(
    "physical_limit",
    Wording("Occupational exposure limit of a physical agent", "工作场所物理因素职业接触限值"),
    theme="occupational_health",
    about=Wording(
        "the limit for heat, vibration, fields, radiation or noise under a condition, and whether a figure keeps it",
        "查取高温、振动、电磁场、辐射、噪声在所列条件下的限值，并判定测得值是否符合",
    ),
    takes=Physical,
    editions=EDITIONS,
    examples=(
        Example(
            {
                "factor": "heat_wbgt",
                "condition": "接触时间率50%，劳动强度III",
                "hot_district": True,
                "measured": 30,
                "unit": "°C",
            },
            dt.date(2026, 3, 1),
            {"limit": 30, "unit": "°C", "within": True},
            "WBGT 29＋1",
        ),
        Example({"factor": "hand_arm_vibration"}, dt.date(2026, 3, 1), {"limit": 5, "unit": "m/s2"}, "手传振动"),
    ),
    bounds=Wording(
        "laser, and the rows of the standard that the table does not hold, are missing; a noise level is reckoned by "
        "noise_exposure",
        "未收录激光及表中未列各项；噪声等效声级的计算见 noise_exposure",
    ),
)
def physical_limit(asked: Physical, on: dt.date) -> Finding[PhysicalJudged]:
    """The limit of one row; heat is allowed 1 °C more where it is hot outdoors."""
    EDITIONS.on(on)
    row = figures.laid(_code(asked.row), asked.row, on)
    limit = row.limit + (1 if asked.hot_district else 0)
    name = FACTOR_NAMES[asked.factor]
    steps = [
        Wording(
            f"{name}, {row.condition}: {row.limit:f} {row.unit}" + (" + 1 °C" if asked.hot_district else ""),
            f"{name.zh}，{row.condition}：{row.limit:f} {row.unit}" + ("，增加1℃" if asked.hot_district else ""),
        )
    ]
    within = None
    if asked.measured is not None:
        within = asked.measured <= limit
        steps.append(_against(name, asked.measured, limit, row.unit))
    return Finding(
        PhysicalJudged(asked.factor, row.condition, limit, row.unit, within), (row.citation,), {}, tuple(steps)
    )
