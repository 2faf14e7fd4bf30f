"""指标降幅: the cut against a baseline, (base − now) ÷ base, as the planning documents print it.

Three conventions of the documents: against a base year (规划基期), against the first year of the period (期初), against
the year before (比上年). A cut from zero is undefined and refused. Where the way of counting changed (统计口径变化) the
years on either side are not compared.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from anlan.rules.citation import Citation, Confidence, Finding, Level
from anlan.rules.editions import EVER, Editions, held
from anlan.rules.inputs import Input, given
from anlan.rules.refusal import BadInput
from anlan.rules.rule import Example, rule
from anlan.rules.wording import Wording

FORMULA = Citation(
    "指标降幅",
    "",
    Confidence.A,
    Level.METHOD,
    note="formula of the planning documents; agrees with every figure they print",
)
EDITIONS = Editions("reduction", held(EVER, FORMULA, True))
YJ, YX, NH = (
    "阳江市安全生产“十三五”规划",
    "玉溪市安全生产“十二五”规划",
    "南海区安全生产“十四五”规划（草案）",
)
ZERO = Wording("is 0: a cut from zero is undefined", "为0：基数为零，降幅无意义")


@dataclass(frozen=True, kw_only=True)
class Cut(Input):
    """Two values of one indicator, counted alike."""

    base: Decimal = given("Value of the baseline", "基期值", least=0)
    now: Decimal = given("Value now", "现值", least=0)

    def consistent(self) -> None:
        """The baseline is not zero."""
        if not self.base:
            raise BadInput("base", ZERO, Wording("a number above 0", "大于0的数字"))


@rule(
    "reduction",
    Wording("Cut of an indicator against its baseline", "指标降幅"),
    theme="indicators",
    about=Wording("(base − now) ÷ base, as a fraction; negative where it rose", "（基期值－现值）÷基期值；上升时为负"),
    takes=Cut,
    editions=EDITIONS,
    method=True,
    examples=(
        Example({"base": 0.268, "now": 0.053}, dt.date(2016, 1, 1), 0.8022, f"{YJ}：亿元GDP死亡率，80.22%", 4),
        Example({"base": 2.42, "now": 1.934}, dt.date(2016, 1, 1), 0.2008, f"{YJ}：万车死亡率，20.08%", 4),
        Example({"base": 172, "now": 166}, dt.date(2016, 1, 1), 0.0349, f"{YJ}：死亡人数，3.49%", 4),
        Example({"base": 9, "now": 3}, dt.date(2016, 1, 1), 0.6667, f"{YJ}：较大事故，66.67%", 4),
        Example({"base": 0.69, "now": 0.22}, dt.date(2016, 1, 1), 0.6812, f"{YX}：亿元GDP死亡率，68.12%", 4),
        Example({"base": 18.12, "now": 14.55}, dt.date(2016, 1, 1), 0.1970, f"{YX}：工矿商贸10万人死亡率，19.70%", 4),
        Example({"base": 7.11, "now": 2.36}, dt.date(2016, 1, 1), 0.6681, f"{YX}：道路交通万车死亡率，66.81%", 4),
        Example({"base": 1.34, "now": 0}, dt.date(2016, 1, 1), 1, f"{YX}：煤矿百万吨死亡率，100%"),
        Example({"base": 241, "now": 161}, dt.date(2016, 1, 1), 0.332, f"{YX}：死亡人数2006—2010年，33.2%", 3),
    ),
)
def reduction(asked: Cut, on: dt.date) -> Finding[Decimal]:
    """The cut as a fraction of the baseline.

    >>> found = reduction(Cut(base=Decimal("0.268"), now=Decimal("0.053")), dt.date(2026, 3, 1))
    >>> found.value.quantize(Decimal("0.0001"))
    Decimal('0.8022')
    """
    edition = EDITIONS.on(on)
    cut = cut_of(asked.base, asked.now)
    word = ("cut by", "下降") if cut >= 0 else ("rose by", "上升")
    said = Wording(
        f"({asked.base:f} − {asked.now:f}) ÷ {asked.base:f} = {cut:.4f}: {word[0]} {abs(cut) * 100:.2f} %",
        f"（{asked.base:f}－{asked.now:f}）÷{asked.base:f}＝{cut:.4f}，{word[1]}{abs(cut) * 100:.2f}%",
    )
    return Finding(cut, (edition.citation,), {}, (said,))


def cut_of(base: Decimal, now: Decimal) -> Decimal:
    """(base − now) ÷ base; ``ZeroDivisionError`` for a base of zero."""
    if not base:
        raise ZeroDivisionError("a cut from zero is undefined")
    return (base - now) / base


class Against(StrEnum):
    """What a year is compared with."""

    BASE_YEAR = "base_year"
    FIRST_YEAR = "first_year"
    YEAR_BEFORE = "year_before"


AGAINST = {
    Against.BASE_YEAR: Wording("the base year, cumulative", "基期年（累计降幅）"),
    Against.FIRST_YEAR: Wording("the first year of the series", "期初年"),
    Against.YEAR_BEFORE: Wording("the year before", "上年"),
}


class Outcome(StrEnum):
    """What is found of a checkpoint."""

    MET = "met"
    MISSED = "missed"
    NO_TARGET = "no_target"
    NO_DATA = "no_data"
    NOT_COMPARABLE = "not_comparable"
    ZERO_BASE = "zero_base"


OUTCOMES = {
    Outcome.MET: Wording("met", "达到"),
    Outcome.MISSED: Wording("missed", "未达到"),
    Outcome.NO_TARGET: Wording("no target", "未设目标"),
    Outcome.NO_DATA: Wording("no data", "无数据"),
    Outcome.NOT_COMPARABLE: Wording("not comparable: the way of counting changed", "统计口径变化，不可比"),
    Outcome.ZERO_BASE: Wording("undefined: the base is zero", "基数为零，降幅无意义"),
}


@dataclass(frozen=True, kw_only=True)
class Year(Input):
    """The value of one year."""

    year: int = given("Year", "年份", least=1950, most=2199)
    value: Decimal = given("Value", "数值", least=0)


@dataclass(frozen=True, kw_only=True)
class Checkpoint(Input):
    """A year at which the cut is judged."""

    year: int = given("Year", "年份", least=1950, most=2199)
    target_percent: Decimal | None = given("Cut to be reached", "目标降幅", unit="%", most=100, default=None)


@dataclass(frozen=True, kw_only=True)
class Series(Input):
    """The years of an indicator, the checkpoints, and the years from which it was counted differently."""

    series: tuple[Year, ...] = given("Values by year", "各年数值")
    checkpoints: tuple[Checkpoint, ...] = given("Checkpoints", "考核节点")
    against: Against = given("Compared with", "比较基准", choices=AGAINST, default=Against.BASE_YEAR)
    base_year: int | None = given("Base year", "基期年", least=1950, most=2199, default=None)
    breaks: tuple[int, ...] = given(
        "First years of a new way of counting", "统计口径变化的起始年份", least=1950, most=2199, default=()
    )

    def consistent(self) -> None:
        """Each year once; checkpoints after what they are compared with."""
        years = [one.year for one in self.series]
        if not years:
            raise BadInput("series", Wording("is empty", "为空"), Wording("at least one year", "至少一年"))
        if not self.checkpoints:
            raise BadInput("checkpoints", Wording("is empty", "为空"), Wording("at least one year", "至少一年"))
        twice = sorted({year for year in years if years.count(year) > 1})
        if twice:
            raise BadInput(
                "series", Wording(f"has {twice[0]} twice", f"{twice[0]}年重复"), Wording("each year once", "每年一项")
            )
        if (self.base_year is None) == (self.against is Against.BASE_YEAR):
            missing = self.base_year is None
            raise BadInput(
                "base_year",
                Wording("is missing", "缺失") if missing else Wording("is of no use here", "此比较基准下无须填写"),
                Wording("a year, with against = base_year only", "年份，仅在以基期年为基准时填写"),
            )
        for at, one in enumerate(self.checkpoints):
            if one.year <= self.compared(one.year):
                raise BadInput(
                    f"checkpoints[{at}].year",
                    Wording(
                        f"is {one.year}, not after {self.compared(one.year)}",
                        f"为{one.year}，不晚于{self.compared(one.year)}",
                    ),
                    Wording(f"a year after {self.compared(one.year)}", f"晚于{self.compared(one.year)}的年份"),
                )

    def compared(self, year: int) -> int:
        """The year a checkpoint is compared with."""
        if self.against is Against.YEAR_BEFORE:
            return year - 1
        if self.base_year is not None:
            return self.base_year
        return min(one.year for one in self.series)


@dataclass(frozen=True, slots=True)
class Checked:
    """A checkpoint: what it is compared with, the cut as a fraction (``None`` where there is none), the outcome."""

    year: int
    base_year: int
    base: Decimal | None
    now: Decimal | None
    cut: Decimal | None
    target_percent: Decimal | None
    outcome: Outcome


@rule(
    "reduction_series",
    Wording("Cuts at several checkpoints", "多个节点的指标降幅"),
    theme="indicators",
    about=Wording(
        "the cut at each checkpoint by a stated convention, series breaks kept apart",
        "按明示的比较基准计算各节点降幅，统计口径变化前后不比较",
    ),
    takes=Series,
    editions=EDITIONS,
    method=True,
    examples=(
        Example(
            {
                "series": [{"year": 2006, "value": 241}, {"year": 2007, "value": 234}, {"year": 2008, "value": 202},
                           {"year": 2009, "value": 165}, {"year": 2010, "value": 161}],
                "checkpoints": [{"year": 2010}], "against": "first_year",
            },
            dt.date(2016, 1, 1), [{"year": 2010, "base_year": 2006, "cut": 0.332, "outcome": "no_target"}],
            f"{YX}：2010年与2006年相比下降33.2%", 3,
        ),
        Example(
            {
                "series": [{"year": 2015, "value": 166}, {"year": 2018, "value": 155}, {"year": 2020, "value": 150}],
                "checkpoints": [{"year": 2018, "target_percent": 6}, {"year": 2020, "target_percent": 10}],
                "base_year": 2015,
            },
            dt.date(2021, 1, 1), [{"cut": 0.0663, "outcome": "met"}, {"cut": 0.0964, "outcome": "missed"}],
            f"{YJ}：2018年6%、2020年10%（数值为例）", 4,
        ),
        Example(
            {
                "series": [{"year": 2015, "value": 216}, {"year": 2016, "value": 216}, {"year": 2017, "value": 93},
                           {"year": 2018, "value": 71}, {"year": 2019, "value": 68}],
                "checkpoints": [{"year": 2016}, {"year": 2019}], "against": "year_before", "breaks": [2016],
            },
            dt.date(2021, 1, 1), [{"cut": None, "outcome": "not_comparable"}, {"cut": 0.0423}],
            f"{NH}：2016年起联网直报（2015年数值为例）", 4,
        ),
    ),
)  # fmt: skip
def reduction_series(asked: Series, on: dt.date) -> Finding[tuple[Checked, ...]]:
    """The cut at each checkpoint; what cannot be compared is said, never estimated."""
    edition = EDITIONS.on(on)
    values = {one.year: one.value for one in asked.series}
    found = tuple(_checked(asked, one, values) for one in asked.checkpoints)
    steps = [Wording(f"compared with {AGAINST[asked.against]}", f"比较基准：{AGAINST[asked.against].zh}")]
    for one in found:
        cut = (f"{one.cut * 100:.2f} %", f"{one.cut * 100:.2f}%") if one.cut is not None else ("–", "—")
        steps.append(
            Wording(
                f"{one.year} against {one.base_year}: {cut[0]}, {OUTCOMES[one.outcome]}",
                f"{one.year}年比{one.base_year}年：{cut[1]}，{OUTCOMES[one.outcome].zh}",
            )
        )
    return Finding(found, (edition.citation,), {}, tuple(steps))


def _checked(asked: Series, point: Checkpoint, values: dict[int, Decimal]) -> Checked:
    first = asked.compared(point.year)
    base, now = values.get(first), values.get(point.year)
    cut = None
    if base is None or now is None:
        outcome = Outcome.NO_DATA
    elif any(first < year <= point.year for year in asked.breaks):
        outcome = Outcome.NOT_COMPARABLE
    elif not base:
        outcome = Outcome.ZERO_BASE
    else:
        cut = cut_of(base, now)
        if point.target_percent is None:
            outcome = Outcome.NO_TARGET
        else:
            outcome = Outcome.MET if (base - now) * 100 >= point.target_percent * base else Outcome.MISSED
    return Checked(point.year, first, base, now, cut, point.target_percent, outcome)
